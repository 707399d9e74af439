"""The only way to what a reminder's link names; a ladder and the page of now are reached through their cohort."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404
from django_scopes import scopes_disabled

from introducer_web.care.links import codes_in
from introducer_web.people.models import Participant
from introducer_web.relationships.models import Relationship

__all__ = ["quiet_by"]


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
