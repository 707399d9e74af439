"""When a mail may come: nobody is written to at night, where they are."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

__all__ = ["by_day", "zone_of"]

#: From this hour on, and before the other one, a mail that can wait does (hours of the reader's own clock).
EVENING, MORNING = time(21), time(8)


def zone_of(*names: str) -> ZoneInfo:
    """Return the first time zone that there is; UTC where there is none.

    A name that is none, as a sheet may hold one, is passed over: it must not keep a mail back, or a page.
    """
    for name in names:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            continue
    return ZoneInfo("UTC")


def by_day(now: datetime, *names: str) -> datetime:
    """Return now where it is day in a time zone, else the moment at which its night ends.

    On the two nights of a year on which clocks are put forward or back, the morning is that of the clock.

    Parameters
    ----------
    names : str
        Names of the reader's time zone, the best first: see `zone_of`.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> by_day(datetime(2027, 1, 12, 3, 30, tzinfo=UTC), "America/Chicago").isoformat()
    '2027-01-12T14:00:00+00:00'
    """
    here = now.astimezone(zone_of(*names))
    if MORNING <= here.time() < EVENING:
        return now
    day = here.date() + timedelta(days=1) if here.time() >= EVENING else here.date()
    return datetime.combine(day, MORNING, here.tzinfo).astimezone(now.tzinfo)
