"""Decisions of a mentee: noted with why, and looked at again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from introducer_web.goals.models import Decision
from introducer_web.goals.services.goals import IsOver
from introducer_web.lib.errors import DomainError
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from introducer_web.people.models import Participant

__all__ = ["AlreadyLookedAt", "look_at_decision", "note_decision"]


class AlreadyLookedAt(DomainError):
    """What was said then stays."""


@transaction.atomic
def note_decision(
    *, mentee: Participant, relationship: Relationship | None, words: Mapping[str, str], decided_on: date,
    look_on: date | None,
) -> Decision:  # fmt: skip
    """Keep a decision: what, among which options, why, and when to look at it again."""
    if relationship is not None and relationship.state != Relationship.State.ACTIVE:
        raise IsOver(_("This mentoring has ended. Keep the decision for yourself, or with another mentor."))
    made = Decision(
        society=mentee.society, mentee=mentee, relationship=relationship, decided_on=decided_on, look_on=look_on
    )
    made.words = dict(words)
    made.save()
    return made


@transaction.atomic
def look_at_decision(*, decision: Decision, later: str, look_on: date | None, now: datetime) -> Decision:
    """Say how a decision looks by now; what was said at first stays as it is. With another day it is looked at again.

    Raises
    ------
    AlreadyLookedAt
    """
    decision = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    said = decision.words.get("later", [])
    if said and said[-1]["text"] == later:
        raise AlreadyLookedAt(_("That stands there already."))
    decision.words = decision.words | {"later": [*said, {"on": now.date().isoformat(), "text": later}]}
    decision.look_on, decision.looked_at = look_on, now
    decision.save(update_fields=["sealed", "look_on", "looked_at"])
    return decision
