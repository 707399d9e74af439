"""The only way to what people find: as oneself, with the mailed link, or as a coordinator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django_scopes import scopes_disabled

from introducer_web.finding.directory import listed
from introducer_web.finding.models import CareerMove, Event, FirstTalk, Request
from introducer_web.lib.codes import digest
from introducer_web.people.access import own_participant
from introducer_web.people.models import Participant
from introducer_web.people.services import kept_apart
from introducer_web.programs.access import cohort_for

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from introducer_web.programs.models import Cohort
    from introducer_web.tenants.models import Society

__all__ = [
    "event_of",
    "looking",
    "mentor_for",
    "move_of",
    "offering",
    "own_request",
    "request_by",
    "talk_of",
    "talks_of",
]


def looking(request: HttpRequest, society: Society, code: str) -> Participant:
    """Return a mentee's own place, where they take part."""
    person = own_participant(request, society, code)
    if person.is_mentor or person.state != Participant.State.ACTIVE:
        raise Http404
    return person


def offering(request: HttpRequest, society: Society, code: str) -> Participant:
    """Return a mentor's own place."""
    person = own_participant(request, society, code)
    if not person.is_mentor or person.state in (Participant.State.WITHDRAWN, Participant.State.DECLINED):
        raise Http404
    return person


def mentor_for(request: HttpRequest, society: Society, code: str, mentor: str) -> tuple[Participant, Participant]:
    """Return a mentee's own place, and a mentor of the directory; none where the program introduces by itself."""
    person = looking(request, society, code)
    found = None
    if person.cohort.program.requests:
        found = listed(person).filter(code=mentor).select_related("user", "cohort__program", "society", "site").first()
    if found is None:
        raise Http404
    return person, found


def own_request(request: HttpRequest, society: Society, code: str, asked: str) -> Request:
    """Return a request that a mentee made."""
    person = own_participant(request, society, code)
    found = Request.objects.filter(mentee=person, code=asked).select_related("society").first()
    if found is None:
        raise Http404
    return found


def move_of(request: HttpRequest, society: Society, code: str, move: str) -> tuple[Participant, CareerMove]:
    """Return a mentor's own place, and a move that they named."""
    person = offering(request, society, code)
    found = CareerMove.objects.filter(participant=person, code=move).first()
    if found is None:
        raise Http404
    found.participant = person
    return person, found


def request_by(token: str) -> Request:
    """Return the request whose link this is. The mailed link is the permission: there is no sign-in."""
    with scopes_disabled():
        found = (
            Request.objects.filter(digest=digest(token))
            .select_related(
                "society", "mentee__user", "mentee__site", "mentee__cohort__program", "mentor__user", "mentor__site",
                "mentor__cohort__program",
            )
            .first()
        )  # fmt: skip
    if found is None:
        raise Http404
    return found


def talks_of(request: HttpRequest, society: Society, code: str) -> tuple[Participant, QuerySet[FirstTalk]]:
    """Return a person's own place, and the first conversations that are proposed to them."""
    person = own_participant(request, society, code)
    mine, other = ("mentor", "mentee") if person.is_mentor else ("mentee", "mentor")
    rows = FirstTalk.objects.filter(**{mine: person}).exclude(**{f"{other}__user__in": kept_apart(person.user)})
    return person, rows.select_related("society", "mentee__user", "mentor__user")


def talk_of(request: HttpRequest, society: Society, code: str, talk: str) -> tuple[Participant, FirstTalk]:
    """Return a person's own place, and one of these."""
    person, rows = talks_of(request, society, code)
    found = rows.filter(code=talk).first()
    if found is None:
        raise Http404
    return person, found


def event_of(request: HttpRequest, society: Society, code: str, event: str) -> tuple[Cohort, Event]:
    """Return a cohort that somebody coordinates, and a date of it."""
    cohort = cohort_for(request, society, code)
    found = Event.objects.filter(cohort=cohort, code=event).select_related("society").first()
    if found is None:
        raise Http404
    return cohort, found
