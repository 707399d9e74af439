"""What a lottery over outcomes could give everybody on average, at best.

A lottery may give one mentee much today and another one tomorrow: its least expected share can be
larger than the least share of any outcome. With weights theta_i >= 0 of mentees, ``sum_i theta_i alone_i = 1``,
and prices p no lottery gives everybody an expected share above [1]_

    sum_j u_j alpha_j - sum_j l_j beta_j + sum_g q_g lambda_g + sum_i max_S [ theta_i f_i(S) - p(S) ].

1. **Program.** Over the teams seen, the mix with the largest least share; the duals of its rows are
   weights and prices (``introducer.solve.master``).
2. One pass at these finds what the mix lacks, and the bound; until they are near, or nothing is new.
3. On shortlists the bound is computed over all pairs (``introducer.solve.ground``), and 1 and 2 are
   repeated with the teams that are found there.

A mix of teams for each mentee need not be one of whole outcomes, so that the bound may lie above what
a lottery can do.

.. [1] Dantzig G. B., Wolfe P., Decomposition principle for linear programs, Operations Research 8
   (1960) 101-111, for the program; its dual gives the bound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from introducer.problem import NO_FLOOR
from introducer.solve.cheapest import weighed
from introducer.solve.ground import rounded
from introducer.solve.master import limits
from introducer.solve.model import Model, run

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from introducer.solve import Stop
    from introducer.solve.ground import Ground

    Floats = NDArray[np.float64]
    Priced = tuple[Floats, Floats]

__all__ = ["Average", "average"]

#: Program and bound are near enough at this part; passes, and rounds in which shortlists grow.
_NEAR, _PASSES, _ROUNDS = 2e-3, 12, 3
#: What a lower load that is not met costs: more than any share.
_SHORT = 16.0


class Average(NamedTuple):
    """No lottery gives everybody an expected share above ``most``; weights, shape (M,), and prices that prove it."""

    most: float
    weights: Floats
    prices: Priced


def average(ground: Ground, by: Floats, stop: Stop) -> Average | None:
    """Return the lowest bound that was found for lotteries; None where nobody has a share, or it is time to stop.

    None in a large cohort, too: its program has a row for every mentee more than the others.

    Parameters
    ----------
    by : (M,)
        What shares are measured by; 0 for those without a share.
    """
    best = None
    for _ in range(_ROUNDS if (by > 0).any() and not ground.large else 0):
        found = _on_lists(ground, by, stop)
        if found is None or ground.whole:
            return found
        bounds = ground.grow(np.full(len(by), NO_FLOOR), found.prices, found.weights)
        most = _bound(ground, by, found.weights, found.prices, bounds.values)
        best = found._replace(most=most) if best is None or most < best.most else best
        if bounds.complete or most - found.most <= _NEAR * most:
            break
    return best


def _bound(ground: Ground, by: Floats, weights: Floats, prices: Priced, values: Floats) -> float:
    return (float(values.sum()) + ground.cost_of_seats(prices)) / float(weights @ by)


def _on_lists(ground: Ground, by: Floats, stop: Stop) -> Average | None:
    """Return the lowest bound over the pairs that are stored."""
    state, pool, best = ground.state, ground.pool, None
    for _ in range(_PASSES):
        if stop():
            break
        level, weights, prices = _program(ground, by)
        at = ground.problem.arrays, weights, *prices, state.v, np.zeros(len(by))
        weighed(*at, state.teams, state.sizes, state.values)
        seen = len(pool.owners)
        pool.add(state)
        most = _bound(ground, by, weights, prices, state.values)
        best = Average(most, weights, prices) if best is None or most < best.most else best
        if best.most - level <= _NEAR * best.most or len(pool.owners) == seen:
            break
    return best


def _program(ground: Ground, by: Floats) -> tuple[float, Floats, Priced]:
    """Return the largest least share of a mix of the teams seen, and weights and prices at which nothing passes it."""
    pool, mentees = ground.pool, len(by)
    owners, worths = np.array(pool.owners), np.array(pool.worths)
    least, most = limits(ground.problem.arrays)
    owed, shared = np.flatnonzero(least > 0), np.flatnonzero(by > 0)
    each, rows = np.arange(len(owners)), len(least)
    place = np.full(mentees, -1)
    place[shared] = np.arange(len(shared))
    counts = place[owners] >= 0
    one = sparse.csr_array((np.ones(len(owners)), (owners, each)), shape=(mentees, len(owners)))
    share = sparse.csr_array((worths[counts], (place[owners[counts]], each[counts])), shape=(len(shared), len(owners)))
    level = sparse.csr_array(-by[shared][:, None])
    short = sparse.csr_array((np.ones(len(owed)), (owed, np.arange(len(owed)))), shape=(rows, len(owed)))
    count = len(owners) + 1 + len(owed)
    model = Model(
        costs=np.concatenate([np.zeros(len(owners)), [-1.0], np.full(len(owed), _SHORT)]),
        least=np.zeros(count),
        most=np.full(count, np.inf),
        whole=np.zeros(count, np.bool_),
        rows=sparse.block_array([[one, None, None], [share, level, None], [pool.matrix(), None, short]], format="csr"),
        low=np.concatenate([np.ones(mentees), np.zeros(len(shared)), np.where(least > 0, least, -np.inf)]),
        high=np.concatenate([np.ones(mentees), np.full(len(shared), np.inf), most]),
        families={},
    )
    found = run(model, "middle")
    assert found is not None  # noqa: S101 - the pins alone and the shortfall keep it feasible
    columns, duals = found
    weights = np.zeros(mentees)
    weights[shared] = np.maximum(duals[mentees : mentees + len(shared)], 0.0)
    prices = -duals[mentees + len(shared) :]
    mentors = ground.problem.shape[1]
    scale = 1.0 / max(weights.max(), np.finfo(float).tiny)
    duty = np.where((prices[:mentors] < 0) & (least[:mentors] == 0), 0.0, prices[:mentors])
    return (
        float(columns[len(owners)]),
        weights * scale,
        rounded((duty * scale, np.maximum(prices[mentors:], 0.0) * scale)),
    )
