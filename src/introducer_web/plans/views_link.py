"""What opens with a link alone: answering a proposal from a mail, and the feed of a person's plans."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import quote_etag
from django.views.decorators.http import require_http_methods, require_safe
from django_scopes import scope

from introducer_web.lib.errors import DomainError
from introducer_web.plans import access, services
from introducer_web.plans.models import Proposal
from introducer_web.plans.pages import offered, said_of, two_zones
from introducer_web.plans.views import take_answer
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_http_methods(["GET", "HEAD", "POST"])
def when(request: HttpRequest, token: str) -> HttpResponse:
    """Show times that were proposed and take the answer. GET changes nothing, whoever opens the link."""
    found = access.proposal_by(token)
    person = access.answering(found)
    with scope(society=found.society), translation.override(person.user.language):
        problem = ""
        if request.method == "POST":
            try:
                take_answer(request, found, person)
            except DomainError as error:
                problem = str(error)
            else:
                return redirect("when", token)
            found = access.proposal_by(token)
        zones = two_zones(person, found.by)
        plan = found.moves if found.moves and found.state == Proposal.State.ACCEPTED else found.plan
        lives = found.relationship.state == Relationship.State.ACTIVE
        context = {
            "society": found.society, "found": found, "person": person, "other": found.by, "token": token,
            "relationship": found.relationship, "problem": problem, "times": offered(found, zones, request.now),
            "open": lives and found.state == Proposal.State.OPEN and found.expires_at > request.now,
            "agreed": said_of(plan, zones) if plan else None,
            "moved": said_of(found.moves, zones) if found.moves else None,
        }  # fmt: skip
        return render(request, "plans/when.html", context, status=409 if problem else 200)


@require_safe
def plan_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Return what a person has agreed on, for their own calendar to look at. Nobody else keeps a copy."""
    found = access.feed_by(token)
    with scope(society=found.society):
        told = services.feed(found.user, found.society, request.now)
    tag = quote_etag(hashlib.sha256(told.encode()).hexdigest()[:32])
    if request.headers.get("If-None-Match") == tag:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = HttpResponse(told, content_type="text/calendar; charset=utf-8")
        answer["Content-Disposition"] = 'inline; filename="mentoring.ics"'
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    return answer
