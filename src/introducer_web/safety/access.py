"""The only way to a report: as whoever wrote it, or with the link that a confidant got."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django_scopes import scopes_disabled

from introducer_web.lib.codes import digest
from introducer_web.people.models import Participant
from introducer_web.programs.access import society_for
from introducer_web.programs.models import Staff
from introducer_web.relationships.models import Relationship
from introducer_web.safety.models import Confidant, Delivery, Report

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from introducer_web.tenants.models import Society, User

__all__ = ["Met", "confidant_for", "confidants_for", "delivery_by",
           "in_the_line", "met_by", "own_report", "place_in", "require_place", "serving"]  # fmt: skip


def place_in(request: HttpRequest, society: Society) -> set[int] | None:
    """Return the programs in which somebody has a place of any kind; None: they have none here."""
    if not request.user.is_authenticated:
        return None
    parts = Participant.objects.filter(society=society, user=request.user).values_list("cohort__program", flat=True)
    roles = Staff.objects.filter(society=society, user=request.user, until=None).values_list("program", flat=True)
    found = {*parts, *roles}
    return {each for each in found if each is not None} if found else None


def require_place(request: HttpRequest, society: Society) -> set[int]:
    """Return the same; 404 for whoever has no place here."""
    found = place_in(request, society)
    if found is None:
        raise Http404
    return found


def in_the_line() -> Q:
    """Ask of a confidant whether they coordinate or research here by now, as was refused when they were named."""
    roles = Staff.objects.filter(society=OuterRef("society"), user__email=OuterRef("email"), until=None)
    own = Exists(roles.filter(Q(program=None) | Q(program=OuterRef("program"))))
    return Q(own) | Q(Exists(roles), program=None)


def serving() -> QuerySet[Confidant]:
    """Return the confidants who may read: none of them has become one of those who decide here."""
    return Confidant.objects.filter(until=None).exclude(in_the_line())


def confidants_for(society: Society, programs: set[int]) -> QuerySet[Confidant]:
    """Return to whom people of some programs can turn."""
    here = Q(program=None) | Q(program__in=programs)
    return serving().filter(here, society=society).order_by("name", "pk")


@dataclass(frozen=True)
class Met:
    """Somebody whom a person met here."""

    user: User
    relationships: frozenset[str]


def met_by(user: User, society: Society) -> list[Met]:
    """Return whom a person was introduced to in a society, with the codes of what they have or had. One query."""
    mine = Q(mentee__user=user) | Q(mentor__user=user)
    rows = Relationship.objects.filter(mine, society=society).select_related("mentee__user", "mentor__user")
    found: dict[User, set[str]] = {}
    for row in rows:
        other = row.mentee.user if row.mentor.user_id == user.pk else row.mentor.user
        found.setdefault(other, set()).add(row.code)
    return [Met(other, frozenset(codes)) for other, codes in sorted(found.items(), key=lambda each: str(each[0]))]


def own_report(request: HttpRequest, society: Society, code: str) -> Report:
    """Return a report for whoever wrote it, and for nobody else."""
    if not request.user.is_authenticated:
        raise Http404
    found = (
        Report.objects.filter(society=society, by=request.user, code=code)
        .select_related("society").prefetch_related("deliveries__confidant", "deliveries__society").first()
    )  # fmt: skip
    if found is None:
        raise Http404
    return found


def delivery_by(token: str) -> Delivery:
    """Return what a confidant's link leads to. The mailed link is the permission, as long as they may read."""
    with scopes_disabled():
        found = (
            Delivery.objects.filter(digest=digest(token), confidant__in=serving())
            .select_related("society", "confidant", "report__society", "report__by").first()
        )  # fmt: skip
    if found is None:
        raise Http404
    return found


def confidant_for(request: HttpRequest, society: Society, code: str) -> Confidant:
    """Return a confidant for a coordinator of the whole society."""
    found = Confidant.objects.filter(society=society_for(request, society), code=code, until=None).first()
    if found is None:
        raise Http404
    return found
