"""First conversations: with whom, whether both would like to, and what one thinks afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from introducer_web.finding import access, services
from introducer_web.finding.models import FirstTalk
from introducer_web.lib.errors import DomainError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.tenants.models import Society


@require_GET
def talk_list(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show somebody with whom the round proposes to talk. What the other side said of it is nowhere."""
    person, rows = access.talks_of(request, society, code)
    shown = []
    for row in rows.order_by("proposed_at", "pk"):
        own = row.mentor_said if person.is_mentor else row.mentee_said
        is_ready = (row.mentor_ready_at if person.is_mentor else row.mentee_ready_at) is not None
        other = row.mentee if person.is_mentor else row.mentor
        shown.append({"talk": row, "other": other, "is_ready": is_ready, "view": own.get("view", "")})
    context = {
        "person": person, "shown": shown, "views": FirstTalk.View.choices, "round": services.round_of(person.cohort)
    }  # fmt: skip
    return render(request, "finding/talk_list.html", context)


@require_POST
def talk_ready(request: HttpRequest, society: Society, code: str, talk: str) -> HttpResponse:
    """Say that one would like to talk."""
    person, found = access.talk_of(request, society, code, talk)
    try:
        after = services.ready(talk=found, person=person, by=request.user, now=request.now)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        both = _("You both would like to: their address stands below, and yours in a mail to them.")
        messages.success(
            request, both if after.both_ready else _("Noted. When they would like to as well, you get a mail.")
        )
    return redirect("talk_list", society.slug, code)


@require_POST
def talk_say(request: HttpRequest, society: Society, code: str, talk: str) -> HttpResponse:
    """Say in confidence how one would go on."""
    person, found = access.talk_of(request, society, code, talk)
    try:
        services.say_of(talk=found, person=person, view=request.POST.get("view", ""))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Kept. The match reads it, and nobody else."))
    return redirect("talk_list", society.slug, code)
