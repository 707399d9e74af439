"""Two runs side by side: who moved, who gained, who lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from introducer_web.matching.models import Constellation, Tie

if TYPE_CHECKING:
    from introducer_web.matching.models import MatchRun
    from introducer_web.people.models import Participant

__all__ = ["Comparison", "Moved", "compare"]


@dataclass(frozen=True)
class Moved:
    """One mentee whose team differs between two runs. ``share`` is the part of the open needs that is covered."""

    mentee: Participant
    came: tuple[Participant, ...]
    went: tuple[Participant, ...]
    share_before: float | None
    share_after: float | None


@dataclass(frozen=True)
class Comparison:
    """What one run has that another has not."""

    before: MatchRun
    after: MatchRun
    kept: int
    came: int
    went: int
    moved: tuple[Moved, ...]


def compare(before: MatchRun, after: MatchRun) -> Comparison:
    """Compare two finished runs of a cohort. Mentees who lost most stand first."""
    ties = {
        run: {
            (tie.mentee_id, tie.mentor_id): tie
            for tie in Tie.objects.filter(run=run).select_related("mentee__user", "mentor__user")
        }
        for run in (before, after)
    }
    shares = {
        run: dict(Constellation.objects.filter(run=run).values_list("mentee_id", "share")) for run in (before, after)
    }
    came = ties[after].keys() - ties[before].keys()
    went = ties[before].keys() - ties[after].keys()
    moved = []
    for mentee in {mentee for mentee, _mentor in came | went}:
        own_came = [ties[after][pair] for pair in sorted(came) if pair[0] == mentee]
        own_went = [ties[before][pair] for pair in sorted(went) if pair[0] == mentee]
        moved.append(
            Moved(
                mentee=(own_came or own_went)[0].mentee,
                came=tuple(tie.mentor for tie in own_came),
                went=tuple(tie.mentor for tie in own_went),
                share_before=shares[before].get(mentee),
                share_after=shares[after].get(mentee),
            )
        )
    moved.sort(key=lambda each: ((each.share_after or 0.0) - (each.share_before or 0.0), each.mentee.code))
    kept = len(ties[after].keys() & ties[before].keys())
    return Comparison(before, after, kept, len(came), len(went), tuple(moved))
