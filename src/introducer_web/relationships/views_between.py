"""What two people are for each other: roles and domains, said by either, read by both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from introducer_web.lib.errors import DomainError
from introducer_web.relationships import access, services
from introducer_web.relationships.forms_organic import RolesForm
from introducer_web.relationships.models import Relationship
from introducer_web.relationships.pages_between import said_lines, said_of
from introducer_web.relationships.vocabulary import open_names, words_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.tenants.models import Society


@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Show two people what each of them says, and let one of them say it."""
    person, found = access.together(request, society, code, relationship)
    words = words_of(person.cohort.program_id)
    mine, theirs = said_of(found, person)
    # A sensitive domain stands with the others until one of the two names it: the other may not know that it was asked.
    first = {key.partition(".")[0] for key in open_names(words, found.needs)} | {*mine["domains"], *theirs["domains"]}
    form = RolesForm(request.POST if request.method == "POST" else None, words=words, first=first, initial=mine)
    if request.method == "POST" and form.is_valid():
        try:
            services.say_roles(relationship=found, person=person, now=request.now, **form.cleaned_data)
        except DomainError as error:
            form.add_error("roles", str(error))
        else:
            messages.success(request, _("Noted. Both of you read it, and nobody else."))
            return redirect("roles", society.slug, code, relationship)
    held, about = said_lines(mine, theirs, words)
    context = {
        "society": society, "person": person, "relationship": found, "form": form, "held": held, "about": about,
        "other": found.mentee if person.is_mentor else found.mentor,
        "lives": found.state == Relationship.State.ACTIVE,
    }  # fmt: skip
    return render(request, "relationships/roles.html", context, status=422 if form.errors else 200)
