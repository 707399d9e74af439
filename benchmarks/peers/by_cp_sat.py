"""CP-SAT of OR-tools on the exact model that ``instance.py`` wrote, to a gap or to its time.

    python benchmarks/peers/by_cp_sat.py MODEL OUT --seconds 60 --gap 1e-4

Every column is yes or no; worths are rounded to millionths, since the solver knows whole numbers only. Writes as
JSON: ``seconds`` with the model's arrays in memory, ``status``, ``bound`` of the value, and the places of the
``chosen`` pairs, if it has any. It has 8 workers.
"""

from __future__ import annotations

import time

import numpy as np
from exchange import given, write
from ortools.sat.python import cp_model

SCALE = 10**6
#: Its portfolio is made for so many, however few the cores: with 2 it proves nothing here.
WORKERS = 8


def main() -> None:
    """Solve, and write what was found."""
    asked = given(main.__doc__, "seconds", "gap")
    with np.load(asked.instance) as stored:
        m = dict(stored)
    began = time.perf_counter()
    model = cp_model.CpModel()
    z = [model.new_bool_var("") for _ in m["costs"]]
    for column in np.flatnonzero(m["least"] > 0).tolist():
        model.add(z[column] == 1)
    starts, columns, entries = m["starts"].tolist(), m["columns"].tolist(), m["entries"].astype(int).tolist()
    for row, (low, high) in enumerate(zip(m["low"].tolist(), m["high"].tolist(), strict=True)):
        here = slice(starts[row], starts[row + 1])
        of, by = [z[column] for column in columns[here]], entries[here]
        if sorted(by) == [-1, 1] and high == 0:  # no coverage by a mentor who is not in the team
            model.add_implication(of[by.index(1)], of[by.index(-1)])
        elif high == 1 and set(by) == {1} and low <= 0:
            model.add_at_most_one(of)
        else:
            least = 0 if low == -np.inf else round(low)
            most = len(of) if high == np.inf else round(high)
            model.add_linear_constraint(cp_model.LinearExpr.weighted_sum(of, by), least, most)
    model.maximize(cp_model.LinearExpr.weighted_sum(z, np.rint(-m["costs"] * SCALE).astype(int).tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = WORKERS
    solver.parameters.relative_gap_limit = asked.gap
    solver.parameters.max_time_in_seconds = max(0.1, asked.seconds - (time.perf_counter() - began))
    status = solver.solve(model)
    has_ties = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    pairs = range(int(m["whole"].sum()))
    write(
        asked.out,
        seconds=time.perf_counter() - began,
        status=solver.status_name(status),
        bound=solver.best_objective_bound / SCALE if has_ties else None,
        chosen=[place for place in pairs if solver.value(z[place])] if has_ties else None,
    )


if __name__ == "__main__":
    main()
