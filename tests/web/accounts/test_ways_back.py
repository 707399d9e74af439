"""A new address, chosen by the person or given by whoever runs the site; a lost second step."""

import io
import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail as mailbox
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from introducer_web.audit.models import Entry
from introducer_web.mail.services import send_due
from introducer_web.tenants.models import User


def arrived():
    while send_due(timezone.now()):
        pass
    return mailbox.outbox


def way_back(*given):
    out = io.StringIO()
    call_command("way_back", *given, stdout=out)
    return out.getvalue()


def test_somebody_changes_their_own_address_and_proves_it(town, sign_in):
    client = sign_in(town.cleo, second_factor=False)
    page = client.post(reverse("account_email"), {"email": "Cleo.New@example.org", "action_add": ""}, follow=True)
    assert page.status_code == 200
    mail = next(each for each in arrived() if each.to == ["cleo.new@example.org"])
    town.cleo.refresh_from_db()
    assert town.cleo.email == "cleo@example.org", "until it is proved the old one stays"
    code = re.search(r"this address: (\S+)", mail.body).group(1)
    client.post(reverse("account_email_verification_sent"), {"code": code}, follow=True)
    town.cleo.refresh_from_db()
    assert town.cleo.email == "cleo.new@example.org"


def test_an_address_of_somebody_else_is_not_given_away(town, sign_in):
    client = sign_in(town.cleo, second_factor=False)
    page = client.post(reverse("account_email"), {"email": "cai@example.org", "action_add": ""}, follow=True)
    assert page.status_code == 200
    arrived()
    town.cleo.refresh_from_db()
    assert town.cleo.email == "cleo@example.org"


def test_whoever_runs_the_site_gives_a_new_address(town, sign_in):
    client = sign_in(town.cleo)
    told = way_back("Cleo@example.org", "--address", "New@example.org")
    assert "signs in with new@example.org" in told
    assert [mail.to for mail in arrived()] == [["cleo@example.org"]]
    assert "new@example.org" in mailbox.outbox[0].body
    assert client.get(reverse("my_pages")).status_code == 302, "signed out everywhere"
    assert Entry.objects.filter(act="accounts.change_address", subject=town.cleo.code).count() == 1


def test_a_lost_second_step_is_removed_and_the_person_told(town, sign_in):
    Authenticator.objects.create(user=town.ada, type="totp", data={"secret": "00"})
    client = sign_in(town.ada)
    way_back("ada@example.org", "--second-step")
    assert not Authenticator.objects.filter(user=town.ada).exists()
    assert client.get(reverse("society_home", args=["ir"])).status_code in (302, 404)
    assert "removed the passkeys" in arrived()[0].body


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["nobody@example.org"], ["Nobody here has", "Say what was lost"]),
        (["cleo@example.org", "--address", "none"], ["is no e-mail address"]),
        (["cleo@example.org", "--address", "cai@example.org"], ["Another account has this address"]),
    ],
)
def test_what_cannot_be_done_is_said_all_of_it(town, given, words):
    with pytest.raises(CommandError) as refused:
        way_back(*given)
    assert [each for each in words if each not in str(refused.value)] == []
    assert User.objects.get(pk=town.cleo.pk).email == "cleo@example.org"
    assert arrived() == []
