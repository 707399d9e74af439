"""What is open between people who asked and who were asked; the page behind the mailed link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_scopes import scope

from introducer_web.finding import access, services
from introducer_web.finding.fitting import open_needs_met
from introducer_web.finding.forms import AnswerForm
from introducer_web.finding.models import Request
from introducer_web.finding.pages import invited, open_requests, seen_of
from introducer_web.lib.errors import DomainError
from introducer_web.people.access import own_participant
from introducer_web.people.models import Participant, Role

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse

    from introducer_web.tenants.models import Society

State = Request.State


@require_GET
def request_list(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show a mentee whom they asked, a mentor who asked them, and which introductions wait."""
    person = own_participant(request, society, code)
    if person.state == Participant.State.DRAFT:
        raise Http404
    rows = open_requests(person)
    today = request.now.date()
    context = {
        "person": person, "invited": invited(person, request.now),
        "waiting": [_shown(row, person, today) for row in rows if row.state == State.OPEN],
        "closed": [_shown(row, person, today) for row in rows if row.state != State.OPEN],
    }  # fmt: skip
    return render(request, "finding/request_list.html", context)


def _shown(row: Request, person: Participant, today: date) -> dict[str, object]:
    """Return a request as one side sees it: the link is the mentor's, the words with a no are the mentee's."""
    words, paused = row.words, row.mentor.paused_until
    return {
        "row": row, "other": row.mentee if person.is_mentor else row.mentor,
        "link": f"/asked/{words['token']}/" if person.is_mentor else "",
        "answer": "" if person.is_mentor else words.get("answer", ""),
        "paused": paused if paused is not None and paused > today else None,
    }  # fmt: skip


@require_POST
def request_withdraw(request: HttpRequest, society: Society, code: str, asked: str) -> HttpResponse:
    """Take a request back."""
    found = access.own_request(request, society, code, asked)
    try:
        services.withdraw(request=found, by=request.user, now=request.now)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Taken back. Nobody is told; their link says so."))
    return redirect("request_list", society.slug, code)


@require_http_methods(["GET", "HEAD", "POST"])
def request_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show a mentor who asks, and take the answer. GET changes nothing, whoever opens the link."""
    found = access.request_by(token)
    with scope(society=found.society), translation.override(found.mentor.user.language):
        problem = ""
        if request.method == "POST":
            problem = _take(request, found)
            if not problem:
                return redirect("request_answer", token)
            found = access.request_by(token)
        needs = open_needs_met(found.mentee, found.mentor)
        context = {
            "society": found.society, "found": found, "token": token, "problem": problem,
            "shown": seen_of(found.mentee, found.mentor, needs, Role.MENTOR), "message": found.words["message"],
            "open": found.state == State.OPEN and found.expires_at > request.now,
            "posted": request.POST if problem else {},
        }  # fmt: skip
        return render(request, "finding/request_answer.html", context, status=409 if problem else 200)


def _take(request: HttpRequest, found: Request) -> str:
    """Take a posted answer; returns what is wrong with it, in words."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _("Choose one of the answers. A pause needs a date.")
    try:
        services.answer_request(request=found, now=request.now, **form.cleaned_data)
    except DomainError as error:
        return str(error)
    return ""
