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
3. **Ceiling.** A proof at one level often holds for lower ones: where the teams seen say that the
   same prices still prove it, they are tried. So the range of the largest possible level is halved.
4. **All pairs.** On shortlists the proof is looked at over all pairs; whoever outside could have a
   cheaper team joins (``introducer.solve.ground``), and 1 to 3 are repeated. At last the level is
   raised to what the prices prove of all pairs.
5. **Reach.** Whole teams are sought from the mix (``introducer.solve.warm``).

.. [1] Farkas J., Theorie der einfachen Ungleichungen, Journal für die reine und angewandte
   Mathematik 124 (1902) 1-27.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from introducer.solve.ground import rounded
from introducer.solve.master import limits, mix
from introducer.solve.model import as_teams as whole_teams
from introducer.solve.model import run, whole
from introducer.solve.prices import WHOLE_MOST
from introducer.solve.state import as_teams
from introducer.solve.swept import lowest
from introducer.solve.warm import warm_steps

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from introducer.policy import Policy
    from introducer.problem import Problem, Teams
    from introducer.solve import Stop, Watch
    from introducer.solve.ground import Ground

    Floats = NDArray[np.float64]
    Priced = tuple[Floats, Floats]
    #: Floors of a level, shape (M,).
    At = Callable[[float], Floats]

__all__ = ["Ceiling", "ceiling", "prove", "reach"]

#: Less of a mentee below its floor is rounding of the program.
_NOBODY = 1e-6
#: Cheapest teams cost more than the seats if they do so by more than rounding.
_MORE = 1e-7
#: Levels are told apart by this part of themselves, or at least by this; passes in which a proof is tried lower down.
_APART, _APART_AT_LEAST, _LOWER = 1e-3, 1e-4, 4
#: Any teams above the floors will do: the gap at which the whole model ends.
_ANY = 0.1
#: Rounds in which shortlists grow, and by what a level is raised where they are not complete then.
_ROUNDS, _RAISED = 4, (1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3)


class Ceiling(NamedTuple):
    """The lowest level that was proved impossible (infinite: none was), and the prices that prove it."""

    level: float
    prices: Priced | None


def prove(ground: Ground, floors: Floats, stop: Stop) -> Priced | None:
    """Return prices at which floors are impossible on the stored pairs; None where a mix meets them, or none are found.

    Parameters
    ----------
    floors : (M,)
    """
    pool = ground.pool
    least, most = limits(ground.problem.arrays)
    while not stop():
        below = np.array(pool.worths) < floors[pool.owners]
        counts = ~below
        # Below the floor the pins alone do as well, but for mentors who are owed mentees.
        counts[: len(floors)] = True
        if (least > 0).any():
            counts |= pool.matrix().T @ (least > 0).astype(np.float64) > 0
        active, seen = np.flatnonzero(counts), len(pool.owners)
        mixed = mix(pool, active, least, most, np.where(below[active], -1.0, 0.0))
        prices = rounded((mixed.prices, mixed.quota_prices))
        if ground.paid_more(floors, prices) > _MORE:
            return prices
        pool.add(ground.state)
        if mixed.value > -_NOBODY or len(pool.owners) == seen:
            break
    return None


def ceiling(at: At, ground: Ground, low: float, high: float, stop: Stop) -> Ceiling:
    """Return the lowest level above ``low``, to ``high``, that is proved impossible, as levels are told apart."""
    low, found = _on_lists(at, ground, low, high, stop)
    for _ in range(0 if ground.whole else _ROUNDS):
        if found.prices is None or stop():
            break
        if ground.paid(at(found.level), found.prices)[1] > _MORE:
            return found
        # What was proved on shorter lists need not hold on these; the mix of a lower level is there still.
        low, found = _on_lists(at, ground, low, high, stop)
    return found if ground.whole else _raised(at, ground, found, high)


