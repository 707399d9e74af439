"""What people answer to an introduction: accept, ask first, decline without a reason, pause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.lib.errors import DomainError
from introducer_web.mail import services as mail
from introducer_web.people.models import Participant, Role
from introducer_web.people.services import check_pause
from introducer_web.relationships.models import Introduction, Relationship
from introducer_web.relationships.services.runs import free_seat
from introducer_web.tenants.models import User

if TYPE_CHECKING:
    from datetime import date, datetime

__all__ = [
    "AnswerIsFinal",
    "LinkIsDead",
    "NoSeatLeft",
    "answer_introduction",
    "has_room",
    "tell_both",
    "withdraw_yes",
    "write_first_message",
]

Answer = Introduction.Answer
State = Relationship.State
#: Most letters of a question or a first message.
MOST = 4000


class LinkIsDead(DomainError):
    """The introduction expired, was withdrawn, or is over."""


class AnswerIsFinal(DomainError):
    """Both have agreed, or it did not begin: an answer is not taken back through the link."""


class NoSeatLeft(DomainError):
    """All seats of the mentor are taken."""


@transaction.atomic
def answer_introduction(
    *, introduction: Introduction, answer: str, now: datetime, question: str = "", pause_until: date | None = None
) -> Introduction:
    """Take one side's answer.

    Parameters
    ----------
    answer : {"accepted", "asked", "declined"}
    question : str
        For ``asked``: what the other side reads behind its own link.
    pause_until : date, optional
        With ``declined``: the person gets no more introductions until then.

    Raises
    ------
    LinkIsDead, AnswerIsFinal, NoSeatLeft
    """
    relationship = _locked(introduction)
    introduction = Introduction.objects.select_for_update().get(pk=introduction.pk)
    if relationship.state in (State.RECALLED, State.ENDED, State.EXPIRED):
        raise LinkIsDead(_("This introduction is over. Nothing is left to do."))
    if relationship.state != State.INTRODUCED:
        if introduction.answer == answer:
            return introduction  # the same button twice
        raise AnswerIsFinal(_("This was settled already. If you want to change it, write to your coordinator."))
    if introduction.expires_at <= now:
        raise LinkIsDead(_("This link has expired. Your coordinator can send a new introduction."))
    _check(answer, question, pause_until, now)
    other = relationship.mentee if introduction.side == Role.MENTOR else relationship.mentor
    if answer == Answer.ACCEPTED and other.state != Participant.State.ACTIVE:
        raise LinkIsDead(
            _("%(name)s does not take part any more. Your coordinator looks for somebody else.") % {"name": other.user}
        )
    if introduction.answer != answer or answer == Answer.ASKED:
        _take(introduction, relationship, answer, question.strip()[:MOST], now)
    if answer == Answer.DECLINED and pause_until is not None:
        person = relationship.mentor if introduction.side == Role.MENTOR else relationship.mentee
        Participant.objects.filter(pk=person.pk).update(paused_until=pause_until)
    return introduction


def _check(answer: str, question: str, pause_until: date | None, now: datetime) -> None:
    if answer not in (Answer.ACCEPTED, Answer.ASKED, Answer.DECLINED):
        raise DomainError(_("Choose one of the answers."))
    if answer == Answer.ASKED and not question.strip():
        raise DomainError(_("Write what you would like to know first."))
    if answer == Answer.DECLINED and pause_until is not None:
        check_pause(pause_until, now)


def _locked(introduction: Introduction) -> Relationship:
    """Lock the mentor as a person, then the relationship: seats count over all programs, one accept at a time."""
    mentor = Introduction.objects.values_list("relationship__mentor__user_id", flat=True).get(pk=introduction.pk)
    User.objects.select_for_update().get(pk=mentor)
    return (
        Relationship.objects.select_for_update(of=("self",))
        .select_related("mentee__user", "mentor__user", "mentor__cohort__program", "cohort__program", "society")
        .get(pk=introduction.relationship_id)
    )


def _take(introduction: Introduction, relationship: Relationship, answer: str, question: str, now: datetime) -> None:
    introduction.answer, introduction.answered_at = answer, now
    if answer == Answer.ASKED:
        introduction.words = introduction.words | {"question": question}
    other = relationship.introductions.exclude(pk=introduction.pk).get()
    if answer == Answer.ACCEPTED and introduction.side == Role.MENTOR and not has_room(relationship):
        raise NoSeatLeft(
            _("All your seats are taken by now. Thank you for being ready; your coordinator finds somebody else.")
        )
    introduction.save(update_fields=["answer", "answered_at", "sealed"])
    if answer == Answer.DECLINED:
        _end(relationship, State.DECLINED, now)
    elif answer == Answer.ASKED:
        _tell_of_question(introduction, other, relationship, now)
    elif other.answer == Answer.ACCEPTED:
        _begin(relationship, now)
    audit.record(
        society=relationship.society, by=None, act="relationships.answer", subject=relationship.code, now=now,
        words=f"A {introduction.side} answered an introduction: {introduction.answer}.",
    )  # fmt: skip


def has_room(relationship: Relationship) -> bool:
    """Tell whether the mentor has a seat, over all programs of the society."""
    mentor = relationship.mentor
    most = mentor.capacity if mentor.capacity is not None else mentor.cohort.program.capacity
    active = Relationship.objects.filter(mentor__user_id=mentor.user_id, state=State.ACTIVE).count()
    promised = (
        Introduction.objects.filter(
            side=Role.MENTOR, answer=Answer.ACCEPTED, relationship__state=State.INTRODUCED,
            relationship__mentor__user_id=mentor.user_id,
        ).exclude(relationship=relationship.pk).count()
    )  # fmt: skip
    return active + promised < most


def _begin(relationship: Relationship, now: datetime) -> None:
    """Both agreed: a seat is taken, and each learns how to reach the other."""
    if not has_room(relationship):
        raise NoSeatLeft(_("All seats of this mentor were taken meanwhile. Your coordinator looks for another mentor."))
    relationship.state, relationship.seat = State.ACTIVE, free_seat(relationship.mentor)
    relationship.save(update_fields=["state", "seat"])
    asked = relationship.introductions.get(side=Role.MENTEE)
    tell_both(relationship, asked.words.get("first_message", ""), now)


def tell_both(relationship: Relationship, message: str, now: datetime) -> None:
    """Tell each of two who agreed how to reach the other, with the mentee's first message."""
    for own, other in ((relationship.mentee, relationship.mentor), (relationship.mentor, relationship.mentee)):
        mail.queue(
            to=own.user.email, kind="both_agreed", key=f"agreed:{relationship.code}:{own.code}",
            context={"society": relationship.society, "person": own.user, "other": other.user,
                     "message": message, "is_mentee": own == relationship.mentee},
            language=own.user.language, now=now, society=relationship.society, about=relationship.cohort.code,
            headers={"Reply-To": other.user.email},
        )  # fmt: skip


