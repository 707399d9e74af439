"""What so many changes can reach at most, from one proof over all pairs.

Let ``b_i`` be the largest priced value of mentee i's teams over all pairs: what the certificate of an
outcome computes. For a price c of each change, a team S of somebody who had the team B is worth
``f_i(S) - p(S) + c |S and B| - c |S less B|``, and never more than the larger of

    max over S inside B of  f_i(S) - p(S) + c |S|        (enumerated: B has five mentors at most)
    b_i + c (min(|B|, k_i - 1) - 1)                       (at least one mentor is from outside B)

since with t > 0 mentors from outside, at most ``min(|B|, k_i - t)`` are from inside. With T ties in the
bases and D what all seats cost, no outcome of n changes is worth more than

    D + sum_i (that of c) + c (n - T)

for any c >= 0 [1]_; the least over many c is taken. Who had no team counts ``b_i`` alone.

.. [1] Everett H., Generalized Lagrange multiplier method for solving problems of optimum
   allocation of resources, Operations Research 11 (1963) 399-417.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from introducer.problem import on_grid
from introducer.solve.above import merits
from introducer.solve.room import MOST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from introducer.problem import Problem, Teams

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["bound_of"]

#: Prices of a change that are tried: 0, then each larger than the one before by an eighth, to above any worth.
_COSTS = on_grid(np.concatenate([[0.0], np.geomspace(1e-4, 16.0, 103)]))


def bound_of(
    problem: Problem, base: Teams, had: Sequence[bool], best: Floats, costs: Floats, quota: Floats, seats: float
) -> Callable[[int], float]:
    """Return what tells for a number of changes what no outcome of so many is worth more than.

    Parameters
    ----------
    problem : Problem
        Stores the pairs of the base, and no others.
    best : (M,)
        Largest priced value of each mentee's teams over all pairs.
    costs, quota : (N,), (Q,)
        Prices of mentors less those of their lower loads, and of quotas, as in ``best``.
    seats : float
        What all seats cost, less what lower loads earn, with the quotas.
    """
    a = problem.arrays
    known = np.flatnonzero(had)
    held = np.array([len(team) for team in base], np.int64)[known]
    paid = costs[a.mentors]
    owners = np.repeat(np.arange(len(a.widths)), np.diff(a.quota_starts))
    np.add.at(paid, a.starts[owners] + a.quota_places, quota[a.quota_ids])
    inside = _inside(problem, known, held, paid)
    reach = np.minimum(held, a.team_sizes[known] - 1) - 1
    rest = float(np.delete(best, known).sum()) + seats
    sums = []
    for cost in _COSTS:
        within = (inside + cost * np.arange(MOST + 1)).max(axis=1, initial=-np.inf)
        sums.append(rest + float(np.maximum(within, best[known] + cost * reach).sum()))
    totals, ties = np.array(sums), int(held.sum())
    return lambda n: float((totals + _COSTS * (n - ties)).min())


def _inside(problem: Problem, known: Ints, held: Ints, paid: Floats) -> Floats:
    """Return the largest priced value of so many mentors of each base, shape (number of known, 6)."""
    a = problem.arrays
    found = np.full((len(known), MOST + 1), -np.inf)
    found[:, 0] = 0.0
    for size in range(1, int(held.max(initial=0)) + 1):
        for part in combinations(range(int(held.max())), size):
            here = np.flatnonzero(held > part[-1])
            places = np.zeros((len(a.widths), MOST), np.int64)
            sizes = np.zeros(len(a.widths), np.int64)
            sizes[known[here]] = size
            places[known[here], :size] = part
            ties = a.starts[known[here]][:, None] + np.array(part)
            worths = merits(a, known[here], places, sizes) - paid[ties].sum(axis=1)
            found[here, size] = np.maximum(found[here, size], worths)
    return found
