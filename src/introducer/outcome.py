"""What came out of a match run: never edited, only superseded.

All worths are multiples of 2**-30 (``introducer.problem.GRID``), so that they add without
rounding and in any order.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from introducer.spread import FairLottery, Fairness, Group, Plain, Prices, Raised, Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from introducer.policy import Policy
    from introducer.roster import Roster

__all__ = [
    "CAUSES",
    "CODES",
    "Certificate",
    "Chance",
    "Constellation",
    "Draw",
    "FairLottery",
    "Fairness",
    "Gap",
    "Group",
    "Outcome",
    "Plain",
    "Prices",
    "Raised",
    "Reason",
    "Step",
    "Swap",
    "Tie",
]

#: Refusal codes, in the order in which a pair's first one is named.
CODES = (
    "self",
    "conflict",
    "evaluator",
    "avoid",
    "veto",
    "same_site",
    "institution",
    "stage",
    "language",
    "consent",
    "paused",
    "guest",
    "quota",
)

#: Why a need stays uncovered; the first that applies.
CAUSES = ("no_offer", "refused", "full", "team_spent", "below_floor", "passed_over")


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause of a tie.

    Attributes
    ----------
    code : str
        ``need:<key>``, ``wish:<key>``, ``pair:<term>`` or ``continuity``.
    worth : float
        Its part of the tie's worth.
    """

    code: str
    worth: float


