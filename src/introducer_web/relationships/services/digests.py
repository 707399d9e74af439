"""A weekly mail of what waits for an answer, instead of single reminders; one click ends them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django_scopes import scopes_disabled

from introducer_web.lib.nights import by_day
from introducer_web.mail import services as mail
from introducer_web.people.models import Participant, Role
from introducer_web.relationships.links import reminder_link
from introducer_web.relationships.models import Introduction, Relationship

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

__all__ = ["leave_out", "send_digests", "stop_digests"]

#: The first reminder comes so long after the introduction, and no oftener than so.
EVERY = timedelta(days=7)


#: What names cohorts whose people are reminded in another way.
_left_out: list[Callable[[], Iterable[int]]] = []


def leave_out(cohorts: Callable[[], Iterable[int]]) -> None:
    """Send no digests to cohorts that ``cohorts()`` names, by primary key: who is reminded already is not twice."""
    _left_out.append(cohorts)


def send_digests(now: datetime) -> bool:
    """Queue the digests that are due: one a person, place and week. Returns False: there is no more to do now."""
    with scopes_disabled():
        elsewhere = {cohort for named in _left_out for cohort in named()}
        waiting = (
            Introduction.objects.filter(
                answer=Introduction.Answer.NONE, relationship__state=Relationship.State.INTRODUCED,
                sent_at__lte=now - EVERY, expires_at__gt=now,
                relationship__cohort__is_closed=False,
            )
            .exclude(relationship__cohort__in=elsewhere)
            .select_related(
                "society", "relationship__mentee__user", "relationship__mentee__cohort",
                "relationship__mentor__user", "relationship__mentor__cohort", "relationship__mentee__society",
                "relationship__mentor__society",
            )
            .order_by("relationship__pk", "side")
        )  # fmt: skip
        by_person: dict[Participant, list[Introduction]] = {}
        for row in waiting:
            person = row.relationship.mentor if row.side == Role.MENTOR else row.relationship.mentee
            if person.wants_digest and person.state == Participant.State.ACTIVE and not _is_away(person, now):
                by_person.setdefault(person, []).append(row)
        for person, rows in by_person.items():
            _queue(person, rows, now)
    return False


@transaction.atomic
def _queue(person: Participant, rows: list[Introduction], now: datetime) -> None:
    year, week, _day = now.isocalendar()
    stop_path = reminder_link(person.code)
    context: dict[str, Any] = {
        "society": rows[0].society, "person": person.user, "count": len(rows), "stop_path": stop_path,
        "rows": [{"name": _other(row).user.name, "path": f"/a/{row.words['token']}/"} for row in rows],
    }  # fmt: skip
    mail.queue(
        to=person.user.email, kind="digest", key=f"digest:{person.code}:{year}-{week}", context=context,
        language=person.user.language, now=now, society=rows[0].society, about=person.cohort.code,
        not_before=by_day(now, person.zone, sundays=False),
        headers={
            "List-Unsubscribe": f"<{settings.ORIGIN}{stop_path}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )  # fmt: skip


def _is_away(person: Participant, now: datetime) -> bool:
    return person.paused_until is not None and person.paused_until > person.day(now)


def _other(row: Introduction) -> Participant:
    return row.relationship.mentee if row.side == Role.MENTOR else row.relationship.mentor


@transaction.atomic
def stop_digests(*, participant: Participant, wanted: bool = False) -> None:
    """Send no more reminders to a person in this place, or send them again. Introductions themselves still come."""
    Participant.objects.filter(pk=participant.pk).update(wants_digest=wanted)
