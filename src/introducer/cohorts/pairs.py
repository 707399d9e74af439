"""What is special about some pairs: ties that are known, people to avoid, evaluators, lower loads.

Pins and lower loads are drawn so that they can be met together: pins join eligible pairs, one for
each person at most, and lower loads are fewer than the untouched mentees whom each such mentor may have.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from introducer.cohorts import figures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from introducer.cohorts.chance import Ints
    from introducer.cohorts.people import Crowd

    Mask = NDArray[np.bool_]
    Row = dict[str, str]

__all__ = ["Pairs", "draw_avoid", "draw_evaluators", "draw_lower_loads", "draw_ties"]

#: Mentors that are tried for a mentee before the tie is given up.
TRIES = 8

#: So many fewer lower loads than mentees whom such a mentor may have: a margin for what else binds these.
MARGIN = 3


@dataclass(slots=True)
class Pairs:
    """Who may be tied to whom, and which pairs are spoken for already.

    Attributes
    ----------
    rank_mentee, rank_mentor : array of float
        Rank of each stage; NaN for guests.
    active_mentee, active_mentor : array of bool
        Who is not paused and consented.
    capacity : array of int
        Of each mentor.
    limited : array of bool
        Mentors with a quota.
    sizes : array of int
        Team size of each mentee.
    taken : set of (int, int)
        Pairs of which something is said; nothing else is said of them.
    """

    mentees: Crowd
    mentors: Crowd
    rank_mentee: NDArray[np.float64]
    rank_mentor: NDArray[np.float64]
    active_mentee: Mask
    active_mentor: Mask
    capacity: Ints
    limited: Mask
    sizes: Ints
    taken: set[tuple[int, int]] = field(default_factory=set)

    def free(self, i: int) -> Mask:
        """Tell which mentors mentee i may be tied to by any rule, shape (N,). Stricter than the rules are."""
        return self._free(np.full(len(self.mentors), i), np.arange(len(self.mentors)))

    def free_mentees(self, j: int) -> Mask:
        """Tell which mentees mentor j may be tied to by any rule, shape (M,)."""
        return self._free(np.arange(len(self.mentees)), np.full(len(self.mentees), j))

    def _free(self, i: Ints, j: Ints) -> Mask:
        found: Mask = (
            self.active_mentee[i]
            & self.active_mentor[j]
            & (self.mentees.place[i] != self.mentors.place[j])
            & (self.rank_mentor[j] > self.rank_mentee[i])
            & (self.mentors.also[j] != i)
        )
        return found

    def draw(self, rng: np.random.Generator, i: int, most: int = 1) -> list[int]:
        """Draw up to so many different free mentors of mentee i, and take the pairs."""
        free = self.free(i)
        found: list[int] = []
        for j in rng.integers(len(self.mentors), size=TRIES * most).tolist():
            if free[j] and (i, j) not in self.taken and len(found) < most:
                self.taken.add((i, j))
                found.append(j)
        return found


def _some(rng: np.random.Generator, number: int, share: float) -> list[int]:
    """Draw that share of the people, rounded down."""
    drawn: list[int] = rng.permutation(number)[: int(number * share)].tolist()
    return drawn


def draw_evaluators(rng: np.random.Generator, pairs: Pairs) -> list[str]:
    """Draw residents who name a mentor of their own site as one who evaluates them."""
    there: dict[str, list[int]] = {}
    for j, site in enumerate(pairs.mentors.site):
        if site and pairs.mentors.kind[j] == "attending":
            there.setdefault(site, []).append(j)
    cells = [""] * len(pairs.mentees)
    names = rng.random(len(pairs.mentees)) < figures.EVALUATED.value
    which = rng.random(len(pairs.mentees))
    for i, site in enumerate(pairs.mentees.site):
        if names[i] and site in there:
            j = there[site][int(which[i] * len(there[site]))]
            cells[i] = pairs.mentors.identity[j]
            pairs.taken.add((i, j))
    return cells


def draw_avoid(rng: np.random.Generator, pairs: Pairs) -> tuple[list[str], list[str]]:
    """Draw people who name somebody they should not be tied to; mentees and mentors."""
    ours, theirs = [""] * len(pairs.mentees), [""] * len(pairs.mentors)
    for i in _some(rng, len(pairs.mentees), figures.AVOID.value):
        for j in pairs.draw(rng, i):
            ours[i] = pairs.mentors.identity[j]
    for j in _some(rng, len(pairs.mentors), figures.AVOID.value):
        free = np.flatnonzero(pairs.free_mentees(j))
        if len(free):
            i = int(free[rng.integers(len(free))])
            pairs.taken.add((i, j))
            theirs[j] = pairs.mentees.identity[i]
    return ours, theirs


def draw_ties(rng: np.random.Generator, pairs: Pairs) -> list[Row]:
    """Draw the rows of ``ties.csv``.

    Mentors with a quota or without a seat are never pinned, nor is anybody to a team of one, whose
    seat may be kept for somebody else.
    """
    rows: list[Row] = []
    blocked = pairs.limited | (pairs.capacity < 1)
    for i in _some(rng, len(pairs.mentees), figures.PINS.value):
        for j in pairs.draw(rng, i):
            if not blocked[j] and pairs.sizes[i] > 1:
                blocked[j] = True
                rows.append(_row(pairs, "pin", i, j, note="Agreed with both"))
    for kind, share, note in (
        ("conflict", figures.CONFLICTS.value, ""),
        ("veto", figures.VETOES.value, "Set by the coordinator"),
        ("existing", figures.EXISTING.value, "Since last year"),
    ):
        for i in _some(rng, len(pairs.mentees), share):
            rows += [_row(pairs, kind, i, j, note=note) for j in pairs.draw(rng, i)]
    for i in _some(rng, len(pairs.mentees), figures.PREFERRING_MENTEES.value):
        chosen = pairs.draw(rng, i, int(rng.integers(1, 4)))
        rows += [_row(pairs, "prefer", i, j, by="mentee", rank=r) for r, j in enumerate(chosen, start=1)]
    for j in _some(rng, len(pairs.mentors), figures.PREFERRING_MENTORS.value):
        i = int(rng.integers(len(pairs.mentees)))
        if pairs.free(i)[j] and (i, j) not in pairs.taken:
            pairs.taken.add((i, j))
            rows.append(_row(pairs, "prefer", i, j, by="mentor", rank=1))
    return rows


def _row(pairs: Pairs, kind: str, i: int, j: int, *, by: str = "", rank: int = 0, note: str = "") -> Row:
    return {
        "kind": kind,
        "mentee": pairs.mentees.identity[i],
        "mentor": pairs.mentors.identity[j],
        "by": by,
        "rank": str(rank) if rank else "",
        "note": note,
    }


def draw_lower_loads(rng: np.random.Generator, pairs: Pairs) -> list[str]:
    """Draw attendings who want at least one mentee; a matching that meets them all exists beside the pins.

    Each of them may have at least ``MARGIN`` more untouched mentees than there are lower loads, so that
    one after the other finds a mentee of their own.
    """
    cells = [""] * len(pairs.mentors)
    said = {i for i, _j in pairs.taken}
    open_to = np.array([i not in said for i in range(len(pairs.mentees))]) & (pairs.sizes > 0)
    fit = pairs.active_mentor & (pairs.capacity > 0) & ~pairs.limited & (pairs.mentors.kind == "attending")
    wanted = min(int(len(pairs.mentors) * figures.LOWER_LOADS.value), int(open_to.sum()) // 4)
    drawn = 0
    for j in rng.permutation(np.flatnonzero(fit)).tolist():
        if drawn < wanted and int((pairs.free_mentees(j) & open_to).sum()) >= wanted + MARGIN:
            cells[j] = "1"
            drawn += 1
    return cells


def ranks(stages: NDArray[np.object_], known: Mapping[str, int]) -> NDArray[np.float64]:
    """Return the rank of each stage, NaN where it is blank."""
    return np.array([known.get(stage, np.nan) for stage in stages], dtype=np.float64)
