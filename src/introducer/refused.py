"""Which pairs are refused, and why, without a table of all pairs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from introducer.cross import Alike, listed
from introducer.outcome import CODES
from introducer.saying import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from introducer.cross import Cross, Listed, Shut

    Codes = NDArray[np.uint8]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Found = Cross | Alike | Shut | Listed

__all__ = ["Refusals"]

#: So many people are named in one sentence.
_NAMED = 5


@dataclass(frozen=True)
class Refusals:
    """Which pairs are refused, and why.

    A code of 0 is an allowed pair, any other 1 plus the place of the code in ``CODES``.

    Attributes
    ----------
    kinds : Cross
        Codes of the rules that look at what people are.
    sites : Alike
        Whoever is of one site is refused by ``same_site``.
    homes : Shut
        Institutions that are refused by ``institution``.
    pairs : Listed
        Codes of pairs for which something else holds than by their kinds, sites and institutions; whoever is
        open all the same in ``homes`` is among them.
    rules : mapping of str to Cross, Alike, Shut or Listed
        What each rule refuses, by code.
    """

    kinds: Cross
    sites: Alike
    homes: Shut
    pairs: Listed
    rules: Mapping[str, Found]

    @property
    def shape(self) -> tuple[int, int]:
        """Number of mentees and of mentors."""
        return len(self.kinds.left), len(self.kinds.right)

    def row(self, i: int) -> Codes:
        """Return the codes of mentee i, shape (N,)."""
        codes = _first(self.kinds.row(i), self.sites.row(i), self.homes.row(i))
        own = self.pairs.own(i)
        codes[self.pairs.mentors[own]] = self.pairs.values[own]
        return codes

    @property
    def codes(self) -> Codes:
        """The code of every pair, shape (M, N); for small cohorts."""
        return np.array([self.row(i) for i in range(self.shape[0])], dtype=np.uint8).reshape(self.shape)

    @property
    def allowed(self) -> Mask:
        """Where a tie is allowed, shape (M, N); for small cohorts."""
        mask: Mask = self.codes == 0
        return mask

    def code(self, i: int, j: int) -> str:
        """Return the refusal code of a pair, or an empty text."""
        number = self.number(i, j)
        return CODES[number - 1] if number else ""

    def number(self, i: int, j: int) -> int:
        """Return the code of a pair as a number."""
        place = self.pairs.place(i, j)
        return int(self.without_pairs(np.array([i]), np.array([j]))[0] if place is None else self.pairs.values[place])

    def without_pairs(self, i: Ints, j: Ints) -> Codes:
        """Return the codes of pairs by their kinds, sites and institutions alone, shape of ``i`` and ``j``."""
        codes: Codes = self.kinds.table[self.kinds.left[i], self.kinds.right[j]]
        return _first(codes, self.sites.among(i, j), self.homes.among(i, j))

    def every(self, i: int, j: int) -> tuple[str, ...]:
        """Return all codes that apply to a pair, in the order of ``CODES``."""
        return tuple(code for code in CODES if self.code(i, j) and self.rules[code].at(i, j))

    def lifted(self, i: int, j: int) -> Refusals:
        """Return the same with one pair allowed."""
        pairs = np.append(np.stack([self.pairs.owners, self.pairs.mentors], axis=1), [[i, j]], axis=0)
        return replace(self, pairs=listed(self.shape, pairs, [*self.pairs.values.tolist(), 0], np.uint8))

    def told(self, mentors: Iterable[int]) -> list[str]:
        """Return a sentence for each rule that refuses mentees to these mentors; people as ``Infeasible`` has them."""
        return [
            say(
                "For {{mentor:{j}}} the rule '{code}' forbids these mentees: {mentees}.",
                j=j, code=code, mentees=", ".join(f"{{mentee:{i}}}" for i in here[:_NAMED].tolist())
                + (say(", and {number} more", number=len(here) - _NAMED) if len(here) > _NAMED else ""),
            )
            for j in mentors
            for column in [self._column(j)]
            for place, code in enumerate(CODES)
            for here in [np.flatnonzero(column == place + 1)]
            if len(here)
        ]  # fmt: skip

    def _column(self, j: int) -> Codes:
        codes = _first(self.kinds.column(j), self.sites.column(j), self.homes.column(j))
        here = np.flatnonzero(self.pairs.mentors == j)
        codes[np.searchsorted(self.pairs.starts, here, side="right") - 1] = self.pairs.values[here]
        return codes

    def counts(self) -> Mapping[str, int]:
        """Return the number of refused pairs by code, in the order of ``CODES``; codes without one are left out."""
        table = self.kinds.table
        left = np.bincount(self.kinds.left, minlength=table.shape[0])
        right = np.bincount(self.kinds.right, minlength=table.shape[1])
        found = _counted(table, left[:, None] * right[None, :])
        for mentees, mentors in self._sites():
            known, number = table[np.ix_(mentees[0], mentors[0])], mentees[1][:, None] * mentors[1][None, :]
            found += _counted(_first(known, same_site=True), number) - _counted(known, number)
        starts, staff = Alike(self.homes.right, self.homes.right).groups
        for i in np.flatnonzero(np.diff(self.homes.starts)).tolist():
            here = np.concatenate([staff[starts[home] : starts[home + 1]] for home in self.homes.own(i).tolist()])
            here = np.setdiff1d(here, self.homes.but.mentors[self.homes.but.own(i)])
            known = _first(table[self.kinds.left[i], self.kinds.right[here]], self.sites.among(np.array(i), here))
            found += _counted(_first(known, institution=True)) - _counted(known)
        replaced = self.without_pairs(self.pairs.owners, self.pairs.mentors)
        found += _counted(self.pairs.values) - _counted(replaced)
        return {code: int(found[place + 1]) for place, code in enumerate(CODES) if found[place + 1]}

    def _sites(self) -> Iterator[tuple[tuple[Ints, Ints], tuple[Ints, Ints]]]:
        """Yield for every site the kinds of its mentees and their numbers, and those of its mentors."""
        sites = self.sites
        groups = 1 + max(sites.left.max(initial=-1), sites.right.max(initial=-1))
        both = []
        for site, kind in ((sites.left, self.kinds.left), (sites.right, self.kinds.right)):
            kinds = 1 + int(kind.max(initial=0))
            keys, number = np.unique((site * kinds + kind)[site >= 0], return_counts=True)
            both.append((np.searchsorted(keys // kinds, np.arange(groups + 1)), keys % kinds, number))
        (first, mine, mentees), (second, theirs, mentors) = both
        for group in range(groups):
            here, there = slice(first[group], first[group + 1]), slice(second[group], second[group + 1])
            yield (mine[here], mentees[here]), (theirs[there], mentors[there])


def _counted(codes: Codes, times: Ints | None = None) -> Ints:
    """Return how often each code occurs, each as often as ``times`` says, shape (codes + 1,)."""
    found = np.zeros(len(CODES) + 1, np.int64)
    np.add.at(found, codes, 1 if times is None else times)
    return found


def _first(codes: Codes, same_site: Mask | bool = False, institution: Mask | bool = False) -> Codes:
    """Return the codes with those of the site and of the institution, where one comes first."""
    for name, at in (("same_site", same_site), ("institution", institution)):
        number = np.uint8(CODES.index(name) + 1)
        codes = np.where(np.asarray(at) & ((codes == 0) | (codes > number)), number, codes)
    return codes
