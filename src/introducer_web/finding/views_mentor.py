"""How mentees find a mentor: whether they stand in the directory, and the moves that they made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from introducer_web.finding import access, services
from introducer_web.finding.forms import ListingForm, MoveForm
from introducer_web.finding.models import CareerMove, Listing
from introducer_web.finding.words import lists_of, spoken_of
from introducer_web.lib.errors import DomainError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.people.models import Participant
    from introducer_web.tenants.models import Society


@require_http_methods(["GET", "HEAD", "POST"])
def find_me(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show a mentor how they are found, and let them stand in the directory or not."""
    person = access.offering(request, society, code)
    if request.method == "POST":
        form = ListingForm(request.POST)
        wanted = form.is_valid() and form.cleaned_data["wanted"]
        services.list_mentor(participant=person, wanted=wanted, by=request.user, now=request.now)
        messages.success(request, _("You stand in the directory.") if wanted else _("You do not stand in it any more."))
        return redirect("find_me", society.slug, code)
    return _page(request, person, MoveForm(program=person.cohort.program))


@require_POST
def move_add(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Note a move."""
    person = access.offering(request, society, code)
    form = MoveForm(request.POST, program=person.cohort.program)
    if form.is_valid():
        try:
            services.add_move(participant=person, by=request.user, now=request.now, **form.cleaned_data)
        except DomainError as error:
            form.add_error("left", str(error))
        else:
            messages.success(request, _("Noted."))
            return redirect("find_me", society.slug, code)
    return _page(request, person, form, status=422)


@require_POST
def move_remove(request: HttpRequest, society: Society, code: str, move: str) -> HttpResponse:
    """Take a move back."""
    _person, found = access.move_of(request, society, code, move)
    services.remove_move(move=found, by=request.user, now=request.now)
    messages.success(request, _("Taken back."))
    return redirect("find_me", society.slug, code)


def _page(request: HttpRequest, person: Participant, form: MoveForm, status: int = 200) -> HttpResponse:
    listing = Listing.objects.filter(participant=person).first()
    listed = listing is None or listing.is_listed
    names = lists_of(person.cohort.program.template)
    moves = CareerMove.objects.filter(participant=person).order_by("-year", "pk")
    context = {
        "person": person, "form": form, "listing": ListingForm(initial={"wanted": listed}), "listed": listed,
        "moves": [(move, *spoken_of(move, names)) for move in moves], "open_now": person.cohort.program.requests,
    }  # fmt: skip
    return render(request, "finding/find_me.html", context, status=status)
