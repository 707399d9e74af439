"""Where a mentee finds a mentor: one page, the directory, and the page of one mentor with the question to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from introducer_web.finding import access, services
from introducer_web.finding.directory import searched
from introducer_web.finding.fitting import open_needs_met
from introducer_web.finding.forms import AskForm, SearchForm
from introducer_web.finding.models import CareerMove, Request
from introducer_web.finding.pages import cards_of, dates_of, invited, open_requests, recommended, seen_of
from introducer_web.finding.words import lists_of, spoken_of, told_claims
from introducer_web.lib.errors import DomainError
from introducer_web.people.models import Role
from introducer_web.relationships.services.drafts import first_message

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.people.models import Participant
    from introducer_web.tenants.models import Society

_PAGE = 20


@require_GET
def find(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show a mentee whom they might ask, what is open and what is on."""
    person = access.looking(request, society, code)
    open_now = person.cohort.program.requests
    context = {
        "person": person, "open_now": open_now, "cards": recommended(person, request.now) if open_now else [],
        "invited": invited(person, request.now), "dates": dates_of(person, request.now),
        "waiting": [row for row in open_requests(person) if row.state == Request.State.OPEN],
    }  # fmt: skip
    return render(request, "finding/find.html", context)


@require_GET
def find_mentors(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show the directory, or what a search finds in it."""
    person = access.looking(request, society, code)
    if not person.cohort.program.requests:
        return redirect("find", society.slug, code)
    form = SearchForm(request.GET, mentee=person)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = searched(person, asked, request.now).select_related("user", "site", "cohort__program")
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "person": person, "form": form, "page": page, "cards": cards_of(person, list(page)),
        "query": query.urlencode(), "narrowed": form.says_something,
    }  # fmt: skip
    return render(request, "finding/find_mentors.html", context, status=200 if form.is_valid() else 422)


@require_http_methods(["GET", "HEAD", "POST"])
def find_mentor(request: HttpRequest, society: Society, code: str, mentor: str) -> HttpResponse:
    """Show a mentee one mentor, and let them ask."""
    person, found = access.mentor_for(request, society, code, mentor)
    if request.method != "POST":
        return _mentor_page(request, person, found)
    form = AskForm(request.POST)
    if form.is_valid():
        try:
            services.ask(
                mentee=person, mentor=found, message=form.cleaned_data["message"], by=request.user, now=request.now
            )
        except DomainError as error:
            form.add_error("message", str(error))
        else:
            messages.success(request, _("Asked. You get a mail with the answer, within two weeks."))
            return redirect("request_list", society.slug, code)
    return _mentor_page(request, person, found, form, status=422)


def _mentor_page(
    request: HttpRequest, person: Participant, found: Participant, form: AskForm | None = None, status: int = 200
) -> HttpResponse:
    needs = open_needs_met(person, found)
    if form is None:
        form = AskForm(initial={"message": first_message(person, found, list(dict.fromkeys(needs.values())))})
    names = lists_of(found.cohort.program.template)
    asked = Request.objects.filter(mentee=person, mentor=found, state=Request.State.OPEN).first()
    moves = CareerMove.objects.filter(participant=found).order_by("-year", "pk")
    context = {
        "person": person, "mentor": found, "form": form, "asked": asked,
        "round": services.round_of(person.cohort),
        "shown": seen_of(person, found, needs, Role.MENTEE),
        "moves": [(*spoken_of(move, names), move.year) for move in moves],
        "paths": [claim.experience.title for claim in told_claims(found.claims.select_related("experience"))],
    }  # fmt: skip
    return render(request, "finding/find_mentor.html", context, status=status)
