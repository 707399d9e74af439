"""How far a participant is: sent, approved, waiting, paused, withdrawn; conflicts that coordinators record."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.lib.errors import DomainError
from introducer_web.mail import services as mail
from introducer_web.people.models import Conflict, Participant

if TYPE_CHECKING:
    from datetime import date, datetime

    from introducer_web.tenants.models import Society, User

__all__ = [
    "NotFinished",
    "approve",
    "check_pause",
    "commit",
    "decline",
    "finish",
    "lift_conflict",
    "pause",
    "record_conflict",
    "wait",
    "withdraw",
]

State = Participant.State
#: The longest pause.
LONGEST = timedelta(days=731)


class NotFinished(DomainError):
    """Something is missing before somebody can take part."""


@transaction.atomic
def commit(*, participant: Participant, now: datetime) -> Participant:
    """Take a mentor's commitment to cultural humility; without it nobody mentors."""
    if participant.committed_at is None:
        participant.committed_at = now
        participant.save(update_fields=["committed_at"])
        _record(participant, participant.user, "people.commit", "A mentor made the commitment.", now)
    return participant


@transaction.atomic
def finish(*, participant: Participant, agrees: bool, now: datetime) -> Participant:
    """Send what was filled in.

    Who comes after the day on which joining ended waits; where the program approves, a
    coordinator decides; else they take part at once. Sending again keeps the state.

    Raises
    ------
    NotFinished
        With all that is missing.
    """
    participant = Participant.objects.select_for_update(of=("self",)).select_related(
        "user", "cohort__program", "society"
    ).get(pk=participant.pk)  # fmt: skip
    missing = _missing(participant, agrees=agrees)
    if missing:
        raise NotFinished(" ".join(missing))
    participant.may_be_matched = agrees
    participant.version += 1
    if participant.finished_at is None or participant.state == State.DRAFT:
        participant.finished_at = now
        ends = participant.cohort.joining_ends
        if ends is not None and now.date() > ends:
            participant.state = State.WAITING
        elif participant.cohort.program.approves and participant.decided_at is None:
            participant.state = State.APPLIED
        else:
            participant.state = State.ACTIVE
        _tell(participant, str(participant.state), now)
    participant.save(update_fields=["may_be_matched", "finished_at", "state", "version"])
    _record(participant, participant.user, "people.finish", f"A {participant.role} sent the form.", now)
    return participant


def _missing(participant: Participant, *, agrees: bool) -> list[str]:
    missing = []
    if not participant.user.name:
        missing.append(_("Your name is missing."))
    if not participant.stage and participant.kind == "member":
        missing.append(_("Say where you are in your career."))
    if participant.is_mentor:
        if not participant.offers.exists():
            missing.append(_("Say what you can help with: at least one domain."))
        if participant.committed_at is None:
            missing.append(_("The commitment comes before mentoring."))
    elif not participant.needs.exists() and not participant.private_answers.answers.get("needs"):
        missing.append(_("Say what you would like help with: at least one domain."))
    if not agrees:
        missing.append(_("Say that what you entered may be used to match you; without it nobody can be found."))
    asked = participant.cohort.program.questions.filter(required=True, retired=False).filter(
        Q(audience="both") | Q(audience=participant.role)
    )
    if asked.exclude(pk__in=participant.answers.values("question")).exists():
        missing.append(_("A question that must be answered is open."))
    return missing


@transaction.atomic
def approve(*, participant: Participant, by: User, now: datetime) -> Participant:
    """Let somebody take part."""
    if participant.is_mentor and participant.committed_at is None:
        raise NotFinished(_("This mentor has not made the commitment yet. They can, on their own page."))
    return _decide(participant, State.ACTIVE, by, now)


@transaction.atomic
def decline(*, participant: Participant, by: User, now: datetime) -> Participant:
    """Do not take somebody; they are told kindly, without a reason."""
    return _decide(participant, State.DECLINED, by, now)


