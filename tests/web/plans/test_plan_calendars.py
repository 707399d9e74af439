"""When somebody is busy, as their calendar says it: moments, asked at most hourly, forgotten when it is taken away."""

import datetime as dt
import json
import subprocess

import pytest
from django.urls import reverse

import cast
from introducer_web.audit.models import Entry
from introducer_web.mail.models import Message
from introducer_web.plans import reading, services
from introducer_web.plans.models import Availability
from introducer_web.plans.times import suggested
from web.plans import outside_server

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
BEGIN = dt.datetime(2027, 1, 11, tzinfo=dt.UTC)
END = BEGIN + 28 * DAY


def calendar(*events, more=""):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Somebody//EN"]
    for k, event in enumerate(events):
        lines += ["BEGIN:VEVENT", f"UID:{k}@else.example.org", "DTSTAMP:20270101T000000Z", *event.split("|"),
                  "SUMMARY:Secret surgery", "END:VEVENT"]  # fmt: skip
    return "\r\n".join([*lines, *([more] if more else []), "END:VCALENDAR", ""]).encode()


def busy(content, zone="America/Chicago", **more):
    found = reading.busy_in(content, begin=BEGIN, end=END, zone=zone, **more)
    return [f"{left:%m-%dT%H:%M}/{right:%m-%dT%H:%M}" for left, right in found]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("DTSTART:20270112T150000Z|DTEND:20270112T160000Z", ["01-12T15:00/01-12T16:00"]),
        ("DTSTART:20270112T150000Z|DURATION:PT45M", ["01-12T15:00/01-12T15:45"]),
        ("DTSTART:20270112T090000|DTEND:20270112T100000", ["01-12T15:00/01-12T16:00"]),  # where its owner is
        ("DTSTART;TZID=Europe/London:20270112T090000|DTEND;TZID=Europe/London:20270112T100000",
         ["01-12T09:00/01-12T10:00"]),
        ("DTSTART;VALUE=DATE:20270113|DTEND;VALUE=DATE:20270115", ["01-13T06:00/01-15T06:00"]),
        ("DTSTART:20270112T150000Z|DTEND:20270112T160000Z|TRANSP:TRANSPARENT", []),
        ("DTSTART:20270112T150000Z|DTEND:20270112T160000Z|STATUS:CANCELLED", []),
        ("DTSTART:20200112T150000Z|DTEND:20200112T160000Z", []),
        ("DTSTART:20260106T150000Z|DTEND:20260106T160000Z|RRULE:FREQ=WEEKLY;COUNT=55|EXDATE:20270112T150000Z",
         ["01-19T15:00/01-19T16:00"]),
        ("DTSTART:20270110T230000Z|DTEND:20270111T010000Z", ["01-11T00:00/01-11T01:00"]),
    ],
)  # fmt: skip
def test_what_an_event_takes_of_its_owners_time(event, expected):
    assert busy(calendar(event)) == expected


def test_what_overlaps_is_one_and_ours_is_left_out():
    two = calendar("DTSTART:20270112T150000Z|DTEND:20270112T160000Z", "DTSTART:20270112T153000Z|DTEND:20270112T170000Z")
    assert busy(two) == ["01-12T15:00/01-12T17:00"]
    assert busy(two, ours="@else.example.org") == []


def test_one_of_a_series_that_was_moved_is_where_it_was_moved_to():
    content = calendar(
        "DTSTART:20270112T150000Z|DTEND:20270112T160000Z|RRULE:FREQ=DAILY;COUNT=2",
    ).replace(b"END:VCALENDAR", b"BEGIN:VEVENT\r\nUID:0@else.example.org\r\nDTSTAMP:20270101T000000Z\r\n"
              b"RECURRENCE-ID:20270113T150000Z\r\nDTSTART:20270113T200000Z\r\nDTEND:20270113T210000Z\r\n"
              b"END:VEVENT\r\nEND:VCALENDAR")  # fmt: skip
    assert busy(content) == ["01-12T15:00/01-12T16:00", "01-13T20:00/01-13T21:00"]


def test_a_calendar_that_tells_only_free_and_busy_is_read():
    part = (
        "BEGIN:VFREEBUSY\r\nUID:f@else.example.org\r\nDTSTAMP:20270101T000000Z\r\n"
        "FREEBUSY;FBTYPE=BUSY:20270112T150000Z/20270112T160000Z,20270113T150000Z/PT30M\r\n"
        "FREEBUSY;FBTYPE=FREE:20270114T150000Z/20270114T160000Z\r\nEND:VFREEBUSY"
    )
    assert busy(calendar(more=part)) == ["01-12T15:00/01-12T16:00", "01-13T15:00/01-13T15:30"]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"<html>Sign in</html>", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n",
        calendar("DTSTART:soon|DTEND:later"),
        calendar("DTSTART:20200101T000000Z|DTEND:20200101T000001Z|RRULE:FREQ=SECONDLY"),
        calendar("DTSTART:20200101T000000Z|DTEND:20200101T000001Z|RRULE:FREQ=MINUTELY"),
    ],
)  # fmt: skip
def test_what_is_no_calendar_is_refused(content):
    with pytest.raises(reading.NoCalendar):
        busy(content)


