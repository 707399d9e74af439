"""Work that stands in rows: claimed by one worker at a time, for a while.

A claim is a compare-and-set ``UPDATE``. It gives the worker a turn: the number that the row
counts its claims with. Whoever finishes names the turn, and finishes nothing when another
worker has the row by then. A worker that dies leaves its row to the next one after the lease.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["LEASE", "Leased", "claim", "renew", "still_ours"]

#: How long a worker that says nothing keeps a row.
LEASE = timedelta(seconds=60)


class Leased(models.Model):
    """A row that is work."""

    turn = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


Row = TypeVar("Row", bound=Leased)


def claim(waiting: models.QuerySet[Row], *, now: datetime, **changes: object) -> Row | None:
    """Claim the first of the waiting rows whose lease is free, and change it; None when there is none."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    for row in waiting.filter(free)[:8]:
        mine = waiting.model._default_manager.filter(free, pk=row.pk, turn=row.turn)
        if mine.update(turn=F("turn") + 1, leased_until=now + LEASE, **changes):
            row.refresh_from_db()
            return row
    return None


def renew(row: Row, *, now: datetime, **changes: object) -> bool:
    """Keep a claimed row for another lease; False when another worker has it by now."""
    return bool(still_ours(row).update(leased_until=now + LEASE, **changes))


def still_ours(row: Row) -> models.QuerySet[Row]:
    """Return the row, or nothing when another worker has claimed it since."""
    return type(row)._default_manager.filter(pk=row.pk, turn=row.turn)
