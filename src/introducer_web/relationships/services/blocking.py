"""Keeping somebody away: what the two live ends at once, kindly and without a word of why, and never begins again."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from introducer_web.people import services as people
from introducer_web.relationships.models import Relationship
from introducer_web.relationships.services.ending import end
from introducer_web.relationships.services.swaps import AlreadyEnded

if TYPE_CHECKING:
    from datetime import datetime

    from introducer_web.people.models import Block
    from introducer_web.tenants.models import Society, User

__all__ = ["keep_away"]

State = Relationship.State


@transaction.atomic
def keep_away(*, society: Society, by: User, other: User, now: datetime, note: str = "") -> Block:
    """Keep a person away from somebody, in all programs of the society, until that is lifted.

    What the two live ends; what waits for an answer is withdrawn, as any end and any no: neither the other side nor
    a coordinator can tell it from one.
    """
    pair = Q(mentee__user=by, mentor__user=other) | Q(mentee__user=other, mentor__user=by)
    open_ones = Relationship.objects.filter(pair, state__in=(State.INTRODUCED, State.ACTIVE))
    for each in open_ones.select_related("mentee", "mentor").order_by("pk"):
        own = each.mentee if each.mentee.user_id == by.pk else each.mentor
        with contextlib.suppress(AlreadyEnded):  # by the other one, at this very moment
            end(relationship=each, person=own, by=by, now=now)
    return people.block(society=society, by=by, other=other, now=now, note=note)