def _end(relationship: Relationship, state: str, now: datetime) -> None:
    Relationship.objects.filter(pk=relationship.pk).update(
        state=state, seat=None, ended_at=now, version=F("version") + 1
    )
    mail.drop(keys=[f"introduction:{code}" for code in relationship.introductions.values_list("code", flat=True)])


def withdraw_yes(relationship: Relationship, side: str, now: datetime) -> None:
    """Let an introduction be over because one side withdraws, whatever it answered, and after its link expired too.

    The caller has locked the relationship.
    """
    introduction = relationship.introductions.filter(side=side).first()
    if introduction is not None:
        introduction.answer, introduction.answered_at = Answer.DECLINED, now
        introduction.save(update_fields=["answer", "answered_at"])
    _end(relationship, State.DECLINED, now)
    audit.record(
        society=relationship.society, by=None, act="relationships.answer", subject=relationship.code, now=now,
        words=f"A {side} answered an introduction: {Answer.DECLINED}.",
    )  # fmt: skip


def _tell_of_question(
    introduction: Introduction, other: Introduction, relationship: Relationship, now: datetime
) -> None:
    """Say that a question waits. What it says stands behind the link, where only that side reads it."""
    reader = relationship.mentor if other.side == Role.MENTOR else relationship.mentee
    asker = relationship.mentee if other.side == Role.MENTOR else relationship.mentor
    mail.queue(
        to=reader.user.email, kind="asked_first", key=f"asked:{introduction.code}:{now.isoformat()}",
        context={"society": relationship.society, "person": reader.user, "other": asker.user,
                 "path": f"/a/{other.words['token']}/"},
        language=reader.user.language, now=now, society=relationship.society, about=relationship.cohort.code,
    )  # fmt: skip


@transaction.atomic
def write_first_message(*, introduction: Introduction, text: str) -> Introduction:
    """Keep the mentee's own words for the first message; it goes out when both have agreed."""
    introduction = Introduction.objects.select_for_update().get(pk=introduction.pk)
    introduction.words = introduction.words | {"first_message": text.strip()[:MOST]}
    introduction.save(update_fields=["sealed"])
    return introduction
