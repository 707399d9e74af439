"""Asking for a run, previewing, publishing, and looking after introductions, for coordinators."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from introducer_web.lib.errors import DomainError
from introducer_web.matching import services as matching
from introducer_web.matching.access import finished_run_for
from introducer_web.matching.models import MatchRun
from introducer_web.programs.access import cohort_for
from introducer_web.relationships import access, services
from introducer_web.relationships.models import Relationship, SwapRequest

if TYPE_CHECKING:
    from django.http import HttpRequest

    from introducer_web.tenants.models import Society

State = Relationship.State
_PAGE = 60
#: After so many days without an answer somebody should be asked again.
QUIET = timedelta(days=7)


@require_POST
def run_request(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Ask for a run; a worker performs it."""
    cohort = cohort_for(request, society, code)
    try:
        run = services.request_run(cohort=cohort, by=request.user, now=request.now)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("run_list", society.slug, code)
    return redirect("run_show", society.slug, code, run.code)


def publish(request: HttpRequest, society: Society, code: str, run: str) -> HttpResponse:
    """Show who would be told what; publish it."""
    found = finished_run_for(request, society, code, run)
    if request.method == "POST":
        return _publish(request, society, code, found)
    try:
        shown = services.preview(found, request.now)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("run_list", society.slug, code)
    page = Paginator(shown.ties, _PAGE).get_page(request.GET.get("page"))
    left_out = [(tie, why) for tie, why in shown.left_out if why]
    context = {
        "cohort": found.cohort, "run": found, "preview": shown, "page": page, "left_out": left_out,
        "told": len(shown.left_out) - len(left_out),
    }  # fmt: skip
    return render(request, "relationships/publish.html", context)


def _publish(request: HttpRequest, society: Society, code: str, run: MatchRun) -> HttpResponse:
    only = request.POST.getlist("tie") if request.POST.get("what") == "ticked" else None
    try:
        publication = services.publish(
            run=run, by=request.user, now=request.now, seen=request.POST.get("seen", ""), only=only
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("publish", society.slug, code, run.code)
    messages.success(
        request,
        ngettext("Published: %(n)s introduction is on its way.", "Published: %(n)s introductions are on their way.",
                 publication.ties) % {"n": publication.ties},
    )  # fmt: skip
    return redirect("relationship_list", society.slug, code)


@require_GET
def publish_mail(request: HttpRequest, society: Society, code: str, run: str, tie: str) -> HttpResponse:
    """Show the two mails of a tie as they would arrive."""
    found = finished_run_for(request, society, code, run)
    try:
        shown = services.preview(found, request.now)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("run_list", society.slug, code)
    chosen = next((each for each in shown.ties if each.code == tie), None)
    if chosen is None:
        raise Http404
    context = {"cohort": found.cohort, "run": found, "tie": chosen, "mails": services.tie_mails(chosen)}
    return render(request, "relationships/publish_mail.html", context)


@require_GET
def relationship_list(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show the relationships of a cohort by state, and what waits for the coordinator."""
    cohort = cohort_for(request, society, code)
    rows = (
        Relationship.objects.filter(cohort=cohort)
        .select_related("mentee__user", "mentor__user")
        .prefetch_related("introductions")
        .order_by("state", "mentee__user__name", "pk")
    )
    state = request.GET.get("state", "")
    chosen = rows.filter(state=state) if state in State.values else rows
    page = Paginator(chosen, _PAGE).get_page(request.GET.get("page"))
    swaps = list(
        SwapRequest.objects.filter(relationship__cohort=cohort, settled_at=None)
        .select_related("relationship__mentee__user", "relationship__mentor__user").order_by("asked_at")[:20]
    )  # fmt: skip
    run = (
        MatchRun.objects.filter(cohort=cohort, state=MatchRun.State.DONE)
        .defer("sealed_folder", "sealed_outcome").order_by("-number").first()
    )  # fmt: skip
    over = list(rows.filter(state=State.DECLINED).prefetch_related(None).order_by("-ended_at")[:3])
    best = matching.instead(run, {row.mentee_id: {row.mentor.code} for row in over}) if run else {}
    declined = [(row, best.get(row.mentee_id)) for row in over]
    context = {
        "cohort": cohort, "page": page, "state": state, "states": State.choices, "swaps": swaps, "run": run,
        "quiet_before": request.now - QUIET, "query": f"state={state}" if state else "",
        "declined": declined,
    }  # fmt: skip
    return render(request, "relationships/relationship_list.html", context)


@require_POST
def relationship_recall(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Withdraw an introduction."""
    found = access.relationship_for(request, society, code, relationship)
    try:
        services.recall(relationship=found, by=request.user, now=request.now)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Withdrawn. Whoever was told gets a short mail, without a reason."))
    return redirect("relationship_list", society.slug, code)


@require_POST
def swap_settle(request: HttpRequest, society: Society, code: str, swap: str) -> HttpResponse:
    """Settle a swap request."""
    found = access.swap_for(request, society, code, swap)
    try:
        services.settle_swap(request=found, end=request.POST.get("what") == "end", by=request.user, now=request.now)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("relationship_list", society.slug, code)
