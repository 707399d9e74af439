"""A small cohort again with few changes: every price of a change is a problem of its own.

1. **Base.** The earlier ties that can stay together, all of them where the rules allow it, and
   nothing new for those who had a team: the outcome with no change. Where lower loads leave no
   such outcome, the one with the fewest changes that is found.
2. **Prices of a change.** For a price ``c >= 0`` of each change,

       max_S  sum_i f_i(S_i) - c n(S)        with n(S) the changes from the base,

   is an instance like any other: a tie of the base is worth c more and any other one of the same
   people c less, and a constant. The solver's bound ``B(c)`` of it proves that no outcome of n
   changes is worth more than ``B(c) + c n``; the least over all prices is the bound of n. Prices
   find the corners of the hull of value against changes [1]_.
3. **Between corners.** Parts of the outcomes found, by a knapsack (``introducer.rematch.parts``).

.. [1] Everett H., Generalized Lagrange multiplier method for solving problems of optimum
   allocation of resources, Operations Research 11 (1963) 399-417.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from introducer import certify
from introducer.problem import on_grid
from introducer.rematch.parts import Frontier, Mixer, changes, mixed_points
from introducer.solve import Watch, solve

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from introducer.policy import Policy
    from introducer.problem import Problem, Teams
    from introducer.solve import Solution

__all__ = ["PRICES", "base_of", "based", "frontier", "priced", "signs_of", "without"]

#: Prices of a change that are tried, in parts of what one mentee asks for; 0 is matching anew.
PRICES = (0.0, 0.01, 0.02, 0.04, 0.07, 0.12, 0.2, 0.35, 0.6)
#: So many more prices are tried around the budget.
_NEARER = 4
#: A price above what any team is worth, equity weights of 2 included.
_NEVER = 8.0


def base_of(problem: Problem, policy: Policy, before: Teams, had: Sequence[bool], watch: Watch | None = None) -> Teams:
    """Return the outcome with no change that is not forced.

    Parameters
    ----------
    before : tuple of tuple of int
        Mentors of the earlier outcome, those alone that are still candidates.
    had : sequence of bool
        Whether a mentee was in the earlier outcome.

    Raises
    ------
    Infeasible
        If no outcome meets the rules, whatever changes.
    """
    return based(problem, before, had, lambda biased: solve(biased, policy, watch or Watch()).teams)


def based(problem: Problem, before: Teams, had: Sequence[bool], solver: Callable[[Problem], Teams]) -> Teams:
    """Return that outcome as a solver finds it; parameters as of ``base_of``."""
    held = mask_of(problem, before)
    closed = np.repeat(np.asarray(had, dtype=bool), np.diff(problem.arrays.starts)) & ~held
    # The rest are out of reach; what was there is worth its seat before anything else.
    worth = np.where(held, _NEVER, np.where(closed, -_NEVER, 0.0))
    return without(solver(priced(problem, worth)), problem, closed)


def without(teams: Teams, problem: Problem, closed: NDArray[np.bool_]) -> Teams:
    """Leave out ties that nobody is to get, where the rules do not demand them."""
    a = problem.arrays
    loads = problem.loads(teams)
    kept = []
    for i, team in enumerate(teams):
        own = []
        for j in team:
            place = a.starts[i] + np.searchsorted(problem.candidates(i), j)
            if closed[place] and not a.pinned[place] and loads[j] > a.min_loads[j]:
                loads[j] -= 1
            else:
                own.append(j)
        kept.append(tuple(own))
    return tuple(kept)


def frontier(
    problem: Problem, policy: Policy, base: Teams, had: Sequence[bool], budget: int, watch: Watch | None = None
) -> Frontier:
    """Return what changes buy, and the best outcome within a budget of them.

    Parameters
    ----------
    base : tuple of tuple of int
        Feasible; the outcome of 0 changes.
    had : sequence of bool
        Whose changes count.
    budget : int
        Most changes, 0 or more.
    """
    watch = watch or Watch()
    signs = signs_of(problem, base, had)
    ties = sum(len(team) for team, known in zip(base, had, strict=True) if known)
    found: list[Teams] = [base]
    bounds: list[tuple[float, float]] = []
    solutions: list[Solution] = []
    asked = list(PRICES)
    while len(solutions) < len(asked) and not (solutions and watch.stop()):
        cost = float(on_grid(np.array(asked[len(solutions)])))
        asked_for = priced(problem, cost * signs)
        solution = solve(asked_for, policy, _part(watch, len(solutions)))
        proof = certify.certify(asked_for, solution.teams, solution.prices)
        bounds.append((cost, proof.bound - cost * ties))
        found.append(solution.teams)
        solutions.append(solution)
        if len(PRICES) <= len(solutions) < len(PRICES) + _NEARER:
            counted = [(price, changes(teams, base, had)) for price, teams in zip(asked, found[1:], strict=True)]
            asked += _nearer(counted, budget)
    finished = len(solutions) == len(asked) and all(solution.finished for solution in solutions)
    points = mixed_points(
        Mixer(problem, base, had), found, budget, lambda n: min(bound + cost * n for cost, bound in bounds)
    )
    chosen = next(point for point in points if point.changes == budget)
    return Frontier(base, tuple(points), chosen, solutions[0].prices, finished)


def _nearer(counted: Sequence[tuple[float, int]], budget: int) -> list[float]:
    """Return the price between the two whose changes lie around the budget, or none where they meet it."""
    under = min((price for price, n in counted if n <= budget), default=0.0)
    over = max((price for price, n in counted if n > budget and price < under), default=under)
    return [] if over == under or any(n == budget for _price, n in counted) else [(under + over) / 2]


def _part(watch: Watch, place: int) -> Watch:
    """Let each solving be its part of the whole."""

    def tell(phase: str, done: float, gap: float | None) -> None:
        watch.tell(phase, min(1.0, (place + done) / (len(PRICES) + _NEARER)), gap)

    return Watch(tell=tell, stop=watch.stop)


def signs_of(problem: Problem, base: Teams, had: Sequence[bool]) -> NDArray[np.float64]:
    """Return what a price of 1 of each change makes of the candidates' worth, shape (P,)."""
    signs = np.where(mask_of(problem, base), 1.0, -1.0)
    signs[~np.repeat(np.asarray(had, dtype=bool), np.diff(problem.arrays.starts))] = 0.0
    return signs


def mask_of(problem: Problem, teams: Teams) -> NDArray[np.bool_]:
    """Return which candidates are in the teams, shape (P,)."""
    a = problem.arrays
    mask = np.zeros(len(a.mentors), dtype=np.bool_)
    for i, team in enumerate(teams):
        mask[a.starts[i] + np.searchsorted(problem.candidates(i), team)] = True
    return mask


def priced(problem: Problem, worth: NDArray[np.float64]) -> Problem:
    """Return the problem in which candidates are worth so much more, shape (P,), on the grid."""
    return replace(problem, arrays=problem.arrays._replace(pairs=problem.arrays.pairs + worth))
