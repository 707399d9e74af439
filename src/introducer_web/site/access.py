"""Where a person has a place, over all societies: the one query that crosses them, for nobody but that person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from introducer_web.people.models import Participant
from introducer_web.programs.models import Staff

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from introducer_web.tenants.models import Society, User

__all__ = ["Place", "places_of"]


@dataclass(frozen=True)
class Place:
    """One place of a person: what it is called, where it is, and whether joining it was left before the end."""

    society: Society
    name: str
    about: str
    url: str
    is_draft: bool = False


def places_of(user: User | AnonymousUser, society: Society | None = None) -> list[Place]:
    """Return a person's places, in one society or in all: what they run first, then where they take part."""
    if not user.is_authenticated:
        return []
    with scopes_disabled():
        staff = Staff.objects.filter(user=user, until=None)
        parts = Participant.objects.filter(user=user).exclude(
            state__in=(Participant.State.WITHDRAWN, Participant.State.DECLINED)
        )
        if society is not None:
            staff, parts = staff.filter(society=society), parts.filter(society=society)
        roles = {(row.society, row.role) for row in staff.select_related("society")}
        found = [
            Place(each, _("Coordination"), _("You coordinate here."), reverse("society_home", args=[each.slug]))
            if role == Staff.Role.COORDINATOR
            else Place(each, _("Research"), _("You research here."), reverse("research_home", args=[each.slug]))
            for each, role in sorted(roles, key=lambda place: (place[0].name, place[1]))
        ]
        for part in parts.select_related("society", "cohort__program").order_by("society__name", "role", "-pk"):
            name = _("Mentoring") if part.is_mentor else _("My constellation")
            url = reverse("participant_home", args=[part.society.slug, part.code])
            about = f"{part.cohort}: {part.get_state_display()}"
            found.append(Place(part.society, name, about, url, is_draft=part.state == Participant.State.DRAFT))
        return found
