"""The only way to a run, a constellation or an order on behalf of a coordinator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Sum
from django.http import Http404

from introducer_web.matching.models import Advice, Constellation, MatchRun, Order
from introducer_web.people.models import Participant
from introducer_web.programs.access import cohort_for, cohorts_for

if TYPE_CHECKING:
    from django.http import HttpRequest

    from introducer_web.programs.models import Cohort
    from introducer_web.tenants.models import Society

__all__ = ["advice_for", "constellation_for", "finished_run_for", "order_for", "person_for", "proposal_for", "run_for"]


def run_for(request: HttpRequest, society: Society, code: str, run: str) -> MatchRun:
    """Return a run of a cohort that somebody coordinates, with ``told``, the ties of it that were published."""
    found = (
        MatchRun.objects.filter(cohort__in=cohorts_for(request, society), cohort__code=code, code=run)
        .select_related("requested_by", "previous", "cohort__program", "cohort__society")
        .defer("sealed_folder", "sealed_outcome", "previous__sealed_folder", "previous__sealed_outcome")
        .annotate(told=Sum("publications__ties"))
        .first()
    )
    if found is None:
        raise Http404
    return found


def finished_run_for(request: HttpRequest, society: Society, code: str, run: str) -> MatchRun:
    """Return a run that is done."""
    found = run_for(request, society, code, run)
    if found.state != MatchRun.State.DONE:
        raise Http404
    return found


def proposal_for(request: HttpRequest, society: Society, code: str, run: str) -> MatchRun:
    """Return a run that is done and may be published: none that was only a trial."""
    found = finished_run_for(request, society, code, run)
    if found.kind != MatchRun.Kind.PROPOSAL:
        raise Http404
    return found


def advice_for(request: HttpRequest, society: Society, code: str, run: str, kind: str) -> Advice:
    """Return advice that was asked for on a proposal."""
    found = Advice.objects.filter(run=proposal_for(request, society, code, run), kind=kind).first()
    if found is None:
        raise Http404
    return found


def constellation_for(request: HttpRequest, society: Society, code: str, run: str, mentee: str) -> Constellation:
    """Return what a run proposes to one mentee."""
    found = (
        Constellation.objects.filter(run=finished_run_for(request, society, code, run), mentee__code=mentee)
        .select_related("mentee__user", "mentee__cohort__program", "run__cohort")
        .defer("run__sealed_folder", "run__sealed_outcome")
        .first()
    )
    if found is None:
        raise Http404
    return found


def order_for(request: HttpRequest, society: Society, code: str, order: str) -> Order:
    """Return an order of a cohort that somebody coordinates."""
    found = (
        Order.objects.filter(cohort=cohort_for(request, society, code), code=order).select_related("society").first()
    )
    if found is None:
        raise Http404
    return found


def person_for(cohort: Cohort, code: str, role: str) -> Participant:
    """Return a participant of a cohort that the caller may run already."""
    found = (
        Participant.objects.filter(cohort=cohort, code=code, role=role)
        .select_related("user", "cohort__program", "society")
        .first()
    )
    if found is None:
        raise Http404
    return found
