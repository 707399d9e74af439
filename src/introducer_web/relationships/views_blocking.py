"""Whom somebody keeps away: seen by nobody but them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from introducer_web.people import services as people
from introducer_web.people.access import own_participant
from introducer_web.people.models import Block
from introducer_web.relationships import access, services
from introducer_web.relationships.forms_ending import AwayForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.tenants.models import Society


@require_GET
def away_list(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show whom a person keeps away, and whom they met here."""
    person = own_participant(request, society, code)
    blocks = list(Block.objects.filter(by=person.user).select_related("other", "society").order_by("-blocked_at"))
    away = {each.other_id for each in blocks}
    met = [each for each in access.met_by(person) if each.user_id not in away]
    return render(request, "relationships/away_list.html", {"person": person, "blocks": blocks, "met": met})


def away_person(request: HttpRequest, society: Society, code: str, person: str) -> HttpResponse:
    """Say what it means to keep somebody away; do it."""
    own, other = access.met_person(request, society, code, person)
    form = AwayForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.keep_away(
            society=society, by=request.user, other=other.user, now=request.now, note=form.cleaned_data["note"]
        )
        messages.success(request, _("Done. You will not be brought together here; nobody is told why."))
        return redirect("away_list", society.slug, code)
    status = 422 if request.method == "POST" else 200
    return render(request, "relationships/away.html", {"person": own, "other": other, "form": form}, status=status)


@require_POST
def away_lift(request: HttpRequest, society: Society, code: str, block: str) -> HttpResponse:
    """Keep somebody away no longer."""
    people.lift_block(block=access.own_block(request, society, code, block))
    messages.success(request, _("Lifted. What ended stays ended."))
    return redirect("away_list", society.slug, code)
