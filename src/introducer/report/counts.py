"""What is counted over a whole cohort, and what is too small to be counted.

Think of the one person in a small cell: a count of few people who asked for something
sensitive, or in private, says something of each of them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from introducer.criteria import need_shares
from introducer.io import redaction
from introducer.report.words import REFUSALS
from introducer.rules import wishes_read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from introducer.outcome import Outcome
    from introducer.roster import Mentee, Mentor
    from introducer.vocabulary import Domain, Vocabulary

__all__ = ["LEAST", "Supply", "coverage", "is_hidden", "refused_pairs", "supply", "wishes_honored"]

#: Fewer people than this are never counted for what is private, sensitive or confidential.
LEAST = 10
#: Refusal codes whose small numbers could point to somebody.
_DISCREET = frozenset({"conflict", "evaluator", "avoid", "consent", "quota"})


@dataclass(frozen=True, slots=True)
class Supply:
    """One domain: mentees who ask, mentors who offer, their seats, mentees covered in all of it.

    None stands for a count that is not shown; ``private`` is the number who asked in private,
    0 where that is not shown.
    """

    name: str
    asked: int
    private: int
    offered: int | None
    seats: int | None
    covered: int | None


def is_hidden(mentee: Mentee, key: str, vocabulary: Vocabulary, *, redacted: bool) -> bool:
    """Tell whether a need is left out of a report altogether."""
    return redacted and redaction.is_hidden(mentee, key, vocabulary)


def coverage(outcome: Outcome, *, redacted: bool) -> tuple[float | None, bool]:
    """Return the mean coverage of those who asked, and whether private needs are left out of it."""
    people = list(zip(outcome.roster.mentees, outcome.constellations, strict=True))
    private = sum(bool(mentee.private & mentee.needs.keys()) for mentee, _ in people)
    if not redacted and (private == 0 or private >= LEAST):
        parts = [constellation.coverage for mentee, constellation in people if mentee.needs]
        return (sum(parts) / len(parts) if parts else None), False
    parts = []
    for mentee, constellation in people:
        shown = {
            key: level
            for key, level in mentee.needs.items()
            if key not in mentee.private and not is_hidden(mentee, key, outcome.roster.vocabulary, redacted=redacted)
        }
        if shown:
            # Shares among what is shown: the share of a topic tells the levels of the domain's other topics.
            shares = need_shares(shown)
            parts.append(sum(share * constellation.fits.get(key, 0.0) for key, share in shares.items()))
    return (sum(parts) / len(parts) if parts else None), True


def supply(outcome: Outcome, *, redacted: bool) -> list[Supply]:
    """Return asked against offered by domain, the most open ones first."""
    roster = outcome.roster
    rows = []
    in_private = {
        mentee.id: {key.partition(".")[0] for key in mentee.needs if key in mentee.private} for mentee in roster.mentees
    }
    for domain in roster.vocabulary.domains:
        asked, covered = _asked(outcome, domain)
        private = 0 if redacted else _shown_private(in_private, domain.id)
        offers = [j for j, mentor in enumerate(roster.mentors) if _has(mentor, domain)]
        seats = sum(outcome.capacities[j] for j in offers)
        if not domain.sensitive:
            if asked:
                rows.append(Supply(domain.name, asked, private, len(offers), seats, covered))
        elif asked >= LEAST and not redacted:
            shown = min(covered, asked - covered) >= LEAST
            rows.append(
                Supply(
                    domain.name,
                    asked,
                    private,
                    len(offers) if len(offers) >= LEAST else None,
                    seats if len(offers) >= LEAST else None,
                    covered if shown else None,
                )
            )
    return sorted(rows, key=lambda row: (-(row.asked - (row.covered or 0)), -row.asked, row.name))


def _has(mentor: Mentor, domain: Domain) -> bool:
    return any(key.partition(".")[0] == domain.id for key in mentor.offers.keys() - _apart(domain))


def _apart(domain: Domain) -> set[str]:
    """Return the sensitive topics of a domain that is not sensitive itself: they count nowhere."""
    return set() if domain.sensitive else {f"{domain.id}.{topic.id}" for topic in domain.topics if topic.sensitive}


def _asked(outcome: Outcome, domain: Domain) -> tuple[int, int]:
    """Return how many asked for a domain openly, and how many of them are covered in all of it."""
    asked = covered = 0
    for mentee, constellation in zip(outcome.roster.mentees, outcome.constellations, strict=True):
        keys = {key for key in mentee.needs if key.partition(".")[0] == domain.id} - mentee.private - _apart(domain)
        if keys:
            asked += 1
            covered += keys.isdisjoint(gap.need for gap in constellation.gaps)
    return asked, covered


def _shown_private(in_private: Mapping[str, set[str]], domain: str) -> int:
    """Return how many asked for a domain in private, or 0 where that could point to somebody.

    Were nearly all private needs of one domain, its count would say what "a private need" of
    each of them is; so enough others must be of another domain.
    """
    here = sum(domain in domains for domains in in_private.values())
    elsewhere = sum(bool(domains - {domain}) for domains in in_private.values())
    return here if here >= LEAST and elsewhere >= LEAST else 0


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
