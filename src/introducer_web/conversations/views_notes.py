"""Notes of one of two people, for themselves or for both; and what is kept of a relationship that is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from introducer_web.conversations import access, services
from introducer_web.conversations.forms import NoteForm
from introducer_web.lib.errors import DomainError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.people.models import Participant
    from introducer_web.relationships.models import Relationship
    from introducer_web.tenants.models import Society

#: Notes a page: each may be long.
_PAGE = 10
#: The latest conversations are those that one writes of.
_CONVERSATIONS = 40


@require_http_methods(["GET", "HEAD", "POST"])
def note_list(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Show what a person may read of two people's notes, and take a new one."""
    person, found = access.together(request, society, code, relationship)
    given = _given(found)
    if request.method == "POST":
        form = NoteForm(request.POST, **given)
        if form.is_valid():
            try:
                services.write_note(
                    relationship=found, person=person, text=form.cleaned_data["words"], now=request.now,
                    is_shared=form.cleaned_data["is_shared"], conversation=_chosen(form, given),
                )  # fmt: skip
            except DomainError as error:
                form.add_error("words", str(error))
            else:
                messages.success(request, _kept(form))
                return redirect("note_list", society.slug, code, relationship)
        return _list(request, person, found, form, status=422)
    return _list(request, person, found, NoteForm(initial={"conversation": request.GET.get("about", "")}, **given))


@require_http_methods(["GET", "HEAD", "POST"])
def note_edit(request: HttpRequest, society: Society, code: str, relationship: str, note: str) -> HttpResponse:
    """Change one's own note or who may read it, or delete it."""
    person, lived, found = access.own_note(request, society, code, relationship, note)
    if request.method == "POST" and "remove" in request.POST:
        services.remove_note(note=found)
        messages.success(request, _("Deleted."))
        return redirect("note_list", society.slug, code, relationship)
    can_share = lived.state == lived.State.ACTIVE or found.is_shared
    said: dict[str, Any] = {"words": found.words, "is_shared": "both" if found.is_shared else "me"}
    form = NoteForm(request.POST if request.method == "POST" else None, initial=said, can_share=can_share)
    del form.fields["conversation"]
    stands = ""
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_note(
                note=found, text=form.cleaned_data["words"], is_shared=form.cleaned_data["is_shared"],
                seen=form.cleaned_data["version"] or 0, now=request.now,
            )  # fmt: skip
        except services.ChangedMeanwhile as error:
            form.add_error("words", str(error))
            stands = found.words
        except DomainError as error:
            form.add_error("words", str(error))
        else:
            messages.success(request, _kept(form))
            return redirect("note_list", society.slug, code, relationship)
    # Whoever saves after a warning of another window has seen what stands there, unless it is another warning.
    version = found.version if stands or not form.is_bound else form["version"].value()
    context = {
        "society": society, "person": person, "relationship": lived, "note": found, "form": form, "stands": stands,
        "other": _other(person, lived), "version": version,
    }  # fmt: skip
    return render(request, "conversations/note_edit.html", context, status=422 if form.errors else 200)


@require_GET
def kept_list(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show a person what they wrote in relationships that went with the other one of the two."""
    person = access.own_place(request, society, code)
    notes, letters = access.kept_by(person)
    every = [*notes.select_related("author"), *letters.select_related("author")]
    rows = sorted(every, key=lambda row: row.written_at, reverse=True)
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    return render(request, "conversations/kept_list.html", {"society": society, "person": person, "page": page})


@require_POST
def kept_remove(request: HttpRequest, society: Society, code: str, written: str) -> HttpResponse:
    """Delete a note or a letter that was kept."""
    _person, found = access.own_kept(request, society, code, written)
    services.remove_kept(written=found)
    messages.success(request, _("Deleted."))
    return redirect("kept_list", society.slug, code)


def _given(relationship: Relationship) -> dict[str, Any]:
    return {
        "conversations": list(access.conversations_of(relationship)[:_CONVERSATIONS]),
        "can_share": relationship.state == relationship.State.ACTIVE,
    }


def _chosen(form: NoteForm, given: dict[str, Any]) -> Any:
    code = form.cleaned_data["conversation"]
    return next((each for each in given["conversations"] if each.code == code), None)


def _kept(form: NoteForm) -> str:
    if form.cleaned_data["is_shared"]:
        return _("Kept. Both of you can read it, and nobody else.")
    return _("Kept. You alone can read it.")


def _other(person: Participant, relationship: Relationship) -> Participant:
    return relationship.mentee if person.is_mentor else relationship.mentor


def _list(
    request: HttpRequest, person: Participant, relationship: Relationship, form: NoteForm, status: int = 200
) -> HttpResponse:
    rows = access.notes_between(person, relationship).select_related("author", "conversation")
    page = Paginator(rows.order_by("-written_at", "-pk"), _PAGE).get_page(request.GET.get("page"))
    context = {
        "society": relationship.society, "person": person, "relationship": relationship, "form": form, "page": page,
        "other": _other(person, relationship), "lives": relationship.state == relationship.State.ACTIVE,
    }  # fmt: skip
    return render(request, "conversations/note_list.html", context, status=status)
