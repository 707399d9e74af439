"""What a few changes of a proposal would buy, for coordinators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from introducer_web.matching import frontier, proofs
from introducer_web.matching.asked import asked_in
from introducer_web.matching.models import MatchRun, Tie
from introducer_web.people.models import Participant, Role

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

__all__ = ["changes_page"]

#: So many people are listed of a number of changes.
_LISTED = 60


def changes_page(request: HttpRequest, run: MatchRun) -> HttpResponse:
    """Show what numbers of changes would buy, and whose team the chosen number would change."""
    rows = frontier.point_rows(run)
    asked = request.GET.get("changes", "")
    known = {str(row.changes): row.changes for row in rows}
    chosen = known.get(asked, frontier.suggested(rows))
    names: dict[str, tuple[str, str]] = {}
    for person in Participant.objects.filter(cohort=run.cohort).select_related("user"):
        code = person.code if person.role == Role.MENTEE else names.get(person.user.code, ("",))[0]
        names[person.user.code] = (code, str(person.user))
    moved = frontier.moved_rows(run, chosen, names)
    newest = (
        MatchRun.objects.filter(cohort=run.cohort, state=MatchRun.State.DONE, kind=MatchRun.Kind.PROPOSAL)
        .order_by("-number").values_list("pk", flat=True).first()
    )  # fmt: skip
    context = {
        "cohort": run.cohort, "run": run, "rows": rows, "chosen": chosen,
        "point": next((row for row in rows if row.changes == chosen), None), "moved": moved[:_LISTED],
        "more": len(moved) - _LISTED, "whole": rows[-1].gain if rows else 0.0,
        "picture": frontier.drawn(rows, chosen) if len(rows) > 1 else "",
        "held": Tie.objects.filter(run=run, kept=True).count(), "current": newest == run.previous_id,
        "early": run.summary.get("early", False), "said": proofs.of_run(run),
        "asked": asked_in(run.cohort),
    }  # fmt: skip
    return render(request, "matching/changes_show.html", context)
