"""Min-cost flow of OR-tools: the ties whose worths alone sum to most, by the pairs that ``instance.py`` wrote.

    python benchmarks/peers/by_flow.py PAIRS OUT

The additive relaxation: each tie counts in full, whatever the teammates cover already. Team sizes and capacities
hold; seats kept, institutions, quotas, lower loads and pins are no part of a flow. Worths are rounded to millionths.
Writes as JSON: ``seconds`` with the arrays in memory, ``status``, and the places of the ``chosen`` pairs.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from exchange import given, write
from ortools.graph.python import min_cost_flow

SCALE = 10**6


def main() -> None:
    """Solve, and write what was found."""
    asked = given(main.__doc__)
    with np.load(asked.instance) as stored:
        p = dict(stored)
    began = time.perf_counter()
    mentees, mentors = len(p["team_sizes"]), len(p["capacities"])
    source, sink = mentees + mentors, mentees + mentors + 1
    worth = np.rint(p["worths"] * SCALE).astype(np.int64)
    useful = np.flatnonzero(worth > 0)
    flow = min_cost_flow.SimpleMinCostFlow()

    def arcs(*columns: Any) -> None:
        flow.add_arcs_with_capacity_and_unit_cost(*np.broadcast_arrays(*columns))

    arcs(p["mentees"][useful], p["mentors"][useful] + mentees, 1, -worth[useful])
    arcs(source, np.arange(mentees), p["team_sizes"], 0)
    arcs(np.arange(mentees, source), sink, p["capacities"], 0)
    # What is not used goes past: no tie is worth nothing.
    total = int(min(p["team_sizes"].sum(), p["capacities"].sum()))
    arcs(source, sink, total, 0)
    flow.set_nodes_supplies(np.array([source, sink]), np.array([total, -total]))
    status = flow.solve()
    used = flow.flows(np.arange(len(useful)))
    write(
        asked.out,
        seconds=time.perf_counter() - began,
        status=status.name,
        bound=None,
        chosen=useful[used > 0].tolist(),
    )


if __name__ == "__main__":
    main()
