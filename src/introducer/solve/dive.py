"""From a mix of teams to whole ones: settle those who are nearly whole, and solve again.

1. Solve the master for the mentees who are not settled, with the seats that are left.
2. In order of their part of the mix (equals: the first column), settle every team that is
   whole and a share of the open mentees beside, as far as seats and quotas are left.
3. Let the others pick at its duals, where a full mentor costs more than anyone can pay: teams that
   fit the seats left, which the pool may lack.
4. Until all are settled [1]_.

.. [1] Sadykov R., Vanderbeck F., Pessoa A., Tahiri I., Uchoa E., Primal heuristics for branch
   and price: the assets of diving methods, INFORMS Journal on Computing 31 (2019) 251-267.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from introducer.solve.master import closed, limits, mix
from introducer.solve.sweeps import price_pass

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from introducer.solve import Stop
    from introducer.solve.master import Mix, Pool
    from introducer.solve.state import State

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["dive"]

#: A team with a larger part of the mix is whole.
_WHOLE = 0.95


def dive(state: State, pool: Pool, share: float, stop: Stop) -> None:
    """Write whole teams into the state; who is not settled when it is time to stop keeps the pins alone.

    The teams keep capacities and quotas; lower loads they need not meet.

    Parameters
    ----------
    share : float
        Part of the open mentees that is settled at a time, in (0, 1].
    """
    least, most = limits(state.a)
    mentees = len(state.sizes)
    # The first columns are the pins alone.
    settled = np.arange(mentees)
    is_open = np.ones(mentees, bool)
    v = state.v.copy()
    while is_open.any() and not stop():
        active = _fitting(pool, is_open, most)
        found = mix(pool, active, least, most)
        chosen = _settle(pool, active, found, share, is_open, least, most)
        for column in chosen:
            settled[pool.owners[column]] = column
            is_open[pool.owners[column]] = False
        _pick(state, pool, found, np.flatnonzero(is_open), v, most)
    pool.write(state, settled)


def _fitting(pool: Pool, is_open: NDArray[np.bool_], most: Floats) -> Ints:
    """Return the columns of open mentees that touch no full row."""
    touching = pool.matrix().T @ (most <= 0).astype(np.float64)
    return np.flatnonzero(is_open[np.array(pool.owners)] & (touching == 0))


def _settle(
    pool: Pool, active: Ints, found: Mix, share: float, is_open: NDArray[np.bool_], least: Floats, most: Floats
) -> list[int]:
    """Return the columns to settle; what they use is taken off the limits."""
    wanted = max(1, round(share * is_open.sum()))
    chosen: list[int] = []
    taken: set[int] = set()
    for q in np.lexsort((active, -found.parts)).tolist():
        if found.parts[q] < _WHOLE and len(chosen) >= wanted:
            break
        column = int(active[q])
        rows = pool.rows(column)
        if pool.owners[column] in taken or (most[rows] < 1).any():
            continue
        taken.add(pool.owners[column])
        chosen.append(column)
        most[rows] -= 1
        least[rows] = np.maximum(least[rows] - 1, 0)
    return chosen


def _pick(state: State, pool: Pool, found: Mix, who: Ints, v: Floats, most: Floats) -> None:
    """Let open mentees pick among the seats left, and add their teams to the pool."""
    at = closed(found.prices, found.quota_prices, most)
    price_pass(state.apart, who, *at, v, state.teams, state.sizes, state.values)
    pool.add(state, who)
