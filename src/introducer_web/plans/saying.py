"""Moments in words: on the wall of whoever reads, and where that is."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["day_said", "moment_said", "place_of", "time_said"]


def place_of(zone: str) -> str:
    """Return what a zone is called: its last part, which is a city, or the whole name of one without parts."""
    return zone.rpartition("/")[2].replace("_", " ")


def day_said(at: datetime, zone: str) -> str:
    """Say the day of a moment in a zone: Tuesday, January 12, 2027."""
    wall = _wall(at, zone)
    return _("%(weekday)s, %(day)s") % {"weekday": date_format(wall, "l"), "day": date_format(wall, "DATE_FORMAT")}


def time_said(at: datetime, zone: str) -> str:
    """Say the time of a moment in a zone: 9 a.m. (Chicago)."""
    return _("%(time)s (%(place)s)") % {"time": date_format(_wall(at, zone), "TIME_FORMAT"), "place": place_of(zone)}


def moment_said(at: datetime, zone: str, also: str = "") -> str:
    """Say a moment in a zone, and the time in another one where that is another one: with its day if that differs."""
    told = _("%(day)s, %(time)s") % {"day": day_said(at, zone), "time": time_said(at, zone)}
    if not also or _wall(at, also) == _wall(at, zone):
        return told
    same_day = _wall(at, also).date() == _wall(at, zone).date()
    other = time_said(at, also) if same_day else f"{date_format(_wall(at, also), 'l')}, {time_said(at, also)}"
    return _("%(here)s; there: %(there)s") % {"here": told, "there": other}


def _wall(at: datetime, zone: str) -> datetime:
    """Return the time on the wall, without its zone: what formats a date would take it to another one."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
