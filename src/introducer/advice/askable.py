"""What a profile may be made of: words of the cohort that were said openly.

A domain enters if somebody asked for it openly, one that is sensitive only if ``LEAST`` did; an
experience if ``ENOUGH`` mentees wish for it and the policy reads it (likewise). Needs in private and
shared private attributes choose nothing here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import median_low
from typing import TYPE_CHECKING

from introducer.advice.cells import LEAST
from introducer.rules import folded, wishes_read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from introducer.outcome import Outcome

__all__ = ["ENOUGH", "Words", "words"]

#: A profile asks for an experience if so many mentees wish for it.
ENOUGH = 5
#: So many regions are tried.
REGIONS = 12


@dataclass(frozen=True)
class Words:
    """What profiles of a cohort are made of: options of each field, in order, and the level of offers."""

    options: Mapping[str, tuple[str, ...]]
    domains: tuple[str, ...]
    experiences: tuple[str, ...]
    level: int


def words(outcome: Outcome) -> Words:
    """Return what may be asked for in a cohort."""
    roster, policy = outcome.roster, outcome.policy
    vocabulary = roster.vocabulary
    held = {mentor.stage for mentor in roster.mentors}
    asked: Counter[str] = Counter()
    wished: Counter[str] = Counter()
    for mentee in roster.mentees:
        asked.update({key.partition(".")[0] for key in _open(mentee.needs, mentee.private, outcome)})
        wished.update(wishes_read(mentee, policy).keys())
    levels = [level for mentor in roster.mentors for level in mentor.offers.values()]
    return Words(
        options={
            "stage": tuple(stage.id for stage in vocabulary.stages if stage.id in held),
            "setting": tuple(term.id for term in vocabulary.settings),
            "region": _regions(mentee.region for mentee in roster.mentees),
        },
        domains=tuple(d.id for d in vocabulary.domains if asked[d.id] >= (LEAST if d.sensitive else 1)),
        experiences=tuple(
            term.id for term in vocabulary.experiences if wished[term.id] >= (LEAST if term.sensitive else ENOUGH)
        ),
        level=median_low(levels) if levels else 2,
    )


def _open(needs: Iterable[str], private: frozenset[str], outcome: Outcome) -> list[str]:
    """Return the needs that say openly that their domain is asked for; a sensitive topic says it of no other domain."""
    vocabulary = outcome.roster.vocabulary
    return [
        key
        for key in needs
        if key not in private
        and (not vocabulary.is_sensitive(key) or vocabulary.needs[key.partition(".")[0]].sensitive)
    ]


def _regions(told: Iterable[str]) -> tuple[str, ...]:
    """Return the most frequent regions, each in its most frequent spelling (equals by name)."""
    spelled: dict[str, Counter[str]] = {}
    for region in told:
        if folded(region):
            spelled.setdefault(folded(region), Counter())[" ".join(region.split())] += 1
    often = sorted(spelled, key=lambda place: (-spelled[place].total(), place))[:REGIONS]
    return tuple(min(spelled[place], key=lambda way: (-spelled[place][way], way)) for place in often)
