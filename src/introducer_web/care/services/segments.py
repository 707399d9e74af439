"""Saving segments, and writing to everybody in one: once each, by day, and not to who wants no news."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from introducer_web.audit import services as audit
from introducer_web.care.links import news_link
from introducer_web.care.models import Mailing, Segment
from introducer_web.care.segments import Sight, criteria_of
from introducer_web.lib.errors import DomainError
from introducer_web.lib.leases import claim, still_ours
from introducer_web.lib.nights import by_day
from introducer_web.mail import services as mail
from introducer_web.people.models import Participant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from introducer_web.mail.models import Message
    from introducer_web.programs.models import Cohort
    from introducer_web.tenants.models import User

__all__ = [
    "NameIsTaken",
    "NobodyInIt",
    "delete_segment",
    "edit_segment",
    "filled",
    "news_may_leave",
    "reached",
    "save_segment",
    "say_news",
    "send_mailing",
    "send_mailings",
    "send_test",
    "shown_mail",
]

State = Mailing.State
#: Who has left, or was not taken, gets no news.
_GONE = (Participant.State.WITHDRAWN, Participant.State.DECLINED)
#: Messages that are queued in one transaction.
_AT_ONCE = 100
#: The same text to the same segment within this time is a second press of the button.
_TWICE = timedelta(minutes=10)


class NameIsTaken(DomainError):
    """A segment of the cohort has this name."""


class NobodyInIt(DomainError):
    """A mail goes to somebody."""


@transaction.atomic
def save_segment(*, cohort: Cohort, name: str, said: Mapping[str, Any], by: User, now: datetime) -> Segment:
    """Save criteria under a name. Who is in it is found anew whenever somebody looks.

    Raises
    ------
    NameIsTaken
    """
    segment = Segment(society=cohort.society, cohort=cohort, name=name, criteria=criteria_of(said), by=by, made_at=now)
    _write(segment)
    _record(segment, by, "care.save_segment", "Saved a segment.", now)
    return segment


@transaction.atomic
def edit_segment(*, segment: Segment, name: str, said: Mapping[str, Any], by: User, now: datetime) -> Segment:
    """Change the name or the criteria of a segment. What was sent to it stays as it was."""
    segment.name, segment.criteria = name, criteria_of(said)
    _write(segment)
    _record(segment, by, "care.edit_segment", "Changed a segment.", now)
    return segment


def _write(segment: Segment) -> None:
    try:
        with transaction.atomic():
            segment.save()
    except IntegrityError as error:
        raise NameIsTaken(_("There is a segment “%(name)s” already.") % {"name": segment.name}) from error


@transaction.atomic
def delete_segment(*, segment: Segment, by: User, now: datetime) -> None:
    """Delete a segment; the log of what was sent to it stays."""
    _record(segment, by, "care.delete_segment", "Deleted a segment.", now)
    segment.delete()


def _record(segment: Segment, by: User, act: str, words: str, now: datetime) -> None:
    audit.record(society=segment.society, by=by, act=act, subject=segment.code, now=now, words=words)


def reached(people: Iterable[Participant]) -> tuple[list[Participant], int]:
    """Return who gets a mail to many, each person once, and how many want no news.

    Who has withdrawn or was not taken gets none either: they have left.
    """
    here = [person for person in people if person.state not in _GONE]
    silent = {person.user_id for person in here if not person.wants_news}
    chosen = {person.user_id: person for person in reversed(here) if person.user_id not in silent}
    return sorted(chosen.values(), key=lambda person: (person.user.name, person.user.email)), len(silent)


def filled(text: str, person: Participant, cohort: Cohort) -> str:
    """Return a text with what stands in braces filled in for one person."""
    with translation.override(person.user.language):
        places = {
            "name": person.user.first_name_only or person.user.email, "program": cohort.program.name,
            "cohort": cohort.name, "link": f"{settings.ORIGIN}/s/{cohort.society.slug}/me/{person.code}/",
        }  # fmt: skip
    return re.sub(r"\{(\w+)\}", lambda found: places.get(found[1], found[0]), text)


def _context(cohort: Cohort, person: Participant, subject: str, body: str) -> dict[str, Any]:
    return {
        "society": cohort.society, "program": cohort.program, "person": person.user,
        "title": " ".join(filled(subject, person, cohort).split()), "words": filled(body, person, cohort),
        "stop_path": news_link(person.code),
    }  # fmt: skip


def shown_mail(cohort: Cohort, person: Participant, subject: str, body: str) -> dict[str, str]:
    """Return a mail as it would arrive with one person."""
    content = mail.render("news", _context(cohort, person, subject, body), person.user.language)
    return {"to": person.user.email, "name": str(person.user), **content}


def send_test(
    *, segment: Segment, subject: str, body: str, like: Participant, by: User, now: datetime
) -> Message:  # fmt: skip
    """Send the mail of one recipient to whoever wrote it, and to nobody else."""
    cohort = segment.cohort
    context = _context(cohort, like, subject, body) | {"test": True, "person": by, "stop_path": ""}
    return mail.queue(
        to=by.email, kind="news", key=f"news-test:{segment.code}:{by.code}:{now.isoformat()}", context=context,
        language=by.language, now=now, society=cohort.society, about=cohort.code,
    )  # fmt: skip


@transaction.atomic
def send_mailing(*, segment: Segment, subject: str, body: str, by: User, now: datetime) -> Mailing:
    """Write to everybody who is in a segment now; a worker puts the mails on their way.

    The same text to the same segment once more within ten minutes is the one that is on its way.

    Raises
    ------
    NobodyInIt
    """
    segment = Segment.objects.select_for_update(of=("self",)).select_related("cohort__program", "society").get(
        pk=segment.pk
    )  # fmt: skip
    for earlier in Mailing.objects.filter(segment=segment, by=by, at__gt=now - _TWICE).select_related("society"):
        if earlier.words == {"subject": subject, "body": body}:
            return earlier
    chosen, _silent = reached(Sight(segment.cohort, now).of(segment.criteria))
    if not chosen:
        raise NobodyInIt(_("Nobody is in this segment now who wants news."))
    mailing = Mailing(
        society=segment.society, cohort=segment.cohort, segment=segment, name=segment.name, by=by, at=now,
        recipients=len(chosen), left=[person.code for person in chosen],
    )  # fmt: skip
    mailing.words = {"subject": subject, "body": body}
    mailing.save(force_insert=True)
    _record(segment, by, "care.send_mailing", f"Wrote to {len(chosen)} people of a segment.", now)
    return mailing


def send_mailings(now: datetime) -> bool:
    """Queue some messages of a mailing that waits; tells whether there was one."""
    with scopes_disabled():
        mailing = claim(Mailing.objects.filter(state=State.WAITING).order_by("pk"), now=now)
        if mailing is None:
            return False
        mailing = Mailing.objects.select_related("society", "cohort__program", "by").get(pk=mailing.pk)
    with scope(society=mailing.society), transaction.atomic():
        chosen, left = mailing.left[:_AT_ONCE], mailing.left[_AT_ONCE:]
        people = Participant.objects.filter(code__in=chosen).select_related("user", "society").order_by("pk")
        for person in people:
            if person.wants_news and person.state not in _GONE:
                _queue(mailing, person, now)
        changes: dict[str, Any] = {"left": left, "leased_until": None}
        if not left:
            changes["state"] = State.DONE
        still_ours(mailing).update(**changes)
    return True


def _queue(mailing: Mailing, person: Participant, now: datetime) -> None:
    words = mailing.words
    context = _context(mailing.cohort, person, words["subject"], words["body"])
    headers = {
        "List-Unsubscribe": f"<{settings.ORIGIN}{context['stop_path']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    if mailing.by is not None:
        headers["Reply-To"] = mailing.by.email
    mail.queue(
        to=person.user.email, kind="news", key=f"news:{mailing.code}:{person.user.code}:{person.code}",
        context=context, language=person.user.language, now=now, society=mailing.society, about=mailing.cohort.code,
        not_before=by_day(now, person.zone, sundays=False), headers=headers,
    )  # fmt: skip


def news_may_leave(message: Message, now: datetime) -> datetime | None:
    """Return when a mail to many may leave: now, or the next morning; never to who wants none since it was queued."""
    code = message.key.rsplit(":", 1)[1]
    found = Participant.objects.filter(code=code).select_related("society").only(
        "state", "wants_news", "timezone", "society"
    ).first()  # fmt: skip
    wants = found is not None and found.wants_news and found.state not in _GONE
    return by_day(now, found.zone, sundays=False) if found is not None and wants else None


@transaction.atomic
def say_news(*, participant: Participant, wanted: bool) -> None:
    """Send somebody no more news of a program, or send it again. What is about them alone still comes."""
    Participant.objects.filter(user=participant.user_id, cohort__program=participant.cohort.program_id).update(
        wants_news=wanted
    )
