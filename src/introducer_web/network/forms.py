"""What a mentee says of one of their people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["RATINGS", "SayForm"]

#: How close somebody is, in the mentee's own view.
RATINGS = {
    1: _("hardly"),
    2: _("a little"),
    3: _("fairly close"),
    4: _("close"),
    5: _("very close"),
}


class SayForm(forms.Form):
    """How close somebody is, and whom of the others they know."""

    close = forms.TypedChoiceField(
        label=_("How close are you?"), required=False, coerce=int, empty_value=None, widget=forms.RadioSelect,
        choices=[("", _("I would rather not say")), *RATINGS.items()],
    )  # fmt: skip
    knows = forms.MultipleChoiceField(
        label=_("Who of the others do they know?"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Once you tick anybody, whoever is not ticked counts as not known to them."),
    )  # fmt: skip
    nobody = forms.BooleanField(label=_("They know none of the others"), required=False)

    def __init__(self, data: Any = None, *, others: Iterable[tuple[str, str]], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["knows"].choices = list(others)
        if not self.fields["knows"].choices:
            del self.fields["knows"], self.fields["nobody"]

    @property
    def said_knows(self) -> list[str] | None:
        """Whom they know; None where nothing is said of it."""
        ticked: list[str] = self.cleaned_data.get("knows") or []
        return ticked if ticked or self.cleaned_data.get("nobody") else None
