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
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from introducer import fit, rules
from introducer.advice.differences import KINDS, differences
from introducer.errors import Infeasible
from introducer.solve import Watch, solve_market

if TYPE_CHECKING:
    from introducer.outcome import Outcome
    from introducer.policy import Policy
    from introducer.roster import Roster

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
    todo = list(differences(roster, base, ties, rounds, chance))
    parts: dict[str, list[float]] = {kind: [] for kind in KINDS}
    stayed, could = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    impossible: Counter[str] = Counter()
    leavers: dict[str, int] = {}
    done = 0
    for one in todo:
        watch.tell(one.kind, done / len(todo), None)
        if watch.stop():
            break
        done += 1
        try:
            now = _matched(one.roster, one.policy, outcome.previous | set(ties), watch)
        except Infeasible:
            impossible[one.kind] += 1
            continue
        able = [tie for tie in ties if tie[1] != one.gone]
        kept = [tie for tie in able if tie in now]
        parts[one.kind].append(len(kept) / len(able) if able else 1.0)
        if one.kind != "nothing":
            could.update(able)
            stayed.update(kept)
        if one.gone:
            leavers[one.gone] = len(able) - len(kept)
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
