"""The certificate of a run as a coordinator reads it: how good, where the rest is, whether somebody stopped it."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from cast import participant
from introducer_web.lib import engine
from introducer_web.matching import pages, proofs, services
from introducer_web.matching.models import Constellation, MatchRun
from introducer_web.matching.roster import Known, freeze
from introducer_web.relationships import services as relationships
from introducer_web.site import subject
from introducer_web.tenants.models import User

State = MatchRun.State


def performed(town):
    run = relationships.request_run(cohort=town.cohort, by=town.ada, now=town.now)
    services.perform_run(services.claim_run(town.now))
    run.refresh_from_db()
    assert run.state == State.DONE, run.message
    return run


def crowded(town):
    """Let five more mentees ask for what Ben alone offers."""
    for k in range(5):
        user = User.objects.create_user(f"more{k}@example.org", name=f"More {k}")
        participant(town, user, "mentee", needs={"contracts": 3})
    return performed(town)


def shown(sign_in, town, run):
    answer = sign_in(town.ada).get(reverse("run_show", args=["ir", town.cohort.code, run.code]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    ("gap", "points"), [(0.0, 1000.0), (0.0003, 999.7), (0.00031, 999.6), (0.5, 500.0), (1.0, 0.0)]
)
def test_points_are_rounded_down_so_that_at_least_stays_true(gap, points):
    assert proofs.proof_of(MatchRun(summary={"scope": "all", "gap": gap})).points == points


def test_what_is_left_to_gain_and_what_is_unused_are_the_whole_distance(town):
    held = crowded(town).summary
    assert held["regret"][1] + held["slack"][1] == pytest.approx(held["bound"] - held["value"])
    assert held["gap"] == pytest.approx((held["bound"] - held["value"]) / held["bound"])
    assert held["early"] is False


def test_the_mentor_whom_too_many_need_is_where_a_seat_more_would_help(town, sign_in):
    run = crowded(town)
    [(mentor, price), *_rest] = proofs.where_a_seat_helps(run, [town.bea_mentors, town.ben_mentors])
    assert mentor == town.ben_mentors
    assert price > 0.5
    page = shown(sign_in, town, run)
    assert "Where one more seat would help most" in page
    assert "Ask these mentors first" in page


def test_a_seat_more_is_worth_no_more_than_its_price_says(town):
    before = crowded(town)
    [(_mentor, price), *_rest] = proofs.where_a_seat_helps(before, [town.ben_mentors])
    services.set_capacity(mentor=town.ben_mentors, capacity=3, seen=1, by=town.ada, now=town.now)
    anew = freeze(town.cohort, Known(), town.now.date())
    after = engine.perform(anew, [], lambda *_said: None, lambda: False)  # the worths of a second run hold a bonus
    gained = after.certificate.value - before.summary["value"]
    assert 0 < gained <= price + before.summary["bound"] - before.summary["value"] + 1e-4


def left_in(run):
    return proofs.most_left(run, pages.mentees_by_code(run, run.summary.get("regrets", {})))


def test_mentees_with_something_left_to_gain_are_named_the_most_first(town):
    run = performed(town)
    run.summary["regrets"] = {town.cai.code: 0.02, town.cleo.code: 0.3, "gone": 0.9}
    assert [(str(mentee.user), left) for mentee, left in left_in(run)] == [
        ("Cleo Marsh", 0.3), ("Cai Lindqvist", 0.02),
    ]  # fmt: skip
    run.summary["regrets"] = {town.cai.code: 0.004}
    assert left_in(run) == []


def test_the_review_says_how_good_it_is_and_that_it_is_proved(town, sign_in):
    run = performed(town)
    page = shown(sign_in, town, run)
    assert "How good this is" in page
    assert "Nothing better is possible." in page
    assert "Stopped early" not in page
    run.summary |= {"gap": 0.0123, "early": True, "scope": "shortlist"}
    run.save()
    page = shown(sign_in, town, run)
    assert "1.23" in page
    assert "987.7" in page
    assert "no proof" in page
    assert "Stopped early" in page
    run.summary["scope"] = "sampled"
    run.save()
    assert "estimated from a sample" in shown(sign_in, town, run)


def test_a_run_of_an_older_version_shows_the_sentence_that_it_has(town, sign_in):
    run = performed(town)
    run.summary = {"schema": 1, "matched": 2, "whole": 1, "coverage": 1.0, "gap": 0.0, "proof": "This is it."}
    run.save()
    assert proofs.proof_of(run) is None
    assert "This is it." in shown(sign_in, town, run)
    run.summary |= {"scope": "all"}
    run.save()
    page = shown(sign_in, town, run)
    assert "Nothing better is possible." in page
    assert "Who has most left to gain" not in page


def test_a_run_that_is_stopped_may_keep_what_it_has_with_its_honest_gap(town, monkeypatch):
    relationships.request_run(cohort=town.cohort, by=town.ada, now=town.now)
    run = services.claim_run(town.now)
    stopped = services.stop_run(run=run, by=town.ada, now=town.now, keep=True)
    assert (stopped.state, stopped.stop_asked, stopped.keeps) == (State.RUNNING, True, True)
    monkeypatch.setattr("introducer_web.matching.services.watching.Watch.stop", lambda _watch: True)
    services.perform_run(run)
    run.refresh_from_db()
    assert run.state == State.DONE
    assert run.summary["early"] is True
    assert run.summary["gap"] >= 0
    assert Constellation.objects.filter(run=run).count() == 2
    assert '"reproducible": false' in run.outcome["outcome.json"]


def test_a_page_of_a_run_under_way_says_what_it_has_and_offers_to_take_it(town, sign_in):
    relationships.request_run(cohort=town.cohort, by=town.ada, now=town.now)
    run = services.claim_run(town.now)
    MatchRun.objects.filter(pk=run.pk).update(gap=0.031)
    page = shown(sign_in, town, run)
    assert "at most 3.10" in page
    client = sign_in(town.ada)
    client.post(reverse("run_stop", args=["ir", town.cohort.code, run.code]), {"keep": "yes"})
    run.refresh_from_db()
    assert run.keeps


def test_who_is_erased_is_named_in_no_figure(town):
    run = crowded(town)
    run.summary["regrets"] = {town.cleo.code: 0.4, town.cai.code: 0.1}
    run.save()
    subject.erase_person(town.cleo, now=town.now)
    run.refresh_from_db()
    assert run.summary["regrets"] == {town.cai.code: 0.1}


def test_the_figures_are_said_in_the_language_of_the_page(town):
    run = performed(town)
    with override("es"):
        assert [name for name, _number, _what in proofs.proof_of(run).numbers] != ["Value", "Bound", "Left to gain",
                                                                                  "Unused"]  # fmt: skip
