"""What coordinators fill in while they review."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from introducer_web.matching.models import Order

__all__ = ["CapacityForm", "OrderForm"]


class OrderForm(forms.Form):
    """A pin or a veto, and why."""

    kind = forms.ChoiceField(choices=Order.Kind.choices)
    mentor = forms.CharField(max_length=22)
    words = forms.CharField(label=_("Why (other coordinators read it)"), max_length=300, required=False)


class CapacityForm(forms.Form):
    """How many mentees a mentor takes."""

    capacity = forms.IntegerField(label=_("Seats"), min_value=0, max_value=20)
    seen = forms.IntegerField(widget=forms.HiddenInput)
