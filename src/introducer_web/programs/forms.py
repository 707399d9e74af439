"""What coordinators fill in to set a program up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from introducer_web.lib import engine
from introducer_web.programs.models import Cohort, Domain, Experience, Program, Question, Staff, Topic, TrainingSite
from introducer_web.programs.terms import TERMS, TermsField
from introducer_web.tenants.models import Society

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "WORD_FORMS",
    "CloneForm",
    "CohortForm",
    "EndingsForm",
    "HandOverForm",
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

    template_name = "programs/policy_form.html"
    use_required_attribute = False  # a browser cannot show what is wrong in a section that is folded
    pair_terms = TermsField(
        label=_("What two people may have in common"),
        help_text=_("Weights among each other, 0 to 10. 0: it does not count."),
    )

    class Meta:
        model = Program
        fields = (
            "about", "privacy", "team_size", "capacity", "approves", "is_open", "formal", "requests", "same_site",
            "institution_limit", "guests", "shared_language", "stage_least", "stage_most", "floor", "least_share",
            "wish_weight", "pair_weight", "pair_terms", "stage_best_from", "stage_best_to", "stage_fade",
            "equity_rural", "equity_no_home_program",
        )  # fmt: skip
        widgets: ClassVar = dict.fromkeys(
            ("privacy", "same_site", "guests", "shared_language", "floor"), forms.RadioSelect
        ) | {"about": forms.Textarea(attrs={"rows": 4})}

    #: Title, what it is about, and the first and the last field of it.
    SECTIONS: ClassVar = (
        ("", "", "about", "requests"),
        (_("Who may be tied"), "", "same_site", "stage_most"),
        (_("How evenly it is spread"),
         _("A share is what a team is worth to its mentee, of what the best team for them would be worth if nobody "
           "else were there. A trial shows what a choice costs all together, and who gains by it."),
         "floor", "least_share"),
        (_("What counts beside needs"),
         _("All needs of a mentee together are 100 %. Keep these small, so that no convenience outweighs a need."),
         "wish_weight", "stage_fade"),
        (_("Who counts more"),
         _("100 is as much as everybody. It is printed in every run: whoever counts more takes seats from others."),
         "equity_rural", "equity_no_home_program"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pair_terms"].kept = {
            name: weight for name, weight in self.instance.pair_terms.items() if name not in TERMS
        }
        self.fields["requests"].help_text = _("Then mentees find the mentors in a directory, unless a mentor would "
                                              "rather not stand there.")  # fmt: skip
        self.fields["least_share"].help_text = _("It counts with the last of the three choices alone.")
        for name in ("stage_least", "stage_most"):
            self.fields[name].help_text = _("Empty: no limit. A year of training is a step; the mentor's less the "
                                            "mentee's.")  # fmt: skip

    @property
    def sections(self) -> Iterator[tuple[Any, Any, list[Any], bool]]:
        """Yield title, what it is about, fields, and whether it is unfolded: what was wrong or is not as at first."""
        names = list(self.fields)
        for title, what, first, last in self.SECTIONS:
            within = [self[name] for name in names[names.index(first) : names.index(last) + 1]]
            yield title, what, within, any(field.errors for field in within) or "floor" in {f.name for f in within}

    def clean(self) -> dict[str, Any]:
        """Hold the choices against each other; every fault is told beside its field."""
        said: dict[str, Any] = super().clean() or {}
        least, most = said.get("stage_least"), said.get("stage_most")
        if least is not None and most is not None and least > most:
            self.add_error("stage_most", _("This must not be below what a mentor must be ahead at least."))
        first, last = said.get("stage_best_from"), said.get("stage_best_to")
        if first is not None and last is not None and first > last:
            self.add_error("stage_best_to", _("This must not be below where it begins."))
        if said.get("pair_weight") and "pair_terms" in said and said["pair_terms"].keys().isdisjoint(TERMS):
            self.add_error("pair_terms", _("Give one of them a weight, or let all of them together count 0 percent."))
        return said


class EndingsForm(forms.ModelForm):
    """What people read when their mentoring ends, and whether mentors may make letters."""

    class Meta:
        model = Program
        fields = ("ending_words", "letters")
        widgets: ClassVar = {"ending_words": forms.Textarea(attrs={"rows": 5, "maxlength": 2000})}
        help_texts: ClassVar = {
            "ending_words": _("In your own words: that an end is no failure, and what you wish them. Both read it."),
            "letters": _("Each mentor makes their own, from what the pairs noted; mentees are not named in it."),
        }

    def clean_ending_words(self) -> str:
        """Hold it short: it stands in a mail."""
        said = str(self.cleaned_data["ending_words"]).strip()
        if len(said) > self.MOST:
            raise forms.ValidationError(_("At most %(most)s letters.") % {"most": self.MOST})
        return said

    MOST: ClassVar = 2000


class CohortForm(forms.ModelForm):
    """One intake."""

    class Meta:
        model = Cohort
        fields = ("name", "starts", "joining_ends", "ends")
        widgets: ClassVar = {
            name: forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            for name in ("starts", "joining_ends", "ends")
        }


class HandOverForm(forms.Form):
    """Whoever is to run a program instead."""

    email = forms.EmailField(label=_("E-mail address of whoever takes over"))


class CloneForm(forms.Form):
    """A program with the words and the policy of another one, and its first cohort."""

    name = forms.CharField(label=_("Name of the new program"), max_length=120)
    retired = forms.BooleanField(label=_("Copy what is no longer asked, too"), required=False)
    staff = forms.BooleanField(
        label=_("Who runs or researches this program does the same in the new one"), required=False, initial=True
    )
    cohort_name = forms.CharField(label=_("Its first cohort"), max_length=80, required=False)
    starts = forms.DateField(
        label=_("starts"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    joining_ends = forms.DateField(
        label=_("people may join until"), required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Dates are those of a cohort, which has a name."""
        said: dict[str, Any] = super().clean() or {}
        if (said.get("starts") or said.get("joining_ends")) and not said.get("cohort_name"):
            self.add_error("cohort_name", _("Give the cohort a name, or leave its dates out."))
        return said

    def cohort(self) -> dict[str, Any] | None:
        """Return the fields of the first cohort, if there is to be one."""
        said = self.cleaned_data
        if not said["cohort_name"]:
            return None
        return {"name": said["cohort_name"], "starts": said["starts"], "joining_ends": said["joining_ends"]}


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
