"""Decisions and the first hundred days of a mentee."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from introducer_web.goals import access, pages, services
from introducer_web.goals.forms import DecisionForm, LaterForm, TickForm, TrackForm
from introducer_web.goals.models import Decision, Track
from introducer_web.lib.errors import DomainError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.people.models import Participant
    from introducer_web.tenants.models import Society


@require_GET
def decision_list(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show a mentee what they decided."""
    person = access.as_mentee(request, society, code)
    return _decisions(request, person)


def _decisions(
    request: HttpRequest, person: Participant, wrong: Decision | None = None, form: LaterForm | None = None
) -> HttpResponse:
    context = {
        "person": person, "decisions": pages.decided(Decision.objects.filter(mentee=person)), "wrong": wrong,
        "wrong_form": form, "today": person.day(request.now),
    }  # fmt: skip
    return render(request, "goals/decision_list.html", context, status=200 if wrong is None else 422)


@require_http_methods(["GET", "HEAD", "POST"])
def decision_new(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Keep a decision."""
    person = access.as_mentee(request, society, code)
    lived = pages.lived_of(person)
    today = person.day(request.now)
    form = DecisionForm(
        request.POST or None, lived=lived, initial={"decided_on": today, "reader": request.GET.get("with", "")}
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        services.note_decision(
            mentee=person, relationship=next((each for each in lived if each.code == said["reader"]), None),
            words=form.words, decided_on=said["decided_on"], look_on=said["look_on"],
        )  # fmt: skip
        messages.success(request, _("Kept."))
        return redirect("decision_list", society.slug, code)
    context = {"person": person, "form": form, "title": _("A decision")}
    return render(request, "goals/form.html", context, status=422 if form.errors else 200)


@require_POST
def decision_look(request: HttpRequest, society: Society, code: str, decision: str) -> HttpResponse:
    """Say how a decision looks by now, or forget it."""
    person, found = access.own_decision(request, society, code, decision)
    if "forget" in request.POST:
        found.delete()
        messages.success(request, _("Forgotten."))
        return redirect("decision_list", society.slug, code)
    form = LaterForm(request.POST)
    if not form.is_valid():
        return _decisions(request, person, found, form)
    try:
        services.look_at_decision(decision=found, now=request.now, **form.cleaned_data)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Kept. What you said at first stays as it is."))
    return redirect("decision_list", society.slug, code)


@require_GET
def track_list(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show a mentee the first hundred days that they are in, and those that there are."""
    person = access.as_mentee(request, society, code)
    today = person.day(request.now)
    return _tracks(request, person, TrackForm(initial={"began_on": today}))


def _tracks(request: HttpRequest, person: Participant, form: TrackForm, status: int = 200) -> HttpResponse:
    today = person.day(request.now)
    rows = pages.tracks_of(Track.objects.filter(mentee=person).order_by("-began_on", "-pk")[:20], today)
    context = {"person": person, "tracks": rows, "form": form, "texts": pages.TRACKS}
    return render(request, "goals/track_list.html", context, status=status)


@require_POST
def track_begin(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Begin first hundred days."""
    person = access.as_mentee(request, society, code)
    form = TrackForm(request.POST)
    if not form.is_valid():
        return _tracks(request, person, form, 422)
    try:
        made = services.begin_track(mentee=person, **form.cleaned_data)
    except DomainError as error:
        form.add_error("key", str(error))
        return _tracks(request, person, form, 409)
    return redirect("track_show", society.slug, code, made.code)


@require_GET
def track_show(request: HttpRequest, society: Society, code: str, track: str) -> HttpResponse:
    """Show the steps of first hundred days."""
    person, found = access.own_track(request, society, code, track)
    shown = pages.shown_track(found, person.day(request.now))
    if shown is None:
        raise Http404
    return render(request, "goals/track_show.html", {"person": person, "shown": shown})


@require_POST
def track_step(request: HttpRequest, society: Society, code: str, track: str) -> HttpResponse:
    """Tick a step, skip it, take that back; or end the track."""
    person, found = access.own_track(request, society, code, track)
    if "end" in request.POST:
        services.end_track(track=found, now=request.now)
        messages.success(request, _("Ended. What you ticked stays with you."))
        return redirect("track_list", society.slug, code)
    form = TickForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the steps."))
        return redirect("track_show", society.slug, code, track)
    try:
        services.tick(track=found, on=person.day(request.now), **form.cleaned_data)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("track_show", society.slug, code, track)
