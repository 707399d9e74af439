"""Letters: what two people write to each other here, without giving an address.

The mail that says so has no word of a letter in it, comes by day, and comes once until the letters are read. Like
notes, letters stand in no record of acts, and their mails in no list of a cohort's.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from introducer_web.conversations.models import Letter
from introducer_web.conversations.services.words import IsOver, WasReadOrTakenBack, held, trimmed
from introducer_web.lib.errors import DomainError
from introducer_web.lib.nights import by_day
from introducer_web.mail import services as mail
from introducer_web.people.models import Role
from introducer_web.relationships.models import Relationship
from introducer_web.relationships.services import stay_in_touch

if TYPE_CHECKING:
    from datetime import datetime

    from introducer_web.mail.models import Message
    from introducer_web.people.models import Participant

__all__ = ["TooManyLetters", "mark_read", "may_leave", "may_write", "take_back_letter", "write_letter"]

State = Relationship.State
#: Most letters that one writes to another within an hour: more than anybody writes by hand.
MOST_AN_HOUR = 20


class TooManyLetters(DomainError):
    """More within an hour than anybody writes."""


def may_write(lived: Relationship) -> bool:
    """Tell whether two people may write to each other: while they are together, and after it if both are glad to."""
    return lived.state == State.ACTIVE or (lived.state == State.ENDED and stay_in_touch(lived))


@transaction.atomic
def write_letter(*, relationship: Relationship, person: Participant, text: str, now: datetime) -> Letter:
    """Write to the other one, and let them know by mail unless they have not read the last ones yet.

    Raises
    ------
    IsOver, NothingWritten, TooMuchWritten, TooManyLetters
    """
    lived = held(relationship)
    if not may_write(lived):
        raise IsOver(
            _("Your mentoring has ended, and with it what you write to each other here. You can read it still.")
        )
    mine = Letter.objects.filter(relationship=lived, author=person)
    if mine.filter(written_at__gt=now - timedelta(hours=1)).count() >= MOST_AN_HOUR:
        raise TooManyLetters(_("That is very much for one hour. What you wrote is still in the field; send it later."))
    waits = mine.filter(read_at__isnull=True).exists()
    letter = Letter(
        society=lived.society, author=person, relationship=lived, relationship_code=lived.code, written_at=now
    )
    letter.words = trimmed(text)
    letter.save(force_insert=True)
    if not waits:
        _tell(letter, lived, person, now)
    return letter


def _tell(letter: Letter, lived: Relationship, person: Participant, now: datetime) -> None:
    other = lived.mentee if person.pk == lived.mentor_id else lived.mentor
    mail.queue(
        to=other.user.email, kind="letter", key=f"{_key(lived, other)}:{letter.code}",
        context={"society": lived.society, "person": other.user, "other": person.user,
                 "path": reverse("letter_list", args=[lived.society.slug, other.code, lived.code])},
        language=other.user.language, now=now, society=lived.society,
        not_before=by_day(now, other.zone),
    )  # fmt: skip


def may_leave(message: Message, now: datetime) -> datetime | None:
    """Tell when the mail about letters may leave; None: they are read or taken back, or the two have parted."""
    _word, code, side, _letter = message.key.split(":", 3)
    lived = Relationship.objects.filter(code=code).select_related("society", "mentee__user", "mentor__user").first()
    if lived is None or not may_write(lived):
        return None
    reader = lived.mentor if side == Role.MENTOR else lived.mentee
    if not Letter.objects.filter(relationship=lived, read_at__isnull=True).exclude(author=reader).exists():
        return None
    return by_day(now, reader.zone)


def _key(lived: Relationship, reader: Participant) -> str:
    """Return how the keys of the mails begin that tell a reader of letters."""
    return f"letter:{lived.code}:{reader.role}"


@transaction.atomic
def mark_read(*, relationship: Relationship, person: Participant, upto: Letter, now: datetime) -> int:
    """Note that a person has read what the other one wrote, up to a letter; returns how many were new.

    A letter that came while they read is still new. A mail about them that has not left yet is taken back.
    """
    lived = held(relationship)
    new = Letter.objects.filter(relationship=lived, read_at__isnull=True).exclude(author=person)
    read = new.filter(pk__lte=upto.pk).update(read_at=now)
    if read and not new.exists():
        mail.drop(keys=[_key(lived, person)])
    return read


@transaction.atomic
def take_back_letter(*, letter: Letter, person: Participant) -> None:
    """Take back a letter that the other one has not read; so is the mail about it, if it has not left.

    Raises
    ------
    WasReadOrTakenBack
    """
    lived = held(Relationship(pk=letter.relationship_id))
    if not Letter.objects.filter(pk=letter.pk, author=person, read_at__isnull=True).delete()[0]:
        raise WasReadOrTakenBack(_("It was read by now, or taken back already."))
    if not Letter.objects.filter(relationship=lived, author=person, read_at__isnull=True).exists():
        mail.drop(keys=[_key(lived, lived.mentee if person.pk == lived.mentor_id else lived.mentor)])
