"""What somebody sees where there is no page."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.core import ratelimit
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from introducer_web.site import problems, views


def _shown(answer, status, title):
    page = answer.content.decode()
    assert answer.status_code == status
    assert f"<h1>{title}</h1>" in page
    assert 'href="/"' in page
    assert "Sign in" not in page, "nothing is said of who is asking"
    return page


@pytest.mark.parametrize("draw", [problems.bad_request, problems.not_allowed, problems.csrf_failure,
                                  problems.not_found, problems.too_many, problems.server_error])  # fmt: skip
def test_the_pages_need_no_database(draw):
    answer = draw(RequestFactory().get("/"))
    assert answer.status_code >= 400
    assert b"<h1>" in answer.content


def test_what_is_not_there_and_what_is_not_theirs_look_the_same(town, sign_in):
    client = sign_in(town.cleo)
    missing = _shown(client.get("/s/nowhere/setup/"), 404, "Nothing to see here")
    assert _shown(client.get("/no/such/page"), 404, "Nothing to see here") == missing
    theirs = client.get(reverse("society_home", args=[town.abroad.slug]))
    assert _shown(theirs, 404, "Nothing to see here") == missing
    assert town.abroad.name not in missing


@pytest.mark.parametrize("draw", [problems.not_allowed, problems.not_found])
def test_the_pages_stand_where_the_database_does_not_say_who_asks(draw):
    def broken():
        raise DatabaseError

    request = RequestFactory().get("/")
    request.user = SimpleLazyObject(broken)
    answer = draw(request)
    assert answer.status_code in (403, 404)
    assert b"Sign in" not in answer.content


def way_in(page):
    """Return where the main action of a page leads."""
    return unescape(re.search(r'<a class="btn" href="([^"]+)">Sign in</a>', page)[1])


def test_who_is_not_signed_in_is_led_to_sign_in_and_back(town, client):
    for wanted in (
        reverse("participant_home", args=["ir", town.cleo_asks.code]),
        reverse("people_list", args=["ir", town.cohort.code]) + "?state=applied&q=a%20b",
        "/no/such/page",
    ):
        page = client.get(wanted).content.decode()
        assert "it is for somebody who is signed in" in page
        where = urlsplit(way_in(page))
        assert where.path == reverse("account_login")
        assert parse_qs(where.query) == {"next": [wanted]}


def test_who_is_not_signed_in_finds_missing_and_foreign_alike(town, client):
    pages = [
        client.get(path).content.decode().replace(path, "PATH")
        for path in (f"/s/ir/me/{town.cleo_asks.code}/", "/s/ir/me/nothing/", "/s/abroad/setup/", "/s/nowhere/setup/")
    ]
    assert len(set(pages)) == 1


def test_who_may_not_see_a_page_and_is_not_signed_in_may_try():
    request = RequestFactory().get("/somewhere/")
    request.user = AnonymousUser()
    answer = problems.not_allowed(request)
    assert answer.status_code == 403
    assert way_in(answer.content.decode()).endswith("?next=/somewhere/")


def test_what_a_button_sent_and_a_link_that_is_a_key_are_not_come_back_to(town, client):
    pause = reverse("participant_pause", args=["ir", town.cleo_asks.code])
    for answer in (client.post(pause), client.get("/a/made-up/"), client.get("/i/made-up/")):
        assert answer.status_code == 404
        assert way_in(answer.content.decode()) == reverse("account_login")


def test_a_form_that_waited_too_long_says_so(town):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(reverse("account_login"), {"email": town.cleo.email})
    assert "Nothing was saved" in _shown(answer, 403, "Please send this once more")


@pytest.mark.django_db
def test_a_form_that_cannot_be_read_says_so(client):
    answer = client.post("/account/sign-in/", {f"field_{number}": "x" for number in range(5000)})
    _shown(answer, 400, "This did not arrive as it should")


def test_an_address_for_a_button_says_so(town, sign_in):
    answer = sign_in(town.cleo).get(reverse("set_language"))
    assert answer.headers["Allow"] == "POST"
    _shown(answer, 405, "This address is for a button")


def test_who_tries_too_often_is_told_to_wait():
    _shown(ratelimit.respond_429(RequestFactory().post("/")), 429, "That was too often")


def test_our_fault_is_called_that_and_tells_nothing_else(town, sign_in, monkeypatch):
    client = sign_in(town.cleo)
    client.raise_request_exception = False

    def broken(_user):
        raise RuntimeError(town.cleo.email)

    monkeypatch.setattr(views, "places_of", broken)
    page = _shown(client.get("/"), 500, "This is our fault")
    assert town.cleo.email not in page
