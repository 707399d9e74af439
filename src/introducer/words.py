"""What the engine says of fits, refusals and causes wherever it speaks: in reports and in explanations."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from introducer.outcome import Gap
    from introducer.roster import Person

__all__ = [
    "BANDS",
    "CONFIDENTIAL",
    "LEVELS",
    "PRIVATE",
    "REFUSALS",
    "TOLD",
    "band",
    "cause",
    "count",
    "listed",
    "names_of",
]

#: How much was asked, by level. Level 0 stands for a private need, whose level is not shown.
LEVELS = ("not shown", "a little", "quite a bit", "a lot")
#: How well a need is covered, by band of fit.
BANDS = ("nobody yet", "in part", "well", "very well")
PRIVATE = "A private need"
#: A fit above the first is the third band, above the second the second; any other help the first.
_EDGES = (2 / 3, 1 / 3)
#: Why a pair may not be tied, by refusal code. Facts that are confidential have one sentence together.
CONFIDENTIAL = "A confidential fact stands between them: a conflict, an evaluation, a list of people to avoid"
REFUSALS = {
    "self": "The same person on both sides",
    "conflict": CONFIDENTIAL,
    "evaluator": CONFIDENTIAL,
    "avoid": CONFIDENTIAL,
    "veto": "A coordinator ruled the pair out",
    "same_site": "Both work or train at the same site",
    "institution": "Their institutions may not be tied",
    "stage": "The stages of their careers lie too close or too far apart",
    "language": "They share none of the languages they speak",
    "consent": "One of them has not agreed to be matched",
    "paused": "One of them is paused",
    "guest": "The policy allows no guests",
    "quota": "A limit that the mentor set",
}
#: The codes that a coordinator may be told as the cause of one person's gap.
TOLD = {
    "veto": "everyone who offers it was ruled out by a coordinator",
    "same_site": "everyone who offers it is at the same site",
    "institution": "everyone who offers it is at an institution that is ruled out",
    "stage": "nobody who offers it is at the right stage for this mentee",
    "language": "nobody who offers it shares a language with this mentee",
    "guest": "only guests offer it, and the policy allows none",
}
_CAUSES = {
    "no_offer": "nobody in this cohort offers it",
    "refused": "everyone who offers it is ruled out for this mentee",
    "full": "the seats of those who offer it help more elsewhere",
    "team_spent": "the team is complete; one more mentor would cover it",
    "below_floor": "what is offered is too little to count under this policy",
}


def cause(gap: Gap) -> str:
    """Say why a need stays uncovered. A confidential refusal is said as any refusal."""
    return TOLD.get(gap.code, _CAUSES[gap.cause]) if gap.cause == "refused" else _CAUSES[gap.cause]


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(words: list[str]) -> str:
    """Join words as in a sentence."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def band(fit: float) -> int:
    """Return the band of a fit: 0 nobody, 1 in part (to 1/3), 2 well (to 2/3), 3 very well."""
    if fit <= 0:
        return 0
    return 1 + sum(fit > edge for edge in _EDGES)


def names_of(people: Sequence[Person]) -> list[str]:
    """Return the name of each person, or the id; both where two have the same name."""
    times = Counter(person.name.strip() for person in people)
    return [
        f"{name} ({person.id})" if name and times[name] > 1 else name or person.id
        for person in people
        for name in [person.name.strip()]
    ]
