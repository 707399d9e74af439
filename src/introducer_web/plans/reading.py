"""When somebody is busy, as their calendar says: moments alone, and nothing of what they do then.

A calendar comes from outside, and can be made to be long to read. So it is read in a process of its own, which knows
no database and no key, and ends when it takes too long or too much: ``apart`` starts it, and gets moments back.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["NoCalendar", "apart", "busy_in", "merged"]

#: Seconds and bytes that reading one calendar may take.
_SECONDS = 20
_MEMORY = 1 << 30
#: Rules that nobody's calendar has, and that take for ever to follow.
_TOO_OFTEN = {"SECONDLY", "MINUTELY", "HOURLY"}
#: Most moments that are kept of one calendar.
_MOST = 1000

#: How the names of what is told to the other process begin.
_KEPT = ("COVERAGE", "LANG", "LC_", "PATH", "PYTHON", "SYSTEMROOT")

Span = tuple[datetime, datetime]


class NoCalendar(Exception):
    """What came is no calendar, or none that can be read."""


def busy_in(content: bytes, *, begin: datetime, end: datetime, zone: str, ours: str = "") -> list[Span]:
    """Return when a calendar says that its owner is busy, in UTC, what overlaps joined.

    Parameters
    ----------
    zone : str
        Where its owner is: whole days, and times without a zone, are theirs.
    ours : str
        How the identifiers of what we sent ourselves end: we know that better.

    Raises
    ------
    NoCalendar
    """
    if b"BEGIN:VCALENDAR" not in content[:4096].upper():
        raise NoCalendar
    spans: list[Span] = []
    try:
        calendars = [each for each in Calendar.from_ical(content, multiple=True) if each.name == "VCALENDAR"]
        if not calendars:
            raise NoCalendar
        for calendar in calendars:
            _refuse_too_often(calendar)
            spans += _of_events(calendar, begin, end, ZoneInfo(zone), ours)
            spans += _of_free_busy(calendar, ZoneInfo(zone))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError) as wrong:
        raise NoCalendar from wrong  # whatever is wrong with it was written by somebody else
    within = ((max(left, begin), min(right, end)) for left, right in spans)
    return merged((left, right) for left, right in within if left < right)[:_MOST]


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that overlap or touch joined."""
    found: list[Span] = []
    for left, right in sorted(spans):
        if found and left <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], right))
        else:
            found.append((left, right))
    return found


def _refuse_too_often(calendar: Calendar) -> None:
    for event in calendar.walk("VEVENT"):
        rules = event.get("RRULE", [])
        for rule in rules if isinstance(rules, list) else [rules]:
            if _TOO_OFTEN & {str(each).upper() for each in rule.get("FREQ", [])}:
                raise NoCalendar


def _of_events(calendar: Calendar, begin: datetime, end: datetime, zone: ZoneInfo, ours: str) -> Iterator[Span]:
    for event in recurring_ical_events.of(calendar).between(begin, end):
        uid = str(event.get("UID", ""))
        free = str(event.get("TRANSP", "OPAQUE")).upper() == "TRANSPARENT"
        cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
        if free or cancelled or (ours and uid.endswith(ours)):
            continue
        yield _utc(event["DTSTART"].dt, zone), _utc(event["DTEND"].dt, zone)


def _of_free_busy(calendar: Calendar, zone: ZoneInfo) -> Iterator[Span]:
    for part in calendar.walk("VFREEBUSY"):
        lines: Any = part.get("FREEBUSY", [])
        for line in lines if isinstance(lines, list) else [lines]:
            if str(line.params.get("FBTYPE", "BUSY")).upper() == "FREE":
                continue
            left, right = line.dt
            yield _utc(left, zone), _utc(left + right if isinstance(right, timedelta) else right, zone)


def _utc(at: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(at, datetime):
        at = datetime.combine(at, time(), zone)
    elif at.tzinfo is None:
        at = at.replace(tzinfo=zone)
    return at.astimezone(UTC)


def apart(content: bytes, *, begin: datetime, end: datetime, zone: str, ours: str = "") -> list[Span]:
    """Do what ``busy_in`` does in a process of its own, within limits.

    Raises
    ------
    NoCalendar
        If it is none, or took too long.
    """
    asked = json.dumps([begin.isoformat(), end.isoformat(), zone, ours])
    try:
        told = subprocess.run(  # noqa: S603 - our own module, and nothing from outside among its arguments but a zone
            [sys.executable, "-m", "introducer_web.plans.reading", asked],
            input=content, capture_output=True, timeout=_SECONDS, check=True, env=_surroundings(),
        )  # fmt: skip
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as wrong:
        raise NoCalendar from wrong
    found = json.loads(told.stdout)
    return [(datetime.fromisoformat(left), datetime.fromisoformat(right)) for left, right in found]


def _surroundings() -> dict[str, str]:
    """Return what the other process knows of this one: where Python and its modules are, and no key."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(_KEPT)}
    return kept | {"PYTHONPATH": os.pathsep.join(each for each in sys.path if each)}


def _limit() -> None:
    """Take no more memory and no more time of a processor than a calendar may, where the system can say so."""
    try:
        import resource  # noqa: PLC0415 - is not everywhere
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))


def _main() -> None:
    _limit()
    begin, end, zone, ours = json.loads(sys.argv[1])
    spans = busy_in(
        sys.stdin.buffer.read(),
        begin=datetime.fromisoformat(begin), end=datetime.fromisoformat(end), zone=zone, ours=ours,
    )  # fmt: skip
    sys.stdout.write(json.dumps([[left.isoformat(), right.isoformat()] for left, right in spans]))


if __name__ == "__main__":
    _main()
