"""From teams that were seen while floors were tried to whole teams above the floors, and to a narrow gap.

The teams seen up to a ceiling are most of those that an outcome just below it is made of, so that no
sweeps are needed to begin with:

1. **Columns.** Of the teams seen those that meet the floors, each mentee's pins alone, and what
   serves mentors who are owed mentees. A team below its floor counts less than any above it.
2. **Generate** the teams that the best mix of them lacks (``introducer.solve.master``): few rounds
   where only the floors are sought, until the bound is reached where the total is, unless the
   cohort is too large for so many programs.
3. On shortlists a round of sweeps begins the total from the prices of the outcome without floors; its
   prices are looked at over all pairs, and the teams found there join, in a few rounds.
4. **Dive** (``introducer.solve.dive``) to whole teams, **repair** them, and **patch** what is left
   below a floor (``introducer.solve.patch``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from introducer.solve.dive import dive
from introducer.solve.master import choose, generate, limits
from introducer.solve.patch import patch
from introducer.solve.rounds import ROUNDS, best_found, sweep_round
from introducer.solve.state import blurred, keep, put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from introducer.policy import Policy
    from introducer.problem import Problem, Teams
    from introducer.solve import Solution, Stop, Watch
    from introducer.solve.ground import Ground
    from introducer.solve.master import Pool
    from introducer.solve.state import State

    Floats = NDArray[np.float64]

__all__ = ["improve_warm", "warm_steps"]

#: Rounds in which teams are generated where only the floors are sought; the same in a large cohort, which has
#: the others where the total is.
_FEW, _FEWEST = 6, 2
#: Part of the open mentees that one step of a dive settles, in each dive.
_DIVES = (0.2, 0.1)
#: Rounds in which shortlists grow for the largest total.
_ROUNDS = 3


def _start(ground: Ground, floors: Floats, seed: int) -> tuple[Problem, State, Pool]:
    """Return the problem with the floors, a state without an outcome, and the columns."""
    problem = ground.at(floors)
    a = problem.arrays
    state = replace(
        ground.state,
        a=a,
        apart=blurred(a, seed),
        bound=np.inf,
        best=-np.inf,
        best_teams=None,
        short=0,
        teams=ground.state.teams.copy(),
        sizes=ground.state.sizes.copy(),
        v=ground.state.v.copy(),
        values=np.zeros(len(floors)),
    )
    worths = np.array(ground.pool.worths)
    used = worths >= floors[ground.pool.owners]
    used[: len(floors)] = True
    least, _most = limits(a)
    if (least > 0).any():
        used |= ground.pool.matrix().T @ (least > 0).astype(np.float64) > 0
    return problem, state, ground.pool.some(np.flatnonzero(used), a)


def warm_steps(ground: Ground, floors: Floats, seed: int, watch: Watch) -> Iterator[State]:
    """Seek teams in which nobody is below their floor, step by step; yield the state after each."""
    problem, state, pool = _start(ground, floors, seed)
    for share in _DIVES:
        generate(state, pool, _after(_FEWEST if ground.large else _FEW, watch.stop))
        dive(state, pool, share, watch.stop)
        keep(problem, state)
        yield state
        patch(state, pool, watch.stop)
        yield state


def improve_warm(
    ground: Ground, floors: Floats, policy: Policy, watch: Watch, start: Teams, prices: tuple[Floats, Floats]
) -> Solution:
    """Return the largest total found under the floors, none worse than the teams that are known, and its prices.

    Parameters
    ----------
    floors : (M,)
    prices : (N,), (Q,)
        Of the outcome without floors.
    """
    _widen(ground, floors, policy.seed, watch, prices)
    problem, state, pool = _start(ground, floors, policy.seed)
    put(problem, state, start)
    keep(problem, state)
    pool.add(state)
    finished = True
    for number, share in enumerate(_DIVES[:1] if ground.large else _DIVES, start=1):
        generate(state, pool, _after(_FEW, watch.stop) if ground.large else watch.stop)
        dive(state, pool, share, watch.stop)
        keep(problem, state)
        watch.tell("prices", number / (len(_DIVES) + 1), state.gap)
        finished = not watch.stop()
        if not finished or state.gap <= policy.gap_target:
            break
    else:
        choose(state, pool)
        keep(problem, state)
    return best_found(problem, state, finished=finished)


def _widen(ground: Ground, floors: Floats, seed: int, watch: Watch, prices: tuple[Floats, Floats]) -> None:
    """Let shortlists grow until the prices of the largest total bound it over all pairs, in a few rounds."""
    for _ in range(0 if ground.whole else 1 if ground.large else _ROUNDS):
        _problem, state, pool = _start(ground, floors, seed)
        state.prices, state.quota_prices = prices
        sweep_round(state, ROUNDS[0], pool, watch.stop)
        generate(state, pool, _after(_FEW, watch.stop) if ground.large else watch.stop)
        ground.pool.take(pool, np.flatnonzero(np.array(pool.worths) >= floors[pool.owners]))
        prices = state.bound_prices
        if watch.stop() or ground.grow(floors, prices, np.ones(len(floors))).complete:
            break


def _after(count: int, stop: Stop) -> Stop:
    """Return what says when to stop: after being asked so many times, or earlier."""
    left = iter(range(count - 1))
    return lambda: stop() or next(left, None) is None
