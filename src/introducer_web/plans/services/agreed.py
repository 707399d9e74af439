"""What becomes of a plan: cancelled, a series that ends early, held or not."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from introducer_web.conversations import services as conversations
from introducer_web.lib.errors import DomainError
from introducer_web.mail import services as mail
from introducer_web.plans.models import Plan, Proposal, Series
from introducer_web.plans.services.mails import tell_of_plan, tell_of_series, tell_who_is_left
from introducer_web.plans.services.proposing import count_change

if TYPE_CHECKING:
    from datetime import datetime

    from introducer_web.people.models import Participant
    from introducer_web.tenants.models import User

__all__ = ["IsOver", "StillToCome", "cancel", "end_series", "free_the_others", "say_held"]

State = Plan.State


class IsOver(DomainError):
    """What is over is not cancelled."""


class StillToCome(DomainError):
    """Nobody has talked yet."""


@transaction.atomic
def cancel(*, plan: Plan, now: datetime) -> Plan:
    """Cancel a plan; either side may, without a reason. Calendars of both are told.

    Raises
    ------
    IsOver
    """
    plan = _locked(plan)
    if plan.state == State.CANCELLED:
        return plan
    if plan.state != State.AGREED or plan.starts_at <= now:
        raise IsOver(_("That conversation has begun already. Say below whether you talked."))
    _drop(plan, now)
    if plan.series:
        count_change(plan.series, now)
    tell_of_plan(plan, "plan_cancelled", now, method="CANCEL")
    return plan


def _locked(plan: Plan) -> Plan:
    return (
        Plan.objects.select_for_update(of=("self",))
        .select_related("society", "series", "relationship__mentee__user", "relationship__mentee__society",
                        "relationship__mentor__user", "relationship__mentor__society", "relationship__society")
        .get(pk=plan.pk)
    )  # fmt: skip


def _drop(plan: Plan, now: datetime) -> None:
    plan.state, plan.sequence, plan.changed_at = State.CANCELLED, plan.sequence + 1, now
    plan.save(update_fields=["state", "sequence", "changed_at"])
    mail.drop(keys=[f"plan-tomorrow:{plan.code}"])
    # Who was to answer where it moves to has nothing to answer any more.
    for row in Proposal.objects.filter(moves=plan, state=Proposal.State.OPEN):
        row.state, row.settled_at = Proposal.State.WITHDRAWN, now
        row.save(update_fields=["state", "settled_at"])
        mail.drop(keys=[f"proposal:{row.code}"])


@transaction.atomic
def end_series(*, plan: Plan, now: datetime) -> Series | None:
    """Cancel a plan and all that come after it in its series; what was before stays. None: it is of no series."""
    plan = _locked(plan)
    if plan.series is None:
        cancel(plan=plan, now=now)
        return None
    series = Series.objects.select_for_update(of=("self",)).get(pk=plan.series_id)
    series.relationship, series.society = plan.relationship, plan.society
    plans = list(Plan.objects.filter(series=series).order_by("instead_of"))
    later = [each for each in plans[plans.index(plan) :] if each.starts_at > now]
    ended = [each for each in later if each.state == State.AGREED]
    if not ended:
        return series
    for each in ended:
        _drop(each, now)
    for each in plans:
        each.relationship, each.society = plan.relationship, plan.society
    kept = [k for k, each in enumerate(plans) if each.state != State.CANCELLED]
    count_change(series, now)
    if kept:
        series.number = kept[-1] + 1  # what lies between and was dropped is left out by name
        series.save(update_fields=["number"])
        tell_of_series(series, plans[: series.number], "plan_cancelled", now, about=plan)
    else:
        tell_of_series(series, plans, "plan_cancelled", now, about=plan, method="CANCEL")
    return series


@transaction.atomic
def say_held(*, plan: Plan, person: Participant, held: bool, by: User, now: datetime) -> Plan:
    """Say whether the two talked. What they did becomes a conversation; a plan alone never is one.

    Raises
    ------
    StillToCome
    """
    plan = _locked(plan)
    if plan.starts_at > now or plan.state == State.CANCELLED:
        raise StillToCome(_("That conversation is still to come. Say it when you have had it."))
    if held:
        # The day where it was made: both sides name the same one, wherever they are.
        on = plan.starts_at.astimezone(ZoneInfo(plan.zone)).date()
        conversations.log_conversation(
            relationship=plan.relationship, person=person, on=on, by=by, now=now, minutes=plan.minutes
        )
        plan.state = State.HELD
    elif plan.state == State.AGREED:
        plan.state = State.MISSED  # who says that it was not changes nothing of what the other side noted
    plan.save(update_fields=["state"])
    return plan


@transaction.atomic
def free_the_others(*, user: User, now: datetime) -> None:
    """Take what was still to come with somebody who is forgotten out of the calendars of the others, and name nobody.

    Their plans themselves go with their relationships.
    """
    side = Q(relationship__mentee__user=user) | Q(relationship__mentor__user=user)
    done: set[int] = set()
    for row in Plan.objects.filter(side, state=State.AGREED, starts_at__gt=now).order_by("starts_at"):
        plan = _locked(row)
        if plan.series_id in done:
            continue
        if plan.series is not None:
            done.add(plan.series.pk)
            count_change(plan.series, now)
        plan.sequence, plan.changed_at = plan.sequence + 1, now
        two = plan.relationship
        tell_who_is_left(plan, two.mentor if two.mentee.user_id == user.pk else two.mentee, now)
