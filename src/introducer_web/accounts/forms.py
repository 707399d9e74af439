"""What people fill in for a second step where the library's own form does not say it plainly."""

from __future__ import annotations

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

__all__ = ["AddPasskeyForm"]


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey signs in alone unless somebody wants it for the second step only."""

    name = forms.CharField(label=_("What to call it"), required=False)
    passwordless = forms.BooleanField(
        label=_("It signs me in without a code by e-mail"),
        help_text=_("It then asks for your finger, face or PIN. Leave it out for a plain security key."),
        initial=True,
        required=False,
    )
    field_order = ("name", "passwordless")
