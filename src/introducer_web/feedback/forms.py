"""What is asked of how it goes, all of it optional; and what one tells the other one."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from introducer_web.conversations.forms import LookedAt
from introducer_web.conversations.services import MOST
from introducer_web.feedback.models import Feedback

__all__ = ["STARTERS", "GiveForm", "TellForm"]

#: Beginnings of sentences that say what somebody would like, and blame nobody.
STARTERS = (
    _("It helped me when you …"),
    _("It would help me if we …"),
    _("Next time, could we … ?"),
    _("I notice that I …, and I would rather …"),
    _("I learn most when …"),
    _("May I ask you for more of …, and less of … ?"),
)


class GiveForm(LookedAt):
    """Four questions; one tap is an answer."""

    looked_at = ("helped", "different")

    useful = forms.TypedChoiceField(
        label=_("How useful is it to you, at present?"), required=False, coerce=int, empty_value=None,
        widget=forms.RadioSelect, choices=Feedback.Useful.choices,
    )  # fmt: skip
    helped = forms.CharField(
        label=_("What helped?"), required=False, max_length=MOST, widget=forms.Textarea(attrs={"rows": 3})
    )
    different = forms.CharField(
        label=_("What would you like to be different?"), required=False, max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    goes_on = forms.ChoiceField(
        label=_("Would you like to go on?"), required=False, widget=forms.RadioSelect, choices=Feedback.GoesOn.choices
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class TellForm(LookedAt):
    """What the other one is told."""

    words = forms.CharField(
        label=_("What the other one reads"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 8})
    )
