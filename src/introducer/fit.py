"""How well: a roster and a policy become a problem.

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

**Pair worth** a_ij: ``weights.pair`` times the weighted mean of the pair terms
(``introducer.pairs``), the mentee's ones multiplied by the equity weight, plus
``continuity`` where the tie exists already.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from introducer.pairs import PairWorths
from introducer.policy import LEVELS
from introducer.problem import Arrays, Problem, on_grid
from introducer.rules import may_be_matched, numbered, same_place, wishes_read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeVar

    from numpy.typing import NDArray

    from introducer.policy import Policy
    from introducer.roster import Mentee, Roster
    from introducer.rules import Refusals

    Floats = NDArray[np.float64]
    Kind = TypeVar("Kind", bound=np.generic)

__all__ = ["Fits", "capacities", "problem", "team_size"]


def team_size(mentee: Mentee, policy: Policy) -> int:
    """Return k_i, the mentors this mentee may have."""
    return policy.team_size if mentee.team_size is None else mentee.team_size


def capacities(roster: Roster, policy: Policy) -> list[int]:
    """Return u_j of every mentor."""
    return [policy.capacity if mentor.capacity is None else mentor.capacity for mentor in roster.mentors]


def _min_loads(roster: Roster, policy: Policy) -> list[int]:
    """Return l_j; who is paused or did not consent owes nothing."""
    return [
        (policy.min_load if mentor.min_load is None else mentor.min_load) if may_be_matched(mentor) else 0
        for mentor in roster.mentors
    ]


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


def problem(
    roster: Roster,
    policy: Policy,
    refused: Refusals,
    previous: frozenset[tuple[str, str]] = frozenset(),
) -> Problem:
    """Build the arrays of an instance over all allowed pairs.

    Parameters
    ----------
    refused : Refusals
        Pairs that must not be tied; they are no candidates.
    previous : frozenset of (str, str)
        Ties (mentee id, mentor id) that earn the continuity bonus, beside the roster's
        ``existing`` ones.
    """
    fits = Fits(roster, policy)
    worths = PairWorths(roster, policy, previous)
    allowed = refused.allowed
    weights = [fits.criteria(i) for i in range(len(roster.mentees))]
    mentors: list[NDArray[np.int64]] = []
    pairs: list[Floats] = []
    gains: list[Floats] = []
    for i, own in enumerate(weights):
        candidates = np.flatnonzero(allowed[i]).astype(np.int64)
        mentors.append(candidates)
        pairs.append(worths.row(i)[candidates])
        block = [on_grid(weight * fits.of(i, key)[candidates]) for key, weight in own.items()]
        gains.append(np.concatenate(block) if block else np.zeros(0))
    sizes = np.array([len(c) for c in mentors], dtype=np.int64)
    widths = np.array([len(own) for own in weights], dtype=np.int64)
    quotas = _quotas(roster, policy, mentors)
    arrays = Arrays(
        team_sizes=np.array([team_size(mentee, policy) for mentee in roster.mentees], dtype=np.int64),
        capacities=np.array(capacities(roster, policy), dtype=np.int64),
        min_loads=np.array(_min_loads(roster, policy), dtype=np.int64),
        starts=_starts(sizes),
        mentors=_joined(mentors, np.int64),
        pairs=_joined(pairs, np.float64),
        widths=widths,
        gain_starts=_starts(sizes * widths),
        gains=_joined(gains, np.float64),
        institutions=numbered(mentor.institution for mentor in roster.mentors),
        institution_limit=policy.institution_limit,
        kept=_joined([row[c] for row, c in zip(_kept(roster), mentors, strict=True)], np.bool_),
        pinned=_joined([row[c] for row, c in zip(_pinned(roster), mentors, strict=True)], np.bool_),
        **quotas,
    )
    return Problem(
        arrays=arrays,
        criteria=tuple(tuple(own) for own in weights),
        weights=tuple(tuple(own.values()) for own in weights),
    )


def _starts(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])


def _joined(parts: Sequence[NDArray[Kind]], dtype: type[Kind]) -> NDArray[Kind]:
    return np.concatenate([*parts, np.zeros(0, dtype)])


def _pinned(roster: Roster) -> NDArray[np.bool_]:
    mask = np.zeros((len(roster.mentees), len(roster.mentors)), dtype=np.bool_)
    for i, j, _tie in roster.pairs("pin"):
        mask[i, j] = True
    return mask


def _kept(roster: Roster) -> NDArray[np.bool_]:
    """Tell which mentors may take the seat that a mentee keeps, shape (M, N); all where none is kept."""
    mask = np.ones((len(roster.mentees), len(roster.mentors)), dtype=np.bool_)
    local = [i for i, mentee in enumerate(roster.mentees) if mentee.keep_seat == "local"]
    if local:
        mask[local] = same_place(
            [roster.mentees[i].region for i in local], [mentor.region for mentor in roster.mentors]
        )
    outside = [i for i, mentee in enumerate(roster.mentees) if mentee.keep_seat == "outside"]
    if outside:
        inside = same_place(
            [roster.mentees[i].institution for i in outside], [mentor.institution for mentor in roster.mentors]
        )
        guests = np.array([mentor.kind != "member" for mentor in roster.mentors])
        mask[outside] = ~inside | guests[None, :]
    return mask


def _quotas(roster: Roster, policy: Policy, candidates: list[NDArray[np.int64]]) -> dict[str, NDArray[np.int64]]:
    quotas = [(j, key, most) for j, mentor in enumerate(roster.mentors) for key, most in sorted(mentor.quotas.items())]
    holders: dict[str, list[tuple[int, int]]] = {}
    for number, (j, key, _most) in enumerate(quotas):
        holders.setdefault(key, []).append((number, j))
    starts, places, numbers = [0], [], []
    for mentee, own in zip(roster.mentees, candidates, strict=True):
        for key in sorted(wishes_read(mentee, policy)):
            for number, j in holders.get(key, []):
                place = int(np.searchsorted(own, j))
                if place < len(own) and own[place] == j:
                    places.append(place)
                    numbers.append(number)
        starts.append(len(places))
    return {
        "quota_mentors": np.array([j for j, _key, _most in quotas], dtype=np.int64),
        "quota_limits": np.array([most for _j, _key, most in quotas], dtype=np.int64),
        "quota_starts": np.array(starts, dtype=np.int64),
        "quota_places": np.array(places, dtype=np.int64),
        "quota_ids": np.array(numbers, dtype=np.int64),
    }