def _raised(at: At, ground: Ground, found: Ceiling, high: float) -> Ceiling:
    """Return the lowest of some levels that the prices prove impossible over all pairs."""
    if found.prices is not None:
        for part in (0.0, *_RAISED):
            level = min(high, found.level * (1 + part))
            if ground.paid(at(level), found.prices)[1] > _MORE:
                return Ceiling(level, found.prices)
    return Ceiling(np.inf, None)


def _on_lists(at: At, ground: Ground, low: float, high: float, stop: Stop) -> tuple[float, Ceiling]:
    """Return the lowest level that is proved impossible on the pairs that are stored, and one at which that was not."""
    proved = _by_known(at, ground, low, high)
    high = min(high, proved.level)
    # Known prices are near the best: short steps down, twice as long after each proof.
    step = 1.0 if proved.prices is None else 4 * _APART
    trial = high if proved.prices is None else high * (1 - step)
    while trial > low and not stop():
        prices = prove(ground, at(trial), stop)
        if prices is None:
            low = trial
        else:
            proved = Ceiling(_lowest(at, ground, low, trial, prices), prices)
            ground.prices = prices
            high = proved.level
            step *= 2
        if high - low <= max(_APART * high, _APART_AT_LEAST):
            break
        trial = max((low + high) / 2, high * (1 - step))
    return low, proved


def _by_known(at: At, ground: Ground, low: float, high: float) -> Ceiling:
    """Return the lowest level that the prices of the proof before prove impossible on the stored pairs."""
    level = np.inf if ground.prices is None or high <= low else lowest(at, ground, low, high, ground.prices)
    return Ceiling(level, ground.prices if level < np.inf else None)


def _lowest(at: At, ground: Ground, low: float, high: float, prices: Priced) -> float:
    """Return a level, as low as was found, that these prices prove impossible.

    What the teams seen say is tried: their cheapest ones cost no less than the cheapest of all.
    """
    for _ in range(_LOWER):
        trial = _by_seen(at, ground, low, high, prices)
        if high - trial <= _APART_AT_LEAST / 4:
            break
        if ground.paid_more(at(trial), prices) > _MORE:
            high = trial
        else:
            low = trial
        ground.pool.add(ground.state)
    return high


def _by_seen(at: At, ground: Ground, low: float, high: float, prices: Priced) -> float:
    """Return about the lowest level between at which the cheapest teams seen cost more than the seats."""
    pool, duty = ground.pool, ground.cost_of_seats(prices)
    owners, worths = np.array(pool.owners), np.array(pool.worths)
    costs = pool.costs(np.concatenate(prices))
    order = np.lexsort((costs, owners))
    owners, worths, costs = owners[order], worths[order], costs[order]
    while high - low > _APART_AT_LEAST / 8:
        middle = (low + high) / 2
        met = worths >= at(middle)[owners]
        first = np.unique(owners[met], return_index=True)[1]
        if len(first) < ground.problem.shape[0] or costs[met][first].sum() > duty + _MORE:
            high = middle
        else:
            low = middle
    return high


def reach(ground: Ground, floors: Floats, policy: Policy, watch: Watch) -> Teams | None:
    """Return feasible teams in which nobody is below their floor, or None if none were found.

    Parameters
    ----------
    floors : (M,)

    Raises
    ------
    Infeasible
        When no outcome meets the other rules.
    """
    problem = ground.at(floors)
    if policy.solver == "exact":
        return _whole(problem)
    for state in warm_steps(ground, floors, policy.seed, watch):
        if state.best_teams is not None and state.short == 0:
            return as_teams(problem, *state.best_teams)
        if watch.stop():
            return None
    return _whole(problem) if len(problem.arrays.mentors) <= WHOLE_MOST else None


def _whole(problem: Problem) -> Teams | None:
    """Return teams by the whole model, if there are any."""
    columns = run(whole(problem), gap=_ANY)
    teams = None if columns is None else whole_teams(problem, columns[0])
    return teams if teams is not None and _met(problem, teams) else None


def _met(problem: Problem, teams: Teams) -> bool:
    """Whether nobody is below their floor: HiGHS takes a little less for enough."""
    floors = problem.arrays.floors
    return all(problem.value(i, team) >= floors[i] for i, team in enumerate(teams))
