"""What two people may have in common, as coordinators weigh it: the names, the field of the form, and its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["TERMS", "TermsField", "parts"]

#: Pair terms of the engine that people answer for on the platform: name, what it asks.
TERMS: Mapping[str, Any] = {
    "stage": _("the mentor's stage is as far ahead as is best"),
    "setting": _("the same practice settings"),
    "roles": _("the kind of mentor that the mentee looks for"),
    "procedures": _("the same procedures"),
    "route": _("the same way of training"),
    "timezone": _("time zones close to each other"),
    "language": _("the mentee's first language"),
    "region": _("the same region"),
    "same_institution": _("the same institution"),
    "other_institution": _("two different institutions"),
}
#: Largest weight of a term.
_MOST = 10.0


def parts(weights: Mapping[str, float], percent: int) -> dict[str, float]:
    """Return how much each term counts at most, in percent of all needs of a mentee; all terms together are given."""
    total = sum(weights.values())
    return {name: percent * weight / total if total else 0.0 for name, weight in weights.items()}


class _TermsWidget(forms.MultiWidget):
    template_name = "programs/terms.html"
    use_fieldset = True

    def __init__(self) -> None:
        one = {name: forms.NumberInput(attrs={"min": 0, "max": _MOST, "step": 0.5}) for name in TERMS}
        super().__init__(one)

    def decompress(self, value: Mapping[str, float] | None) -> list[float]:
        """Return the weights in the order of the terms."""
        weights = ((value or {}).get(name, 0.0) for name in TERMS)
        return [int(weight) if weight == int(weight) else weight for weight in weights]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Add what each term asks."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        for each, label in zip(context["widget"]["subwidgets"], TERMS.values(), strict=True):
            each["label"] = label
        return context


class TermsField(forms.MultiValueField):
    """Weights by name. ``kept`` are those of terms that nobody answers for here; they stay as they are."""

    def __init__(self, **given: Any) -> None:
        self.kept: Mapping[str, float] = {}
        numbers = tuple(forms.FloatField(min_value=0.0, max_value=_MOST, label=label) for label in TERMS.values())
        super().__init__(numbers, widget=_TermsWidget(), **given)

    def compress(self, data_list: Sequence[float]) -> dict[str, float]:
        """Return the weights by name; what weighs nothing is left out, as in the templates."""
        given = dict(zip(TERMS, data_list, strict=True))
        return {**self.kept, **{name: weight for name, weight in given.items() if weight}}

    def clean(self, value: Any) -> Any:
        """Return the weights, or say of every one that is wrong which one it is."""
        wrong, given = [], []
        for field, label, each in zip(self.fields, TERMS.values(), value or [None] * len(TERMS), strict=True):
            try:
                number = field.clean(each)
            except forms.ValidationError as error:
                wrong += [f"{label}: {message}" for message in error.messages]
                continue
            if number is None:
                wrong.append(_("%(what)s: give a number; 0 is one.") % {"what": label})
            given.append(number)
        if wrong:
            raise forms.ValidationError(wrong)
        return self.compress(given)
