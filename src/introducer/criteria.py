"""What each mentee asks for, what it weighs, and how well each mentor meets it.

**Fit** of mentor j for criterion d of mentee i, in [0, 1]:

- a need: offered level / 3; an offer of the whole domain counts ``topic_share`` for one of
  its topics and the reverse; the better of the two holds; below ``fit_floor`` it is 0;
- a wish for an experience: 1 if the mentor speaks to it, else 0;
- a wish ``same:<attribute>``: the overlap of both lists, ``|A & B| / |A | B|`` (Jaccard), only
  between people who both consented and under the profile ``background``.

**Weight** of a criterion: the needs of a mentee sum to 1, each domain by its highest asked
level, shared among its asked topics by level. A wish weighs
``weights.wish * level / max(3, sum of levels)``. All are multiplied by the mentee's equity
weight.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from introducer.cross import kinds
from introducer.policy import LEVELS
from introducer.rules import wishes_read

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from numpy.typing import NDArray

    from introducer.policy import Policy
    from introducer.roster import Roster

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Fits", "need_shares"]

_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Fits:
    """Fits and weights of every criterion, computed when asked for."""

    roster: Roster
    policy: Policy

    def criteria(self, i: int) -> Mapping[str, float]:
        """Return the criteria of mentee i (``need:<key>``, ``wish:<key>``) and their weights, equity included."""
        mentee = self.roster.mentees[i]
        equity = self.policy.equity_of(mentee.flags)
        weights = {f"need:{key}": equity * share for key, share in need_shares(mentee.needs).items()}
        wishes = wishes_read(mentee, self.policy)
        total = max(LEVELS, sum(wishes.values()))
        for key in sorted(wishes):
            weights[f"wish:{key}"] = equity * self.policy.weights.wish * wishes[key] / total
        return weights

    def row(self, i: int, criterion: str) -> Hashable:
        """Return what the fit depends on: equal for two mentees whose fits with every mentor are equal."""
        if not criterion.startswith("wish:same:"):
            return criterion
        return criterion, self.roster.mentees[i].attributes.get(criterion.removeprefix("wish:same:"), _NOTHING)

    def of(self, i: int, criterion: str) -> Floats:
        """Return the fit of every mentor for a criterion of mentee i, shape (N,), in [0, 1]; kept for the next time."""
        if criterion.startswith("wish:same:"):
            return self.computed(i, criterion)
        if criterion not in self._kept:
            self._kept[criterion] = self.computed(i, criterion)
        return self._kept[criterion]

    @cached_property
    def _kept(self) -> dict[str, Floats]:
        return {}

    def computed(self, i: int, criterion: str) -> Floats:
        """Return the same as ``of`` and keep nothing."""
        kind, _, key = criterion.partition(":")
        if kind == "need":
            return self._need(key)
        if key.startswith("same:"):
            return self._shared(i, key.removeprefix("same:"))
        return np.array([key in own for own in self._experiences[0]], np.float64)[self._experiences[1]]

    def _need(self, key: str) -> Floats:
        domain, _, topic = key.partition(".")
        offers, nobody = self._offers, np.zeros(len(self.roster.mentors), np.uint8)
        others = [domain] if topic else [other for other in offers if other.startswith(f"{domain}.")]
        near = np.max([offers.get(other, nobody) for other in others], axis=0) if others else nobody
        known = np.maximum(offers.get(key, nobody) / LEVELS, self.policy.topic_share * (near / LEVELS))
        return np.where(known < self.policy.fit_floor, 0.0, known)

    @cached_property
    def _offers(self) -> Mapping[str, NDArray[np.uint8]]:
        table: dict[str, NDArray[np.uint8]] = {}
        for j, mentor in enumerate(self.roster.mentors):
            for key, level in mentor.offers.items():
                if key not in table:
                    table[key] = np.zeros(len(self.roster.mentors), np.uint8)
                table[key][j] = level
        return table

    @cached_property
    def _experiences(self) -> tuple[list[frozenset[str]], Ints]:
        return _kinds([mentor.experiences for mentor in self.roster.mentors])

    def _shared(self, i: int, attribute: str) -> Floats:
        own = self.roster.mentees[i].attributes.get(attribute, _NOTHING)
        if attribute not in self._attributes:
            told = [mentor.attributes.get(attribute, _NOTHING) for mentor in self.roster.mentors]
            self._attributes[attribute] = _kinds(told)
        lists, of_each = self._attributes[attribute]
        common = np.array([len(own & theirs) for theirs in lists], np.float64)
        either = np.array([len(own | theirs) for theirs in lists], np.float64)
        return np.divide(common, either, out=np.zeros(len(lists)), where=either > 0)[of_each]

    @cached_property
    def _attributes(self) -> dict[str, tuple[list[frozenset[str]], Ints]]:
        return {}


def _kinds(lists: Sequence[frozenset[str]]) -> tuple[list[frozenset[str]], Ints]:
    """Return the different lists, and which is that of each."""
    of_each, first = kinds(lists)
    return [lists[place] for place in first.tolist()], of_each


def need_shares(needs: Mapping[str, int]) -> Mapping[str, float]:
    """Return the share of each asked need, summing to 1, in order of key."""
    highest: dict[str, int] = {}
    sums: dict[str, int] = {}
    for key, level in needs.items():
        domain = key.partition(".")[0]
        highest[domain] = max(highest.get(domain, 0), level)
        sums[domain] = sums.get(domain, 0) + level
    total = sum(highest.values())
    return {
        key: highest[domain] * needs[key] / (sums[domain] * total)
        for key in sorted(needs)
        for domain in [key.partition(".")[0]]
    }
