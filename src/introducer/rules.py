"""Who may be tied: hard rules, and a refusal code for every pair that they forbid.

Each rule is one function ``rule(roster, policy) -> Cross, Alike or Listed`` whose values are True
where it refuses. ``RULES`` holds them by refusal code; the first code in the order of
``outcome.CODES`` is the one a pair gets.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from introducer.cross import Alike, Cross, Listed, crossed, listed
from introducer.errors import Infeasible
from introducer.outcome import CODES
from introducer.saying import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from introducer.policy import Policy
    from introducer.roster import Mentee, Mentor, Person, Roster

    Codes = NDArray[np.uint8]
    Mask = NDArray[np.bool_]
    Found = Cross | Alike | Listed
    Rule = Callable[[Roster, Policy], Found]

__all__ = ["RULES", "Refusals", "folded", "may_be_matched", "numbered", "refusals", "wishes_read"]


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
    pairs : Listed
        Codes of pairs for which something else holds than by their kinds and sites.
    rules : mapping of str to Cross, Alike or Listed
        What each rule refuses, by code.
    """

    kinds: Cross
    sites: Alike
    pairs: Listed
    rules: Mapping[str, Found]

    @property
    def shape(self) -> tuple[int, int]:
        """Number of mentees and of mentors."""
        return len(self.kinds.left), len(self.kinds.right)

    def row(self, i: int) -> Codes:
        """Return the codes of mentee i, shape (N,)."""
        codes = _first(self.kinds.row(i), self.sites.row(i))
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
        return self._by_kind(i, j) if place is None else int(self.pairs.values[place])

    def _by_kind(self, i: int, j: int) -> int:
        return int(_first(self.kinds.at(i, j), self.sites.at(i, j)))

    def every(self, i: int, j: int) -> tuple[str, ...]:
        """Return all codes that apply to a pair, in the order of ``CODES``."""
        return tuple(code for code in CODES if self.code(i, j) and self.rules[code].at(i, j))

    def lifted(self, i: int, j: int) -> Refusals:
        """Return the same with one pair allowed."""
        found = dict(zip(self._listed(), self.pairs.values.tolist(), strict=True)) | {(i, j): 0}
        return replace(self, pairs=listed(self.shape, found, found.values(), np.uint8))

    def _listed(self) -> list[tuple[int, int]]:
        owners = np.repeat(np.arange(self.shape[0]), np.diff(self.pairs.starts))
        return list(zip(owners.tolist(), self.pairs.mentors.tolist(), strict=True))

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
        codes = _first(self.kinds.column(j), self.sites.column(j))
        here = np.flatnonzero(self.pairs.mentors == j)
        codes[np.searchsorted(self.pairs.starts, here, side="right") - 1] = self.pairs.values[here]
        return codes

    def counts(self) -> Mapping[str, int]:
        """Return the number of refused pairs by code, in the order of ``CODES``; codes without one are left out."""
        table, numbers = self.kinds.table, range(len(CODES) + 1)
        left = np.bincount(self.kinds.left, minlength=table.shape[0])
        right = np.bincount(self.kinds.right, minlength=table.shape[1])
        found = np.array([int(left @ (table == number).astype(np.int64) @ right) for number in numbers])
        starts, mentors = self.sites.groups
        mentees = np.argsort(self.sites.left, kind="stable")
        cuts = np.searchsorted(self.sites.left[mentees], np.arange(len(starts)))
        for site in range(len(starts) - 1):
            here = np.ix_(mentees[cuts[site] : cuts[site + 1]], mentors[starts[site] : starts[site + 1]])
            known = table[self.kinds.left[here[0]], self.kinds.right[here[1]]]
            found += np.bincount(_first(known, at=True).ravel(), minlength=len(numbers))
            found -= np.bincount(known.ravel(), minlength=len(numbers))
        owners = np.repeat(np.arange(self.shape[0]), np.diff(self.pairs.starts)).tolist()
        replaced = [self._by_kind(i, j) for i, j in zip(owners, self.pairs.mentors.tolist(), strict=True)]
        found += np.bincount(self.pairs.values, minlength=len(numbers))
        found -= np.bincount(np.array(replaced, np.int64), minlength=len(numbers))
        return {code: int(found[place + 1]) for place, code in enumerate(CODES) if found[place + 1]}


def _first(codes: Codes, at: Mask | bool) -> Codes:
    """Return the codes with that of one site, where it comes first."""
    site = CODES.index("same_site") + 1
    found: Codes = np.where(np.asarray(at) & ((codes == 0) | (codes > site)), np.uint8(site), codes)
    return found


