"""A mentor's letters of recognition: made, shown, downloaded, and proved by whoever has the link."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_scopes import scope, scopes_disabled

from introducer_web.care.forms_recognition import PeriodForm
from introducer_web.care.models import Recognition
from introducer_web.care.services.recognition import delete_recognition, issue
from introducer_web.lib.codes import digest
from introducer_web.lib.doors import Door
from introducer_web.lib.errors import DomainError
from introducer_web.lib.texts import translated
from introducer_web.people.access import own_participant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.http import HttpRequest

    from introducer_web.people.models import Participant
    from introducer_web.tenants.models import Society

_HOUR = 60


def home_door(*, person: Participant, now: datetime) -> Iterator[Door]:
    """Lead a mentor to their letters. No query."""
    if person.is_mentor and person.cohort.program.letters:
        yield Door(_("Letters of recognition"), reverse("recognition_list", args=[person.society.slug, person.code]))


def _mentor(request: HttpRequest, society: Society, code: str) -> Participant:
    person = own_participant(request, society, code)
    if not person.is_mentor:
        raise Http404
    return person


def _letter(request: HttpRequest, society: Society, code: str, recognition: str) -> Recognition:
    """Return a mentor's own letter, and nobody else's."""
    person = _mentor(request, society, code)
    found = (
        Recognition.objects.filter(mentor=person, code=recognition).select_related("society", "mentor__user").first()
    )
    if found is None:
        raise Http404
    return found


def recognition_list(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show a mentor their letters; make one."""
    person = _mentor(request, society, code)
    today = request.now.date()
    initial = {"begins": max(person.joined_at.date(), date(today.year - 1, 1, 1)), "ends": today}
    form = PeriodForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = issue(mentor=person, by=request.user, now=request.now, **form.cleaned_data)
        except DomainError as error:
            form.add_error("ends", str(error))
        else:
            return redirect("recognition_show", society.slug, code, made.code)
    rows = Recognition.objects.filter(mentor=person).defer("sealed").order_by("-issued_at", "-pk")
    context = {"person": person, "form": form, "letters": rows, "on": person.cohort.program.letters}
    return render(request, "care/recognition_list.html", context, status=422 if request.method == "POST" else 200)


@require_GET
def recognition_show(request: HttpRequest, society: Society, code: str, recognition: str) -> HttpResponse:
    """Show a letter as it is printed."""
    return render(request, "care/recognition_show.html", _context(_letter(request, society, code, recognition)))


@require_GET
def recognition_file(request: HttpRequest, society: Society, code: str, recognition: str, kind: str) -> HttpResponse:
    """Hand a letter out: as a page of its own, or as plain text."""
    types = {"html": "text/html", "txt": "text/plain"}
    found = _letter(request, society, code, recognition)
    if kind not in types:
        raise Http404
    text = render_to_string(f"care/recognition_file.{kind}", _context(found))
    response = HttpResponse(text, content_type=f"{types[kind]}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="letter-{found.issued_at:%Y-%m-%d}.{kind}"'
    return response


@require_POST
def recognition_delete(request: HttpRequest, society: Society, code: str, recognition: str) -> HttpResponse:
    """Delete a letter."""
    delete_recognition(letter=_letter(request, society, code, recognition), by=request.user, now=request.now)
    messages.success(request, _("Deleted. Its link proves nothing any more."))
    return redirect("recognition_list", society.slug, code)


@require_GET
def recognition_verify(request: HttpRequest, token: str) -> HttpResponse:
    """Show anybody with the link what a society's letter said when it was made."""
    with scopes_disabled():
        found = Recognition.objects.filter(digest=digest(token)).select_related("society", "mentor__user").first()
    if found is None:
        raise Http404
    with scope(society=found.society):
        return render(request, "care/recognition_verify.html", _context(found))


def _context(letter: Recognition) -> dict[str, Any]:
    figures = letter.figures
    hours, minutes = divmod(figures["minutes"], _HOUR)
    return {
        "society": letter.society, "letter": letter, "person": letter.mentor, "figures": figures,
        "hours": hours, "minutes": minutes, "without": figures["conversations"] - figures["with_minutes"],
        "domains": [translated(name) for name in figures["domains"]],
        "link": f"{settings.ORIGIN}/v/{letter.words['token']}/",
    }  # fmt: skip
