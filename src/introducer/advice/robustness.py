"""Which ties stay when something small is different.

The cohort is matched again with one thing changed, as ``introducer match --previous`` would: a
tie moves only for more than ``continuity``, the policy's or another. With 0 it moves for anything,
between equals for nothing.

1. **Differences** of four kinds, drawn from one seed (``introducer.advice.differences``). What moves
   all the same when nothing is different is the noise of matching again; read the others against it.
2. **Match again**, and count the ties that stayed. A mentor who leaves takes ties along that cannot
   stay and are not counted.

A tie's strength is the part of the rounds in which it could have stayed and did. Which answer or
which weight moved a tie is told nowhere: it could be a private one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from introducer import fit, rules
from introducer.advice.differences import KINDS, differences
from introducer.errors import Infeasible
from introducer.solve import Watch, solve_market

if TYPE_CHECKING:
    from collections.abc import Sequence

    from introducer.advice.differences import Difference
    from introducer.outcome import Outcome

    Pair = tuple[str, str]

__all__ = ["Kind", "Robustness", "Strength", "robustness"]


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
        False when it was stopped before all rounds; one that was not at its own end does not count.
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
    ties = [(roster.mentees[i].id, roster.mentors[j].id) for i, team in enumerate(outcome.teams) for j in team]
    todo = list(differences(roster, base, ties, rounds, chance))
    tally = _Tally(ties)
    finished = False
    for done, one in enumerate(todo):
        watch.tell(one.kind, done / len(todo), None)
        if watch.stop():
            break
        try:
            now = _matched(one, outcome.previous | set(ties), watch)
        except Infeasible:
            tally.impossible[one.kind] += 1
            continue
        if now is None:
            break
        tally.add(one, now)
    else:
        finished = True
    leavers = tuple(sorted(tally.leavers.items(), key=lambda row: (-row[1], row[0])))
    return Robustness(seed, base.continuity, tally.kinds(), tally.strengths(), leavers, finished)


@dataclass
class _Tally:
    """What was counted of some ties: by kind the part that stayed in each round, and by tie how often."""

    ties: Sequence[Pair]
    parts: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    impossible: Counter[str] = field(default_factory=Counter)
    stayed: Counter[Pair] = field(default_factory=Counter)
    could: Counter[Pair] = field(default_factory=Counter)
    leavers: dict[str, int] = field(default_factory=dict)

    def add(self, one: Difference, now: set[Pair]) -> None:
        """Count a round by the ties that there are now."""
        able = [tie for tie in self.ties if tie[1] != one.gone]
        kept = [tie for tie in able if tie in now]
        self.parts[one.kind].append(len(kept) / len(able) if able else 1.0)
        if one.kind != "nothing":
            self.could.update(able)
            self.stayed.update(kept)
        if one.gone:
            self.leavers[one.gone] = len(able) - len(kept)

    def kinds(self) -> tuple[Kind, ...]:
        return tuple(
            Kind(kind, len(own), sum(own) / len(own) if own else 1.0, min(own, default=1.0), self.impossible[kind])
            for kind, own in self.parts.items()
        )

    def strengths(self) -> tuple[Strength, ...]:
        found = (Strength(*tie, self.stayed[tie], self.could[tie]) for tie in self.ties)
        return tuple(sorted(found, key=lambda tie: (tie.part, tie.mentee, tie.mentor)))


def _matched(one: Difference, previous: frozenset[Pair], watch: Watch) -> set[Pair] | None:
    """Match again, and return the ties by id; None if that was stopped before its own end."""
    roster, policy = one.roster, one.policy
    market = fit.market(roster, policy, rules.refusals(roster, policy), previous)
    _problem, solution = solve_market(market, policy, Watch(stop=watch.stop))
    if not solution.finished:
        return None
    return {
        (mentee.id, roster.mentors[j].id)
        for mentee, team in zip(roster.mentees, solution.teams, strict=True)
        for j in team
    }
