"""A better outcome from a good one: those who lose most choose again among themselves.

At the prices of the bound each mentee has a regret: what its best team would be worth more than
its own, prices paid. All regrets, and what stands empty or unused at a price, sum to the gap, and
in a large cohort a part of the mentees has nearly all of it.

1. **Core.** The mentees of the largest regrets, then those who last changed their teams in the
   sweeps: they have another one that is nearly as good. The seats that they hold and the free ones
   are theirs.
2. **Columns.** Of the core: their present teams, the best at the prices of the bound, and the teams
   seen in the landing (``introducer.solve.master``).
3. **Dive** (``introducer.solve.dive``) in the core, as in a cohort of its own, and repair.
4. What is better is kept. Everybody else has the team they had, so it is feasible as a whole [1]_.
5. Again with a larger core, until that gains nothing. Where it can be no larger, the next one is of those who lose
   most among all who were in no core of that size yet.

.. [1] Shaw P., Using constraint programming and local search methods to solve vehicle routing
   problems, CP 1998, LNCS 1520, 417-431: large neighbourhood search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from introducer.problem import Problem
from introducer.runs import runs
from introducer.solve.above import merits
from introducer.solve.dive import dive
from introducer.solve.state import State, blurred, keep, price
from introducer.solve.sweeps import loads_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from introducer.problem import Arrays
    from introducer.solve import Stop
    from introducer.solve.master import Pool

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["mend", "mend_part"]

#: Mentees of the first core, at least, and their part of all; by what each next one is larger; mentees of the largest.
FIRST, PART, GROWTH, MOST = 1_800, 0.18, 1.5, 40_000
#: Part of the open mentees of a core that one step of its dive settles.
SHARE = 0.2
#: A smaller regret is none, and a gain of a smaller part of the gap.
_LEAST, _LITTLE = 1e-6, 0.01


def mend(state: State, pool: Pool, stop: Stop) -> Iterator[float]:
    """Make the best outcome better, core by core; yield what each gained.

    Parameters
    ----------
    pool : Pool
        Teams seen, as places among the candidates of the state.
    """
    size = max(FIRST, int(PART * len(state.sizes)))
    chosen = np.zeros(len(state.sizes), np.bool_)
    gain = np.inf
    while gain > _LITTLE * (state.bound - state.best) and not chosen.all() and not stop():
        who = _core(state, min(size, MOST), chosen)
        gain = _again(state, pool, who, SHARE, stop)
        yield gain
        if size >= min(MOST, len(chosen)):
            chosen[who] = True
        size = int(GROWTH * size)


def mend_part(state: State, pool: Pool, part: float, share: float, stop: Stop) -> None:
    """Make the best outcome better by one core of this part of all mentees; parameters as of ``mend`` and ``dive``."""
    nobody = np.zeros(len(state.sizes), np.bool_)
    _again(state, pool, _core(state, max(1, int(part * len(nobody))), nobody), share, stop)


def _core(state: State, most: int, chosen: NDArray[np.bool_]) -> Ints:
    """Return the mentees of a core, ascending: none of those who have chosen."""
    lost = np.maximum(_regrets(state) - _LEAST, 0.0)
    still = np.zeros(len(lost)) if state.still is None else state.still
    order = np.lexsort((still, -lost))
    return np.sort(order[~chosen[order]][:most])


def _regrets(state: State) -> Floats:
    """Return the regret of each mentee in the best outcome, at the prices of the bound, shape (M,)."""
    carried = state.teams.copy(), state.sizes.copy()
    price(state, *state.bound_prices)
    best = state.values.copy()
    state.teams[:], state.sizes[:] = carried
    teams, sizes = state.landed
    worths = merits(state.a, np.arange(len(sizes)), teams, sizes)
    lost: Floats = best - worths + _paid(state.a, teams, sizes, *state.bound_prices)
    return lost


def _paid(a: Arrays, teams: Ints, sizes: Ints, prices: Floats, quota_prices: Floats) -> Floats:
    """Return what the ties of each mentee cost, shape (M,)."""
    owners, places = np.nonzero(np.arange(teams.shape[1])[None, :] < sizes[:, None])
    cost = np.zeros(len(sizes))
    np.add.at(cost, owners, prices[a.mentors[a.starts[owners] + teams[owners, places]]])
    asking = np.repeat(np.arange(len(sizes)), np.diff(a.quota_starts))
    here = np.arange(teams.shape[1])[None, :] < sizes[asking, None]
    held = ((teams[asking] == a.quota_places[:, None]) & here).any(axis=1)
    np.add.at(cost, asking[held], quota_prices[a.quota_ids[held]])
    return cost


def _again(state: State, pool: Pool, who: Ints, share: float, stop: Stop) -> float:
    """Let the mentees of a core choose again; return what is gained."""
    teams, sizes = (each[who].copy() for each in state.landed)
    a = _arrays(state, who)
    core = State(
        a=a,
        apart=blurred(a, 0),
        order=np.argsort(np.argsort(state.order)[who]),
        prices=state.bound_prices[0],
        quota_prices=state.bound_prices[1],
        v=state.v[who].copy(),
        teams=teams.copy(),
        sizes=sizes.copy(),
        values=np.zeros(len(who)),
        bound=np.inf,
        bound_prices=state.bound_prices,
        best=float(merits(a, np.arange(len(who)), teams, sizes).sum()),
        best_teams=(teams, sizes),
    )
    before = core.best
    seen = pool.among(who, core.apart)
    seen.add(core)
    price(core, *state.bound_prices)
    seen.add(core)
    dive(core, seen, share, stop)
    keep(Problem(a, (), ()), core)
    for mine, better in zip(state.landed, core.landed, strict=True):
        mine[who] = better
    state.best += core.best - before
    return core.best - before


def _arrays(state: State, who: Ints) -> Arrays:
    """Return the problem of a core: its mentees, and what the others leave of the limits in the best outcome."""
    a = state.a
    others = state.landed[1].copy()
    others[who] = 0
    loads, used = np.zeros(len(state.prices), np.int64), np.zeros(len(state.quota_prices), np.int64)
    loads_of(a, state.landed[0], others, loads, used)
    starts, at = runs(a.starts, who)
    gain_starts, gains_at = runs(a.gain_starts, who)
    quota_starts, quotas_at = runs(a.quota_starts, who)
    return a._replace(
        team_sizes=a.team_sizes[who],
        capacities=a.capacities - loads,
        min_loads=np.maximum(a.min_loads - loads, 0),
        starts=starts,
        mentors=a.mentors[at],
        pairs=a.pairs[at],
        widths=a.widths[who],
        gain_starts=gain_starts,
        gains=a.gains[gains_at],
        kept=a.kept[at],
        pinned=a.pinned[at],
        quota_limits=a.quota_limits - used,
        quota_starts=quota_starts,
        quota_places=a.quota_places[quotas_at],
        quota_ids=a.quota_ids[quotas_at],
        floors=a.floors[who],
    )
