"""Goals: begun, said otherwise, noted how they go, closed. Every step is a row of its own; none is written over.

Nothing of it goes into the record of acts, which coordinators read: that a mentee has a goal is between the two.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from introducer_web.goals.models import MOST_ACTIVE, Goal, GoalChange
from introducer_web.lib.errors import DomainError
from introducer_web.people.models import Participant
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

__all__ = [
    "GoalIsClosed",
    "GoalMoved",
    "IsOver",
    "StillTogether",
    "TooManyGoals",
    "begin_goal",
    "close_goal",
    "note_progress",
    "reword_goal",
    "take_along",
]

State = Goal.State
Sort = GoalChange.Sort


class TooManyGoals(DomainError):
    """Three at a time."""


class GoalMoved(DomainError):
    """It was said otherwise meanwhile."""


class StillTogether(DomainError):
    """A goal is taken along from what has ended."""


class GoalIsClosed(DomainError):
    """What is closed stays as it was."""


class IsOver(DomainError):
    """The two do not live this relationship any more."""


@transaction.atomic
def begin_goal(
    *, mentee: Participant, relationship: Relationship | None, kind: str, words: Mapping[str, Any], weeks: int,
    today: date, now: datetime,
) -> Goal:  # fmt: skip
    """Begin a goal, with one mentor or alone.

    Parameters
    ----------
    words : mapping
        what, measure, by_when (ISO), why, barrier, support, confidence (0 to 10).
    weeks : int
        It is looked at again every so many weeks.
    today : date
        Where the mentee is.

    Raises
    ------
    TooManyGoals, IsOver
    """
    Participant.objects.select_for_update().get(pk=mentee.pk)
    if relationship is not None:
        relationship = Relationship.objects.select_for_update(of=("self",)).get(pk=relationship.pk, mentee=mentee)
        if relationship.state != Relationship.State.ACTIVE:
            raise IsOver(_("This mentoring has ended. Keep the goal for yourself, or with another mentor."))
    goal = Goal.objects.create(
        society=mentee.society, mentee=mentee, relationship=relationship, kind=kind, review_weeks=weeks,
        review_on=today + timedelta(weeks=weeks), begun_at=now, slot=_free_slot(mentee, relationship),
    )  # fmt: skip
    _add(goal, Sort.BEGUN, mentee, now, dict(words), number=1)
    return goal


def _free_slot(mentee: Participant, relationship: Relationship | None) -> int:
    taken = set(
        Goal.objects.filter(mentee=mentee, relationship=relationship, slot__isnull=False).values_list("slot", flat=True)
    )
    free = next((slot for slot in range(1, MOST_ACTIVE + 1) if slot not in taken), None)
    if free is None:
        raise TooManyGoals(
            _("Three goals are on the way already. Close one of them first, or let it go: that is no failure.")
        )
    return free


def _add(goal: Goal, sort: str, by: Participant, now: datetime, words: dict[str, Any], number: int) -> GoalChange:
    made = GoalChange(society=goal.society, goal=goal, number=number, sort=sort, state=goal.state, by=by, at=now)
    made.words = words
    made.save()
    return made


def _locked(goal: Goal, person: Participant) -> Goal:
    """Lock a goal that is on the way; of a relationship, one that the two live."""
    goal = Goal.objects.select_for_update(of=("self",)).select_related("society", "relationship").get(pk=goal.pk)
    if goal.state != State.ACTIVE:
        raise GoalIsClosed(_("This goal is closed: its history stays as it is."))
    if goal.relationship is not None and goal.relationship.state != Relationship.State.ACTIVE:
        raise IsOver(
            _("This mentoring has ended. Take the goal along first, then go on with it.")
            if person.pk == goal.mentee_id
            else _("This mentoring has ended: its goals stay as they are.")
        )
    return goal


@transaction.atomic
def reword_goal(
    *, goal: Goal, mentee: Participant, kind: str, words: Mapping[str, Any], weeks: int, seen: int, today: date,
    now: datetime,
) -> Goal:  # fmt: skip
    """Say a goal otherwise. What it said before stays in its history.

    Raises
    ------
    GoalMoved, GoalIsClosed, IsOver
    """
    goal = _locked(goal, mentee)
    if seen != goal.newest:
        raise GoalMoved(_("Something was noted meanwhile. It stands below; nothing of yours is lost."))
    goal.kind, goal.newest = kind, goal.newest + 1
    if weeks != goal.review_weeks:
        goal.review_weeks, goal.review_on = weeks, today + timedelta(weeks=weeks)
    goal.save(update_fields=["kind", "newest", "review_weeks", "review_on"])
    _add(goal, Sort.WORDED, mentee, now, dict(words), number=goal.newest)
    return goal


@transaction.atomic
def note_progress(
    *, goal: Goal, person: Participant, note: str, confidence: int | None, today: date, now: datetime
) -> GoalChange:
    """Note how it goes, by either of the two. It was looked at with that: the next time is a rhythm away.

    Raises
    ------
    GoalIsClosed, IsOver
    """
    goal = _locked(goal, person)
    goal.newest += 1
    goal.review_on = today + timedelta(weeks=goal.review_weeks)
    goal.save(update_fields=["newest", "review_on"])
    words: dict[str, Any] = {"note": note.strip()}
    if confidence is not None and person.pk == goal.mentee_id:
        words["confidence"] = confidence
    return _add(goal, Sort.PROGRESS, person, now, words, number=goal.newest)


@transaction.atomic
def close_goal(*, goal: Goal, mentee: Participant, state: str, note: str, now: datetime) -> Goal:
    """Close a goal: reached, became another one, or let go. Its slot is free.

    Raises
    ------
    GoalIsClosed, IsOver
    """
    goal = _locked(goal, mentee)
    if state not in (State.REACHED, State.CHANGED, State.LET_GO):
        raise DomainError(_("Choose how it closes."))
    goal.state, goal.slot, goal.review_on, goal.newest = state, None, None, goal.newest + 1
    goal.save(update_fields=["state", "slot", "review_on", "newest"])
    _add(goal, Sort.CLOSED, mentee, now, {"note": note.strip()}, number=goal.newest)
    return goal


@transaction.atomic
def take_along(*, goal: Goal, mentee: Participant, today: date) -> Goal:
    """Make a goal of a mentoring that has ended the mentee's own; the mentor sees it no longer.

    Raises
    ------
    TooManyGoals, StillTogether
    """
    Participant.objects.select_for_update().get(pk=mentee.pk)
    goal = Goal.objects.select_for_update(of=("self",)).select_related("relationship").get(pk=goal.pk)
    if goal.relationship is not None and goal.relationship.state == Relationship.State.ACTIVE:
        raise StillTogether(_("The two of you are still on it."))
    if goal.state == State.ACTIVE:
        goal.slot, goal.review_on = _free_slot(mentee, None), today + timedelta(weeks=goal.review_weeks)
    goal.relationship = None
    goal.save(update_fields=["relationship", "slot", "review_on"])
    return goal
