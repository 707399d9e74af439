"""A fresh look: a mentee asks for it, the coordinator lets the match be changed a little, and it is settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.goals.models import FreshLook, Transition
from introducer_web.goals.services.transitions import AHEAD
from introducer_web.lib.errors import DomainError
from introducer_web.people.models import Participant
from introducer_web.relationships import services as relationships

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from introducer_web.matching.models import MatchRun
    from introducer_web.programs.models import Cohort
    from introducer_web.relationships.models import Relationship
    from introducer_web.tenants.models import User

__all__ = ["AlreadyAsked", "ask_for_fresh_look", "run_for_fresh_looks", "settle_fresh_look"]


class AlreadyAsked(DomainError):
    """It is asked for, or settled."""


@transaction.atomic
def ask_for_fresh_look(
    *, mentee: Participant, instead_of: Iterable[Relationship], by: User, now: datetime
) -> FreshLook:
    """Ask that the match be looked at once more, with as few changes as can be.

    What is lived stays in every run. Only of those whom the mentee names the coordinator hears that somebody else would
    fit better by now; the mentors are told nothing.

    Raises
    ------
    AlreadyAsked
    """
    Participant.objects.select_for_update().get(pk=mentee.pk)
    if mentee.state != Participant.State.ACTIVE:
        raise AlreadyAsked(_("You take no part in a match at present."))
    if FreshLook.objects.filter(mentee=mentee, settled_at=None).exists():
        raise AlreadyAsked(_("Your coordinator knows already, and will look."))
    made = FreshLook.objects.create(society=mentee.society, mentee=mentee, asked_at=now)
    for relationship in instead_of:
        try:
            relationships.request_swap(relationship=relationship, by=by, now=now)
        except DomainError:
            continue  # asked before, or over: the wish stands already
    near = Q(on=None) | Q(on__lte=now.date() + AHEAD)
    Transition.objects.filter(near, mentee=mentee, settled_at=None).update(settled_at=now)
    audit.record(
        society=mentee.society, by=by, act="goals.ask_for_fresh_look", subject=made.code, now=now,
        words="A mentee asked for a fresh look at the match.",
    )  # fmt: skip
    return made


@transaction.atomic
def run_for_fresh_looks(*, cohort: Cohort, by: User, now: datetime) -> MatchRun:
    """Queue the run that shows what few changes would bring, for all who asked.

    Raises
    ------
    AlreadyAsked
        If nobody waits.
    """
    waiting = FreshLook.objects.filter(mentee__cohort=cohort, settled_at=None)
    if not waiting.exists():
        raise AlreadyAsked(_("Nobody waits for a fresh look."))
    run = relationships.request_frontier(cohort=cohort, by=by, now=now)
    waiting.update(run=run)
    return run


@transaction.atomic
def settle_fresh_look(*, look: FreshLook, by: User, now: datetime) -> FreshLook:
    """Note that somebody has looked.

    Raises
    ------
    AlreadyAsked
    """
    look = FreshLook.objects.select_for_update(of=("self",)).select_related("society").get(pk=look.pk)
    if look.settled_at is not None:
        raise AlreadyAsked(_("Somebody settled this already."))
    look.settled_at, look.settled_by = now, by
    look.save(update_fields=["settled_at", "settled_by"])
    audit.record(
        society=look.society, by=by, act="goals.settle_fresh_look", subject=look.code, now=now,
        words="Settled a request for a fresh look.",
    )  # fmt: skip
    return look
