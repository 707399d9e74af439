"""The demo as somebody meets it: one command, three links, each of which signs in."""

import re

import pytest

from faults.site import Site

LOOK = """
from django.test import Client
browser = Client(HTTP_HOST="localhost")
page = browser.get({path!r}, follow=True)
print(page.status_code)
print(page.content.decode())
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("demo") / "site")
    done = site.web("demo", "--prepare", "--port", "8123")
    assert done.returncode == 0, done.stderr
    links = dict(re.findall(r"(coordinator|mentor|mentee)  .*http://localhost:8123(/demo/\S+)", done.stdout))
    return site, links


@pytest.mark.parametrize(
    ("who", "words"),
    [("coordinator", "Society of Made-up"), ("mentor", "Your mentees"), ("mentee", "Your constellation")],
)
def test_each_link_signs_in(prepared, who, words):
    site, links = prepared
    told = site.python(LOOK.format(path=links[who]), INTRODUCER_DEMO="yes")
    status, _newline, page = told.partition("\n")
    assert status == "200"
    assert words in page


def test_the_match_is_done_and_some_have_agreed(prepared):
    site, _links = prepared
    told = site.python(
        "from introducer_web.relationships.models import Relationship as R; from introducer_web.matching.models import "
        "MatchRun as M; print(M.objects.get().state, R.objects.filter(state='active').exists(), "
        "R.objects.filter(state='introduced').exists())"
    )
    assert told == "done True True"


def test_a_second_demo_builds_nothing_twice(prepared):
    site, links = prepared
    again = site.web("demo", "--prepare", "--port", "8123")
    assert again.returncode == 0, again.stderr
    counted = site.python("from introducer_web.tenants.models import Society; print(Society.objects.count())")
    assert counted == "1"
    assert links.keys() == {"coordinator", "mentor", "mentee"}


def test_a_link_that_is_none_signs_nobody_in(prepared):
    site, _links = prepared
    told = site.python(
        "from django.test import Client; print(Client(HTTP_HOST='localhost').get('/demo/none/').status_code)",
        INTRODUCER_DEMO="yes",
    )
    assert told == "404"
