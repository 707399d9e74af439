"""The only way to what a mentee keeps: as the mentee; to what is of a relationship, as one of the two; to fresh looks,
as a coordinator of their cohort.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from introducer_web.goals.models import Decision, FreshLook, Goal, Track, Transition
from introducer_web.people.access import own_participant
from introducer_web.programs.access import cohort_for
from introducer_web.relationships.access import own_side
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from django.http import HttpRequest

    from introducer_web.people.models import Participant
    from introducer_web.tenants.models import Society

__all__ = [
    "as_mentee",
    "fresh_look_for",
    "goal_for",
    "own_decision",
    "own_goal",
    "own_track",
    "own_transition",
    "together",
]

_LIVED = (Relationship.State.ACTIVE, Relationship.State.ENDED)


def as_mentee(request: HttpRequest, society: Society, code: str) -> Participant:
    """Return a mentee's own place."""
    person = own_participant(request, society, code)
    if person.is_mentor:
        raise Http404
    return person


def together(request: HttpRequest, society: Society, code: str, relationship: str) -> tuple[Participant, Relationship]:
    """Return a person's own place, and a relationship that they live or lived."""
    person, found = own_side(request, society, code, relationship)
    if found.state not in _LIVED:
        raise Http404
    return person, found


def goal_for(request: HttpRequest, society: Society, code: str, goal: str) -> tuple[Participant, Goal]:
    """Return a person's own place, and a goal of theirs, or of a relationship that they live or lived as the mentor."""
    person = own_participant(request, society, code)
    mine = (
        {"relationship__mentor": person, "relationship__state__in": _LIVED} if person.is_mentor else {"mentee": person}
    )
    found = (
        Goal.objects.filter(**mine, code=goal)
        .select_related("society", "mentee__user", "relationship__mentor__user")
        .first()
    )
    if found is None:
        raise Http404
    return person, found


def own_goal(request: HttpRequest, society: Society, code: str, goal: str) -> tuple[Participant, Goal]:
    """Return a mentee's own place and goal."""
    as_mentee(request, society, code)
    return goal_for(request, society, code, goal)


def own_decision(request: HttpRequest, society: Society, code: str, decision: str) -> tuple[Participant, Decision]:
    """Return a mentee's own place and decision."""
    person = as_mentee(request, society, code)
    found = Decision.objects.filter(mentee=person, code=decision).select_related("relationship__mentor__user").first()
    if found is None:
        raise Http404
    return person, found


def own_track(request: HttpRequest, society: Society, code: str, track: str) -> tuple[Participant, Track]:
    """Return a mentee's own place and track."""
    person = as_mentee(request, society, code)
    found = Track.objects.filter(mentee=person, code=track).first()
    if found is None:
        raise Http404
    return person, found


def own_transition(
    request: HttpRequest, society: Society, code: str, transition: str
) -> tuple[Participant, Transition]:
    """Return a mentee's own place, and something that changes for them."""
    person = as_mentee(request, society, code)
    found = Transition.objects.filter(mentee=person, code=transition).first()
    if found is None:
        raise Http404
    return person, found


def fresh_look_for(request: HttpRequest, society: Society, code: str, look: str) -> FreshLook:
    """Return a fresh look that a mentee of a cohort asked for, which somebody coordinates."""
    cohort = cohort_for(request, society, code)
    found = FreshLook.objects.filter(mentee__cohort=cohort, code=look).first()
    if found is None:
        raise Http404
    return found
