"""Matching again with few changes: what each change would buy, and the best outcome of a given number.

A change is a tie of an earlier outcome that could stay but ends, or a new tie of somebody who
had a team before. What cannot stay (somebody left, a rule forbids the tie, a mentor has fewer
seats) is forced and counted apart; so are the teams of those who are new.

1. **Base.** The earlier ties that can stay together, all of them where the rules allow it, and
   nothing new for those who had a team: the outcome with no change. Where lower loads leave no
   such outcome, the one with the fewest changes that is found.
2. **Prices of a change.** For a price ``c >= 0`` of each change,

       max_S  sum_i f_i(S_i) - c n(S)        with n(S) the changes from the base,

   is an instance like any other: a tie of the base is worth c more and any other one of the same
   people c less, and a constant. The solver's bound ``B(c)`` of it proves that no outcome of n
   changes is worth more than ``B(c) + c n``; the least over all prices is the bound of n. Prices
   find the corners of the hull of value against changes [1]_.
3. **Between corners.** Two outcomes differ in parts that can be taken alone: people are in one
   part if they give or get a seat of the same mentor. Each part has a gain and a number of
   changes, and any set of parts is feasible; a knapsack chooses the best within the budget, and
   leaves out those without a gain.

.. [1] Everett H., Generalized Lagrange multiplier method for solving problems of optimum
   allocation of resources, Operations Research 11 (1963) 399-417.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from introducer import certify
from introducer.problem import on_grid
from introducer.solve import Watch, solve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from introducer.outcome import Prices
    from introducer.policy import Policy
    from introducer.problem import Problem, Teams
    from introducer.solve import Solution

__all__ = ["PRICES", "Frontier", "Point", "base_of", "changes", "frontier", "parts_of"]

#: Prices of a change that are tried, in parts of what one mentee asks for; 0 is matching anew.
PRICES = (0.0, 0.01, 0.02, 0.04, 0.07, 0.12, 0.2, 0.35, 0.6)
#: So many more prices are tried around the budget.
_NEARER = 4
#: A price above what any team is worth, equity weights of 2 included.
_NEVER = 8.0
#: Numbers of changes that a frontier lists, as far as they reach, beside those of the corners.
_LISTED = (0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987)


@dataclass(frozen=True)
class Point:
    """What a number of changes buys.

    Attributes
    ----------
    changes : int
        At most so many changes.
    value : float
        Of the best outcome found.
    bound : float
        No outcome with so many changes is worth more.
    teams : tuple of tuple of int
    """

    changes: int
    value: float
    bound: float
    teams: Teams = field(repr=False)


@dataclass(frozen=True)
class Frontier:
    """Value against changes from one base.

    Attributes
    ----------
    base : tuple of tuple of int
        The teams with no change.
    points : tuple of Point
        By number of changes, from 0; values do not fall.
    chosen : Point
        The best within the budget.
    prices : Prices
        Of the problem without a price of changes: they prove how far the chosen outcome is from matching anew.
    finished : bool
        False when it was stopped before its own end.
    """

    base: Teams
    points: tuple[Point, ...]
    chosen: Point
    prices: Prices
    finished: bool


def changes(teams: Teams, base: Teams, had: Sequence[bool]) -> int:
    """Return the number of ties that came or went, among those who had a team before."""
    return sum(len(set(old) ^ set(new)) for old, new, known in zip(base, teams, had, strict=True) if known)


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
    watch = watch or Watch()
    held = _mask(problem, before)
    closed = np.repeat(np.asarray(had, dtype=bool), np.diff(problem.arrays.starts)) & ~held
    # The rest are out of reach; what was there is worth its seat before anything else.
    worth = np.where(held, _NEVER, np.where(closed, -_NEVER, 0.0))
    priced = _priced(problem, worth)
    teams = solve(priced, policy, watch).teams
    return _without(teams, problem, closed)


def _without(teams: Teams, problem: Problem, closed: NDArray[np.bool_]) -> Teams:
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
    signs = np.where(_mask(problem, base), 1.0, -1.0)
    signs[~np.repeat(np.asarray(had, dtype=bool), np.diff(problem.arrays.starts))] = 0.0
    ties = sum(len(team) for team, known in zip(base, had, strict=True) if known)
    found: list[Teams] = [base]
    bounds: list[tuple[float, float]] = []
    solutions: list[Solution] = []
    asked = list(PRICES)
    while len(solutions) < len(asked) and not (solutions and watch.stop()):
        cost = float(on_grid(np.array(asked[len(solutions)])))
        priced = _priced(problem, cost * signs)
        solution = solve(priced, policy, _part(watch, len(solutions)))
        proof = certify.certify(priced, solution.teams, solution.prices)
        bounds.append((cost, proof.bound - cost * ties))
        found.append(solution.teams)
        solutions.append(solution)
        if len(PRICES) <= len(solutions) < len(PRICES) + _NEARER:
            counted = [(price, changes(teams, base, had)) for price, teams in zip(asked, found[1:], strict=True)]
            asked += _nearer(counted, budget)
    finished = len(solutions) == len(asked) and all(solution.finished for solution in solutions)
    mixer = _Mixer(problem, base, had)
    reached = max(mixer.changes(teams) for teams in found)
    counts = sorted({mixer.changes(teams) for teams in found} | {n for n in _LISTED if n < reached} | {budget})
    points: list[Point] = []
    best = base
    for n in counts:
        for other in found:
            best = mixer.mixed(best, other, n)
        bound = min(bound + cost * n for cost, bound in bounds)
        points.append(Point(n, mixer.value(best), bound, best))
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


def _mask(problem: Problem, teams: Teams) -> NDArray[np.bool_]:
    """Return which candidates are in the teams, shape (P,)."""
    a = problem.arrays
    mask = np.zeros(len(a.mentors), dtype=np.bool_)
    for i, team in enumerate(teams):
        mask[a.starts[i] + np.searchsorted(problem.candidates(i), team)] = True
    return mask


def _priced(problem: Problem, worth: NDArray[np.float64]) -> Problem:
    return replace(problem, arrays=problem.arrays._replace(pairs=problem.arrays.pairs + worth))


class _Mixer:
    """Takes parts of outcomes together; worths of teams are computed once."""

    def __init__(self, problem: Problem, base: Teams, had: Sequence[bool]) -> None:
        self.problem, self.base, self.had = problem, base, had
        self.worths: dict[tuple[int, tuple[int, ...]], float] = {}

    def changes(self, teams: Teams) -> int:
        """Return the number of changes from the base."""
        return changes(teams, self.base, self.had)

    def value(self, teams: Teams) -> float:
        """Return the worth of an outcome."""
        return sum(self._worth(i, team) for i, team in enumerate(teams))

    def _worth(self, i: int, team: tuple[int, ...]) -> float:
        if (i, team) not in self.worths:
            self.worths[i, team] = self.problem.value(i, team)
        return self.worths[i, team]

    def mixed(self, one: Teams, other: Teams, budget: int) -> Teams:
        """Return an outcome with those parts of another that gain most, within the budget."""
        room = budget - self.changes(one)
        parts = [(part, self._gain(part, one, other), self._more(part, one, other)) for part in parts_of(one, other)]
        free = [part for part, gain, more in parts if gain > 0 and more <= 0]
        room -= sum(more for _part, gain, more in parts if gain > 0 and more <= 0)
        dear = [(part, gain, more) for part, gain, more in parts if gain > 0 and 0 < more <= room]
        teams = list(one)
        for part in (*free, *_knapsack(dear, room)):
            for i in part:
                teams[i] = other[i]
        return tuple(teams)

    def _gain(self, part: Sequence[int], one: Teams, other: Teams) -> float:
        return sum(self._worth(i, other[i]) - self._worth(i, one[i]) for i in part)

    def _more(self, part: Sequence[int], one: Teams, other: Teams) -> int:
        """Return how many more changes from the base a part would be."""
        return sum(len(set(other[i]) ^ set(self.base[i])) - len(set(one[i]) ^ set(self.base[i]))
                   for i in part if self.had[i])  # fmt: skip


def parts_of(one: Teams, other: Teams) -> list[list[int]]:
    """Return the mentees whose teams differ, in parts that share no mentor whose seats they move."""
    leader: dict[int, int] = {}
    roots: dict[int, int] = {}

    def root(i: int) -> int:
        while roots[i] != i:
            roots[i] = roots[roots[i]]
            i = roots[i]
        return i

    for i, (old, new) in enumerate(zip(one, other, strict=True)):
        if old == new:
            continue
        roots[i] = i
        for j in sorted(set(old) ^ set(new)):
            roots[root(i)] = root(leader.setdefault(j, i))
    parts: dict[int, list[int]] = {}
    for i in sorted(roots):
        parts.setdefault(root(i), []).append(i)
    return [parts[key] for key in sorted(parts)]


def _knapsack(parts: Sequence[tuple[list[int], float, int]], room: int) -> list[list[int]]:
    """Return the parts of the largest gain in all whose changes fit; equals: the earlier ones."""
    best = np.zeros(room + 1)
    taken = np.zeros((len(parts), room + 1), dtype=np.bool_)
    for k, (_part, gain, more) in enumerate(parts):
        with_it = np.concatenate([np.full(more, -np.inf), best[: room + 1 - more] + gain])
        taken[k] = with_it > best
        best = np.maximum(best, with_it)
    chosen, left = [], room
    for k in range(len(parts) - 1, -1, -1):
        if taken[k, left]:
            chosen.append(parts[k][0])
            left -= parts[k][2]
    return chosen[::-1]
