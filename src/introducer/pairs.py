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

from introducer.cross import Common, Cross, Listed, crossed, kinds, listed
from introducer.problem import on_grid
from introducer.rules import folded, stages_ahead

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from numpy.typing import NDArray

    from introducer.policy import Policy
    from introducer.roster import Mentee, Mentor, Person, Roster

    Floats = NDArray[np.float64]
    Worths = Cross | Common | Listed
    Term = Callable[[Roster, Policy], Worths]

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
        known = self._continuity.own(i)
        return {
            name: part.row(i) for name, part in self.by_name.items() if name != "continuity" or known.start < known.stop
        }

    def of(self, i: int, j: int) -> Mapping[str, float]:
        """Return the parts of one pair by name, those that are not 0."""
        found = {name: float(part.at(i, j)) for name, part in self.by_name.items()}
        return {name: worth for name, worth in found.items() if worth}

    def each(self, who: NDArray[np.int64], whom: NDArray[np.int64]) -> tuple[tuple[str, ...], Floats]:
        """Return the names of all parts, and those of some pairs, by their mentees and mentors, shape (n, parts)."""
        values = np.empty((len(who), len(self.by_name)))
        for column, part in enumerate(self.by_name.values()):
            values[:, column] = part.each(who, whom)
        return tuple(self.by_name), values

    @cached_property
    def by_name(self) -> Mapping[str, Worths]:
        """Every part, on the grid."""
        total = sum(self.policy.pair_terms.values())
        equity = np.array([self.policy.equity_of(mentee.flags) for mentee in self.roster.mentees])
        parts: dict[str, Worths] = {}
        for name, term in pair_terms(self.roster, self.policy).items():
            share = self.policy.weights.pair * self.policy.pair_terms[name] / total
            # A mentor's own preference stands outside the mentee's equity weight.
            parts[name] = _weighed(term, share, np.ones_like(equity) if name == "preferred_by_mentor" else equity)
        parts["continuity"] = self._continuity
        return parts

    @cached_property
    def terms(self) -> Mapping[str, Worths]:
        """The terms that the policy weighs, by name, in [0, 1]."""
        return pair_terms(self.roster, self.policy)

    @cached_property
    def _continuity(self) -> Listed:
        pairs = {(i, j) for i, j, _tie in self.roster.pairs("existing")}
        for mentee, mentor in self.previous:
            if mentee in self.roster.mentee_index and mentor in self.roster.mentor_index:
                pairs.add((self.roster.mentee_index[mentee], self.roster.mentor_index[mentor]))
        bonus = float(on_grid(np.array([self.policy.continuity]))[0])
        return listed(_shape(self.roster), pairs, [bonus] * len(pairs), np.float64)


def _shape(roster: Roster) -> tuple[int, int]:
    return len(roster.mentees), len(roster.mentors)


def _weighed(term: Worths, share: float, equity: Floats) -> Worths:
    """Multiply by the share of the term and the equity weight of each mentee, shape (M,), and round to the grid."""
    if isinstance(term, Listed):
        own = np.repeat(equity, np.diff(term.starts))
        return Listed(term.starts, term.mentors, on_grid(term.values * share * own), term.width)
    levels, place = np.unique(equity, return_inverse=True)
    table = on_grid(term.table[:, None, :] * share * levels[None, :, None])
    table = table.reshape(len(term.table) * len(levels), term.table.shape[1])
    if isinstance(term, Common):
        return Common(term.mine, term.theirs, term.rows * len(levels) + place, table)
    return Cross(term.left * len(levels) + place, term.right, table)


def pair_terms(roster: Roster, policy: Policy) -> Mapping[str, Worths]:
    """Return the terms that the policy weighs, in [0, 1]."""
    return {name: TERMS[name](roster, policy) for name, weight in policy.pair_terms.items() if weight > 0}


def _term(
    of: Callable[[Person], Hashable], table: Callable[[Roster, Policy, Sequence[Mentee], Sequence[Mentor]], Floats]
) -> Term:
    """Return a term of what people are; ``table`` has NaN where an answer is missing."""

    def term(roster: Roster, policy: Policy) -> Cross:
        def known(left: Sequence[Mentee], right: Sequence[Mentor]) -> Floats:
            found = table(roster, policy, left, right)
            return np.where(np.isnan(found), UNKNOWN, found)

        return crossed(roster, of, of, known)

    return term


def _stage(roster: Roster, policy: Policy, left: Sequence[Mentee], right: Sequence[Mentor]) -> Floats:
    ahead = stages_ahead(roster.vocabulary.ranks, left, right)
    outside = np.maximum(np.maximum(policy.stage.best[0] - ahead, ahead - policy.stage.best[1]), 0.0)
    return 1.0 - np.minimum(1.0, outside / policy.stage.fade)


