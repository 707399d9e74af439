"""Who the confidants are, and a society's own lines on where to find help: for coordinators, who see no report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Case, Q, When
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from introducer_web.lib.errors import DomainError
from introducer_web.programs.access import programs_for, runs_everything, society_for
from introducer_web.safety import access, services
from introducer_web.safety.forms import ConfidantForm, HelpForm
from introducer_web.safety.models import Confidant, HelpWords
from introducer_web.safety.services import ENOUGH

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.tenants.models import Society


def confidant_list(request: HttpRequest, society: Society) -> HttpResponse:
    """Show to whom people can turn, and which program has too few; name somebody."""
    programs = list(programs_for(request, society).order_by("name"))
    everywhere = runs_everything(request, society)
    if request.method == "POST":
        society_for(request, society)
    given = request.POST if request.method == "POST" else None
    form = ConfidantForm(given, programs=programs_for(request, society).order_by("name"))
    if request.method == "POST" and form.is_valid():
        said = {name: value for name, value in form.cleaned_data.items() if name != "outside"}
        try:
            services.name_confidant(society=society, by=request.user, now=request.now, **said)
        except DomainError as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, _("Named, and told by e-mail."))
            return redirect("confidant_list", society.slug)
    here = Confidant.objects.filter(Q(program=None) | Q(program__in=programs), until=None)
    found = here.annotate(inside=Case(When(access.in_the_line(), then=True), default=False))
    rows = list(found.select_related("program", "society").order_by("name", "pk"))
    read = [row.program_id for row in rows if not row.inside]
    few = [each for each in programs if read.count(None) + read.count(each.pk) < ENOUGH]
    context = {"form": form, "rows": rows, "few": few, "everywhere": everywhere}
    return render(
        request, "safety/confidant_list.html", context, status=422 if request.method == "POST" else 200
    )  # fmt: skip


@require_POST
def confidant_end(request: HttpRequest, society: Society, confidant: str) -> HttpResponse:
    """End it."""
    found = access.confidant_for(request, society, confidant)
    services.end_confidant(confidant=found, by=request.user, now=request.now)
    messages.success(request, _("Ended."))
    return redirect("confidant_list", society.slug)


def help_edit(request: HttpRequest, society: Society) -> HttpResponse:
    """Write the society's own lines on where to find human help."""
    society = society_for(request, society)
    row = HelpWords.objects.filter(society=society).first()
    given = request.POST if request.method == "POST" else None
    form = HelpForm(given, initial={"words": row.words if row else ""})
    if request.method == "POST" and form.is_valid():
        services.edit_help(society=society, words=form.cleaned_data["words"], by=request.user, now=request.now)
        messages.success(request, _("Saved."))
        return redirect("human_help", society.slug)
    context = {"form": form, "title": _("Where to find human help")}
    return render(request, "programs/form.html", context, status=422 if request.method == "POST" else 200)
