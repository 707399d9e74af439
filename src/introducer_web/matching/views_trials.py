"""Two runs side by side, and a policy that was tried, for coordinators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from introducer_web.lib.errors import DomainError
from introducer_web.matching import access, pages, proofs, services, spreads
from introducer_web.matching.models import MatchRun
from introducer_web.programs.policies import told_choices

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.tenants.models import Society

__all__ = ["policy_adopt", "run_compare", "trial_page"]


@require_GET
def run_compare(request: HttpRequest, society: Society, code: str, run: str) -> HttpResponse:
    """Show what a run changed against another one."""
    after = access.finished_run_for(request, society, code, run)
    before = access.finished_run_for(request, society, code, request.GET.get("with", ""))
    compared = services.compare(before, after)
    others = MatchRun.objects.filter(cohort=after.cohort, state=MatchRun.State.DONE).exclude(pk=after.pk)
    others = others.exclude(kind=MatchRun.Kind.CHANGES)
    context = {
        "cohort": after.cohort, "run": after, "compared": compared, "choices": told_choices(compared.choices),
        "gaps": [proofs.of_run(each) for each in (before, after)],
        "others": others.only("code", "number", "kind").order_by("-number")[:20],
    }  # fmt: skip
    return render(request, "matching/run_compare.html", context)


def trial_page(request: HttpRequest, run: MatchRun) -> HttpResponse:
    """Show what a policy that was tried would do to the newest proposal."""
    before = run.previous
    compared = services.compare(before, run) if before else None
    stood = run.summary.get("stood", {})
    tried = services.differing(stood, run.policy)
    context = {
        "cohort": run.cohort, "run": run, "compared": compared, "choices": told_choices(tried),
        "gaps": [proofs.of_run(each) for each in (before, run) if each],
        "spread": spreads.spread_card(run, pages.mentees_by_code(run, run.summary.get("by_floor", {}))),
    }  # fmt: skip
    return render(request, "matching/trial_show.html", context)


@require_POST
def policy_adopt(request: HttpRequest, society: Society, code: str, run: str) -> HttpResponse:
    """Save the policy that was tried."""
    found = access.finished_run_for(request, society, code, run)
    try:
        services.adopt_policy(run=found, by=request.user, now=request.now)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("run_show", society.slug, code, run)
    messages.success(request, _("Saved. Run the match again: the next run obeys."))
    return redirect("run_list", society.slug, code)
