"""When a person can be asked for, and the address at which their own calendar finds their plans."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from introducer_web.lib.errors import DomainError
from introducer_web.people.access import own_participant
from introducer_web.plans import services
from introducer_web.plans.forms import AvailabilityForm
from introducer_web.plans.saying import moment_said

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.people.models import Participant
    from introducer_web.plans.models import Availability
    from introducer_web.tenants.models import Society


@require_http_methods(["GET", "HEAD", "POST"])
def availability(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show and keep zone, hours, times away and the address of a calendar."""
    person = own_participant(request, society, code)
    row = services.availability_of(person)
    if request.method != "POST":
        return _page(request, person, row, AvailabilityForm(row=row))
    form = AvailabilityForm(request.POST, row=row)
    if form.is_valid():
        said = form.cleaned_data
        address = "" if said.get("forget") else said["address"] or None
        try:
            services.save_availability(
                person=person, timezone=said["timezone"], week=form.week(), away=form.away(), address=address,
                wants_brief=said["wants_brief"], by=request.user, now=request.now,
            )  # fmt: skip
        except DomainError as error:
            form.add_error("address", str(error))
        else:
            messages.success(request, _("Kept."))
            return redirect("availability", society.slug, code)
    return _page(request, person, row, form, status=422)


def _page(
    request: HttpRequest, person: Participant, row: Availability, form: AvailabilityForm, status: int = 200,
    feed: str = "",
) -> HttpResponse:  # fmt: skip
    address = row.said.get("address", "") if row.sealed else ""
    context = {
        "person": person, "form": form, "row": row, "host": urlsplit(address).hostname or "", "feed": feed,
        "asked": moment_said(row.asked_at, row.timezone) if row.asked_at else "",
        "trouble": services.TROUBLES.get(row.trouble, ""),
    }  # fmt: skip
    return render(request, "plans/availability.html", context, status=status)


@require_POST
def feed_renew(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Make a new address for the feed, and show it this once; or end the feed. The one before is dead either way."""
    person = own_participant(request, society, code)
    if "end" in request.POST:
        services.end_feed(person=person, by=request.user, now=request.now)
        messages.success(request, _("Your feed has ended. Its address shows nothing any more."))
        return redirect("availability", society.slug, code)
    token = services.renew_feed(person=person, by=request.user, now=request.now)
    row = services.availability_of(person)
    feed = f"{settings.ORIGIN}{reverse('plan_feed', args=[token])}"
    return _page(request, person, row, AvailabilityForm(row=row), feed=feed)
