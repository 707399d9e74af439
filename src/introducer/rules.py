"""Who may be tied: hard rules, and a refusal code for every pair that they forbid.

Each rule is one function ``rule(roster, policy) -> (M, N) bool`` that is True where it
refuses. ``RULES`` holds them by refusal code; the first code in the order of
``outcome.CODES`` is the one a pair gets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from introducer.errors import Infeasible
from introducer.outcome import CODES
from introducer.saying import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from introducer.policy import Policy
    from introducer.roster import Mentee, Mentor, Person, Roster

    Mask = NDArray[np.bool_]
    Rule = Callable[[Roster, Policy], Mask]

__all__ = ["RULES", "Refusals", "may_be_matched", "numbered", "refusals", "wishes_read"]


#: So many people are named in one sentence.
_NAMED = 5


@dataclass(frozen=True)
class Refusals:
    """Which pairs are refused, and why.

    Attributes
    ----------
    codes : ndarray of uint8, shape (M, N)
        0 where the pair is allowed, otherwise 1 plus the place of the code in ``CODES``.
    """

    codes: NDArray[np.uint8]

    @property
    def allowed(self) -> Mask:
        """Where a tie is allowed, shape (M, N)."""
        mask: Mask = self.codes == 0
        return mask

    def code(self, i: int, j: int) -> str:
        """Return the refusal code of a pair, or an empty text."""
        number = int(self.codes[i, j])
        return CODES[number - 1] if number else ""

    def told(self, mentors: Iterable[int]) -> list[str]:
        """Return a sentence for each rule that refuses mentees to these mentors; people as ``Infeasible`` has them."""
        return [
            say(
                "For {{mentor:{j}}} the rule '{code}' forbids these mentees: {mentees}.",
                j=j, code=code, mentees=", ".join(f"{{mentee:{i}}}" for i in here[:_NAMED].tolist())
                + (say(", and {number} more", number=len(here) - _NAMED) if len(here) > _NAMED else ""),
            )
            for j in mentors
            for place, code in enumerate(CODES)
            for here in [np.flatnonzero(self.codes[:, j] == place + 1)]
            if len(here)
        ]  # fmt: skip

    def counts(self) -> Mapping[str, int]:
        """Return the number of refused pairs by code, in the order of ``CODES``; codes without one are left out."""
        found = np.bincount(self.codes.ravel(), minlength=len(CODES) + 1)
        return {code: int(found[place + 1]) for place, code in enumerate(CODES) if found[place + 1]}


def refusals(roster: Roster, policy: Policy) -> Refusals:
    """Apply every rule to every pair.

    Raises
    ------
    Infeasible
        If a pinned pair is refused; all such pairs are named.
    """
    codes = np.zeros((len(roster.mentees), len(roster.mentors)), dtype=np.uint8)
    for place, code in enumerate(CODES):
        refused = RULES[code](roster, policy)
        codes[refused & (codes == 0)] = place + 1
    found = Refusals(codes)
    causes = [
        say(
            "The tie of {mentee} to {mentor} is pinned, and the rule '{code}' forbids it.",
            mentee=tie.mentee,
            mentor=tie.mentor,
            code=found.code(i, j),
        )
        for i, j, tie in roster.pairs("pin")
        if codes[i, j]
    ]
    if causes:
        raise Infeasible(causes)
    return found


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


def numbered(texts: Iterable[str]) -> NDArray[np.int64]:
    """Number equal texts equally (case and spaces folded), empty ones -1, in order of appearance."""
    seen: dict[str, int] = {}
    folded = (" ".join(text.split()).casefold() for text in texts)
    return np.array([seen.setdefault(text, len(seen)) if text else -1 for text in folded], dtype=np.int64)


def same_place(mentees: Sequence[str], mentors: Sequence[str]) -> Mask:
    """Tell where both are given and equal, shape (M, N)."""
    both = numbered([*mentees, *mentors])
    left, right = both[: len(mentees), None], both[None, len(mentees) :]
    mask: Mask = (left == right) & (left >= 0)
    return mask


def _nowhere(roster: Roster) -> Mask:
    return np.zeros((len(roster.mentees), len(roster.mentors)), dtype=np.bool_)


def _given(kind: str) -> Rule:
    def rule(roster: Roster, _policy: Policy) -> Mask:
        mask = _nowhere(roster)
        for i, j, _tie in roster.pairs(kind):
            mask[i, j] = True
        return mask

    return rule


def _listed(name: str) -> Rule:
    """Return the rule that either side's list of ids (``avoid`` or ``evaluators``) refuses the other."""

    def rule(roster: Roster, _policy: Policy) -> Mask:
        mask = _nowhere(roster)
        for i, mentee in enumerate(roster.mentees):
            for other in getattr(mentee, name):
                if other in roster.mentor_index:
                    mask[i, roster.mentor_index[other]] = True
        for j, mentor in enumerate(roster.mentors):
            for other in getattr(mentor, name):
                if other in roster.mentee_index:
                    mask[roster.mentee_index[other], j] = True
        return mask

    return rule


