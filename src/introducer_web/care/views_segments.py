"""Segments of a cohort, and writing to everybody in one, for coordinators."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.db.models.functions import Substr
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_scopes import scope

from introducer_web.accounts.access import require_recent_sign_in
from introducer_web.care import access
from introducer_web.care.models import Mailing, Segment
from introducer_web.care.segment_forms import MailingForm, SegmentForm
from introducer_web.care.segments import Sight, criteria_of
from introducer_web.care.services import segments as services
from introducer_web.lib.errors import DomainError
from introducer_web.mail.models import Message
from introducer_web.programs.access import cohort_for

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.programs.models import Cohort
    from introducer_web.tenants.models import Society

_PAGE = 100
_LOG = 30
#: Recipients whose mail is shown before anything is sent.
_SHOWN = 3


@require_GET
def segment_list(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show the segments of a cohort, how many are in each now, and what was sent to them."""
    cohort = cohort_for(request, society, code)
    sight = Sight(cohort, request.now)
    found = Segment.objects.filter(cohort=cohort).order_by("name", "pk")
    rows = [(segment, len(sight.of(segment.criteria))) for segment in found]
    mailings = Mailing.objects.filter(cohort=cohort).defer("sealed").select_related("by").order_by("-at", "-pk")
    page = Paginator(list(mailings), _LOG).get_page(request.GET.get("page"))
    states = _states(cohort, list(page))
    log = []
    for mailing in page:
        sent, failed, queued, sending = (
            states[mailing.code, state] for state in ("sent", "failed", "queued", "sending")
        )
        log.append((mailing, sent, failed, queued + sending + len(mailing.left)))
    return render(request, "care/segment_list.html", {"cohort": cohort, "rows": rows, "page": page, "log": log})


def _states(cohort: Cohort, mailings: list[Mailing]) -> Counter[tuple[str, str]]:
    """Return how many messages of each mailing are in each state. One query."""
    of = Substr("key", len("news:") + 1, 22)
    rows = Message.objects.filter(about=cohort.code, kind="news", key__startswith="news:").annotate(mailing=of)
    chosen = rows.filter(mailing__in=[mailing.code for mailing in mailings])
    counted = chosen.values("mailing", "state").annotate(n=Count("pk")).values_list("mailing", "state", "n")
    return Counter({(mailing, state): n for mailing, state, n in counted})


def segment_new(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Save a segment; show first who would be in it."""
    cohort = cohort_for(request, society, code)
    form = SegmentForm(request.POST or None, cohort=cohort)
    return _form(request, society, cohort, form, None)


def segment_edit(request: HttpRequest, society: Society, code: str, segment: str) -> HttpResponse:
    """Change a segment."""
    found = access.segment_for(request, society, code, segment)
    said = {"state": "", "name": found.name} | found.criteria
    form = SegmentForm(request.POST or None, cohort=found.cohort, initial=said)
    return _form(request, society, found.cohort, form, found)


def _form(
    request: HttpRequest, society: Society, cohort: Cohort, form: SegmentForm, segment: Segment | None
) -> HttpResponse:
    context: dict[str, Any] = {"cohort": cohort, "form": form, "segment": segment}
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        if request.POST.get("what") == "look":
            people = Sight(cohort, request.now).of(criteria_of(said))
            return render(request, "care/segment_form.html", context | {"people": people[:_PAGE], "n": len(people)})
        name, given = said.pop("name"), {"by": request.user, "now": request.now}
        try:
            if segment is None:
                saved = services.save_segment(cohort=cohort, name=name, said=said, **given)
            else:
                saved = services.edit_segment(segment=segment, name=name, said=said, **given)
        except DomainError as error:
            form.add_error("name", str(error))
        else:
            return redirect("segment_show", society.slug, cohort.code, saved.code)
    return render(request, "care/segment_form.html", context, status=422 if form.errors else 200)


@require_GET
def segment_show(request: HttpRequest, society: Society, code: str, segment: str) -> HttpResponse:
    """Show who is in a segment now."""
    found = access.segment_for(request, society, code, segment)
    people = Sight(found.cohort, request.now).of(found.criteria)
    _chosen, silent = services.reached(people)
    page = Paginator(people, _PAGE).get_page(request.GET.get("page"))
    context = {"cohort": found.cohort, "segment": found, "page": page, "n": len(people), "silent": silent}
    return render(request, "care/segment_show.html", context)


@require_POST
def segment_delete(request: HttpRequest, society: Society, code: str, segment: str) -> HttpResponse:
    """Delete a segment."""
    found = access.segment_for(request, society, code, segment)
    services.delete_segment(segment=found, by=request.user, now=request.now)
    messages.success(request, _("Deleted. What was sent to it stays in the log."))
    return redirect("segment_list", society.slug, code)


def segment_write(request: HttpRequest, society: Society, code: str, segment: str) -> HttpResponse:
    """Write to everybody in a segment: see it as the first of them would, send it to oneself, then to all."""
    found = access.segment_for(request, society, code, segment)
    chosen, silent = services.reached(Sight(found.cohort, request.now).of(found.criteria))
    form = MailingForm(request.POST or None)
    context: dict[str, Any] = {
        "cohort": found.cohort, "segment": found, "form": form, "n": len(chosen), "silent": silent
    }  # fmt: skip
    if request.method == "POST" and form.is_valid():
        if not chosen:
            form.add_error(None, _("Nobody is in this segment now who wants news."))
        elif request.POST.get("what") == "send":
            return _send(request, society, found, form.cleaned_data)
        else:
            if request.POST.get("what") == "test":
                services.send_test(
                    segment=found, like=chosen[0], by=request.user, now=request.now, **form.cleaned_data
                )  # fmt: skip
                messages.success(request, _("It is on its way to you, and to nobody else."))
            context["mails"] = [
                services.shown_mail(found.cohort, each, **form.cleaned_data) for each in chosen[:_SHOWN]
            ]
    return render(request, "care/segment_write.html", context, status=422 if form.errors else 200)


def _send(request: HttpRequest, society: Society, segment: Segment, said: dict[str, Any]) -> HttpResponse:
    here = [society.slug, segment.cohort.code, segment.code]
    require_recent_sign_in(request, reverse("segment_write", args=here))
    try:
        mailing = services.send_mailing(segment=segment, by=request.user, now=request.now, **said)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("segment_write", *here)
    n = mailing.recipients
    told = ngettext("It goes to %(n)s person, by day.", "It goes to %(n)s people, by day where each is.", n) % {"n": n}
    messages.success(request, told)
    return redirect("segment_list", society.slug, segment.cohort.code)


@require_GET
def mailing_show(request: HttpRequest, society: Society, code: str, mailing: str) -> HttpResponse:
    """Show what was written to many, when and by whom."""
    found = access.mailing_for(request, society, code, mailing)
    states = _states(found.cohort, [found])
    counts = [(label, states[found.code, value]) for value, label in Message.State.choices if states[found.code, value]]
    return render(request, "care/mailing_show.html", {"cohort": found.cohort, "mailing": found, "counts": counts})


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def news_stop(request: HttpRequest, token: str) -> HttpResponse:
    """End the news of a program for its reader: a mail program's one click is a POST, a person sees a button."""
    person = access.told_by(token)
    with scope(society=person.society):
        if request.method == "POST":
            services.say_news(participant=person, wanted=request.POST.get("what") == "again")
            person.refresh_from_db()
    context = {"society": person.society, "person": person, "program": person.cohort.program}
    return render(request, "care/news_stop.html", context)
