"""Introductions that nobody answers: closed kindly, or kept open while somebody is away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.mail import services as mail
from introducer_web.relationships.models import Introduction, Relationship
from introducer_web.relationships.services.swaps import AlreadyEnded

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["expire", "keep_open"]

State = Relationship.State


@transaction.atomic
def expire(*, relationship: Relationship, now: datetime) -> Relationship:
    """Close an introduction that was not answered in time. Whoever calls this tells both.

    Raises
    ------
    AlreadyEnded
        If it was answered, or is over.
    """
    relationship = (
        Relationship.objects.select_for_update(of=("self",))
        .select_related("mentee__user", "mentor__user", "society", "cohort")
        .get(pk=relationship.pk)
    )
    if relationship.state != State.INTRODUCED:
        raise AlreadyEnded(_("Only an introduction that waits for answers can be withdrawn."))
    relationship.state, relationship.ended_at = State.EXPIRED, now
    relationship.version += 1
    relationship.save(update_fields=["state", "ended_at", "version"])
    mail.drop(keys=[f"introduction:{code}" for code in relationship.introductions.values_list("code", flat=True)])
    audit.record(
        society=relationship.society, by=None, act="relationships.expire", subject=relationship.code, now=now,
        words="Closed an introduction that was not answered in time.",
    )  # fmt: skip
    return relationship


def keep_open(*, relationship: Relationship, until: datetime) -> None:
    """Let the links of an introduction work at least so long."""
    Introduction.objects.filter(relationship=relationship, expires_at__lt=until).update(expires_at=until)
