"""What coordinators fill in to set a program up."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from introducer_web.lib import engine
from introducer_web.programs.models import Cohort, Domain, Experience, Program, Question, Staff, Topic, TrainingSite
from introducer_web.tenants.models import Society

__all__ = [
    "WORD_FORMS",
    "CohortForm",
    "NewProgramForm",
    "NewTopicForm",
    "PolicyForm",
    "SiteForm",
    "SocietyForm",
    "StaffForm",
    "TopicForm",
]


class SocietyForm(forms.ModelForm):
    """What everybody sees of a society."""

    language = forms.ChoiceField(label=_("Language of new people"), choices=settings.LANGUAGES)

    class Meta:
        model = Society
        fields = ("name", "language", "timezone", "contact")


class NewProgramForm(forms.Form):
    """A program's name, and the words that it begins with."""

    name = forms.CharField(label=_("Name"), max_length=120)
    template = forms.ChoiceField(
        label=_("Words to begin with"),
        help_text=_("Domains, topics and experiences; all of them can be changed afterwards."),
    )
    privacy = forms.ChoiceField(
        label=_("What the match may use"), choices=Program.Privacy.choices, initial=Program.Privacy.EXPERIENCE,
        widget=forms.RadioSelect,
        help_text=_("It is printed for everybody who takes part. Private attributes are used by consent alone."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = [(name, name) for name in reversed(engine.shipped_templates())]


class PolicyForm(forms.ModelForm):
    """The choices that a run depends on, and how people come in."""

    class Meta:
        model = Program
        fields = (
            "about", "privacy", "team_size", "capacity", "same_site", "institution_limit", "guests",
            "shared_language", "wish_weight", "approves", "is_open",
        )  # fmt: skip
        widgets: ClassVar = dict.fromkeys(("privacy", "same_site", "guests", "shared_language"), forms.RadioSelect)


class CohortForm(forms.ModelForm):
    """One intake."""

    class Meta:
        model = Cohort
        fields = ("name", "starts", "joining_ends")
        widgets: ClassVar = {
            "starts": forms.DateInput(attrs={"type": "date"}),
            "joining_ends": forms.DateInput(attrs={"type": "date"}),
        }


class _Named(forms.ModelForm):
    class Meta:
        fields = ("name", "text", "sensitive")


class DomainForm(_Named):
    """A domain."""

    class Meta(_Named.Meta):
        model = Domain


class ExperienceForm(_Named):
    """An experience."""

    class Meta(_Named.Meta):
        model = Experience


class QuestionForm(forms.ModelForm):
    """A question of the program's own."""

    class Meta:
        model = Question
        fields = ("text", "help", "audience", "choices", "seen_by", "required")


class NewTopicForm(forms.Form):
    """A topic to add to a domain."""

    name = forms.CharField(label=_("New topic"), max_length=120)


class TopicForm(_Named):
    """A topic of a domain."""

    class Meta(_Named.Meta):
        model = Topic


class SiteForm(forms.ModelForm):
    """A training site."""

    class Meta:
        model = TrainingSite
        fields = ("name", "institution", "region", "rural", "retired")


class StaffForm(forms.Form):
    """Somebody who is to run or to research programs."""

    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=Staff.Role.choices)
    program: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Program"), queryset=None, required=False,
        empty_label=_("all programs"),
    )  # fmt: skip

    def __init__(self, *args: Any, programs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["program"].queryset = programs


#: The form of each kind of word.
WORD_FORMS: dict[str, type[forms.ModelForm]] = {
    "domains": DomainForm,
    "experiences": ExperienceForm,
    "questions": QuestionForm,
}
