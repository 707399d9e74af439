"""What a report may show of an outcome. Privacy is decided here and in ``counts``, and nowhere else.

The other modules of the report read these plain values, never the outcome, so that what is
left out here cannot come back by another way:

- Of a private need the coordinator learns that it exists and whether it is covered; not its
  domain, its level, its cause, nor who covers it.
- Wishes, experiences and shared attributes appear as one count over the cohort, when at
  least ``LEAST`` people are concerned.
- Worths of single people are not shown at all: what a hidden part adds could be computed
  from them by subtraction. For the same reason order and "covered" rest on shown needs.
- A redacted report is a function of the teams and of what was said openly
  (``introducer.io.redaction``). It leaves out private and sensitive needs, wishes, who covers
  what, causes that could be confidential, refusals, prices, regrets and sums of worths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

from introducer.advice.supply import Supply, WishSupply, supply, wish_supply
from introducer.fit import team_size
from introducer.io.redaction import gap_at_most
from introducer.outcome import Certificate
from introducer.report.counts import coverage, is_hidden, refused_pairs, wishes_honored
from introducer.report.layout import Direction, Star
from introducer.rules import may_be_matched
from introducer.saying import say
from introducer.words import PRIVATE, band, cause, names_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from introducer.outcome import Constellation, Draw, Group, Outcome
    from introducer.policy import Policy
    from introducer.roster import Mentee
    from introducer.vocabulary import Vocabulary

__all__ = [
    "LARGEST",
    "Facts",
    "FloorFacts",
    "Many",
    "MenteeFacts",
    "MentorFacts",
    "NeedFacts",
    "SpreadFacts",
    "Standing",
    "Teammate",
    "gather",
]

#: A report of more mentees shows none by name but the least covered: at 4.5 kB for each, it would be more than
#: 90 MB, which browsers open slowly or not at all.
LARGEST = 20_000


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """One need of a mentee.

    Level 0 where it is private; no names there and in a redacted report. ``why`` where nobody
    covers it and the cause may be told. ``key`` is empty where it is private.
    """

    name: str
    level: int
    fit: float
    by: tuple[str, ...]
    why: str
    private: bool
    key: str = ""

    @property
    def band(self) -> int:
        """Band of fit, 0 to 3."""
        return band(self.fit)


@dataclass(frozen=True, slots=True)
class Teammate:
    """A mentor in a team, and which of the mentee's shown needs they cover best (by index; None: left out)."""

    mentor: int
    name: str
    covers: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class MenteeFacts:
    """One mentee: what they asked for and who covers it. ``note`` says why they take no part."""

    index: int
    name: str
    about: str
    note: str
    needs: tuple[NeedFacts, ...]
    team: tuple[Teammate, ...]

    @property
    def covered(self) -> int:
        """Number of shown needs that somebody covers."""
        return sum(need.fit > 0 for need in self.needs)

    @property
    def open(self) -> int:
        """Number of shown needs that nobody covers."""
        return len(self.needs) - self.covered

    @property
    def directions(self) -> list[Direction]:
        """The needs as the picture draws them."""
        return [Direction(need.name, need.level or 2, need.fit, veiled=need.private) for need in self.needs]

    @property
    def stars(self) -> list[Star]:
        """The mentors as the picture draws them."""
        return [Star(mate.name, {k: self.needs[k].fit for k in mate.covers or ()}) for mate in self.team]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one mentee came out: all of a cohort's are kept, so that nobody has to be looked at twice.

    Attributes
    ----------
    index : int
    name : str
    team : int
        Number of mentors.
    asked, covered : int
        Number of shown needs, and of those that somebody covers.
    missing : int
        Sum of the levels of those that nobody covers.
    """

    index: int
    name: str
    team: int
    asked: int
    covered: int
    missing: int

    @property
    def open(self) -> int:
        """Number of shown needs that nobody covers."""
        return self.asked - self.covered


@dataclass(frozen=True)
class Many(Sequence[MenteeFacts]):
    """Mentees whose facts are made when they are asked for: those of a large cohort never exist at once."""

    make: Callable[[int], MenteeFacts]
    places: Sequence[int]

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, place: int) -> MenteeFacts: ...

    @overload
    def __getitem__(self, place: slice) -> Many: ...

    def __getitem__(self, place: int | slice) -> MenteeFacts | Many:
        here = self.places[place]
        return self.make(here) if isinstance(here, int) else Many(self.make, here)


@dataclass(frozen=True, slots=True)
class MentorFacts:
    """One mentor: load of capacity, and the price of a seat (None where it is left out)."""

    index: int
    name: str
    load: int
    capacity: int
    price: float | None


@dataclass(frozen=True, slots=True)
class FloorFacts:
    """What a floor did: what was asked, what was reached and proved, and what it cost against an outcome without it.

    ``value``, ``bound`` and ``before`` are those of the outcome without the floor: what it is
    worth, at most, and its least share. ``lottery`` is what a lottery over outcomes could give on average, at best.
    """

    asked: str | float
    level: float
    ceiling: float | None
    levels: int
    stuck: int
    cost: float
    cost_at_most: float
    value: float
    bound: float
    before: float | None
    lottery: float | None
    gained: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpreadFacts:
    """How evenly worth is spread; names of those without a share."""

    minimum: float | None
    fifth: float | None
    gini: float | None
    groups: tuple[Group, ...]
    left_out: tuple[str, ...]
    floor: FloorFacts | None


@dataclass(frozen=True)
class Facts:
    """All that a report shows. Of a lottery: swaps listed, swaps that came, expected loss as a part of the value."""

    program: str
    policy: Policy
    vocabulary: Vocabulary
    certificate: Certificate
    redacted: bool
    reproducible: bool
    mentees: Sequence[MenteeFacts]
    standings: Sequence[Standing]
    mentors: tuple[MentorFacts, ...]
    supply: tuple[Supply, ...]
    wish_supply: tuple[WishSupply, ...]
    coverage: float | None
    coverage_is_partial: bool
    wishes: tuple[int, int] | None
    refusals: tuple[tuple[str, int], ...]
    spread: SpreadFacts | None
    lottery: tuple[int, int, float] | None = None

    @property
    def brief(self) -> bool:
        """Whether the cohort is too large for a page to show everybody."""
        return len(self.standings) > LARGEST

    @property
    def ties(self) -> int:
        """Number of ties."""
        return sum(one.team for one in self.standings)

    @property
    def least_covered(self) -> Sequence[Standing]:
        """Mentees without a team, then those with an open need, the least covered first."""
        return sorted((one for one in self.standings if not one.team or one.open), key=_urgency)


def _urgency(one: Standing) -> tuple[bool, bool, float, int, int]:
    return bool(one.team), not one.asked, one.covered / one.asked if one.asked else 1.0, -one.missing, one.index


def gather(outcome: Outcome, *, redacted: bool) -> Facts:
    """Take from an outcome what a report may show."""
    roster = outcome.roster
    names = names_of(roster.mentors)
    called = names_of(roster.mentees)

    def made(i: int) -> MenteeFacts:
        return _mentee(outcome, outcome.constellations[i], called[i], names, redacted=redacted)

    mentees = Many(made, range(len(called)))
    prices = [None] * len(names) if redacted else outcome.prices.capacity
    mentors = tuple(
        MentorFacts(j, name, load, capacity, price)
        for j, (name, load, capacity, price) in enumerate(
            zip(names, outcome.loads, outcome.capacities, prices, strict=True)
        )
    )
    covered, partial = coverage(outcome, redacted=redacted)
    return Facts(
        program=roster.program,
        policy=outcome.policy,
        vocabulary=roster.vocabulary,
        certificate=_stated(outcome.certificate) if redacted else outcome.certificate,
        redacted=redacted,
        reproducible=outcome.reproducible,
        mentees=mentees,
        standings=tuple(map(_standing, mentees)),
        mentors=mentors,
        supply=tuple(supply(outcome, redacted=redacted)),
        wish_supply=() if redacted else tuple(wish_supply(outcome)),
        coverage=covered,
        coverage_is_partial=partial,
        wishes=None if redacted else wishes_honored(outcome),
        refusals=() if redacted else tuple(refused_pairs(outcome.refusals)),
        spread=None if redacted else _spread(outcome),
        lottery=None if redacted or outcome.draw is None else _lottery(outcome.draw),
    )


def _standing(mentee: MenteeFacts) -> Standing:
    missing = sum(need.level for need in mentee.needs if not need.fit)
    return Standing(mentee.index, mentee.name, len(mentee.team), len(mentee.needs), mentee.covered, missing)


def _lottery(draw: Draw) -> tuple[int, int, float]:
    part = draw.expected_loss / draw.value_before if draw.value_before else 0.0
    return len(draw.swaps), sum(swap.came for swap in draw.swaps), max(part, 0.0)


def _spread(outcome: Outcome) -> SpreadFacts:
    found, names = outcome.fairness, names_of(outcome.roster.mentees)
    floor = None
    if found.raised is not None and found.plain is not None:
        plain, value = found.plain, outcome.certificate.value
        floor = FloorFacts(
            asked=outcome.policy.floor,
            level=min((step.level for step in found.raised.steps), default=0.0),
            ceiling=found.ceiling,
            levels=len(found.raised.steps),
            stuck=len(found.stuck),
            cost=plain.value - value,
            cost_at_most=plain.bound - value,
            value=plain.value,
            bound=plain.bound,
            before=plain.minimum,
            lottery=found.lottery,
            gained=tuple(names[i] for i in plain.gained),
            lost=tuple(names[i] for i in plain.lost),
        )
    left_out = tuple(names[i] for i in found.left_out)
    return SpreadFacts(found.minimum, found.fifth, found.gini, found.groups, left_out, floor)


def _stated(proof: Certificate) -> Certificate:
    """Return a certificate of the gap that may be stated, and of nothing else."""
    return Certificate(1.0 - gap_at_most(proof.gap), 1.0, proof.scope, (), ())


def _mentee(
    outcome: Outcome, constellation: Constellation, name: str, mentors: Sequence[str], *, redacted: bool
) -> MenteeFacts:
    roster = outcome.roster
    mentee = roster.mentees[constellation.mentee]
    order = {key: k for k, key in enumerate(roster.vocabulary.needs)}
    keys = sorted(mentee.needs, key=lambda key: (key in mentee.private, -mentee.needs[key], order[key]))
    # Private needs stand last, and alike: their order must not tell a level or a domain.
    keys = [key for key in keys if not is_hidden(mentee, key, roster.vocabulary, redacted=redacted)]
    gaps = {gap.need: gap for gap in constellation.gaps}
    needs, covers = [], {tie.mentor: list[int]() for tie in constellation.ties}
    for key in keys:
        if key in mentee.private:
            needs.append(NeedFacts(PRIVATE, 0, 0.0 if key in gaps else 1.0, (), "", private=True))
            continue
        by = [tie.mentor for tie in constellation.ties if key in tie.needs and key not in gaps and not redacted]
        for j in by:
            covers[j].append(len(needs))
        fit = 0.0 if key in gaps else constellation.fits[key]
        told = key in gaps and (not redacted or gaps[key].cause == "no_offer")
        why = cause(gaps[key]) if told else ""
        names = tuple(mentors[j] for j in by)
        title = roster.vocabulary.name(key)
        needs.append(NeedFacts(title, mentee.needs[key], fit, names, why, private=False, key=key))
    needs.sort(key=lambda need: (need.private, need.private and need.fit == 0))
    return MenteeFacts(
        constellation.mentee,
        name,
        _about(mentee, roster.vocabulary, redacted=redacted),
        _note(mentee, outcome, redacted=redacted),
        tuple(needs),
        tuple(Teammate(j, mentors[j], None if redacted else tuple(own)) for j, own in covers.items()),
    )


def _about(mentee: Mentee, vocabulary: Vocabulary, *, redacted: bool) -> str:
    stages = {stage.id: stage.name for stage in vocabulary.stages}
    parts = [stages.get(mentee.stage, mentee.stage)]
    if not redacted:
        parts += [flag.replace("_", " ") for flag in sorted(mentee.flags)]
    return ", ".join(part for part in parts if part)


def _note(mentee: Mentee, outcome: Outcome, *, redacted: bool) -> str:
    if may_be_matched(mentee) and team_size(mentee, outcome.policy):
        return ""
    if redacted:
        return say("takes no part in this run")
    if mentee.paused:
        return say("is paused, so nobody was sought")
    if not mentee.consent:
        return say("has not agreed to be matched, so nobody was sought")
    return say("asked for no mentor")
