"""What the two want to talk about: the mentee's list. A mentor suggests; the mentee takes it in or leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from introducer_web.lib.errors import DomainError
from introducer_web.plans.models import AgendaPoint
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from datetime import datetime

    from introducer_web.people.models import Participant

__all__ = ["ListIsFull", "NotYourAgenda", "NothingSaid", "add_point", "drop_point", "settle_point", "take_point"]

State = AgendaPoint.State
#: Most letters of a point, and most points: an agenda is short.
_LETTERS, _MOST = 300, 12


class NothingSaid(DomainError):
    """The point is empty."""


class ListIsFull(DomainError):
    """A dozen points are enough for one conversation."""


class NotYourAgenda(DomainError):
    """The agenda is the mentee's; a mentor takes back what they suggested, and nothing else."""


@transaction.atomic
def add_point(*, relationship: Relationship, person: Participant, text: str, now: datetime) -> AgendaPoint:
    """Add a point, or suggest one as the mentor. The same words twice are one point.

    Raises
    ------
    NothingSaid, ListIsFull
    """
    two = Relationship.objects.select_for_update(of=("self",)).select_related("society").get(pk=relationship.pk)
    text = " ".join(text.split())[:_LETTERS]
    if not text:
        raise NothingSaid(_("Write what you would like to talk about."))
    there = list(AgendaPoint.objects.filter(relationship=two).exclude(state=State.DONE))
    same = next((each for each in there if each.words.get("text") == text), None)
    if same is not None:
        return same
    if len(there) >= _MOST:
        raise ListIsFull(_("There are twelve points already. Mark what you talked about, or take one away."))
    point = AgendaPoint(
        society=two.society, relationship=two, by=person, made_at=now,
        state=State.SUGGESTED if person.is_mentor else State.OPEN,
    )  # fmt: skip
    point.words = {"text": text}
    point.save()
    return point


@transaction.atomic
def take_point(*, point: AgendaPoint, person: Participant) -> AgendaPoint:
    """Take a suggestion of the mentor into the agenda.

    Raises
    ------
    NotYourAgenda
    """
    point = AgendaPoint.objects.select_for_update().get(pk=point.pk)
    _refuse_mentor(person)
    if point.state == State.SUGGESTED:
        point.state = State.OPEN
        point.save(update_fields=["state"])
    return point


@transaction.atomic
def settle_point(*, point: AgendaPoint, person: Participant, done: bool, now: datetime) -> AgendaPoint:
    """Note that it was talked about, or that it is to be talked about again.

    Raises
    ------
    NotYourAgenda
    """
    point = AgendaPoint.objects.select_for_update().get(pk=point.pk)
    _refuse_mentor(person)
    point.state, point.done_at = (State.DONE, now) if done else (State.OPEN, None)
    point.save(update_fields=["state", "done_at"])
    return point


@transaction.atomic
def drop_point(*, point: AgendaPoint, person: Participant) -> None:
    """Take a point away, for good.

    Raises
    ------
    NotYourAgenda
    """
    point = AgendaPoint.objects.select_for_update().get(pk=point.pk)
    if not (point.state == State.SUGGESTED and point.by_id == person.pk):
        _refuse_mentor(person)
    point.delete()


def _refuse_mentor(person: Participant) -> None:
    if person.is_mentor:
        raise NotYourAgenda(_("The agenda is your mentee's. Suggest a point, and they take it in if they like."))
