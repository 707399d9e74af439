"""What coordinators fill in for a segment, and what they write to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _say
from django.utils.translation import gettext_lazy as _

from introducer_web.lib import engine
from introducer_web.lib.texts import translated
from introducer_web.people.languages import LANGUAGES
from introducer_web.people.models import Participant, Role
from introducer_web.programs.models import TrainingSite

if TYPE_CHECKING:
    from introducer_web.programs.models import Cohort

__all__ = ["PLACES", "MailingForm", "SegmentForm"]

#: Most letters of a mail to many.
MOST = 4000
#: What may stand in braces.
PLACES = ("name", "program", "cohort", "link")


def _days(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=3650)


class SegmentForm(forms.Form):
    """A name, and criteria that all have to be met."""

    name = forms.CharField(label=_("Name of the segment"), max_length=80)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("everybody")), *Role.choices])
    state = forms.ChoiceField(
        label=_("State"), required=False, initial=Participant.State.ACTIVE,
        choices=[("", _("in any state")), *Participant.State.choices],
    )  # fmt: skip
    paused = forms.ChoiceField(
        label=_("Paused"), required=False, choices=[("", _("or not")), ("yes", _("yes")), ("no", _("no"))]
    )
    alone = forms.BooleanField(label=_("has nobody: introduced to no one, together with no one"), required=False)
    not_met = _days(_("agreed with somebody so many days ago, and no conversation is noted"))
    quiet = _days(_("noted no conversation with somebody for so many days"))
    unanswered = _days(_("has not answered an introduction for so many days"))
    ended = _days(_("ended with somebody in the last so many days"))
    uncovered = forms.ChoiceField(label=_("asks openly for a domain for which nobody is there"), required=False)
    stage = forms.ChoiceField(label=_("Where in the career"), required=False)
    site = forms.ChoiceField(label=_("Training site"), required=False)
    language = forms.ChoiceField(label=_("speaks"), required=False)
    rural = forms.BooleanField(label=_("works or trains in a rural place"), required=False)

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        any_of = [("", _("any"))]
        stages = engine.template_vocabulary(cohort.program.template).stages
        domains = cohort.program.domains.filter(retired=False, sensitive=False).order_by("place", "pk")
        sites = TrainingSite.objects.filter(pk__in=Participant.objects.filter(cohort=cohort).values("site"))
        choices = {
            "stage": [(stage.id, translated(stage.name)) for stage in stages],
            "uncovered": [(domain.key, domain.title) for domain in domains],
            "site": sites.order_by("name").values_list("code", "name"),
            "language": LANGUAGES,
        }
        for name, found in choices.items():
            self.fields[name].choices = [*any_of, *found]


class MailingForm(forms.Form):
    """What is written to everybody of a segment."""

    subject = forms.CharField(label=_("Subject"), max_length=120)
    body = forms.CharField(
        label=_("Text"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("{name}, {program}, {cohort} and {link} are filled in for each: their first name, and the way to "
                    "their own page."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Refuse what stands in braces and is nothing that can be filled in."""
        said: dict[str, Any] = super().clean() or {}
        for name in ("subject", "body"):
            unknown = [word for word in re.findall(r"\{([^{}\n]*)\}", said.get(name, "")) if word not in PLACES]
            if unknown:
                told = {"word": "{" + unknown[0] + "}", "known": ", ".join(f"{{{place}}}" for place in PLACES)}
                self.add_error(name, _say("%(word)s is nothing that can be filled in. These are: %(known)s.") % told)
        return said
