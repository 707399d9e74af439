"""Times on the wall, in a zone: what they are in UTC, when they come again, and a zone as iCalendar writes it.

One rule for times that a change of the clocks makes odd, everywhere here: a time that does not exist that day is
read with the offset from before the change, so it stands as much later as the clock jumps (2:30 is 3:30); of a time
that is there twice the first is meant. It is what iCalendar says of them too (RFC 5545, 3.3.5).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur, vUTCOffset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from icalendar.cal.timezone import TimezoneDaylight as Daylight
    from icalendar.cal.timezone import TimezoneStandard as Standard

__all__ = ["changes_of", "instant", "known_zones", "repeated", "vtimezone"]

#: Years of changes that a zone is written with: enough to tell the fourth Sunday from the last.
_YEARS = 10
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
#: Where a zone begins that is written: a time on the wall.
_LONG_AGO = datetime(1970, 1, 1)  # noqa: DTZ001 - it has no zone, it is of one
#: Changes of a clock are looked for in steps of so many hours: no zone has two in less.
_STEP = timedelta(hours=24)
_WEEK = timedelta(days=7)


@lru_cache
def known_zones() -> tuple[str, ...]:
    """Return the zones that a person may choose from."""
    return tuple(sorted(each for each in available_timezones() if "/" in each and not each.startswith("Etc/")))


def instant(day: date, at: time, zone: str) -> datetime:
    """Return the moment, in UTC, at which the wall of a zone shows a time on a day."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def repeated(first: datetime, zone: str, weeks: int, number: int) -> list[datetime]:
    """Return the moments of a series: so many, so many weeks apart, at the same time on the wall.

    Parameters
    ----------
    first : datetime
        The first one; whatever offset it has, the wall of the zone counts.
    """
    wall = first.astimezone(ZoneInfo(zone))
    days = (wall.date() + timedelta(weeks=weeks * k) for k in range(number))
    return [first.astimezone(UTC), *(instant(day, wall.time(), zone) for day in list(days)[1:])]


def changes_of(zone: str, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, datetime]]:
    """Yield each change of a zone's clocks in a span: the moment, and the wall just before and at it.

    The wall before it carries the old offset and name, the wall at it the new ones.
    """
    there = ZoneInfo(zone)
    left = begin.astimezone(UTC)
    while left < end:
        right = min(left + _STEP, end.astimezone(UTC))
        if left.astimezone(there).utcoffset() != right.astimezone(there).utcoffset():
            low, high = left, right
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
                if middle.astimezone(there).utcoffset() == low.astimezone(there).utcoffset():
                    low = middle
                else:
                    high = middle
            yield high, low.astimezone(there), high.astimezone(there)
        left = right


@lru_cache(maxsize=64)
def vtimezone(zone: str, year: int) -> Timezone:
    """Return a zone as iCalendar writes it, right from the beginning of a year on.

    Changes that come every year on the same weekday of a month are rules, written as if they had held since 1970, as
    calendars do: some that read them tell zones apart by years long past. Where there are other changes, all are
    listed.
    """
    begin, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + _YEARS, 1, 1, tzinfo=UTC)
    told = Timezone()
    told.add("tzid", zone)
    before = begin.astimezone(ZoneInfo(zone))
    changes = sorted(changes_of(zone, begin, end), key=lambda change: (_kind(change), change[0]))
    # What holds when the year begins: since long ago, as far as this calendar goes.
    told.add_component(_observance(_LONG_AGO, _offset(before) - (before.dst() or timedelta(0)), before))
    groups = [list(group) for _same, group in groupby(changes, key=_kind)]
    are_rules = all(_week_of([_wall(each) for each in group]) is not None for group in groups)
    for group in groups:
        _moment, old, new = group[0]
        onsets = [_wall(each) for each in group]
        week = _week_of(onsets) if are_rules else None
        first = onsets[0] if week is None else _in_year(_LONG_AGO.year, onsets[0], week)
        part = _observance(first, _offset(old), new)
        if week is not None:
            day = f"{week}{_DAYS[first.weekday()]}"
            part.add("rrule", vRecur({"freq": "yearly", "bymonth": first.month, "byday": day}))
        elif len(onsets) > 1:
            part.add("rdate", onsets[1:])
        told.add_component(part)
    return told


def _kind(change: tuple[datetime, datetime, datetime]) -> tuple[timedelta, timedelta, str, time, int]:
    """Return what changes have in common that one rule may describe."""
    _moment, old, new = change
    onset = _wall(change)
    return (_offset(old), _offset(new), new.tzname() or "", onset.time(), onset.month)


def _wall(change: tuple[datetime, datetime, datetime]) -> datetime:
    """Return what the wall would have shown at the change without it: so iCalendar names the moment."""
    moment, old, _new = change
    return (moment + _offset(old)).replace(tzinfo=None)


def _offset(wall: datetime) -> timedelta:
    return wall.utcoffset() or timedelta(0)


def _observance(onset: datetime, old: timedelta, new: datetime) -> Daylight | Standard:
    part = TimezoneDaylight() if new.dst() else TimezoneStandard()
    part.add("dtstart", onset)
    part.add("tzoffsetfrom", vUTCOffset(old))
    part.add("tzoffsetto", vUTCOffset(_offset(new)))
    part.add("tzname", new.tzname())
    return part


def _week_of(onsets: list[datetime]) -> int | None:
    """Return which weekday of its month all of these are, one in each year: 1, 2 ..., -1 for the last; None: none."""
    years = [each.year for each in onsets]
    if len(onsets) < _YEARS - 1 or years != list(range(years[0], years[0] + len(years))):
        return None
    if len({each.weekday() for each in onsets}) != 1:
        return None
    counted = {(each.day - 1) // 7 + 1 for each in onsets}
    if len(counted) == 1:
        return counted.pop()
    return -1 if all((each + _WEEK).month != each.month for each in onsets) else None


def _in_year(year: int, like: datetime, week: int) -> datetime:
    """Return the same weekday of the same month in a year."""
    first = like.replace(year=year, day=1)
    first += timedelta(days=(like.weekday() - first.weekday()) % 7)
    if week > 0:
        return first + _WEEK * (week - 1)
    while (first + _WEEK).month == first.month:
        first += _WEEK
    return first
