"""The e-mails of a cohort, for its coordinators: that they went out, or could not be sent; never what they say."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from introducer_web.audit import services as audit
from introducer_web.mail import services as mail
from introducer_web.mail.models import Message
from introducer_web.programs.access import cohort_for
from introducer_web.relationships import access

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.tenants.models import Society

_PAGE = 60
State = Message.State

#: What each kind of e-mail of a cohort is; every kind that is queued for one stands here.
KINDS = {
    "invited": gettext_lazy("invitation to join"),
    "asked_again": gettext_lazy("asked to take part again"),
    "imported": gettext_lazy("welcome after an import"),
    "state_applied": gettext_lazy("thanks for applying"),
    "state_active": gettext_lazy("takes part"),
    "state_waiting": gettext_lazy("on the waiting list"),
    "state_declined": gettext_lazy("was not taken"),
    "introduction_mentee": gettext_lazy("introduction, to the mentee"),
    "introduction_mentor": gettext_lazy("introduction, to the mentor"),
    "asked_first": gettext_lazy("a question waits"),
    "both_agreed": gettext_lazy("both agreed"),
    "recalled": gettext_lazy("introduction withdrawn"),
    "digest": gettext_lazy("weekly reminder"),
    "reminder_unfinished": gettext_lazy("reminder: the form"),
    "reminder_unanswered": gettext_lazy("reminder: an introduction"),
    "reminder_first_meeting": gettext_lazy("reminder: a first conversation"),
    "reminder_quiet": gettext_lazy("reminder: it has become quiet"),
    "introduction_expired": gettext_lazy("introduction closed, not answered"),
    "mentor_away": gettext_lazy("the mentor is away"),
    "extended": gettext_lazy("extended"),
    "asked_on": gettext_lazy("asked whether they go on"),
    "goes_on": gettext_lazy("they go on"),
    "ended_kindly": gettext_lazy("ended by a coordinator"),
    "handed_over_mentee": gettext_lazy("handed over, to the mentee"),
    "handed_over_mentor": gettext_lazy("handed over, to the mentor"),
    "news": gettext_lazy("news to a segment"),
    "introduction_over": gettext_lazy("introduction will not go on"),
    "relationship_ended": gettext_lazy("mentoring ended"),
    "relationship_resumed": gettext_lazy("mentoring goes on"),
    "first_talks": gettext_lazy("first conversations are proposed"),
    "request_declined": gettext_lazy("a mentor could not say yes"),
    "request_expired": gettext_lazy("a request expired"),
    "request_waits": gettext_lazy("a request waits for the end of a pause"),
}


@require_GET
def message_list(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show the e-mails of a cohort: to whom, what kind, and where each is on its way."""
    cohort = cohort_for(request, society, code)
    rows = Message.objects.filter(about=cohort.code)
    counts = Counter(rows.values_list("state", flat=True))
    state, address = request.GET.get("state", ""), request.GET.get("q", "").strip()
    chosen = rows.filter(state=state) if state in State.values else rows
    if address:
        chosen = chosen.filter(to__icontains=address)
    page = Paginator(chosen.defer("sealed").order_by("-created_at", "-pk"), _PAGE).get_page(request.GET.get("page"))
    context = {
        "cohort": cohort, "page": page, "state": state, "q": address, "every": counts.total(),
        "failed": counts["failed"],
        "states": [(value, name, counts[value]) for value, name in State.choices if counts[value]],
        "shown": [(row, KINDS.get(row.kind, row.kind)) for row in page],
        "query": f"state={state}" if state in State.values else "",
    }  # fmt: skip
    return render(request, "relationships/message_list.html", context)


@require_POST
def message_again(request: HttpRequest, society: Society, code: str, message: str) -> HttpResponse:
    """Send an e-mail once more that could not be sent."""
    found = access.message_for(request, society, code, message)
    if found.state == State.FAILED:
        mail.send_again(message=found, now=request.now)
        audit.record(
            society=society, by=request.user, act="mail.send_again", subject=found.code, now=request.now,
            words=f"Sent a message again that could not be sent ({found.kind}).",
        )  # fmt: skip
        messages.success(request, _("It is tried again now."))
    return redirect("message_list", society.slug, code)
