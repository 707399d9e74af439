"""What people fill in when they look for each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from introducer_web.conversations.forms import LookedAt
from introducer_web.finding.models import Request
from introducer_web.finding.services.asking import MOST
from introducer_web.lib import engine
from introducer_web.lib.texts import translated
from introducer_web.people.languages import LANGUAGES
from introducer_web.people.models import Participant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from introducer_web.programs.models import Program

__all__ = ["AnswerForm", "AskForm", "EventForm", "ListingForm", "MoveForm", "SearchForm"]

_ANY = ("", _("any"))
_HOURS = (0, 1, 2, 3, 6)


def _choices(terms: Iterable[Any]) -> list[tuple[Any, Any]]:
    return [_ANY, *((term.id, translated(term.name)) for term in terms)]


class SearchForm(forms.Form):
    """Words and plain facts. Nothing here is private, and nothing private can be asked for."""

    q = forms.CharField(
        label=_("Words"), max_length=120, required=False, widget=forms.TextInput(attrs={"type": "search"}),
        help_text=_("A name, a hospital, a domain, a procedure. The beginning of a word is enough."),
    )  # fmt: skip
    domain = forms.ChoiceField(label=_("Helps with"), required=False)
    experience = forms.ChoiceField(label=_("Can speak to"), required=False)
    stage = forms.ChoiceField(label=_("Where in the career"), required=False)
    settings = forms.ChoiceField(label=_("Kind of practice"), required=False)
    procedures = forms.ChoiceField(label=_("Procedures"), required=False)
    left = forms.ChoiceField(label=_("Made the move from"), required=False)
    came = forms.ChoiceField(label=_("to"), required=False)
    languages = forms.ChoiceField(label=_("Language"), required=False, choices=[_ANY, *LANGUAGES])
    hours = forms.TypedChoiceField(label=_("Time zone"), required=False, coerce=int, empty_value=None)
    within = forms.TypedChoiceField(
        label=_("Usually answers within"), required=False, coerce=int, empty_value=None,
        choices=[_ANY, *Participant.Within.choices],
    )  # fmt: skip

    def __init__(self, data: Any, *, mentee: Participant) -> None:
        super().__init__(data)
        program = mentee.cohort.program
        words = engine.template_vocabulary(program.template)
        for name, terms in (("stage", words.stages), ("settings", words.settings), ("procedures", words.procedures),
                            ("left", words.settings), ("came", words.settings)):  # fmt: skip
            self.fields[name].choices = _choices(terms)
        plain = {"sensitive": False, "retired": False}
        for name, rows in (("domain", program.domains), ("experience", program.experiences)):
            asked = rows.filter(**plain).order_by("place", "pk")
            self.fields[name].choices = [_ANY, *((word.key, word.title) for word in asked)]
        if mentee.timezone:
            said = [
                (n, ngettext("at most %(n)s hour from yours", "at most %(n)s hours from yours", n) % {"n": n}
                 if n else gettext("the same hour as yours"))
                for n in _HOURS
            ]  # fmt: skip
            self.fields["hours"].choices = [_ANY, *said]
        else:
            del self.fields["hours"]

    @property
    def says_something(self) -> bool:
        """Whether anything was asked for."""
        return self.is_valid() and any(value not in ("", None) for value in self.cleaned_data.values())


class AskForm(LookedAt):
    """The first message, looked at for what would say who a patient is."""

    looked_at = ("message",)

    message = forms.CharField(
        label=_("Your first message"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 9}),
        error_messages={"required": _("Write a few words to begin with.")},
    )  # fmt: skip


class AnswerForm(forms.Form):
    """One of two answers; a few words and a pause with a no."""

    answer = forms.ChoiceField(choices=[
        (Request.State.ACCEPTED, _("Yes, I would like to begin")), (Request.State.DECLINED, _("Not this time")),
    ])  # fmt: skip
    words = forms.CharField(max_length=MOST, required=False)
    pause_until = forms.DateField(required=False)


class ListingForm(forms.Form):
    """Whether a mentor stands in the directory."""

    wanted = forms.BooleanField(label=_("Mentees may find me in the directory"), required=False)


class MoveForm(forms.Form):
    """A move: two kinds of practice, two regions, or one of each."""

    left = forms.ChoiceField(label=_("From: kind of practice"), required=False)
    left_region = forms.CharField(label=_("From: region"), max_length=80, required=False)
    came = forms.ChoiceField(label=_("To: kind of practice"), required=False)
    came_region = forms.CharField(label=_("To: region"), max_length=80, required=False)
    year = forms.IntegerField(label=_("Year"), min_value=1940, max_value=2100, required=False)

    def __init__(self, data: Any = None, *, program: Program) -> None:
        super().__init__(data)
        settings = engine.template_vocabulary(program.template).settings
        for name in ("left", "came"):
            self.fields[name].choices = [("", "–"), *((term.id, translated(term.name)) for term in settings)]

    def clean(self) -> dict[str, Any]:
        """Ask for both ends of the move."""
        said: dict[str, Any] = super().clean() or {}
        for name, what in (("left", _("Say where the move began.")), ("came", _("Say where the move led."))):
            if not said.get(name) and not said.get(f"{name}_region") and name not in self.errors:
                self.add_error(name, what)
        ends = [(said.get(name), said.get(f"{name}_region", "").casefold()) for name in ("left", "came")]
        if not self.errors and ends[0] == ends[1]:
            self.add_error("came", _("Both ends are the same: nothing was moved."))
        return said


class EventForm(forms.Form):
    """A date for everybody in a cohort."""

    name = forms.CharField(label=_("Name"), max_length=120)
    begins_at = forms.DateTimeField(
        label=_("Day and time"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )  # fmt: skip
    place = forms.CharField(label=_("Place"), max_length=160, required=False)
    link = forms.URLField(label=_("Link"), max_length=300, required=False, assume_scheme="https")
