"""Several people at the same moment: one wins, nobody is told twice, no seat is given away twice."""

import json

import pytest

import postgres
from faults.site import founded

RUN = "import json; from faults import races; print(json.dumps(races.{name}()))"


@pytest.fixture(params=["sqlite", "postgres"])
def site(request, tmp_path):
    if request.param == "sqlite":
        yield founded(tmp_path / "site")
        return
    if not postgres.is_here():
        pytest.skip("no PostgreSQL")
    with postgres.server() as url:
        yield founded(tmp_path / "site", DATABASE_URL=url)


def run(site, name):
    return json.loads(site.python(RUN.format(name=name)))


def test_twenty_accepts_for_two_seats_give_two(site):
    assert run(site, "accepts") == [{"done": 2, "NoSeatLeft": 18}, 2]


def test_of_two_publications_at_once_one_tells_everybody_and_the_other_nobody(site):
    ended, (relationships, introductions, mails) = run(site, "publications")
    assert ended == {"done": 1, "PreviewIsStale": 1}
    assert relationships > 0
    assert introductions == mails == 2 * relationships


def test_of_a_pin_and_a_veto_at_once_one_stands(site):
    assert run(site, "orders") == [{"done": 1, "AlreadyOrdered": 1}, 1]


def test_of_two_who_save_the_same_page_at_once_one_wins_and_the_other_is_shown_what_stands(site):
    assert run(site, "edits") == [[302, 409], 302, 1]


def test_of_two_who_set_the_same_seats_at_once_one_wins(site):
    assert run(site, "capacities") == {"done": 1, "WasEdited": 1}


@pytest.mark.parametrize("label", ["publish-related", "publish-queued"])
def test_a_publication_that_is_killed_told_nobody_and_can_be_made_again(label, tmp_path):
    site = founded(tmp_path / "site")
    site.python("from faults import races; races.matched()")
    killed = site.run("-c", "import django; django.setup(); from django_scopes import scopes_disabled\n"
                            "with scopes_disabled():\n    from faults import races; races.publish()",
                      INTRODUCER_CRASH_AT=label)  # fmt: skip
    assert killed.returncode == -9, killed.stderr
    assert run(site, "published") == [0, 0, 0]
    site.python("from faults import races; races.publish()")
    relationships, introductions, mails = run(site, "published")
    assert relationships > 0
    assert introductions == mails == 2 * relationships
