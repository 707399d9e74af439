"""Giving feedback, and telling the other one of it or not.

What happens here stands in no record of acts, for coordinators read that: who gave feedback, and when, is their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from introducer_web.conversations.services import IsOver, NothingWritten, trimmed
from introducer_web.feedback.models import Feedback
from introducer_web.lib.errors import DomainError
from introducer_web.lib.nights import by_day
from introducer_web.mail import services as mail
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from introducer_web.mail.models import Message
    from introducer_web.people.models import Participant

__all__ = [
    "GivenMeanwhile",
    "WasRead",
    "draft",
    "give",
    "leave_out",
    "mark_read",
    "may_leave",
    "remove",
    "tell",
    "untell",
]

State = Relationship.State


class GivenMeanwhile(DomainError):
    """It was given in another window."""


class WasRead(DomainError):
    """What is read is read."""


@transaction.atomic
def give(
    *, relationship: Relationship, person: Participant, said: Mapping[str, Any], seen: str, now: datetime
) -> Feedback:
    """Keep what a person says of how it goes; they alone read it.

    Parameters
    ----------
    said : mapping
        ``helped`` and ``different`` in words, ``useful`` and ``goes_on`` as one of their choices; each may be left out.
    seen : str
        The code of their last one when they began to write; empty: there was none.

    Raises
    ------
    GivenMeanwhile, IsOver, NothingWritten, TooMuchWritten
    """
    said = {name: trimmed(value) if name in ("helped", "different") else value
            for name, value in said.items() if value not in (None, "")}  # fmt: skip
    if not said:
        raise NothingWritten(_("Say one thing at least; a single tap is enough."))
    return _add(relationship, person, said, seen, now)


@transaction.atomic
def leave_out(*, relationship: Relationship, person: Participant, seen: str, now: datetime) -> Feedback:
    """Say nothing this time; it is asked again after the usual while.

    Raises
    ------
    GivenMeanwhile, IsOver
    """
    return _add(relationship, person, {}, seen, now)


def _add(
    relationship: Relationship, person: Participant, said: Mapping[str, Any], seen: str, now: datetime
) -> Feedback:
    lived = _held(relationship)
    if lived.state not in (State.ACTIVE, State.ENDED):
        raise IsOver(_("There is nothing to say yet: the two of you have not both agreed."))
    last = Feedback.objects.filter(relationship=lived, author=person).order_by("-given_at", "-pk").first()
    if (last.code if last is not None else "") != seen:
        raise GivenMeanwhile(_("You answered in another window already. It is below; your words are in the fields."))
    row = Feedback(
        society=lived.society, author=person, relationship=lived, relationship_code=lived.code, given_at=now,
        left_out=not said,
    )  # fmt: skip
    row.words = dict(said)
    row.save(force_insert=True)
    return row


@transaction.atomic
def tell(*, feedback: Feedback, text: str, now: datetime) -> Feedback:
    """Tell the other one something of it, in words that the author has chosen for that; again, until they have read it.

    Nothing but this text is told: neither how useful it is nor whether somebody would like to go on.

    Raises
    ------
    IsOver, WasRead, NothingWritten, TooMuchWritten
    """
    text = trimmed(text)
    feedback, lived = _mine(feedback)
    if lived is None or lived.state != State.ACTIVE:
        raise IsOver(_("Your mentoring has ended: what you say now is for you alone."))
    first = feedback.told_at is None
    feedback.told, feedback.told_at = text, now
    feedback.save(update_fields=["sealed_told", "told_at"])
    if first:
        other = lived.mentee if feedback.author_id == lived.mentor_id else lived.mentor
        mail.queue(
            to=other.user.email, kind="feedback_told", key=f"{_key(feedback)}:{now.isoformat()}",
            context={"society": lived.society, "person": other.user, "other": feedback.author.user,
                     "path": reverse("feedback_list", args=[lived.society.slug, other.code, lived.code])},
            language=other.user.language, now=now, society=lived.society,
            not_before=by_day(now, other.zone),
        )  # fmt: skip
    return feedback


@transaction.atomic
def untell(*, feedback: Feedback) -> Feedback:
    """Take back what was told, if it is not read yet, and the mail about it, if it has not left.

    Raises
    ------
    WasRead
    """
    feedback, _lived = _mine(feedback)
    feedback.sealed_told, feedback.told_at = b"", None
    feedback.save(update_fields=["sealed_told", "told_at"])
    mail.drop(keys=[_key(feedback)])
    return feedback


@transaction.atomic
def mark_read(*, feedback: Feedback, now: datetime) -> bool:
    """Note that the other one has read what they were told; False where they had already, or it was taken back."""
    mail.drop(keys=[_key(feedback)])
    new = Feedback.objects.filter(pk=feedback.pk, told_at__isnull=False, read_at__isnull=True)
    return bool(new.update(read_at=now))


@transaction.atomic
def remove(*, feedback: Feedback) -> None:
    """Delete what one said once. What the other one has been told and has not read goes with it."""
    mail.drop(keys=[_key(feedback)])
    Feedback.objects.filter(pk=feedback.pk).delete()


def draft(words: Mapping[str, Any]) -> str:
    """Return a first draft of what one might tell the other one, of what one said for oneself."""
    parts = []
    if words.get("helped"):
        parts.append(_("What helps me: %(words)s") % {"words": words["helped"]})
    if words.get("different"):
        parts.append(_("What I would like us to try: %(words)s") % {"words": words["different"]})
    return "\n\n".join(parts)


def may_leave(message: Message, now: datetime) -> datetime | None:
    """Tell when the mail about what was told may leave; None: it is read or taken back, or the two have parted."""
    _word, _relationship, code, _time = message.key.split(":", 3)
    told = Feedback.objects.filter(code=code, told_at__isnull=False, read_at__isnull=True, relationship__state="active")
    found = told.select_related("relationship__society", "relationship__mentee", "relationship__mentor").first()
    if found is None or found.relationship is None:
        return None
    lived = found.relationship
    reader = lived.mentee if found.author_id == lived.mentor_id else lived.mentor
    return by_day(now, reader.zone)


def _held(relationship: Relationship) -> Relationship:
    return (
        Relationship.objects.select_for_update(of=("self",))
        .select_related("society", "mentee__user", "mentor__user")
        .get(pk=relationship.pk)
    )


def _mine(feedback: Feedback) -> tuple[Feedback, Relationship | None]:
    """Return one's feedback and its relationship as they stand now; the other one must not have read it."""
    lived = _held(Relationship(pk=feedback.relationship_id)) if feedback.relationship_id is not None else None
    found = Feedback.objects.select_for_update(of=("self",)).select_related("author__user").filter(pk=feedback.pk)
    row = found.first()
    if row is None:
        raise WasRead(_("You deleted this in another window."))
    if row.read_at is not None:
        raise WasRead(_("It was read by now: what is read cannot be taken back or changed."))
    return row, lived


def _key(feedback: Feedback) -> str:
    """Return how the keys of the mails begin that tell somebody of it."""
    return f"told:{feedback.relationship_code}:{feedback.code}"
