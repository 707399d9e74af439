"""Asking people of an earlier cohort to take part again, for coordinators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from introducer_web.lib.errors import DomainError
from introducer_web.people import services
from introducer_web.people.models import Role
from introducer_web.programs.access import cohort_for, cohorts_for
from introducer_web.programs.closing import refuse_closed

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.people.services import Candidate
    from introducer_web.programs.models import Cohort
    from introducer_web.tenants.models import Society

_PAGE = 100


def people_carry(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show who of an earlier cohort can be asked; show the mails; send them."""
    cohort = cohort_for(request, society, code)
    others = cohorts_for(request, society).exclude(pk=cohort.pk).select_related("program", "society")
    given = request.POST if request.method == "POST" else request.GET
    earlier = others.filter(code=given.get("from", "")).first()
    role = given.get("role", "") if given.get("role", "") in Role.values else ""
    context: dict[str, Any] = {"cohort": cohort, "earlier": earlier, "role": role, "roles": Role.choices}
    if earlier is None:
        context["others"] = others.order_by("-pk")[:_PAGE]
        return render(request, "people/people_carry.html", context)
    if request.method == "POST":
        return _post(request, society, cohort, earlier, role)
    found = services.candidates(cohort=cohort, earlier=earlier, now=request.now, role=role)
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    able = [each for each in found if not each.why and not each.before]
    query = f"from={earlier.code}" + (f"&role={role}" if role else "")
    return render(request, "people/people_carry.html", context | {"page": page, "able": len(able), "query": query})


def _post(request: HttpRequest, society: Society, cohort: Cohort, earlier: Cohort, role: str) -> HttpResponse:
    back = reverse("people_carry", args=[society.slug, cohort.code]) + f"?from={earlier.code}"
    only = set(request.POST.getlist("who")) if request.POST.get("which") == "ticked" else None
    given = {"cohort": cohort, "earlier": earlier, "now": request.now, "role": role}
    try:
        if request.POST.get("what") == "send":
            n = services.ask_again(**given, by=request.user, only=only, seen=request.POST.get("seen", ""))
            said = ngettext(
                "%(n)s person is asked to take part again.", "%(n)s people are asked to take part again.", n
            )
            messages.success(request, said % {"n": n})
            return redirect("people_list", society.slug, cohort.code)
        refuse_closed(cohort)
        chosen = _chosen(services.candidates(**given), only)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(back)
    if not chosen:
        messages.error(request, _("Tick somebody who can be asked, or choose everybody."))
        return redirect(back)
    mails = services.again_mails(cohort=cohort, chosen=chosen, earlier=earlier, by=request.user)
    context = {"cohort": cohort, "earlier": earlier, "role": role, "chosen": chosen, "mails": mails,
               "seen": services.seen_of(chosen), "which": request.POST.get("which", "all")}  # fmt: skip
    return render(request, "people/people_carry_preview.html", context)


def _chosen(found: list[Candidate], only: set[str] | None) -> list[Candidate]:
    able = [each for each in found if not each.why]
    return [each for each in able if (not each.before if only is None else each.person.code in only)]