@transaction.atomic
def wait(*, participant: Participant, by: User, now: datetime) -> Participant:
    """Put somebody on the waiting list."""
    return _decide(participant, State.WAITING, by, now)


def _decide(participant: Participant, state: str, by: User, now: datetime) -> Participant:
    participant = Participant.objects.select_for_update(of=("self",)).select_related(
        "user", "cohort__program", "society"
    ).get(pk=participant.pk)  # fmt: skip
    if participant.state == State.WITHDRAWN:
        raise NotFinished(_("This person has withdrawn."))
    if participant.state != state:
        participant.state, participant.decided_at = state, now
        participant.version += 1
        participant.save(update_fields=["state", "decided_at", "version"])
        _tell(participant, state, now)
        _record(participant, by, "people.decide", f"Set a {participant.role} to: {state}.", now)
    return participant


def _tell(participant: Participant, state: str, now: datetime) -> None:
    mail.queue(
        to=participant.user.email, kind=f"state_{state}", key=f"state:{participant.code}:{state}:{now.isoformat()}",
        context={"society": participant.society, "program": participant.cohort.program, "person": participant.user,
                 "part": participant, "path": f"/s/{participant.society.slug}/me/{participant.code}/"},
        language=participant.user.language, now=now, society=participant.society,
        about=participant.cohort.code,
    )  # fmt: skip


def check_pause(until: date, now: datetime) -> None:
    """Refuse a day that a pause cannot last until.

    Raises
    ------
    DomainError
        If it is over, or further away than ``LONGEST``: days are reckoned from it.
    """
    if until <= now.date():
        raise DomainError(_("Choose a day that is still to come."))
    if until > now.date() + LONGEST:
        raise DomainError(_("Choose a day within the next two years. A longer pause is a good reason to withdraw."))


@transaction.atomic
def pause(*, participant: Participant, until: date | None, by: User, now: datetime) -> Participant:
    """Ask for no new ties until a day that is still to come; None ends a pause."""
    if until is not None:
        check_pause(until, now)
    participant.paused_until = until
    participant.save(update_fields=["paused_until"])
    Participant.objects.filter(pk=participant.pk).update(version=F("version") + 1)
    _record(participant, by, "people.pause", f"A {participant.role} paused." if until else "A pause ended.", now)
    return participant


@transaction.atomic
def withdraw(*, participant: Participant, now: datetime) -> Participant:
    """End somebody's part: they are in no run from now on. What they said stays theirs to delete."""
    participant.state, participant.withdrawn_at, participant.may_be_matched = State.WITHDRAWN, now, False
    participant.version += 1
    participant.save(update_fields=["state", "withdrawn_at", "may_be_matched", "version"])
    _record(participant, participant.user, "people.withdraw", f"A {participant.role} withdrew.", now)
    return participant


@transaction.atomic
def record_conflict(
    *, society: Society, user_a: User, user_b: User, source: str, words: str, by: User, now: datetime
) -> Conflict:
    """Record a fact that forbids a tie between two people, in all programs of the society."""
    if user_a == user_b:
        raise DomainError(_("A conflict is between two people."))
    conflict = Conflict(society=society, user_a=user_a, user_b=user_b, recorded_at=now)
    conflict.facts = {"source": source, "words": words, "by": by.code}
    conflict.save(force_insert=True)
    audit.record(
        society=society, by=by, act="people.conflict", subject=conflict.code, now=now, words="Recorded a conflict."
    )
    return conflict


@transaction.atomic
def lift_conflict(*, conflict: Conflict, by: User, now: datetime) -> Conflict:
    """End a conflict."""
    conflict.lifted_at = now
    conflict.save(update_fields=["lifted_at"])
    audit.record(
        society=conflict.society,
        by=by,
        act="people.conflict",
        subject=conflict.code,
        now=now,
        words="Lifted a conflict.",
    )
    return conflict


def _record(participant: Participant, by: User, act: str, words: str, now: datetime) -> None:
    audit.record(society=participant.society, by=by, act=act, subject=participant.code, now=now, words=words)
