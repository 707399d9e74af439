"""The good end: closing, taking it back, staying in touch, and what two people find afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from introducer_web.lib.errors import DomainError
from introducer_web.people.access import own_participant
from introducer_web.people.services import away_between
from introducer_web.relationships import access, services
from introducer_web.relationships.forms_ending import EndForm, GladForm
from introducer_web.relationships.models import Farewell, Relationship, Thanks

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.people.models import Participant
    from introducer_web.tenants.models import Society

State = Relationship.State
#: The latest are shown.
_SHOWN = 100


def relationship_end(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Show what an end is, and end; of an introduction, withdraw."""
    person, found = access.own_side(request, society, code, relationship)
    if found.state == State.ENDED:
        return redirect("relationship_after", society.slug, code, relationship)
    if found.state not in (State.INTRODUCED, State.ACTIVE):
        raise Http404
    other = found.mentee if person.is_mentor else found.mentor
    form = EndForm(request.POST if request.method == "POST" else None, name=str(other.user))
    if request.method == "POST" and form.is_valid():
        began = found.state == State.ACTIVE
        try:
            services.end(relationship=found, person=person, by=request.user, now=request.now, **form.cleaned_data)
        except DomainError as error:
            messages.error(request, str(error))
        if began:
            return redirect("relationship_after", society.slug, code, relationship)
        messages.success(request, _("Withdrawn. Nobody is told a reason."))
        return redirect("participant_home", society.slug, code)
    questions = (
        _("What do you take with you from our conversations?"),
        _("What would have helped more, or sooner?"),
        _("What comes next for each of us, and who else could help with it?"),
    )
    asking = "\n".join((_("Could we talk once more, to close? I thought of three questions:"), "", *questions))
    context = {
        "person": person, "relationship": found, "other": other, "form": form, "questions": questions,
        "program": person.cohort.program, "began": found.state == State.ACTIVE,
        "asking": f"subject={quote(_('One last conversation'))}&body={quote(asking)}",
    }  # fmt: skip
    return render(request, "relationships/end.html", context, status=422 if request.method == "POST" else 200)


def relationship_after(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Show two people what stays after the end; take whether one is glad to stay in touch."""
    person, found = access.own_side(request, society, code, relationship)
    if found.state == State.ACTIVE:  # the end was taken back
        return redirect("conversation_list", society.slug, code, relationship)
    if found.state != State.ENDED:
        raise Http404
    later = services.later_of(found)
    if later is not None:  # it did not end for them
        place = later.mentor if person.is_mentor else later.mentee
        return redirect("conversation_list", society.slug, place.code, later.code)
    if request.method == "POST":
        return _take_glad(request, society, code, person, found)
    other = found.mentee if person.is_mentor else found.mentor
    farewells = {each.person_id: each for each in Farewell.objects.filter(relationship=found)}
    own = farewells.get(person.pk)
    away = away_between(person.user, other.user)
    glad = not away and all(farewells.get(each) and farewells[each].glad for each in (person.pk, other.pk))
    reason = own.words.get("reason", "") if own else ""
    thanks = Thanks.objects.filter(relationship=found).order_by("-on", "-pk")[:_SHOWN]
    context = {
        "person": person, "relationship": found, "other": other, "own": own, "program": person.cohort.program,
        "contact": other.user.email if glad else "",
        "reason": reason, "why": dict(Farewell.Reason.choices).get(reason, ""),
        "may_undo": services.may_undo(found, own, request.now) and person.user_id not in away,
        "may_thank": services.may_thank(found, request.now),
        "received": [] if person.user_id in away else [each for each in thanks if each.by_id != person.pk],
        "given": [each for each in thanks if each.by_id == person.pk],
    }  # fmt: skip
    return render(request, "relationships/after.html", context)


def _take_glad(
    request: HttpRequest, society: Society, code: str, person: Participant, relationship: Relationship
) -> HttpResponse:
    form = GladForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the two."))
        return redirect("relationship_after", society.slug, code, relationship.code)
    try:
        both = services.say_glad(
            relationship=relationship, person=person, glad=form.cleaned_data["glad"], now=request.now
        )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("You both are: your addresses stay.") if both else _("Noted."))
    return redirect("relationship_after", society.slug, code, relationship.code)


@require_POST
def relationship_undo(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Take an ending back."""
    person, found = access.own_side(request, society, code, relationship)
    try:
        services.undo_end(relationship=found, person=person, by=request.user, now=request.now)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("earlier_list", society.slug, code)
    messages.success(request, _("Taken back: you are together as before."))
    return redirect(reverse("conversation_list", args=[society.slug, code, relationship]))


@require_GET
def earlier_list(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show a person whom they were together with."""
    person = own_participant(request, society, code)
    side = {"mentor": person} if person.is_mentor else {"mentee": person}
    rows = (
        Relationship.objects.filter(**side, state=State.ENDED)
        .select_related("mentee__user", "mentor__user").order_by("-ended_at", "-pk")[:_SHOWN]
    )  # fmt: skip
    shown = [(each, each.mentee if person.is_mentor else each.mentor) for each in rows]
    return render(request, "relationships/earlier.html", {"person": person, "shown": shown})
