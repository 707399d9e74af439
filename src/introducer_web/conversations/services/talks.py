"""Noting that two people talked: one tap, and more only for whoever wants to say more."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.conversations.models import Conversation
from introducer_web.lib.errors import DomainError
from introducer_web.relationships.models import Relationship
from introducer_web.relationships.services import note_contact

if TYPE_CHECKING:
    from datetime import date, datetime

    from introducer_web.people.models import Participant
    from introducer_web.tenants.models import User

__all__ = ["NotNotedByYou", "NotThatDay", "NotTogether", "TakenBack", "log_conversation", "say_minutes", "take_back"]

State = Relationship.State
#: Whoever is further east than we have noted has tomorrow already.
_AHEAD = timedelta(days=1)
#: Older conversations are remembered too badly to count.
_BACK = timedelta(days=366)


class NotTogether(DomainError):
    """Only what two people live, or lived, has conversations."""


class NotThatDay(DomainError):
    """The day is still to come, or too long ago."""


class NotNotedByYou(DomainError):
    """One cannot take back what the other said."""


class TakenBack(DomainError):
    """The conversation was taken back in the same moment."""


@transaction.atomic
def log_conversation(
    *, relationship: Relationship, person: Participant, on: date, by: User, now: datetime,
    minutes: int | None = None, another: bool = False,
) -> Conversation:  # fmt: skip
    """Note that two people talked on a day.

    A day that the other side noted already is confirmed; one that the person noted already stays as it is: a
    second tap, or a tap of both, is one conversation.

    Parameters
    ----------
    another : bool
        There was one more on that day.

    Raises
    ------
    NotTogether, NotThatDay
    """
    lived = Relationship.objects.select_for_update(of=("self",)).select_related("society").get(pk=relationship.pk)
    if lived.state not in (State.ACTIVE, State.ENDED):
        raise NotTogether(_("You can note conversations once both of you have agreed."))
    _refuse_other_days(lived, on, now)
    same_day = list(Conversation.objects.filter(relationship=lived, held_on=on).order_by("number"))
    if same_day and not another:
        found = next((each for each in same_day if _waits_for(each, person)), same_day[-1])
        if _waits_for(found, person):
            found.confirmed_at = now
            audit.record(
                society=lived.society, by=None, act="conversations.confirm", subject=lived.code, now=now,
                words="One of two people confirmed a conversation.",
            )  # fmt: skip
        if minutes is not None:
            found.minutes = minutes
        found.save(update_fields=["confirmed_at", "minutes"])
        return found
    found = Conversation.objects.create(
        society=lived.society, relationship=lived, held_on=on, number=len(same_day) + 1, minutes=minutes,
        noted_by=person, noted_at=now,
    )  # fmt: skip
    _tell(lived)
    audit.record(
        society=lived.society, by=None, act="conversations.log", subject=lived.code, now=now,
        words="One of two people noted a conversation.",
    )  # fmt: skip
    return found


def _tell(relationship: Relationship) -> None:
    """Say when the two were last in touch: nothing else of a conversation leaves this app."""
    latest = Conversation.objects.filter(relationship=relationship).aggregate(last=Max("held_on"))["last"]
    note_contact(relationship=relationship, last=latest)


def _refuse_other_days(relationship: Relationship, on: date, now: datetime) -> None:
    if on > now.date() + _AHEAD:
        raise NotThatDay(_("That day is still to come. Note a conversation when you have had it."))
    if on < now.date() - _BACK:
        raise NotThatDay(_("That is more than a year ago. Choose a day of the last twelve months."))
    if relationship.ended_at is not None and on > relationship.ended_at.date() + _AHEAD:
        raise NotThatDay(_("Your mentoring had ended by that day."))


def _waits_for(conversation: Conversation, person: Participant) -> bool:
    """Tell whether the other side noted it, and this one has not said so."""
    return conversation.noted_by_id != person.pk and conversation.confirmed_at is None


@transaction.atomic
def say_minutes(*, conversation: Conversation, minutes: int | None) -> Conversation:
    """Note how long it was; None takes that back.

    Raises
    ------
    TakenBack
    """
    conversation = _there(conversation)
    conversation.minutes = minutes
    conversation.save(update_fields=["minutes"])
    return conversation


def _there(conversation: Conversation) -> Conversation:
    """Return a conversation as it stands now, held until the end of the transaction."""
    found = Conversation.objects.select_for_update(of=("self",)).select_related("society").filter(pk=conversation.pk)
    row = found.first()
    if row is None:
        raise TakenBack(_("This conversation was taken back in the meantime. If you talked, note it again."))
    return row


@transaction.atomic
def take_back(*, conversation: Conversation, person: Participant, by: User, now: datetime) -> None:
    """Take back what one side said of a conversation; what the other side said of it stays.

    Raises
    ------
    NotNotedByYou, TakenBack
    """
    lived = Relationship.objects.select_for_update(of=("self",)).get(pk=conversation.relationship_id)
    conversation = _there(conversation)
    if conversation.noted_by_id != person.pk:
        if conversation.confirmed_at is None:
            raise NotNotedByYou(_("The other side noted this conversation, and can take it back."))
        conversation.confirmed_at = None
        conversation.save(update_fields=["confirmed_at"])
    elif conversation.confirmed_at is not None:
        other = lived.mentee_id if person.pk == lived.mentor_id else lived.mentor_id
        conversation.noted_by_id, conversation.noted_at = other, conversation.confirmed_at
        conversation.confirmed_at = None
        conversation.save(update_fields=["noted_by", "noted_at", "confirmed_at"])
    else:
        conversation.delete()
        _tell(lived)
    audit.record(
        society=conversation.society, by=None, act="conversations.take_back", subject=lived.code, now=now,
        words="One of two people took a conversation back.",
    )  # fmt: skip
