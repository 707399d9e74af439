"""What people fill in when they join, and coordinators when they invite."""

from __future__ import annotations

import zoneinfo
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from introducer_web.lib import engine
from introducer_web.lib.texts import translated
from introducer_web.people.languages import LANGUAGES, language_names
from introducer_web.people.models import Participant, Role
from introducer_web.programs.models import TrainingSite

if TYPE_CHECKING:
    from introducer_web.programs.models import Question

__all__ = ["AboutForm", "ConflictForm", "InviteForm", "JoinForm", "PauseForm", "QuestionsForm"]

#: Lists of the template: what a mentee is asked, and what a mentor is.
_LISTS = {
    "settings": (_("Kinds of practice you look for"), _("Kinds of practice you know")),
    "routes": (_("Ways of training: yours, or one you wonder about"), _("Ways of training that you took")),
    "procedures": (_("Procedures you would like to talk about"), _("Procedures you do")),
    "roles": (_("What you hope a mentor is for you"), _("What you would like to be for somebody")),
}
ALL = _("Partners after the introduction, and coordinators")
STAFF = _("Coordinators alone")
LISTED = _("Mentees who look for a mentor, partners, and coordinators")
HOURS = _("Coordinators; mentees can look for mentors whose hours are near theirs")


class AboutForm(forms.Form):
    """The plain facts of a person."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    stage = forms.ChoiceField(label=_("Where you are in your career"), required=False)
    site: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Training site"), queryset=None, required=False, empty_label="–"
    )
    institution = forms.CharField(
        label=_("Institution"), max_length=160, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )  # fmt: skip
    region = forms.CharField(label=_("Region"), max_length=80, required=False)
    timezone = forms.ChoiceField(label=_("Time zone"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages in which you would like to talk"), choices=LANGUAGES, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    settings = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    routes = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    procedures = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    roles = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    answers_within = forms.TypedChoiceField(
        label=_("You usually answer within"), required=False, coerce=int, empty_value=None,
        choices=[("", _("I would rather not say")), *Participant.Within.choices],
        help_text=_("Mentees read it before they write. Say what you can keep beside your work."),
    )  # fmt: skip
    rural = forms.BooleanField(label=_("I train or work in a rural place"), required=False)
    no_home_program = forms.BooleanField(label=_("There is no program of my specialty where I am"), required=False)

    def __init__(self, data: Any = None, *, participant: Participant, whole: bool = True) -> None:
        """``whole``: whether what joining needs has to be there; who leaves half-way may leave it open."""
        held = {name: getattr(participant, name) for name in self.base_fields if name not in ("name", "site")}
        super().__init__(data, initial={**held, "name": participant.user.name, "site": participant.site_id})
        words = engine.template_vocabulary(participant.cohort.program.template)
        self.fields["stage"].choices = [("", "–"), *((stage.id, translated(stage.name)) for stage in words.stages)]
        self.fields["name"].required = whole
        self.fields["stage"].required = whole and participant.kind == "member"
        for name, (asked, brought) in _LISTS.items():
            terms = getattr(words, name)
            self.fields[name].choices = [(term.id, translated(term.name)) for term in terms]
            self.fields[name].label = brought if participant.is_mentor else asked
            self.fields[name].folded = True
            if not terms:
                del self.fields[name]
        # What a sheet said in other words stays a choice: saving the step must not erase it.
        known = {code for code, _name in LANGUAGES}
        words_of = [word for word in participant.languages if word not in known]
        others = list(zip(words_of, language_names(words_of), strict=True))
        self.fields["languages"].choices = [*LANGUAGES, *others]
        self.fields["timezone"].choices = [("", "–"), *((zone, zone) for zone in _zones())]
        sites = TrainingSite.objects.filter(retired=False).order_by("name")
        self.fields["site"].queryset = sites
        if participant.is_mentor:
            del self.fields["no_home_program"], self.fields["rural"]
        else:
            del self.fields["answers_within"]
        if not sites.exists():
            del self.fields["site"]
        listed = participant.is_mentor and participant.cohort.program.requests
        for name, field in self.fields.items():
            field.sees = STAFF if name in ("rural", "no_home_program", "timezone") else ALL
            if listed:
                field.sees = HOURS if name == "timezone" else LISTED


def _zones() -> list[str]:
    return sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith("Etc/"))


class QuestionsForm(forms.Form):
    """The program's own questions."""

    def __init__(self, data: Any = None, *, questions: list[Question], said: dict[int, str]) -> None:
        super().__init__(data)
        self.questions = questions
        for question in questions:
            name = f"q:{question.code}"
            if question.answers_offered:
                choices = [("", "–"), *((each, each) for each in question.answers_offered)]
                field: forms.Field = forms.ChoiceField(choices=choices, required=question.required)
            else:
                field = forms.CharField(required=question.required, max_length=4000, widget=forms.Textarea)
            field.label, field.help_text, field.initial = question.text, question.help, said.get(question.pk, "")
            field.sees = STAFF if question.seen_by == "coordinator" else ALL
            self.fields[name] = field

    def answers(self) -> dict[Question, str]:
        """Return the answers by question."""
        return {question: self.cleaned_data[f"q:{question.code}"] for question in self.questions}


class JoinForm(forms.Form):
    """How somebody begins to join an open program."""

    role = forms.ChoiceField(label=_("I come as"), choices=Role.choices, widget=forms.RadioSelect)


class InviteForm(forms.Form):
    """Addresses to invite, one a line."""

    role = forms.ChoiceField(label=_("As"), choices=Role.choices, widget=forms.RadioSelect, initial="mentee")
    emails = forms.CharField(
        label=_("E-mail addresses"), widget=forms.Textarea(attrs={"rows": 6}), help_text=_("One a line, or pasted.")
    )
    kind = forms.ChoiceField(
        label=_("Mentors from outside the society"), required=False,
        choices=[("member", _("a member")), ("adviser", _("a guest: adviser")), ("industry", _("a guest: industry")),
                 ("other_field", _("a guest: another field"))],
    )  # fmt: skip

    def clean_emails(self) -> list[str]:
        """Return every address; all that are none are named at once."""
        found = [part for part in self.cleaned_data["emails"].replace(",", " ").replace(";", " ").split() if part]
        wrong = []
        for address in found:
            try:
                validate_email(address)
            except forms.ValidationError:
                wrong.append(address)
        if wrong:
            raise forms.ValidationError(_("These are no addresses: %(wrong)s") % {"wrong": ", ".join(wrong)})
        return list(dict.fromkeys(address.casefold() for address in found))


class PauseForm(forms.Form):
    """Until when somebody wants no new ties."""

    until = forms.DateField(
        label=_("No new introductions until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class ConflictForm(forms.Form):
    """A fact that forbids a tie."""

    other = forms.CharField(max_length=22)
    source = forms.ChoiceField(
        choices=[("evaluator", _("evaluates")), ("supervisor", _("supervises")), ("relative", _("is related")),
                 ("complaint", _("a complaint")), ("other", _("another reason"))]
    )  # fmt: skip
    words = forms.CharField(max_length=300, required=False)
