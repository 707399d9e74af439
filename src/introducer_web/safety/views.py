"""Where to find human help; writing to a confidant, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_scopes import scope

from introducer_web.lib.errors import DomainError
from introducer_web.safety import access, services
from introducer_web.safety.forms import AnswerForm, ReportForm
from introducer_web.safety.models import HelpWords, Report

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.safety.models import Delivery
    from introducer_web.tenants.models import Society


@require_GET
def human_help(request: HttpRequest, society: Society) -> HttpResponse:
    """Tell anybody where to find human help; whoever has a place here, to whom they can turn."""
    programs = access.place_in(request, society)
    confidants = [] if programs is None else list(access.confidants_for(society, programs))
    row = HelpWords.objects.filter(society=society).first()
    context = {"words": row.words if row else "", "confidants": confidants, "here": programs is not None}
    return render(request, "safety/human_help.html", context)


def report_new(request: HttpRequest, society: Society) -> HttpResponse:
    """Write to one confidant or more."""
    programs = access.require_place(request, society)
    confidants = [
        each for each in access.confidants_for(society, programs) if each.email != request.user.email
    ]  # nobody writes to themselves
    met = access.met_by(request.user, society)
    asked = request.GET.get("of", "")
    initial = {"of": next((each.user.code for each in met if asked in each.relationships), "")}
    given = request.POST if request.method == "POST" else None
    form = ReportForm(given, confidants=confidants, met=met, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        to = said.pop("to")
        chosen = [each for each in confidants if each.code in to]
        of = next((each.user for each in met if each.user.code == said["of"]), None)
        try:
            made = services.report(
                society=society, by=request.user, confidants=chosen, now=request.now, **(said | {"of": of})
            )
        except DomainError as error:
            form.add_error("to", str(error))
        else:
            messages.success(request, _("It is on its way. Here you see what becomes of it."))
            return redirect("report_show", society.slug, made.code)
    context = {"form": form, "confidants": confidants}
    return render(request, "safety/report_new.html", context, status=422 if request.method == "POST" else 200)


@require_GET
def report_list(request: HttpRequest, society: Society) -> HttpResponse:
    """Show somebody what they wrote, and how far it is."""
    access.require_place(request, society)
    rows = Report.objects.filter(society=society, by=request.user).order_by("-at", "-pk")
    return render(request, "safety/report_list.html", {
        "reports": rows.select_related("society").prefetch_related("deliveries__confidant"),
    })  # fmt: skip


@require_GET
def report_show(request: HttpRequest, society: Society, report: str) -> HttpResponse:
    """Show somebody one thing that they wrote, and what was answered."""
    found = access.own_report(request, society, report)
    context = {"report": found, "words": found.words, "kind": _kind(found)}
    return render(request, "safety/report_show.html", context)


def _kind(report: Report) -> str:
    return str(dict(Report.Kind.choices).get(report.words.get("kind", ""), ""))


@require_POST
def report_delete(request: HttpRequest, society: Society, report: str) -> HttpResponse:
    """Take back what one wrote."""
    services.delete_report(report=access.own_report(request, society, report))
    messages.success(request, _("Gone, for the confidants too."))
    return redirect("report_list", society.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def report_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show a confidant what somebody wrote, once they open it; take what they do. GET changes nothing."""
    found = access.delivery_by(token)
    with scope(society=found.society), translation.override(found.society.language):
        form = AnswerForm()
        if request.method == "POST":
            form, done = _act(request, found)
            if done:
                return redirect("report_link", token)
        words = found.report.words if found.read_at and not found.closed_at else {}
        context = {
            "society": found.society, "delivery": found, "words": words, "form": form, "kind": _kind(found.report),
            "answer": found.words.get("answer", "") if words else "",
        }  # fmt: skip
        return render(request, "safety/report_link.html", context, status=422 if request.method == "POST" else 200)


def _act(request: HttpRequest, delivery: Delivery) -> tuple[AnswerForm, bool]:
    """Do what a confidant asks for; returns the form with what is wrong, and whether it is done."""
    what = request.POST.get("what", "")
    if what == "open":
        services.mark_read(delivery=delivery, now=request.now)
        return AnswerForm(), True
    if what == "close":
        services.close(delivery=delivery, now=request.now)
        return AnswerForm(), True
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            services.answer(delivery=delivery, text=form.cleaned_data["answer"], now=request.now)
        except DomainError as error:
            form.add_error("answer", str(error))
        else:
            return form, True
    return form, False
