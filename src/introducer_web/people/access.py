"""The only way to a participant or an invitation on behalf of somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django_scopes import scopes_disabled

from introducer_web.lib.codes import digest
from introducer_web.people.models import Invitation, Participant
from introducer_web.programs.access import cohort_for
from introducer_web.programs.models import Program

if TYPE_CHECKING:
    from django.http import HttpRequest

    from introducer_web.programs.models import Cohort
    from introducer_web.tenants.models import Society

__all__ = ["invitation_by", "invitation_in", "open_program", "own_participant", "participant_in"]


def own_participant(request: HttpRequest, society: Society, code: str) -> Participant:
    """Return a person's own place in a cohort; nobody else's, not even for a coordinator."""
    if not request.user.is_authenticated:
        raise Http404
    found = (
        Participant.objects.filter(society=society, user=request.user, code=code)
        .select_related("user", "cohort__program", "society", "site", "private_answers")
        .first()
    )
    if found is None:
        raise Http404
    return found


def participant_in(request: HttpRequest, society: Society, code: str, person: str) -> tuple[Cohort, Participant]:
    """Return a cohort that somebody coordinates, and one of its people."""
    cohort = cohort_for(request, society, code)
    found = (
        Participant.objects.filter(cohort=cohort, code=person)
        .select_related("user", "cohort__program", "society", "site")
        .first()
    )
    if found is None:
        raise Http404
    return cohort, found


def invitation_by(token: str) -> Invitation:
    """Return the invitation whose link this is, used or not."""
    with scopes_disabled():
        found = Invitation.objects.filter(digest=digest(token)).select_related(
            "society", "cohort__program", "earlier__cohort"
        ).first()  # fmt: skip
    if found is None:
        raise Http404
    return found


def invitation_in(request: HttpRequest, society: Society, code: str, invitation: str) -> Invitation:
    """Return an invitation to a cohort that somebody coordinates."""
    cohort = cohort_for(request, society, code)
    found = Invitation.objects.filter(cohort=cohort, code=invitation).select_related("society").first()
    if found is None:
        raise Http404
    return found


def open_program(society: Society, code: str) -> tuple[Program, Cohort | None]:
    """Return a program that anybody may ask to join, and its newest open cohort."""
    program = Program.objects.filter(society=society, code=code, is_open=True).first()
    if program is None:
        raise Http404
    return program, program.cohorts.filter(is_closed=False).select_related("program").order_by("-pk").first()
