"""While somebody is paused whose answer an introduction waits for, its days do not count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from introducer_web.care.look import away_until, side_of, start_of, waiting_sides
from introducer_web.care.models import Hold
from introducer_web.relationships.services import keep_open
from introducer_web.relationships.services.publish import OPEN_FOR

if TYPE_CHECKING:
    from introducer_web.care.look import Look
    from introducer_web.relationships.models import Relationship

__all__ = ["follow_pauses"]


def follow_pauses(look: Look) -> None:
    """Begin a hold where a pause has begun, and end it where the pause is over; the links stay open meanwhile."""
    for row in look.waiting:
        days = [away_until(side_of(row, each.side), look.today) for each in waiting_sides(row)]
        until = max((day for day in days if day is not None), default=None)
        hold: Hold | None = getattr(row, "hold", None)
        if until is not None:
            keep_open(relationship=row, until=start_of(until, look.now) + OPEN_FOR)
            if hold is None or hold.since is None:
                _begin(row, hold, look)
        elif hold is not None and hold.since is not None:
            hold.held += look.now - hold.since
            hold.since, hold.ended_at = None, look.now
            hold.save(update_fields=["held", "since", "ended_at"])


@transaction.atomic
def _begin(row: Relationship, hold: Hold | None, look: Look) -> None:
    if hold is None:
        row.hold = Hold.objects.create(society=row.mentee.society, relationship=row, since=look.now)
    else:
        hold.since = look.now
        hold.save(update_fields=["since"])
