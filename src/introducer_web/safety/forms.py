"""What people write to a confidant, and what a coordinator says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from introducer_web.conversations.forms import LookedAt
from introducer_web.safety.models import Report
from introducer_web.safety.services import MOST_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from introducer_web.safety.access import Met
    from introducer_web.safety.models import Confidant

__all__ = ["AnswerForm", "ConfidantForm", "HelpForm", "ReportForm"]


class ReportForm(LookedAt):
    """What happened, and who may read it."""

    to = forms.MultipleChoiceField(
        label=gettext_lazy("Who reads it"), widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "One of them, or more. They decide nothing about you, and tell no coordinator that you wrote."
        ),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is about"), choices=Report.Kind.choices, widget=forms.RadioSelect
    )
    of = forms.ChoiceField(label=gettext_lazy("Whom it is about"), required=False)
    about = forms.CharField(
        label=gettext_lazy("Somebody else"), required=False, max_length=200,
        help_text=gettext_lazy("A name, or what they are."),
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("What happened"), max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "As much as you like. Leave out names of patients, and whatever would let one be recognized."
        ),
    )  # fmt: skip
    named = forms.TypedChoiceField(
        label=gettext_lazy("Your name"), widget=forms.RadioSelect, initial="no", coerce=lambda said: said == "yes",
        choices=[("no", gettext_lazy("Do not tell them who I am")), ("yes", gettext_lazy("Tell them my name"))],
        help_text=gettext_lazy("Their answer reaches you here either way."),
    )  # fmt: skip

    def __init__(self, *args: Any, confidants: Sequence[Confidant], met: Sequence[Met], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(each.code, f"{each.name}: {each.about}") for each in confidants]
        self.fields["of"].choices = [
            ("", _("somebody else, or nobody in particular")), *((each.user.code, str(each.user)) for each in met)
        ]  # fmt: skip


class AnswerForm(forms.Form):
    """What a confidant answers."""

    answer = forms.CharField(
        label=gettext_lazy("Your answer"), max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 6})
    )


class ConfidantForm(forms.Form):
    """Somebody outside the reporting line."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("E-mail address"))
    about = forms.CharField(
        label=gettext_lazy("Who they are"), max_length=300,
        help_text=gettext_lazy(
            "And what they are not: “ombudsperson of the university; has no say in anybody's training”."
        ),
    )  # fmt: skip
    program: forms.ModelChoiceField = forms.ModelChoiceField(
        label=gettext_lazy("Program"), queryset=None, required=False, empty_label=gettext_lazy("all programs")
    )
    outside = forms.BooleanField(
        label=gettext_lazy("They direct no program here, evaluate nobody in it, and answer to nobody who does."),
    )

    def __init__(self, *args: Any, programs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["program"].queryset = programs


class HelpForm(forms.Form):
    """A society's own lines."""

    words = forms.CharField(
        label=gettext_lazy("Your own lines"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "Crisis lines of your country, a doctors' health program, an ombuds office: who, when, what number. "
            "Everybody may read it, also without signing in."
        ),
    )  # fmt: skip
