"""A coordinator's verbs for what is lived: extend, ask who goes on, end kindly, hand over; the list as a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from introducer_web.accounts.access import require_recent_sign_in
from introducer_web.lib.errors import DomainError
from introducer_web.lib.sheets import neutral_csv
from introducer_web.people.access import participant_in
from introducer_web.programs.access import cohort_for
from introducer_web.relationships import services
from introducer_web.relationships.forms import DeskForm, GoodbyeForm
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import HttpRequest

    from introducer_web.people.models import Participant
    from introducer_web.programs.models import Cohort
    from introducer_web.tenants.models import Society

_PAGE = 100
State = Relationship.State


def relationship_desk(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Extend several relationships, ask their two whether they go on, or end them kindly."""
    cohort = cohort_for(request, society, code)
    rows = (
        Relationship.objects.filter(cohort=cohort, state=State.ACTIVE)
        .select_related("mentee__user", "mentor__user").prefetch_related("renewals")
        .order_by("until", "mentee__user__name", "pk")
    )  # fmt: skip
    form = DeskForm(request.POST or None, initial={"until": cohort.ends})
    ticked = set(request.POST.getlist("relationship"))
    context: dict[str, Any] = {"cohort": cohort, "form": form, "ticked": ticked, "now": request.now}
    if request.method == "POST" and form.is_valid():
        only = None if request.POST.get("which") == "all" else ticked
        answer = _act(request, society, cohort, form.cleaned_data, only, context)
        if answer is not None:
            return answer
    context["page"] = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    return render(request, "relationships/desk.html", context, status=422 if form.errors else 200)


def _act(
    request: HttpRequest, society: Society, cohort: Cohort, said: dict[str, Any], only: Collection[str] | None,
    context: dict[str, Any],
) -> HttpResponse | None:  # fmt: skip
    """Do what was pressed; an end is shown first, as both would read it. None: the page is shown again."""
    form, what = context["form"], said["what"]
    given = {"cohort": cohort, "by": request.user, "now": request.now, "only": only}
    here = reverse("relationship_desk", args=[society.slug, cohort.code])
    try:
        if what == "look":
            chosen = Relationship.objects.filter(cohort=cohort, state=State.ACTIVE)
            chosen = chosen if only is None else chosen.filter(code__in=only)
            first = chosen.select_related("society", "cohort__program", "mentee__user", "mentor__user").first()
            if first is None:
                raise services.NothingChosen(_("Choose relationships that both agreed to and that have not ended."))
            context |= {"mails": services.end_mails(first, said["words"]), "n": chosen.count()}
            context["which"] = "all" if only is None else "ticked"
            return None
        if what == "end":
            require_recent_sign_in(request, here)
            n = services.end_several(**given, words=said["words"])
            told = ngettext(
                "%(n)s relationship ended. Both are told.", "%(n)s relationships ended. Both of each are told.", n
            )
        elif what == "extend":
            n = services.extend(**given, until=said["until"])
            told = ngettext("%(n)s relationship is extended. Both are told.",
                            "%(n)s relationships are extended. Both of each are told.", n)  # fmt: skip
        else:
            n = services.ask_on(**given, until=said["until"])
            told = ngettext("The two of %(n)s relationship are asked.", "The two of %(n)s relationships are asked.", n)
    except DomainError as error:
        form.add_error(None, str(error))
        return None
    messages.success(request, told % {"n": n})
    return redirect(here)


def mentor_hand_over(request: HttpRequest, society: Society, code: str, person: str) -> HttpResponse:
    """Hand the mentees of a mentor who leaves over to others: see who could, what each is told, then do it."""
    cohort, mentor = participant_in(request, society, code, person)
    if request.POST.get("what") == "do":
        require_recent_sign_in(request, reverse("mentor_hand_over", args=[society.slug, code, person]))
    rows = services.takers(mentor, request.now) if mentor.is_mentor else []
    form = GoodbyeForm(request.POST or None)
    said = {row.code: request.POST.get(f"to:{row.code}", "") for row, _able in rows}
    chosen = {name: "" if to == "end" else to for name, to in said.items() if to}
    context: dict[str, Any] = {"cohort": cohort, "mentor": mentor, "form": form}
    if request.method == "POST" and form.is_valid():
        goodbye = form.cleaned_data["goodbye"]
        if not chosen:
            form.add_error(None, _("Choose what becomes of at least one mentee."))
        elif request.POST.get("what") == "do":
            return _hand_over(request, society, mentor, chosen, goodbye)
        else:
            context["mails"] = _mails(rows, chosen, goodbye)
    context["rows"] = [(row, able, said[row.code]) for row, able in rows]
    return render(request, "relationships/hand_over.html", context, status=422 if form.errors else 200)


def _mails(
    rows: list[tuple[Relationship, list[Participant]]], chosen: dict[str, str], goodbye: str
) -> list[tuple[Relationship, list[dict[str, str]]]]:
    shown = []
    for row, able in rows:
        if row.code in chosen:
            to = next((each for each in able if each.code == chosen[row.code]), None)
            shown.append((row, services.hand_over_mails(row, to, goodbye)))
    return shown


def _hand_over(
    request: HttpRequest, society: Society, mentor: Participant, chosen: dict[str, str], goodbye: str
) -> HttpResponse:
    try:
        services.hand_over(mentor=mentor, to=chosen, by=request.user, now=request.now, goodbye=goodbye)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("mentor_hand_over", society.slug, mentor.cohort.code, mentor.code)
    messages.success(request, _("Handed over. Everybody is told, and the introductions are on their way."))
    return redirect("relationship_list", society.slug, mentor.cohort.code)


@require_GET
def relationship_sheet(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Hand the relationships of a cohort out as a sheet: who, state and days, and nothing of what they say."""
    cohort = cohort_for(request, society, code)
    rows = (
        Relationship.objects.filter(cohort=cohort)
        .select_related("mentee__user", "mentor__user").order_by("mentee__user__name", "mentor__user__name", "pk")
    )  # fmt: skip
    head = [_("Mentee"), _("Address of the mentee"), _("Mentor"), _("Address of the mentor"), _("State"), _("Began"),
            _("Last conversation"), _("Meant to last until"), _("Ended")]  # fmt: skip
    table = []
    for row in rows:
        mentee, mentor = row.mentee.user, row.mentor.user
        days = (row.began_at, row.last_contact_on, row.until or cohort.ends, row.ended_at)
        table.append([mentee.name, mentee.email, mentor.name, mentor.email, row.get_state_display(), *map(_day, days)])
    response = HttpResponse(neutral_csv([head, *table]).encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="relationships.csv"'
    return response


def _day(when: Any) -> str:
    return date_format(when, "Y-m-d") if when else ""
