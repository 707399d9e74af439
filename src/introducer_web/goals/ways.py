"""The doors of goals: on the page of two people, on a mentee's home, and on the relationships of a cohort."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from introducer_web.goals.models import Decision, FreshLook, Goal, Transition
from introducer_web.goals.services import AHEAD
from introducer_web.lib.doors import Door
from introducer_web.people.models import Participant
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from introducer_web.programs.models import Cohort

__all__ = ["between", "between_asks", "home", "home_asks", "of_cohort"]


def between_asks(*, person: Participant, relationship: Relationship, now: datetime) -> dict[str, Any]:
    """Ask of a relationship how many goals are on the way, and whether one is to be looked at again."""
    del relationship
    active = Goal.objects.filter(relationship=OuterRef("pk"), state=Goal.State.ACTIVE)
    counted = active.order_by().values("relationship").annotate(n=Count("pk")).values("n")
    return {
        "goals_active": Coalesce(Subquery(counted), 0),
        "goals_due": Exists(active.filter(review_on__lte=person.day(now))),
    }


def between(*, person: Participant, relationship: Relationship, now: datetime, found: dict[str, Any]) -> Iterable[Door]:
    """Open the goals of two people; they wait when one is to be looked at again."""
    del now
    url = reverse("goal_together", args=[relationship.society.slug, person.code, relationship.code])
    if found["goals_due"] and relationship.state == relationship.State.ACTIVE:
        return [Door(_("Goals"), url, _("It is time to look at one again."), waits=True)]
    n = found["goals_active"]
    says = ngettext("%(n)s is on the way.", "%(n)s are on the way.", n) % {"n": n} if n else _("None at present.")
    return [Door(_("Goals"), url, says)]


def home_asks(*, person: Participant, now: datetime) -> dict[str, Any]:
    """Ask of a mentee whether the day of a goal or a decision has come, or something that changes is near."""
    today = person.day(now)
    mine = {"mentee": OuterRef("pk")}
    lived = Q(relationship=None) | Q(relationship__state=Relationship.State.ACTIVE)
    near = Q(on=None) | Q(on__lte=today + AHEAD)
    return {
        "goal_due": Exists(Goal.objects.filter(lived, **mine, state=Goal.State.ACTIVE, review_on__lte=today)),
        "decision_due": Exists(Decision.objects.filter(**mine, look_on__lte=today)),
        "change_near": Exists(Transition.objects.filter(near, **mine, settled_at=None)),
    }


def home(*, person: Participant, now: datetime, found: dict[str, Any]) -> Iterable[Door]:
    """Open a mentee's goals, and what changes for them; each waits when its day has come."""
    del now
    if person.is_mentor or person.state != Participant.State.ACTIVE:
        return []
    args = [person.society.slug, person.code]
    goals = _("One of them is to be looked at again.") if found["goal_due"] else ""
    doors = [
        Door(_("Your goals"), reverse("goal_list", args=args), goals, waits=found["goal_due"]),
        Door(
            _("What changes for you?"), reverse("change_show", args=args),
            _("Look at what you ask for.") if found["change_near"] else "", waits=found["change_near"],
        ),
    ]  # fmt: skip
    if found["decision_due"]:
        says = _("The day has come to look at one again.")
        doors.append(Door(_("Decisions"), reverse("decision_list", args=args), says, waits=True))
    return doors


def of_cohort(*, cohort: Cohort, now: datetime) -> Iterable[Door]:
    """Open the fresh looks that mentees of a cohort ask for."""
    del now
    n = FreshLook.objects.filter(mentee__cohort=cohort, settled_at=None).count()
    url = reverse("look_list", args=[cohort.society.slug, cohort.code])
    says = ngettext("%(n)s mentee asks.", "%(n)s mentees ask.", n) % {"n": n} if n else _("Nobody asks at present.")
    return [Door(_("Fresh looks at the match"), url, says, waits=n > 0)]
