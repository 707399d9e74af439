"""The door to feedback on the page of two people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from introducer_web.feedback import services
from introducer_web.feedback.access import of_two
from introducer_web.lib.doors import Door

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from introducer_web.people.models import Participant
    from introducer_web.relationships.models import Relationship

__all__ = ["between"]


def between(*, person: Participant, relationship: Relationship, now: datetime) -> Iterator[Door]:
    """Lead to how it goes; it waits when it is time to say so, and when the other one has told something."""
    if relationship.state not in (relationship.State.ACTIVE, relationship.State.ENDED):
        return
    found = of_two(relationship).aggregate(
        last=Max("given_at", filter=Q(author=person)),
        new=Count("pk", filter=~Q(author=person) & Q(told_at__isnull=False, read_at__isnull=True)),
    )
    is_due = services.is_due(relationship=relationship, last=found["last"], now=now)
    other = relationship.mentee if person.is_mentor else relationship.mentor
    says = ""
    if found["new"]:
        says = _("%(name)s told you something") % {"name": other.user}
    elif is_due:
        says = _("A minute, for yourself: what helps, what would you like to be different?")
    where = reverse("feedback_list", args=[relationship.society.slug, person.code, relationship.code])
    yield Door(_("How it goes"), where, says, waits=bool(found["new"]) or is_due)
