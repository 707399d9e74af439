"""What is said of somebody whom a mentee has already, and of what two people are for each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from introducer_web.relationships.services.organic import LONG, WORDS
from introducer_web.relationships.vocabulary import KINDS, PLACES, ROLES, domain_choices

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from introducer_web.relationships.vocabulary import Named

__all__ = ["AddForm", "DayForm", "OneselfForm", "RolesForm", "TieForm"]

_ROLES = [(code, format_lazy("{}: {}", name, meaning)) for code, (name, meaning) in ROLES.items()]
_UNSAID = ("", _("I would rather not say"))


class DomainsForm(forms.Form):
    """Domains to tick: those that come first, and all others folded."""

    domains = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    others = forms.MultipleChoiceField(label=_("Something else"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, data: Any = None, *, words: Mapping[str, Named], first: Iterable[str], initial: Any = None
    ) -> None:
        held = dict(initial or {})
        ahead, rest = domain_choices(words, first)
        chosen = set(held.get("domains", ()))
        super().__init__(data, initial=held | {"others": [key for key, _name in rest if key in chosen]})
        self.fields["domains"].choices, self.fields["others"].choices = ahead or rest, rest if ahead else []
        if not self.fields["others"].choices:
            del self.fields["others"]
        else:
            self.fields["others"].folded = bool(ahead)

    def clean(self) -> dict[str, Any]:
        """Put all that is ticked into one list."""
        said = super().clean() or {}
        said["domains"] = [*said.get("domains", ()), *said.pop("others", ())]
        return said


class AddForm(DomainsForm):
    """A name is enough."""

    name = forms.CharField(
        label=_("Their name, or what you call them"), max_length=LONG,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    field_order: tuple[str, ...] = ("name", "domains", "others")

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["domains"].label = _("What they help you with")


class TieForm(AddForm):
    """All that a mentee may say of somebody, none of which is asked."""

    roles = forms.MultipleChoiceField(
        label=_("What they are for you"), choices=_ROLES, required=False, widget=forms.CheckboxSelectMultiple
    )
    kind = forms.ChoiceField(label=_("Who they are"), choices=[_UNSAID, *KINDS.items()], required=False)
    place = forms.ChoiceField(label=_("Where you know them from"), choices=[_UNSAID, *PLACES.items()], required=False)
    since = forms.IntegerField(label=_("Since which year"), min_value=1950, max_value=2100, required=False)

    field_order = ("name", "domains", "others", "roles", "kind", "place", "since")


class RolesForm(DomainsForm):
    """What two people are for each other."""

    roles = forms.MultipleChoiceField(
        label=_("What you are for each other"), choices=_ROLES, required=False, widget=forms.CheckboxSelectMultiple
    )

    field_order = ("roles", "domains", "others")

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["domains"].label = _("What it is about")


class OneselfForm(forms.Form):
    """What somebody says of themselves who helps a mentee and has no account."""

    reach = forms.CharField(label=_("How you like to be reached"), max_length=WORDS, required=False)
    kind = forms.ChoiceField(
        label=_("Who you are for them"), required=False,
        choices=[_UNSAID, *((code, name) for code, name in KINDS.items())],
    )  # fmt: skip
    sells = forms.CharField(
        label=_("Do you, or does who employs you, sell something that they might buy? What?"), max_length=WORDS,
        required=False,
    )  # fmt: skip
    paid_by = forms.CharField(
        label=_("Does anybody pay you for this, or for who comes to you? Who?"), max_length=WORDS, required=False
    )


class DayForm(forms.Form):
    """A day on which two people talked, today unless it is said."""

    on = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
