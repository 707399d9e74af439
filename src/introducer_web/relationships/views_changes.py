"""Asking what a few changes of a proposal would bring, and for a proposal with the number that was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from introducer_web.lib.errors import DomainError
from introducer_web.matching.access import finished_run_for
from introducer_web.matching.models import MatchRun
from introducer_web.programs.access import cohort_for
from introducer_web.relationships import services
from introducer_web.relationships.forms import ChangesForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.tenants.models import Society


@require_POST
def changes_request(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Ask what numbers of changes from the newest proposal would bring."""
    cohort = cohort_for(request, society, code)
    try:
        run = services.request_frontier(cohort=cohort, by=request.user, now=request.now)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("run_list", society.slug, code)
    return redirect("run_show", society.slug, code, run.code)


@require_POST
def changes_take(request: HttpRequest, society: Society, code: str, run: str) -> HttpResponse:
    """Ask for a proposal with the number of changes that was chosen on the page of a frontier."""
    found = finished_run_for(request, society, code, run)
    if found.kind != MatchRun.Kind.CHANGES:
        raise Http404
    form = ChangesForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a number of changes."))
        return redirect("run_show", society.slug, code, run)
    try:
        made = services.request_few_changes(
            frontier=found, most=form.cleaned_data["changes"], by=request.user, now=request.now
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("run_show", society.slug, code, run)
    return redirect("run_show", society.slug, code, made.code)
