"""Which ties stay when something small is different.

The cohort is matched again with one thing changed, as ``introducer match --previous`` would: a
tie moves only for more than ``continuity``, the policy's or another. With 0 it moves for anything,
between equals for nothing. Four kinds of change, each drawn from one seed:

1. **nothing**: what moves all the same is the noise of matching again; read the others against it.
2. **weights**: every weight of the policy (``weights``, ``pair_terms``, ``equity``) by its own factor, .9 or
   1.1, kept inside its range [1]_.
3. **mentor**: one mentor with a mentee leaves; all of them, or as many as there are rounds. Their own
   ties cannot stay and are not counted.
4. **answer**: one answer is missing: a need, a wish that the policy reads, an offer, an experience.

A tie's strength is the part of the rounds in which it could have stayed and did. Which answer or
which weight moved a tie is told nowhere: it could be a private one.

.. [1] Saltelli A. et al., Global Sensitivity Analysis: The Primer, Wiley (2008), chapter 1.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from introducer import fit, rules
from introducer.errors import Infeasible
from introducer.policy import Policy
from introducer.rules import wishes_read
from introducer.solve import Watch, solve_market

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from introducer.outcome import Outcome
    from introducer.roster import Roster

    Pair = tuple[str, str]
    Change = tuple[str, Roster, Policy, str]

__all__ = ["KINDS", "Kind", "Robustness", "Strength", "robustness"]

#: What is changed, in this order.
KINDS = ("nothing", "weights", "mentor", "answer")
#: Part by which a weight is changed.
SHIFT = 0.1


@dataclass(frozen=True, slots=True)
class Kind:
    """What one kind of change did.

    Attributes
    ----------
    kind : str
        One of ``KINDS``.
    rounds : int
        So many changes were made.
    mean, least : float
        Part of the ties that stayed, of those that could: over the rounds, in [0, 1]; 1 without a round.
    impossible : int
        Rounds in which no outcome met the rules; they are in none of the above.
    """

    kind: str
    rounds: int
    mean: float
    least: float
    impossible: int


@dataclass(frozen=True, slots=True)
class Strength:
    """How often a tie stayed: ``stayed`` of ``rounds`` in which it could, kinds other than ``nothing``."""

    mentee: str
    mentor: str
    stayed: int
    rounds: int

    @property
    def part(self) -> float:
        """In [0, 1]; 1 without a round."""
        return self.stayed / self.rounds if self.rounds else 1.0


@dataclass(frozen=True)
class Robustness:
    """Which ties stay.

    Attributes
    ----------
    seed : int
    continuity : float
        What a tie had to lose by to move.
    kinds : tuple of Kind
        In the order of ``KINDS``.
    ties : tuple of Strength
        All ties, the most fragile first, equals by id.
    leavers : tuple of (str, int)
        Mentors who left in a round, and how many ties of others moved with it; most first, equals by id.
    finished : bool
        False when it was stopped before all rounds.
    """

    seed: int
    continuity: float
    kinds: tuple[Kind, ...]
    ties: tuple[Strength, ...]
    leavers: tuple[tuple[str, int], ...]
    finished: bool

    @property
    def fragile(self) -> tuple[Strength, ...]:
        """Ties that did not always stay."""
        return tuple(tie for tie in self.ties if tie.stayed < tie.rounds)


def robustness(
    outcome: Outcome,
    *,
    rounds: int = 10,
    seed: int | None = None,
    continuity: float | None = None,
    watch: Watch | None = None,
) -> Robustness:
    """Match again with small changes, and say which ties stay.

    Parameters
    ----------
    outcome : Outcome
        As ``match`` returned it.
    rounds : int
        Changes of each kind but ``nothing``, at least 1.
    seed : int, optional
        Of what is drawn. Default: the policy's.
    continuity : float, optional
        What a tie must lose by to move, in [0, 1]. Default: the policy's.
    watch : Watch, optional
        Whom to tell of progress, and whether to stop early.

    Returns
    -------
    Robustness
        The same for the same outcome and seed, whatever the order of people or the number of threads.
    """
    watch = watch or Watch()
    seed = outcome.policy.seed if seed is None else seed
    chance = np.random.default_rng(seed)
    roster, base = outcome.roster, outcome.policy
    if continuity is not None:
        base = base.model_copy(update={"continuity": continuity})
    ties = [(roster.mentees[t.mentee].id, roster.mentors[t.mentor].id) for t in outcome.ties]
    todo = [("nothing", roster, base, ""), *_changes(roster, base, ties, rounds, chance)]
    parts: dict[str, list[float]] = {kind: [] for kind in KINDS}
    stayed, could = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    impossible: Counter[str] = Counter()
    leavers: dict[str, int] = {}
    done = 0
    for kind, people, policy, gone in todo:
        watch.tell(kind, done / len(todo), None)
        if watch.stop():
            break
        done += 1
        try:
            now = _matched(people, policy, outcome.previous | set(ties), watch)
        except Infeasible:
            impossible[kind] += 1
            continue
        able = [tie for tie in ties if tie[1] != gone]
        kept = [tie for tie in able if tie in now]
        parts[kind].append(len(kept) / len(able) if able else 1.0)
        if kind != "nothing":
            could.update(able)
            stayed.update(kept)
        if gone:
            leavers[gone] = len(able) - len(kept)
    return Robustness(
        seed=seed,
        continuity=base.continuity,
        kinds=tuple(
            Kind(kind, len(own), sum(own) / len(own) if own else 1.0, min(own, default=1.0), impossible[kind])
            for kind, own in parts.items()
        ),
        ties=tuple(sorted((Strength(*tie, stayed[tie], could[tie]) for tie in ties), key=_fragile_first)),
        leavers=tuple(sorted(leavers.items(), key=lambda row: (-row[1], row[0]))),
        finished=done == len(todo),
    )


def _fragile_first(tie: Strength) -> tuple[float, str, str]:
    return tie.part, tie.mentee, tie.mentor


def _matched(roster: Roster, policy: Policy, previous: frozenset[Pair], watch: Watch) -> set[Pair]:
    """Match again, and return the ties by id."""
    refused = rules.refusals(roster, policy)
    market = fit.market(roster, policy, refused, previous)
    _problem, solution = solve_market(market, policy, Watch(stop=watch.stop))
    return {
        (mentee.id, roster.mentors[j].id)
        for mentee, team in zip(roster.mentees, solution.teams, strict=True)
        for j in team
    }


def _changes(
    roster: Roster, policy: Policy, ties: Sequence[Pair], rounds: int, chance: np.random.Generator
) -> Iterator[Change]:
    """Yield kind, people, policy and, where a mentor leaves, who."""
    for _round in range(rounds):
        yield "weights", roster, _shifted(policy, chance), ""
    tied = sorted({mentor for _mentee, mentor in ties})
    for place in _drawn(len(tied), rounds, chance):
        yield "mentor", _without(roster, tied[place]), policy, tied[place]
    answers = list(_answers(roster, policy))
    for place in _drawn(len(answers), rounds, chance):
        yield "answer", _unanswered(roster, *answers[place]), policy, ""


def _drawn(count: int, most: int, chance: np.random.Generator) -> list[int]:
    """Return so many different places, all if there are fewer, in order."""
    return sorted(chance.choice(count, size=min(count, most), replace=False).tolist())


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
