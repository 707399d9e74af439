"""Runs and their review, for coordinators."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from introducer_web.accounts.access import require_recent_sign_in
from introducer_web.audit import services as audit
from introducer_web.lib import engine
from introducer_web.lib.errors import DomainError
from introducer_web.lib.http import way_back
from introducer_web.matching import access, pages, proofs, services, spreads
from introducer_web.matching.asked import asked_in
from introducer_web.matching.forms import CapacityForm, OrderForm
from introducer_web.matching.models import Constellation, MatchRun, Tie
from introducer_web.matching.views_changes import changes_page
from introducer_web.matching.views_trials import trial_page
from introducer_web.people.models import Participant, Role
from introducer_web.programs.access import cohort_for

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import HttpRequest

    from introducer_web.tenants.models import Society

_PAGE = 20


@require_GET
def run_list(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show the runs of a cohort, the newest first."""
    cohort = cohort_for(request, society, code)
    runs = (
        MatchRun.objects.filter(cohort=cohort)
        .select_related("requested_by")
        .defer("sealed_folder", "sealed_outcome")
        .order_by("-number")
    )
    page = Paginator(runs, _PAGE).get_page(request.GET.get("page"))
    newest = next(
        (run for run in page if run.state == MatchRun.State.DONE and run.kind == MatchRun.Kind.PROPOSAL), None
    )
    return render(request, "matching/run_list.html", {"cohort": cohort, "page": page, "newest": newest})