def refusals(roster: Roster, policy: Policy) -> Refusals:
    """Apply every rule to every pair.

    Raises
    ------
    Infeasible
        If a pinned pair is refused; all such pairs are named.
    """
    rules = {code: RULES[code](roster, policy) for code in CODES}
    sites = rules["same_site"]
    assert isinstance(sites, Alike)  # noqa: S101 - the one rule of this sort
    known = Refusals(_by_kind(roster, rules), sites, _refusing(roster, []), rules)
    shape = len(roster.mentees), len(roster.mentors)
    named: dict[tuple[int, int], int] = {}
    for place in reversed(range(len(CODES))):  # the first code is written last
        rule = rules[CODES[place]]
        if isinstance(rule, Listed):
            owners = np.repeat(np.arange(shape[0]), np.diff(rule.starts))
            named |= dict.fromkeys(zip(owners.tolist(), rule.mentors.tolist(), strict=True), place + 1)
    for (i, j), number in named.items():
        code = known.number(i, j)
        named[i, j] = min(number, code) if code else number
    found = replace(known, pairs=listed(shape, named, named.values(), np.uint8))
    causes = [
        say(
            "The tie of {mentee} to {mentor} is pinned, and the rule '{code}' forbids it.",
            mentee=tie.mentee,
            mentor=tie.mentor,
            code=found.code(i, j),
        )
        for i, j, tie in roster.pairs("pin")
        if found.code(i, j)
    ]
    if causes:
        raise Infeasible(causes)
    return found


def _by_kind(roster: Roster, rules: Mapping[str, Found]) -> Cross:
    """Join the rules that look at kinds into one table of codes."""
    crosses = [(place + 1, rule) for place, code in enumerate(CODES) if isinstance(rule := rules[code], Cross)]
    lefts = np.stack([rule.left for _number, rule in crosses], axis=1)
    rights = np.stack([rule.right for _number, rule in crosses], axis=1)
    each, left = np.unique(lefts, axis=0, return_inverse=True)
    other, right = np.unique(rights, axis=0, return_inverse=True)
    table = np.zeros((len(each), len(other)), np.uint8)
    for place in reversed(range(len(crosses))):  # the first code is written last
        number, rule = crosses[place]
        table[rule.table[each[:, place][:, None], other[:, place][None, :]]] = number
    return Cross(left.reshape(len(roster.mentees)), right.reshape(len(roster.mentors)), table)


def wishes_read(mentee: Mentee, policy: Policy) -> Mapping[str, int]:
    """Return the wishes that the policy's privacy profile lets the engine see."""
    if policy.privacy == "neutral":
        return {}
    if policy.privacy == "experience":
        return {key: level for key, level in mentee.wishes.items() if not key.startswith("same:")}
    return mentee.wishes


def may_be_matched(person: Person) -> bool:
    """Tell whether a person takes part in a run at all."""
    return person.consent and not person.paused


def folded(text: str) -> str:
    """Return a text without differences of case and spaces: equal ones are the same place."""
    return " ".join(text.split()).casefold()


def numbered(texts: Iterable[str]) -> NDArray[np.int64]:
    """Number equal texts equally (case and spaces folded), empty ones -1, in order of appearance."""
    seen: dict[str, int] = {}
    return np.array([seen.setdefault(text, len(seen)) if text else -1 for text in map(folded, texts)], dtype=np.int64)


def _given(kind: str) -> Rule:
    def rule(roster: Roster, _policy: Policy) -> Listed:
        return _refusing(roster, [(i, j) for i, j, _tie in roster.pairs(kind)])

    return rule


def _refusing(roster: Roster, pairs: Sequence[tuple[int, int]]) -> Listed:
    return listed((len(roster.mentees), len(roster.mentors)), pairs, [True] * len(pairs), np.bool_)


def _named(name: str) -> Rule:
    """Return the rule that either side's list of ids (``avoid`` or ``evaluators``) refuses the other."""

    def rule(roster: Roster, _policy: Policy) -> Listed:
        mine = [
            (i, roster.mentor_index[other])
            for i, mentee in enumerate(roster.mentees)
            for other in getattr(mentee, name)
            if other in roster.mentor_index
        ]
        theirs = [
            (roster.mentee_index[other], j)
            for j, mentor in enumerate(roster.mentors)
            for other in getattr(mentor, name)
            if other in roster.mentee_index
        ]
        return _refusing(roster, mine + theirs)

    return rule


def _either(test: Callable[[Person], bool]) -> Rule:
    def rule(roster: Roster, _policy: Policy) -> Cross:
        def table(left: Sequence[Mentee], right: Sequence[Mentor]) -> Mask:
            return np.array([[test(mentee) or test(mentor) for mentor in right] for mentee in left], np.bool_)

        return crossed(roster, test, test, table)

    return rule


def _self(roster: Roster, _policy: Policy) -> Listed:
    both = roster.mentee_index.keys() & roster.mentor_index.keys()
    return _refusing(roster, [(roster.mentee_index[identity], roster.mentor_index[identity]) for identity in both])


