"""Advice on a proposal, for coordinators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from introducer_web.lib.errors import DomainError
from introducer_web.matching import access, advising, services
from introducer_web.matching.models import Advice

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.tenants.models import Society

__all__ = ["advice_ask", "advice_show", "advice_stop"]


@require_GET
def advice_show(request: HttpRequest, society: Society, code: str, run: str) -> HttpResponse:
    """Show what a proposal says by itself: whom to look for, what stands, who would rather, what is asked for."""
    found = access.proposal_for(request, society, code, run)
    cards = advising.cards(found)
    working = next((card.advice for card in cards if card.advice is not None and card.under_way), None)
    context = {
        "cohort": found.cohort, "run": found, "cards": cards, "working": working,
        "domains": advising.domains(found), "floored": found.policy.get("floor", "total") != "total",
    }  # fmt: skip
    return render(request, "matching/advice_show.html", context)


@require_POST
def advice_ask(request: HttpRequest, society: Society, code: str, run: str, kind: str) -> HttpResponse:
    """Ask for one kind of advice, in the background."""
    found = access.proposal_for(request, society, code, run)
    if kind not in Advice.Kind.values:
        raise Http404
    try:
        services.ask_advice(run=found, kind=kind, by=request.user, now=request.now)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("advice_show", society.slug, code, run)


@require_POST
def advice_stop(request: HttpRequest, society: Society, code: str, run: str, kind: str) -> HttpResponse:
    """Stop one kind of advice."""
    found = access.advice_for(request, society, code, run, kind)
    try:
        services.stop_advice(advice=found, by=request.user, now=request.now)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("advice_show", society.slug, code, run)
