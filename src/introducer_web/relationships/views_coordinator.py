"""Asking for a run, previewing, publishing, and looking after introductions, for coordinators."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from introducer_web.accounts.access import require_recent_sign_in
from introducer_web.lib import doors
from introducer_web.lib.errors import DomainError
from introducer_web.matching import services as matching
from introducer_web.matching.access import proposal_for
from introducer_web.matching.models import MatchRun, Tie
from introducer_web.programs.access import cohort_for
from introducer_web.relationships import access, services
from introducer_web.relationships.models import Introduction, Relationship, SwapRequest

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from introducer_web.tenants.models import Society

State = Relationship.State
_PAGE = 60
#: What waits for somebody first, then what is lived, then what is over; the newest first.
_ORDER = (
    Case(
        When(state=State.INTRODUCED, then=Value(0)),
        When(state=State.ACTIVE, then=Value(1)),
        default=Value(2),
    ),
    "-began_at",
    "mentee__user__name",
    "pk",
)
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
    found = proposal_for(request, society, code, run)
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
    require_recent_sign_in(request, reverse("publish", args=[society.slug, code, run.code]))
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
@xframe_options_sameorigin
@csp_replace({"style-src": [UNSAFE_INLINE], "frame-ancestors": [SELF], "script-src": [NONE], "form-action": [NONE]})
def publish_html(request: HttpRequest, society: Society, code: str, run: str, tie: str, side: str) -> HttpResponse:
    """Show one mail of a tie as a mail program would, for a frame: it runs nothing, and its links go nowhere."""
    run_of_it = proposal_for(request, society, code, run)
    try:
        chosen = _chosen(run_of_it, tie, request.now)
    except DomainError as error:
        raise Http404 from error
    found = next((mail for mail in services.tie_mails(chosen) if mail["side"] == side), None)
    if found is None:
        raise Http404
    return HttpResponse(found["html"])


def _chosen(run: MatchRun, code: str, now: datetime) -> Tie:
    """Return a tie that would be published now."""
    shown = services.preview(run, now)
    chosen = next((each for each in shown.ties if each.code == code), None)
    if chosen is None:
        raise Http404
    return chosen


@require_GET
def publish_mail(request: HttpRequest, society: Society, code: str, run: str, tie: str) -> HttpResponse:
    """Show the two mails of a tie as they would arrive."""
    found = proposal_for(request, society, code, run)
    try:
        chosen = _chosen(found, tie, request.now)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("run_list", society.slug, code)
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
        .order_by(*_ORDER)
    )
    state = request.GET.get("state", "")
    chosen = rows.filter(state=state) if state in State.values else rows
    page = Paginator(chosen, _PAGE).get_page(request.GET.get("page"))
    swaps = list(
        SwapRequest.objects.filter(relationship__cohort=cohort, settled_at=None)
        .select_related("relationship__mentee__user", "relationship__mentor__user").order_by("asked_at")[:20]
    )  # fmt: skip
    run = (
        MatchRun.objects.filter(cohort=cohort, state=MatchRun.State.DONE, kind=MatchRun.Kind.PROPOSAL)
        .defer("sealed_folder", "sealed_outcome").order_by("-number").first()
    )  # fmt: skip
    over = [row for row in page if row.state not in (State.INTRODUCED, State.ACTIVE)]
    best = matching.instead(run, _instead_of(over)) if run else {}
    counts = Counter(Relationship.objects.filter(cohort=cohort).values_list("state", flat=True))
    waiting = Introduction.objects.filter(
        relationship__cohort=cohort, relationship__state=State.INTRODUCED, answer=Introduction.Answer.NONE,
        sent_at__lt=request.now - QUIET,
    )  # fmt: skip
    context = {
        "cohort": cohort, "page": page, "state": state, "swaps": swaps, "run": run,
        "states": [(value, name, counts[value]) for value, name in State.choices], "every": counts.total(),
        "quiet_before": request.now - QUIET, "query": f"state={state}" if state else "", "best": best,
        "quiet": waiting.values("relationship").distinct().count(), "declined": counts[State.DECLINED],
        "doors": doors.relationships_of(cohort=cohort, now=request.now),
    }  # fmt: skip
    return render(request, "relationships/relationship_list.html", context)


def _instead_of(over: list[Relationship]) -> dict[int, set[str]]:
    """Return, by mentee, the mentors of what is over: they are not proposed once more."""
    gone: dict[int, set[str]] = {}
    for row in over:
        gone.setdefault(row.mentee_id, set()).add(row.mentor.code)
    return gone


def relationship_correct(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Show what an introduction names; correct it, and send it once more."""
    found = access.relationship_for(request, society, code, relationship)
    if request.method == "POST":
        try:
            services.correct(relationship=found, needs=request.POST.getlist("need"), by=request.user, now=request.now)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Corrected. Both get it once more, with new links."))
        return redirect("relationship_list", society.slug, code)
    if found.state != State.INTRODUCED:
        raise Http404
    needs = [(need, need.key in found.needs) for need in services.may_be_named(found)]
    context = {"cohort": found.cohort, "relationship": found, "needs": needs}
    return render(request, "relationships/correct.html", context)


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
