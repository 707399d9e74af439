"""Ways on to plans: from the page of two people, and from a person's home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import CharField, F, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from introducer_web.lib.doors import Door
from introducer_web.plans.models import Availability, Plan, Proposal
from introducer_web.plans.saying import moment_said
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from typing import Any

    from django.db.models import QuerySet

    from introducer_web.people.models import Participant

    #: Kind, when, name of the other, code of the relationship, the zone of whoever looks.
    Row = tuple[str, datetime, str, str, str]

__all__ = ["between", "home"]

#: What a row of the doors is: asked of whoever looks, waits for the other side, planned.
_ASKED, _WAITS, _PLANNED = "asked", "waits", "planned"


def between(*, person: Participant, relationship: Relationship, now: datetime) -> Iterator[Door]:
    """Lead from the page of two to what they plan, and to their agenda."""
    if relationship.state != Relationship.State.ACTIVE:
        return
    rows = _rows(person, now, Q(relationship=relationship))
    here = [person.society.slug, person.code, relationship.code]
    found = _first(rows, now)
    if found is None:
        yield Door(_("Plan a conversation"), reverse("plan_new", args=here), _("times that fit both of you"))
    else:
        yield _door(found, person, reverse("plan_list", args=here), now)
    yield Door(_("Agenda"), reverse("agenda", args=here), _("what you would like to talk about"))


def home(*, person: Participant, now: datetime) -> Iterator[Door]:
    """Lead from a home to what waits there, or comes next."""
    side = "relationship__mentor" if person.is_mentor else "relationship__mentee"
    found = _first(_rows(person, now, Q(**{side: person})), now)
    if found is not None:
        two = found[3]
        yield _door(found, person, reverse("plan_list", args=[person.society.slug, person.code, two]), now, named=True)
    yield Door(_("When you can be asked for"), reverse("availability", args=[person.society.slug, person.code]),
               _("hours, times away, your calendar"))  # fmt: skip


def _rows(person: Participant, now: datetime, mine: Q) -> QuerySet[Any]:
    """Return what is planned and what is proposed: kind, when, name of the other, code of the relationship."""
    other = F("relationship__mentee__user__name") if person.is_mentor else F("relationship__mentor__user__name")
    lives = Q(relationship__state=Relationship.State.ACTIVE)
    said = Availability.objects.filter(user_id=person.user_id).values("timezone")[:1]
    zone = Coalesce(Subquery(said), Value(person.timezone or person.society.timezone), output_field=CharField())

    def told(rows: QuerySet[Any], kind: str, at: str) -> QuerySet[Any]:
        kinds = {"k": Value(kind, CharField()), "at": F(at), "name": other, "two": F("relationship__code")}
        return rows.order_by().annotate(**kinds, own=zone).values_list("k", "at", "name", "two", "own")

    plans = Plan.objects.filter(mine, lives, state=Plan.State.AGREED)
    open_ = Proposal.objects.filter(mine, lives, state=Proposal.State.OPEN, expires_at__gt=now)
    return told(plans, _PLANNED, "starts_at").union(
        told(open_.exclude(by=person), _ASKED, "expires_at"), told(open_.filter(by=person), _WAITS, "expires_at"),
        all=True,
    ).order_by("at")  # fmt: skip


def _first(rows: QuerySet[Any], now: datetime) -> Row | None:
    """Return what comes first: what whoever looks is asked, then what comes next, then what waits for the other."""
    found = list(rows[:60])
    for kind, over in ((_ASKED, False), (_PLANNED, True), (_PLANNED, False), (_WAITS, False)):
        for row in found:
            if row[0] == kind and (kind != _PLANNED or (row[1] <= now) == over):
                first: Row = row
                return first
    return None


def _door(found: Row, person: Participant, url: str, now: datetime, *, named: bool = False) -> Door:
    kind, at, name, _two, zone = found
    if kind == _ASKED:
        return Door(_("%(name)s proposes times to talk") % {"name": name}, url, waits=True)
    if kind == _WAITS:
        return Door(_("Times that you proposed"), url, _("%(name)s has not answered yet") % {"name": name})
    if at <= now:
        return Door(_("Did you talk with %(name)s?") % {"name": name}, url, _("one tap"), waits=True)
    title = _("Next: %(name)s") % {"name": name} if named else _("Next conversation")
    return Door(title, url, moment_said(at, zone))
