"""A person's account: what is kept, a copy of it, and the way to be forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from introducer_web.accounts.access import require_recent_sign_in
from introducer_web.site import subject
from introducer_web.site.access import places_of

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["my_delete", "my_download", "my_pages"]


class DeleteForm(forms.Form):
    """The own address once more, so that nobody deletes by accident."""

    email = forms.EmailField(label=gettext_lazy("Type your e-mail address to delete everything"))


@require_GET
@login_required
def my_pages(request: HttpRequest) -> HttpResponse:
    """Show what an account is, and what can be done with it."""
    places = places_of(request.user)
    helps = list(dict.fromkeys(place.society for place in places))
    return render(request, "site/my_pages.html", {"all_places": places, "helps": helps, "form": DeleteForm()})


@require_POST
def my_download(request: HttpRequest) -> HttpResponse:
    """Hand out a copy of all that is kept."""
    require_recent_sign_in(request, reverse("my_pages"))
    response = HttpResponse(subject.export_person(request.user, request.now), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    return response


@require_POST
def my_delete(request: HttpRequest) -> HttpResponse:
    """Forget the person."""
    require_recent_sign_in(request, reverse("my_pages"))
    form = DeleteForm(request.POST)
    if not form.is_valid() or form.cleaned_data["email"].casefold() != request.user.email:
        messages.error(request, _("That is not the address of this account. Nothing was deleted."))
        return redirect("my_pages")
    user = request.user
    logout(request)
    subject.erase_person(user, now=request.now)
    messages.success(request, _("Everything of yours was deleted. In backups it is gone when they run out."))
    return redirect("home")
