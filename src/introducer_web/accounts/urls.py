"""Signing in and out; second factors. The library's views that need a password are left out."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from introducer_web.accounts.forms import AppCodeForm, NewAddressForm, RenamePasskeyForm
from introducer_web.accounts.views import SignInView, again_by_code, recently, second_factor, sets_up

sign_in = SignInView.as_view()
address = account.EmailView.as_view(form_class=NewAddressForm)
app = totp.ActivateTOTPView.as_view(form_class=AppCodeForm)
rename = webauthn.EditWebAuthnView.as_view(form_class=RenamePasskeyForm)

urlpatterns = [
    path("second-step/", second_factor, name="second_factor"),
    path("sign-in/", sign_in, name="account_login"),
    path("sign-in/", sign_in, name="account_request_login_code"),
    path("sign-in/", sign_in, name="account_signup"),  # asked for by name; people are invited
    path("sign-in/code/", account.confirm_login_code, name="account_confirm_login_code"),
    path("sign-in/passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/second-step/", mfa.authenticate, name="mfa_authenticate"),
    path("sign-out/", account.logout, name="account_logout"),
    path("address/", recently(address, methods=("POST",)), name="account_email"),
    path("address/code/", account.email_verification_sent, name="account_email_verification_sent"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("again/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("again/", mfa.reauthenticate, name="account_reauthenticate"),
    path("again/code/", again_by_code, name="again_by_code"),
    path("again/passkey/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("security/", mfa.index, name="mfa_index"),
    path("security/app/", sets_up(app), name="mfa_activate_totp"),
    path("security/app/remove/", recently(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("security/codes/", recently(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("security/codes/new/", recently(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("security/codes/download/", recently(recovery.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("security/passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("security/passkeys/add/", sets_up(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("security/passkeys/<int:pk>/remove/", recently(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path("security/passkeys/<int:pk>/edit/", recently(rename), name="mfa_edit_webauthn"),
]