@require_GET
def run_review(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Lead to the newest run that is under way or done, or to the list of runs."""
    cohort = cohort_for(request, society, code)
    living = (MatchRun.State.QUEUED, MatchRun.State.RUNNING, MatchRun.State.DONE)
    proposals = MatchRun.objects.filter(cohort=cohort, state__in=living, kind=MatchRun.Kind.PROPOSAL)
    run = proposals.order_by("-number").values_list("code", flat=True).first()
    return redirect("run_show", society.slug, code, run) if run else redirect("run_list", society.slug, code)


@require_GET
def run_show(request: HttpRequest, society: Society, code: str, run: str) -> HttpResponse:
    """Show a run: how far it is, or its review with the least covered mentee first."""
    found = access.run_for(request, society, code, run)
    context: dict[str, Any] = {"cohort": found.cohort, "run": found}
    if found.state != MatchRun.State.DONE:
        refusal = spreads.refusal_of(found) if found.state == MatchRun.State.INFEASIBLE else None
        return render(request, "matching/run_progress.html", context | {"refusal": refusal})
    if found.kind == MatchRun.Kind.TRIAL:
        return trial_page(request, found)
    if found.kind == MatchRun.Kind.CHANGES:
        return changes_page(request, found)
    given = {name: request.GET.get(name, "").strip() for name in ("q", "show")}
    rows = pages.sought(found, given["q"], given["show"])
    paginator = Paginator(pages.constellations_by_need(found).filter(rows), _PAGE)
    counts = pages.counts(found, rows)
    paginator.count = counts["sought"]
    page = paginator.get_page(request.GET.get("page"))
    told = {*found.summary.get("regrets", {}), *found.summary.get("by_floor", {})}
    mentors, named = _mentors_and(found, told)
    ties = pages.ties_of(found, [row.mentee_id for row in page])
    loads = pages.loads(found, mentors)
    earlier = (
        MatchRun.objects.filter(cohort=found.cohort, state=MatchRun.State.DONE, number__lt=found.number)
        .exclude(kind=MatchRun.Kind.CHANGES)
        .only("code", "number", "kind", "cohort")
        .order_by("-number")[:10]
    )
    context |= {
        "page": page, "given": given, "query": urlencode({name: said for name, said in given.items() if said}),
        "shows": [(name, label) for name, (label, _rows) in pages.SHOWS.items()],
        "shown": pages.review_rows(found, page, ties), "loads": loads,
        "orders": pages.orders_of(found, ties), "asked": asked_in(found.cohort),
        "earlier": earlier, "supply": found.summary.get("supply", []),
        "counts": counts, "apart": counts["every"] - counts["part"],
        "proof": proofs.proof_of(found), "said": proofs.sentence(found), "spread": spreads.spread_card(found, named),
        "left": proofs.most_left(found, named), "dear": proofs.where_a_seat_helps(found, mentors),
        "busy": sum(row.load > 0 for row in loads), "mean": _mean([row.load for row in loads if row.load]),
    }  # fmt: skip
    return render(request, "matching/run_show.html", context)


def _mentors(run: MatchRun) -> list[Participant]:
    return list(Participant.objects.filter(cohort=run.cohort, role=Role.MENTOR).select_related("user"))


def _mentors_and(run: MatchRun, mentees: Collection[str]) -> tuple[list[Participant], dict[str, Participant]]:
    """Return the mentors, and some mentees by the code of the user: one query, since a review has many."""
    asked = Q(role=Role.MENTOR) | Q(role=Role.MENTEE, user__code__in=mentees)
    people = Participant.objects.filter(asked, cohort=run.cohort).select_related("user")
    apart: dict[str, list[Participant]] = {Role.MENTOR: [], Role.MENTEE: []}
    for person in people:
        apart[person.role].append(person)
    return apart[Role.MENTOR], {mentee.user.code: mentee for mentee in apart[Role.MENTEE]}


def _mentor_names(run: MatchRun) -> dict[str, str]:
    return {person.code: str(person.user) for person in _mentors(run)}


def _mean(numbers: list[int]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0


@require_POST
def run_stop(request: HttpRequest, society: Society, code: str, run: str) -> HttpResponse:
    """Stop a run, and take what it has where that was asked for."""
    found = access.run_for(request, society, code, run)
    try:
        services.stop_run(run=found, by=request.user, now=request.now, keep="keep" in request.POST)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("run_show", society.slug, code, run)


@require_GET
def constellation_show(request: HttpRequest, society: Society, code: str, run: str, mentee: str) -> HttpResponse:
    """Show one mentee's constellation: the picture, the same facts, the numbers, who else could be here."""
    found = access.constellation_for(request, society, code, run, mentee)
    ties = list(Tie.objects.filter(run=found.run, mentee=found.mentee).select_related("mentor__user").order_by("pk"))
    mentors = [tie.mentor for tie in ties]
    directions, stars = pages.as_drawn(found, mentors)
    names = _mentor_names(found.run)
    others = [
        {"code": other["mentor"], "name": names[other["mentor"]], "leaves": names.get(other["leaves"], ""),
         "cost": other["cost"]}
        for other in found.others if other["mentor"] in names
    ]  # fmt: skip
    orders = [pair for pair in pages.orders_of(found.run) if pair[0].mentee_id == found.mentee_id]
    context = {
        "cohort": found.run.cohort, "run": found.run, "found": found, "ties": ties, "others": others,
        "ordered": {order.mentor.code: order.kind for order, _cost in orders},
        "needs": pages.needs_of(found, names),
        "mentors": sorted(names.items(), key=lambda item: item[1]),
        "words": pages.in_language(found.words.get("coordinator", "")),
        "picture": engine.picture(directions, stars, _("%(covered)s of %(asked)s open needs covered")
                                  % {"covered": found.covered, "asked": found.asked}),
        "orders": orders,
    }  # fmt: skip
    return render(request, "matching/constellation_show.html", context)


def order_list(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show the pins and vetoes of a cohort; take a new one."""
    cohort = cohort_for(request, society, code)
    if request.method == "POST":
        return _order(request, society, code)
    run = (
        MatchRun.objects.filter(cohort=cohort, state=MatchRun.State.DONE, kind=MatchRun.Kind.PROPOSAL)
        .defer("sealed_folder", "sealed_outcome").order_by("-number").first()
    )  # fmt: skip
    orders = pages.orders_of(run or MatchRun(cohort=cohort, society=society))
    people = Participant.objects.filter(cohort=cohort, state=Participant.State.ACTIVE).select_related("user")
    people = people.order_by("user__name", "pk")
    context = {
        "cohort": cohort, "orders": orders, "run": run,
        "mentees": [each for each in people if each.role == Role.MENTEE],
        "mentors": [each for each in people if each.role == Role.MENTOR],
    }  # fmt: skip
    return render(request, "matching/order_list.html", context)


def _order(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    cohort = cohort_for(request, society, code)
    form = OrderForm(request.POST)
    if form.is_valid():
        mentee = access.person_for(cohort, request.POST.get("mentee", ""), Role.MENTEE)
        mentor = access.person_for(cohort, form.cleaned_data["mentor"], Role.MENTOR)
        try:
            order = services.order_tie(
                kind=form.cleaned_data["kind"], mentee=mentee, mentor=mentor, words=form.cleaned_data["words"],
                by=request.user, now=request.now,
            )  # fmt: skip
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("%(mentor)s is %(kind)s for %(mentee)s from the next run on.") % {
                "mentor": mentor.user, "kind": order.get_kind_display(), "mentee": mentee.user})  # fmt: skip
    else:
        messages.error(request, _("Choose what to order, and a mentor."))
    run = request.POST.get("run", "")
    if run and form.is_valid():
        return redirect("constellation_show", society.slug, code, run, request.POST.get("mentee", ""))
    return redirect(way_back(request, reverse("order_list", args=[society.slug, code])))


@require_POST
def order_lift(request: HttpRequest, society: Society, code: str, order: str) -> HttpResponse:
    """Lift a pin or a veto."""
    found = access.order_for(request, society, code, order)
    services.lift_order(order=found, by=request.user, now=request.now)
    messages.success(request, _("Lifted, from the next run on."))
    return redirect(way_back(request, reverse("order_list", args=[society.slug, code])))


@require_POST
def mentor_capacity(request: HttpRequest, society: Society, code: str, mentor: str) -> HttpResponse:
    """Set a mentor's seats."""
    found = access.person_for(cohort_for(request, society, code), mentor, Role.MENTOR)
    form = CapacityForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give a number of seats from 0 to 20."))
    else:
        try:
            services.set_capacity(mentor=found, by=request.user, now=request.now, **form.cleaned_data)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("%(mentor)s has %(seats)s seats from the next run on.") % {
                "mentor": found.user, "seats": form.cleaned_data["capacity"]})  # fmt: skip
    return redirect(way_back(request, reverse("run_review", args=[society.slug, code])))


@require_GET
def run_sky(request: HttpRequest, society: Society, code: str, run: str) -> HttpResponse:
    """Show the whole cohort as one picture."""
    found = access.finished_run_for(request, society, code, run)
    rows = list(Constellation.objects.filter(run=found, note="").select_related("mentee__user").order_by("pk"))
    mentees = [(str(row.mentee.user), row.size, row.asked - row.covered) for row in rows]
    mentors = [(str(row.mentor.user), row.load, row.capacity) for row in pages.loads(found, _mentors(found))]
    context = {
        "cohort": found.cohort, "run": found, "skies": engine.skies(mentees, mentors),
        "open": sorted(Counter(missing for _name, _size, missing in mentees).items()),
        "free": sorted(Counter(max(0, most - load) for _name, load, most in mentors).items()),
    }  # fmt: skip
    return render(request, "matching/run_sky.html", context)


@require_POST
def run_export(request: HttpRequest, society: Society, code: str, run: str) -> HttpResponse:
    """Hand out the folders that ``introducer match`` replays and ``introducer verify`` checks."""
    found = access.finished_run_for(request, society, code, run)
    require_recent_sign_in(request, reverse("run_show", args=[society.slug, code, run]))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder, files in (("cohort", found.folder), ("outcome", found.outcome)):
            for name, text in files.items():
                archive.writestr(f"{folder}/{name}", text)
    audit.record(
        society=society, by=request.user, act="matching.export", subject=found.code, now=request.now,
        words=f"Downloaded the whole folder of match run {found.number}, wishes and conflicts included.",
    )  # fmt: skip
    response = HttpResponse(packed.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="run-{found.number}.zip"'
    return response
