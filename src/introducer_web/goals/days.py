"""The day that it is where a person is, and when a mail may reach them there."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import date, datetime

    from introducer_web.people.models import Participant

__all__ = ["by_day", "today_of"]

#: Hours of the day, where somebody is, in which a mail that nobody waits for may arrive.
_FROM, _TO = time(8), time(20)


def today_of(person: Participant, now: datetime) -> date:
    """Return the day that it is where a person is."""
    return now.astimezone(ZoneInfo(person.timezone or person.society.timezone)).date()


def by_day(person: Participant, now: datetime) -> datetime:
    """Return now, or when the next day begins where a person is: nobody is written to at night."""
    here = now.astimezone(ZoneInfo(person.timezone or person.society.timezone))
    if _FROM <= here.time() < _TO:
        return now
    day = here.date() + timedelta(days=1) if here.time() >= _TO else here.date()
    return here.combine(day, _FROM, here.tzinfo)
