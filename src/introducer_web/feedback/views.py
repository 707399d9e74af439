"""How it goes between two people: said for oneself, and told the other one where somebody wants to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from introducer_web.feedback import access, services
from introducer_web.feedback.forms import STARTERS, GiveForm, TellForm
from introducer_web.feedback.models import Feedback
from introducer_web.lib.errors import DomainError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.people.models import Participant
    from introducer_web.relationships.models import Relationship
    from introducer_web.tenants.models import Society

#: Each may be long.
_PAGE = 8


@require_http_methods(["GET", "HEAD", "POST"])
def feedback_list(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Ask how it goes, show what one said before and what the other one told."""
    person, found = access.together(request, society, code, relationship)
    mine = access.of_two(found).filter(author=person)
    last = mine.order_by("-given_at", "-pk").first()
    seen = last.code if last is not None else ""
    form = GiveForm(request.POST if request.method == "POST" else None, initial={"seen": seen})
    if request.method == "POST" and form.is_valid():
        try:
            return _take(request, person, found, form)
        except DomainError as error:
            form.add_error(None, str(error))
    told = access.told_to(person, found).order_by("-told_at", "-pk")
    page = Paginator(mine.filter(left_out=False).select_related("author").order_by("-given_at", "-pk"), _PAGE).get_page(
        request.GET.get("page")
    )
    other = found.mentee if person.is_mentor else found.mentor
    context = {
        "society": society, "person": person, "relationship": found, "other": other, "form": form, "page": page,
        "rows": [(row, said(row)) for row in page], "told": list(told[:_PAGE]),
        "due": services.is_due(
            relationship=found, last=last.given_at if last is not None else None, now=request.now
        ),
        "seen": seen,
    }  # fmt: skip
    return render(request, "feedback/feedback_list.html", context, status=422 if form.errors else 200)


def _take(request: HttpRequest, person: Participant, found: Relationship, form: GiveForm) -> HttpResponse:
    where = [found.society.slug, person.code, found.code]
    given = {name: form.cleaned_data[name] for name in ("useful", "helped", "different", "goes_on")}
    asked = {"relationship": found, "person": person, "seen": form.cleaned_data["seen"], "now": request.now}
    if "later" in request.POST:
        services.leave_out(**asked)
        messages.success(request, _("Good. You are asked again in three months."))
        return redirect("feedback_list", *where)
    kept = services.give(said=given, **asked)
    messages.success(request, _("Kept. You alone can read it."))
    return redirect("feedback_show", *where, kept.code)


def said(row: Feedback) -> dict[str, Any]:
    """Return what somebody said, as it is shown to them."""
    words = row.words
    return words | {
        "useful": Feedback.Useful(words["useful"]).label if "useful" in words else "",
        "goes_on": Feedback.GoesOn(words["goes_on"]).label if "goes_on" in words else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
def feedback_show(request: HttpRequest, society: Society, code: str, relationship: str, feedback: str) -> HttpResponse:
    """Show what one said once; tell the other one something of it, take that back, or delete it."""
    person, lived, found = access.own_feedback(request, society, code, relationship, feedback)
    form = TellForm(initial={"words": found.told or services.draft(found.words)})
    if request.method == "POST":
        where = [society.slug, code, relationship]
        if "remove" in request.POST:
            services.remove(feedback=found)
            messages.success(request, _("Deleted."))
            return redirect("feedback_list", *where)
        try:
            if "back" in request.POST:
                services.untell(feedback=found)
                messages.success(request, _("Taken back."))
                return redirect("feedback_show", *where, found.code)
            form = TellForm(request.POST)
            if form.is_valid():
                services.tell(feedback=found, text=form.cleaned_data["words"], now=request.now)
                messages.success(request, _("Told. Until it is read, you can change it or take it back."))
                return redirect("feedback_show", *where, found.code)
        except DomainError as error:
            if not form.is_bound:
                messages.error(request, str(error))
                return redirect("feedback_show", *where, found.code)
            form.add_error("words", str(error))
    context = {
        "society": society, "person": person, "relationship": lived, "row": found, "said": said(found), "form": form,
        "other": lived.mentee if person.is_mentor else lived.mentor, "starters": STARTERS,
        "lives": lived.state == lived.State.ACTIVE,
    }  # fmt: skip
    return render(request, "feedback/feedback_show.html", context, status=422 if form.errors else 200)


@require_POST
def feedback_read(request: HttpRequest, society: Society, code: str, relationship: str, told: str) -> HttpResponse:
    """Note that one has read what the other one told."""
    _person, _lived, found = access.told_to_me(request, society, code, relationship, told)
    services.mark_read(feedback=found, now=request.now)
    return redirect("feedback_list", society.slug, code, relationship)


@require_GET
def feedback_mine(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show a person all that they said in this place, of relationships that are gone too."""
    person = access.own_place(request, society, code)
    rows = access.given_by(person).select_related(
        "author", "relationship__mentee__user", "relationship__mentor__user"
    ).order_by("-given_at", "-pk")  # fmt: skip
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    context = {
        "society": society, "person": person, "page": page,
        "rows": [(row, said(row), _other(person, row.relationship)) for row in page],
    }  # fmt: skip
    return render(request, "feedback/feedback_mine.html", context)


def _other(person: Participant, relationship: Relationship | None) -> Participant | None:
    if relationship is None:
        return None
    return relationship.mentee if person.is_mentor else relationship.mentor


@require_POST
def feedback_remove(request: HttpRequest, society: Society, code: str, feedback: str) -> HttpResponse:
    """Delete what one said of a relationship that is gone."""
    found = access.kept_of(request, society, code, feedback)
    services.remove(feedback=found)
    messages.success(request, _("Deleted."))
    return redirect("feedback_mine", society.slug, code)
