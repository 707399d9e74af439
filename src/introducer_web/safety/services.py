"""Naming confidants; writing to them; what they do with it. Coordinators learn of none of it.

A report leaves no entry in the record of acts: whoever may read the record would count them. Its own rows say when
it was sent, read, answered and closed, to the person who wrote it and to the confidant.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.lib.codes import digest, new_token
from introducer_web.lib.errors import DomainError
from introducer_web.mail import services as mail
from introducer_web.programs.models import Staff
from introducer_web.safety.models import Confidant, Delivery, HelpWords, Report

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from introducer_web.programs.models import Program
    from introducer_web.tenants.models import Society, User

__all__ = [
    "ENOUGH",
    "MOST_WORDS",
    "AlreadyNamed",
    "InTheLine",
    "IsClosed",
    "NotThemselves",
    "TooMany",
    "answer",
    "close",
    "delete_report",
    "edit_help",
    "end_confidant",
    "mark_read",
    "name_confidant",
    "report",
]

#: Confidants that a program should have, so that nobody has to write to the one whom they mean.
ENOUGH = 2
#: Most letters of a report or an answer.
MOST_WORDS = 8000
#: Reports of one person within a day.
_A_DAY = 5


class InTheLine(DomainError):
    """Who coordinates or evaluates is not outside the reporting line."""


class AlreadyNamed(DomainError):
    """They are a confidant already."""


class NotThemselves(DomainError):
    """Nobody reads what is said of themselves, or what they wrote."""


class TooMany(DomainError):
    """One person wrote very often today."""


class IsClosed(DomainError):
    """It is closed: nothing is added."""


@transaction.atomic
def name_confidant(
    *, society: Society, program: Program | None, name: str, email: str, about: str, by: User, now: datetime
) -> Confidant:
    """Name somebody to whom people can turn, and tell them.

    Raises
    ------
    InTheLine
        If they coordinate or research here.
    AlreadyNamed
    """
    email = email.strip().casefold()
    roles = Staff.objects.filter(society=society, user__email=email, until=None)
    if program is not None:
        roles = roles.filter(Q(program=None) | Q(program=program))
    if roles.exists():
        raise InTheLine(
            _("This person coordinates or evaluates here. Name somebody who has nothing to decide about the people.")
        )
    if Confidant.objects.filter(
        Q(program=None) | Q(program=program), society=society, email=email, until=None
    ).exists():
        raise AlreadyNamed(_("This person is named already."))
    confidant = Confidant.objects.create(
        society=society, program=program, name=name, email=email, about=about, named_by=by, named_at=now
    )
    mail.queue(
        to=email, kind="confidant_named", key=f"confidant_named:{confidant.code}", language=society.language, now=now,
        context={"society": society, "program": program, "confidant": confidant}, society=society,
    )  # fmt: skip
    audit.record(
        society=society, by=by, act="safety.name_confidant", subject=program.code if program else "", now=now,
        words="Named a confidant.",
    )  # fmt: skip
    return confidant


@transaction.atomic
def end_confidant(*, confidant: Confidant, by: User, now: datetime) -> Confidant:
    """End it: their links lead nowhere from now on, and whoever wrote to them sees that they no longer read."""
    confidant.until = now
    confidant.save(update_fields=["until"])
    audit.record(
        society=confidant.society, by=by, act="safety.end_confidant", now=now, words="A confidant is one no longer."
    )
    return confidant


@transaction.atomic
def edit_help(*, society: Society, words: str, by: User, now: datetime) -> HelpWords:
    """Write a society's own lines on where to find human help."""
    row, _new = HelpWords.objects.get_or_create(society=society)
    if row.words != words:
        row.words = words
        row.save(update_fields=["words"])
        audit.record(society=society, by=by, act="safety.edit_help", now=now, words="Edited where to find human help.")
    return row


