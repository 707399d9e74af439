"""What the calendars of both are told, read by another implementation than the one that wrote it."""

import datetime as dt

import pytest
from django.test import override_settings

import mail_server
from introducer_web.mail import services as mail
from introducer_web.mail.models import Message
from introducer_web.plans import services
from introducer_web.plans.models import Plan, Series

HOUR, WEEK = dt.timedelta(hours=1), dt.timedelta(weeks=1)
BOTH = {"ben@example.org", "cleo@example.org"}


def test_an_invitation_says_who_meets_whom_when_and_nothing_else(together, agree, told):
    services.add_point(relationship=together.two, person=together.cleo_asks, text="My contract", now=together.now)
    plan = agree(place="Room 7")
    both = told("plan_agreed")
    assert both.keys() == BOTH
    event = both["cleo@example.org"].calendar.vevent
    assert both["cleo@example.org"].method == both["cleo@example.org"].calendar.method.value == "REQUEST"
    assert event.summary.value == "Mentoring conversation with Ben Castellanos"
    assert both["ben@example.org"].calendar.vevent.summary.value == "Mentoring conversation with Cleo Marsh"
    assert event.dtstart.value == together.later
    assert event.dtend.value == together.later + HOUR / 2
    assert {each.value for each in event.attendee_list} == {f"mailto:{each}" for each in BOTH}
    assert event.organizer.value == "mailto:mentoring@localhost"
    assert event.location.value == "Room 7"
    assert event.dtstamp.value == together.now
    assert event.sequence.value == "0"
    assert event.uid.value == f"{plan.code}@localhost"
    assert event.url.value.endswith(f"/plans/{plan.code}/")
    for each in both.values():
        assert "contract" not in each.text.casefold()
        assert all(len(line.encode()) <= 75 for line in each.text.split("\r\n"))


def test_an_update_and_a_cancellation_are_of_the_same_with_a_higher_sequence(together, agree, propose, told):
    plan = agree()
    move = propose(together.later + HOUR, moves=plan, minutes=45, person=together.ben_mentors)
    assert Plan.objects.get().starts_at == together.later  # until the other side agrees
    services.accept(proposal=move, person=together.cleo_asks, at=together.later + HOUR, now=together.now + HOUR)
    services.accept(proposal=move, person=together.cleo_asks, at=together.later + HOUR, now=together.now + HOUR)
    services.cancel(plan=plan, now=together.now + 2 * HOUR)
    services.cancel(plan=plan, now=together.now + 2 * HOUR)
    read = [told(kind)["ben@example.org"] for kind in ("plan_agreed", "plan_moved", "plan_cancelled")]
    assert [each.method for each in read] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [each.calendar.vevent.sequence.value for each in read] == ["0", "1", "2"]
    assert len({each.calendar.vevent.uid.value for each in read}) == 1
    moved, cancelled = read[1].calendar.vevent, read[2].calendar.vevent
    assert (moved.dtstart.value, moved.dtend.value) == (together.later + HOUR, together.later + HOUR * 7 / 4)
    assert cancelled.status.value == "CANCELLED"
    assert [each.calendar.vevent.dtstamp.value for each in read] == [together.now + k * HOUR for k in range(3)]
    assert (
        Message.objects.filter(kind="plan_moved").count() == Message.objects.filter(kind="plan_cancelled").count() == 2
    )


