"""A cohort with one small thing different: a weight, a mentor, an answer; drawn from one seed.

1. **nothing**: the cohort as it is.
2. **weights**: every weight of the policy (``weights``, ``pair_terms``, ``equity``) by its own factor, .9 or
   1.1, kept inside its range [1]_.
3. **mentor**: one mentor with a mentee leaves; all of them, or as many as there are rounds.
4. **answer**: one answer is missing: a need, a wish that the policy reads, an offer, an experience.

.. [1] Saltelli A. et al., Global Sensitivity Analysis: The Primer, Wiley (2008), chapter 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from introducer.policy import Policy
from introducer.rules import wishes_read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from introducer.roster import Roster

    Pair = tuple[str, str]

__all__ = ["KINDS", "SHIFT", "Difference", "differences"]

#: What is different, in this order.
KINDS = ("nothing", "weights", "mentor", "answer")
#: Part by which a weight is changed.
SHIFT = 0.1


@dataclass(frozen=True, slots=True)
class Difference:
    """A cohort in which one thing is different: of one of ``KINDS``; ``gone`` is the mentor who left, by id."""

    kind: str
    roster: Roster
    policy: Policy
    gone: str = ""


def differences(
    roster: Roster, policy: Policy, ties: Sequence[Pair], rounds: int, chance: np.random.Generator
) -> Iterator[Difference]:
    """Yield the cohort as it is, and then with one thing different: the kinds by turns, each at most so many times.

    Parameters
    ----------
    ties : sequence of (str, str)
        Mentee and mentor, by id.
    rounds : int
        At least 1.
    """
    yield Difference("nothing", roster, policy)
    weights = [Difference("weights", roster, _shifted(policy, chance)) for _round in range(rounds)]
    tied = sorted({mentor for _mentee, mentor in ties})
    mentors = [
        Difference("mentor", _without(roster, tied[place]), policy, tied[place])
        for place in _drawn(len(tied), rounds, chance)
    ]
    given = list(_answers(roster, policy))
    answers = [
        Difference("answer", _unanswered(roster, *given[place]), policy) for place in _drawn(len(given), rounds, chance)
    ]
    for turn in zip_longest(weights, mentors, answers):
        yield from (one for one in turn if one is not None)


def _drawn(count: int, most: int, chance: np.random.Generator) -> list[int]:
    """Return so many different places, all if there are fewer."""
    return cast("list[int]", chance.choice(count, size=min(count, most), replace=False).tolist())


def _shifted(policy: Policy, chance: np.random.Generator) -> Policy:
    """Return the policy with every weight a little larger or smaller."""

    def one(weight: float, least: float, most: float) -> float:
        return min(most, max(least, weight * (1.0 + SHIFT * (1 - 2 * int(chance.integers(2))))))

    return Policy.model_validate(
        policy.model_dump()
        | {
            "weights": {name: one(weight, 0.0, 1.0) for name, weight in sorted(policy.weights.model_dump().items())},
            "pair_terms": {name: one(weight, 0.0, np.inf) for name, weight in sorted(policy.pair_terms.items())},
            "equity": {name: one(weight, 0.5, 2.0) for name, weight in sorted(policy.equity.items())},
        }
    )


def _without(roster: Roster, mentor: str) -> Roster:
    """Return the roster without a mentor and all that is known of their pairs."""
    return replace(
        roster,
        mentors=tuple(person for person in roster.mentors if person.id != mentor),
        ties=tuple(tie for tie in roster.ties if tie.mentor != mentor),
    )


def _answers(roster: Roster, policy: Policy) -> Iterator[tuple[str, int, str, str]]:
    """Yield every answer that could be missing: side, place of the person, field, key."""
    for i, mentee in enumerate(roster.mentees):
        yield from (("mentees", i, "needs", key) for key in sorted(mentee.needs))
        yield from (("mentees", i, "wishes", key) for key in sorted(wishes_read(mentee, policy)))
    for j, mentor in enumerate(roster.mentors):
        yield from (("mentors", j, "offers", key) for key in sorted(mentor.offers))
        yield from (("mentors", j, "experiences", key) for key in sorted(mentor.experiences))


def _unanswered(roster: Roster, side: str, place: int, name: str, key: str) -> Roster:
    """Return the roster in which one person left one answer out."""
    people: list[Any] = list(getattr(roster, side))
    person = people[place]
    given = getattr(person, name)
    rest = given - {key} if name == "experiences" else {other: own for other, own in given.items() if other != key}
    people[place] = replace(person, **{name: rest})
    changed: dict[str, Any] = {side: tuple(people)}
    return replace(roster, **changed)
