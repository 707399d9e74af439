"""A mentor answers a request; what nobody answered expires, and what cannot be answered yet waits."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from introducer_web.audit import services as audit
from introducer_web.finding.fitting import open_needs_met
from introducer_web.finding.models import OPEN_FOR, Request
from introducer_web.finding.services.asking import MOST, RequestIsClosed
from introducer_web.finding.services.rules import may_be_tied
from introducer_web.lib.errors import DomainError
from introducer_web.lib.pieces import first_done
from introducer_web.mail import services as mail
from introducer_web.people import services as people
from introducer_web.people.models import Participant
from introducer_web.relationships import services as relationships

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

__all__ = ["answer_request", "requests_due"]

State = Request.State
_ACTIVE = Participant.State.ACTIVE


@transaction.atomic
def answer_request(
    *, request: Request, answer: str, now: datetime, words: str = "", pause_until: date | None = None
) -> Request:
    """Take a mentor's answer.

    Parameters
    ----------
    answer : {"accepted", "declined"}
    words : str
        With a no: what the mentee reads on their own page. Nothing has to be said.
    pause_until : date, optional
        With a no: the mentor is asked and matched no more until then.

    Raises
    ------
    RequestIsClosed, NoSeatLeft, TeamIsFull, AlreadyTogether
    """
    request = _rows().select_for_update(of=("self",)).get(pk=request.pk)
    if request.state == answer:
        return request  # the same button twice
    if request.state != State.OPEN:
        raise RequestIsClosed(_("This request was settled already. Nothing is left to do."))
    if answer == State.ACCEPTED:
        return _accept(request, now)
    if answer != State.DECLINED:
        raise DomainError(_("Choose one of the answers."))
    if pause_until is not None:
        people.pause(participant=request.mentor, until=pause_until, by=request.mentor.user, now=now)
    said = words.strip()[:MOST]
    request.words = request.words | ({"answer": said} if said else {})
    _close(request, State.DECLINED, now)
    _tell(request, request.mentee, "request_declined", now, has_words=bool(said))
    return request


def _accept(request: Request, now: datetime) -> Request:
    mentee, mentor = request.mentee, request.mentor
    if request.expires_at <= now:
        raise RequestIsClosed(_("This request has expired. If you would like to begin, write to your coordinator."))
    if mentee.state != _ACTIVE or mentor.state != _ACTIVE or not may_be_tied(mentee, mentor, now.date()):
        raise RequestIsClosed(
            _("This cannot begin just now. Thank you for being ready; your coordinator can tell more.")
        )
    request.relationship = relationships.begin_asked(
        mentee=mentee,
        mentor=mentor,
        needs=list(open_needs_met(mentee, mentor)),
        message=request.words["message"],
        now=now,
    )
    _close(request, State.ACCEPTED, now)
    return request


def _close(request: Request, state: str, now: datetime) -> None:
    request.state, request.closed_at = state, now
    request.save(update_fields=["state", "closed_at", "relationship", "sealed"])
    mail.drop(keys=[f"request:{request.code}"])
    audit.record(
        society=request.society, by=None, act="finding.answer", subject=request.code, now=now,
        words=f"A request ended: {state}.",
    )  # fmt: skip


def _rows() -> QuerySet[Request]:
    return Request.objects.select_related(
        "society", "mentee__user", "mentee__cohort__program", "mentee__society", "mentor__user", "mentor__site",
        "mentor__cohort__program", "mentor__society",
    )  # fmt: skip


def _tell(request: Request, person: Participant, kind: str, now: datetime, key: str = "", **more: object) -> None:
    other = request.mentor if person.pk == request.mentee_id else request.mentee
    mail.queue(
        to=person.user.email, kind=kind, key=f"{kind}:{request.code}:{key or person.code}",
        context={"society": request.society, "person": person.user, "other": other.user, **more,
                 "path": f"/s/{request.society.slug}/me/{person.code}/requests/"},
        language=person.user.language, now=now, society=request.society,
        about=person.cohort.code if person.pk == request.mentee_id else "",
    )  # fmt: skip


def requests_due(now: datetime) -> bool:
    """Let one request wait out a pause, or let it expire; tells whether there was one."""
    with scopes_disabled():
        return _wait_for_one(now) or _expire_one(now)


def _wait_for_one(now: datetime) -> bool:
    """Give a request to a mentor who paused its two weeks after the pause; the mentee is told, once a pause."""
    paused = _rows().filter(state=State.OPEN, mentor__paused_until__gt=now.date(), mentor__state=_ACTIVE)
    return first_done(paused.order_by("pk"), lambda request: _wait(request, now))


def _wait(request: Request, now: datetime) -> bool:
    until = request.mentor.paused_until
    if until is None or people.is_blocked(request.mentee.user, request.mentor.user):
        return False
    zone = ZoneInfo(request.mentor.timezone or request.society.timezone)
    later = datetime.combine(until, time(12), zone) + OPEN_FOR
    waits = Request.objects.filter(pk=request.pk, state=State.OPEN, expires_at__lt=later - timedelta(hours=1))
    if not waits.update(expires_at=later):
        return False
    _tell(request, request.mentee, "request_waits", now, key=str(until), until=until)
    return True


def _expire_one(now: datetime) -> bool:
    """Let a request expire whose time is over, or of which one side has left."""
    gone = ~Q(mentor__state=_ACTIVE) | ~Q(mentee__state=_ACTIVE) | Q(mentee__cohort__is_closed=True)
    over = Request.objects.filter(Q(expires_at__lte=now) | gone, state=State.OPEN)
    return first_done(over.order_by("pk"), lambda request: _expire(request, now))


def _expire(waiting: Request, now: datetime) -> bool:
    found = _rows().select_for_update(of=("self",), skip_locked=True).filter(pk=waiting.pk, state=State.OPEN)
    request = found.first()
    if request is None:
        return False
    if people.is_blocked(request.mentee.user, request.mentor.user):
        _close(request, State.WITHDRAWN, now)
        return True
    _close(request, State.EXPIRED, now)
    for person in (request.mentee,) if request.is_held else (request.mentee, request.mentor):
        if person.state == _ACTIVE:
            _tell(request, person, "request_expired", now, is_mentor=person.pk == request.mentor_id)
    return True
