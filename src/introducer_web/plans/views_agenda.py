"""The agenda of two people: the mentee's list, prompts that help to begin, what the mentor suggests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from introducer_web.conversations.access import together
from introducer_web.lib.errors import DomainError
from introducer_web.lib.texts import translated
from introducer_web.plans import access, services
from introducer_web.plans.forms import PointForm
from introducer_web.plans.pages import agenda_of
from introducer_web.plans.prompts import prompts_for
from introducer_web.relationships.services.publish import open_names_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.people.models import Participant
    from introducer_web.relationships.models import Relationship
    from introducer_web.tenants.models import Society


@require_http_methods(["GET", "HEAD", "POST"])
def agenda(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Show the agenda, and take one point more: written, or one of the prompts with a tap."""
    person, two = together(request, society, code, relationship)
    if request.method != "POST":
        return _page(request, person, two, PointForm())
    form = PointForm(request.POST)
    if form.is_valid():
        try:
            services.add_point(relationship=two, person=person, text=form.cleaned_data["text"], now=request.now)
        except DomainError as error:
            form.add_error("text", str(error))
        else:
            return redirect("agenda", society.slug, code, relationship)
    return _page(request, person, two, form, status=422)


def _page(
    request: HttpRequest, person: Participant, two: Relationship, form: PointForm, status: int = 200
) -> HttpResponse:
    points = agenda_of(two)
    there = {each.words.get("text") for each in points}
    names = {key: translated(name) for key, name in open_names_of(two.needs, person.cohort.program_id).items()}
    prompts = [(title, [each for each in texts if each not in there]) for title, texts in prompts_for(names)]
    context = {
        "society": two.society, "person": person, "relationship": two, "other": services.other_of(two, person),
        "form": form, "points": [each for each in points if each.state == each.State.OPEN],
        "suggested": [each for each in points if each.state == each.State.SUGGESTED],
        "prompts": [(title, texts) for title, texts in prompts if texts],
    }  # fmt: skip
    return render(request, "plans/agenda.html", context, status=status)


@require_POST
def agenda_point(request: HttpRequest, society: Society, code: str, relationship: str, point: str) -> HttpResponse:
    """Mark a point as talked about, take a suggestion in, or take a point away."""
    person, found = access.own_point(request, society, code, relationship, point)
    try:
        if "take" in request.POST:
            services.take_point(point=found, person=person)
        elif "done" in request.POST:
            services.settle_point(point=found, person=person, done=True, now=request.now)
        else:
            services.drop_point(point=found, person=person)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("agenda", society.slug, code, relationship)
