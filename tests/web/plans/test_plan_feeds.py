"""A person's own plans, at a private address that dies when it is renewed."""

import datetime as dt

import pytest
import vobject
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import cast
from introducer_web.audit.models import Entry
from introducer_web.plans import services
from introducer_web.plans.models import Availability, Plan
from introducer_web.relationships import services as relationships

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def planned(together):
    """Plan with Ben from now on: a feed shows what is, not what was."""
    together.soon = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(days=3)
    given = {"relationship": together.two, "minutes": 30, "now": together.soon - dt.timedelta(days=3)}
    proposal = services.propose(person=together.cleo_asks, times=[together.soon], place="Room 7", **given)
    together.plan = services.accept(proposal=proposal, person=together.ben_mentors, at=together.soon, now=given["now"])
    return together


def feed_of(town, person):
    token = services.renew_feed(person=person, by=person.user, now=town.now)
    return reverse("plan_feed", args=[token])


def test_it_says_with_whom_and_when_to_whoever_has_the_address(planned):
    answer = Client().get(feed_of(planned, planned.cleo_asks))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in answer.headers["Cache-Control"]
    event = vobject.readOne(answer.content.decode()).vevent
    assert event.summary.value == "Mentoring conversation with Ben Castellanos"
    assert event.dtstart.value == planned.soon
    assert "Room 7" not in answer.content.decode()  # least content: where is said by mail and on the page
    assert "ATTENDEE" not in answer.content.decode()


def test_a_renewed_address_shows_nothing_under_the_old_one(planned):
    old = feed_of(planned, planned.cleo_asks)
    assert Client().get(old).status_code == 200
    new = feed_of(planned, planned.cleo_asks)
    assert new != old
    dead, nobody = Client().get(old), Client().get(reverse("plan_feed", args=["x" * 43]))
    assert dead.status_code == nobody.status_code == 404
    assert "Ben" not in dead.content.decode()
    assert Client().get(new).status_code == 200
    assert Client().get(old, headers={"If-None-Match": Client().get(new).headers["ETag"]}).status_code == 404


def test_only_a_digest_is_kept_and_the_address_is_shown_once(client, planned):
    cast.enter(client, planned.cleo)
    renew = reverse("feed_renew", args=["ir", planned.cleo_asks.code])
    page = client.post(renew, {"new": "yes"}).content.decode()
    assert page.count("/cal/") == 1
    address = page.partition('readonly value="')[2].partition('"')[0]
    assert address.endswith(".ics")
    token = address.rpartition("/")[2].removesuffix(".ics")
    assert Client().get(reverse("plan_feed", args=[token])).status_code == 200
    row = Availability.objects.get()
    assert token not in str(vars(row))
    assert "/cal/" not in client.get(reverse("availability", args=["ir", planned.cleo_asks.code])).content.decode()
    assert Entry.objects.filter(act="plans.feed", subject=row.code).count() == 1
    ended = client.post(renew, {"end": "yes"}, follow=True).content.decode()
    assert "shows nothing any more" in ended
    assert Client().get(reverse("plan_feed", args=[token])).status_code == 404


def test_what_has_not_changed_is_not_sent_again(planned):
    address = feed_of(planned, planned.ben_mentors)
    first = Client().get(address)
    again = Client().get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    services.cancel(plan=planned.plan, now=planned.soon - HOUR)
    later = Client().get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert later.status_code == 200
    assert b"VEVENT" not in later.content


def test_all_of_a_persons_relationships_are_in_it_and_nobody_elses(planned):
    two = relationships.record_existing(
        cohort=planned.cohort, pairs=[(planned.cai_asks, planned.ben_mentors)], by=planned.ada, now=planned.now
    )[0]
    given = {"relationship": two, "minutes": 10, "now": planned.soon - HOUR}
    proposal = services.propose(person=planned.cai_asks, times=[planned.soon + HOUR], **given)
    services.accept(proposal=proposal, person=planned.ben_mentors, at=planned.soon + HOUR, now=given["now"])
    both = vobject.readOne(Client().get(feed_of(planned, planned.ben_mentors)).content.decode())
    assert [each.summary.value for each in both.vevent_list] == [
        "Mentoring conversation with Cleo Marsh", "Mentoring conversation with Cai Lindqvist"]  # fmt: skip
    one = vobject.readOne(Client().get(feed_of(planned, planned.cai_asks)).content.decode())
    assert len(one.vevent_list) == 1


def test_whoever_has_left_has_no_feed(planned):
    address = feed_of(planned, planned.cleo_asks)
    type(planned.cleo_asks).objects.filter(pk=planned.cleo_asks.pk).update(state="withdrawn")
    assert Client().get(address).status_code == 404


def test_a_feed_of_many_asks_as_little_of_the_database(planned):
    address, counted = feed_of(planned, planned.cleo_asks), []
    for number in (3, 30):
        for k in range(number):
            at = planned.soon + (number + k) * HOUR
            Plan(society=planned.society, relationship=planned.two, starts_at=at, zone="UTC", minutes=10,
                 agreed_at=planned.now, changed_at=planned.now).save()  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            assert Client().get(address).status_code == 200
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 6