@transaction.atomic
def report(
    *, society: Society, by: User, kind: str, words: str, confidants: Sequence[Confidant], now: datetime,
    of: User | None = None, about: str = "", named: bool = False,
) -> Report:  # fmt: skip
    """Write to confidants: each gets a mail with a link, and no word of it.

    Parameters
    ----------
    of : User, optional
        Whom it is about, if they are known here; never one of the confidants.
    about : str
        Whom it is about, in words.
    named : bool
        Whether the confidants read the name of whoever writes.

    Raises
    ------
    NotThemselves, TooMany
    """
    told = about.casefold()
    for each in confidants:
        if each.email == by.email:
            raise NotThemselves(_("You cannot turn to yourself. Choose the other one."))
        if (of is not None and of.email == each.email) or (told and each.name.casefold() in told):
            raise NotThemselves(
                _("%(name)s is whom this is about, and must not be the one who reads it. Choose the other one.")
                % {"name": each.name}
            )
    if Report.objects.filter(by=by, at__gt=now - timedelta(days=1)).count() >= _A_DAY:
        raise TooMany(_("You wrote several times today. If there is danger now, call the emergency number."))
    made = Report(society=society, by=by, at=now)
    made.words = {
        "kind": kind, "words": words.strip()[:MOST_WORDS], "about": str(of) if of is not None else about.strip(),
        "name": str(by) if named else "",
    }  # fmt: skip
    made.save()
    for each in confidants:
        token = new_token()
        delivery = Delivery.objects.create(
            society=society, report=made, confidant=each, digest=digest(token), sent_at=now
        )
        mail.queue(
            to=each.email, kind="report_waits", key=f"report:{delivery.code}", language=society.language, now=now,
            context={"society": society, "confidant": each, "path": f"/r/{token}/"}, society=society,
        )  # fmt: skip
    return made


@transaction.atomic
def mark_read(*, delivery: Delivery, now: datetime) -> Delivery:
    """Note that a confidant opened a report; the person who wrote it sees that."""
    delivery = _locked(delivery)
    if delivery.read_at is None:
        delivery.read_at = now
        delivery.save(update_fields=["read_at"])
    return delivery


@transaction.atomic
def answer(*, delivery: Delivery, text: str, now: datetime) -> Delivery:
    """Answer whoever wrote; a second answer is added below the first.

    Raises
    ------
    IsClosed
    """
    delivery = _locked(delivery)
    if delivery.closed_at is not None:
        raise IsClosed(_("You closed this. Nothing can be added."))
    if not text.strip():
        raise DomainError(_("Write an answer."))
    before = delivery.words.get("answer", "")
    delivery.words = {"answer": "\n\n".join(filter(None, (before, text.strip())))[:MOST_WORDS]}
    delivery.read_at = delivery.read_at or now
    delivery.answered_at = now
    delivery.save(update_fields=["sealed", "read_at", "answered_at"])
    _tell(delivery, now)
    return delivery


@transaction.atomic
def close(*, delivery: Delivery, now: datetime) -> Delivery:
    """Close a report: from now on its link shows nothing of it. Whoever wrote it sees that it was closed."""
    delivery = _locked(delivery)
    if delivery.closed_at is None:
        delivery.closed_at = now
        delivery.read_at = delivery.read_at or now
        delivery.save(update_fields=["closed_at", "read_at"])
        _tell(delivery, now)
    return delivery


def _locked(delivery: Delivery) -> Delivery:
    return Delivery.objects.select_for_update(of=("self",)).select_related("report__by", "society").get(pk=delivery.pk)


def _tell(delivery: Delivery, now: datetime) -> None:
    """Say that there is something new; neither what nor from whom."""
    person, society = delivery.report.by, delivery.society
    mail.queue(
        to=person.email, kind="report_moved", key=f"report_moved:{delivery.code}:{now.isoformat()}",
        context={"society": society, "person": person,
                 "path": f"/s/{society.slug}/help/written/{delivery.report.code}/"},
        language=person.language, now=now, society=society,
    )  # fmt: skip


@transaction.atomic
def delete_report(*, report: Report) -> None:
    """Take a report back: it is gone, for the confidants too. Mails that have not left do not leave."""
    mail.drop(keys=[f"report:{code}" for code in report.deliveries.values_list("code", flat=True)])
    report.delete()
