"""What becomes of plans when two people go on in a later cohort, and when an ending is taken back."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import F, Q

from introducer_web.plans.models import AgendaPoint, Plan, Proposal, Series
from introducer_web.plans.services.mails import tell_of_plan, tell_of_series
from introducer_web.plans.services.proposing import count_change

if TYPE_CHECKING:
    from datetime import datetime

    from introducer_web.relationships.models import Relationship

__all__ = ["bring_back", "take_along"]

State = Plan.State


def take_along(*, old: Relationship, new: Relationship, now: datetime) -> None:
    """Take along what is planned, proposed and on the agenda; calendars have it already, and are told nothing.

    A series goes as one, with those of it that are over.
    """
    agreed = Plan.objects.filter(relationship=old, state=State.AGREED)
    series = set(agreed.filter(series__isnull=False).values_list("series", flat=True))
    Plan.objects.filter(Q(series__in=series) | Q(state=State.AGREED), relationship=old).update(relationship=new)
    Series.objects.filter(pk__in=series).update(relationship=new)
    later = {old.mentee_id: new.mentee, old.mentor_id: new.mentor}
    open_ = Proposal.objects.filter(relationship=old, state=Proposal.State.OPEN)
    points = AgendaPoint.objects.filter(relationship=old).exclude(state=AgendaPoint.State.DONE)
    for rows in (open_, points):
        for earlier, place in later.items():
            rows.filter(by=earlier).update(by=place, relationship=new)


def bring_back(*, relationship: Relationship, ended_at: datetime, now: datetime) -> None:
    """Bring back what was cancelled because it ended: all that was cancelled since; calendars of both are told."""
    gone = (
        Plan.objects.select_for_update(of=("self",))
        .filter(relationship=relationship, state=State.CANCELLED, changed_at__gte=ended_at, starts_at__gt=now)
        .select_related("society", "series", "relationship__mentee__user", "relationship__mentee__society",
                        "relationship__mentor__user", "relationship__mentor__society")
        .order_by(F("series").asc(nulls_first=True), "starts_at")
    )  # fmt: skip
    for key, rows in groupby(gone, key=lambda plan: plan.series_id):
        plans = list(rows)
        for plan in plans:
            plan.state, plan.sequence, plan.changed_at = State.AGREED, plan.sequence + 1, now
            plan.save(update_fields=["state", "sequence", "changed_at"])
        if key is None:
            for plan in plans:
                tell_of_plan(plan, "plan_agreed", now)
        else:
            _continue_series(plans, now)


def _continue_series(back: list[Plan], now: datetime) -> None:
    """Let a series reach as far as before."""
    first = back[0]
    series = Series.objects.select_for_update(of=("self",)).get(pk=first.series_id)
    series.relationship, series.society = first.relationship, first.society
    plans = list(Plan.objects.filter(series=series).order_by("instead_of"))
    for each in plans:
        each.relationship, each.society = first.relationship, first.society
    series.number = max(place for place, each in enumerate(plans, start=1) if each.state != State.CANCELLED)
    count_change(series, now)
    series.save(update_fields=["number"])
    tell_of_series(series, plans[: series.number], "plan_agreed", now, about=first)
