"""Going on, as the two say it: until a later day, or in the cohort of a later place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from introducer_web.lib.errors import DomainError
from introducer_web.people.access import own_participant
from introducer_web.relationships import access, services

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.tenants.models import Society


def renewal_say(request: HttpRequest, society: Society, code: str, renewal: str) -> HttpResponse:
    """Ask one of the two whether they go on; take the answer."""
    person, found = access.own_renewal(request, society, code, renewal)
    other = found.relationship.mentee if person.is_mentor else found.relationship.mentor
    if request.method == "POST":
        yes = request.POST.get("say") == "yes"
        try:
            said = services.say_on(renewal=found, person=person, yes=yes, now=request.now)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            if said.goes_on:
                messages.success(request, _("You go on, both of you."))
            elif yes:
                messages.success(request, _("Noted. You go on when %(name)s says so too.") % {"name": other.user})
            else:
                messages.success(request, _("Noted. It stays as it was until its end, and nobody asks for a reason."))
        return redirect("renewal_say", society.slug, code, renewal)
    mine = found.mentor_says if person.is_mentor else found.mentee_says
    context = {"person": person, "renewal": found, "other": other, "mine": mine,
               "settled": found.settled_at is not None}  # fmt: skip
    return render(request, "relationships/renewal.html", context)


def continue_list(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show with whom somebody could go on in this place; ask one of them."""
    person = own_participant(request, society, code)
    rows = services.may_continue(person).select_related("society", "cohort", "mentee__user", "mentor__user")
    if request.method == "POST":
        found = rows.filter(code=request.POST.get("relationship", "")).first()
        if found is None:
            raise Http404
        try:
            services.ask_to_continue(relationship=found, person=person, now=request.now)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Asked. You go on here when both of you have said so."))
        return redirect("participant_home", society.slug, code)
    shown = [(row, row.mentee if person.is_mentor else row.mentor) for row in rows.order_by("began_at", "pk")]
    return render(request, "relationships/continue_list.html", {"person": person, "rows": shown})
