"""A program like another one, or in other hands; closing a cohort and opening it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from introducer_web.accounts.access import require_recent_sign_in
from introducer_web.lib.errors import DomainError
from introducer_web.programs import access, closing, copying, services
from introducer_web.programs.forms import CloneForm, HandOverForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.tenants.models import Society


def program_clone(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Create a program with the words and the policy of this one."""
    society = access.society_for(request, society)
    program = access.program_for(request, society, code)
    form = CloneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = copying.clone_program(
                program=program, name=given["name"], retired=given["retired"], staff=given["staff"],
                cohort=form.cohort(), by=request.user, now=request.now,
            )  # fmt: skip
        except DomainError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("Copied. From now on the two have nothing to do with each other."))
            return redirect("program_home", society.slug, made.code)
    status = 422 if form.errors else 200
    return render(request, "programs/program_clone.html", {"program": program, "form": form}, status=status)


def program_hand_over(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Hand a program over: appoint somebody else, and end one's own role in it."""
    program = access.program_for(request, society, code)
    form = HandOverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        require_recent_sign_in(request, reverse("program_hand_over", args=[society.slug, code]))
        email = form.cleaned_data["email"]
        try:
            ended = services.hand_over(program=program, email=email, by=request.user, now=request.now)
        except DomainError as error:
            form.add_error("email", str(error))
        else:
            if ended:
                messages.success(request, _("Handed over, and told by e-mail. Your role in this program has ended."))
                return redirect("home")
            messages.success(request, _("Appointed, and told by e-mail. You still coordinate all programs."))
            return redirect("program_home", society.slug, code)
    status = 422 if form.errors else 200
    return render(request, "programs/program_hand_over.html", {"program": program, "form": form}, status=status)


def cohort_close(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Say what closing a cohort does, and do it; or open it again."""
    cohort = access.cohort_for(request, society, code)
    if request.method == "POST":
        given = {"cohort": cohort, "by": request.user, "now": request.now}
        if request.POST.get("what") == "reopen":
            closing.reopen_cohort(**given)
            messages.success(request, _("The cohort is open again."))
        else:
            closing.close_cohort(**given)
            messages.success(request, _("The cohort is closed. What people have with each other goes on."))
        return redirect("program_home", society.slug, cohort.program.code)
    waiting = cohort.invitations.filter(used_at=None, revoked_at=None, expires_at__gt=request.now).count()
    states = cohort.relationships.values_list("state", flat=True)
    context = {
        "cohort": cohort, "invited": waiting, "introduced": states.filter(state="introduced").count(),
        "lived": states.filter(state="active").count(),
    }  # fmt: skip
    return render(request, "programs/cohort_close.html", context)
