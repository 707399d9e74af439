"""When a reminder may arrive: by day, and not on a Sunday, where its reader is."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from introducer_web.people.models import Participant

__all__ = ["FROM", "UNTIL", "leaves_at", "zone_of"]

#: Local hours in which a reminder may leave, ``[FROM, UNTIL)``.
FROM, UNTIL = time(8), time(21)
_SUNDAY = 6


def zone_of(person: Participant) -> ZoneInfo:
    """Return the time zone that somebody lives in: their own, else the society's.

    A name that is none, as a sheet may hold one, is passed over: it must not keep the mails of others back.
    """
    for name in (person.timezone, person.society.timezone):
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            continue
    return ZoneInfo("UTC")


def leaves_at(now: datetime, zone: ZoneInfo) -> datetime:
    """Return ``now`` if a reminder may leave now, else the next morning on which one may.

    Hours are those of the wall: where clocks are put back or forward in the night, eight in the morning stays eight
    in the morning.
    """
    here = now.astimezone(zone)
    day, hour = here.date(), here.timetz().replace(tzinfo=None)
    if day.weekday() != _SUNDAY and FROM <= hour < UNTIL:
        return now
    if hour >= FROM:
        day += timedelta(days=1)
    if day.weekday() == _SUNDAY:
        day += timedelta(days=1)
    return datetime.combine(day, FROM, zone).astimezone(now.tzinfo)
