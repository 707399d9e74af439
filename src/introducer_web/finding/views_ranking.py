"""A mentee ranks mentors and says why; a mentor marks mentees. Neither sees what the other said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from introducer_web.finding import access, services
from introducer_web.finding.ranking import marked, ranked, ranking_posted
from introducer_web.lib.errors import DomainError
from introducer_web.people.models import Participant

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.tenants.models import Society

_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def ranking(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show a mentee whom they ranked, and keep what they change."""
    person = access.looking(request, society, code)
    held = services.round_of(person.cohort)
    lines, problem = ranked(person), ""
    if request.method == "POST":
        wanted = ranking_posted(request.POST, lines)
        try:
            services.rank(mentee=person, ranked=wanted, by=request.user, now=request.now)
        except DomainError as error:
            problem = str(error)
        else:
            messages.success(request, _("Kept. The match reads it, and nobody else."))
            return redirect("ranking", society.slug, code)
    context = {"person": person, "round": held, "lines": lines, "problem": problem, "most": services.RANKED}
    return render(request, "finding/ranking.html", context, status=409 if problem else 200)


@require_POST
def ranking_add(request: HttpRequest, society: Society, code: str, mentor: str) -> HttpResponse:
    """Put a mentor at the end of a mentee's ranking."""
    person, found = access.mentor_for(request, society, code, mentor)
    before = [(line.mentor.code, line.why) for line in ranked(person)]
    try:
        if found.code not in dict(before):
            before.append((found.code, ""))
        services.rank(mentee=person, ranked=before, by=request.user, now=request.now)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Put at the end of your ranking."))
    return redirect("ranking", society.slug, code)


@require_http_methods(["GET", "HEAD", "POST"])
def marks(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show a mentor the mentees whom they could help, as an introduction would, and keep their marks."""
    person = access.offering(request, society, code)
    held = services.round_of(person.cohort)
    problem = ""
    # Mentees are shown before any introduction only while the program asks for marks, and only to who takes part.
    asked = held.is_open and person.state == Participant.State.ACTIVE
    page = Paginator(marked(person) if asked else [], _PAGE).get_page(request.GET.get("page"))
    if request.method == "POST":
        said = {key.removeprefix("mark:"): request.POST[key] for key in request.POST if key.startswith("mark:")}
        try:
            services.mark(mentor=person, shown=said.keys(), marks=said, by=request.user, now=request.now)
        except DomainError as error:
            problem = str(error)
        else:
            messages.success(request, _("Kept. The match reads it, and nobody else."))
            return redirect(f"{request.path}?page={page.number}")
    context = {"person": person, "round": held, "page": page, "problem": problem}
    return render(request, "finding/marks.html", context, status=409 if problem else 200)
