"""A mentee asks a mentor, in their own words; and takes it back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from introducer_web.audit import services as audit
from introducer_web.finding.directory import askable
from introducer_web.finding.fitting import open_needs_met
from introducer_web.finding.models import OPEN_FOR, Request
from introducer_web.finding.services.rules import may_be_tied, may_be_tied_openly
from introducer_web.lib.codes import digest, new_token
from introducer_web.lib.errors import DomainError
from introducer_web.mail import services as mail
from introducer_web.people.models import Participant
from introducer_web.relationships import services as relationships
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from datetime import datetime

    from introducer_web.tenants.models import User

__all__ = [
    "OPEN_AT_ONCE",
    "AlreadyAsked",
    "CannotBeAsked",
    "RequestIsClosed",
    "RequestsAreOff",
    "TooManyOpen",
    "ask",
    "withdraw",
]

State = Request.State
#: Requests of one mentee that wait at the same time, and that are made within a week.
OPEN_AT_ONCE = 3
_IN_A_WEEK = 10
#: Most letters of a message.
MOST = 4000


class RequestsAreOff(DomainError):
    """The program introduces people itself."""


class TooManyOpen(DomainError):
    """A mentee asks a few at a time."""


class AlreadyAsked(DomainError):
    """The two have something open, or settled, between them."""


class CannotBeAsked(DomainError):
    """A seat, a pause or an open rule is in the way."""


class RequestIsClosed(DomainError):
    """It was answered, taken back, or expired."""


@transaction.atomic
def ask(*, mentee: Participant, mentor: Participant, message: str, by: User, now: datetime) -> Request:
    """Ask a mentor: they get a mail with a link, and two weeks.

    Where a confidential reason forbids it (whom one of the two avoids or would rather not have, a conflict), the mentor
    is told nothing, and the request ends unanswered: asking is no way to find out.

    Raises
    ------
    RequestsAreOff, TooManyOpen, AlreadyAsked, CannotBeAsked, TeamIsFull
    """
    mentee = (
        Participant.objects.select_for_update(of=("self",))
        .select_related("user", "cohort__program", "society")
        .get(pk=mentee.pk)
    )
    if not mentee.cohort.program.requests or mentee.cohort.is_closed or mentee.state != Participant.State.ACTIVE:
        raise RequestsAreOff(_("Your program introduces mentors itself just now. Your coordinator can tell you more."))
    if not message.strip():
        raise DomainError(_("Write a few words to begin with."))
    _refuse_twice(mentee, mentor)
    _refuse_too_many(mentee, now)
    if relationships.team_is_full(mentee):
        raise relationships.TeamIsFull(
            _("You have as many mentors as you asked for. On your form you can ask for more.")
        )
    today = now.date()
    if not askable(mentee, today).filter(pk=mentor.pk).exists() or not may_be_tied_openly(mentee, mentor, today):
        raise CannotBeAsked(
            _("%(name)s cannot be asked just now. That says nothing about you; choose somebody else.")
            % {"name": mentor.user}
        )
    token = new_token()
    request = Request(
        society=mentee.society, mentee=mentee, mentor=mentor, digest=digest(token), asked_at=now,
        expires_at=now + OPEN_FOR,
    )  # fmt: skip
    held = int(not may_be_tied(mentee, mentor, today))
    request.words = {"token": token, "message": message.strip()[:MOST], "held": held}
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError as twice:
        raise AlreadyAsked(_("You have asked already. The answer comes by mail.")) from twice
    if not request.is_held:
        _tell(request, token, now)
    _record(request, by, "finding.ask", "A mentee asked a mentor.", now)
    return request


def _tell(request: Request, token: str, now: datetime) -> None:
    """Write to the mentor. It stands in no list of mails: one that is missing there would tell of a reason."""
    mentee, mentor = request.mentee, request.mentor
    with override(mentor.user.language):
        names = list(dict.fromkeys(open_needs_met(mentee, mentor).values()))
    mail.queue(
        to=mentor.user.email, kind="request_new", key=f"request:{request.code}",
        context={"society": mentee.society, "person": mentor.user, "other": mentee.user, "needs": names,
                 "program": mentee.cohort.program, "until": request.expires_at, "path": f"/asked/{token}/"},
        language=mentor.user.language, now=now, society=mentee.society,
    )  # fmt: skip


def _refuse_twice(mentee: Participant, mentor: Participant) -> None:
    before = Request.objects.filter(mentee=mentee, mentor=mentor)
    if before.filter(state=State.OPEN).exists():
        raise AlreadyAsked(_("You have asked already. The answer comes by mail."))
    together = (Relationship.State.INTRODUCED, Relationship.State.ACTIVE)
    if Relationship.objects.filter(mentee=mentee, mentor=mentor, state__in=together).exists():
        raise AlreadyAsked(_("The two of you were introduced already. It stands on your home page."))
    if before.filter(state=State.DECLINED).exists():
        raise AlreadyAsked(_("They could not say yes when you asked. Ask somebody else: there are others."))


def _refuse_too_many(mentee: Participant, now: datetime) -> None:
    mine = Request.objects.filter(mentee=mentee)
    if mine.filter(state=State.OPEN).count() >= OPEN_AT_ONCE:
        raise TooManyOpen(
            _("%(n)s of your requests wait for an answer. Take one back first, or wait: each has two weeks.")
            % {"n": OPEN_AT_ONCE}
        )
    if mine.filter(asked_at__gt=now - timedelta(days=7)).count() >= _IN_A_WEEK:
        raise TooManyOpen(_("You asked %(n)s mentors within a week. Wait a little.") % {"n": _IN_A_WEEK})


@transaction.atomic
def withdraw(*, request: Request, by: User, now: datetime) -> Request:
    """Take a request back; the mentor's link says so, and no mail goes out.

    Raises
    ------
    RequestIsClosed
    """
    request = Request.objects.select_for_update(of=("self",)).select_related("society").get(pk=request.pk)
    if request.state != State.OPEN:
        raise RequestIsClosed(_("This request was settled meanwhile."))
    request.state, request.closed_at = State.WITHDRAWN, now
    request.save(update_fields=["state", "closed_at"])
    mail.drop(keys=[f"request:{request.code}"])
    _record(request, by, "finding.withdraw", "A mentee took a request back.", now)
    return request


def _record(request: Request, by: User | None, act: str, words: str, now: datetime) -> None:
    audit.record(society=request.society, by=by, act=act, subject=request.code, now=now, words=words)
