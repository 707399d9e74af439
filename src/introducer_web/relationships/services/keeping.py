"""One of two people asks to keep what they live: runs hold it first; coordinators see it, the other side does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.lib.errors import DomainError
from introducer_web.matching.asked import Asked
from introducer_web.people.models import Role
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from introducer_web.people.models import Participant
    from introducer_web.programs.models import Cohort
    from introducer_web.tenants.models import User

__all__ = ["NothingToKeep", "ask_to_keep", "asked_in", "locked_in"]


class NothingToKeep(DomainError):
    """Only what is lived can be kept."""


@transaction.atomic
def ask_to_keep(
    *, relationship: Relationship, person: Participant, keep: bool, by: User, now: datetime
) -> Relationship:
    """Note that one of the two asks to keep a relationship, or no longer does. Asked twice it changes nothing."""
    relationship = Relationship.objects.select_for_update(of=("self",)).select_related("society").get(
        pk=relationship.pk
    )  # fmt: skip
    if keep and relationship.state != Relationship.State.ACTIVE:
        raise NothingToKeep(_("You can ask to keep a relationship once both of you have agreed, until it ends."))
    name = "mentor_keeps_at" if person.role == Role.MENTOR else "mentee_keeps_at"
    if (getattr(relationship, name) is not None) == keep:
        return relationship
    setattr(relationship, name, now if keep else None)
    relationship.save(update_fields=[name])
    audit.record(
        society=relationship.society, by=by, act="relationships.keep", subject=relationship.code, now=now,
        words="Asked to keep a relationship." if keep else "No longer asks to keep a relationship.",
    )  # fmt: skip
    return relationship


def locked_in(cohort: Cohort) -> frozenset[tuple[str, str]]:
    """Return those who are together and whom one of the two asked to keep: codes of mentee and mentor."""
    return frozenset(_asked(cohort).values_list("mentee__code", "mentor__code"))


def asked_in(cohort: Cohort) -> list[Asked]:
    """Return the same for coordinators, and which of the two asked. One query."""
    rows = _asked(cohort).select_related("mentee__user", "mentor__user")
    return [
        Asked(row.mentee, row.mentor, row.mentee_keeps_at is not None, row.mentor_keeps_at is not None) for row in rows
    ]


def _asked(cohort: Cohort) -> QuerySet[Relationship]:
    asked = Q(mentee_keeps_at__isnull=False) | Q(mentor_keeps_at__isnull=False)
    return Relationship.objects.filter(asked, cohort=cohort, state=Relationship.State.ACTIVE)
