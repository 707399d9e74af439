"""The only way to what a mailed link names, to a segment and to what was written to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import Http404
from django_scopes import scopes_disabled

from introducer_web.care.links import codes_in, news_code_in
from introducer_web.care.models import Mailing, Segment
from introducer_web.people.models import Participant
from introducer_web.programs.access import cohort_for
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from django.http import HttpRequest

    from introducer_web.tenants.models import Society

__all__ = ["mailing_for", "quiet_by", "segment_for", "told_by"]


def quiet_by(token: str) -> tuple[Participant, Relationship]:
    """Return the person and the relationship of a mailed link. The link is the permission: there is no sign-in."""
    code, relationship = codes_in(token)
    with scopes_disabled():
        person = Participant.objects.filter(code=code).select_related("society", "user").first()
        found = (
            Relationship.objects.filter(Q(mentee=person) | Q(mentor=person), code=relationship)
            .select_related("mentee__user", "mentor__user")
            .first()
            if person is not None
            else None
        )
    if person is None or found is None:
        raise Http404
    return person, found


def segment_for(request: HttpRequest, society: Society, code: str, segment: str) -> Segment:
    """Return a segment of a cohort that somebody coordinates."""
    cohort = cohort_for(request, society, code)
    found = Segment.objects.filter(cohort=cohort, code=segment).select_related("society", "cohort__program").first()
    if found is None:
        raise Http404
    return found


def mailing_for(request: HttpRequest, society: Society, code: str, mailing: str) -> Mailing:
    """Return what was written to many of a cohort that somebody coordinates."""
    cohort = cohort_for(request, society, code)
    found = (
        Mailing.objects.filter(cohort=cohort, code=mailing).select_related("society", "cohort__program", "by").first()
    )
    if found is None:
        raise Http404
    return found


def told_by(token: str) -> Participant:
    """Return the person whose news of a program a mailed link ends. The link is the permission."""
    with scopes_disabled():
        found = (
            Participant.objects.filter(code=news_code_in(token))
            .select_related("society", "user", "cohort__program")
            .first()
        )
    if found is None:
        raise Http404
    return found
