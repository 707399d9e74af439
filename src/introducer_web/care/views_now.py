"""What needs a coordinator now, and writing again to two people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from introducer_web.care import services
from introducer_web.care.now import sections_of
from introducer_web.lib.errors import DomainError
from introducer_web.programs.access import cohort_for
from introducer_web.relationships.access import relationship_for

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.tenants.models import Society

#: Rows of a kind on the page of all kinds, and on a page of its own.
_FIRST, _PAGE = 5, 60


@require_GET
def care_now(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show what needs somebody now: of each kind the oldest, or all of one kind by pages."""
    cohort = cohort_for(request, society, code)
    rungs = services.rungs_of(cohort)
    found = sections_of(society, cohort, request.now, rungs)
    total = sum(len(section.rows) for section in found)
    chosen = next((section for section in found if section.key == request.GET.get("kind")), None)
    page = Paginator(chosen.rows, _PAGE).get_page(request.GET.get("page")) if chosen else None
    shown = [(section, section.rows[:_FIRST], max(len(section.rows) - _FIRST, 0)) for section in found]
    if chosen and page is not None:
        shown = [(chosen, list(page.object_list), 0)]
    context = {
        "cohort": cohort, "sections": found, "shown": shown, "total": total, "chosen": chosen, "page": page,
        "query": f"kind={chosen.key}" if chosen else "", "ladder": services.ladder_of(rungs),
    }  # fmt: skip
    return render(request, "care/now.html", context)


@require_POST
def care_write(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Write again to whoever of the two something waits for."""
    found = relationship_for(request, society, code, relationship)
    try:
        written = services.write_again(relationship=found, by=request.user, now=request.now)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        names = _(" and ").join(str(each.person.user) for each in written)
        messages.success(request, _("A reminder to %(names)s leaves by day, where they are.") % {"names": names})
    return redirect("care_now", society.slug, code)
