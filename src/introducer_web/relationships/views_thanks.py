"""Thank-yous between two people, and how it goes on with a mentee, for a mentor who helped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from introducer_web.lib import engine
from introducer_web.lib.errors import DomainError
from introducer_web.lib.texts import translated
from introducer_web.people.access import own_participant
from introducer_web.people.services import away_between
from introducer_web.relationships import access, services
from introducer_web.relationships.forms_ending import OnwardForm, ThanksForm
from introducer_web.relationships.models import Onward, Relationship, Thanks

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.tenants.models import Society

State = Relationship.State
_LIVED = (State.ACTIVE, State.ENDED)
#: The latest are shown.
_SHOWN = 100


def thanks_write(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Show the thank-yous of two people, and take one more."""
    person, found = access.own_side(request, society, code, relationship)
    if found.state not in _LIVED:
        raise Http404
    other = found.mentee if person.is_mentor else found.mentor
    form = ThanksForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.write_thanks(relationship=found, person=person, text=form.cleaned_data["thanks"], now=request.now)
        except DomainError as error:
            form.add_error("thanks", str(error))
        else:
            messages.success(request, _("Kept for the two of you alone."))
            return redirect("thanks_write", society.slug, code, relationship)
    away = person.user_id in away_between(person.user, other.user)
    rows = Thanks.objects.filter(relationship=found).order_by("-on", "-pk")[:_SHOWN]
    context = {
        "person": person, "relationship": found, "other": other, "form": form,
        "may_thank": services.may_thank(found, request.now),
        "thanks": [each for each in rows if each.by_id == person.pk or not away],
    }  # fmt: skip
    return render(request, "relationships/thanks.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def thanks_back(request: HttpRequest, society: Society, code: str, relationship: str, thanks: str) -> HttpResponse:
    """Take a thank-you back."""
    person, found = access.own_side(request, society, code, relationship)
    row = Thanks.objects.filter(relationship=found, by=person, code=thanks).first()
    if row is None:
        raise Http404
    services.take_thanks_back(thanks=row)
    messages.success(request, _("Taken back."))
    return redirect("thanks_write", society.slug, code, relationship)


@require_GET
def thanks_list(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show a person what others thanked them for."""
    person = own_participant(request, society, code)
    return render(
        request, "relationships/thanks_list.html",
        {"person": person, "thanks": list(services.thanks_for(person)[:_SHOWN])},
    )  # fmt: skip


def relationship_onward(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Let a mentor know how it goes on, or no longer."""
    person, found = access.own_side(request, society, code, relationship)
    if person.is_mentor or found.state not in _LIVED:
        raise Http404
    if request.method == "POST" and "stop" in request.POST:
        services.let_know_no_more(relationship=found, now=request.now)
        messages.success(request, _("Taken back. What you had said is gone."))
        return redirect("relationship_onward", society.slug, code, relationship)
    onward = Onward.objects.filter(relationship=found).first()
    said = onward.words if onward else {}
    form = OnwardForm(request.POST if request.method == "POST" else None, program=person.cohort.program, initial=said)
    if request.method == "POST" and form.is_valid():
        services.let_know(relationship=found, now=request.now, **form.cleaned_data)
        messages.success(request, _("Kept."))
        return redirect("relationship_onward", society.slug, code, relationship)
    context = {"person": person, "relationship": found, "other": found.mentor, "form": form, "onward": onward}
    return render(request, "relationships/onward.html", context, status=422 if request.method == "POST" else 200)


@require_GET
def became_list(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show a mentor what became of their mentees, as far as these let them know."""
    person = own_participant(request, society, code)
    if not person.is_mentor:
        raise Http404
    stages = engine.template_vocabulary(person.cohort.program.template).stages
    names = {stage.id: translated(stage.name) for stage in stages}
    rows = list(services.onward_for(person)[:_SHOWN])
    shown = [(each, each.words.get("line", ""), names.get(each.words.get("stage", ""), "")) for each in rows]
    return render(request, "relationships/became.html", {"person": person, "shown": shown})
