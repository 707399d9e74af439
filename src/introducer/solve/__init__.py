"""Solvers: one contract, three ways.

Each solver is a function ``solve(problem, policy, watch) -> Solution``:

``prices``
    Price decomposition with sweeps and repair: the default. A large market is solved so on
    shortlists (``introducer.solve.shortlists``).
``exact``
    The whole model by HiGHS: the oracle, for small cohorts.
``greedy``
    The baseline: the most valuable tie next.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from introducer.fit import Market
    from introducer.outcome import Prices
    from introducer.policy import Policy
    from introducer.problem import Problem, Teams
    from introducer.solve.passes import Scans

__all__ = ["SOLVERS", "Solution", "Solver", "Watch", "solve", "solve_market"]


@dataclass(frozen=True)
class Solution:
    """What a solver returns.

    Attributes
    ----------
    teams : tuple of tuple of int
        A feasible team of mentors for every mentee, ascending.
    prices : Prices
        Dual prices; any non-negative ones prove a bound.
    finished : bool
        False when it was stopped before its own end.
    """

    teams: Teams
    prices: Prices
    finished: bool = True


def _silent(phase: str, done: float, gap: float | None) -> None:
    """Say nothing."""


def _never() -> bool:
    return False


class Tell(Protocol):
    """Hears of progress: the phase, the part done in [0, 1], and the gap so far if known."""

    def __call__(self, phase: str, done: float, gap: float | None) -> None: ...


class Stop(Protocol):
    """Tells whether to stop now with the best so far."""

    def __call__(self) -> bool: ...


@dataclass(frozen=True)
class Watch:
    """How a solver is watched from outside: whom to tell of progress, and whether to stop."""

    tell: Tell = field(default=_silent)
    stop: Stop = field(default=_never)


class Solver(Protocol):
    """The contract. Raises ``Infeasible`` when no outcome meets the rules."""

    def __call__(self, problem: Problem, policy: Policy, watch: Watch) -> Solution:
        """Return feasible teams, and prices that prove a bound."""
        ...


#: Module of each solver, which has a function ``solve``.
SOLVERS = ("prices", "exact", "greedy")
#: More allowed pairs are solved on shortlists.
LARGE = 300_000


def solve_market(market: Market, policy: Policy, watch: Watch, scans: Scans | None = None) -> tuple[Problem, Solution]:
    """Solve a market with the policy's solver; return the problem that stores its pairs, or the shortlists', too.

    Parameters
    ----------
    scans : Scans, optional
        Carries out passes over shortlists, and scans; this process unless given.

    Raises
    ------
    Infeasible
        When no outcome meets the rules.
    """
    if policy.solver == "prices" and market.eligible > LARGE:
        module = importlib.import_module(f"{__name__}.shortlists")
        return cast("tuple[Problem, Solution]", module.solve(market, policy, watch, scans))
    problem = market.problem()
    return problem, solve(problem, policy, watch)


def solve(problem: Problem, policy: Policy, watch: Watch | None = None) -> Solution:
    """Solve a problem with the policy's solver.

    Raises
    ------
    Infeasible
        When no outcome meets the rules.
    """
    module = importlib.import_module(f"{__name__}.{policy.solver}")
    return cast("Solver", module.solve)(problem, policy, watch or Watch())
