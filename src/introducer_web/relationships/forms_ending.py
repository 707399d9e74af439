"""What people may say when something between two ends, or goes on; nothing of it is required."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from introducer_web.lib import engine
from introducer_web.lib.texts import translated
from introducer_web.relationships.models import Farewell
from introducer_web.relationships.services import MOST_ONWARD, MOST_THANKS

if TYPE_CHECKING:
    from introducer_web.programs.models import Program

__all__ = ["AwayForm", "EndForm", "GladForm", "OnwardForm", "ThanksForm"]

_MOST_NOTE = 500


class GladForm(forms.Form):
    """Whether somebody is glad to stay in touch."""

    glad = forms.TypedChoiceField(
        choices=[("yes", gettext_lazy("Yes, gladly")), ("no", gettext_lazy("Rather not"))],
        coerce=lambda said: said == "yes",
    )


class EndForm(forms.Form):
    """Ending, with whatever somebody likes to say."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why"), required=False, widget=forms.RadioSelect,
        choices=[*Farewell.Reason.choices, ("", gettext_lazy("I would rather not say"))],
    )  # fmt: skip
    thanks = forms.CharField(
        label=gettext_lazy("A thank-you"), required=False, max_length=MOST_THANKS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    glad = forms.TypedChoiceField(
        label=gettext_lazy("Would you be glad to stay in touch?"), required=False, widget=forms.RadioSelect,
        choices=[*GladForm.base_fields["glad"].choices, ("", gettext_lazy("I will say later"))],
        coerce=lambda said: said == "yes", empty_value=None,
    )  # fmt: skip

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = escape(name)  # a help text is HTML
        self.fields["reason"].help_text = (
            _("Only you see it, with what may help next: not %(name)s, and no coordinator.") % {"name": name}
        )  # fmt: skip
        self.fields["thanks"].help_text = _(
            "%(name)s reads it on the page of the two of you. The mail says that there is one, not what it says."
        ) % {"name": name}
        self.fields["glad"].help_text = _(
            "%(name)s learns of your yes only by saying yes too. Then you keep each other's address; else it is no "
            "longer shown."
        ) % {"name": name}


class ThanksForm(forms.Form):
    """A thank-you."""

    thanks = forms.CharField(
        label=gettext_lazy("Your thank-you"), max_length=MOST_THANKS, widget=forms.Textarea(attrs={"rows": 5})
    )


class OnwardForm(forms.Form):
    """How it goes on, for a mentor who helped."""

    line = forms.CharField(
        label=gettext_lazy("How it goes on with you"), required=False, max_length=MOST_ONWARD,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    stage = forms.ChoiceField(label=gettext_lazy("Where you are in your career now"), required=False)

    def __init__(self, *args: Any, program: Program, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stages = engine.template_vocabulary(program.template).stages
        self.fields["stage"].choices = [
            ("", _("I would rather not say")), *((stage.id, translated(stage.name)) for stage in stages)
        ]  # fmt: skip


class AwayForm(forms.Form):
    """Keeping somebody away."""

    note = forms.CharField(
        label=gettext_lazy("A note for yourself"), required=False, max_length=_MOST_NOTE,
        help_text=gettext_lazy("Only you read it. It is kept sealed, and is gone when you lift this."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
