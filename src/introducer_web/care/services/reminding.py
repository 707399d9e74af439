"""Going through the ladders: what is due is written down and queued; a last look before each mail leaves."""

from __future__ import annotations

import logging
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from introducer_web.audit import services as audit
from introducer_web.care.kinds import BY_KEY, KINDS
from introducer_web.care.look import away_until, coming_plans, may_be_reminded, other_of, start_of
from introducer_web.care.models import Ladder, Reminder, Rung, Silence
from introducer_web.care.services.holds import follow_pauses
from introducer_web.care.services.ladder import look_at
from introducer_web.care.services.writing import close, had_one_today, ready, remind
from introducer_web.lib.errors import DomainError
from introducer_web.lib.faults import crash_point
from introducer_web.lib.leases import claim, still_ours
from introducer_web.lib.nights import by_day
from introducer_web.people.models import Participant
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from datetime import datetime

    from introducer_web.care.kinds import Kind
    from introducer_web.care.look import Due, Look
    from introducer_web.mail.models import Message
    from introducer_web.tenants.models import User

__all__ = ["NobodyToWrite", "WrittenAlready", "may_leave", "remind_due", "write_again"]

State = Relationship.State
#: A ladder is gone through so often.
EVERY = timedelta(minutes=10)
#: A coordinator writes again to the same two no oftener.
_WEEK = timedelta(days=7)


class NobodyToWrite(DomainError):
    """Nobody of the two wants to be reminded, or there is nothing to remind of."""


class WrittenAlready(DomainError):
    """They got one within a week."""


def remind_due(now: datetime) -> bool:
    """Go through one ladder whose turn it is; False when there is none."""
    with scopes_disabled():
        turn = Q(looked_at__isnull=True) | Q(looked_at__lte=now - EVERY)
        approved = Ladder.objects.filter(turn, approved_at__isnull=False, cohort__is_closed=False)
        ladder = claim(approved.order_by("looked_at", "pk"), now=now)
        if ladder is None:
            return False
        _go_through(Ladder.objects.select_related("cohort__program", "cohort__society").get(pk=ladder.pk), now)
        still_ours(ladder).update(looked_at=now, leased_until=None)
    return True


def _go_through(ladder: Ladder, now: datetime) -> None:
    look = look_at(ladder.cohort, now, ladder.rungs.all())
    follow_pauses(look)
    for kind in KINDS:
        for dues in _pieces(kind, list(ready(look, kind))):
            _say(look, kind, dues)
            crash_point("reminders-half-way")


def _pieces(kind: Kind, dues: list[Due]) -> list[list[Due]]:
    """Return what is said in one transaction each: to one person, or to the two whose introduction is closed."""
    if kind.key != "expiry":
        return [[due] for due in dues]
    return [list(same) for _pair, same in groupby(dues, key=lambda due: due.relationship)]


def _say(look: Look, kind: Kind, dues: list[Due]) -> None:
    try:
        closed = dues[0].relationship if kind.key == "expiry" else None
        if closed is not None:
            close(look, kind, closed, dues)
        elif kind.notice or not had_one_today(look, dues[0]):
            remind(look, kind, dues[0])
    except DomainError:
        return  # answered at this very moment
    except Exception:  # one that fails must not keep the others back; the next look tries it again
        logging.getLogger("introducer_web.care").exception("A reminder could not be written: %s.", kind.key)


def may_leave(message: Message, now: datetime) -> datetime | None:
    """Tell when a queued reminder may leave; None: what it says is no longer so, or nobody wants it."""
    _word, rung, subject, occurrence = message.key.split(":", 3)
    found = (
        Reminder.objects.filter(rung=rung, subject=subject, occurrence=occurrence)
        .select_related("person__user", "person__society", "relationship__mentee", "relationship__mentor", "cohort")
        .first()
    )
    kind = BY_KEY.get(rung)
    if found is None or kind is None or not kind.holds(found, now):
        return None
    waits = _waits_until(found, kind, now)
    return None if waits is None else by_day(waits, found.person.zone, sundays=False)


def _waits_until(found: Reminder, kind: Kind, now: datetime) -> datetime | None:
    person, relationship = found.person, found.relationship
    if not kind.notice:
        if not may_be_reminded(person, found.subject):
            return None
        if relationship is not None and other_of(relationship, person).state != Participant.State.ACTIVE:
            return None
        away = away_until(person, now.date())
        silence = Silence.objects.filter(person=person, relationship=relationship, until__gt=now).first()
        waits = [start_of(away, now)] if away else [now]
        waits += [silence.until] if silence else []
        waits += [_coming(found, now)] if kind.key in ("first_meeting", "quiet") else []
        if max(waits) > now:
            return max(waits)
    if not found.by_hand and kind.key != "expiry" and not _is_on(found):
        return now + timedelta(days=1)  # it may be switched on again, while what it says is still so
    return now


def _coming(found: Reminder, now: datetime) -> datetime:
    """Return the day after the next conversation that is agreed on: then it shows whether anything is to be said."""
    coming = coming_plans(now).filter(relationship=found.relationship)
    first = coming.order_by("starts_at").values_list("starts_at", flat=True).first()
    return now if first is None else first + timedelta(days=1)


def _is_on(found: Reminder) -> bool:
    if found.cohort.is_closed:
        return False
    off = Rung.objects.filter(kind=found.rung, is_on=False).values("ladder")
    return Ladder.objects.filter(cohort=found.cohort, approved_at__isnull=False).exclude(pk__in=off).exists()


def write_again(*, relationship: Relationship, by: User, now: datetime) -> list[Reminder]:
    """Remind whoever of the two something waits for, because a coordinator asks for it. Quiet hours hold.

    Raises
    ------
    NobodyToWrite, WrittenAlready
    """
    cohort = relationship.cohort
    rungs = Rung.objects.filter(ladder__cohort=cohort)
    look = look_at(cohort, now, rungs, only=relationship)
    if not look.pairs:
        raise NobodyToWrite(_("This one is over. There is nothing to remind of."))
    if Reminder.objects.filter(relationship=relationship, by_hand=True, at__gt=now - _WEEK).exists():
        raise WrittenAlready(_("You wrote to them within the last week. Give them a little time, or call."))
    row = look.pairs[0]
    lived = "first_meeting" if row.last_contact_on is None else "quiet"
    kind = BY_KEY["unanswered" if row.state == State.INTRODUCED else lived]
    dues = [due for due in kind.find(look, 0) if not look.keeps_quiet(due)]
    written = [made for due in dues if (made := remind(look, kind, due, by_hand=now.date().isoformat())) is not None]
    if not written:
        raise NobodyToWrite(_("Both are away, or want no reminders. Write to them yourself, or wait."))
    audit.record(
        society=cohort.society, by=by, act="care.write_again", subject=relationship.code, now=now,
        words="Reminded the two of a relationship.",
    )  # fmt: skip
    return written
