"""Whom people would rather have: said in confidence, read by the match, told to nobody."""

import csv
import io

import pytest
from django.urls import reverse

import cast
from introducer_web.finding import services
from introducer_web.finding.models import Preference
from introducer_web.lib.engine.hushed import hushed
from introducer_web.matching import services as matching
from introducer_web.matching.models import Constellation, Tie
from introducer_web.people.models import PrivateAnswers
from introducer_web.relationships import services as relationships

_TEXT = """Bob                     worth  lost without
  Contracts             0.600         0.400
  pair: the mentee's own choice                0.017         0.016
  pair: stage                                  0.011         0.011
  Best instead: nobody.

Value: the sum          0.628"""


@pytest.fixture
def asked(town):
    services.set_round(cohort=town.cohort, asks=True, by=town.ada, now=town.now)
    return town


def rank(town, *mentors):
    ranked = [(mentor.code, "Because tokenwhy.") for mentor in mentors]
    return services.rank(mentee=town.cleo_asks, ranked=ranked, by=town.cleo, now=town.now)


def mark(town, **marks):
    codes = {town.cleo_asks.code: marks.get("cleo", ""), town.cai_asks.code: marks.get("cai", "")}
    return services.mark(mentor=town.bea_mentors, shown=codes, marks=codes, by=town.bea, now=town.now)


def run_of(town):
    run = relationships.request_run(cohort=town.cohort, by=town.ada, now=town.now)
    matching.perform_run(matching.claim_run(town.now))
    run.refresh_from_db()
    return run


def test_ranks_and_marks_stand_in_the_folder_of_a_run_and_what_one_avoids_is_obeyed(asked):
    rank(asked, asked.bea_mentors, asked.ben_mentors)
    mark(asked, cleo="especially", cai="avoid")
    run = run_of(asked)
    rows = [tuple(row.values()) for row in csv.DictReader(io.StringIO(run.folder["ties.csv"]))]
    cleo, bea, ben = asked.cleo.code, asked.bea.code, asked.ben.code
    wanted = [(cleo, bea, "mentee", "1"), (cleo, ben, "mentee", "2"), (cleo, bea, "mentor", "1")]
    assert sorted(rows) == sorted(("prefer", *row) for row in wanted)
    assert run.state == "done"
    assert not Tie.objects.filter(run=run, mentee=asked.cai_asks, mentor=asked.bea_mentors).exists()


def test_without_ranks_a_folder_is_as_it_was(town):
    run = run_of(town)
    assert run.folder["ties.csv"] == "kind,mentee,mentor\n"


def test_a_rank_decides_between_two_who_help_alike(asked):
    twin = cast.participant(asked, asked.rae, "mentor", offers={"contracts": 3, "leadership": 2}, capacity=2)
    cast.edit(asked.program, team_size=1)
    for liked in (twin, asked.ben_mentors):
        rank(asked, liked)
        run = run_of(asked)
        assert Tie.objects.get(run=run, mentee=asked.cleo_asks).mentor == liked


def test_what_a_coordinator_reads_of_a_run_names_no_choice_and_still_sums(asked):
    rank(asked, asked.bea_mentors, asked.ben_mentors)
    mark(asked, cleo="especially")
    run = run_of(asked)
    for row in Constellation.objects.filter(run=run).select_related("society"):
        for text in row.words["coordinator"].values():
            assert "own choice" not in text
            assert "elección" not in text
    told = hushed(_TEXT)
    assert "  pair: all that the two have in common" in told
    assert "0.028         0.027" in told
    assert "own choice" not in told
    assert told.count("\n") == _TEXT.count("\n") - 1
    assert hushed("Nothing to sum.\n") == "Nothing to sum.\n"


def test_nobody_is_asked_before_the_round_opens_nor_after_it_closes_and_what_was_said_counts(town):
    with pytest.raises(services.RoundIsClosed):
        rank(town, town.ben_mentors)
    services.set_round(cohort=town.cohort, asks=True, by=town.ada, now=town.now)
    rank(town, town.ben_mentors)
    services.set_round(cohort=town.cohort, asks=False, by=town.ada, now=town.now)
    with pytest.raises(services.RoundIsClosed):
        mark(town, cleo="especially")
    assert services.preferred(town.cohort).ranks == {(town.cleo.code, town.ben.code): 1}
    services.set_round(cohort=town.cohort, asks=True, by=town.ada, now=town.now)
    assert services.round_of(town.cohort).is_open


