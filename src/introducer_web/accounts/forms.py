"""What people fill in about their account where the library's own form does not say it plainly."""

from __future__ import annotations

from allauth.account.forms import AddEmailForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

__all__ = ["AddPasskeyForm", "AppCodeForm", "NewAddressForm", "RenamePasskeyForm"]


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


class RenamePasskeyForm(EditWebAuthnForm):
    """Another name of a passkey."""

    name = forms.CharField(label=_("What to call it"))


class AppCodeForm(ActivateTOTPForm):
    """The first code of an app, which shows that it is set up."""

    code = forms.CharField(
        label=_("The code that the app shows"), widget=forms.TextInput(attrs={"autocomplete": "one-time-code"})
    )


class NewAddressForm(AddEmailForm):
    """Another address; it counts once it is proved."""

    email = forms.EmailField(label=_("New e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
