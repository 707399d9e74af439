"""The rungs of the ladder: fixed kinds, each of which knows whom it is due to, and whether it still is.

A new kind is one more value in ``KINDS`` and three templates of its mail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from introducer_web.care.look import Due, agreed_at, away_until, side_of, waited_since, waiting_sides
from introducer_web.feedback import services as feedback
from introducer_web.finding.models import Request
from introducer_web.people.models import Participant
from introducer_web.relationships.models import Introduction, Relationship

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.utils.functional import _StrPromise

    from introducer_web.care.look import Look
    from introducer_web.care.models import Reminder

__all__ = ["BY_KEY", "KINDS", "Kind"]

State = Relationship.State
Answer = Introduction.Answer


@dataclass(frozen=True)
class Kind:
    """One rung.

    Attributes
    ----------
    key : str
    title, says : str
        What it is called; what happens, in a sentence.
    mail : str
        The kind of its mail.
    days, least, most : int
        After how many days unless a coordinator says otherwise, and within which limits; 0: there is nothing to count.
    find : callable
        ``find(look, days)`` yields everybody to whom it is due, in a steady order.
    holds : callable
        ``holds(reminder, now)``: whether what it says is still so.
    notice : bool
        It tells what has happened, and asks for nothing: whoever stopped reminders is told all the same.
    between : bool
        What it is about is for the two alone: coordinators approve its text, and are not told whom it reaches.
    """

    key: str
    title: _StrPromise
    says: _StrPromise
    mail: str
    days: int
    least: int
    most: int
    find: Callable[[Look, int], Iterator[Due]]
    holds: Callable[[Reminder, datetime], bool]
    notice: bool = False
    between: bool = False


def _unfinished(look: Look, days: int, before: int = 10_000) -> Iterator[Due]:
    for person in look.drafts:
        if timedelta(days=days) <= look.now - person.joined_at < timedelta(days=before):
            yield Due(person, None, _day(person.joined_at), person.joined_at)


def _unfinished_first(look: Look, days: int) -> Iterator[Due]:
    """Yield drafts until it is time for the second rung, if that one is sent."""
    last = look.days["unfinished_again"] if look.on["unfinished_again"] else 10_000
    return _unfinished(look, days, last)


def _is_draft(reminder: Reminder, _now: datetime) -> bool:
    return reminder.person.state == Participant.State.DRAFT


def _unanswered(look: Look, days: int) -> Iterator[Due]:
    for row in look.waiting:
        if look.waited(row) >= timedelta(days=days):
            yield from _sides_of(row)


def _sides_of(row: Relationship) -> Iterator[Due]:
    """Yield the sides that have not said yes or no."""
    for each in waiting_sides(row):
        yield Due(side_of(row, each.side), row, _day(each.sent_at), waited_since(row))


def _is_unanswered(reminder: Reminder, now: datetime) -> bool:
    row = reminder.relationship
    if row is None or row.state != State.INTRODUCED:
        return False
    return any(
        side_of(row, each.side).pk == reminder.person_id and each.expires_at > now
        and reminder.of_day == _day(each.sent_at)
        for each in waiting_sides(row)
    )  # fmt: skip


def _unanswered_request(look: Look, days: int) -> Iterator[Due]:
    for row in look.requests:
        if look.now - row.waits_since >= timedelta(days=days):
            yield Due(row.mentor, None, _day(row.waits_since), row.waits_since, row)


def _is_open_request(reminder: Reminder, now: datetime) -> bool:
    code = reminder.subject.partition(".")[2]
    return Request.objects.filter(code=code, state=Request.State.OPEN, expires_at__gt=now).exists()


def _expired(look: Look, days: int) -> Iterator[Due]:
    """Yield both of whom an introduction is closed: nobody loses one of which they were not reminded in time."""
    after = days - look.days["unanswered"]
    for row in look.waiting:
        if look.waited(row) < timedelta(days=days):
            continue
        if look.on["unanswered"] and any(_was_not_reminded(look, due, after) for due in _sides_of(row)):
            continue
        for each in sorted(row.introductions.all(), key=lambda each: each.side):
            yield Due(side_of(row, each.side), row, _day(each.sent_at), waited_since(row))


def _was_not_reminded(look: Look, due: Due, days: int) -> bool:
    reminded = look.reminded.get(("unanswered", due.subject, due.occurrence))
    if reminded is None:
        return not look.keeps_quiet(due)
    return look.now - reminded < timedelta(days=days)


def _is_expired(reminder: Reminder, _now: datetime) -> bool:
    return reminder.relationship is not None and reminder.relationship.state == State.EXPIRED


def _not_met(look: Look, days: int) -> Iterator[Due]:
    for row in look.lived:
        since = agreed_at(row)
        if row.last_contact_on is None and row.pk not in look.planned and look.now - since >= timedelta(days=days):
            for person in (row.mentee, row.mentor):
                yield Due(person, row, _day(since), since)


def _has_not_met(reminder: Reminder, _now: datetime) -> bool:
    row = reminder.relationship
    return row is not None and row.state == State.ACTIVE and row.last_contact_on is None


def _quiet(look: Look, days: int) -> Iterator[Due]:
    for row in look.lived:
        if row.last_contact_on is None or row.pk in look.planned:
            continue
        if look.today - row.last_contact_on >= timedelta(days=days):
            since = datetime.combine(row.last_contact_on, time(), UTC)
            for person in (row.mentee, row.mentor):
                yield Due(person, row, row.last_contact_on.isoformat(), since)


def _is_quiet(reminder: Reminder, _now: datetime) -> bool:
    row = reminder.relationship
    return (
        row is not None and row.state == State.ACTIVE and row.last_contact_on is not None
        and row.last_contact_on.isoformat() == reminder.of_day
    )  # fmt: skip


def _away(look: Look, _days: int) -> Iterator[Due]:
    for row in look.waiting:
        until = away_until(row.mentor, look.today)
        mentors = next((each for each in row.introductions.all() if each.side == "mentor"), None)
        if until is not None and mentors is not None and mentors.answer != Answer.ACCEPTED:
            yield Due(row.mentee, row, until.isoformat(), look.now)


def _is_away(reminder: Reminder, now: datetime) -> bool:
    row = reminder.relationship
    if row is None or row.state != State.INTRODUCED:
        return False
    until = away_until(row.mentor, now.date())
    return until is not None and until.isoformat() == reminder.of_day


def _how_it_goes(look: Look, days: int) -> Iterator[Due]:
    for each in feedback.due(now=look.now, cohort=look.cohort):
        if look.now - each.since >= timedelta(days=days):
            yield Due(each.person, each.relationship, _day(each.after), each.since)


def _is_not_said(reminder: Reminder, now: datetime) -> bool:
    return any(
        (each.person.pk, each.relationship.pk, _day(each.after))
        == (reminder.person_id, reminder.relationship_id, reminder.of_day)
        for each in feedback.due(now=now, cohort=reminder.cohort)
    )


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()


#: In the order in which a person meets them.
KINDS = (
    Kind(
        "unfinished", _("The form is not finished"),
        _("To whoever began to join and has not sent the form."),
        "reminder_unfinished", 3, 1, 7, _unfinished_first, _is_draft,
    ),
    Kind(
        "unfinished_again", _("The form is still not finished"),
        _("Once more, and then never again."),
        "reminder_unfinished", 10, 8, 30, _unfinished, _is_draft,
    ),
    Kind(
        "away", _("The mentor is away"),
        _("To a mentee whose mentor paused before answering: until when, and that they may wait or ask for somebody "
          "else. Days of a pause do not count below."),
        "mentor_away", 0, 0, 0, _away, _is_away, notice=True,
    ),
    Kind(
        "unanswered", _("An introduction waits for an answer"),
        _("To each side that has not answered, once. It takes the place of the weekly reminder."),
        "reminder_unanswered", 7, 3, 9, _unanswered, _is_unanswered,
    ),
    Kind(
        "request", _("A request waits for an answer"),
        _("To a mentor whom a mentee asked and who has not answered, once. Unanswered it ends after two weeks, and "
          "both are told."),
        "reminder_request", 7, 3, 12, _unanswered_request, _is_open_request, between=True,
    ),
    Kind(
        "expiry", _("An introduction is closed"),
        _("Still not answered: it is closed, both are told kindly, and the seat is free. You see the mentee under "
          "Now."),
        "introduction_expired", 14, 10, 21, _expired, _is_expired, notice=True,
    ),
    Kind(
        "first_meeting", _("No first conversation yet"),
        _("To both, once, so many days after both agreed."),
        "reminder_first_meeting", 21, 7, 60, _not_met, _has_not_met,
    ),
    Kind(
        "quiet", _("It has become quiet"),
        _("To both, once, so many days after the last conversation that was noted."),
        "reminder_quiet", 45, 14, 180, _quiet, _is_quiet,
    ),
    Kind(
        "feedback", _("How does it go?"),
        _("To each of the two, for themselves: some days after their first month, or first conversation, and again "
          "three months after they said how it goes. Whom it reaches, and what they say, is theirs alone."),
        "reminder_feedback", 7, 1, 60, _how_it_goes, _is_not_said, between=True,
    ),
)  # fmt: skip
BY_KEY = {kind.key: kind for kind in KINDS}
