"""All that a place where people look at an outcome shows of each mentee, computed once, after the match.

A report is a page; this is the same as plain values, for a platform that keeps them. What a
coordinator may see and what only the mentee may see stand apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from introducer.conclude import account_of
from introducer.explain import for_coordinator, for_participant
from introducer.explain.costs import alternatives, cost_of_pin, cost_of_veto
from introducer.report.facts import gather
from introducer.report.words import proof

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from introducer.explain.costs import Alternative
    from introducer.outcome import Outcome
    from introducer.report.facts import Facts, MenteeFacts

__all__ = ["MenteeReview", "Review", "reviewed"]

#: So many other mentors are named for each mentee.
_OTHERS = 8


@dataclass(frozen=True, slots=True)
class MenteeReview:
    """One mentee, as an outcome has them.

    Attributes
    ----------
    facts : MenteeFacts
        What a coordinator may see: open needs by name, private ones as covered or not.
    for_coordinator : str
        The explanation with numbers that sum.
    for_participant : str
        The explanation in words; for the mentee alone.
    private : mapping of str to tuple of int
        By key of a private need: the mentors who cover it best, none where nobody does. For the
        mentee, and for those mentors once both agreed.
    others : tuple of Alternative
        Mentors who could be in the team at the least cost.
    pins, vetoes : mapping of int to float
        By mentor: what each order that held in this run cost, estimated.
    """

    facts: MenteeFacts
    for_coordinator: str
    for_participant: str
    private: Mapping[str, tuple[int, ...]]
    others: tuple[Alternative, ...]
    pins: Mapping[int, float]
    vetoes: Mapping[int, float]


@dataclass(frozen=True)
class Review:
    """An outcome for people to look at: the cohort's figures, its certificate in a sentence, and each mentee."""

    facts: Facts
    proof: str
    mentees: tuple[MenteeReview, ...]


def reviewed(outcome: Outcome) -> Review:
    """Compute what is shown of an outcome.

    Parameters
    ----------
    outcome : Outcome
        As ``match`` returned it.
    """
    account = account_of(outcome.roster, outcome.policy, outcome.teams, outcome.previous)
    facts = gather(outcome, redacted=False)
    vetoed = [(i, j) for i, j, _tie in outcome.roster.pairs("veto")]
    mentees = []
    for found in outcome.constellations:
        i = found.mentee
        mentees.append(
            MenteeReview(
                facts=facts.mentees[i],
                for_coordinator=for_coordinator(account, outcome, i),
                for_participant=for_participant(account, outcome, i),
                private=dict(_private(outcome, i)),
                others=alternatives(account, outcome.prices, i, _OTHERS),
                pins={int(j): cost_of_pin(account, outcome.prices, i, int(j)) for j in account.problem.pins(i)},
                vetoes={j: cost_of_veto(account, outcome.prices, i, j) for own, j in vetoed if own == i},
            )
        )
    return Review(facts, proof(outcome.certificate), tuple(mentees))


def _private(outcome: Outcome, i: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    mentee, found = outcome.roster.mentees[i], outcome.constellations[i]
    missing = {gap.need for gap in found.gaps}
    for key in sorted(mentee.private & mentee.needs.keys()):
        by = () if key in missing else tuple(tie.mentor for tie in found.ties if key in tie.needs)
        yield key, by
