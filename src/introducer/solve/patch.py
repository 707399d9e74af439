"""A few mentees are below their floor: let those around them choose again, all together.

1. **Who.** One who is below, whoever holds a mentor of the teams that would do, whoever holds one
   of the teams that these could have instead, and so on, to a number.
2. **What.** The teams seen of these mentees that fit the seats which all others leave, and each
   one's best team where a full mentor is not to be had.
3. **Choose.** The best of them in whole numbers [1]_, where a team below its floor counts less than
   any above it. It is kept if it is better.
4. Until nobody is below, each has been tried so often, or it is time to stop.

.. [1] Shaw P., Using constraint programming and local search methods to solve vehicle routing
   problems, CP 1998, LNCS 1520, 417-431, for choosing again what stands near.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from introducer.problem import on_grid
from introducer.solve.above import merits
from introducer.solve.master import closed, limits, program
from introducer.solve.model import run
from introducer.solve.sweeps import price_pass

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from introducer.solve import Stop
    from introducer.solve.master import Pool
    from introducer.solve.state import State

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["patch"]

#: Mentees who choose again at a time; columns of each; tries for each who is below, and in all.
_AROUND, _COLUMNS, _EACH, _TRIES = 40, 40, 2, 60
_NODES, _GAP = 60, 1e-6
_TINY = 1e-9


def patch(state: State, pool: Pool, stop: Stop) -> None:
    """Bring mentees of the best outcome above their floor; it is written where it is better."""
    tried = np.zeros(len(state.sizes), np.int64)
    for _ in range(_TRIES):
        _take_best(state)
        worths = merits(state.a, np.arange(len(tried)), state.teams, state.sizes)
        below = np.flatnonzero((worths < state.a.floors) & (tried < _EACH))
        if not len(below) or stop():
            break
        # Who was tried least; equals: who lacks most.
        who = int(below[np.lexsort((worths[below], tried[below]))[0]])
        tried[who] += 1
        _choose_around(state, pool, who, _AROUND * int(tried[who]))


def _take_best(state: State) -> None:
    """Make the best teams the present ones."""
    state.teams[:], state.sizes[:] = state.landed


def _choose_around(state: State, pool: Pool, who: int, many: int) -> None:
    """Let those around one mentee choose again; the outcome is written where it is better."""
    pool.add(state)
    present = _present(pool, state)
    costs = np.concatenate(state.bound_prices)
    lost = pool.costs(costs) - np.array(pool.worths)
    by_owner = _by_owner(pool, lost)
    free = _around(pool, present, by_owner, who, many, len(state.a.capacities))
    least, most = limits(state.a)
    is_free = np.zeros(len(state.sizes), np.bool_)
    is_free[free] = True
    for column in present[~is_free].tolist():
        rows = pool.rows(column)
        most[rows] -= 1
        least[rows] = np.maximum(least[rows] - 1, 0)
    count = len(pool.owners)
    _pick(state, pool, np.array(free, np.int64), most)
    fits = pool.matrix().T @ (most <= 0).astype(np.float64) == 0
    known = [c for i in free for c in by_owner[i].tolist()]
    active = sorted({*known, *present[free].tolist(), *range(count, len(pool.owners))})
    chosen = np.array([c for c in active if fits[c]], np.int64)
    found = run(program(pool, chosen, least, most), "whole", gap=_GAP, nodes=_NODES)
    if found is None or (found[0][len(chosen) :] > _TINY).any():
        return
    columns = chosen[found[0][: len(chosen)] > 1 / 2]
    own = np.array(pool.worths)
    if own[columns].sum() <= own[present[free]].sum() + _TINY:
        return
    pool.write(state, columns)
    worths = merits(state.a, np.arange(len(is_free)), state.teams, state.sizes)
    state.best, state.short = float(worths.sum()), int((worths < state.a.floors).sum())
    state.best_teams = state.teams.copy(), state.sizes.copy()


def _present(pool: Pool, state: State) -> Ints:
    """Return the column of each mentee's present team, shape (M,)."""
    here = np.arange(state.teams.shape[1])[None, :] < state.sizes[:, None]
    teams = np.sort(np.where(here, state.teams, np.iinfo(np.int64).max), axis=1).tolist()
    sizes = state.sizes.tolist()
    return np.array([pool.column(i, tuple(team[: sizes[i]])) for i, team in enumerate(teams)], np.int64)


def _by_owner(pool: Pool, lost: Floats) -> list[Ints]:
    """Return of each mentee the columns that lose least at the prices, the first one the least."""
    owners = np.array(pool.owners)
    order = np.lexsort((np.arange(len(owners)), lost, owners))
    starts = np.searchsorted(owners[order], np.arange(len(pool.a.widths) + 1))
    return [order[low : min(high, low + _COLUMNS)] for low, high in pairwise(starts.tolist())]


def _around(pool: Pool, present: Ints, by_owner: list[Ints], who: int, many: int, mentors: int) -> list[int]:
    """Return who chooses again with one mentee, that one first."""
    holders: dict[int, list[int]] = {}
    for i, column in enumerate(present.tolist()):
        for row in pool.rows(column):
            holders.setdefault(row, []).append(i)
    free, queue = {who: None}, [who]
    while queue and len(free) < many:
        for column in by_owner[queue.pop(0)][: _COLUMNS // 4].tolist():
            for row in pool.rows(column):
                for i in holders.get(row, ()) if row < mentors else ():
                    if i not in free and len(free) < many:
                        free[i] = None
                        queue.append(i)
    return list(free)


def _pick(state: State, pool: Pool, who: Ints, most: Floats) -> None:
    """Let these mentees pick among the seats left, and add their teams to the pool."""
    for part in (1.0, 0.25):
        at = closed(part * state.bound_prices[0], part * state.bound_prices[1], most)
        price_pass(state.a, who, on_grid(at[0]), on_grid(at[1]), state.v, state.teams, state.sizes, state.values)
        pool.add(state, who)
    _take_best(state)