@dataclass(frozen=True, slots=True)
class Tie:
    """One mentor proposed to one mentee.

    Attributes
    ----------
    mentee, mentor : int
        Indices in the roster.
    worth : float
        The criteria that this mentor covers best in the team (equals: the lower index), plus
        the pair's own part. Worths sum to the constellation's value.
    marginal : float
        Value of the constellation with this mentor minus without.
    pair : float
        The pair's own part of the worth.
    needs, wishes : tuple of str
        Keys that this mentor covers best.
    reasons : tuple of Reason
        Sum to the worth; largest first, equals by code.
    """

    mentee: int
    mentor: int
    worth: float
    marginal: float
    pair: float
    needs: tuple[str, ...]
    wishes: tuple[str, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A need that nobody of the team covers: its key, the cause, and the refusal code if that is the cause."""

    need: str
    cause: str
    code: str = ""

    def __str__(self) -> str:
        return f"{self.need}:{self.cause}({self.code})" if self.code else f"{self.need}:{self.cause}"


@dataclass(frozen=True, slots=True)
class Constellation:
    """The mentors proposed to one mentee and what they cover.

    Attributes
    ----------
    mentee : int
        Index in the roster.
    ties : tuple of Tie
        In order of mentor index.
    value, alone : float
        Worth of the team, and of the best team if nobody else were in the cohort; the latter not a
        number where a cohort is so large that it is looked for in a sample alone.
    coverage : float
        Need-weighted part that is covered, in [0, 1]; 1 when nothing was asked.
    fits : mapping of str to float
        Best fit of the team for each need asked, in [0, 1], in order of key.
    gaps : tuple of Gap
        Needs that nobody of the team covers, the heaviest first.
    """

    mentee: int
    ties: tuple[Tie, ...]
    value: float
    alone: float
    coverage: float
    fits: Mapping[str, float]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """What the mentees of a cohort regret together, as a sample of them tells (``introducer.sample``).

    Attributes
    ----------
    mentees : int
        How many are in the sample, 2 or more.
    regret : float
        The estimate: the mean regret of the sample, times the mentees of the cohort.
    low, high : float
        Its interval of ``level``; 0 or more.
    level : float
        In (0, 1).
    """

    mentees: int
    regret: float
    low: float
    high: float
    level: float


@dataclass(frozen=True, slots=True)
class Certificate:
    """How close an outcome is to the best possible one, checkable by anyone with the files.

    Attributes
    ----------
    value, bound : float
        What the outcome is worth, and what no outcome can exceed; of a sample, what it exceeds hardly ever.
    scope : {"all", "sampled"}
        Whether the bound is proved over all eligible pairs, or estimated: all pairs of a sample of mentees.
    regrets : tuple of float
        By mentee: what its best team at these prices is worth more than its own. Not a number
        for those who are not in the sample.
    slacks : tuple of float
        By mentor: priced seats left empty, priced duties exceeded and priced quotas unused.
        Regrets and slacks sum to ``bound - value``; of a sample, ``sample.high`` and slacks.
    sample : Sample or None
        None where the bound is proved.
    """

    value: float
    bound: float
    scope: str
    regrets: tuple[float, ...]
    slacks: tuple[float, ...]
    sample: Sample | None = None

    @property
    def gap(self) -> float:
        """``(bound - value) / bound``, and 0 when the bound is 0."""
        return (self.bound - self.value) / self.bound if self.bound else 0.0


@dataclass(frozen=True, slots=True)
class Swap:
    """One coin of a lottery: a mentee gives a mentor to another one for theirs, or moves to a free seat.

    Attributes
    ----------
    mentee, gives, gets : int
        Indices of a mentee, the mentor given up and the mentor got.
    partner : int or None
        The mentee who gives ``gets`` and gets ``gives``; None where ``gets`` had a free seat.
    thousandths : int
        Probability of the swap, in thousandths.
    losses : tuple of float
        What the swap takes from the mentee and from the partner, on the grid; negative where it gains.
    came : bool
        How the coin fell.
    """

    mentee: int
    gives: int
    gets: int
    partner: int | None
    thousandths: int
    losses: tuple[float, float]
    came: bool = False

    @property
    def loss(self) -> float:
        """What the swap takes from both together."""
        return sum(self.losses)

    @property
    def sides(self) -> tuple[tuple[int, int, int], ...]:
        """Mentee, mentor given up and mentor got, of each mentee in it."""
        own = (self.mentee, self.gives, self.gets)
        return (own,) if self.partner is None else (own, (self.partner, self.gets, self.gives))


@dataclass(frozen=True, slots=True)
class Chance:
    """How probable a team of a mentee was before the coins.

    Attributes
    ----------
    mentee : int
    team : tuple of int
        Mentors, ascending.
    thousandths : int
    coin : int or None
        Number of the swap in the list that decides; None where nothing does.
    drawn : bool
        Whether it is the team of the outcome.
    """

    mentee: int
    team: tuple[int, ...]
    thousandths: int
    coin: int | None
    drawn: bool


@dataclass(frozen=True)
class Draw:
    """A lottery: what was listed before any coin, and how the coins fell.

    Attributes
    ----------
    before : tuple of tuple of int
        Mentors of each mentee, ascending, if no swap comes.
    swaps : tuple of Swap
        In the order of the coins; each mentee is in one at most.
    value_before : float
        What ``before`` is worth.
    commitment : str
        SHA-256 that binds the seed.
    """

    before: tuple[tuple[int, ...], ...]
    swaps: tuple[Swap, ...]
    value_before: float
    commitment: str

    @property
    def expected_loss(self) -> float:
        """What the lottery takes from ``value_before`` on average; swaps that gain count against it."""
        return sum(swap.thousandths * swap.loss for swap in self.swaps) / 1000

    @cached_property
    def teams(self) -> tuple[tuple[int, ...], ...]:
        """Mentors of each mentee after the coins."""
        return tuple(next(each.team for each in own if each.drawn) for own in self.chances)

    @cached_property
    def chances(self) -> tuple[tuple[Chance, ...], ...]:
        """Every team that a mentee could get, by mentee; the one without the swap first."""
        found = [[Chance(i, team, 1000, None, drawn=True)] for i, team in enumerate(self.before)]
        for number, swap in enumerate(self.swaps):
            for i, gives, gets in swap.sides:
                team = self.before[i]
                other = tuple(sorted({*team, gets} - {gives}))
                found[i] = [
                    Chance(i, team, 1000 - swap.thousandths, number, drawn=not swap.came),
                    Chance(i, other, swap.thousandths, number, drawn=swap.came),
                ]
        return tuple(map(tuple, found))

    def ties(self, i: int) -> dict[int, int]:
        """Return the probability in thousandths of every tie that a mentee could get, by mentor, ascending."""
        held: Counter[int] = Counter()
        for chance in self.chances[i]:
            held.update(dict.fromkeys(chance.team, chance.thousandths))
        return dict(sorted(held.items()))


@dataclass(frozen=True)
class Outcome:
    """One execution: what went in, what came out, and the proof.

    Attributes
    ----------
    constellations : tuple of Constellation
        One for every mentee, in order of the roster.
    loads, capacities : tuple of int
        By mentor.
    fairness : Fairness
    refusals : mapping of str to int
        Number of pairs by refusal code.
    previous : frozenset of (str, str)
        Ties (mentee id, mentor id) of an earlier outcome that earned the continuity bonus.
    reproducible : bool
        False when a time budget ended the run.
    draw : Draw or None
        The lottery that was held, if any; all else is of the teams after it.
    """

    roster: Roster
    policy: Policy
    constellations: tuple[Constellation, ...]
    loads: tuple[int, ...]
    capacities: tuple[int, ...]
    prices: Prices
    certificate: Certificate
    fairness: Fairness
    refusals: Mapping[str, int]
    previous: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    reproducible: bool = True
    draw: Draw | None = None

    @property
    def ties(self) -> tuple[Tie, ...]:
        """All ties, in order of mentee and mentor."""
        return tuple(tie for constellation in self.constellations for tie in constellation.ties)
