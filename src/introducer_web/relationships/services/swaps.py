"""Withdrawing an introduction; a mentee's wish for another mentor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.lib.errors import DomainError
from introducer_web.mail import services as mail
from introducer_web.relationships.models import Relationship, SwapRequest

if TYPE_CHECKING:
    from datetime import datetime

    from introducer_web.tenants.models import User

__all__ = ["AlreadyEnded", "AlreadyRequested", "close", "recall", "request_swap", "settle_swap"]

State = Relationship.State


class AlreadyEnded(DomainError):
    """There is nothing to withdraw or to swap any more."""


class AlreadyRequested(DomainError):
    """The coordinator knows already."""


@transaction.atomic
def recall(*, relationship: Relationship, by: User, now: datetime) -> Relationship:
    """Withdraw an introduction, before or after its mails went out. Whoever was told is told, without a reason."""
    relationship = (
        Relationship.objects.select_for_update(of=("self",))
        .select_related("mentee__user", "mentor__user", "society", "cohort")
        .get(pk=relationship.pk)
    )
    if relationship.state != State.INTRODUCED:
        raise AlreadyEnded(_("Only an introduction that waits for answers can be withdrawn."))
    relationship.state, relationship.ended_at = State.RECALLED, now
    relationship.version += 1
    relationship.save(update_fields=["state", "ended_at", "version"])
    for introduction in relationship.introductions.all():
        key = f"introduction:{introduction.code}"
        mail.drop(keys=[key])
        if not mail.has_left(key):
            continue
        person = relationship.mentee if introduction.side == "mentee" else relationship.mentor
        other = relationship.mentor if introduction.side == "mentee" else relationship.mentee
        mail.queue(
            to=person.user.email, kind="recalled", key=f"recalled:{introduction.code}",
            context={"society": relationship.society, "person": person.user, "other": other.user},
            language=person.user.language, now=now, society=relationship.society, about=relationship.cohort.code,
        )  # fmt: skip
    audit.record(
        society=relationship.society, by=by, act="relationships.recall", subject=relationship.code, now=now,
        words="Withdrew an introduction.",
    )  # fmt: skip
    return relationship


@transaction.atomic
def request_swap(*, relationship: Relationship, by: User, now: datetime) -> SwapRequest:
    """Note that a mentee would like another mentor. Coordinators see it; the mentor is told nothing."""
    relationship = Relationship.objects.select_for_update().select_related("society").get(pk=relationship.pk)
    if relationship.state not in (State.INTRODUCED, State.ACTIVE):
        raise AlreadyEnded(_("This one is over already."))
    if relationship.swap_requests.filter(settled_at=None).exists():
        raise AlreadyRequested(_("Your coordinator knows already, and will write to you."))
    request = SwapRequest.objects.create(society=relationship.society, relationship=relationship, asked_at=now)
    if relationship.mentee_keeps_at is not None:  # who asks for somebody else asks to keep it no longer
        relationship.mentee_keeps_at = None
        relationship.save(update_fields=["mentee_keeps_at"])
    audit.record(
        society=relationship.society, by=by, act="relationships.request_swap", subject=relationship.code, now=now,
        words="A mentee asked for another mentor.",
    )  # fmt: skip
    return request


@transaction.atomic
def settle_swap(*, request: SwapRequest, end: bool, by: User, now: datetime) -> SwapRequest:
    """Settle a swap request: end the relationship kindly, or leave it as it is."""
    request = SwapRequest.objects.select_for_update().select_related("relationship", "society").get(pk=request.pk)
    if request.settled_at is not None:
        raise AlreadyEnded(_("Somebody settled this request already."))
    request.settled_at, request.settled_by = now, by
    request.save(update_fields=["settled_at", "settled_by"])
    # Declined, expired or withdrawn meanwhile: it is over already, as it is.
    if end and request.relationship.state in (State.INTRODUCED, State.ACTIVE):
        close(request.relationship, now)
    audit.record(
        society=request.society, by=by, act="relationships.settle_swap", subject=request.code, now=now,
        words="Settled a request for another mentor" + (": the relationship ended." if end else "."),
    )  # fmt: skip
    return request


def close(relationship: Relationship, now: datetime) -> None:
    """Let a relationship be over: its seat is free, and what was asked about it is settled."""
    relationship.state, relationship.seat, relationship.ended_at = State.ENDED, None, now
    relationship.version += 1
    relationship.save(update_fields=["state", "seat", "ended_at", "version"])
    relationship.swap_requests.filter(settled_at=None).update(settled_at=now)
