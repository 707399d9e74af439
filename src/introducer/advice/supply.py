"""What is asked for and what is offered, by domain and by experience, in people, in seats and in weight.

The **need** for a domain is the sum of what it weighs for each mentee who asked for it openly, all
needs of one mentee weighing 1; the part **met** weighs each by the best fit of the team:

    need_d = sum_i w_id        met_d = sum_i w_id max_{j in S_i} e_ijd / need_d

with shares w_id among the needs that are not private, nor sensitive where the domain is not: what
is left out must not be told by what the rest sums to.

Think of the one person in a small cell: a sensitive domain is counted from ``LEAST`` people on, and so is
an experience; what a total would tell by subtraction goes too (``introducer.advice.cells``).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from introducer.advice.cells import LEAST, at_least, shown
from introducer.criteria import need_shares
from introducer.rules import wishes_read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from introducer.outcome import Constellation, Outcome
    from introducer.roster import Mentee, Mentor
    from introducer.vocabulary import Domain

__all__ = ["Supply", "WishSupply", "supply", "wish_supply"]


@dataclass(frozen=True, slots=True)
class Supply:
    """One domain: mentees who ask, mentors who offer, their seats, mentees covered in all of it.

    None stands for what is not shown; ``private`` is the number who asked in private, 0 where
    that is not shown. ``need`` is in mentees, ``met`` in [0, 1]; ``price`` is the mean price of a
    seat with those who offer it.
    """

    name: str
    asked: int
    private: int
    offered: int | None
    seats: int | None
    covered: int | None
    need: float
    met: float | None
    price: float | None


@dataclass(frozen=True, slots=True)
class WishSupply:
    """One experience: mentees who wish for it, mentors who speak to it, their seats, wishes honored.

    None stands for what is not shown.
    """

    name: str
    asked: int
    offered: int | None
    seats: int | None
    honored: int | None


def supply(outcome: Outcome, *, redacted: bool) -> list[Supply]:
    """Return need against supply by domain, the most open ones first.

    Parameters
    ----------
    redacted : bool
        For readers who may not know what is sensitive: such domains, counts of private needs and prices are left out.
    """
    roster = outcome.roster
    rows = []
    in_private = {
        mentee.id: {key.partition(".")[0] for key in mentee.needs if key in mentee.private} for mentee in roster.mentees
    }
    tallies = _tallied(outcome)
    for domain in roster.vocabulary.domains:
        tally = tallies[domain.id]
        asked, covered = tally.asked, tally.covered
        if not asked or (domain.sensitive and (redacted or asked < LEAST)):
            continue
        offers = [j for j, mentor in enumerate(roster.mentors) if _has(mentor, domain)]
        told = not domain.sensitive or len(offers) >= LEAST
        counted = not domain.sensitive or min(covered, asked - covered) >= LEAST
        rows.append(
            Supply(
                name=domain.name,
                asked=asked,
                private=0 if redacted else _shown_private(in_private, domain.id),
                offered=len(offers) if told else None,
                seats=sum(outcome.capacities[j] for j in offers) if told else None,
                covered=covered if counted else None,
                need=tally.need,
                met=tally.met / tally.need if counted else None,
                price=None if redacted or domain.sensitive else _mean(outcome.prices.capacity[j] for j in offers),
            )
        )
    return sorted(rows, key=lambda row: (-(row.asked - (row.covered or 0)), -row.asked, row.name))


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return sum(found) / len(found) if found else None


def _has(mentor: Mentor, domain: Domain) -> bool:
    return any(key.partition(".")[0] == domain.id for key in mentor.offers.keys() - _apart(domain))


def _apart(domain: Domain) -> set[str]:
    """Return the sensitive topics of a domain that is not sensitive itself: they count nowhere."""
    return set() if domain.sensitive else {f"{domain.id}.{topic.id}" for topic in domain.topics if topic.sensitive}


@dataclass(slots=True)
class _Tally:
    """One domain: who asked for it openly, who of them is covered in all of it, what they need, and what is met."""

    asked: int = 0
    covered: int = 0
    need: float = 0.0
    met: float = 0.0


def _tallied(outcome: Outcome) -> Mapping[str, _Tally]:
    """Return what is asked for and covered by id of the domain, everybody looked at once."""
    vocabulary = outcome.roster.vocabulary
    tallies = {domain.id: _Tally() for domain in vocabulary.domains}
    sensitive = {domain.id for domain in vocabulary.domains if domain.sensitive}
    for mentee, constellation in _people(outcome):
        told = {key: level for key, level in mentee.needs.items() if key not in mentee.private}
        plain = {key: level for key, level in told.items() if not vocabulary.is_sensitive(key)}
        gaps = {gap.need for gap in constellation.gaps}
        asked, missing = set[str](), set[str]()
        # A domain that is not sensitive is weighed as if nothing sensitive had been asked for.
        for asks, is_sensitive in ((plain, False), (told if len(told) > len(plain) else {}, True)):
            for key, share in need_shares(asks).items():
                domain = key.partition(".")[0]
                if (domain in sensitive) == is_sensitive:
                    asked.add(domain)
                    missing.update({domain} if key in gaps else ())
                    tallies[domain].need += share
                    tallies[domain].met += share * constellation.fits[key]
        for domain in asked:
            tallies[domain].asked += 1
            tallies[domain].covered += domain not in missing
    return tallies


def _shown_private(in_private: Mapping[str, set[str]], domain: str) -> int:
    """Return how many asked for a domain in private, or 0 where that could point to somebody.

    Were nearly all private needs of one domain, its count would say what "a private need" of
    each of them is; so enough others must be of another domain.
    """
    here = sum(domain in domains for domains in in_private.values())
    elsewhere = sum(bool(domains - {domain}) for domains in in_private.values())
    return here if here >= LEAST and elsewhere >= LEAST else 0


def wish_supply(outcome: Outcome) -> list[WishSupply]:
    """Return wishes for experiences against those who speak to them, the most wished for first; none if few."""
    roster = outcome.roster
    wished: Counter[str] = Counter()
    honored: Counter[str] = Counter()
    for mentee, constellation in _people(outcome):
        wishes = wishes_read(mentee, outcome.policy)
        wished.update(wishes.keys())
        honored.update({key for tie in constellation.ties for key in tie.wishes} & wishes.keys())
    paths = {term.id: wished[term.id] for term in roster.vocabulary.experiences}
    listed = shown(paths, wished.total())
    counted = _apart_from_the_rest(listed, wished, honored)
    rows = []
    for key, asked in listed.items():
        speak = [j for j, mentor in enumerate(roster.mentors) if key in mentor.experiences]
        few = at_least(len(speak)) is None
        rows.append(
            WishSupply(
                name=roster.vocabulary.name(key),
                asked=asked,
                offered=None if few else len(speak),
                seats=None if few else sum(outcome.capacities[j] for j in speak),
                honored=honored[key] if key in counted else None,
            )
        )
    return rows


def _apart_from_the_rest(listed: Mapping[str, int], wished: Counter[str], honored: Counter[str]) -> set[str]:
    """Return the wishes whose honored ones may be counted beside the total of all wishes, read and honored."""

    def is_large(asked: int, met: int) -> bool:
        return min(met, asked - met) >= LEAST

    kept = [key for key, asked in listed.items() if is_large(asked, honored[key])]
    while kept:
        asked = wished.total() - sum(wished[key] for key in kept)
        if asked == 0 or is_large(asked, honored.total() - sum(honored[key] for key in kept)):
            break
        kept.pop()
    return set(kept)


def _people(outcome: Outcome) -> Iterable[tuple[Mentee, Constellation]]:
    return zip(outcome.roster.mentees, outcome.constellations, strict=True)
