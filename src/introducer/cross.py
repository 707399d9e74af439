"""What holds for a pair, without a table of all pairs.

At 100,000 mentees and 60,000 mentors a table of all pairs has six thousand million cells. But
most of what holds for a pair depends on what each side is in one respect, and few are
different in it: so many stages, languages, zones. A ``Cross`` keeps the kind of each person
and a table of kinds. What names its pairs one by one is a ``Listed``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence
    from typing import Any

    from numpy.typing import NDArray

    from introducer.roster import Mentee, Mentor, Roster

__all__ = ["Cross", "Listed", "crossed", "kinds", "listed", "starts_of"]


@dataclass(frozen=True)
class Cross:
    """A value of every pair by the kinds of its people.

    Attributes
    ----------
    left, right : ndarray of int64, shapes (M,) and (N,)
        Kind of each mentee and of each mentor.
    table : ndarray, shape (L, R)
        Value of each pair of kinds.
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    table: NDArray[Any]

    def row(self, i: int) -> NDArray[Any]:
        """Return the values of mentee i, shape (N,)."""
        values: NDArray[Any] = self.table[self.left[i]][self.right]
        return values

    def column(self, j: int) -> NDArray[Any]:
        """Return the values of mentor j, shape (M,)."""
        values: NDArray[Any] = self.table[:, self.right[j]][self.left]
        return values

    def at(self, i: int, j: int) -> Any:
        """Return the value of one pair."""
        return self.table[self.left[i], self.right[j]]


@dataclass(frozen=True)
class Listed:
    """Values of pairs that are named one by one; every other pair has 0.

    Attributes
    ----------
    starts : ndarray of int64, shape (M + 1,)
        Those of mentee i are ``starts[i]:starts[i + 1]``.
    mentors : ndarray of int64, shape (P,)
        Ascending for each mentee.
    values : ndarray, shape (P,)
    width : int
        N.
    """

    starts: NDArray[np.int64]
    mentors: NDArray[np.int64]
    values: NDArray[Any]
    width: int

    def own(self, i: int) -> slice:
        """Return the places of mentee i."""
        return slice(int(self.starts[i]), int(self.starts[i + 1]))

    def row(self, i: int) -> NDArray[Any]:
        """Return the values of mentee i, shape (N,)."""
        values = np.zeros(self.width, self.values.dtype)
        values[self.mentors[self.own(i)]] = self.values[self.own(i)]
        return values

    def column(self, j: int) -> NDArray[Any]:
        """Return the values of mentor j, shape (M,)."""
        values = np.zeros(len(self.starts) - 1, self.values.dtype)
        here = np.flatnonzero(self.mentors == j)
        values[np.searchsorted(self.starts, here, side="right") - 1] = self.values[here]
        return values

    def at(self, i: int, j: int) -> Any:
        """Return the value of one pair."""
        place = self.place(i, j)
        return self.values.dtype.type(0) if place is None else self.values[place]

    def place(self, i: int, j: int) -> int | None:
        """Return where a pair stands, None if it is not named."""
        own = self.own(i)
        place = own.start + int(np.searchsorted(self.mentors[own], j))
        return place if place < own.stop and self.mentors[place] == j else None


def kinds(keys: Iterable[Hashable]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number equal keys equally, in order of appearance; return the numbers and where each kind appears first."""
    seen: dict[Hashable, int] = {}
    numbers = np.array([seen.setdefault(key, len(seen)) for key in keys], dtype=np.int64)
    _kinds, first = np.unique(numbers, return_index=True)
    return numbers, first.astype(np.int64)


def crossed(
    roster: Roster,
    left: Callable[[Mentee], Hashable],
    right: Callable[[Mentor], Hashable],
    table: Callable[[Sequence[Mentee], Sequence[Mentor]], NDArray[Any]],
) -> Cross:
    """Group people by what they are, and compute the table for one of each kind.

    Parameters
    ----------
    left, right : callable
        Mentees, and mentors, for whom they return equal values are of one kind.
    table : callable
        Values of L mentees and R mentors, shape (L, R).
    """
    mentees, first = kinds(left(mentee) for mentee in roster.mentees)
    mentors, second = kinds(right(mentor) for mentor in roster.mentors)
    of_each = table([roster.mentees[i] for i in first.tolist()], [roster.mentors[j] for j in second.tolist()])
    return Cross(mentees, mentors, of_each.reshape(len(first), len(second)))


def listed(shape: tuple[int, int], pairs: Iterable[tuple[int, int]], values: Iterable[Any], dtype: type) -> Listed:
    """Return pairs (mentee, mentor) with their values; of a pair that is named twice the last value holds."""
    found = dict(zip(pairs, values, strict=True))
    rows = sorted(found)
    each = np.array(rows, dtype=np.int64).reshape(len(rows), 2)
    return Listed(
        starts=starts_of(np.bincount(each[:, 0], minlength=shape[0])),
        mentors=each[:, 1].copy(),
        values=np.array([found[row] for row in rows], dtype=dtype),
        width=shape[1],
    )


def starts_of(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each of several runs begins, and where the last ends, shape (n + 1,)."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])
