"""What was done in a society, for its coordinators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render

from introducer_web.audit.models import Entry
from introducer_web.audit.services import broken_at
from introducer_web.tenants.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.tenants.models import Society

__all__ = ["show_audit"]


def show_audit(request: HttpRequest, society: Society) -> HttpResponse:
    """Show the record, the newest first. The caller has checked who asks."""
    entries = Entry.objects.filter(society=society).order_by("-number")
    act = request.GET.get("act", "")
    acts = list(entries.order_by("act").values_list("act", flat=True).distinct())
    chosen = entries.filter(act=act) if act in acts else entries
    page = Paginator(chosen, 100).get_page(request.GET.get("page"))
    names = {user.code: str(user) for user in User.objects.filter(code__in={entry.by for entry in page})}
    context = {"page": page, "names": names, "acts": acts, "act": act, "broken_at": broken_at(society),
               "query": f"act={act}" if act else ""}  # fmt: skip
    return render(request, "audit/audit_list.html", context)
