"""What changes for a mentee, a fresh look at the match, and what the coordinator sees of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from introducer_web.audit.models import Entry
from introducer_web.goals import access, pages, services
from introducer_web.goals.forms import TransitionForm
from introducer_web.goals.models import FreshLook, Transition
from introducer_web.goals.texts import KINDS
from introducer_web.lib.errors import DomainError
from introducer_web.matching.models import MatchRun
from introducer_web.people.models import Participant, Role
from introducer_web.programs.access import cohort_for

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.programs.models import Cohort
    from introducer_web.tenants.models import Society


@require_GET
def change_show(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Ask a mentee what changes for them, and offer to look at needs and at the match once more."""
    person = access.as_mentee(request, society, code)
    return _page(request, person, TransitionForm())


def _page(request: HttpRequest, person: Participant, form: TransitionForm, status: int = 200) -> HttpResponse:
    today = person.day(request.now)
    rows = Transition.objects.filter(mentee=person, settled_at=None).order_by("on", "pk")
    context = {
        "person": person, "form": form, "lived": pages.lived_of(person),
        "changes": [
            (row, KINDS.get(row.words["kind"], ""), row.on is None or row.on - today <= services.AHEAD) for row in rows
        ],
        "look": FreshLook.objects.filter(mentee=person).order_by("-asked_at", "-pk").first(),
        "active": person.state == Participant.State.ACTIVE,
    }  # fmt: skip
    return render(request, "goals/change_show.html", context, status=status)


@require_POST
def change_note(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Note that something changes; what is now, or near, leads to the needs at once."""
    person = access.as_mentee(request, society, code)
    form = TransitionForm(request.POST)
    if not form.is_valid():
        return _page(request, person, form, 422)
    try:
        made = services.note_transition(mentee=person, now=request.now, **form.cleaned_data)
    except DomainError as error:
        form.add_error("kind", str(error))
        return _page(request, person, form, 409)
    if made.on is None or made.on - person.day(request.now) <= services.AHEAD:
        messages.success(request, _("Noted. Look at what you ask for below, then ask for a fresh look if you like."))
    else:
        messages.success(request, _("Noted. You get one mail sixty days before."))
    return redirect("change_show", society.slug, code)


@require_POST
def change_forget(request: HttpRequest, society: Society, code: str, transition: str) -> HttpResponse:
    """Take back that something changes."""
    _person, found = access.own_transition(request, society, code, transition)
    services.forget_transition(transition=found)
    messages.success(request, _("Forgotten."))
    return redirect("change_show", society.slug, code)


@require_POST
def look_ask(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Ask for a fresh look."""
    person = access.as_mentee(request, society, code)
    wanted = set(request.POST.getlist("instead"))
    chosen = [each for each in pages.lived_of(person) if each.code in wanted]
    try:
        services.ask_for_fresh_look(mentee=person, instead_of=chosen, by=request.user, now=request.now)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Your coordinator knows. Whoever comes new is introduced to you by mail."))
    return redirect("change_show", society.slug, code)


@require_GET
def look_list(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show a coordinator who asked for a fresh look, and how many changed what they ask for since the last match."""
    cohort = cohort_for(request, society, code)
    rows = (
        FreshLook.objects.filter(mentee__cohort=cohort, settled_at=None)
        .select_related("mentee__user", "run").defer("run__sealed_folder", "run__sealed_outcome")
    )  # fmt: skip
    run = _newest(cohort)
    context = {
        "cohort": cohort, "looks": list(rows.order_by("asked_at", "pk")[:100]),
        "run": run, "changed": _changed(cohort, run),
    }  # fmt: skip
    return render(request, "goals/look_list.html", context)


def _newest(cohort: Cohort) -> Any:
    done = MatchRun.objects.filter(cohort=cohort, state=MatchRun.State.DONE, kind=MatchRun.Kind.PROPOSAL)
    return done.defer("sealed_folder", "sealed_outcome").order_by("-number").first()


def _changed(cohort: Cohort, run: Any) -> int:
    """Return how many mentees changed what they ask for since a run was asked for: as the record of acts has it."""
    if run is None:
        return 0
    mentees = Participant.objects.filter(cohort=cohort, role=Role.MENTEE, state=Participant.State.ACTIVE)
    said = Entry.objects.filter(
        act="people.answer", at__gt=run.requested_at, words="A mentee changed what is asked for.",
        subject__in=mentees.values("code"),
    )  # fmt: skip
    return said.values("subject").distinct().count()


@require_POST
def look_run(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """See what few changes would bring, for all who asked."""
    cohort = cohort_for(request, society, code)
    try:
        run = services.run_for_fresh_looks(cohort=cohort, by=request.user, now=request.now)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("look_list", society.slug, code)
    return redirect("run_show", society.slug, code, run.code)


@require_POST
def look_settle(request: HttpRequest, society: Society, code: str, look: str) -> HttpResponse:
    """Settle a fresh look."""
    found = access.fresh_look_for(request, society, code, look)
    try:
        services.settle_fresh_look(look=found, by=request.user, now=request.now)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Settled."))
    return redirect("look_list", society.slug, code)
