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

from introducer.policy import LEVELS
from introducer.rules import wishes_read

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from numpy.typing import NDArray

    from introducer.policy import Policy
    from introducer.roster import Roster

    Floats = NDArray[np.float64]

__all__ = ["Fits", "need_shares"]


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
        return criterion, self.roster.mentees[i].attributes.get(criterion.removeprefix("wish:same:"), frozenset())

    def of(self, i: int, criterion: str) -> Floats:
        """Return the fit of every mentor for a criterion of mentee i, shape (N,), in [0, 1]."""
        kind, _, key = criterion.partition(":")
        if kind == "need":
            return self._need(key)
        if key.startswith("same:"):
            return self._shared(i, key.removeprefix("same:"))
        return self._experiences.get(key, np.zeros(len(self.roster.mentors)))

    def _need(self, key: str) -> Floats:
        known = self._needs.get(key)
        if known is None:
            domain, _, topic = key.partition(".")
            offers = self._offers
            nobody = np.zeros(len(self.roster.mentors))
            others = [domain] if topic else [other for other in offers if other.startswith(f"{domain}.")]
            near = np.max([offers.get(other, nobody) for other in others], axis=0) if others else nobody
            known = np.maximum(offers.get(key, nobody), self.policy.topic_share * near)
            known = np.where(known < self.policy.fit_floor, 0.0, known)
            self._needs[key] = known
        return known

    @cached_property
    def _needs(self) -> dict[str, Floats]:
        return {}

    @cached_property
    def _offers(self) -> Mapping[str, Floats]:
        table: dict[str, Floats] = {}
        for j, mentor in enumerate(self.roster.mentors):
            for key, level in mentor.offers.items():
                table.setdefault(key, np.zeros(len(self.roster.mentors)))[j] = level / LEVELS
        return table

    @cached_property
    def _experiences(self) -> Mapping[str, Floats]:
        table: dict[str, Floats] = {}
        for j, mentor in enumerate(self.roster.mentors):
            for key in mentor.experiences:
                table.setdefault(key, np.zeros(len(self.roster.mentors)))[j] = 1.0
        return table

    def _shared(self, i: int, attribute: str) -> Floats:
        own = self.roster.mentees[i].attributes.get(attribute, frozenset())
        values, held, sizes = self._attribute(attribute)
        common = held @ np.array([value in own for value in values], dtype=np.float64)
        either = sizes + len(own) - common
        return np.divide(common, either, out=np.zeros(len(sizes)), where=either > 0)

    def _attribute(self, attribute: str) -> tuple[list[str], Floats, Floats]:
        known = self._attributes.get(attribute)
        if known is None:
            lists = [mentor.attributes.get(attribute, frozenset()) for mentor in self.roster.mentors]
            values = sorted(frozenset().union(*lists))
            held = np.array([[value in own for value in values] for own in lists], dtype=np.float64)
            known = values, held.reshape(len(lists), len(values)), np.array([len(own) for own in lists], np.float64)
            self._attributes[attribute] = known
        return known

    @cached_property
    def _attributes(self) -> dict[str, tuple[list[str], Floats, Floats]]:
        return {}


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
