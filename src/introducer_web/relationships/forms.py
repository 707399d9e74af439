"""What people fill in when they answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _say
from django.utils.translation import gettext_lazy as _

from introducer_web.relationships.models import Introduction
from introducer_web.relationships.services.answers import MOST
from introducer_web.relationships.services.desk import MOST as WORDS

__all__ = ["AnswerForm", "ChangesForm", "DeskForm", "GoodbyeForm", "MessageForm"]


class AnswerForm(forms.Form):
    """One of the answers; a question with "ask first", a date with a pause."""

    answer = forms.ChoiceField(
        choices=[
            (Introduction.Answer.ACCEPTED, _("Yes, I would like to begin")),
            (Introduction.Answer.ASKED, _("I would like to ask something first")),
            (Introduction.Answer.DECLINED, _("Not this time")),
        ]
    )
    question = forms.CharField(max_length=MOST, required=False)
    pause_until = forms.DateField(required=False)


class MessageForm(forms.Form):
    """The mentee's first message."""

    message = forms.CharField(label=_("Your first message"), max_length=MOST, widget=forms.Textarea)


class ChangesForm(forms.Form):
    """How many ties may come or go."""

    changes = forms.IntegerField(min_value=0, max_value=100_000)


class DeskForm(forms.Form):
    """What becomes of several relationships: an extension or a question needs a day."""

    what = forms.ChoiceField(choices=[(name, name) for name in ("extend", "ask", "look", "end")], required=True)
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    words = forms.CharField(
        label=_("What you add to both mails"), required=False, max_length=WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Ask for the day where one is needed."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("what") in ("extend", "ask") and not said.get("until") and "until" not in self.errors:
            self.add_error("until", _say("Choose a day that is still to come."))
        return said


class GoodbyeForm(forms.Form):
    """Words of a mentor who leaves, for the mails to their mentees."""

    goodbye = forms.CharField(
        label=_("Their goodbye, if they gave you one"), required=False, max_length=WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
