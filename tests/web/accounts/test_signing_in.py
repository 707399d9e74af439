"""Signing in by a code that arrives by mail, as a person does it: nothing but the pages and the mailbox."""

import re
from html import unescape

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail as mailbox
from django.urls import reverse
from django.utils import timezone

from introducer_web.mail.models import Message
from introducer_web.mail.services import send_due
from introducer_web.tenants.models import User

pytestmark = pytest.mark.usefixtures("town")
START = reverse("account_request_login_code")
ENTER = reverse("account_confirm_login_code")


def arrived(now):
    """Send what is due and return the newest mail."""
    while send_due(now):
        pass
    return mailbox.outbox[-1]


def code_in(message):
    return re.search(r"sign in: (\S+)", message.body).group(1)


@pytest.fixture
def asks(client):
    """Ask for a code and return the mail with it."""

    def ask(address):
        page = client.post(START, {"email": address}, follow=True)
        assert page.status_code == 200
        return arrived(timezone.now())

    return ask


def test_a_code_signs_in_the_first_time_and_every_time(client, asks):
    for _time in range(2):
        message = asks("cleo@example.org")
        assert message.to == ["cleo@example.org"]
        page = client.post(ENTER, {"code": code_in(message)}, follow=True)
        assert page.context["user"].email == "cleo@example.org"
        assert page.redirect_chain[-2][0] == reverse("home")
        assert page.resolver_match.url_name == "participant_home", "her one place"
        client.logout()
    assert EmailAddress.objects.filter(user__email="cleo@example.org", verified=True).count() == 1


def form_of(page, name):
    """Return what the forms of a page send as a hidden field; the frame around it has forms of its own."""
    own = page.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.findall(rf'<input type="hidden" name="{name}" value="([^"]*)">', own)


def test_who_came_from_a_page_arrives_there_by_the_code(client, town):
    wanted = reverse("participant_privacy", args=["ir", town.cleo_asks.code])
    where = re.search(r'<a class="btn" href="([^"]+)">Sign in<', client.get(wanted).content.decode())[1]
    (kept,) = set(form_of(client.get(where), "next"))
    page = client.post(START, {"email": "cleo@example.org", "next": kept}, follow=True)
    client.post(ENTER, {"action": "resend", "next": form_of(page, "next")[0]})
    page = client.get(f"{ENTER}?next={kept}")
    page = client.post(ENTER, {"code": code_in(arrived(timezone.now())), "next": form_of(page, "next")[0]}, follow=True)
    assert page.redirect_chain == [(wanted, 302)]
    assert page.status_code == 200


def test_who_came_from_a_page_arrives_there_by_a_second_step_too(client, town):
    TOTP.activate(town.cleo, "JBSWY3DPEHPK3PXP")
    wanted = reverse("my_pages")
    page = client.post(START, {"email": "cleo@example.org", "next": wanted}, follow=True)
    code = code_in(arrived(timezone.now()))
    page = client.post(ENTER, {"code": code, "next": form_of(page, "next")[0]}, follow=True)
    assert page.redirect_chain[-1][0] == reverse("mfa_authenticate")
    code = format_hotp_value(hotp_value("JBSWY3DPEHPK3PXP", next(yield_hotp_counters_from_time())))
    page = client.post(reverse("mfa_authenticate"), {"code": code}, follow=True)
    assert page.redirect_chain == [(wanted, 302)]


def test_who_mistyped_the_address_can_type_another_and_still_arrives(client):
    page = client.post(START, {"email": "clea@example.org", "next": reverse("my_pages")}, follow=True)
    (back,) = {unescape(each) for each in form_of(page, "next")} - {reverse("my_pages")}
    page = client.post(reverse("account_logout"), {"next": back}, follow=True)
    assert page.redirect_chain[-1][0] == back
    assert "There are no passwords here" in page.content.decode()
    assert set(form_of(page, "next")) == {reverse("my_pages")}


def test_the_address_is_found_in_any_spelling(client, asks):
    message = asks(" Cleo@Example.ORG ")
    page = client.post(ENTER, {"code": code_in(message)}, follow=True)
    assert page.context["user"].email == "cleo@example.org"


def test_a_wrong_code_is_refused_and_the_fifth_ends_it(client, asks):
    message = asks("cleo@example.org")
    for _attempt in range(4):
        page = client.post(ENTER, {"code": "AAAA-AAAA"})
        assert page.status_code == 200
        assert page.context["form"].errors
    client.post(ENTER, {"code": "AAAA-AAAA"})
    page = client.post(ENTER, {"code": code_in(message)}, follow=True)
    assert not page.context["user"].is_authenticated


def test_a_code_works_in_the_browser_that_asked_alone(client, asks):
    message = asks("cleo@example.org")
    other = type(client)()
    page = other.post(ENTER, {"code": code_in(message)}, follow=True)
    assert not page.context["user"].is_authenticated


def test_nobody_learns_who_has_an_account(client):
    known = client.post(START, {"email": "cleo@example.org"}, follow=True)
    client.cookies.clear()
    unknown = client.post(START, {"email": "nobody@example.org"}, follow=True)
    plain = re.compile(rb'csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"|[a-z]+@example.org')
    assert known.redirect_chain == unknown.redirect_chain
    assert plain.sub(b"", known.content) == plain.sub(b"", unknown.content)
    assert set(Message.objects.values_list("kind", flat=True)) == {"login_code", "unknown_account"}
    assert not User.objects.filter(email="nobody@example.org").exists()


def test_another_code_can_be_had_and_the_first_is_dead(client, asks):
    first = asks("cleo@example.org")
    client.post(ENTER, {"action": "resend"})
    second = arrived(timezone.now())
    assert code_in(second) != code_in(first)
    assert not client.post(ENTER, {"code": code_in(first)}, follow=True).context["user"].is_authenticated
    assert client.post(ENTER, {"code": code_in(second)}, follow=True).context["user"].is_authenticated


def test_nobody_floods_a_mailbox(client):
    for _time in range(9):
        client.cookies.clear()
        client.post(START, {"email": "cleo@example.org"})
    assert Message.objects.count() == 5


def test_there_is_no_password_and_no_way_to_sign_up(client):
    for path in ["account/password/change/", "account/password/reset/", "account/signup/", "account/sign-up/"]:
        assert client.get(f"/{path}").status_code == 404