def test_a_series_is_one_invitation_of_which_one_is_moved_and_one_dropped(together, agree, propose, told):
    plan = agree(weeks=1, number=5)
    series = Series.objects.get()
    invited = told("plan_agreed")["cleo@example.org"].calendar.vevent
    assert len(list(invited.getrruleset(addRDate=True))) == 5 == Plan.objects.count()
    assert "DTSTART;TZID=America/Chicago:20270114T090000" in told("plan_agreed")["cleo@example.org"].text
    second = Plan.objects.order_by("starts_at")[1]
    move = propose(second.starts_at + HOUR, moves=second)
    services.accept(proposal=move, person=together.ben_mentors, at=second.starts_at + HOUR, now=together.now)
    moved = told("plan_moved")["cleo@example.org"].calendar.vevent
    assert (moved.uid.value, moved.sequence.value) == (invited.uid.value, "1")
    assert moved.recurrence_id.value == second.starts_at
    assert moved.dtstart.value == second.starts_at + HOUR
    assert not hasattr(moved, "rrule")
    third = Plan.objects.order_by("starts_at")[2]
    services.cancel(plan=third, now=together.now)
    dropped = told("plan_cancelled")["cleo@example.org"]
    assert dropped.method == "CANCEL"
    assert dropped.calendar.vevent.recurrence_id.value == third.starts_at
    assert dropped.calendar.vevent.sequence.value == "2"
    assert Plan.objects.filter(state="agreed").count() == 4
    fourth = Plan.objects.order_by("starts_at")[3]
    services.end_series(plan=fourth, now=together.now)
    ended = told("plan_cancelled")["cleo@example.org"]
    assert ended.method == "REQUEST"
    master, other = ended.calendar.vevent_list
    assert [each.astimezone(dt.UTC) for each in master.getrruleset(addRDate=True)] == [
        plan.starts_at, second.starts_at]  # fmt: skip
    assert (other.recurrence_id.value, other.dtstart.value) == (second.starts_at, second.starts_at + HOUR)
    series.refresh_from_db()
    assert (series.number, series.sequence) == (2, 3)


def test_a_series_that_is_cancelled_before_it_begins_goes_whole(together, agree, told):
    plan = agree(weeks=2, number=4)
    services.end_series(plan=plan, now=together.now)
    services.end_series(plan=plan, now=together.now)
    read = told("plan_cancelled")["ben@example.org"]
    assert read.method == "CANCEL"
    assert read.calendar.vevent.status.value == "CANCELLED"
    assert not hasattr(read.calendar.vevent, "recurrence_id")
    assert set(Plan.objects.values_list("state", flat=True)) == {"cancelled"}
    assert Message.objects.filter(kind="plan_cancelled").count() == 2


def test_what_has_begun_is_neither_moved_nor_cancelled(together, agree, propose):
    plan = agree()
    with pytest.raises(services.IsOver):
        services.cancel(plan=plan, now=together.later + HOUR)
    with pytest.raises(services.AlreadySettled):
        propose(together.later + 3 * HOUR, moves=plan, now=together.later + HOUR)


def test_who_ends_their_mentoring_has_everything_to_come_taken_out_of_both_calendars(together, agree, propose, told):
    agree()
    agree(together.later + WEEK, weeks=1, number=6)
    proposal = propose(together.later + HOUR)
    type(together.two).objects.filter(pk=together.two.pk).update(state="ended", seat=None, ended_at=together.now)
    for _ in range(2):
        services.end_what_is_over(together.now)
    proposal.refresh_from_db()
    assert proposal.state == "withdrawn"
    assert not Plan.objects.filter(state="agreed").exists()
    assert Message.objects.filter(kind="plan_cancelled").count() == 4  # one plan and one series, to each of the two
    assert told("plan_cancelled")["cleo@example.org"].method == "CANCEL"


def test_a_mail_arrives_with_its_calendar_as_a_form_of_the_text_and_as_a_file(together, agree):
    agree()
    Message.objects.exclude(kind="plan_agreed").delete()
    with (
        mail_server.serving() as box,
        override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=box.port
        ),
    ):
        assert mail.send_due(together.now) == 2
    for arrived in box.mails:
        forms = [part for part in arrived.walk() if part.get_content_type() == "text/calendar"]
        assert len(forms) == 2
        for part in forms:
            assert part["Content-Type"].params["method"] == "REQUEST"
            assert part["Content-Type"].params["charset"] == "utf-8"
            assert "BEGIN:VEVENT" in part.get_content()
        assert forms[1].get_filename() == "conversation.ics"
        assert [part.get_content_type() for part in arrived.iter_parts()] == ["multipart/alternative", "text/calendar"]
