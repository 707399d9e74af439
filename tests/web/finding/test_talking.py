"""A round of short first conversations: both would like to, both say in confidence how they would go on."""

import csv
import io

import pytest
from django.urls import reverse

import cast
from introducer_web.finding import services
from introducer_web.finding.models import FirstTalk, Recommendation
from introducer_web.mail.models import Message
from introducer_web.matching.roster import freeze
from introducer_web.relationships import services as relationships


@pytest.fixture
def talking(town):
    pairs = [(town.cleo_asks, town.ben_mentors), (town.cleo_asks, town.bea_mentors), (town.cai_asks, town.ben_mentors)]
    for place, (mentee, mentor) in enumerate(pairs, start=1):
        Recommendation.objects.create(society=town.society, mentee=mentee, mentor=mentor, place=place)
    services.open_talks(cohort=town.cohort, by=town.ada, now=town.now)
    return town


def talk(town):
    return FirstTalk.objects.get(mentee=town.cleo_asks, mentor=town.ben_mentors)


def both_ready(town):
    for person in (town.cleo_asks, town.ben_mentors):
        services.ready(talk=talk(town), person=person, by=person.user, now=town.now)
    return talk(town)


def said(town, mentee="", mentor=""):
    found = both_ready(town)
    for person, view in ((town.cleo_asks, mentee), (town.ben_mentors, mentor)):
        if view:
            services.say_of(talk=found, person=person, view=view)


def folder(town):
    return freeze(town.cohort, relationships.known_of(town.cohort), town.now.date())


def rows(town, name):
    return list(csv.DictReader(io.StringIO(folder(town)[name])))


def test_recommended_people_are_proposed_to_each_other_and_told_once(talking):
    assert FirstTalk.objects.count() == 3
    assert Message.objects.filter(kind="first_talks").count() == 4
    services.close_talks(cohort=talking.cohort, by=talking.ada, now=talking.now)
    services.open_talks(cohort=talking.cohort, by=talking.ada, now=talking.now)
    assert FirstTalk.objects.count() == 3
    assert Message.objects.filter(kind="first_talks").count() == 4


def test_a_mentee_has_three_and_a_mentor_four(town):
    mentors = [
        cast.participant(town, user, "mentor", offers={"contracts": 1}) for user in (town.ada, town.rae, town.dov)
    ]
    for place, mentor in enumerate((town.ben_mentors, *mentors), start=1):
        Recommendation.objects.create(society=town.society, mentee=town.cleo_asks, mentor=mentor, place=place)
    services.open_talks(cohort=town.cohort, by=town.ada, now=town.now)
    assert set(FirstTalk.objects.values_list("mentor", flat=True)) == {
        town.ben_mentors.pk, mentors[0].pk, mentors[1].pk
    }  # fmt: skip


def test_without_recommendations_there_is_nobody_to_talk_to(town):
    with pytest.raises(services.NobodyToTalk):
        services.open_talks(cohort=town.cohort, by=town.ada, now=town.now)


def test_addresses_are_told_when_both_would_like_to_and_not_before(client, talking):
    cast.enter(client, talking.cleo)
    own = reverse("talk_list", args=["ir", talking.cleo_asks.code])
    ready = reverse("talk_ready", args=["ir", talking.cleo_asks.code, talk(talking).code])
    assert "Noted." in client.post(ready, follow=True).content.decode()
    assert "ben@example.org" not in client.get(own).content.decode()
    assert not Message.objects.filter(kind="first_talk_ready").exists()
    services.ready(talk=talk(talking), person=talking.ben_mentors, by=talking.ben, now=talking.now)
    assert "ben@example.org" in client.get(own).content.decode()
    assert {row.to for row in Message.objects.filter(kind="first_talk_ready")} == {
        "ben@example.org",
        "cleo@example.org",
    }
    say = reverse("talk_say", args=["ir", talking.cleo_asks.code, talk(talking).code])
    assert "Kept." in client.post(say, {"view": "glad"}, follow=True).content.decode()
    assert "Choose one of the answers." in client.post(say, {"view": "x"}, follow=True).content.decode()
    cast.enter(client, talking.ben)
    page = client.get(reverse("talk_list", args=["ir", talking.ben_mentors.code])).content.decode()
    assert "aria-pressed" not in page
    cast.enter(client, talking.cai)
    assert client.post(reverse("talk_ready", args=["ir", talking.cai_asks.code, talk(talking).code])).status_code == 404


def test_glad_mentees_rank_after_what_they_ranked_and_glad_mentors_mark(talking):
    services.set_round(cohort=talking.cohort, asks=True, by=talking.ada, now=talking.now)
    services.rank(mentee=talking.cleo_asks, ranked=[(talking.bea_mentors.code, "")], by=talking.cleo, now=talking.now)
    said(talking, mentee="glad", mentor="glad")
    cleo, ben, bea = talking.cleo.code, talking.ben.code, talking.bea.code
    found = services.preferred(talking.cohort)
    assert found.ranks == {(cleo, bea): 1, (cleo, ben): 2}
    assert found.marks == {(cleo, ben)}
    assert ["prefer", cleo, ben, "mentee", "2"] in [list(row.values()) for row in rows(talking, "ties.csv")]


@pytest.mark.parametrize("side", ["mentee", "mentor"])
def test_who_would_rather_not_is_not_tied_and_nobody_can_tell_who_said_so(talking, side):
    said(talking, **{"mentee": "glad", "mentor": "glad", side: "rather_not"})
    cleo, ben = talking.cleo.code, talking.ben.code
    assert [row["avoid"] for row in rows(talking, "mentees.csv") if row["id"] == cleo] == [ben]
    assert services.preferred(talking.cohort).ranks == {}
    assert services.preferred(talking.cohort).marks == frozenset()
    assert not services.may_be_tied(talking.cleo_asks, talking.ben_mentors, talking.now.date())


def test_no_view_is_nothing(talking):
    said(talking, mentee="none", mentor="none")
    assert rows(talking, "ties.csv") == []


def test_a_round_that_is_over_takes_nothing_and_nothing_is_said_before_both_would_talk(talking):
    with pytest.raises(services.TalksAreOver, match="after you have talked"):
        services.say_of(talk=talk(talking), person=talking.cleo_asks, view="glad")
    both_ready(talking)
    services.close_talks(cohort=talking.cohort, by=talking.ada, now=talking.now)
    with pytest.raises(services.TalksAreOver):
        services.say_of(talk=talk(talking), person=talking.cleo_asks, view="glad")


def test_a_coordinator_opens_and_closes_it_and_sees_no_small_number(client, talking):
    both_ready(talking)
    cast.enter(client, talking.ada, second_factor=True)
    address = reverse("talks_set", args=["ir", talking.cohort.code])
    page = client.post(address, {}, follow=True).content.decode()
    assert "The round of first conversations is closed." in page
    assert "Fewer than ten pairs would like to talk." in page
    page = client.post(address, {"open": "yes"}, follow=True).content.decode()
    assert "First conversations are proposed." in page
    Recommendation.objects.all().delete()
    FirstTalk.objects.all().delete()
    page = client.post(address, {"open": "yes"}, follow=True).content.decode()
    assert "Wait until the worker" in page
