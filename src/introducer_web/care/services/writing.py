"""To whom a rung is due now, what its mail says, and putting it into the outbox: once."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from introducer_web.care.links import quiet_link
from introducer_web.care.models import Reminder
from introducer_web.lib.faults import crash_point
from introducer_web.lib.nights import by_day
from introducer_web.mail import services as mail
from introducer_web.people.models import Participant, Role
from introducer_web.relationships.links import reminder_link
from introducer_web.relationships.services import expire, keep_open

if TYPE_CHECKING:
    from collections.abc import Iterator

    from introducer_web.care.kinds import Kind
    from introducer_web.care.look import Due, Look
    from introducer_web.relationships.models import Relationship

__all__ = ["close", "had_one_today", "preview_of", "ready", "remind"]

#: Between two reminders of one thing, whatever the rung; between two reminders to one person, whatever of.
_REST, _BREATH = timedelta(days=3), timedelta(hours=20)


def ready(look: Look, kind: Kind) -> Iterator[Due]:
    """Yield to whom a rung is due and was not said yet, and who may be reminded now."""
    if not look.on[kind.key]:
        return
    for due in kind.find(look, look.days[kind.key]):
        if (kind.key, due.subject, due.occurrence) in look.reminded:
            continue
        if kind.notice or not (look.keeps_quiet(due) or _has_rest(look, due)):
            yield due


def had_one_today(look: Look, due: Due) -> bool:
    """Tell whether somebody got a reminder within the last hours: five at once are read by nobody."""
    last = look.reminded_people.get(due.person.code)
    return last is not None and look.now - last < _BREATH


def _has_rest(look: Look, due: Due) -> bool:
    last = look.reminded_last.get(due.subject)
    return last is not None and look.now - last < _REST


@transaction.atomic
def remind(look: Look, kind: Kind, due: Due, *, by_hand: str = "") -> Reminder | None:
    """Write down that somebody is reminded, and queue the mail, in one transaction. None: it was done already.

    Parameters
    ----------
    by_hand : str
        A day: a coordinator asks for it on that day, beside what the ladder does.
    """
    occurrence = f"{due.occurrence}+{by_hand}" if by_hand else due.occurrence
    reminder = Reminder(
        society=due.person.society, cohort=look.cohort, rung=kind.key, subject=due.subject, occurrence=occurrence,
        person=due.person, relationship=due.relationship, by_hand=bool(by_hand), at=look.now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            reminder.save(force_insert=True)
    except IntegrityError:
        return None
    crash_point("reminder-written")
    if kind.key == "unanswered" and due.relationship is not None:
        keep_open(relationship=due.relationship, until=_closes(look, due) + timedelta(days=1))
    if not kind.notice or due.person.state == Participant.State.ACTIVE:
        _queue(look, kind, due, reminder.key)
    crash_point("reminder-queued")
    look.note(kind.key, due)
    return reminder


@transaction.atomic
def close(look: Look, kind: Kind, relationship: Relationship, dues: list[Due]) -> None:
    """Close an introduction and tell both, in one transaction."""
    expire(relationship=relationship, now=look.now)
    for due in dues:
        remind(look, kind, due)


def _queue(look: Look, kind: Kind, due: Due, key: str) -> None:
    person = due.person
    stop_path = reminder_link(person.code)
    headers = {
        "List-Unsubscribe": f"<{settings.ORIGIN}{stop_path}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    quiet_path = quiet_link(person.code, due.relationship.code) if due.relationship is not None else ""
    mail.queue(
        to=person.user.email, kind=kind.mail, key=key,
        context=_context(look, due, _path(kind, due)) | {"stop_path": stop_path, "quiet_path": quiet_path},
        language=person.user.language, now=look.now, society=person.society,
        about="" if kind.between else look.cohort.code, headers={} if kind.notice else headers,
        not_before=by_day(look.now, person.zone, sundays=False),
    )  # fmt: skip


def _context(look: Look, due: Due, path: str) -> dict[str, Any]:
    person, own = due.person, None
    if due.relationship is not None:
        own = next((each for each in due.relationship.introductions.all() if each.side == person.role), None)
    return {
        "society": person.society, "program": look.cohort.program, "person": person.user, "path": path,
        "other": due.other.user if due.other else None, "is_mentor": person.role == Role.MENTOR, "since": due.since,
        "closes": _closes(look, due) if due.request or look.on["expiry"] else None,
        "until": getattr(due.other, "paused_until", None),
        "answered": own is not None and own.answer == "accepted",
    }  # fmt: skip


def _closes(look: Look, due: Due) -> Any:
    """Return when an introduction, or a request, is closed of which somebody is reminded now."""
    if due.request is not None:
        return due.request.expires_at
    after = timedelta(days=look.days["expiry"] - look.days["unanswered"])
    if due.relationship is None:
        return look.now + after
    return look.now + max(after, timedelta(days=look.days["expiry"]) - look.waited(due.relationship))


def _path(kind: Kind, due: Due) -> str:
    """Return the one next action of a reminder."""
    me = f"/s/{due.person.society.slug}/me/{due.person.code}"
    if due.request is not None:
        return f"/asked/{due.request.words['token']}/"
    if due.relationship is None:
        return f"{me}/join/"
    if kind.key == "unanswered":
        token = due.relationship.introductions.get(side=due.person.role).words["token"]
        return f"/a/{token}/"
    if kind.key == "feedback":
        return f"{me}/with/{due.relationship.code}/feedback/"
    return f"{me}/with/{due.relationship.code}/" if kind.key in ("first_meeting", "quiet") else f"{me}/"


def preview_of(look: Look, kind: Kind, due: Due | None) -> dict[str, str]:
    """Return a mail of a rung as it will arrive with the first who gets it, or with nobody in particular.

    Its links are not live: they are keys of whoever gets them.
    """
    if due is not None:
        context, language = _context(look, due, "/…/"), due.person.user.language
    else:
        someone = SimpleNamespace(name=_("(name)"), first_name_only=_("(name)"))
        context, language = {
            "society": look.cohort.society, "program": look.cohort.program, "person": someone, "other": someone,
            "path": "/…/", "is_mentor": False, "since": look.now, "closes": look.now, "until": look.now.date(),
            "answered": True,
        }, look.cohort.society.language  # fmt: skip
    return mail.render(kind.mail, context | {"stop_path": "/…/", "quiet_path": "/…/"}, language)
