"""What the engine says of fits, refusals and causes wherever it speaks: in reports and in explanations."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from introducer.saying import say, worded

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
    "called_flag",
    "cause",
    "count",
    "listed",
    "names_of",
]

#: How much was asked, by level. Level 0 stands for a private need, whose level is not shown.
LEVELS = (worded("not shown"), worded("a little"), worded("quite a bit"), worded("a lot"))
#: How well a need is covered, by band of fit.
BANDS = (worded("nobody yet"), worded("in part"), worded("well"), worded("very well"))
PRIVATE = worded("A private need")
#: What ``count`` says on pages that are translated.
_COUNTED = (worded("{number:,} mentor"), worded("{number:,} mentors"))
#: A fit above the first is the third band, above the second the second; any other help the first.
_EDGES = (2 / 3, 1 / 3)
#: Why a pair may not be tied, by refusal code. Facts that are confidential have one sentence together.
CONFIDENTIAL = worded("A confidential fact stands between them: a conflict, an evaluation, a list of people to avoid")
REFUSALS = {
    "self": worded("The same person on both sides"),
    "conflict": CONFIDENTIAL,
    "evaluator": CONFIDENTIAL,
    "avoid": CONFIDENTIAL,
    "veto": worded("A coordinator ruled the pair out"),
    "same_site": worded("Both work or train at the same site"),
    "institution": worded("Their institutions may not be tied"),
    "stage": worded("The stages of their careers lie too close or too far apart"),
    "language": worded("They share none of the languages they speak"),
    "consent": worded("One of them has not agreed to be matched"),
    "paused": worded("One of them is paused"),
    "guest": worded("The policy allows no guests"),
    "quota": worded("A limit that the mentor set"),
}
#: The codes that a coordinator may be told as the cause of one person's gap.
TOLD = {
    "veto": worded("everyone who offers it was ruled out by a coordinator"),
    "same_site": worded("everyone who offers it is at the same site"),
    "institution": worded("everyone who offers it is at an institution that is ruled out"),
    "stage": worded("nobody who offers it is at the right stage for this mentee"),
    "language": worded("nobody who offers it shares a language with this mentee"),
    "guest": worded("only guests offer it, and the policy allows none"),
}
_CAUSES = {
    "no_offer": worded("nobody in this cohort offers it"),
    "refused": worded("everyone who offers it is ruled out for this mentee"),
    "full": worded("the seats of those who offer it help more elsewhere"),
    "team_spent": worded("the team is complete; one more mentor would cover it"),
    "below_floor": worded("what is offered is too little to count under this policy"),
    "passed_over": worded("a free seat could help; this match changes little, or ended before it came to that"),
}
#: Equity flags that every program knows; a program's own ones are called as it calls them.
_FLAGS = {"rural": worded("rural"), "no_home_program": worded("no home program")}


def cause(gap: Gap) -> str:
    """Say why a need stays uncovered. A confidential refusal is said as any refusal."""
    return say(TOLD.get(gap.code, _CAUSES[gap.cause]) if gap.cause == "refused" else _CAUSES[gap.cause])


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun."""
    return say(f"{{number:,}} {one if number == 1 else many or one + 's'}", number=number)


def listed(words: list[str]) -> str:
    """Join words as in a sentence."""
    return words[0] if len(words) == 1 else say("{first} and {last}", first=", ".join(words[:-1]), last=words[-1])


def called_flag(flag: str) -> str:
    """Return what people read for an equity flag."""
    return say(_FLAGS[flag]) if flag in _FLAGS else flag.replace("_", " ")


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
