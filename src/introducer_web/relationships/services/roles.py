"""What two people are for each other: each of them says it, both read it, nobody else does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from introducer_web.lib.errors import DomainError
from introducer_web.relationships.models import Relationship, SaidRoles
from introducer_web.relationships.vocabulary import ROLES

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from introducer_web.people.models import Participant

__all__ = ["NotLived", "say_roles"]


class NotLived(DomainError):
    """Only what two people live has roles."""


@transaction.atomic
def say_roles(
    *, relationship: Relationship, person: Participant, roles: Collection[str], domains: Collection[str], now: datetime
) -> SaidRoles:
    """Note which roles and domains one side says a relationship has; what the other side said stays as it is.

    No act of it stands in the record: coordinators read that.

    Raises
    ------
    NotLived
    """
    lived = Relationship.objects.select_for_update(of=("self",)).select_related("society").get(pk=relationship.pk)
    if lived.state != Relationship.State.ACTIVE:
        raise NotLived(_("Once both of you have agreed, and until it ends, you can say what you are for each other."))
    said = SaidRoles.objects.filter(relationship=lived, person=person).select_related("society").first()
    said = said or SaidRoles(society=lived.society, relationship=lived, person=person)
    domains_there = set(lived.cohort.program.domains.filter(key__in=domains).values_list("key", flat=True))
    said.said_at = now
    said.said = {
        "roles": [code for code in ROLES if code in roles],
        "domains": [key for key in domains if key in domains_there],
    }
    said.save()
    both = SaidRoles.objects.filter(relationship=lived).select_related("society").order_by("pk")
    lived.about = list(dict.fromkeys(key for row in both for key in row.said["domains"]))
    lived.save(update_fields=["sealed_about"])
    return said