def _either(test: Callable[[Person], bool]) -> Rule:
    def rule(roster: Roster, _policy: Policy) -> Mask:
        left = np.array([test(person) for person in roster.mentees], dtype=np.bool_)
        right = np.array([test(person) for person in roster.mentors], dtype=np.bool_)
        return left[:, None] | right[None, :]

    return rule


def _self(roster: Roster, _policy: Policy) -> Mask:
    mask = _nowhere(roster)
    for identity in roster.mentee_index.keys() & roster.mentor_index.keys():
        mask[roster.mentee_index[identity], roster.mentor_index[identity]] = True
    return mask


def _same_site(roster: Roster, policy: Policy) -> Mask:
    if policy.same_site == "allow":
        return _nowhere(roster)
    return same_place([person.site for person in roster.mentees], [person.site for person in roster.mentors])


def _institution(roster: Roster, policy: Policy) -> Mask:
    """Refuse teammates of pinned mentors whose institution's limit the pins have used up."""
    mask = _nowhere(roster)
    if policy.institution_limit == 0:
        return mask
    homes = numbered(mentor.institution for mentor in roster.mentors)
    pins: dict[int, list[int]] = {}
    for i, j, _tie in roster.pairs("pin"):
        pins.setdefault(i, []).append(j)
    for i, mates in pins.items():
        known = homes[mates][homes[mates] >= 0]
        full = [home for home in set(known.tolist()) if int((known == home).sum()) >= policy.institution_limit]
        mask[i] = np.isin(homes, full)
        mask[i, mates] = False
    return mask


def _stage(roster: Roster, policy: Policy) -> Mask:
    ahead = stages_ahead(roster)
    mask = _nowhere(roster)
    with np.errstate(invalid="ignore"):  # an unknown stage compares as not refused
        if policy.stage.least is not None:
            mask |= ahead < policy.stage.least
        if policy.stage.most is not None:
            mask |= ahead > policy.stage.most
    return mask


def stages_ahead(roster: Roster) -> NDArray[np.float64]:
    """Return the mentor's rank minus the mentee's, shape (M, N), NaN where either stage is unknown."""
    ranks = roster.vocabulary.ranks
    left = np.array([ranks.get(person.stage, np.nan) for person in roster.mentees], dtype=np.float64)
    right = np.array([ranks.get(person.stage, np.nan) for person in roster.mentors], dtype=np.float64)
    return right[None, :] - left[:, None]


def _language(roster: Roster, policy: Policy) -> Mask:
    if policy.shared_language == "prefer":
        return _nowhere(roster)
    known = sorted({language for person in (*roster.mentees, *roster.mentors) for language in person.languages})
    left = np.array([[x in person.languages for x in known] for person in roster.mentees], dtype=np.float64)
    right = np.array([[x in person.languages for x in known] for person in roster.mentors], dtype=np.float64)
    if not known or not len(left) or not len(right):
        return _nowhere(roster)
    both_state = np.logical_and.outer(left.any(axis=1), right.any(axis=1))
    mask: Mask = both_state & (left @ right.T == 0)
    return mask


def _guest(roster: Roster, policy: Policy) -> Mask:
    mask = _nowhere(roster)
    if policy.guests == "forbid":
        mask[:, [mentor.kind != "member" for mentor in roster.mentors]] = True
    return mask


def _quota(roster: Roster, policy: Policy) -> Mask:
    """Refuse what a quota of 0 rules out before anything is matched."""
    mask = _nowhere(roster)
    read = [wishes_read(mentee, policy) for mentee in roster.mentees]
    for j, key in _closed(roster.mentors):
        mask[[key in wishes for wishes in read], j] = True
    return mask


def _closed(mentors: Sequence[Mentor]) -> list[tuple[int, str]]:
    return [(j, key) for j, mentor in enumerate(mentors) for key, most in mentor.quotas.items() if most == 0]


#: Every hard rule by its refusal code.
RULES: Mapping[str, Rule] = {
    "self": _self,
    "conflict": _given("conflict"),
    "evaluator": _listed("evaluators"),
    "avoid": _listed("avoid"),
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
