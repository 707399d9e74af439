"""What holds for a pair, without a table of all pairs.

At 100,000 mentees and 60,000 mentors a table of all pairs has six thousand million cells. But
most of what holds for a pair depends on what each side is in one respect, and few are
different in it: so many stages, languages, zones. A ``Cross`` keeps the kind of each person
and a table of kinds. Where lists are long, nearly everyone's is another one: a ``Common`` looks at
how many entries two lists share, an ``Alike`` whether two are of one group of many, and a ``Shut``
whether a group is shut to a mentee. What names its pairs one by one is a ``Listed``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from introducer.runs import starts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence
    from typing import Any

    from numpy.typing import NDArray

    from introducer.roster import Mentee, Mentor, Roster

__all__ = [
    "Alike",
    "Common",
    "Cross",
    "Listed",
    "Shut",
    "crossed",
    "grouped",
    "kinds",
    "kinds_of_rows",
    "listed",
]

#: Tables of kinds are joined as long as they have no more cells.
_CELLS = 1 << 19
#: So many pairs have their lists laid side by side.
_PAIRS = 1 << 14


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

    def each(self, who: NDArray[np.int64], whom: NDArray[np.int64]) -> NDArray[Any]:
        """Return the values of some pairs, by their mentees and mentors, shape (n,)."""
        values: NDArray[Any] = self.table[self.left[who], self.right[whom]]
        return values


@dataclass(frozen=True)
class Alike:
    """Which pairs are of one group.

    Attributes
    ----------
    left, right : ndarray of int64, shapes (M,) and (N,)
        Group of each mentee and of each mentor, from 0; -1: of none.
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]

    def row(self, i: int) -> NDArray[np.bool_]:
        """Return which mentors are of the group of mentee i, shape (N,)."""
        return self._alike(self.left[i], self.right)

    def column(self, j: int) -> NDArray[np.bool_]:
        """Return which mentees are of the group of mentor j, shape (M,)."""
        return self._alike(self.right[j], self.left)

    def at(self, i: int, j: int) -> Any:
        """Return whether a pair is of one group."""
        return self.left[i] >= 0 and self.left[i] == self.right[j]

    def among(self, i: NDArray[np.int64], j: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of these pairs are of one group, shape of ``i`` and ``j``."""
        found: NDArray[np.bool_] = (self.left[i] >= 0) & (self.left[i] == self.right[j])
        return found

    def _alike(self, group: np.int64, groups: NDArray[np.int64]) -> NDArray[np.bool_]:
        alike: NDArray[np.bool_] = (groups == group) & (groups >= 0)
        return alike

    @cached_property
    def groups(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the mentors of each group begin, shape (groups + 1,), and the mentors, ascending in each."""
        order = np.argsort(self.right, kind="stable")
        order = order[np.searchsorted(self.right[order], 0) :]
        count = 1 + max(self.left.max(initial=-1), self.right.max(initial=-1))
        return starts_of(np.bincount(self.right[order], minlength=count)), order


@dataclass(frozen=True)
class Shut:
    """Which pairs are of a group that is shut to the mentee.

    Attributes
    ----------
    starts : ndarray of int64, shape (M + 1,)
        The groups of mentee i are ``groups[starts[i]:starts[i + 1]]``.
    groups : ndarray of int64, shape (S,)
        From 0, ascending for each mentee.
    right : ndarray of int64, shape (N,)
        Group of each mentor; -1: of none.
    but : Listed of bool
        Pairs that are open all the same.
    """

    starts: NDArray[np.int64]
    groups: NDArray[np.int64]
    right: NDArray[np.int64]
    but: Listed

    def own(self, i: int) -> NDArray[np.int64]:
        """Return the groups that are shut to mentee i."""
        return self.groups[self.starts[i] : self.starts[i + 1]]

    def row(self, i: int) -> NDArray[np.bool_]:
        """Return which mentors are shut to mentee i, shape (N,)."""
        found: NDArray[np.bool_] = np.isin(self.right, self.own(i)) & ~self.but.row(i)
        return found

    def column(self, j: int) -> NDArray[np.bool_]:
        """Return to which mentees mentor j is shut, shape (M,)."""
        found = np.zeros(len(self.starts) - 1, np.bool_)
        here = np.flatnonzero(self.groups == self.right[j])
        found[np.searchsorted(self.starts, here, side="right") - 1] = True
        found &= ~self.but.column(j)
        return found

    def at(self, i: int, j: int) -> Any:
        """Return whether a pair is shut."""
        return self.right[j] in self.own(i) and not self.but.at(i, j)

    def among(self, i: NDArray[np.int64], j: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of these pairs are shut, shape of ``i`` and ``j``."""
        wide = 1 + int(self.right.max(initial=-1))
        owners = np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))
        found: NDArray[np.bool_] = np.isin(i * wide + self.right[j], owners * wide + self.groups)
        return found & (self.right[j] >= 0) & ~np.isin(i * self.but.width + j, self.but.keys)


@dataclass(frozen=True)
class Common:
    """A value of every pair by how many entries their lists have in common, out of V.

    Attributes
    ----------
    mine, theirs : ndarray of bool, shapes (M, V) and (N, V)
        What is on the list of each mentee and of each mentor.
    rows : ndarray of int64, shape (M,)
        Row of the table of each mentee.
    table : ndarray, shape (L, V + 2)
        Value of a mentor whose list is empty, then of one who shares none, one, two ... entries.
    """

    mine: NDArray[np.bool_]
    theirs: NDArray[np.bool_]
    rows: NDArray[np.int64]
    table: NDArray[Any]

    def row(self, i: int) -> NDArray[Any]:
        """Return the values of mentee i, shape (N,)."""
        values: NDArray[Any] = self.table[self.rows[i]][self._places(self.mine[i], self.theirs)]
        return values

    def at(self, i: int, j: int) -> Any:
        """Return the value of one pair."""
        return self.table[self.rows[i], self._places(self.mine[i], self.theirs[j : j + 1])[0]]

    def each(self, who: NDArray[np.int64], whom: NDArray[np.int64]) -> NDArray[Any]:
        """Return the values of some pairs, by their mentees and mentors, shape (n,)."""
        values = np.empty(len(who), self.table.dtype)
        for begin in range(0, len(who), _PAIRS):
            left, right = who[begin : begin + _PAIRS], whom[begin : begin + _PAIRS]
            theirs = self.theirs[right]
            places = np.where(theirs.any(axis=1), (theirs & self.mine[left]).sum(axis=1) + 1, 0)
            values[begin : begin + _PAIRS] = self.table[self.rows[left], places]
        return values

    def _places(self, mine: NDArray[np.bool_], theirs: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return the column of each of these mentors for one mentee."""
        places: NDArray[np.int64] = np.where(theirs.any(axis=1), theirs[:, mine].sum(axis=1) + 1, 0)
        return places


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

    @cached_property
    def owners(self) -> NDArray[np.int64]:
        """The mentee of each pair, shape (P,)."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    @property
    def keys(self) -> NDArray[np.int64]:
        """A number for each pair, ``mentee * N + mentor``, ascending, shape (P,)."""
        keys: NDArray[np.int64] = self.owners * self.width + self.mentors
        return keys

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

    def each(self, who: NDArray[np.int64], whom: NDArray[np.int64]) -> NDArray[Any]:
        """Return the values of some pairs, by their mentees and mentors, shape (n,)."""
        known = np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts)) * self.width + self.mentors
        asked = who * self.width + whom
        places = np.searchsorted(known, asked)
        named = places < len(known)
        named[named] = known[places[named]] == asked[named]
        values = np.zeros(len(who), self.values.dtype)
        values[named] = self.values[places[named]]
        return values

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


def kinds_of_rows(columns: Sequence[NDArray[np.int64]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the different rows of a table, in order, shape (kinds, columns), and the kind of each, shape (rows,).

    Parameters
    ----------
    columns : sequence of ndarray of int64, at least one
        Of one length, from 0.
    """
    kinds = np.zeros(len(columns[0]), np.int64)
    for column in columns:  # one column more splits what was one kind: plain numbers are sorted, not rows
        kinds = np.unique(kinds * (1 + column.max(initial=0)) + column, return_inverse=True)[1].astype(np.int64)
    _kinds, first = np.unique(kinds, return_index=True)
    return np.stack([column[first] for column in columns], axis=1), kinds


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


def grouped(crosses: Iterable[Cross]) -> list[Cross]:
    """Add tables of kinds that are small together: the sums are those of the same pairs, in fewer tables."""
    found: list[Cross] = []
    for cross in sorted(crosses, key=lambda cross: cross.table.size):
        if found and (joined := _joined(found[-1], cross)):
            found[-1] = joined
        else:
            found.append(cross)
    return found


def _joined(one: Cross, other: Cross) -> Cross | None:
    """Return the sum of two, None if its table is too large."""
    lefts, left = kinds_of_rows([one.left, other.left])
    rights, right = kinds_of_rows([one.right, other.right])
    if len(lefts) * len(rights) > _CELLS:
        return None
    table = one.table[np.ix_(lefts[:, 0], rights[:, 0])] + other.table[np.ix_(lefts[:, 1], rights[:, 1])]
    return Cross(left, right, table)


def listed(
    shape: tuple[int, int],
    pairs: Iterable[tuple[int, int]] | NDArray[np.int64],
    values: Iterable[Any],
    dtype: type,
) -> Listed:
    """Return pairs (mentee, mentor) with their values; of a pair that is named twice the last value holds."""
    rows = np.array(pairs if isinstance(pairs, np.ndarray) else list(pairs), dtype=np.int64).reshape(-1, 2)
    keys = rows[:, 0] * shape[1] + rows[:, 1]
    order = np.argsort(keys, kind="stable")
    order = order[np.append(keys[order][1:] != keys[order][:-1], values=True)[: len(order)]]
    return Listed(
        starts=starts_of(np.bincount(rows[order, 0], minlength=shape[0])),
        mentors=rows[order, 1],
        values=np.array(values if isinstance(values, np.ndarray) else list(values), dtype=dtype)[order],
        width=shape[1],
    )