def test_it_is_read_in_a_process_of_its_own_that_has_no_key(monkeypatch):
    monkeypatch.setenv("INTRODUCER_SECRET_KEY", "secret")
    assert not any("INTRODUCER" in name or "DATABASE" in name for name in reading._surroundings())
    content = calendar("DTSTART:20270112T150000Z|DTEND:20270112T160000Z")
    assert reading.apart(content, begin=BEGIN, end=END, zone="UTC") == [(BEGIN + 39 * HOUR, BEGIN + 40 * HOUR)]
    with pytest.raises(reading.NoCalendar):
        reading.apart(b"nothing", begin=BEGIN, end=END, zone="UTC")


def test_a_calendar_that_is_long_to_read_is_given_up(monkeypatch):
    monkeypatch.setattr(reading, "_SECONDS", 0.01)
    with pytest.raises(reading.NoCalendar) as told:
        reading.apart(calendar(), begin=BEGIN, end=END, zone="UTC")
    assert isinstance(told.value.__cause__, subprocess.TimeoutExpired)


@pytest.fixture
def place(tmp_path):
    with outside_server.serving(tmp_path) as found:
        found.says["/basic.ics"] = calendar("DTSTART:20270113T150000Z|DTEND:20270113T160000Z")
        yield found


@pytest.fixture
def connected(together, place):
    """Let Ben give the address of his calendar: the port is one that only tests may reach, so past the form."""
    row = save(together, together.ben_mentors, address="https://calendar.example.org/basic.ics")
    row.said = row.said | {"address": place.url()}
    row.save()
    return row


def save(town, person, **more):
    given = {"timezone": "America/Chicago", "week": {2: (dt.time(8), dt.time(12))}, "away": [], "address": None,
             "wants_brief": True} | more  # fmt: skip
    return services.save_availability(person=person, by=person.user, now=town.now, **given)


def test_only_moments_are_kept_and_sealed(together, connected, place):
    assert services.ask_calendars(together.now, place.outside())
    connected.refresh_from_db()
    assert connected.busy == [["2027-01-13T15:00:00+00:00", "2027-01-13T16:00:00+00:00"]]
    assert connected.asked_at == together.now
    everything = json.dumps([connected.busy, connected.said])
    assert "surgery" not in everything
    assert b"2027-01-13" not in bytes(connected.sealed_busy)
    hours = services.hours_of(together.ben_mentors, now=together.now)
    assert [f"{left:%H:%M}" for left, _right in hours.busy] == ["15:00"]


@pytest.mark.usefixtures("connected")
def test_it_is_asked_at_most_once_an_hour(together, place):
    assert services.ask_calendars(together.now, place.outside())
    assert not services.ask_calendars(together.now + HOUR / 2, place.outside())
    assert services.ask_calendars(together.now + HOUR, place.outside())
    assert len(place.asked) == 2


@pytest.mark.usefixtures("connected")
def test_the_other_sees_a_time_that_fits_and_not_why_others_do_not(together, place):
    services.ask_calendars(together.now, place.outside())
    save(together, together.cleo_asks, week={2: (dt.time(8), dt.time(12))})
    both = [services.hours_of(each, now=together.now) for each in (together.cleo_asks, together.ben_mentors)]
    found = suggested(*both, minutes=30, now=together.now)
    half = [f"{each:%m-%d %H:%M}" for each in suggested(*both, minutes=90, now=together.now)]
    assert [f"{each:%m-%d %H:%M}" for each in found[:3]] == ["01-13 14:00", "01-13 17:00", "01-20 14:00"]
    assert half[:2] == ["01-13 16:00", "01-20 14:00"]


def test_what_is_wrong_is_told_once_when_it_does_not_pass_by_itself(together, connected, place):
    del place.says["/basic.ics"]
    now = together.now
    for k in range(4):
        services.ask_calendars(now + k * DAY, place.outside())
    [mail] = Message.objects.filter(kind="calendar_unread")
    assert mail.to == "ben@example.org"
    assert "no calendar at this address any more" in mail.content["text"]
    assert place.url() not in json.dumps(mail.content)
    place.says["/basic.ics"] = calendar()
    services.ask_calendars(now + 4 * DAY, place.outside())
    connected.refresh_from_db()
    assert (connected.trouble, connected.failing_since) == ("", None)