def test_a_mentor_sees_mentees_before_an_introduction_only_while_marks_are_asked_for(client, town):
    cast.enter(client, town.ben)
    own = reverse("marks", args=["ir", town.ben_mentors.code])
    assert "Cleo Marsh" not in client.get(own).content.decode()
    services.set_round(cohort=town.cohort, asks=True, by=town.ada, now=town.now)
    assert "Cleo Marsh" in client.get(own).content.decode()
    cast.edit(town.ben_mentors, state="applied")
    assert "Cleo Marsh" not in client.get(own).content.decode()


def test_strangers_are_ranked_by_nobody_and_a_page_of_marks_leaves_the_others(asked):
    services.rank(
        mentee=asked.cleo_asks, ranked=[("x" * 22, ""), (asked.cai_asks.code, "")], by=asked.cleo, now=asked.now
    )
    assert services.preferred(asked.cohort).ranks == {}
    mark(asked, cleo="especially", cai="avoid")
    services.mark(mentor=asked.bea_mentors, shown=[asked.cai_asks.code], marks={}, by=asked.bea, now=asked.now)
    assert services.preferred(asked.cohort).marks == {(asked.cleo.code, asked.bea.code)}
    assert PrivateAnswers.objects.get(participant=asked.bea_mentors).answers["avoid"] == []


def test_a_mentee_ranks_on_pages_changes_the_order_and_takes_one_out(client, asked):
    cast.enter(client, asked.cleo)
    for mentor in (asked.ben_mentors, asked.bea_mentors, asked.ben_mentors):
        add = reverse("ranking_add", args=["ir", asked.cleo_asks.code, mentor.code])
        assert "Put at the end of your ranking." in client.post(add, follow=True).content.decode()
    own = reverse("ranking", args=["ir", asked.cleo_asks.code])
    ben, bea = asked.ben_mentors.code, asked.bea_mentors.code
    said = {f"place:{ben}": "2", f"why:{ben}": "tokenwhy", f"place:{bea}": "1"}
    assert "tokenwhy" in client.post(own, said, follow=True).content.decode()
    assert services.preferred(asked.cohort).ranks == {
        (asked.cleo.code, asked.bea.code): 1,
        (asked.cleo.code, asked.ben.code): 2,
    }
    client.post(own, {f"place:{ben}": "1", f"place:{bea}": ""})
    assert services.preferred(asked.cohort).ranks == {(asked.cleo.code, asked.ben.code): 1}
    cast.enter(client, asked.ben)
    assert client.get(own).status_code == 404
    page = client.get(reverse("participant_home", args=["ir", asked.ben_mentors.code])).content.decode()
    assert "tokenwhy" not in page
    assert "Whom you would like to mentor" in page


def test_a_mentor_marks_whom_they_could_help_and_sees_nothing_private(client, asked):
    cast.edit(asked.cai_asks, region="Far North")
    cast.enter(client, asked.ben)
    own = reverse("marks", args=["ir", asked.ben_mentors.code])
    page = client.get(own).content.decode()
    assert "Cleo Marsh" in page
    assert "Far North" in page
    assert "@example.org" not in page
    answer = client.post(own, {f"mark:{asked.cleo_asks.code}": "especially", f"mark:{asked.cai_asks.code}": "avoid"})
    assert answer.status_code == 302
    page = client.get(own).content.decode()
    assert 'value="especially" checked' in page
    assert 'value="avoid" checked' in page
    services.set_round(cohort=asked.cohort, asks=False, by=asked.ada, now=asked.now)
    assert client.post(own, {f"mark:{asked.cleo_asks.code}": ""}).status_code == 409
    assert Preference.objects.get().words["especially"] == [asked.cleo.code]


def test_a_coordinator_opens_and_closes_the_round_and_reads_nothing_of_it(client, asked):
    rank(asked, asked.bea_mentors)
    cast.enter(client, asked.ada, second_factor=True)
    page = client.post(reverse("round_set", args=["ir", asked.cohort.code]), {}, follow=True).content.decode()
    assert "Closed. What was said counts." in page
    assert "tokenwhy" not in page
    assert not services.round_of(asked.cohort).is_open
