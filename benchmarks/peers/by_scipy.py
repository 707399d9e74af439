"""scipy's ``linear_sum_assignment`` on seats: each mentee and each mentor stands there once for every seat.

    python benchmarks/peers/by_scipy.py PAIRS OUT

The additive relaxation, as in ``by_flow.py``; besides, nothing keeps two seats of one mentee from one mentor, and
a tie that is chosen twice counts once. Writes as JSON: ``seconds`` with the arrays in memory, ``status``, and the
places of the ``chosen`` pairs.
"""

from __future__ import annotations

import time

import numpy as np
from exchange import given, write
from scipy.optimize import linear_sum_assignment


def main() -> None:
    """Solve, and write what was found."""
    asked = given(main.__doc__)
    with np.load(asked.instance) as stored:
        p = dict(stored)
    began = time.perf_counter()
    shape = len(p["team_sizes"]), len(p["capacities"])
    places = np.full(shape, -1)
    places[p["mentees"], p["mentors"]] = np.arange(len(p["worths"]))
    worth = np.zeros(shape)
    worth[p["mentees"], p["mentors"]] = np.maximum(p["worths"], 0.0)
    seats_left = np.repeat(np.arange(shape[0]), p["team_sizes"])
    seats_right = np.repeat(np.arange(shape[1]), p["capacities"])
    left, right = linear_sum_assignment(worth[np.ix_(seats_left, seats_right)], maximize=True)
    tied = seats_left[left], seats_right[right]
    write(
        asked.out,
        seconds=time.perf_counter() - began,
        status="optimal",
        bound=None,
        chosen=np.unique(places[tied][worth[tied] > 0]).tolist(),
    )


if __name__ == "__main__":
    main()
