"""When a mail may come: nobody is written to at night, where they are."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["by_day"]

#: From this hour on, and before the other one, a mail that can wait does (hours of the reader's own clock).
EVENING, MORNING = time(21), time(8)


def by_day(now: datetime, timezone: str) -> datetime:
    """Return now where it is day in a time zone, else the moment at which its night ends.

    On the two nights of a year on which clocks are put forward or back, the morning is that of the clock.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> by_day(datetime(2027, 1, 12, 3, 30, tzinfo=UTC), "America/Chicago").isoformat()
    '2027-01-12T14:00:00+00:00'
    """
    here = now.astimezone(ZoneInfo(timezone))
    if MORNING <= here.time() < EVENING:
        return now
    day = here.date() + timedelta(days=1) if here.time() >= EVENING else here.date()
    morning = here.replace(
        year=day.year, month=day.month, day=day.day, hour=MORNING.hour, minute=0, second=0, microsecond=0, fold=0
    )
    return morning.astimezone(now.tzinfo)
