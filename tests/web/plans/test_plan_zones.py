"""Times on the wall stay where they are when clocks change: in New York, London, and by half an hour on Lord Howe."""

import datetime as dt
import io
from zoneinfo import ZoneInfo

import pytest
import vobject
from dateutil import tz

from introducer_web.plans import zones
from introducer_web.plans.ical import Appointment, Person, Repetition, written

NEW_YORK, LONDON, LORD_HOWE = "America/New_York", "Europe/London", "Australia/Lord_Howe"
#: By zone: the first day of a weekly series at nine, and the hours of all of it in UTC, as an almanac has them.
ACROSS = {
    (NEW_YORK, "spring"): ("2027-03-04", ["14:00", "14:00", "13:00", "13:00"]),
    (NEW_YORK, "autumn"): ("2027-10-28", ["13:00", "13:00", "14:00", "14:00"]),
    (LONDON, "spring"): ("2027-03-18", ["09:00", "09:00", "08:00", "08:00"]),
    (LONDON, "autumn"): ("2027-10-21", ["08:00", "08:00", "09:00", "09:00"]),
    (LORD_HOWE, "its autumn"): ("2027-03-25", ["22:00", "22:00", "22:30", "22:30"]),
    (LORD_HOWE, "its spring"): ("2027-09-23", ["22:30", "22:30", "22:00", "22:00"]),
}
#: Moments just before and just at each change of 2027, with the offset in minutes that holds then.
CHANGES = {
    NEW_YORK: [("2027-03-14T06:59", -300), ("2027-03-14T07:00", -240), ("2027-11-07T05:59", -240),
               ("2027-11-07T06:00", -300)],
    LONDON: [("2027-03-28T00:59", 0), ("2027-03-28T01:00", 60), ("2027-10-31T00:59", 60), ("2027-10-31T01:00", 0)],
    LORD_HOWE: [("2027-04-03T14:59", 660), ("2027-04-03T15:00", 630), ("2027-10-02T15:29", 630),
                ("2027-10-02T15:30", 660)],
}  # fmt: skip


def first_of(zone, day, at=dt.time(9)):
    return zones.instant(dt.date.fromisoformat(day), at, zone)


def series(zone, day, number=4, weeks=1, **more):
    first = first_of(zone, day)
    return Appointment(
        uid="series@example.org", sequence=0, starts_at=first, minutes=30, zone=zone, stamp=first,
        summary="Mentoring conversation with Ben", organizer=Person("Introducer", "mentoring@example.org"),
        people=[Person("Ben", "ben@example.org")], repetition=Repetition(weeks, number, **more),
    )  # fmt: skip


@pytest.mark.parametrize("case", ACROSS, ids=str)
def test_a_series_is_at_nine_on_the_wall_before_and_after(case):
    zone, (day, hours) = case[0], ACROSS[case]
    moments = zones.repeated(first_of(zone, day), zone, 1, 4)
    assert [f"{each:%H:%M}" for each in moments] == hours
    assert {each.astimezone(ZoneInfo(zone)).time() for each in moments} == {dt.time(9)}


@pytest.mark.parametrize("case", ACROSS, ids=str)
def test_another_implementation_reads_the_same_moments(case):
    """By the zone that is written in the text: it asks no table of its own."""
    zone, (day, hours) = case[0], ACROSS[case]
    event = vobject.readOne(written([series(zone, day)], method="REQUEST")).vevent
    read = [each.astimezone(dt.UTC) for each in event.getrruleset(addRDate=True)]
    assert [f"{each:%H:%M}" for each in read] == hours
    assert read == zones.repeated(first_of(zone, day), zone, 1, 4)


@pytest.mark.parametrize("zone", CHANGES)
def test_a_zone_is_written_so_that_it_changes_at_the_right_moment(zone):
    text = written([series(zone, "2027-01-07")]).replace("\r\n", "\n")
    read = tz.tzical(io.StringIO(text)).get(zone)
    for moment, minutes in CHANGES[zone]:
        there = dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC).astimezone(read)
        assert there.utcoffset() == dt.timedelta(minutes=minutes), moment


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/London", "Australia/Lord_Howe", "Africa/Cairo",
                                  "Asia/Jerusalem", "America/Santiago", "Asia/Kolkata", "UTC"])  # fmt: skip
def test_a_zone_as_it_is_written_is_the_zone_for_years(zone):
    text = zones.vtimezone(zone, 2027).to_ical().decode().replace("\r\n", "\n")
    read = tz.tzical(io.StringIO(f"BEGIN:VCALENDAR\n{text}END:VCALENDAR\n")).get(zone)
    at = dt.datetime(2027, 1, 1, 0, 10, tzinfo=dt.UTC)
    while at.year < 2032:
        assert at.astimezone(read).utcoffset() == at.astimezone(ZoneInfo(zone)).utcoffset(), at
        at += dt.timedelta(hours=17)


@pytest.mark.parametrize(
    ("zone", "day", "at", "utc"),
    [
        # Clocks jump over it: as much later as they jump.
        (NEW_YORK, "2027-03-14", "02:30", "2027-03-14T07:30"),
        (LONDON, "2027-03-28", "01:30", "2027-03-28T01:30"),
        (LORD_HOWE, "2027-10-03", "02:15", "2027-10-02T15:45"),
        # It is there twice: the first.
        (NEW_YORK, "2027-11-07", "01:30", "2027-11-07T05:30"),
        (LONDON, "2027-10-31", "01:30", "2027-10-31T00:30"),
        (LORD_HOWE, "2027-04-04", "01:45", "2027-04-03T14:45"),
    ],
)
def test_a_time_that_is_not_there_or_twice_there_follows_the_rule(zone, day, at, utc):
    found = zones.instant(dt.date.fromisoformat(day), dt.time.fromisoformat(at), zone)
    assert f"{found:%Y-%m-%dT%H:%M}" == utc


def test_a_series_goes_on_at_its_time_after_a_day_on_which_it_was_not_there():
    first = first_of(NEW_YORK, "2027-03-07", dt.time(2, 30))
    wall = [each.astimezone(ZoneInfo(NEW_YORK)).time() for each in zones.repeated(first, NEW_YORK, 1, 3)]
    assert wall == [dt.time(2, 30), dt.time(3, 30), dt.time(2, 30)]


@pytest.mark.parametrize("weeks", [1, 2, 4, 8, 13])
def test_every_rhythm_is_read_as_it_was_meant(weeks):
    event = vobject.readOne(written([series(LONDON, "2027-01-07", number=9, weeks=weeks)])).vevent
    read = [each.astimezone(dt.UTC) for each in event.getrruleset(addRDate=True)]
    assert read == zones.repeated(first_of(LONDON, "2027-01-07"), LONDON, weeks, 9)


def test_what_is_dropped_of_a_series_is_not_read():
    moments = zones.repeated(first_of(NEW_YORK, "2027-03-04"), NEW_YORK, 1, 4)
    text = written([series(NEW_YORK, "2027-03-04", dropped=[moments[2]])])
    read = [each.astimezone(dt.UTC) for each in vobject.readOne(text).vevent.getrruleset(addRDate=True)]
    assert read == [moments[0], moments[1], moments[3]]
