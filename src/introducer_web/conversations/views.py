"""The page of two people: what they talked about when, noted with a tap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from introducer_web.conversations import access, services
from introducer_web.conversations.forms import LogForm, MinutesForm
from introducer_web.conversations.models import Conversation
from introducer_web.lib import doors
from introducer_web.lib.errors import DomainError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.people.models import Participant
    from introducer_web.relationships.models import Relationship
    from introducer_web.tenants.models import Society

#: The latest are shown.
_SHOWN = 100


@require_GET
def conversation_list(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Show two people what they noted."""
    person, found = access.together(request, society, code, relationship)
    return _page(request, person, found, LogForm())


@require_POST
def conversation_log(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Note a conversation: today, unless a day is said."""
    person, found = access.together(request, society, code, relationship)
    form = LogForm(request.POST)
    if not form.is_valid():
        return _page(request, person, found, form, status=422)
    said = form.cleaned_data
    try:
        noted = services.log_conversation(
            relationship=found, person=person, on=said["on"] or person.day(request.now), minutes=said["minutes"],
            another=said["another"], by=request.user, now=request.now,
        )  # fmt: skip
    except DomainError as error:
        form.add_error("on", str(error))
        return _page(request, person, found, form, status=422)
    return redirect(f"{reverse('conversation_list', args=[society.slug, code, relationship])}?noted={noted.code}")


@require_POST
def conversation_say(
    request: HttpRequest, society: Society, code: str, relationship: str, conversation: str
) -> HttpResponse:
    """Say how long a conversation was, or take it back."""
    person, found = access.own_conversation(request, society, code, relationship, conversation)
    if "back" in request.POST:
        try:
            services.take_back(conversation=found, person=person, by=request.user, now=request.now)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Taken back."))
        return redirect("conversation_list", society.slug, code, relationship)
    form = MinutesForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the lengths."))
        return redirect("conversation_list", society.slug, code, relationship)
    try:
        services.say_minutes(conversation=found, minutes=form.cleaned_data["minutes"])
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Noted."))
    return redirect("conversation_list", society.slug, code, relationship)


def _page(
    request: HttpRequest, person: Participant, relationship: Relationship, form: LogForm, status: int = 200
) -> HttpResponse:
    other = relationship.mentee if person.is_mentor else relationship.mentor
    rows = Conversation.objects.filter(relationship=relationship).order_by("-held_on", "-number")
    shown = list(rows[:_SHOWN])
    context = {
        "society": relationship.society, "person": person, "relationship": relationship, "other": other, "form": form,
        "conversations": shown, "total": rows.count() if len(shown) == _SHOWN else len(shown),
        "noted": next((each for each in shown if each.code == request.GET.get("noted")), None),
        "minutes": Conversation.Minutes.choices,
        "lives": relationship.state == relationship.State.ACTIVE,
        "doors": doors.between_of(person=person, relationship=relationship, now=request.now),
    }  # fmt: skip
    return render(request, "conversations/conversation_list.html", context, status=status)
