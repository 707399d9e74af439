"""What becomes of goals and decisions when two people go on in a later cohort."""

from __future__ import annotations

from typing import TYPE_CHECKING

from introducer_web.goals.models import Decision, Goal, GoalChange

if TYPE_CHECKING:
    from datetime import datetime

    from introducer_web.relationships.models import Relationship

__all__ = ["follow"]


def follow(*, old: Relationship, new: Relationship, now: datetime) -> None:
    """Take along all goals of the two with their history, reached ones too, and what was decided.

    Nothing of what was said is written anew; who said it is the same person in their later place.
    """
    for earlier, place in ((old.mentee_id, new.mentee), (old.mentor_id, new.mentor)):
        GoalChange.objects.filter(goal__relationship=old, by=earlier).update(by=place)
    Goal.objects.filter(relationship=old).update(relationship=new, mentee=new.mentee)
    Decision.objects.filter(relationship=old).update(relationship=new, mentee=new.mentee)
