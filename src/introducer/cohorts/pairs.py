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

__all__ = ["Juniors", "Pairs", "draw_avoid", "draw_evaluators", "draw_lower_loads", "draw_ties"]

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

    def free(self, i: int, mentors: Ints) -> Mask:
        """Tell which of some mentors mentee i may be tied to by any rule, in their order. Stricter than the rules."""
        found: Mask = (
            self.active_mentee[i]
            & self.active_mentor[mentors]
            & (self.mentees.place[i] != self.mentors.place[mentors])
            & (self.rank_mentor[mentors] > self.rank_mentee[i])
            & (self.mentors.also[mentors] != i)
        )
        return found

    def draw(self, rng: np.random.Generator, i: int, most: int = 1) -> list[int]:
        """Draw up to so many different free mentors of mentee i, and take the pairs."""
        tried = rng.integers(len(self.mentors), size=TRIES * most)
        found: list[int] = []
        for j in tried[self.free(i, tried)].tolist():
            if (i, j) not in self.taken and len(found) < most:
                self.taken.add((i, j))
                found.append(j)
        return found


class Juniors:
    """Whom of some mentees each mentor may be tied to: as ``Pairs.free``, looked at from the other side.

    Those below a stage are listed once for each stage; left out of them are those of the mentor's own place,
    who is also where a mentor stands who is a mentee too.
    """

    def __init__(self, pairs: Pairs, among: Mask) -> None:
        self._pairs = pairs
        self._below = {
            rank: np.flatnonzero(among & pairs.active_mentee & (pairs.rank_mentee < rank))
            for rank in np.unique(pairs.rank_mentor[~np.isnan(pairs.rank_mentor)]).tolist()
        }
        self._by_place = np.argsort(pairs.mentees.place, kind="stable")
        self._places = pairs.mentees.place[self._by_place]
        self._left_out: dict[tuple[float, int], Ints] = {}

    def _own(self, j: int) -> tuple[Ints, Ints]:
        """Return the mentees below mentor j, and the places among them of those who are left out, both ascending."""
        rank, place = float(self._pairs.rank_mentor[j]), int(self._pairs.mentors.place[j])
        if not self._pairs.active_mentor[j] or np.isnan(rank):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        below = self._below[rank]
        if (rank, place) not in self._left_out:
            there = self._by_place[slice(*np.searchsorted(self._places, [place, place + 1]))]
            at = np.searchsorted(below, there)
            self._left_out[rank, place] = at[np.take(below, at, mode="clip") == there] if len(below) else below
        return below, self._left_out[rank, place]

    def count(self, j: int) -> int:
        """Return how many mentees mentor j may be tied to."""
        below, out = self._own(j)
        return len(below) - len(out)

    def at(self, j: int, place: int) -> int:
        """Return the mentee at a place among those mentor j may be tied to, who are ascending."""
        below, out = self._own(j)
        return int(below[place + np.searchsorted(out - np.arange(len(out)), place, side="right")])


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
    juniors = Juniors(pairs, np.ones(len(pairs.mentees), np.bool_))
    for j in _some(rng, len(pairs.mentors), figures.AVOID.value):
        if number := juniors.count(j):
            i = juniors.at(j, int(rng.integers(number)))
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
        if pairs.free(i, np.array([j]))[0] and (i, j) not in pairs.taken:
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
    open_to = pairs.sizes > 0
    open_to[list(said)] = False
    juniors = Juniors(pairs, open_to)
    fit = pairs.active_mentor & (pairs.capacity > 0) & ~pairs.limited & (pairs.mentors.kind == "attending")
    wanted = min(int(len(pairs.mentors) * figures.LOWER_LOADS.value), int(open_to.sum()) // 4)
    drawn = 0
    for j in rng.permutation(np.flatnonzero(fit)).tolist():
        if drawn < wanted and juniors.count(j) >= wanted + MARGIN:
            cells[j] = "1"
            drawn += 1
    return cells


def ranks(stages: NDArray[np.object_], known: Mapping[str, int]) -> NDArray[np.float64]:
    """Return the rank of each stage, NaN where it is blank."""
    return np.array([known.get(stage, np.nan) for stage in stages], dtype=np.float64)
