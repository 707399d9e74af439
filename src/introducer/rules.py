"""Who may be tied: hard rules, and a refusal code for every pair that they forbid.

Each rule is one function ``rule(roster, policy) -> Cross, Alike, Shut or Listed`` whose values are
True where it refuses. ``RULES`` holds them by refusal code; the first code in the order of
``outcome.CODES`` is the one a pair gets.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from introducer.cross import Alike, Cross, Listed, Shut, crossed, kinds_of_rows, listed
from introducer.errors import Infeasible
from introducer.outcome import CODES
from introducer.refused import Refusals
from introducer.runs import starts_of
from introducer.saying import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from introducer.policy import Policy
    from introducer.roster import Mentee, Mentor, Person, Roster

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Found = Cross | Alike | Shut | Listed
    Rule = Callable[[Roster, Policy], Found]

__all__ = ["RULES", "Refusals", "folded", "homes", "may_be_matched", "numbered", "refusals", "wishes_read"]


def refusals(roster: Roster, policy: Policy) -> Refusals:
    """Apply every rule to every pair.

    Raises
    ------
    Infeasible
        If a pinned pair is refused; all such pairs are named.
    """
    # These two have shapes of their own: one looks at one group of many, the other shuts groups to a mentee.
    sites, shut = _same_site(roster, policy), _institution(roster, policy)
    own: dict[str, Cross | Alike | Shut | Listed] = {"same_site": sites, "institution": shut}
    rules = {code: own[code] if code in own else RULES[code](roster, policy) for code in CODES}
    known = Refusals(_by_kind(rules), sites, shut, _refusing(roster, []), rules)
    found = replace(known, pairs=_by_pair(roster, known))
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


def _by_pair(roster: Roster, known: Refusals) -> Listed:
    """Return the codes of all pairs that a rule names one by one, or leaves open."""
    shape = len(roster.mentees), len(roster.mentors)
    none = len(CODES) + 1
    named = [(none, known.homes.but)]
    named += [(place + 1, rule) for place, code in enumerate(CODES) if isinstance(rule := known.rules[code], Listed)]
    pairs = np.concatenate([np.stack([rule.owners, rule.mentors], axis=1) for _number, rule in named])
    numbers = np.repeat(np.array([number for number, _rule in named]), [len(rule.mentors) for _number, rule in named])
    codes = known.without_pairs(pairs[:, 0], pairs[:, 1])
    firsts = np.minimum(numbers, np.where(codes == 0, none, codes))
    order = np.argsort(-firsts, kind="stable")  # of a pair that stands there twice the last holds: its first code
    return listed(shape, pairs[order], np.where(firsts == none, 0, firsts)[order], np.uint8)


def _by_kind(rules: Mapping[str, Found]) -> Cross:
    """Join the rules that look at kinds into one table of codes."""
    crosses = [(place + 1, rule) for place, code in enumerate(CODES) if isinstance(rule := rules[code], Cross)]
    each, left = kinds_of_rows([rule.left for _number, rule in crosses])
    other, right = kinds_of_rows([rule.right for _number, rule in crosses])
    table = np.zeros((len(each), len(other)), np.uint8)
    for place in reversed(range(len(crosses))):  # the first code is written last
        number, rule = crosses[place]
        table[rule.table[each[:, place][:, None], other[:, place][None, :]]] = number
    return Cross(left, right, table)


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


def homes(roster: Roster) -> tuple[Ints, Ints]:
    """Number the institutions of mentees and of mentors, equal ones equally, -1 where unknown, shapes (M,) and (N,)."""
    both = numbered(person.institution for person in (*roster.mentees, *roster.mentors))
    return both[: len(roster.mentees)], both[len(roster.mentees) :]


def _institution(roster: Roster, policy: Policy) -> Shut:
    """Refuse teammates of pinned mentors whose institution's limit the pins have used up."""
    _mine, theirs = homes(roster)
    pins: dict[int, list[int]] = {}
    for i, j, _tie in roster.pairs("pin") if policy.institution_limit else ():
        pins.setdefault(i, []).append(j)
    full: list[list[int]] = [[] for _mentee in roster.mentees]
    for i, mates in pins.items():
        known = theirs[mates][theirs[mates] >= 0]
        full[i] = [home for home in np.unique(known).tolist() if int((known == home).sum()) >= policy.institution_limit]
    return Shut(
        starts_of(np.array([len(own) for own in full], np.int64)),
        np.array([home for own in full for home in own], np.int64),
        theirs,
        _refusing(roster, [(i, j) for i, mates in pins.items() for j in mates if theirs[j] in full[i]]),
    )


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
