"""What a home shows of going on: somebody is asked, or could ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from introducer_web.lib.doors import Door
from introducer_web.people.models import Participant
from introducer_web.relationships.services.renewing import may_continue, open_for

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

__all__ = ["doors_of"]


def doors_of(*, person: Participant, now: datetime) -> Iterable[Door]:
    """Return the ways on: one query, and one more for who took part before."""
    for renewal in open_for(person).select_related("relationship__mentee__user", "relationship__mentor__user")[:5]:
        other = renewal.relationship.mentee if person.is_mentor else renewal.relationship.mentor
        url = reverse("renewal_say", args=[person.society.slug, person.code, renewal.code])
        yield Door(_("Do you and %(name)s go on?") % {"name": other.user}, url, waits=True)
    active = person.state == Participant.State.ACTIVE
    if active and person.earlier_id is not None and may_continue(person).exists():
        url = reverse("continue_list", args=[person.society.slug, person.code])
        yield Door(_("Go on here with somebody of an earlier cohort"), url)
