"""A thank-you from one of two people to the other, at any time: sealed, and mailed without its words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from introducer_web.lib.errors import DomainError
from introducer_web.mail import services as mail
from introducer_web.people.models import Block
from introducer_web.people.services import is_blocked
from introducer_web.relationships.models import Relationship, Thanks

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from introducer_web.people.models import Participant

__all__ = ["MOST_THANKS", "THANKS_AFTER", "NoThanks", "may_thank", "take_thanks_back", "thanks_for", "write_thanks"]

#: Most letters of a thank-you.
MOST_THANKS = 2000
#: So long after the end somebody may still say thank you.
THANKS_AFTER = timedelta(days=90)
State = Relationship.State


class NoThanks(DomainError):
    """There is nothing to thank for yet, or it is over for too long."""


def may_thank(relationship: Relationship, now: datetime) -> bool:
    """Tell whether one of two people may thank the other: while it lives, and for a while after."""
    if relationship.state == State.ACTIVE:
        return True
    ended = relationship.ended_at
    return relationship.state == State.ENDED and ended is not None and ended > now - THANKS_AFTER


@transaction.atomic
def write_thanks(
    *, relationship: Relationship, person: Participant, text: str, now: datetime, tell: bool = True
) -> Thanks:
    """Keep a thank-you for the other side. A second one on the same day takes the place of the first.

    Who is kept away by the other side writes like everybody, and nothing of it arrives.

    Parameters
    ----------
    tell : bool
        Whether a mail says that there is one; it does not say what.

    Raises
    ------
    NoThanks
    """
    lived = Relationship.objects.select_for_update(of=("self",)).select_related(
        "society", "cohort", "mentee__user", "mentor__user"
    ).get(pk=relationship.pk)  # fmt: skip
    if not may_thank(lived, now):
        raise NoThanks(_("A thank-you can be written while you are together, and for three months after."))
    if not text.strip():
        raise NoThanks(_("Write a few words."))
    other = lived.mentor if person.pk == lived.mentee_id else lived.mentee
    day = person.day(now)
    thanks = Thanks.objects.filter(relationship=lived, by=person, on=day).first()
    thanks = thanks or Thanks(society=lived.society, relationship=lived, by=person, on=day)
    thanks.words = {"text": text.strip()[:MOST_THANKS]}
    thanks.save()
    if tell and not is_blocked(person.user, other.user):
        path = f"/s/{lived.society.slug}/me/{other.code}/with/{lived.code}/thanks/"
        mail.queue(
            to=other.user.email, kind="thanked", key=f"thanked:{thanks.code}",
            context={"society": lived.society, "person": other.user, "other": person.user, "path": path},
            language=other.user.language, now=now, society=lived.society,
        )  # fmt: skip
    return thanks


@transaction.atomic
def take_thanks_back(*, thanks: Thanks) -> None:
    """Take a thank-you back; a mail that is not on its way yet is not sent."""
    mail.drop(keys=[f"thanked:{thanks.code}"])
    thanks.delete()


def thanks_for(person: Participant) -> QuerySet[Thanks]:
    """Return what was said to a person in this place, the newest first; nothing of whom they keep away."""
    side = "mentor" if person.is_mentor else "mentee"
    away = Block.objects.filter(Q(by=person.user)).values("other")
    return (
        Thanks.objects.filter(**{f"relationship__{side}": person})
        .exclude(by=person).exclude(by__user__in=away)
        .select_related("by__user", "relationship", "society").order_by("-on", "-pk")
    )  # fmt: skip