def _share(name: str) -> Term:
    def term(roster: Roster, _policy: Policy) -> Common:
        left = [getattr(person, name) for person in roster.mentees]
        right = [getattr(person, name) for person in roster.mentors]
        known = sorted(frozenset().union(*left, *right))
        sizes, rows = np.unique(np.array([len(own) for own in left], np.int64), return_inverse=True)
        table = np.full((len(sizes), len(known) + 2), UNKNOWN)
        asks = sizes > 0
        table[asks, 1:] = np.arange(len(known) + 1) / sizes[asks, None]
        return Common(_held(left, known), _held(right, known), rows.astype(np.int64), table)

    return term


def _held(lists: Sequence[frozenset[str]], known: Sequence[str]) -> NDArray[np.bool_]:
    """Return which of the known entries are on each list."""
    of_each, first = kinds(lists)
    held = np.array([[value in lists[place] for value in known] for place in first.tolist()], np.bool_)
    return held.reshape(len(first), len(known))[of_each]


def _outlook(roster: Roster, _policy: Policy, left: Sequence[Mentee], right: Sequence[Mentor]) -> Floats:
    poles = [pole.id for pole in roster.vocabulary.poles]
    mine, theirs = _points(left, poles), _points(right, poles)
    apart = np.zeros((len(left), len(right)))
    for pole in range(len(poles)):
        apart += np.abs(mine[:, None, pole] - theirs[None, :, pole])
    return 1.0 - apart / 2.0


def _points(people: Sequence[Person], poles: Sequence[str]) -> Floats:
    rows = [[person.outlook.get(pole, 0.0) if person.outlook else np.nan for pole in poles] for person in people]
    return np.array(rows, dtype=np.float64).reshape(len(people), len(poles))


def _equal(name: str, *, when_equal: float) -> Term:
    def place(person: Person) -> str:
        return folded(getattr(person, name))

    def table(_roster: Roster, _policy: Policy, left: Sequence[Mentee], right: Sequence[Mentor]) -> Floats:
        both, _first = kinds(place(person) for person in (*left, *right))
        mine, theirs = both[: len(left), None], both[None, len(left) :]
        known = np.array([bool(place(x)) for x in left])[:, None] & np.array([bool(place(x)) for x in right])[None, :]
        return np.where(known, np.where(mine == theirs, when_equal, 1.0 - when_equal), np.nan)

    return _term(place, table)


def _timezone(_roster: Roster, _policy: Policy, left: Sequence[Mentee], right: Sequence[Mentor]) -> Floats:
    mine, theirs = _offsets(left), _offsets(right)
    apart = np.abs(mine[:, None] - theirs[None, :]) % 24.0
    return 1.0 - np.minimum(apart, 24.0 - apart) / 12.0


def _offsets(people: Sequence[Person]) -> Floats:
    return np.array([_offset(person.timezone) if person.timezone else np.nan for person in people], dtype=np.float64)


def _offset(zone: str) -> float:
    """Return the hours of a zone ahead of UTC at the fixed instant."""
    local = _INSTANT.astimezone(ZoneInfo(zone)).replace(tzinfo=UTC)
    return (local - _INSTANT).total_seconds() / 3600.0


def _language(_roster: Roster, _policy: Policy, left: Sequence[Mentee], right: Sequence[Mentor]) -> Floats:
    rows = [[_language_of(mentee, mentor) for mentor in right] for mentee in left]
    return np.array(rows, dtype=np.float64).reshape(len(left), len(right))


def _language_of(mentee: Mentee, mentor: Mentor) -> float:
    if not mentee.languages or not mentor.languages:
        return np.nan
    if mentee.languages[0] in mentor.languages:
        return 1.0
    return 0.5 if set(mentee.languages) & set(mentor.languages) else 0.0


def _preference(side: str) -> Term:
    def term(roster: Roster, _policy: Policy) -> Listed:
        rows = [((i, j), 1.0 / tie.rank) for i, j, tie in roster.pairs("prefer") if tie.by == side]
        return listed(_shape(roster), [pair for pair, _worth in rows], [worth for _pair, worth in rows], np.float64)

    return term


#: Every pair term by its name in ``policy.PAIR_TERMS``.
TERMS: Mapping[str, Term] = {
    "stage": _term(lambda person: person.stage, _stage),
    "setting": _share("settings"),
    "route": _share("routes"),
    "procedures": _share("procedures"),
    "roles": _share("roles"),
    "outlook": _term(lambda person: tuple(sorted(person.outlook.items())), _outlook),
    "region": _equal("region", when_equal=1.0),
    "same_institution": _equal("institution", when_equal=1.0),
    "other_institution": _equal("institution", when_equal=0.0),
    "timezone": _term(lambda person: person.timezone, _timezone),
    "language": _term(lambda person: person.languages, _language),
    "preferred_by_mentee": _preference("mentee"),
    "preferred_by_mentor": _preference("mentor"),
}
