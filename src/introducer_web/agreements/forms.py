"""What the two say about their agreement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from introducer_web.agreements.services import MOST
from introducer_web.conversations.forms import LookedAt

__all__ = ["ClauseForm", "ReviewForm", "SignForm"]


class SignForm(forms.Form):
    """A name, below a version."""

    name = forms.CharField(label=_("Your name, as your signature"), max_length=120)
    seen = forms.IntegerField(widget=forms.HiddenInput)


class ReviewForm(forms.Form):
    """A day."""

    on = forms.DateField(label=_("Look at it again on"), widget=forms.DateInput(attrs={"type": "date"}))


class ClauseForm(LookedAt):
    """A clause in the two's own words."""

    looked_at = ("text",)

    text = forms.CharField(max_length=MOST, required=False, widget=forms.Textarea(attrs={"rows": 6}))
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, stands: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("What you add") if stands else _("In your words")
        if not stands:
            self.fields["text"].help_text = _("Empty: our text, as it was at first.")
