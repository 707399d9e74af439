"""What a mentee says of goals and decisions, and what may change for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from introducer_web.conversations.forms import LookedAt
from introducer_web.goals.models import Goal
from introducer_web.goals.texts import KINDS, TRACKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from introducer_web.relationships.models import Relationship

__all__ = [
    "CloseForm",
    "DecisionForm",
    "GoalForm",
    "LaterForm",
    "ProgressForm",
    "TickForm",
    "TrackForm",
    "TransitionForm",
]

_LONG = 2000
_RHYTHMS = ((1, _("every week")), (2, _("every two weeks")), (4, _("every four weeks")), (8, _("every eight weeks")),
            (13, _("every quarter")), (26, _("every half year")))  # fmt: skip
_NUMBERS = [("", _("I would rather not say")), *((n, str(n)) for n in range(11))]


def _text(label: Any, help_text: Any = "", rows: int = 3, **more: Any) -> forms.CharField:
    more = {"max_length": _LONG, "widget": forms.Textarea(attrs={"rows": rows})} | more
    return forms.CharField(label=label, help_text=help_text, **more)


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **more)


def _confidence() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("How confident you are, 0 to 10"), required=False, coerce=int, empty_value=None, choices=_NUMBERS
    )


class _With(LookedAt):
    """Who reads it: one mentor, or nobody."""

    reader = forms.ChoiceField(label=_("Who reads it"), required=False)

    def __init__(self, *args: Any, lived: Sequence[Relationship] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reader"].choices = [
            ("", _("I alone")),
            *((each.code, _("I and %(name)s") % {"name": each.mentor.user.name}) for each in lived),
        ]


class GoalForm(_With):
    """A goal, small enough to be reached."""

    looked_at = ("what", "measure", "why", "barrier", "support")

    what = _text(_("What do you want to reach?"), _("Something that you can do yourself."), 2)
    measure = _text(_("How will you know that it is reached?"), _("A number, a paper, a yes: what one could see."), 2)
    by_when = _day(_("By when?"))
    why = _text(_("Why does it matter to you?"), required=False, rows=2)
    kind = forms.ChoiceField(label=_("What part of your life is it of?"), choices=Goal.Kind.choices)
    confidence = _confidence()
    barrier = _text(_("What could get in the way?"), required=False, rows=2)
    support = _text(_("What, or who, helps?"), required=False, rows=2)
    weeks = forms.TypedChoiceField(label=_("Look at it again"), choices=_RHYTHMS, coerce=int, initial=4)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    field_order = (
        "what", "measure", "by_when", "why", "kind", "reader", "confidence", "barrier", "support", "weeks", "seen",
    )  # fmt: skip

    @property
    def words(self) -> dict[str, Any]:
        """What was said, as it is kept."""
        said = self.cleaned_data
        kept = {name: said[name] for name in ("what", "measure", "why", "barrier", "support", "confidence")}
        return kept | {"by_when": said["by_when"].isoformat()}


class ProgressForm(LookedAt):
    """How it goes."""

    looked_at = ("note",)

    note = _text(_("How does it go?"))
    confidence = _confidence()


class CloseForm(LookedAt):
    """How it closes."""

    looked_at = ("note",)

    state = forms.ChoiceField(
        label=_("How does it close?"), choices=[each for each in Goal.State.choices if each[0] != Goal.State.ACTIVE]
    )
    note = _text(_("A word for later, if you like"), required=False)


class DecisionForm(_With):
    """A decision."""

    looked_at = ("what", "options", "why")

    what = _text(_("What did you decide?"), rows=2)
    options = _text(_("Among what?"), required=False)
    why = _text(_("Why?"), _("What mattered most, and whom you asked."), required=False)
    decided_on = _day(_("When?"))
    look_on = _day(_("When do you look at it again?"), required=False)

    field_order = ("what", "options", "why", "decided_on", "look_on", "reader")

    @property
    def words(self) -> dict[str, str]:
        """What was said, as it is kept."""
        return {name: self.cleaned_data[name] for name in ("what", "options", "why")}


class LaterForm(LookedAt):
    """A decision, looked at again."""

    looked_at = ("later",)

    later = _text(_("How does it look by now?"), rows=2)
    look_on = _day(_("Look at it once more on"), required=False)


class TransitionForm(forms.Form):
    """Something that changes."""

    kind = forms.ChoiceField(label=_("What changes?"), choices=[*KINDS.items()])
    on = _day(_("When? Empty: now"), required=False)


class TrackForm(forms.Form):
    """A track to begin."""

    key = forms.ChoiceField(label=_("Which first hundred days?"), choices=[(each.key, each.title) for each in TRACKS])
    began_on = _day(_("Day 0"))


class TickForm(forms.Form):
    """What became of a step."""

    step = forms.CharField(max_length=20)
    what = forms.ChoiceField(choices=[(each, each) for each in ("done", "skipped", "open")])
