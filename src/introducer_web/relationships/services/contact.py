"""When two people were last in touch: what coordinators see of their conversations, and all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from datetime import date

__all__ = ["note_contact"]


def note_contact(*, relationship: Relationship, last: date | None) -> None:
    """Note the day of the latest conversation; None: there is none. Whoever keeps conversations says it."""
    Relationship.objects.filter(pk=relationship.pk).update(last_contact_on=last)
