"""What the pages of goals, decisions and tracks show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.dateparse import parse_date

from introducer_web.goals.models import Decision, Goal, GoalChange, Track
from introducer_web.goals.texts import TRACKS, Step, TrackText, track_of
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from introducer_web.people.models import Participant

__all__ = [
    "TRACKS",
    "Said",
    "Shown",
    "StepShown",
    "TrackShown",
    "decided",
    "lived_of",
    "shown",
    "shown_track",
    "tracks_of",
    "whole",
]

Sort = GoalChange.Sort
_WORDED = (Sort.BEGUN, Sort.WORDED)
#: The latest are shown.
_MOST = 60


@dataclass(frozen=True)
class Said:
    """One step of a history."""

    change: GoalChange
    words: dict[str, Any]
    by_when: date | None


@dataclass(frozen=True)
class Shown:
    """A goal with what it says now, and how it came to that: the newest step first."""

    goal: Goal
    words: dict[str, Any]
    by_when: date | None
    confidence: int | None = None
    history: tuple[Said, ...] = ()


@dataclass(frozen=True)
class StepShown:
    """A step of a track: its day, and what became of it."""

    step: Step
    due_on: date
    state: str = ""
    on: date | None = None


@dataclass(frozen=True)
class TrackShown:
    """A track with its steps."""

    track: Track
    text: TrackText
    day: int
    steps: tuple[StepShown, ...]

    @property
    def left(self) -> int:
        """How many steps are open."""
        return sum(not each.state for each in self.steps)


def lived_of(mentee: Participant) -> list[Relationship]:
    """Return the relationships that a mentee lives now."""
    rows = Relationship.objects.filter(mentee=mentee, state=Relationship.State.ACTIVE)
    return list(rows.select_related("mentor__user").order_by("began_at", "pk"))


def _said(change: GoalChange) -> Said:
    words = change.words
    return Said(change, words, parse_date(words.get("by_when", "") or "") if words.get("by_when") else None)


def shown(goals: QuerySet[Goal]) -> list[Shown]:
    """Return goals with what each says now: the active ones first, two queries."""
    rows = list(goals.select_related("relationship__mentor__user").order_by("-begun_at", "-pk")[:_MOST])
    latest: dict[int, Said] = {}
    for change in GoalChange.objects.filter(goal__in=rows, sort__in=_WORDED).order_by("number"):
        latest[change.goal_id] = _said(change)
    found = [Shown(row, latest[row.pk].words, latest[row.pk].by_when) for row in rows if row.pk in latest]
    return sorted(found, key=lambda each: each.goal.state != Goal.State.ACTIVE)


def whole(goal: Goal) -> Shown:
    """Return a goal with its history."""
    steps = [_said(row) for row in goal.changes.select_related("by__user").order_by("number")]
    worded = next((each for each in reversed(steps) if each.change.sort in _WORDED), None)
    sure = next(
        (each.words["confidence"] for each in reversed(steps) if each.words.get("confidence") is not None), None
    )
    return Shown(
        goal, worded.words if worded else {}, worded.by_when if worded else None, sure, tuple(reversed(steps))
    )  # fmt: skip


def decided(decisions: QuerySet[Decision]) -> list[tuple[Decision, dict[str, Any]]]:
    """Return decisions with their words, the newest first."""
    rows = decisions.select_related("relationship__mentor__user").order_by("-decided_on", "-pk")[:_MOST]
    return [(row, row.words) for row in rows]


def shown_track(track: Track, today: date) -> TrackShown | None:
    """Return a track with its steps; None where it is one that is no longer known."""
    words = track.words
    text = track_of(words.get("key", ""))
    if text is None:
        return None
    became = words.get("steps", {})
    steps = tuple(
        StepShown(
            step, track.began_on + timedelta(days=step.day), became.get(step.key, {}).get("state", ""),
            parse_date(became[step.key]["on"]) if step.key in became else None,
        )
        for step in text.steps
    )  # fmt: skip
    return TrackShown(track, text, (today - track.began_on).days, steps)


def tracks_of(tracks: Iterable[Track], today: date) -> list[TrackShown]:
    """Return tracks with their steps."""
    return [found for track in tracks if (found := shown_track(track, today)) is not None]
