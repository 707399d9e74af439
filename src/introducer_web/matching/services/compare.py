"""Two runs side by side: their policies, what they are worth, who gains, who loses, which ties differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from introducer_web.lib.texts import translated
from introducer_web.matching.models import Constellation, Tie
from introducer_web.matching.services.effects import differing

if TYPE_CHECKING:
    from introducer_web.matching.models import MatchRun
    from introducer_web.people.models import Participant

__all__ = ["Comparison", "Covered", "Moved", "Worth", "compare"]


#: Choices that change what a team is worth: with another one, two worths say nothing of each other.
_MEASURE = (
    "privacy", "wish_weight", "pair_weight", "pair_terms", "stage_best_from", "stage_best_to", "stage_fade",
    "equity_rural", "equity_no_home_program",
)  # fmt: skip


@dataclass(frozen=True)
class Moved:
    """One mentee whose team differs between two runs.

    Attributes
    ----------
    share_before, share_after : float or None
        Part of the open needs that is covered, weighted by level; None: not in that run.
    gains, loses : tuple of str
        Names of open needs that somebody covers now and nobody did, and the reverse.
    """

    mentee: Participant
    came: tuple[Participant, ...]
    went: tuple[Participant, ...]
    share_before: float | None
    share_after: float | None
    gains: tuple[str, ...] = ()
    loses: tuple[str, ...] = ()

    @property
    def more(self) -> float:
        """What the share rose by; negative where it fell."""
        return (self.share_after or 0.0) - (self.share_before or 0.0)


@dataclass(frozen=True)
class Covered:
    """One domain: mentees who ask for it openly, and those who are covered in all of it, in both runs."""

    name: str
    asked_before: int
    covered_before: int
    asked_after: int
    covered_after: int

    @property
    def before(self) -> float:
        """Covered part, in [0, 1]."""
        return self.covered_before / self.asked_before if self.asked_before else 0.0

    @property
    def after(self) -> float:
        """Covered part, in [0, 1]."""
        return self.covered_after / self.asked_after if self.asked_after else 0.0

    @property
    def differs(self) -> bool:
        """Whether the two runs differ in it."""
        return (self.asked_before, self.covered_before) != (self.asked_after, self.covered_after)


@dataclass(frozen=True)
class Worth:
    """What both runs are worth together, without what ties get for having been there before; a mentee's needs are 1.

    Attributes
    ----------
    missing_before, missing_after : float
        At most so much each misses to the best possible under its own policy.
    """

    before: float
    after: float
    missing_before: float
    missing_after: float

    @property
    def says_something(self) -> bool:
        """Whether the difference is larger than what either run may miss."""
        return abs(self.after - self.before) > max(self.missing_before, self.missing_after)


@dataclass(frozen=True)
class Comparison:
    """What one run has that another has not.

    Attributes
    ----------
    choices : tuple of (str, object, object)
        Fields of the policy that differ, before and after; none where an older version kept no policy.
    worth : Worth or None
        None where the two cannot be compared: they count by other wishes, or an older version kept no figure.
    """

    before: MatchRun
    after: MatchRun
    kept: int
    came: int
    went: int
    moved: tuple[Moved, ...]
    domains: tuple[Covered, ...]
    choices: tuple[tuple[str, object, object], ...]
    worth: Worth | None

    @property
    def gain(self) -> list[Moved]:
        """Those who have more covered, the most first."""
        return sorted((each for each in self.moved if each.more > 0), key=lambda each: -each.more)

    @property
    def lose(self) -> list[Moved]:
        """Those who have less covered, the most first."""
        return sorted((each for each in self.moved if each.more < 0), key=lambda each: each.more)

    @property
    def even(self) -> list[Moved]:
        """Those whose team differs and who have as much covered."""
        return [each for each in self.moved if not each.more]

    @property
    def differing(self) -> list[Covered]:
        """Domains in which the runs differ, the largest difference first."""
        found = [each for each in self.domains if each.differs]
        return sorted(found, key=lambda each: -abs(each.after - each.before))


def compare(before: MatchRun, after: MatchRun) -> Comparison:
    """Compare two finished runs of a cohort. Mentees who lost most stand first."""
    ties = {run: _ties(run) for run in (before, after)}
    came = ties[after].keys() - ties[before].keys()
    went = ties[before].keys() - ties[after].keys()
    people = {mentee for mentee, _mentor in came | went}
    found = {run: _constellations(run, people) for run in (before, after)}
    moved = []
    for mentee in people:
        own_came = [ties[after][pair] for pair in sorted(came) if pair[0] == mentee]
        own_went = [ties[before][pair] for pair in sorted(went) if pair[0] == mentee]
        old, new = (found[run].get(mentee) for run in (before, after))
        had, has = _covered(old), _covered(new)
        moved.append(
            Moved(
                mentee=(own_came or own_went)[0].mentee,
                came=tuple(tie.mentor for tie in own_came),
                went=tuple(tie.mentor for tie in own_went),
                share_before=old.share if old else None,
                share_after=new.share if new else None,
                gains=tuple(name for key, name in has.items() if key not in had),
                loses=tuple(name for key, name in had.items() if key not in has),
            )
        )
    moved.sort(key=lambda each: (each.more, each.mentee.code))
    kept = len(ties[after].keys() & ties[before].keys())
    return Comparison(
        before, after, kept, len(came), len(went), tuple(moved), _domains(before, after),
        tuple(differing(before.policy, after.policy)),
        _worth(before, after),
    )  # fmt: skip


def _ties(run: MatchRun) -> dict[tuple[int, int], Tie]:
    rows = Tie.objects.filter(run=run).select_related("mentee__user", "mentor__user")
    return {(tie.mentee_id, tie.mentor_id): tie for tie in rows}


def _constellations(run: MatchRun, people: set[int]) -> dict[int, Constellation]:
    rows = Constellation.objects.filter(run=run, mentee__in=people).only("mentee_id", "run_id", "share", "needs")
    return {row.mentee_id: row for row in rows}


def _covered(found: Constellation | None) -> dict[str, str]:
    """Return the open needs that somebody covers: key, name."""
    return {need["key"]: translated(need["name"]) for need in found.needs if need["fit"] > 0} if found else {}


def _domains(before: MatchRun, after: MatchRun) -> tuple[Covered, ...]:
    """Return the domains whose counts may be shown of both runs."""
    old, new = (
        {row["name"]: row for row in run.summary.get("supply", []) if row["covered"] is not None}
        for run in (before, after)
    )
    return tuple(
        Covered(translated(name), old[name]["asked"], old[name]["covered"], new[name]["asked"], new[name]["covered"])
        for name in new
        if name in old
    )


def _worth(before: MatchRun, after: MatchRun) -> Worth | None:
    old, new = before.summary, after.summary
    known = all("bound" in each and "bonus" in each for each in (old, new))
    if not known or any(before.policy.get(name) != after.policy.get(name) for name in _MEASURE):
        return None
    return Worth(
        old["value"] - old["bonus"], new["value"] - new["bonus"], old["bound"] - old["value"],
        new["bound"] - new["value"],
    )  # fmt: skip
