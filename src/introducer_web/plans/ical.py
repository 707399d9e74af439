"""What goes out as iCalendar: invitations, updates and cancellations (RFC 5546), and feeds (RFC 5545).

A single conversation is written in UTC, which no change of the clocks moves. A series is written at its time on the
wall, with its zone. Nothing that a text says stands in it but who meets whom, and where.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vRecur

from introducer_web.plans.zones import vtimezone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Appointment", "Person", "Repetition", "written"]

_PRODUCT = "-//Introducer//Introducer//EN"


@dataclass(frozen=True)
class Person:
    """Who comes."""

    name: str
    email: str


@dataclass(frozen=True)
class Repetition:
    """How a series goes on: so many, so many weeks apart; without those whose moments are dropped."""

    weeks: int
    number: int
    dropped: Sequence[datetime] = ()


@dataclass(frozen=True)
class Appointment:
    """One conversation, a series of them, or one of a series that is another one than the rule says.

    Attributes
    ----------
    uid : str
        The same for all that is ever said of it.
    sequence : int
        How often it was changed: of two that a calendar gets, the one with more holds.
    starts_at : datetime
        Of a series: the first.
    zone : str
        Where its time on the wall counts; written for series alone.
    stamp : datetime
        When this was said.
    instead_of : datetime, optional
        Of one of a series: when the rule says it is.
    """

    uid: str
    sequence: int
    starts_at: datetime
    minutes: int
    zone: str
    summary: str
    stamp: datetime
    place: str = ""
    url: str = ""
    organizer: Person | None = None
    people: Sequence[Person] = field(default=())
    repetition: Repetition | None = None
    instead_of: datetime | None = None
    is_cancelled: bool = False

    @property
    def of_series(self) -> bool:
        """Whether its times are written on the wall of a zone."""
        return self.repetition is not None or self.instead_of is not None


def written(appointments: Iterable[Appointment], *, method: str = "", name: str = "") -> str:
    """Return a calendar as text, its lines folded and ended as the standard has it.

    Parameters
    ----------
    method : {"REQUEST", "CANCEL", "PUBLISH", ""}
    name : str
        What a feed calls itself.
    """
    told = Calendar()
    told.add("prodid", _PRODUCT)
    told.add("version", "2.0")
    told.add("calscale", "GREGORIAN")
    if method:
        told.add("method", method)
    if name:
        told.add("x-wr-calname", name)
        told.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    each = list(appointments)
    zones: dict[str, int] = {}
    for one in each:
        if one.of_series:
            first = min(one.starts_at, one.instead_of or one.starts_at).astimezone(ZoneInfo(one.zone)).year
            zones[one.zone] = min(first, zones.get(one.zone, first))
    for zone, year in sorted(zones.items()):
        told.add_component(vtimezone(zone, year))
    for one in each:
        told.add_component(_event(one))
    return told.to_ical().decode()


def _event(one: Appointment) -> Event:
    event = Event()
    event.add("uid", one.uid)
    event.add("sequence", one.sequence)
    event.add("dtstamp", one.stamp.astimezone(UTC).replace(microsecond=0))
    if one.instead_of is not None:
        event.add("recurrence-id", _moment(one.instead_of, one))
    event.add("dtstart", _moment(one.starts_at, one))
    event.add("dtend", _moment(one.starts_at + timedelta(minutes=one.minutes), one))
    if one.repetition is not None:
        event.add("rrule", vRecur({"freq": "weekly", "interval": one.repetition.weeks, "count": one.repetition.number}))
        for moment in one.repetition.dropped:
            event.add("exdate", _moment(moment, one))
    event.add("summary", one.summary)
    event.add("status", "CANCELLED" if one.is_cancelled else "CONFIRMED")
    if one.place:
        event.add("location", one.place)
    if one.url:
        event.add("url", one.url)
    if one.organizer is not None:
        event.add("organizer", _address(one.organizer))
    for person in one.people:
        attendee = _address(person)
        attendee.params["role"] = "REQ-PARTICIPANT"
        attendee.params["partstat"] = "ACCEPTED"
        attendee.params["rsvp"] = "FALSE"
        event.add("attendee", attendee, encode=0)
    return event


def _moment(at: datetime, one: Appointment) -> datetime:
    return at.astimezone(ZoneInfo(one.zone) if one.of_series else UTC)


def _address(person: Person) -> vCalAddress:
    told = vCalAddress(f"mailto:{person.email}")
    told.params["cn"] = person.name
    return told
