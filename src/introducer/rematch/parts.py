"""Outcomes in parts that can be taken one by one, and the best of them within a number of changes.

Two outcomes differ in parts that can be taken alone: people are in one part if they give or get a
seat of the same mentor. Each part has a gain and a number of changes, and any set of parts is
feasible; a knapsack chooses the best within the budget, and leaves out those without a gain.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from introducer.outcome import Prices
    from introducer.problem import Problem, Teams
    from introducer.rematch.looks import Known

    Part = tuple[list[int], float, int]

__all__ = ["Frontier", "Mixer", "Point", "changes", "mixed_points", "parts_of"]

#: Numbers of changes that a frontier lists, as far as they reach, beside those of the corners.
_LISTED = (0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987, 1597, 2584, 4181)
#: A knapsack of more cells first takes the parts that gain most for a change, until so many cells are left.
_CELLS = 4_000_000


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
    looks : Known or None
        Who knows what the certificate needs to know at these prices; None where nobody does.
    """

    base: Teams
    points: tuple[Point, ...]
    chosen: Point
    prices: Prices
    finished: bool
    looks: Known | None = None


def changes(teams: Teams, base: Teams, had: Sequence[bool]) -> int:
    """Return the number of ties that came or went, among those who had a team before."""
    return sum(
        len(set(old) ^ set(new))
        for old, new, known in zip(base, teams, had, strict=True)
        if known and old != new
    )  # fmt: skip


def mixed_points(mixer: Mixer, found: Sequence[Teams], budget: int, bound: Callable[[int], float]) -> list[Point]:
    """Return the best mixes of outcomes, by number of changes; the budget is one of these.

    Parameters
    ----------
    found : sequence of Teams
        The first is the base.
    bound : callable
        What no outcome of so many changes exceeds.
    """
    made = [mixer.changes(teams) for teams in found]
    counts = sorted({*made, *(n for n in _LISTED if n < max(made)), budget})
    worths = [mixer.value(teams) for teams in found]
    points = []
    best = found[0]
    for n in counts:
        fits = [k for k in range(len(found)) if made[k] <= n]
        most = max(fits, key=lambda k: worths[k])
        best = found[most] if worths[most] > mixer.value(best) else best
        for other in found:
            best = mixer.mixed(best, other, n)
        points.append(Point(n, mixer.value(best), bound(n), best))
    return points


class Mixer:
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
        for part in (*free, *_chosen(dear, room)):
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


def _chosen(parts: Sequence[Part], room: int) -> list[list[int]]:
    """Return the parts to take: all if they fit; else those that gain most for a change, the last of them exactly."""
    if sum(more for _part, _gain, more in parts) <= room:
        return [part for part, _gain, _more in parts]
    ranked = sorted(range(len(parts)), key=lambda k: (-parts[k][1] / parts[k][2], k))
    taken = []
    while len(ranked) * (room + 1) > _CELLS:
        part, _gain, more = parts[ranked.pop(0)]
        if more <= room:
            taken.append(part)
            room -= more
    return taken + _knapsack([parts[k] for k in sorted(ranked) if parts[k][2] <= room], room)


def _knapsack(parts: Sequence[Part], room: int) -> list[list[int]]:
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
