"""The reminders of a cohort: seen, set and approved by a coordinator; and quiet for whoever got one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_scopes import scope

from introducer_web.accounts.access import require_recent_sign_in
from introducer_web.care import access, services
from introducer_web.care.forms import LadderForm
from introducer_web.care.look import other_of
from introducer_web.lib.errors import DomainError
from introducer_web.programs.access import cohort_for
from introducer_web.relationships.services import stop_digests

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.programs.models import Cohort
    from introducer_web.tenants.models import Society


@require_http_methods(["GET", "HEAD", "POST"])
def care_ladder(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show each rung with its text and its first recipients; save, approve, stop."""
    cohort = cohort_for(request, society, code)
    what = request.POST.get("what", "")
    if request.method == "POST" and what in ("approve", "stop"):
        return _decide(request, society, cohort, what)
    rungs = services.rungs_of(cohort)
    shown = services.shown(cohort, request.now, rungs)
    form = LadderForm(request.POST if request.method == "POST" else None, rungs=shown)
    if request.method == "POST" and form.is_valid():
        services.set_rungs(cohort=cohort, said=form.said(), by=request.user, now=request.now)
        messages.success(request, _("Saved."))
        return redirect("care_ladder", society.slug, code)
    ladder = services.ladder_of(rungs)
    rows = [(rung, form[f"on_{rung.kind.key}"], form[f"days_{rung.kind.key}"] if rung.kind.most else None)
            for rung in shown]  # fmt: skip
    context = {
        "cohort": cohort, "rows": rows, "form": form, "seen": services.seen_of(rungs), "ladder": ladder,
        "approved": ladder is not None and ladder.approved_at is not None,
    }  # fmt: skip
    return render(request, "care/ladder.html", context, status=422 if form.errors else 200)


def _decide(request: HttpRequest, society: Society, cohort: Cohort, what: str) -> HttpResponse:
    given = {"cohort": cohort, "by": request.user, "now": request.now}
    if what == "stop":
        services.stop(**given)
        messages.success(request, _("Stopped. No reminder leaves until somebody approves them again."))
        return redirect("care_ladder", society.slug, cohort.code)
    require_recent_sign_in(request, reverse("care_ladder", args=[society.slug, cohort.code]))
    try:
        services.approve(**given, seen=request.POST.get("seen", ""))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Approved. What is due leaves from now on, by day, where each person is."))
    return redirect("care_ladder", society.slug, cohort.code)


@require_http_methods(["GET", "HEAD", "POST"])
def care_quiet(request: HttpRequest, token: str) -> HttpResponse:
    """Let whoever got a reminder have quiet: of one relationship for a month, or of all. GET changes nothing."""
    person, relationship = access.quiet_by(token)
    what = request.POST.get("what", "") if request.method == "POST" else ""
    with scope(society=person.society), translation.override(person.user.language):
        if what == "month":
            services.silence(person=person, relationship=relationship, now=request.now)
        elif what == "all":
            stop_digests(participant=person)
        elif what == "again":
            services.remind_again(person=person, relationship=relationship)
        context = {"society": person.society, "other": other_of(relationship, person), "what": what}
        return render(request, "care/quiet.html", context)
