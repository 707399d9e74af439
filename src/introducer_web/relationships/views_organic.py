"""People whom a mentee has already: added in 20 seconds, and the one page behind the link that the other side gets."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_scopes import scope

from introducer_web.lib import doors
from introducer_web.lib.errors import DomainError
from introducer_web.lib.qr import code_of
from introducer_web.relationships import access, services
from introducer_web.relationships.forms_organic import AddForm, DayForm, OneselfForm, TieForm
from introducer_web.relationships.models import OrganicTie
from introducer_web.relationships.pages_organic import shown_domains, tie_row
from introducer_web.relationships.vocabulary import asked_domains, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from introducer_web.people.models import Participant
    from introducer_web.relationships.vocabulary import Named
    from introducer_web.tenants.models import Society

State = OrganicTie.State


@require_http_methods(["GET", "HEAD", "POST"])
def organic_add(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Add somebody who helps a mentee already: a name is enough."""
    person = access.own_mentee(request, society, code)
    form = AddForm(
        request.POST if request.method == "POST" else None,
        words=words_of(person.cohort.program_id), first=asked_domains(person),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            tie = services.add_tie(person=person, name=said["name"], domains=said["domains"], now=request.now)
        except DomainError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("Added. It counts from now on, and only you see it."))
            return redirect("organic_tie", society.slug, code, tie.code)
    context = {"society": society, "person": person, "form": form}
    return render(request, "relationships/organic_add.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def organic_tie(request: HttpRequest, society: Society, code: str, organic: str) -> HttpResponse:
    """Show a mentee somebody whom they added, and change what they say of them."""
    person, tie = access.own_organic(request, society, code, organic)
    words = words_of(person.cohort.program_id)
    form = TieForm(
        request.POST if request.method == "POST" else None, words=words, first=asked_domains(person), initial=tie.facts
    )
    if request.method == "POST" and form.is_valid():
        services.change_tie(tie=tie, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("organic_tie", society.slug, code, organic)
    return _tie_page(request, person, tie, words, form)


def _tie_page(
    request: HttpRequest, person: Participant, tie: OrganicTie, words: Mapping[str, Named], form: TieForm,
    day: DayForm | None = None,
) -> HttpResponse:  # fmt: skip
    day = day or DayForm()
    context = {
        "society": person.society, "person": person, "row": tie_row(tie, words), "tie": tie, "form": form, "day": day,
        "doors": doors.organic_of(person=person, tie=tie, now=request.now), **_link(request, person, tie, words),
    }  # fmt: skip
    return render(request, "relationships/organic_tie.html", context, status=422 if form.errors or day.errors else 200)


def _link(request: HttpRequest, person: Participant, tie: OrganicTie, words: Mapping[str, Named]) -> dict[str, object]:
    """Return the link of a tie, if it has one that works, with its picture and ways to send it."""
    if not tie.digest or not tie.is_open or (tie.state == State.CLAIMED and tie.expires_at <= request.now):
        return {}
    url = settings.ORIGIN + reverse("organic_confirm", args=[tie.link["token"]])
    text = quote(_("I told our mentoring program that you help me. One tap says that it is so: %(url)s") % {"url": url})
    title = _("QR code of the link for %(name)s") % {"name": tie.facts["name"]}
    # The picture is for a phone across the table; who has confirmed holds the link already.
    drawn = code_of(url, title) if tie.state == State.CLAIMED else ""
    return {"url": url, "text": text, "qr": drawn, "shown": shown_domains(tie, words)}


@require_POST
def organic_link(request: HttpRequest, society: Society, code: str, organic: str) -> HttpResponse:
    """Make the link for the other side, make it anew, or let it end."""
    _person, tie = access.own_organic(request, society, code, organic)
    try:
        if "withdraw" in request.POST:
            services.withdraw_link(tie=tie)
            messages.success(request, _("The link works no more."))
        else:
            services.make_link(tie=tie, now=request.now)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(f"{reverse('organic_tie', args=[society.slug, code, organic])}#link")


@require_POST
def organic_talk(request: HttpRequest, society: Society, code: str, organic: str) -> HttpResponse:
    """Note that the two talked: today, unless a day is said; or take a day back."""
    person, tie = access.own_organic(request, society, code, organic)
    form = DayForm(request.POST)
    if form.is_valid():
        on = form.cleaned_data["on"] or person.day(request.now)
        try:
            services.note_talk(tie=tie, on=on, now=request.now, back="back" in request.POST)
        except DomainError as error:
            form.add_error("on", str(error))
        else:
            messages.success(request, _("Taken back.") if "back" in request.POST else _("Noted."))
            return redirect("organic_tie", society.slug, code, organic)
    words = words_of(person.cohort.program_id)
    given = TieForm(None, words=words, first=asked_domains(person), initial=tie.facts)
    return _tie_page(request, person, tie, words, given, form)


@require_POST
def organic_end(request: HttpRequest, society: Society, code: str, organic: str) -> HttpResponse:
    """End it, or remove it with all that was said."""
    _person, tie = access.own_organic(request, society, code, organic)
    if "remove" in request.POST:
        services.remove_tie(tie=tie)
        messages.success(request, _("Removed. Nothing of it is kept."))
        return redirect("participant_home", society.slug, code)
    try:
        services.end_tie(tie=tie, now=request.now)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Ended. It stays in your network as past; nobody is told."))
    return redirect("participant_home", society.slug, code)


@require_http_methods(["GET", "HEAD", "POST"])
def organic_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask the other side, who needs no account. GET changes nothing, whoever opens the link."""
    tie = access.organic_by(token)
    with scope(society=tie.society):
        form, problem = OneselfForm(initial=tie.words), ""
        if request.method == "POST":
            form = OneselfForm(request.POST)
            try:
                if _take(request, tie, form):
                    return redirect("organic_confirm", token)
            except DomainError as error:
                problem = str(error)
            tie = access.organic_by(token)
        context = {
            "society": tie.society, "tie": tie, "form": form, "problem": problem, "name": tie.facts["name"],
            "other": tie.mentee.user, "shown": shown_domains(tie, words_of(tie.mentee.cohort.program_id)),
            "asks": tie.state == State.CLAIMED and tie.expires_at > request.now,
        }  # fmt: skip
        status = 409 if problem else 422 if form.errors else 200
        return render(request, "relationships/organic_confirm.html", context, status=status)


def _take(request: HttpRequest, tie: OrganicTie, form: OneselfForm) -> bool:
    """Take what the other side says; tells whether it could be taken."""
    act = request.POST.get("act")
    if act == "confirm":
        services.confirm_tie(tie=tie, now=request.now)
    elif act == "leave":
        services.step_out(tie=tie, forget="forget" in request.POST, now=request.now)
    elif act == "say":
        if not form.is_valid():
            return False
        services.say_of_oneself(tie=tie, **form.cleaned_data)
        messages.success(request, _("Kept. %(name)s reads it.") % {"name": tie.mentee.user})
    else:
        raise DomainError(_("Choose one of the answers."))
    return True
