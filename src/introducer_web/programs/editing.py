"""Editing a row that others may be editing at the same moment: one wins, the other is shown what stands now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.utils.translation import gettext as _

from introducer_web.lib.errors import DomainError
from introducer_web.programs.services import state_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import ModelForm
    from django.http import HttpRequest

__all__ = ["Editing", "edit"]


@dataclass(frozen=True)
class Editing:
    """What came of it.

    Attributes
    ----------
    form : ModelForm
        What the page shows.
    seen : str
        Digest of the row that the form was made from; the page sends it back.
    status : int
        302: saved. 200: the form, for the first time or with what is wrong. 409: somebody else was first.
    """

    form: ModelForm[Any]
    seen: str
    status: int


def edit(request: HttpRequest, row: Any, form_class: Any, save: Callable[..., Any]) -> Editing:
    """Show the form of a row, or save what was posted by ``save(row, **fields)``."""
    fields = form_class.Meta.fields
    if request.method != "POST":
        return Editing(form_class(instance=row), state_of(row, fields), 200)
    with transaction.atomic():
        row = type(row).objects.select_for_update().get(pk=row.pk)
        seen = state_of(row, fields)
        if request.POST.get("seen", "") != seen:
            messages.error(request, _("Somebody changed this meanwhile. What stands now is below; decide again."))
            return Editing(form_class(instance=row), seen, 409)
        form = form_class(request.POST, instance=row)
        if form.is_valid():
            try:
                with transaction.atomic():
                    save(row, **form.cleaned_data)
            except DomainError as error:
                form.add_error("name", str(error))
            else:
                return Editing(form, seen, 302)
        return Editing(form, seen, 200)
