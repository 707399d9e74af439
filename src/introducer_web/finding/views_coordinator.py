"""Requests and dates of a cohort, for its coordinators: who asked whom and where it stands, never a word of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from introducer_web.finding import access, services
from introducer_web.finding.forms import EventForm
from introducer_web.finding.models import Event, FirstTalk, Preference, Request
from introducer_web.lib.disclosure import at_least_a_crowd
from introducer_web.lib.errors import DomainError
from introducer_web.programs.access import cohort_for

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.programs.models import Cohort
    from introducer_web.tenants.models import Society

_PAGE = 40


@require_http_methods(["GET", "HEAD", "POST"])
def finding_list(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show who asked whom, and announce dates."""
    cohort = cohort_for(request, society, code)
    with timezone.override(ZoneInfo(society.timezone)):
        form = EventForm(request.POST or None)
        if request.method != "POST":
            return _page(request, cohort, form)
        if form.is_valid() and form.cleaned_data["begins_at"] <= request.now:
            form.add_error("begins_at", _("Choose a time that is still to come."))
        if form.is_valid():
            services.add_event(cohort=cohort, by=request.user, now=request.now, **form.cleaned_data)
            messages.success(request, _("Announced."))
            return redirect("finding_list", society.slug, code)
        return _page(request, cohort, form, status=422)


@require_POST
def round_set(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Ask the people of a cohort whom they would rather have, or ask them no more."""
    cohort = cohort_for(request, society, code)
    asks = "open" in request.POST
    services.set_round(cohort=cohort, asks=asks, by=request.user, now=request.now)
    messages.success(request, _("They are asked from now on.") if asks else _("Closed. What was said counts."))
    return redirect("finding_list", society.slug, code)


@require_POST
def talks_set(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Open or close a round of short first conversations."""
    cohort = cohort_for(request, society, code)
    given = {"cohort": cohort, "by": request.user, "now": request.now}
    try:
        if "open" in request.POST:
            services.open_talks(**given)
            messages.success(request, _("First conversations are proposed."))
        else:
            services.close_talks(**given)
            messages.success(request, _("The round of first conversations is closed."))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("finding_list", society.slug, code)


@require_POST
def event_remove(request: HttpRequest, society: Society, code: str, event: str) -> HttpResponse:
    """Take a date back."""
    _cohort, found = access.event_of(request, society, code, event)
    services.remove_event(event=found, by=request.user, now=request.now)
    messages.success(request, _("Taken back."))
    return redirect("finding_list", society.slug, code)


def _page(request: HttpRequest, cohort: Cohort, form: EventForm, status: int = 200) -> HttpResponse:
    rows = Request.objects.filter(mentee__cohort=cohort)
    counts = Counter(rows.values_list("state", flat=True))
    state = request.GET.get("state", "")
    chosen = rows.filter(state=state) if state in Request.State.values else rows
    chosen = chosen.defer("sealed").select_related("mentee__user", "mentor__user")
    page = Paginator(chosen.order_by("-asked_at", "-pk"), _PAGE).get_page(request.GET.get("page"))
    context = {
        "cohort": cohort, "form": form, "page": page, "state": state, "every": counts.total(),
        "states": [(value, name, counts[value]) for value, name in Request.State.choices if counts[value]],
        "query": f"state={state}" if state in Request.State.values else "",
        "round": services.round_of(cohort),
        "talking": at_least_a_crowd(
            FirstTalk.objects.filter(
                mentee__cohort=cohort, mentee_ready_at__isnull=False, mentor_ready_at__isnull=False
            ).count()
        ),
        "preferring": at_least_a_crowd(Preference.objects.filter(participant__cohort=cohort).count()),
        "events": Event.objects.filter(cohort=cohort, begins_at__gt=request.now).order_by("begins_at", "pk")[:60],
    }  # fmt: skip
    return render(request, "finding/finding_list.html", context, status=status)
