"""The network of a mentee, read by nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from introducer_web.network import access, services
from introducer_web.network.figures import figures
from introducer_web.network.forms import SayForm
from introducer_web.network.gathering import gathered
from introducer_web.network.pages import gaps, line_of, shown
from introducer_web.network.suggesting import suggestions
from introducer_web.relationships.pages import mentee_home
from introducer_web.relationships.vocabulary import words_of

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse

    from introducer_web.tenants.models import Society


@require_GET
def network_show(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show a mentee their whole network: who is there, for what, how close and how diverse, and what is missing."""
    person = access.own_mentee(request, society, code)
    network = gathered(person, _today(request, society))
    words = words_of(person.cohort.program_id)
    home = mentee_home(person, network.together, network.organic, words)
    found = figures([row.person for row in network.now], network.said["knows"])
    context = {
        "society": society, "person": person, "home": home, "found": found, "axes": shown(found, len(network.now)),
        "now": [line_of(row) for row in network.now], "past": [line_of(row) for row in network.past],
        "gaps": gaps(person, home.needs, words), "suggestions": suggestions(network.now, home.needs, found),
    }  # fmt: skip
    return render(request, "network/network_show.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def network_say(request: HttpRequest, society: Society, code: str, somebody: str) -> HttpResponse:
    """Let a mentee say how close somebody is, and whom of the others they know."""
    person, network, row = access.somebody_of(request, society, code, somebody, _today(request, society))
    others = [(each.person.code, each.name) for each in network.now if each is not row]
    knows = network.said["knows"].get(somebody)
    held = {"close": row.person.rating, "nobody": knows == [], "knows": knows or []}
    form = SayForm(request.POST if request.method == "POST" else None, others=others, initial=held)
    if request.method == "POST" and form.is_valid():
        services.say_of(
            person=person, somebody=somebody, among=[each.person.code for each in network.rows],
            close=form.cleaned_data["close"], knows=form.said_knows,
        )  # fmt: skip
        messages.success(request, _("Noted. Only you read it."))
        return redirect("network_show", society.slug, code)
    context = {"society": society, "person": person, "row": row, "form": form}
    return render(request, "network/network_say.html", context, status=422 if form.errors else 200)


def _today(request: HttpRequest, society: Society) -> date:
    """Return the day that it is where the society is: ages of conversations are counted in days."""
    return request.now.astimezone(ZoneInfo(society.timezone)).date()
