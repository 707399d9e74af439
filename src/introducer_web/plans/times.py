"""When two people could talk: a function of their hours, their days away and when each is busy.

Times come out, and nothing else: not whose calendar left a time out, nor why.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from introducer_web.plans.zones import instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["HORIZON", "USUAL", "Hours", "Week", "fits", "free", "suggested"]

#: How far ahead times are suggested.
HORIZON = timedelta(weeks=3)
#: How soon the first one is, so that the other side can read of it.
_LEAD = timedelta(hours=12)
#: Begins of conversations are looked for in such steps.
_STEP = timedelta(minutes=30)
#: Most times of one day, so far apart, and in all: enough to choose from, and no picture of anybody's calendar.
_A_DAY, _APART, _IN_ALL = 2, timedelta(hours=3), 12

Span = tuple[datetime, datetime]
Week = dict[int, tuple[time, time]]
#: Hours of whoever has said none: an assumption, and the page says that it is one. Monday is 0.
USUAL: Week = {day: (time(8), time(18)) for day in range(5)}


@dataclass(frozen=True)
class Hours:
    """When somebody can be asked for.

    Attributes
    ----------
    zone : str
    week : mapping of int to (time, time)
        By weekday, Monday 0: from and to on their wall; a day that is not there has none.
    away : sequence of (date, date)
        First and last day of each time away: on call, on vacation.
    busy : sequence of (datetime, datetime)
    is_assumed : bool
        Whether nobody said these hours: they are the usual ones.
    """

    zone: str
    week: Mapping[int, tuple[time, time]] = field(default_factory=lambda: USUAL)
    away: Sequence[tuple[date, date]] = ()
    busy: Sequence[Span] = ()
    is_assumed: bool = False


def free(person: Hours, begin: datetime, end: datetime) -> list[Span]:
    """Return when somebody can be asked for in a span, in order, in UTC."""
    found: list[Span] = []
    there = ZoneInfo(person.zone)
    day, last = begin.astimezone(there).date(), end.astimezone(there).date()
    while day <= last:
        hours = person.week.get(day.weekday())
        if hours and not any(first <= day <= until for first, until in person.away):
            left, right = (instant(day, each, person.zone) for each in hours)
            found.append((max(left, begin), min(right, end)))
        day += timedelta(days=1)
    for busy_from, busy_to in person.busy:
        found = [part for left, right in found for part in _without(left, right, busy_from, busy_to)]
    return [(left, right) for left, right in found if left < right]


def _without(left: datetime, right: datetime, busy_from: datetime, busy_to: datetime) -> Iterable[Span]:
    if busy_to <= left or right <= busy_from:
        return ((left, right),)
    return ((left, busy_from), (busy_to, right))


def fits(person: Hours, at: datetime, minutes: int) -> bool:
    """Tell whether a conversation lies in somebody's hours, and meets nothing else of theirs."""
    end = at + timedelta(minutes=minutes)
    return any(left <= at and end <= right for left, right in free(person, at, end))


def suggested(one: Hours, other: Hours, *, minutes: int, now: datetime) -> list[datetime]:
    """Return times that fit both people in the next three weeks, the earliest first; at most a dozen.

    1. What both have free is what each has free, intersected.
    2. Every half hour in it may be a begin, if the conversation ends in it too.
    3. Of each day (of the first of the two) the earliest is taken, and the next that is three hours later; so many
       days that there are a dozen.
    """
    begin, end = now.astimezone(UTC) + _LEAD, now.astimezone(UTC) + HORIZON
    length = timedelta(minutes=minutes)
    found: list[datetime] = []
    of_day: dict[date, list[datetime]] = defaultdict(list)
    for left, right in _both(free(one, begin, end), free(other, begin, end)):
        at = _next_step(left)
        while at + length <= right and len(found) < _IN_ALL:
            taken = of_day[at.astimezone(ZoneInfo(one.zone)).date()]
            if len(taken) < _A_DAY and (not taken or at - taken[-1] >= _APART):
                taken.append(at)
                found.append(at)
            at += _STEP
    return found


def _both(one: Sequence[Span], other: Sequence[Span]) -> Iterable[Span]:
    return sorted(
        (max(left, also_left), min(right, also_right))
        for left, right in one
        for also_left, also_right in other
        if max(left, also_left) < min(right, also_right)
    )


def _next_step(at: datetime) -> datetime:
    """Return the first begin that is not before a moment: full and half hours, in any zone of whole half hours."""
    over = timedelta(minutes=at.minute % 30, seconds=at.second, microseconds=at.microsecond)
    return at if not over else at - over + _STEP
