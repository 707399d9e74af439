"""The pages of an account speak our words, keep what the library's scripts look for, and stand without scripts."""

import re
from base64 import b64decode

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core import mail as mailbox
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from introducer_web.mail.services import send_due
from web.access.full_town import _passkey

SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105 - of nobody
#: Pages by name, with the ids that a script of the library, or a test of ours, looks for.
PAGES = {
    "mfa_index": (),
    "mfa_list_webauthn": (),
    "mfa_add_webauthn": ("mfa_webauthn_add", "id_passwordless", "id_credential", "js_data"),
    "mfa_edit_webauthn": ("mfa_webauthn_edit",),
    "mfa_remove_webauthn": (),
    "mfa_activate_totp": ("authenticator_secret",),
    "mfa_deactivate_totp": (),
    "mfa_view_recovery_codes": ("recovery_codes",),
    "mfa_generate_recovery_codes": (),
    "mfa_reauthenticate": ("id_code",),
    "mfa_reauthenticate_webauthn": ("mfa_webauthn_reauthenticate", "id_credential", "js_data"),
    "account_email": ("id_email",),
    "account_logout": (),
    "account_inactive": (),
    "again_by_code": (),
}
#: Which of them show a passkey at work, so that they say that it needs a script.
NEED_A_SCRIPT = {"mfa_add_webauthn", "mfa_reauthenticate_webauthn", "mfa_authenticate", "account_login"}
#: What the library calls things.
THEIRS = re.compile(
    "Authenticator App|Security [Kk]ey|Two-Factor|two-factor|[Dd]eactivate|Activate|Master key|Reauthenticate|"
    "reauthenticate|Confirm Access|Passwordless|Sign Out|Email Address|Are you sure"
)
#: Pages that are there for who has nothing yet.
BEFORE = {"mfa_index", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_activate_totp", "again_by_code", "account_email",
          "account_logout", "account_inactive"}  # fmt: skip


def app_code():
    return format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))


@pytest.fixture
def key(town):
    """Cleo's passkey; she has an app and recovery codes too."""
    TOTP.activate(town.cleo, SECRET)
    RecoveryCodes.activate(town.cleo)
    return Authenticator.objects.create(user=town.cleo, type="webauthn", data={"name": "Key", "credential": _passkey()})


def look(page, name, ids):
    """Look at a page as the tests of this file do."""
    text = page.content.decode()
    assert page.status_code == 200, name
    ours = str(settings.HERE / "templates")
    drawn = [each.origin.name for each in page.templates if each.origin and each.origin.name.endswith(".html")]
    theirs = [each for each in drawn if not each.startswith(ours) and "/django/forms/" not in each]
    assert theirs == [], name
    assert not THEIRS.search(re.sub(r"<script.*?</script>|<[^>]*>", " ", text, flags=re.DOTALL)), name
    assert [each for each in ids if f'id="{each}"' not in text] == [], name
    assert ("<noscript>" in text) == (name in NEED_A_SCRIPT), name
    asked = re.findall(r'<form[^>]*method="post".*?</form>', text, re.DOTALL)
    assert all("csrfmiddlewaretoken" in form for form in asked), name
    return text


@pytest.mark.parametrize("name", sorted(BEFORE))
def test_a_page_for_who_has_no_second_step(town, sign_in, name):
    look(sign_in(town.cleo, second_factor=False).get(reverse(name)), name, PAGES[name])


@pytest.mark.parametrize("name", sorted(set(PAGES) - {"mfa_activate_totp", "again_by_code"}))
def test_a_page_for_who_has_every_second_step(town, sign_in, key, name):
    given = [key.pk] if name in ("mfa_edit_webauthn", "mfa_remove_webauthn") else []
    look(sign_in(town.cleo).get(reverse(name, args=given)), name, PAGES[name])


@pytest.mark.usefixtures("key")
def test_the_second_step_of_signing_in(client):
    look(client.get(reverse("account_login")), "account_login", ("passkey_login", "mfa_login", "mfa_credential"))
    page = client.post(reverse("account_login"), {"email": "cleo@example.org"}, follow=True)
    look(page, "account_confirm_login_code", ())
    while send_due(timezone.now()):
        pass
    code = re.search(r"sign in: (\S+)", mailbox.outbox[-1].body)[1]
    page = client.post(page.request["PATH_INFO"], {"code": code}, follow=True)
    ids = ("id_code", "webauthn_form", "mfa_webauthn_authenticate", "id_credential", "js_data")
    look(page, "mfa_authenticate", ids)
    page = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert page.context["form"].errors
    page = client.post(reverse("mfa_authenticate"), {"code": app_code()}, follow=True)
    assert page.context["user"].is_authenticated


