"""Relationships that are lived, in later runs and publications: kept, never above the seats, never in the way."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse

import cast
from introducer_web.matching import services as matching
from introducer_web.relationships import services
from introducer_web.relationships.models import Relationship


def run_of(town):
    run = services.request_run(cohort=town.cohort, by=town.ada, now=town.now)
    matching.perform_run(matching.claim_run(town.now))
    run.refresh_from_db()
    return run


@pytest.fixture
def matched(town):
    town.run = run_of(town)
    return town


def agreed(town, mentee, mentor):
    """Let two of the cast be together."""
    return services.record_existing(cohort=town.cohort, pairs=[(mentee, mentor)], by=town.ada, now=town.now)[0]


def ties_of(run):
    return set(run.ties.values_list("mentee__user__name", "mentor__user__name", "kept"))


def rows_of(run, name):
    return {row["id"]: row for row in csv.DictReader(io.StringIO(run.folder[name]))}


def test_who_agreed_stays_together_whatever_would_be_better(town):
    """Ben has one seat and Cai asks for what he offers; Cleo agreed with him before."""
    cast.edit(town.ben_mentors, capacity=1)
    town.cleo_asks.needs.all().delete()
    town.cleo_asks.needs.create(society=town.society, domain=town.program.domains.get(key="advocacy"), level=1)
    assert ("Cleo Marsh", "Ben Castellanos", False) not in ties_of(run_of(town))
    agreed(town, town.cleo_asks, town.ben_mentors)
    run = run_of(town)
    held = {tie for tie in ties_of(run) if tie[1] == "Ben Castellanos"}
    assert held == {("Cleo Marsh", "Ben Castellanos", True)}
    assert not services.preview(run, town.now).left_out[0][1]


def test_a_relationship_above_the_seats_and_a_rule_that_came_later_stop_no_run(town):
    """A fact is no reason against a run: it takes its seat, and the rest is matched."""
    agreed(town, town.cleo_asks, town.ben_mentors)
    agreed(town, town.cai_asks, town.ben_mentors)
    cast.edit(town.ben_mentors, capacity=1)
    cast.edit(town.cai_asks, paused_until=town.now.date() + dt.timedelta(days=9))
    run = run_of(town)
    assert run.state == "done"
    assert {tie for tie in ties_of(run) if tie[1] == "Ben Castellanos"} == {("Cleo Marsh", "Ben Castellanos", True)}
    assert rows_of(run, "mentors.csv")[town.ben.code]["capacity"] == "1", "one is held, the other takes a seat"
    cast.edit(town.ben_mentors, paused_until=town.now.date() + dt.timedelta(days=9), capacity=5)
    cast.edit(town.cai_asks, paused_until=None)
    run = run_of(town)
    assert run.state == "done"
    assert not [tie for tie in ties_of(run) if tie[1] == "Ben Castellanos"]
    assert rows_of(run, "mentors.csv")[town.ben.code]["capacity"] == "3"
    assert rows_of(run, "mentees.csv")[town.cleo.code]["team_size"] == str(town.program.team_size - 1)


def test_two_of_one_institution_who_are_both_there_already_stop_no_run(town):
    for mentor in (town.ben_mentors, town.bea_mentors):
        cast.edit(mentor, institution="One Hospital")
        agreed(town, town.cleo_asks, mentor)
    run = run_of(town)
    assert run.state == "done"
    assert len({tie for tie in ties_of(run) if tie[0] == "Cleo Marsh"}) == 1


def test_a_pin_of_two_who_are_together_by_now_stops_no_run(town):
    matching.order_tie(kind="pin", mentee=town.cleo_asks, mentor=town.ben_mentors, words="", by=town.ada, now=town.now)
    agreed(town, town.cleo_asks, town.ben_mentors)
    cast.edit(town.ben_mentors, paused_until=town.now.date() + dt.timedelta(days=9))
    assert run_of(town).state == "done"


def test_who_ended_and_began_again_is_together(town):
    agreed(town, town.cleo_asks, town.ben_mentors)
    Relationship.objects.update(state="ended", seat=None, ended_at=town.now)
    assert "Ben Castellanos" not in {tie[1] for tie in ties_of(run_of(town)) if tie[0] == "Cleo Marsh"}
    agreed(town, town.cleo_asks, town.ben_mentors)
    assert ("Cleo Marsh", "Ben Castellanos", True) in ties_of(run_of(town))


def left_out(town):
    found = services.preview(town.run, town.now).left_out
    return {(tie.mentee.user.name, tie.mentor.user.name): why for tie, why in found if why}


def test_seats_and_teams_are_counted_again_when_publishing(matched):
    """What became true after the run leaves out the ties that nobody has room for, and those alone."""
    assert len(services.preview(matched.run, matched.now).ties) == 4
    cast.edit(matched.ben_mentors, capacity=1)
    assert left_out(matched) == {("Cleo Marsh", "Ben Castellanos"): "Ben Castellanos has no seat left."}
    cast.edit(matched.cai_asks, team_size=1)
    assert left_out(matched) == {
        ("Cai Lindqvist", "Ben Castellanos"): "Cai Lindqvist has as many mentors as they asked for."
    }
    assert services.publish(run=matched.run, by=matched.ada, now=matched.now).ties == 3


def test_a_review_says_who_asked_to_stay_together(sign_in, matched):
    """The other side is not told; coordinators are, on the review and beside a few changes."""
    town = matched
    for mentee in (town.cleo_asks, town.cai_asks):
        lived = agreed(town, mentee, town.ben_mentors)
        services.ask_to_keep(relationship=lived, person=mentee, keep=True, by=mentee.user, now=town.now)
    services.ask_to_keep(relationship=lived, person=town.ben_mentors, keep=True, by=town.ben, now=town.now)
    frontier = services.request_frontier(cohort=town.cohort, by=town.ada, now=town.now)
    matching.perform_run(matching.claim_run(town.now))
    client = sign_in(town.ada)
    for run in (town.run, frontier):
        page = client.get(reverse("run_show", args=["ir", town.cohort.code, run.code]))
        shown = " ".join(page.content.decode().split())
        assert "Asked to stay together" in shown
        assert 'Cai Lindqvist, Ben Castellanos: <span class="soft">both ask' in shown
        assert 'Cleo Marsh, Ben Castellanos: <span class="soft">the mentee asks' in shown
    services.ask_to_keep(relationship=lived, person=town.cai_asks, keep=False, by=town.cai, now=town.now)
    page = client.get(reverse("run_show", args=["ir", town.cohort.code, town.run.code]))
    assert "the mentor asks" in page.content.decode()
