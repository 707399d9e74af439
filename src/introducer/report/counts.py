"""What is counted over a whole cohort, and what is too small to be counted.

Think of the one person in a small cell: a count of few people who asked for something
sensitive, or in private, says something of each of them.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from introducer.advice.cells import LEAST
from introducer.criteria import need_shares
from introducer.io import redaction
from introducer.report.words import REFUSALS
from introducer.rules import wishes_read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from introducer.outcome import Outcome
    from introducer.roster import Mentee
    from introducer.vocabulary import Vocabulary

__all__ = ["LEAST", "coverage", "is_hidden", "refused_pairs", "wishes_honored"]

#: Refusal codes whose small numbers could point to somebody.
_DISCREET = frozenset({"conflict", "evaluator", "avoid", "consent", "quota"})


def is_hidden(mentee: Mentee, key: str, vocabulary: Vocabulary, *, redacted: bool) -> bool:
    """Tell whether a need is left out of a report altogether."""
    return redacted and redaction.is_hidden(mentee, key, vocabulary)


def coverage(outcome: Outcome, *, redacted: bool) -> tuple[float | None, bool]:
    """Return the mean coverage of those who asked, and whether private needs are left out of it."""
    mentees, vocabulary = outcome.roster.mentees, outcome.roster.vocabulary
    private = sum(bool(mentee.private & mentee.needs.keys()) for mentee in mentees)
    whole = not redacted and (private == 0 or private >= LEAST)
    parts = []
    for mentee, constellation in zip(mentees, outcome.constellations, strict=True):
        if whole:
            parts += [constellation.coverage] if mentee.needs else []
            continue
        shown = {
            key: level
            for key, level in mentee.needs.items()
            if key not in mentee.private and not is_hidden(mentee, key, vocabulary, redacted=redacted)
        }
        if shown:
            # Shares among what is shown: the share of a topic tells the levels of the domain's other topics.
            shares = need_shares(shown)
            parts.append(sum(share * constellation.fits.get(key, 0.0) for key, share in shares.items()))
    return (sum(parts) / len(parts) if parts else None), not whole


def wishes_honored(outcome: Outcome) -> tuple[int, int] | None:
    """Return wishes honored and wishes read, or None where too few people wished."""
    people = asked = honored = 0
    for mentee, constellation in zip(outcome.roster.mentees, outcome.constellations, strict=True):
        wishes = wishes_read(mentee, outcome.policy)
        people += bool(wishes)
        asked += len(wishes)
        honored += len({key for tie in constellation.ties for key in tie.wishes} & wishes.keys())
    return (honored, asked) if people >= LEAST else None


def refused_pairs(refusals: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return pairs by reason, the most frequent first; -1 where fewer than ``LEAST`` are not shown."""
    sums: Counter[str] = Counter()
    discreet = {REFUSALS[code] for code in _DISCREET}
    for code, number in refusals.items():
        sums[REFUSALS[code]] += number
    rows = [(text, -1 if text in discreet and number < LEAST else number) for text, number in sums.items() if number]
    return sorted(rows, key=lambda row: (-row[1], row[0]))
