"""Can everybody have their floor? Teams that show it, or prices at which it is impossible.

A floor is inside the team: mentee i may only have teams S of ``F_i``, those with
``f_i(S) >= floor_i``. Each mentee buys its cheapest team that meets its floor; prices at which
all of them together pay more than all seats cost,

    sum_i min_{S in F_i} p(S)  >  sum_j u_j alpha_j - sum_j l_j beta_j + sum_g q_g lambda_g,

with ``p_j = alpha_j - beta_j`` and lambda for quotas, prove that no outcome gives everybody
their floor: the lemma of Farkas [1]_ for mixes of teams, and so for whole teams.

1. **Program.** Over the teams seen, the mix with the least part of mentees below their floor
   (``introducer.solve.master``; a team counts 0 if it meets the floor and -1 if not).
2. **Prices.** Its duals: one pass finds everybody's cheapest team that meets the floor. If they
   cost more than the seats, that is the proof; else they join the teams seen, and 1 is repeated.
   A mix in which nobody is below, or a pass that finds no new team, ends it without a proof.
3. **Ceiling.** Over levels, a proof at one of them often holds for lower ones: the same prices
   are tried there first. So the range in which the largest possible level lies is halved.
4. **Reach.** Whole teams are sought by the steps of ``introducer.solve.prices``, in which a team
   below its floor is fined more than anything can gain, until nobody is below.

.. [1] Farkas J., Theorie der einfachen Ungleichungen, Journal für die reine und angewandte
   Mathematik 124 (1902) 1-27.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from introducer.problem import NO_FLOOR, on_grid
from introducer.solve.cheapest import cheapest
from introducer.solve.master import Pool, limits, mix
from introducer.solve.model import as_teams as whole_teams
from introducer.solve.model import run, whole
from introducer.solve.prices import steps
from introducer.solve.state import as_teams, begin

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from introducer.policy import Policy
    from introducer.problem import Problem, Teams
    from introducer.solve import Stop, Watch
    from introducer.solve.state import State

    Floats = NDArray[np.float64]
    At = Callable[[float], Problem]

__all__ = ["Ceiling", "Seen", "ceiling", "paid_more", "prove", "reach", "seen"]

#: Less of a mentee below its floor is rounding of the program.
_NOBODY = 1e-6
#: Cheapest teams cost more than the seats if they do so by more than rounding.
_MORE = 1e-7
#: Levels are told apart by this part of themselves, or at least by this; steps in which a proof is tried lower down.
_APART, _APART_AT_LEAST, _LOWER = 1e-3, 1e-4, 6


class Seen(NamedTuple):
    """Teams seen while floors are tried, whatever the floors were, and where the last pass stood."""

    pool: Pool
    state: State


class Ceiling(NamedTuple):
    """The lowest level that was proved impossible (infinite: none was), and the prices that prove it."""

    level: float
    prices: tuple[Floats, Floats] | None


def seen(problem: Problem, seed: int) -> Seen:
    """Return where trying floors begins: with the pins alone and the best teams if nothing has a price."""
    plain = problem.arrays._replace(floors=np.full(problem.shape[0], NO_FLOOR))
    state = begin(problem, seed)
    pool = Pool(plain)
    pool.add(state)
    return Seen(pool, state)


def paid_more(problem: Problem, state: State, prices: tuple[Floats, Floats]) -> float:
    """Return by how much everybody's cheapest teams cost more than all seats, at prices on the grid.

    The teams are left in the state.
    """
    a = problem.arrays
    cheapest(a, *prices, state.v, state.teams, state.sizes, state.values)
    duty = a.capacities @ np.maximum(prices[0], 0.0) + a.min_loads @ np.minimum(prices[0], 0.0)
    return float(-state.values.sum() - duty - a.quota_limits @ prices[1])


def prove(problem: Problem, found: Seen, stop: Stop) -> tuple[Floats, Floats] | None:
    """Return prices at which the floors of a problem are impossible; None where a mix meets them, or none are found."""
    a = problem.arrays
    pool, state = found
    least, most = limits(a)
    while not stop():
        every = np.arange(len(pool.owners))
        below = np.array(pool.worths) < a.floors[pool.owners]
        mixed = mix(pool, every, least, most, np.where(below, -1.0, 0.0))
        prices = on_grid(mixed.prices), on_grid(mixed.quota_prices)
        if paid_more(problem, state, prices) > _MORE:
            return prices
        pool.add(state)
        if mixed.value > -_NOBODY or len(pool.owners) == len(every):
            break
    return None


def ceiling(at: At, found: Seen, low: float, high: float, stop: Stop) -> Ceiling:
    """Return the lowest level above ``low`` and to ``high`` that is proved impossible, as far as levels are told apart.

    Parameters
    ----------
    at : callable
        The problem with the floors of a level.
    """
    proved = Ceiling(np.inf, None)
    trial = high
    while trial > low and not stop():
        prices = prove(at(trial), found, stop)
        if prices is None:
            low = trial
        else:
            proved = Ceiling(_lowest(at, found, low, trial, prices), prices)
            high = proved.level
        if high - low <= max(_APART * high, _APART_AT_LEAST):
            break
        trial = (low + high) / 2
    return proved


def _lowest(at: At, found: Seen, low: float, high: float, prices: tuple[Floats, Floats]) -> float:
    """Return the lowest level, of some between, that these prices prove impossible."""
    for _ in range(_LOWER):
        middle = (low + high) / 2
        if paid_more(at(middle), found.state, prices) > _MORE:
            high = middle
        else:
            low = middle
    return high


def reach(problem: Problem, policy: Policy, watch: Watch) -> Teams | None:
    """Return feasible teams in which nobody is below their floor, or None if none were found.

    Raises
    ------
    Infeasible
        When no outcome meets the other rules.
    """
    if policy.solver == "exact":
        columns = run(whole(problem))
        teams = None if columns is None else whole_teams(problem, columns[0])
        return teams if teams is not None and _met(problem, teams) else None
    state = begin(problem, policy.seed)
    for _part in steps(problem, state, watch):
        if state.best_teams is not None and state.short == 0:
            return as_teams(problem, *state.best_teams)
        if watch.stop():
            break
    return None


def _met(problem: Problem, teams: Teams) -> bool:
    """Whether nobody is below their floor: HiGHS takes a little less for enough."""
    floors = problem.arrays.floors
    return all(problem.value(i, team) >= floors[i] for i, team in enumerate(teams))
