"""Who signed in a while ago shows once more that it is them; nobody is signed out by a link."""

import re

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.core import mail as mailbox
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import cast
from introducer_web.mail.services import send_due

AGAIN, SECURITY = reverse("again_by_code"), reverse("mfa_index")


def since_yesterday(client, user):
    cast.enter(client, user, second_factor=False)
    session = client.session
    for record in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        record["at"] -= 24 * 60 * 60
    session.save()
    return client


def is_signed_in(client):
    return client.get(reverse("my_pages")).status_code == 200


@pytest.mark.parametrize("name", ["mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes"])
def test_a_link_signs_nobody_out(town, client, name):
    since_yesterday(client, town.cleo)
    page = client.get(reverse(name), follow=True)
    assert page.redirect_chain == [(f"{AGAIN}?next={SECURITY.replace('/', '%2F')}", 302)]
    assert "Show once more that it is you" in page.content.decode()
    assert town.cleo.email in page.content.decode()
    assert is_signed_in(client)


def test_a_button_of_another_site_signs_nobody_out(town):
    client = since_yesterday(Client(enforce_csrf_checks=True), town.cleo)
    assert client.post(AGAIN, {"next": SECURITY}).status_code == 403
    assert is_signed_in(client)


def test_the_button_leads_through_a_new_code_to_where_the_person_was_going(town, client):
    since_yesterday(client, town.cleo)
    page = client.get(reverse("mfa_activate_totp"), follow=True)
    kept = re.search(r'name="next" value="([^"]+)"', page.content.decode().partition('<main id="main"')[2])[1]
    page = client.post(AGAIN, {"next": kept}, follow=True)
    assert page.redirect_chain[-1][0].startswith(reverse("account_login"))
    assert not page.context["user"].is_authenticated
    assert page.context["form"]["email"].value() == "cleo@example.org"
    assert set(re.findall(r'name="next" value="([^"]+)"', page.content.decode())) >= {SECURITY}
    page = client.post(reverse("account_login"), {"email": "cleo@example.org", "next": SECURITY}, follow=True)
    while send_due(timezone.now()):
        pass
    code = re.search(r"sign in: (\S+)", mailbox.outbox[-1].body)[1]
    page = client.post(page.request["PATH_INFO"], {"code": code, "next": SECURITY}, follow=True)
    assert page.redirect_chain == [(SECURITY, 302)]
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_an_address_is_filled_in_once(town, client):
    since_yesterday(client, town.cleo)
    client.post(AGAIN)
    values = [client.get(reverse("account_login")).context["form"]["email"].value() for _time in range(2)]
    assert values == ["cleo@example.org", ""]


def test_nobody_is_led_to_another_site(town, client):
    since_yesterday(client, town.cleo)
    page = client.get(AGAIN, {"next": "https://example.net/"})
    assert "example.net" not in page.content.decode().partition('<main id="main"')[2].partition("</main>")[0]
    assert client.post(AGAIN, {"next": "https://example.net/"}).url == f"{reverse('account_login')}?next=%2F"


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_has_a_second_step_shows_that(town, client, method):
    Authenticator.objects.create(user=town.ada, type="totp", data={"secret": "00"})
    since_yesterday(client, town.ada)
    answer = getattr(client, method)(f"{AGAIN}?next={SECURITY}")
    assert answer.url == f"{reverse('mfa_reauthenticate')}?next={SECURITY.replace('/', '%2F')}"
    assert is_signed_in(client)


@pytest.mark.django_db
def test_who_is_not_signed_in_signs_in(client):
    assert client.post(reverse("my_download")).url.startswith(reverse("account_login"))
    assert client.get(AGAIN).url.startswith(reverse("account_login"))
