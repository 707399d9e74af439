"""What another policy would do, before it is saved: counted at once, or tried as a run. Nothing here saves it."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from introducer_web.lib.errors import DomainError
from introducer_web.matching import services as matching
from introducer_web.matching.roster import CHOICES
from introducer_web.programs.access import cohort_for, program_for
from introducer_web.programs.forms import PolicyForm
from introducer_web.programs.policies import told_choices
from introducer_web.relationships import services

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.programs.models import Program
    from introducer_web.tenants.models import Society


@require_POST
def policy_preview(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show what the posted policy would do to each cohort."""
    return _previewed(request, program_for(request, society, code))


@require_POST
def policy_try(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Try the posted policy on a cohort, in the background."""
    cohort = cohort_for(request, society, code)
    form = _form(request, cohort.program)
    if form.is_valid():
        policy = {name: form.cleaned_data[name] for name in CHOICES}
        try:
            run = services.request_trial(cohort=cohort, policy=policy, by=request.user, now=request.now)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            return redirect("run_show", society.slug, code, run.code)
    return _previewed(request, cohort.program)


def _form(request: HttpRequest, program: Program) -> PolicyForm:
    return PolicyForm(request.POST, instance=copy(program))  # a form writes into its row


def _previewed(request: HttpRequest, program: Program) -> HttpResponse:
    form = _form(request, program)
    context = {"form": form, "program": program, "seen": request.POST.get("seen", "")}
    if form.is_valid():
        policy = {name: form.cleaned_data[name] for name in CHOICES}
        changed = matching.changed_choices(program, policy)
        context |= {
            "choices": told_choices(changed),
            "effects": services.effects(program=program, policy=policy, now=request.now) if changed else [],
        }
    return render(request, "relationships/policy_preview.html", context)
