"""What can be said of a conversation, all of it optional."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from introducer_web.conversations.models import Conversation

__all__ = ["LogForm", "MinutesForm"]


class MinutesForm(forms.Form):
    """How long it was."""

    minutes = forms.TypedChoiceField(
        label=_("How long"), required=False, coerce=int, empty_value=None,
        choices=[("", _("I would rather not say")), *Conversation.Minutes.choices],
    )  # fmt: skip


class LogForm(MinutesForm):
    """A day, today unless it is said, and whether it was one more."""

    on = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    another = forms.BooleanField(label=_("One more on a day that is noted already"), required=False)

    field_order = ("on", "minutes", "another")
