"""Joining, and what a person can do with their own place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django_scopes import scope

from introducer_web.lib.errors import DomainError
from introducer_web.people import access, services, steps
from introducer_web.people.forms import JoinForm, PauseForm
from introducer_web.people.models import Participant, Role

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.people.models import Invitation
    from introducer_web.tenants.models import Society

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation; a POST uses it. Mail scanners that open the link change nothing."""
    found = access.invitation_by(token)
    problem = ""
    with scope(society=found.society):
        if request.POST.get("what") == "decline":
            problem = _decline(found, request)
        elif request.method == "POST":
            user = request.user if request.user.is_authenticated else None
            try:
                participant = services.accept_invitation(invitation=found, user=user, now=request.now)
            except DomainError as error:
                problem = str(error)
            else:
                if user is None:
                    login(request, participant.user, backend=_BACKEND)
                return redirect("join", found.society.slug, participant.code)
        is_over = bool(found.used_at or found.revoked_at or found.expires_at <= request.now)
        context = {"found": found, "society": found.society, "problem": problem, "is_over": is_over,
                   "mentor": found.role == Role.MENTOR}  # fmt: skip
        return render(request, "people/invitation.html", context, status=409 if problem else 200)


def _decline(found: Invitation, request: HttpRequest) -> str:
    """Take a "not this time"; returns what is wrong with it, in words."""
    try:
        found.declined_at = services.decline_again(invitation=found, now=request.now).declined_at
    except DomainError as error:
        return str(error)
    return ""


def program_join(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show an open program to anybody; let somebody who is signed in begin to join."""
    program, cohort = access.open_program(society, code)
    form = JoinForm(request.POST or None)
    if request.method == "POST" and request.user.is_authenticated and form.is_valid() and cohort is not None:
        try:
            participant = services.ask_to_join(
                cohort=cohort, user=request.user, role=form.cleaned_data["role"], now=request.now
            )
        except DomainError as error:
            messages.error(request, str(error))
        else:
            return redirect("join", society.slug, participant.code)
    return render(request, "people/program_join.html", {"program": program, "cohort": cohort, "form": form})


@require_GET
@login_required
def join(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Go to the first step; who takes part again looks over what they said last time."""
    participant = access.own_participant(request, society, code)
    again = participant.earlier_id is not None and participant.state == Participant.State.DRAFT
    return redirect("join_step", society.slug, code, steps.steps_of(participant)[-1 if again else 0])


def join_step(request: HttpRequest, society: Society, code: str, step: str) -> HttpResponse:
    """Show one step of joining; save it and go on. Everything can be changed later on the same pages."""
    participant = access.own_participant(request, society, code)
    every = steps.steps_of(participant)
    if step not in every:
        raise Http404
    context = {"person": participant, "step": step, "steps": [(each, steps.title_of(each)) for each in every],
               "at": every.index(step) + 1,
               "title": steps.title_of(step), "program": participant.cohort.program}  # fmt: skip
    if request.method == "POST":
        try:
            wrong = steps.save_step(participant, step, request.POST, request.now)
        except DomainError as error:
            context |= steps.context_of(participant, step) | {"problem": str(error)}
            return render(request, f"people/join_{_page(step)}.html", context, status=409)
        if wrong is None:
            return _on(request, society, participant, every, step)
        context |= steps.context_of(participant, step, request.POST)
        if "form" in context:
            context["form"] = wrong
        return render(request, f"people/join_{_page(step)}.html", context, status=422)
    context |= steps.context_of(participant, step)
    return render(request, f"people/join_{_page(step)}.html", context)


def _page(step: str) -> str:
    return {"offers": "needs", "questions": "about"}.get(step, step)


def _on(request: HttpRequest, society: Society, participant: Participant, every: list[str], step: str) -> HttpResponse:
    """Go to the next step, or home."""
    then = request.POST.get("then", "")
    if then.removeprefix("step:") in every:
        return redirect("join_step", society.slug, participant.code, then.removeprefix("step:"))
    if step == "send" or then == "leave":
        messages.success(request, _("Saved.") if step != "send" else _("Sent. Thank you."))
        if step != "send" and participant.state == Participant.State.DRAFT:
            return redirect("home")
        return redirect("participant_home", society.slug, participant.code)
    return redirect("join_step", society.slug, participant.code, every[every.index(step) + 1])


@require_GET
def participant_privacy(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show who sees what of a person, and what they agreed to."""
    participant = access.own_participant(request, society, code)
    consents = participant.consents.filter(withdrawn_at=None).order_by("attribute", "purpose")
    names = steps.attribute_names(participant)
    context = {
        "person": participant, "program": participant.cohort.program,
        "consents": [(names.get(each.attribute, each.attribute), each) for each in consents],
        "form": PauseForm(initial={"until": participant.paused_until}),
    }  # fmt: skip
    return render(request, "people/privacy.html", context)


def participant_pause(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Pause, or end a pause."""
    participant = access.own_participant(request, society, code)
    form = PauseForm(request.POST or None, initial={"until": participant.paused_until})
    if request.method == "POST" and form.is_valid():
        until = form.cleaned_data["until"]
        try:
            services.pause(participant=participant, until=until, by=request.user, now=request.now)
        except DomainError as error:
            form.add_error("until", str(error))
        else:
            messages.success(request, _("Paused.") if until else _("You are not paused."))
            return redirect("participant_home", society.slug, code)
    return render(request, "people/pause.html", {"person": participant, "form": form})


def participant_withdraw(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Ask once more, then withdraw."""
    participant = access.own_participant(request, society, code)
    if request.method == "POST":
        services.withdraw(participant=participant, now=request.now)
        messages.success(request, _("You have withdrawn. Your answers stay until you delete them."))
        return redirect("participant_home", society.slug, code)
    return render(request, "people/withdraw.html", {"person": participant})