@pytest.mark.usefixtures("connected")
def test_what_passes_within_a_day_is_told_to_nobody(together, place):
    place.says["/basic.ics"] = lambda handler: handler.send_error(503)
    for k in range(24):
        assert services.ask_calendars(together.now + k * HOUR, place.outside())
    assert not Message.objects.filter(kind="calendar_unread").exists()
    services.ask_calendars(together.now + 24 * HOUR, place.outside())
    [mail] = Message.objects.filter(kind="calendar_unread")
    assert "It does not answer." in mail.content["text"]


@pytest.mark.usefixtures("connected")
def test_nobody_is_told_at_night(place):
    del place.says["/basic.ics"]
    night = dt.datetime(2027, 1, 13, 5, tzinfo=dt.UTC)  # eleven in the evening in Chicago
    services.ask_calendars(night, place.outside())
    assert Message.objects.get(kind="calendar_unread").not_before == dt.datetime(2027, 1, 13, 14, tzinfo=dt.UTC)


@pytest.mark.usefixtures("connected")
def test_a_calendar_that_is_taken_away_is_forgotten_even_while_it_is_being_read(together, place):
    services.ask_calendars(together.now, place.outside())
    row = save(together, together.ben_mentors, address="")
    assert (row.busy, row.said["address"], row.ask_at) == ([], "", None)
    assert not services.ask_calendars(together.now + DAY, place.outside())
    row = save(together, together.ben_mentors, address="https://calendar.example.org/other.ics")
    row.said = row.said | {"address": place.url()}
    row.save()
    late = Availability.objects.get(pk=row.pk)

    def meanwhile(*_name):
        save(together, together.ben_mentors, address="")
        return ["127.0.0.1"]

    assert services.ask_calendars(together.now, place.outside(look_up=meanwhile))
    late.refresh_from_db()
    assert (late.busy, late.asked_at, late.ask_at) == ([], None, None)


@pytest.mark.parametrize("address", ["http://calendar.example.org/a.ics", "https://localhost/a.ics", "calendar",
                                     "https://calendar.example.org:8443/a.ics"])  # fmt: skip
def test_an_address_that_cannot_be_asked_is_refused_at_once(together, address):
    with pytest.raises(services.AddressRefused):
        save(together, together.ben_mentors, address=address)
    assert not Availability.objects.exclude(ask_at=None).exists()


def test_an_address_for_calendar_programs_is_the_same_over_https(together):
    row = save(together, together.ben_mentors, address="webcal://calendar.example.org/a.ics")
    assert row.said["address"] == "https://calendar.example.org/a.ics"
    assert Entry.objects.filter(act="plans.calendar").count() == 1
    assert b"calendar.example" not in bytes(row.sealed)


@pytest.mark.usefixtures("connected")
def test_who_has_left_has_no_calendar_asked(together, place):
    type(together.ben_mentors).objects.filter(user=together.ben).update(state="withdrawn")
    assert not services.ask_calendars(together.now, place.outside())


def test_the_page_keeps_hours_and_times_away_and_shows_no_address(client, together):
    cast.enter(client, together.cleo)
    page = reverse("availability", args=["ir", together.cleo_asks.code])
    assert 'value="08:00"' in client.get(page).content.decode()
    away = [(dt.datetime.now(dt.UTC).date() + k * DAY).isoformat() for k in (5, 9)]
    given = {"timezone": "Europe/London", "from_0": "07:00", "to_0": "09:00", "away_from_0": away[0],
             "away_to_0": away[1], "address": "https://calendar.example.org/secret.ics"}  # fmt: skip
    text = client.post(page, given, follow=True).content.decode()
    assert "Kept." in text
    assert "Your calendar at calendar.example.org is asked." in text
    assert "secret.ics" not in text
    row = Availability.objects.get()
    assert row.said == {"hours": {"0": ["07:00", "09:00"]}, "away": [away],
                        "address": "https://calendar.example.org/secret.ics"}  # fmt: skip
    client.post(page, given | {"address": ""})
    row.refresh_from_db()
    assert row.said["address"].endswith("secret.ics")  # an empty field keeps it
    client.post(page, given | {"address": "", "forget": "on"})
    row.refresh_from_db()
    assert row.said["address"] == ""


@pytest.mark.parametrize(
    ("field", "given"),
    [("to_0", {"from_0": "09:00", "to_0": "08:00"}), ("to_1", {"from_1": "09:00"}),
     ("away_to_0", {"away_from_0": "2027-01-05", "away_to_0": "2027-01-04"}), ("timezone", {"timezone": "Mars/Base"}),
     ("address", {"address": "http://calendar.example.org/"})],
)  # fmt: skip
def test_hours_that_make_no_sense_are_shown_again_with_what_is_wrong(client, together, field, given):
    cast.enter(client, together.cleo)
    page = reverse("availability", args=["ir", together.cleo_asks.code])
    answer = client.post(page, {"timezone": "Europe/London"} | given)
    assert answer.status_code == 422
    assert f'href="#id_{field}"' in answer.content.decode()
    assert not Availability.objects.exists()
