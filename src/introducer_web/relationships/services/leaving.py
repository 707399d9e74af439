"""What ends because somebody has left, because a cohort was closed, or because nobody answers any more.

A worker looks for it; each piece is done once, and whoever has to know is told.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django_scopes import scopes_disabled

from introducer_web.audit import services as audit
from introducer_web.lib.pieces import first_done
from introducer_web.people.models import Participant
from introducer_web.relationships.models import Relationship, Renewal
from introducer_web.relationships.services.ending import locked, tell_of_end, withdraw_side
from introducer_web.relationships.services.expiring import expire
from introducer_web.relationships.services.swaps import close

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["let_go_due"]

State = Relationship.State
_GONE = Participant.State.WITHDRAWN
#: Who was asked whether they go on, and has not both said so within so long, stays as they are.
_WAITS = timedelta(days=60)


def let_go_due(now: datetime) -> bool:
    """End one thing that is over; tells whether there was one."""
    with scopes_disabled():
        return _leave_one(now) or _close_one(now) or _settle_one(now)


def _leave_one(now: datetime) -> bool:
    """End what somebody who has withdrawn lived or was introduced to; the other one is told kindly."""
    left = Q(mentee__state=_GONE) | Q(mentor__state=_GONE)
    rows = Relationship.objects.filter(left, state__in=Relationship.TOGETHER).order_by("pk")
    return first_done(rows, lambda row: _leave(locked(row), now))


def _leave(two: Relationship, now: datetime) -> bool:
    gone, other = (two.mentee, two.mentor) if two.mentee.state == _GONE else (two.mentor, two.mentee)
    if two.state not in Relationship.TOGETHER:
        return False  # somebody was faster
    if two.state == State.INTRODUCED:
        withdraw_side(two, gone, now)
        return True
    close(two, now)
    if other.state == Participant.State.ACTIVE:
        tell_of_end(two, other, gone, now)
    audit.record(
        society=two.society, by=None, act="relationships.end", subject=two.code, now=now,
        words="A relationship ended, because one of the two has withdrawn.",
    )  # fmt: skip
    return True


def _close_one(now: datetime) -> bool:
    """Let an introduction of a cohort that was closed be over: it holds a seat no longer."""
    rows = Relationship.objects.filter(state=State.INTRODUCED, cohort__is_closed=True).order_by("pk")
    return first_done(rows, lambda row: bool(expire(relationship=row, now=now)))


def _settle_one(now: datetime) -> bool:
    """Let a question be over that nobody answers any more: whether two go on."""
    over = ~Q(relationship__state=State.ACTIVE) | Q(asked_at__lte=now - _WAITS)
    rows = Renewal.objects.filter(over, settled_at=None).order_by("pk")
    return first_done(rows, lambda row: bool(Renewal.objects.filter(pk=row.pk, settled_at=None).update(settled_at=now)))
