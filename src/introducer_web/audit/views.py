"""What was done in a society, for its coordinators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render

from introducer_web.audit.models import Entry
from introducer_web.audit.services import broken_at
from introducer_web.tenants.models import User

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from django.http import HttpRequest, HttpResponse

    from introducer_web.tenants.models import Society

__all__ = ["show_audit"]

#: Acts of one of two people; which of them is not said.
_OF_TWO = frozenset(
    f"{app}.{verb}"
    for app, verbs in {
        "conversations": ("confirm", "log", "take_back"),
        "relationships": ("continue", "end", "say_on", "undo_end"),
    }.items()
    for verb in verbs
)


def show_audit(
    request: HttpRequest, society: Society, named: Callable[[Collection[str]], Mapping[str, str]]
) -> HttpResponse:
    """Show the record, the newest first. The caller has checked who asks.

    Parameters
    ----------
    named : callable
        Returns, for codes of what was acted on, what they stand for: the tables are not known here.
    """
    entries = Entry.objects.filter(society=society).order_by("-number")
    act = request.GET.get("act", "")
    acts = list(entries.order_by("act").values_list("act", flat=True).distinct())
    chosen = entries.filter(act=act) if act in acts else entries
    page = Paginator(chosen, 100).get_page(request.GET.get("page"))
    names = {user.code: str(user) for user in User.objects.filter(code__in={entry.by for entry in page})}
    subjects = named({entry.subject for entry in page if entry.subject})
    context = {"page": page, "names": names, "subjects": subjects, "acts": acts, "act": act,
               "broken_at": broken_at(society), "of_two": _OF_TWO, "query": f"act={act}" if act else ""}  # fmt: skip
    return render(request, "audit/audit_list.html", context)
