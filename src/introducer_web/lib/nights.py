"""When a mail may come: nobody is written to at night, where they are."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

__all__ = ["by_day", "zone_named"]

#: From this hour on, and before the other one, a mail that can wait does (hours of the reader's own clock).
EVENING, MORNING = time(21), time(8)
_SUNDAY = 6


def zone_named(name: str) -> ZoneInfo | None:
    """Return a time zone by its name; None for a name that is none, as a sheet may hold one, and for no name."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def by_day(now: datetime, zone: ZoneInfo, *, sundays: bool = True) -> datetime:
    """Return now where it is day in a time zone, else the moment at which its night ends.

    On the two nights of a year on which clocks are put forward or back, the morning is that of the clock.

    Parameters
    ----------
    sundays : bool
        Whether a Sunday is a day on which a mail may come.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> by_day(datetime(2027, 1, 12, 3, 30, tzinfo=UTC), ZoneInfo("America/Chicago")).isoformat()
    '2027-01-12T14:00:00+00:00'
    """
    here = now.astimezone(zone)
    day = here.date() + timedelta(days=1) if here.time() >= EVENING else here.date()
    rests = day.weekday() == _SUNDAY and not sundays
    if MORNING <= here.time() < EVENING and not rests:
        return now
    if rests:
        day += timedelta(days=1)
    return datetime.combine(day, MORNING, zone).astimezone(now.tzinfo)
