"""What people fill in when they answer."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from introducer_web.relationships.models import Introduction
from introducer_web.relationships.services.answers import MOST

__all__ = ["AnswerForm", "ChangesForm", "MessageForm"]


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
