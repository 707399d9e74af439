"""Matching with floors: what everybody is owed, raised as far as it goes, and then the largest total.

Shares and floors are those of ``introducer.fairness``.

A **number** t: everybody is owed the share t.

**Leximin** [1]_, in levels:

1. Everybody is open. The outcome without floors is where it begins.
2. The lowest level that is proved impossible for all who are open together
   (``introducer.solve.floors``), those held back before keeping their level.
3. Outcomes are sought just below it, then lower down; the least share of the best one is the
   level of this step.
4. Whoever is proved to be stuck at it, one by one, at the prices of the proof, is held back.
   Where nobody is, all those are whom the outcome leaves below what was proved impossible.
5. With the others open, 2 to 4 are repeated, ``LEVELS`` times at most, in a large cohort ``FEW``.

Last comes the largest total of all outcomes that give everybody their level.

.. [1] Rawls J., A Theory of Justice, 1971, and Sen A., Collective Choice and Social Welfare,
   1970, for the rule; Ogryczak W. et al., Fair optimization and networks: a survey, Journal of
   Applied Mathematics 2014, 612018, for raising levels one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from introducer import certify, fairness
from introducer.errors import Fault, Infeasible, RosterError
from introducer.outcome import FairLottery, Prices, Raised, Step
from introducer.saying import say
from introducer.solve import LARGE, Watch, solve, solve_market
from introducer.solve import floors as search
from introducer.solve.average import average
from introducer.solve.ground import Ground, rounded
from introducer.solve.prices import WHOLE_MOST, improve
from introducer.solve.swept import swept
from introducer.solve.warm import improve_warm

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from introducer.fit import Market
    from introducer.policy import Policy
    from introducer.problem import Problem, Teams
    from introducer.solve import Solution
    from introducer.solve.floors import Ceiling

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["FEW", "LEVELS", "Settled", "refuse", "settle"]

#: Levels that are raised one after the other, and in a large cohort.
LEVELS, FEW = 8, 2
#: Where an outcome is sought: so far below what was proved impossible, or else below 1, as a part of it.
_BELOW = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1)
#: People who are named when a floor is refused.
_NAMED = 5


@dataclass(frozen=True)
class Settled:
    """The market with its floors, the problem of all its pairs with them, the outcome, and how it came."""

    market: Market
    problem: Problem
    solution: Solution
    raised: Raised


@dataclass
class _Hunt:
    """A search for levels.

    Attributes
    ----------
    by : (M,) what shares are measured by
    ground : the pairs on which floors are searched
    teams : the best outcome so far
    prices : of the outcome without floors, on the grid
    """

    policy: Policy
    watch: Watch
    by: Floats
    ground: Ground
    teams: Teams
    prices: tuple[Floats, Floats]

    @property
    def owed(self) -> Mask:
        """Who has a share, shape (M,)."""
        return self.by > 0

    def floors(self, levels: Floats) -> Floats:
        """Return the floors at these levels, shape (M,)."""
        return fairness.floors_at(levels, self.by)

    def alike(self, level: float) -> Floats:
        """Return the floors at which everybody is owed one level, shape (M,)."""
        return self.floors(np.where(self.owed, level, 0.0))

    def shares(self) -> Floats:
        """Return the shares of the best outcome so far, shape (M,)."""
        return fairness.shares_of(certify.worths(self.ground.problem, self.teams), self.by)

    def ceiling(self, levels: Floats, is_open: Mask, low: float, high: float) -> Ceiling:
        """Return the lowest level between that is proved impossible for all who are open."""

        def here(level: float) -> Floats:
            return self.floors(np.where(is_open, level, levels))

        return search.ceiling(here, self.ground, low, high, self.watch.stop)

    def reach(self, levels: Floats) -> bool:
        """Look for an outcome that gives everybody their level; take it, and say whether there was one."""
        teams = search.reach(self.ground, self.floors(levels), self.policy, Watch(stop=self.watch.stop))
        if teams is not None:
            self.teams = teams
        return teams is not None


def refuse(policy: Policy, reason: str) -> None:
    """Raise ``RosterError`` with the reason if the policy has a floor other than 'total'."""
    if policy.floor != "total":
        raise RosterError([Fault("program.toml", column="policy.floor", value=str(policy.floor), reason=reason)])


def settle(market: Market, policy: Policy, watch: Watch) -> Settled:
    """Solve a market under the floors of a policy.

    Raises
    ------
    Infeasible
        When no outcome meets the rules, or none was found that gives everybody the floor.
    RosterError
        When the cohort is too large for floors by the exact solver.
    """
    if policy.solver == "exact" and market.eligible > LARGE:
        refuse(
            policy,
            f"a floor other than 'total' with the solver 'exact' needs a cohort of at most {LARGE:,} allowed pairs, "
            f"and this one has {market.eligible:,}",
        )
    problem, plain = solve_market(market, policy, watch)
    by = fairness.measures(market, policy)
    ground = Ground.of(market, problem, plain, policy)
    hunt = _Hunt(policy, watch, by, ground, plain.teams, _on_grid(plain.prices))
    if not ground.whole:
        watch.tell("floor", 0.0, None)
        ground.prices = swept(hunt.alike, ground, hunt.prices, watch.stop)
    if isinstance(policy.floor, float):
        levels, steps = _number(hunt, policy.floor)
    else:
        levels, steps = _leximin(hunt)
    floors = hunt.floors(levels)
    solution = _best(hunt, floors)
    raised = Raised(tuple(levels.tolist()), tuple(steps), plain.teams, plain.prices, _lottery(hunt))
    return Settled(fairness.with_floors(market, floors), ground.at(floors), solution, raised)


def _lottery(hunt: _Hunt) -> FairLottery | None:
    """Return the proof of what a lottery could give everybody on average."""
    found = average(hunt.ground, hunt.by, hunt.watch.stop)
    return None if found is None else FairLottery(tuple(found.weights.tolist()), _as_prices(found.prices))


def _best(hunt: _Hunt, floors: Floats) -> Solution:
    """Return the best outcome under the floors: none worse than the one that is known."""
    problem, policy, watch = hunt.ground.at(floors), hunt.policy, hunt.watch
    if policy.solver == "exact":
        exact = solve(problem, policy, watch)
        # HiGHS takes a little less for enough.
        if (certify.worths(problem, exact.teams) >= floors).all():
            return exact
    if len(problem.arrays.mentors) <= WHOLE_MOST:
        return improve(problem, policy, watch, hunt.teams)
    return improve_warm(hunt.ground, floors, policy, watch, hunt.teams, hunt.prices)


def _number(hunt: _Hunt, share: float) -> tuple[Floats, list[Step]]:
    """Return the levels of a floor that is a number, once an outcome is known that meets it, and what is impossible."""
    levels = np.where(hunt.owed, share, 0.0)
    hunt.watch.tell("floor", 0.0, None)
    if not hunt.owed.any():
        return levels, []
    low = float(np.min(hunt.shares()[hunt.owed]))
    found = hunt.ceiling(np.zeros_like(levels), hunt.owed, min(low, share), 1.0)
    if low < share and (found.level <= share or not hunt.reach(levels)):
        _refuse(hunt, share, found)
    return levels, [Step(share, found.level, None if found.prices is None else _as_prices(found.prices))]


def _refuse(hunt: _Hunt, share: float, found: Ceiling) -> NoReturn:
    """Say what is known of a floor that was not reached."""
    low = float(np.min(hunt.shares()[hunt.owed]))
    # The share itself was sought before: what is found lies below it.
    _approach(hunt, np.zeros(len(hunt.by)), hunt.owed, low, min(found.level, share * (1 - _BELOW[1])))
    shares = hunt.shares()
    low = float(np.min(shares[hunt.owed]))
    causes = [say("The floor is {share:.6g}: an outcome that gives everybody this share was not found.", share=share)]
    if found.level <= share:
        causes = [
            say(
                "The floor is {share:.6g}, and no outcome gives everybody a share of {level:.6f}: "
                "the prices of seats prove it.",
                share=share,
                level=found.level,
            )
        ]
    behind = np.flatnonzero(hunt.owed & (shares < share))
    named = ", ".join(f"{{mentee:{i}}}" for i in behind[np.argsort(shares[behind], kind="stable")][:_NAMED])
    causes.append(
        say("The largest least share that was found is {low:.6f}; below the floor are {named}.", low=low, named=named)
        if len(behind) <= _NAMED
        else say(
            "The largest least share that was found is {low:.6f}; below the floor are {named} and {more} more.",
            low=low,
            named=named,
            more=len(behind) - _NAMED,
        )
    )
    raise Infeasible(causes, reached=low, impossible=None if found.prices is None else found.level)


def _approach(hunt: _Hunt, levels: Floats, is_open: Mask, low: float, high: float) -> None:
    """Look for outcomes whose open mentees have nearly a level, from the highest down."""
    first = int(high < 1.0) if not hunt.ground.large else _BELOW.index(0.01)
    for part in _BELOW[first:]:
        trial = high * (1 - part)
        if trial <= low or hunt.watch.stop() or hunt.reach(np.where(is_open, trial, levels)):
            break


def _leximin(hunt: _Hunt) -> tuple[Floats, list[Step]]:
    """Return the levels, shape (M,), and the steps that raised them."""
    levels, is_open, steps = np.zeros(len(hunt.by)), hunt.owed.copy(), list[Step]()
    most = FEW if hunt.ground.large else LEVELS
    for number in range(most):
        if not is_open.any():
            break
        hunt.watch.tell("floor", number / most, None)
        low = min(1.0, float(np.min(hunt.shares()[is_open])))
        found = hunt.ceiling(levels, is_open, low, 1.0)
        _approach(hunt, levels, is_open, low, min(found.level, 1.0))
        shares = hunt.shares()
        low = min(1.0, float(np.min(shares[is_open])))
        levels[is_open] = low
        steps.append(Step(low, found.level, None if found.prices is None else _as_prices(found.prices)))
        held = _stuck(hunt, levels, is_open, found)
        if not held.any():
            held = is_open & (shares < min(found.level, 1.0))
        is_open &= ~held
        if low >= 1.0 or not held.any() or hunt.watch.stop():
            break
    return levels, steps


def _stuck(hunt: _Hunt, levels: Floats, is_open: Mask, found: Ceiling) -> Mask:
    """Return who is open and proved, one by one, not to reach what is proved impossible for all together."""
    if found.prices is None:
        return np.zeros(len(levels), np.bool_)
    floors, above = hunt.floors(levels), hunt.floors(np.where(is_open, found.level, levels))
    less, more = hunt.ground.paid(floors, found.prices)
    stuck: Mask = is_open & (hunt.ground.paid(above, found.prices)[0] - less > -more)
    return stuck


def _on_grid(prices: Prices) -> tuple[Floats, Floats]:
    return rounded((np.array(prices.capacity) - np.array(prices.min_load), np.array(prices.quota)))


def _as_prices(prices: tuple[Floats, Floats]) -> Prices:
    mentors, quotas = prices
    return Prices(
        capacity=tuple(np.maximum(mentors, 0.0).tolist()),
        min_load=tuple(np.maximum(-mentors, 0.0).tolist()),
        quota=tuple(quotas.tolist()),
    )
