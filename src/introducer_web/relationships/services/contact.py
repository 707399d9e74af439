"""What coordinators see of what is between two people, and all of it: when they last talked, when both had signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from datetime import date, datetime

__all__ = ["note_contact", "note_signed"]


def note_contact(*, relationship: Relationship, last: date | None) -> None:
    """Note the day of the latest conversation; None: there is none. Whoever keeps conversations says it."""
    Relationship.objects.filter(pk=relationship.pk).update(last_contact_on=last)


def note_signed(*, relationship: Relationship, at: datetime | None) -> None:
    """Note when both had signed the agreement that stands; None: not both. Whoever keeps agreements says it."""
    Relationship.objects.filter(pk=relationship.pk).update(signed_at=at)
