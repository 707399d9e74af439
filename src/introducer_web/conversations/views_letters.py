"""What two people write to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from introducer_web.conversations import access, services
from introducer_web.conversations.forms import LetterForm
from introducer_web.lib.errors import DomainError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.people.models import Participant
    from introducer_web.relationships.models import Relationship
    from introducer_web.tenants.models import Society

#: Letters a page: each may be long.
_PAGE = 15


@require_http_methods(["GET", "HEAD", "POST"])
def letter_list(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Show what two people wrote to each other, the latest first, and take a new letter. Reading changes nothing."""
    person, found = access.together(request, society, code, relationship)
    form = LetterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.write_letter(relationship=found, person=person, text=form.cleaned_data["words"], now=request.now)
        except DomainError as error:
            form.add_error("words", str(error))
        else:
            _read(request, person, found)
            messages.success(request, _("Sent."))
            return redirect("letter_list", society.slug, code, relationship)
    return _page(request, person, found, form)


@require_POST
def letters_read(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Note that a person has read what is new, up to the letter that they had before them."""
    person, found = access.together(request, society, code, relationship)
    _read(request, person, found)
    return redirect("letter_list", society.slug, code, relationship)


@require_POST
def letter_back(request: HttpRequest, society: Society, code: str, relationship: str, letter: str) -> HttpResponse:
    """Take back a letter that was not read yet."""
    person, _lived, found = access.own_letter(request, society, code, relationship, letter)
    try:
        services.take_back_letter(letter=found, person=person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Taken back."))
    return redirect("letter_list", society.slug, code, relationship)


def _read(request: HttpRequest, person: Participant, relationship: Relationship) -> None:
    upto = access.letters_between(relationship).filter(code=request.POST.get("upto", "")).first()
    if upto is not None:
        services.mark_read(relationship=relationship, person=person, upto=upto, now=request.now)


def _page(request: HttpRequest, person: Participant, relationship: Relationship, form: LetterForm) -> HttpResponse:
    rows = access.letters_between(relationship).select_related("author").order_by("-pk")
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    other = relationship.mentee if person.is_mentor else relationship.mentor
    shown = list(page)
    context = {
        "society": relationship.society, "person": person, "relationship": relationship, "form": form, "page": page,
        "letters": shown, "other": other, "lives": services.may_write(relationship),
        "upto": shown[0].code if shown else "",
        "new": sum(each.read_at is None and each.author_id == other.pk for each in shown),
    }  # fmt: skip
    return render(request, "conversations/letter_list.html", context, status=422 if form.errors else 200)
