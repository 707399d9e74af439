"""The agreement of two people: read, changed clause by clause, signed, compared, printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from introducer_web.agreements import access, pages, services
from introducer_web.agreements.forms import ClauseForm, ReviewForm, SignForm
from introducer_web.lib.errors import DomainError

if TYPE_CHECKING:
    from django.http import HttpRequest

    from introducer_web.people.models import Participant
    from introducer_web.relationships.models import Relationship
    from introducer_web.tenants.models import Society


@require_GET
def agreement_show(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Show what stands, and who signed it."""
    person, found = access.together(request, society, code, relationship)
    return _page(request, person, found)


def _context(person: Participant, relationship: Relationship) -> dict[str, Any]:
    other = relationship.mentee if person.is_mentor else relationship.mentor
    return {
        "society": relationship.society, "person": person, "relationship": relationship, "other": other,
        "lives": relationship.state == relationship.State.ACTIVE,
    }  # fmt: skip


def _page(
    request: HttpRequest, person: Participant, relationship: Relationship, status: int = 200, **forms: Any
) -> HttpResponse:
    version, review = pages.newest_of(relationship), pages.review_of(relationship)
    context = _context(person, relationship)
    context |= {
        "version": version, "mine": version.signed_by(person), "theirs": version.signed_by(context["other"]),
        "review_on": review, "due": review is not None and review <= request.now.date(),
        "formal": person.cohort.program.formal,
        "sign_form": SignForm(initial={"seen": version.number}), "review_form": ReviewForm(),
    } | forms  # fmt: skip
    return render(request, "agreements/agreement_show.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_clause(request: HttpRequest, society: Society, code: str, relationship: str, clause: str) -> HttpResponse:
    """Show a clause, and take what the two say instead. Of two who change it, the second sees what the first made."""
    person, found, _clause = access.clause_for(request, society, code, relationship, clause)
    if request.method != "POST":
        return _clause_page(request, person, found, clause)
    form = ClauseForm(request.POST, stands=_clause.stands)
    if not form.is_valid():
        return _clause_page(request, person, found, clause, form=form, status=422)
    said = form.cleaned_data
    text = None if "leave_out" in request.POST else said["text"].strip()
    try:
        made = services.change_clause(
            relationship=found, clause=clause, text=text, seen=said["seen"], person=person, now=request.now
        )
    except (services.VersionMoved, services.IsOver) as error:
        return _clause_page(request, person, found, clause, typed=said["text"], problem=str(error), status=409)
    except DomainError as error:
        form.add_error("text", str(error))
        return _clause_page(request, person, found, clause, form=form, status=422)
    if made.number != said["seen"]:
        messages.success(request, _("Version %(number)s stands now. Both of you sign it.") % {"number": made.number})
    return redirect("agreement_show", society.slug, code, relationship)


def _clause_page(
    request: HttpRequest, person: Participant, relationship: Relationship, clause: str, form: ClauseForm | None = None,
    typed: str | None = None, problem: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    version = pages.newest_of(relationship)
    said = next(each for each in version.clauses if each.clause.key == clause)
    if form is None:
        standing = said.added if said.clause.stands else said.text
        form = ClauseForm(
            initial={"text": standing if typed is None else typed, "seen": version.number}, stands=said.clause.stands
        )
    context = _context(person, relationship) | {
        "version": version, "said": said, "form": form, "problem": problem,
        "names": [each.name for each in version.signed],
    }  # fmt: skip
    return render(request, "agreements/agreement_clause.html", context, status=status)


@require_POST
def agreement_sign(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Sign the version that the page showed."""
    person, found = access.together(request, society, code, relationship)
    form = SignForm(request.POST)
    if not form.is_valid():
        return _page(request, person, found, status=422, sign_form=form)
    try:
        services.sign(
            relationship=found, name=form.cleaned_data["name"], language=get_language() or "", person=person,
            seen=form.cleaned_data["seen"], now=request.now,
        )  # fmt: skip
    except DomainError as error:
        form = SignForm({"name": form.cleaned_data["name"], "seen": pages.newest_of(found).number})
        form.add_error(None, str(error))
        return _page(request, person, found, status=409, sign_form=form)
    messages.success(request, _("Signed."))
    return redirect("agreement_show", society.slug, code, relationship)


@require_POST
def agreement_review(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Name the day on which the two look at it again."""
    person, found = access.together(request, society, code, relationship)
    form = ReviewForm(request.POST)
    if form.is_valid():
        try:
            services.look_again(relationship=found, on=form.cleaned_data["on"], now=request.now)
        except DomainError as error:
            form.add_error("on", str(error))
        else:
            messages.success(request, _("Noted. Signatures stay."))
            return redirect("agreement_show", society.slug, code, relationship)
    return _page(request, person, found, status=422, review_form=form)


@require_GET
def agreement_versions(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Show every version: who made it, what it changed, who signed it."""
    person, found = access.together(request, society, code, relationship)
    context = _context(person, found) | {"changes": pages.history_of(found)}
    return render(request, "agreements/agreement_versions.html", context)


@require_GET
def agreement_signed(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Show the newest version that both signed, to print; with ``?as=text`` to keep."""
    person, found = access.together(request, society, code, relationship)
    version = pages.signed_of(found)
    if version is None:
        raise Http404
    context = _context(person, found) | {"version": version}
    if request.GET.get("as") == "text":
        text = render_to_string("agreements/agreement.txt", context)
        response = HttpResponse(text, content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="agreement-{version.number}.txt"'
        return response
    context["newest"] = pages.newest_of(found).number
    return render(request, "agreements/agreement_signed.html", context)
