"""The homes of mentees and mentors, and the one page behind an introduction's link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_scopes import scope

from introducer_web.lib import doors
from introducer_web.lib.errors import DomainError
from introducer_web.people.access import own_participant
from introducer_web.people.models import Participant, Role
from introducer_web.relationships import access, services
from introducer_web.relationships.forms import AnswerForm, MessageForm
from introducer_web.relationships.models import Introduction, Relationship
from introducer_web.relationships.pages import introduced, lived_of, mentee_home, organic_of
from introducer_web.relationships.pages_organic import tie_row
from introducer_web.relationships.vocabulary import words_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.tenants.models import Society

State = Relationship.State


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show an introduction and take the answer. GET changes nothing, whoever opens the link."""
    found = access.introduction_by(token)
    with scope(society=found.society), translation.override(_language(found)):
        problem = ""
        if request.method == "POST":
            problem = _take_answer(request, found)
            if not problem:
                return redirect("answer", token)
            found = access.introduction_by(token)
        return _answer_page(request, found, token, problem)


def _language(found: Introduction) -> str:
    person = found.relationship.mentor if found.side == Role.MENTOR else found.relationship.mentee
    return person.user.language


def _take_answer(request: HttpRequest, found: Introduction) -> str:
    """Take a posted answer; returns what is wrong with it, in words."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _("Choose one of the answers. A pause needs a date.")
    try:
        services.answer_introduction(introduction=found, now=request.now, **form.cleaned_data)
    except DomainError as error:
        return str(error)
    return ""


def _answer_page(request: HttpRequest, found: Introduction, token: str, problem: str) -> HttpResponse:
    relationship = found.relationship
    mentor_side = found.side == Role.MENTOR
    other = relationship.mentee if mentor_side else relationship.mentor
    question = ""
    if relationship.state == State.INTRODUCED:
        for each in relationship.introductions.exclude(pk=found.pk).filter(answer=Introduction.Answer.ASKED):
            question = each.words.get("question", "")
    context = {
        "society": found.society, "found": found, "relationship": relationship, "other": other, "token": token,
        "mentor_side": mentor_side,
        "shown": introduced(relationship, found.side),
        "open": relationship.state == State.INTRODUCED and found.expires_at > request.now,
        "question": question, "problem": problem, "posted": request.POST if problem else {},
        "message": "" if mentor_side else found.words.get("first_message", ""),
    }  # fmt: skip
    return render(request, "relationships/answer.html", context, status=409 if problem else 200)


@require_POST
def answer_message(request: HttpRequest, token: str) -> HttpResponse:
    """Keep the mentee's own words for the first message."""
    found = access.introduction_by(token)
    with scope(society=found.society):
        form = MessageForm(request.POST)
        if found.side == Role.MENTEE and form.is_valid():
            services.write_first_message(introduction=found, text=form.cleaned_data["message"])
            messages.success(request, _("Kept. It goes out when both of you have agreed."))
    return redirect("answer", token)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def digest_stop(request: HttpRequest, token: str) -> HttpResponse:
    """End all reminders, or have them again: a mail program's one click is a POST, a person sees a button."""
    person = access.reminded_by(token)
    if request.method == "POST":
        with scope(society=person.society):
            services.stop_digests(participant=person, wanted="again" in request.POST)
    context = {"society": person.society, "posted": request.method == "POST", "again": "again" in request.POST,
               "stopped": not person.wants_digest}  # fmt: skip
    return render(request, "relationships/digest_stop.html", context)


@require_GET
def participant_home(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show a person their place: the constellation of a mentee, the mentees of a mentor."""
    person = own_participant(request, society, code)
    words = words_of(person.cohort.program_id)
    lived = lived_of(person, words, request.now)
    context = {"person": person, "lived": lived, "cohort": person.cohort, "program": person.cohort.program}
    if person.state == Participant.State.DRAFT:
        return redirect("join", society.slug, code)
    context["doors"] = doors.home_of(person=person, now=request.now)
    if person.is_mentor:
        most = person.capacity if person.capacity is not None else person.cohort.program.capacity
        taken = sum(each.relationship.state == State.ACTIVE for each in lived)
        offers = person.offers.select_related("domain", "topic")
        context |= {"most": most, "taken": taken, "offers": offers}
        return render(request, "relationships/mentor_home.html", context)
    organic = organic_of(person)
    together = [each.relationship for each in lived]
    home = mentee_home(person, together, organic, words)
    missing = [line.name for line in home.needs if not line.fit]
    added = [tie_row(tie, words) for tie in organic]
    return render(
        request, "relationships/mentee_home.html", context | {"home": home, "missing": missing, "added": added}
    )


@require_POST
def swap_request(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Ask for another mentor."""
    found = access.own_relationship(request, society, code, relationship)
    try:
        services.request_swap(relationship=found, by=request.user, now=request.now)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Your coordinator knows, and will write to you. The mentor is told nothing."))
    return redirect("participant_home", society.slug, code)


@require_POST
def keep(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Ask to keep a relationship, or take that back."""
    person, found = access.own_side(request, society, code, relationship)
    wanted = "keep" in request.POST
    try:
        services.ask_to_keep(relationship=found, person=person, keep=wanted, by=request.user, now=request.now)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        said = _("Noted: every match from now on holds it first.") if wanted else _("Taken back.")
        messages.success(request, said)
    return redirect("participant_home", society.slug, code)