def test_an_app_is_set_up_and_removed_without_a_script(town, sign_in):
    client = sign_in(town.cleo, second_factor=False)
    text = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'id="authenticator_secret" value="([A-Z2-7]{32})"', text)[1]
    drawn = b64decode(re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', text)[1]).decode()
    assert drawn.index('fill="white"') < drawn.index("<path"), "a camera reads it on a dark page too"
    page = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert secret in page.content.decode(), "a wrong code starts nothing anew"
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    page = client.post(reverse("mfa_activate_totp"), {"code": code}, follow=True)
    look(page, "mfa_view_recovery_codes", ("recovery_codes",))
    assert len(re.search(r"<textarea[^>]*>(.*?)</textarea>", page.content.decode(), re.DOTALL)[1].split()) == 10
    assert client.get(reverse("mfa_download_recovery_codes")).status_code == 200
    page = client.post(reverse("mfa_deactivate_totp"), follow=True)
    assert "The app was removed." in look(page, "mfa_index", ())
    assert not Authenticator.objects.filter(user=town.cleo).exists()


@pytest.mark.parametrize(
    "name", ["totp_activated", "totp_deactivated", "webauthn_added", "webauthn_removed", "recovery_codes_generated"]
)
def test_what_was_done_is_said_in_our_words(name):
    said = render_to_string(f"mfa/messages/{name}.txt")
    assert said.strip()
    assert not re.search("Authenticator|Security key|generated", said)


def test_a_passkey_is_renamed_and_removed_without_a_script(town, sign_in, key):
    client = sign_in(town.cleo)
    page = client.post(reverse("mfa_edit_webauthn", args=[key.pk]), {"name": "My telephone"}, follow=True)
    assert "My telephone" in look(page, "mfa_list_webauthn", ())
    page = client.post(reverse("mfa_remove_webauthn", args=[key.pk]), follow=True)
    assert "The passkey was removed." in look(page, "mfa_list_webauthn", ())


def test_a_new_passkey_has_a_name_of_ours(town, sign_in, key):
    client = sign_in(town.cleo)
    assert 'value="My passkey 2"' in client.get(reverse("mfa_add_webauthn")).content.decode()
    key.delete()
    assert 'value="My passkey"' in client.get(reverse("mfa_add_webauthn")).content.decode()


def test_new_recovery_codes_are_for_who_has_a_second_step(town, sign_in):
    client = sign_in(town.cleo, second_factor=False)
    page = client.post(reverse("mfa_generate_recovery_codes"))
    assert "Recovery codes stand in for a second step. Set one up first." in look(page, "", ())
    TOTP.activate(town.cleo, SECRET)
    client = sign_in(town.cleo)
    assert "Make some" in look(client.get(reverse("mfa_index")), "mfa_index", ())
    page = client.post(reverse("mfa_generate_recovery_codes"), follow=True)
    look(page, "mfa_view_recovery_codes", ("recovery_codes",))


def test_an_address_that_is_not_proved_can_be_proved(town, sign_in):
    client = sign_in(town.cleo, second_factor=False)
    text = look(client.get(reverse("account_email")), "account_email", ())
    assert "cleo@example.org is not proved yet" in text
    assert 'name="action_remove"' not in text, "there is no other to stay with"
    page = client.get(reverse("mfa_add_webauthn"), follow=True)
    assert "First prove your address" in look(page, "mfa_index", ())
    page = client.post(reverse("account_email"), {"email": "cleo@example.org", "action_send": ""}, follow=True)
    look(page, "account_email_verification_sent", ("id_code",))
    while send_due(timezone.now()):
        pass
    code = re.search(r"this address: (\S+)", mailbox.outbox[-1].body)[1]
    page = client.post(reverse("account_email_verification_sent"), {"code": code}, follow=True)
    assert "is not proved yet" not in client.get(reverse("account_email")).content.decode()
    assert client.get(reverse("mfa_add_webauthn")).status_code == 200