def _same_site(roster: Roster, policy: Policy) -> Alike:
    people = (*roster.mentees, *roster.mentors)
    both = numbered(person.site if policy.same_site == "forbid" else "" for person in people)
    return Alike(both[: len(roster.mentees)], both[len(roster.mentees) :])


def _institution(roster: Roster, policy: Policy) -> Listed:
    """Refuse teammates of pinned mentors whose institution's limit the pins have used up."""
    homes = numbered(mentor.institution for mentor in roster.mentors)
    pins: dict[int, list[int]] = {}
    for i, j, _tie in roster.pairs("pin") if policy.institution_limit else ():
        pins.setdefault(i, []).append(j)
    pairs = []
    for i, mates in pins.items():
        known = homes[mates][homes[mates] >= 0]
        full = [home for home in set(known.tolist()) if int((known == home).sum()) >= policy.institution_limit]
        pairs += [(i, j) for j in np.flatnonzero(np.isin(homes, full)).tolist() if j not in mates]
    return _refusing(roster, pairs)


def _stage(roster: Roster, policy: Policy) -> Cross:
    ranks = roster.vocabulary.ranks
    least, most = policy.stage.least, policy.stage.most

    def table(left: Sequence[Mentee], right: Sequence[Mentor]) -> Mask:
        ahead = stages_ahead(ranks, left, right)
        mask = np.zeros(ahead.shape, np.bool_)
        with np.errstate(invalid="ignore"):  # an unknown stage compares as not refused
            if least is not None:
                mask |= ahead < least
            if most is not None:
                mask |= ahead > most
        return mask

    return crossed(roster, _stage_of, _stage_of, table)


def stages_ahead(ranks: Mapping[str, int], mentees: Sequence[Person], mentors: Sequence[Person]) -> NDArray[np.float64]:
    """Return the mentor's rank minus the mentee's, shape (M, N), NaN where either stage is unknown."""
    left = np.array([ranks.get(person.stage, np.nan) for person in mentees], dtype=np.float64)
    right = np.array([ranks.get(person.stage, np.nan) for person in mentors], dtype=np.float64)
    return right[None, :] - left[:, None]


def _stage_of(person: Person) -> str:
    return person.stage


def _language(roster: Roster, policy: Policy) -> Cross:
    def table(left: Sequence[Mentee], right: Sequence[Mentor]) -> Mask:
        return np.array([[_mute(mentee.languages, mentor.languages) for mentor in right] for mentee in left], np.bool_)

    strict = policy.shared_language == "require"

    def spoken(person: Person) -> frozenset[str]:
        return frozenset(person.languages) if strict else frozenset()

    return crossed(roster, spoken, spoken, table if strict else _nowhere)


def _mute(left: Sequence[str], right: Sequence[str]) -> bool:
    """Tell whether two who both stated their languages share none."""
    return bool(left) and bool(right) and not set(left) & set(right)


def _nowhere(left: Sequence[Mentee], right: Sequence[Mentor]) -> Mask:
    return np.zeros((len(left), len(right)), np.bool_)


def _guest(roster: Roster, policy: Policy) -> Cross:
    def table(left: Sequence[Mentee], right: Sequence[Mentor]) -> Mask:
        shut = [policy.guests == "forbid" and mentor.kind != "member" for mentor in right]
        return np.array([shut for _mentee in left], np.bool_)

    return crossed(roster, lambda _mentee: None, lambda mentor: mentor.kind, table)


def _quota(roster: Roster, policy: Policy) -> Cross:
    """Refuse what a quota of 0 rules out before anything is matched."""
    closed = {key for mentor in roster.mentors for key in _closed(mentor)}

    def asked(mentee: Mentee) -> frozenset[str]:
        return frozenset(closed & wishes_read(mentee, policy).keys())

    def table(left: Sequence[Mentee], right: Sequence[Mentor]) -> Mask:
        return np.array([[bool(asked(mentee) & _closed(mentor)) for mentor in right] for mentee in left], np.bool_)

    return crossed(roster, asked, _closed, table)


def _closed(mentor: Mentor) -> frozenset[str]:
    return frozenset(key for key, most in mentor.quotas.items() if most == 0)


#: Every hard rule by its refusal code.
RULES: Mapping[str, Rule] = {
    "self": _self,
    "conflict": _given("conflict"),
    "evaluator": _named("evaluators"),
    "avoid": _named("avoid"),
    "veto": _given("veto"),
    "same_site": _same_site,
    "institution": _institution,
    "stage": _stage,
    "language": _language,
    "consent": _either(lambda person: not person.consent),
    "paused": _either(lambda person: person.paused),
    "guest": _guest,
    "quota": _quota,
}
