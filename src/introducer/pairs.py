"""The worth of a pair whatever the rest of the team brings.

Every term is in [0, 1]. Where either side has not answered what a term needs, the term
counts ``UNKNOWN``, so that nobody gains or loses by leaving an optional question open.

=====================  ==================================================================
term                   formula
=====================  ==================================================================
stage                  ``1 - min(1, outside / fade)``; ``outside``: ranks outside ``best``
setting, route,        share of the mentee's list that the mentor has, ``|A & B| / |A|``
procedures, roles
outlook                ``1 - sum |x - y| / 2`` over the shares of the identity poles
region,                1 if equal, else 0
same_institution
other_institution      0 if equal, else 1
timezone               ``1 - hours / 12``, the shorter way round, clocks as in mid-January
language               1 if the mentee's first language is the mentor's too, .5 if another
                       one is in common, else 0
preferred_by_mentee,   ``1 / rank``, 0 where no preference was stated
preferred_by_mentor
=====================  ==================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from introducer.problem import on_grid
from introducer.rules import same_place, stages_ahead

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from introducer.policy import Policy
    from introducer.roster import Mentee, Mentor, Person, Roster

    Floats = NDArray[np.float64]

__all__ = ["UNKNOWN", "PairWorths", "pair_terms"]

#: What a term counts where an answer is missing: the middle of its range.
UNKNOWN = 0.5

#: Offsets are read at one fixed instant, in the northern winter, so that a run does not depend on the day.
_INSTANT = datetime(2026, 1, 15, tzinfo=UTC)


@dataclass(frozen=True)
class PairWorths:
    """a_ij and the parts that it consists of, all on the grid.

    Parameters
    ----------
    previous : frozenset of (str, str)
        Ties (mentee id, mentor id) that earn the continuity bonus, beside the roster's
        ``existing`` ones.
    """

    roster: Roster
    policy: Policy
    previous: frozenset[tuple[str, str]] = frozenset()

    def row(self, i: int) -> Floats:
        """Return a_ij of mentee i, shape (N,)."""
        row: Floats = np.sum([*self.parts(i).values(), np.zeros(len(self.roster.mentors))], axis=0)
        return row

    def parts(self, i: int) -> Mapping[str, Floats]:
        """Return the parts of a_ij by name (terms of the policy, ``continuity``), each of shape (N,).

        The parts are rounded to the grid one by one, so that their sum is exact.
        """
        total = sum(self.policy.pair_terms.values())
        equity = self.policy.equity_of(self.roster.mentees[i].flags)
        parts: dict[str, Floats] = {}
        for name, terms in self._terms.items():
            share = self.policy.weights.pair * self.policy.pair_terms[name] / total
            # A mentor's own preference stands outside the mentee's equity weight.
            parts[name] = on_grid(terms[i] * share * (1.0 if name == "preferred_by_mentor" else equity))
        if self._known[i]:
            bonus = np.zeros(len(self.roster.mentors))
            bonus[self._known[i]] = self.policy.continuity
            parts["continuity"] = on_grid(bonus)
        return parts

    @cached_property
    def _terms(self) -> Mapping[str, Floats]:
        return pair_terms(self.roster, self.policy)

    @cached_property
    def _known(self) -> Sequence[list[int]]:
        pairs = {(i, j) for i, j, _tie in self.roster.pairs("existing")}
        for mentee, mentor in self.previous:
            if mentee in self.roster.mentee_index and mentor in self.roster.mentor_index:
                pairs.add((self.roster.mentee_index[mentee], self.roster.mentor_index[mentor]))
        known: list[list[int]] = [[] for _ in self.roster.mentees]
        for i, j in sorted(pairs):
            known[i].append(j)
        return known


def pair_terms(roster: Roster, policy: Policy) -> Mapping[str, Floats]:
    """Return the terms that the policy weighs, each of shape (M, N) in [0, 1]."""
    found = {name: TERMS[name](roster, policy) for name, weight in policy.pair_terms.items() if weight > 0}
    return {name: np.where(np.isnan(term), UNKNOWN, term) for name, term in found.items()}


def _stage(roster: Roster, policy: Policy) -> Floats:
    ahead = stages_ahead(roster)
    outside = np.maximum(np.maximum(policy.stage.best[0] - ahead, ahead - policy.stage.best[1]), 0.0)
    return 1.0 - np.minimum(1.0, outside / policy.stage.fade)


def _share(name: str) -> Callable[[Roster, Policy], Floats]:
    def term(roster: Roster, _policy: Policy) -> Floats:
        left = [getattr(person, name) for person in roster.mentees]
        right = [getattr(person, name) for person in roster.mentors]
        known = sorted(frozenset().union(*left, *right))
        have = _table(left, known) @ _table(right, known).T
        asked = np.array([len(own) for own in left], dtype=np.float64)[:, None]
        silent = (asked == 0) | np.array([not own for own in right], dtype=np.bool_)[None, :]
        return np.where(silent, np.nan, have / np.maximum(asked, 1.0))

    return term


def _table(lists: Sequence[frozenset[str]], known: Sequence[str]) -> Floats:
    rows = [[value in own for value in known] for own in lists]
    return np.array(rows, dtype=np.float64).reshape(len(lists), len(known))


def _outlook(roster: Roster, _policy: Policy) -> Floats:
    poles = [pole.id for pole in roster.vocabulary.poles]
    left, right = _points(roster.mentees, poles), _points(roster.mentors, poles)
    apart: Floats = np.abs(left[:, None, :] - right[None, :, :]).sum(axis=2)
    return 1.0 - apart / 2.0


def _points(people: Sequence[Person], poles: Sequence[str]) -> Floats:
    rows = [[person.outlook.get(pole, 0.0) if person.outlook else np.nan for pole in poles] for person in people]
    return np.array(rows, dtype=np.float64).reshape(len(people), len(poles))


def _equal(name: str, *, when_equal: float) -> Callable[[Roster, Policy], Floats]:
    def term(roster: Roster, _policy: Policy) -> Floats:
        left = [getattr(person, name) for person in roster.mentees]
        right = [getattr(person, name) for person in roster.mentors]
        known = np.array([bool(x) for x in left])[:, None] & np.array([bool(x) for x in right])[None, :]
        return np.where(known, np.where(same_place(left, right), when_equal, 1.0 - when_equal), np.nan)

    return term


def _timezone(roster: Roster, _policy: Policy) -> Floats:
    left, right = _offsets(roster.mentees), _offsets(roster.mentors)
    apart = np.abs(left[:, None] - right[None, :]) % 24.0
    return 1.0 - np.minimum(apart, 24.0 - apart) / 12.0


def _offsets(people: Sequence[Person]) -> Floats:
    zones = {person.timezone for person in people if person.timezone}
    hours = {zone: _offset(zone) for zone in zones}
    return np.array([hours.get(person.timezone, np.nan) for person in people], dtype=np.float64)


def _offset(zone: str) -> float:
    """Return the hours of a zone ahead of UTC at the fixed instant."""
    local = _INSTANT.astimezone(ZoneInfo(zone)).replace(tzinfo=UTC)
    return (local - _INSTANT).total_seconds() / 3600.0


def _language(roster: Roster, _policy: Policy) -> Floats:
    rows = [[_language_of(mentee, mentor) for mentor in roster.mentors] for mentee in roster.mentees]
    return np.array(rows, dtype=np.float64).reshape(len(roster.mentees), len(roster.mentors))


def _language_of(mentee: Mentee, mentor: Mentor) -> float:
    if not mentee.languages or not mentor.languages:
        return np.nan
    if mentee.languages[0] in mentor.languages:
        return 1.0
    return 0.5 if set(mentee.languages) & set(mentor.languages) else 0.0


def _preference(side: str) -> Callable[[Roster, Policy], Floats]:
    def term(roster: Roster, _policy: Policy) -> Floats:
        table = np.zeros((len(roster.mentees), len(roster.mentors)))
        for i, j, tie in roster.pairs("prefer"):
            if tie.by == side:
                table[i, j] = 1.0 / tie.rank
        return table

    return term


#: Every pair term by its name in ``policy.PAIR_TERMS``: (roster, policy) -> (M, N), NaN where unknown.
TERMS: Mapping[str, Callable[[Roster, Policy], Floats]] = {
    "stage": _stage,
    "setting": _share("settings"),
    "route": _share("routes"),
    "procedures": _share("procedures"),
    "roles": _share("roles"),
    "outlook": _outlook,
    "region": _equal("region", when_equal=1.0),
    "same_institution": _equal("institution", when_equal=1.0),
    "other_institution": _equal("institution", when_equal=0.0),
    "timezone": _timezone,
    "language": _language,
    "preferred_by_mentee": _preference("mentee"),
    "preferred_by_mentor": _preference("mentor"),
}
