"""A run: asked for, performed, stopped, taken up again, compared."""

import csv

import pytest
from django_scopes import scope

from cast import participant
from introducer.verify import verify
from introducer_web.lib import engine
from introducer_web.lib.errors import DomainError
from introducer_web.lib.leases import LEASE
from introducer_web.matching import pages, proofs, services
from introducer_web.matching.models import Constellation, MatchRun, Tie
from introducer_web.matching.roster import Known, freeze
from introducer_web.people.models import Conflict, Consent, Need, Offer
from introducer_web.programs.models import Domain, Topic

State = MatchRun.State


def asked(town, known=None):
    return services.request_run(cohort=town.cohort, known=known or Known(), by=town.ada, now=town.now)


def performed(town, known=None):
    run = asked(town, known)
    claimed = services.claim_run(town.now)
    assert claimed == run
    services.perform_run(claimed)
    run.refresh_from_db()
    return run


def pairs(run):
    return set(Tie.objects.filter(run=run).values_list("mentee__user__name", "mentor__user__name"))


def test_a_run_gives_everybody_a_constellation(town):
    run = performed(town)
    assert run.state == State.DONE, run.message
    assert ("Cleo Marsh", "Ben Castellanos") in pairs(run)
    cleo = Constellation.objects.get(run=run, mentee=town.cleo_asks)
    assert (cleo.asked, cleo.covered) == (2, 2)
    assert {need["key"]: need["by"] for need in cleo.needs}["contracts"] == [town.ben_mentors.code]
    assert all("Ben Castellanos" in cleo.words["participant"][language] for language in ("en", "es"))
    cai = Constellation.objects.get(run=run, mentee=town.cai_asks)
    assert [need["why"] for need in cai.needs if not need["fit"]] == ["nobody in this cohort offers it"]
    assert run.summary["matched"] == 2
    assert "best possible" in proofs.sentence(run) or "No other outcome is better" in proofs.sentence(run)
    assert {"outcome.json", "ties.csv", "report.html", "run.json"} <= run.outcome.keys()


def test_a_second_run_stays_near_the_first(town):
    first = performed(town)
    second = performed(town)
    assert second.previous == first
    assert second.number == 2
    assert pairs(second) == pairs(first)
    compared = services.compare(first, second)
    assert (compared.came, compared.went, compared.moved) == (0, 0, ())


def test_a_cohort_has_one_run_at_a_time(town):
    asked(town)
    with pytest.raises(services.RunIsUnderWay, match="under way"):
        asked(town)


@pytest.mark.parametrize("role", ["mentee", "mentor"])
def test_a_run_needs_both_sides(town, role):
    town.cohort.participants.filter(role=role).delete()
    with pytest.raises(services.NobodyToMatch, match="in this cohort"):
        asked(town)


def test_a_run_that_waits_is_stopped_at_once_and_one_that_ended_cannot_be(town):
    run = services.stop_run(run=asked(town), by=town.ada, now=town.now)
    assert run.state == State.STOPPED
    assert services.claim_run(town.now) is None
    with pytest.raises(services.NotRunning):
        services.stop_run(run=run, by=town.ada, now=town.now)


def test_a_run_that_is_stopped_while_it_computes_keeps_nothing(town, monkeypatch):
    run = asked(town)
    claimed = services.claim_run(town.now)
    stopped = services.stop_run(run=run, by=town.ada, now=town.now)
    assert (stopped.state, stopped.stop_asked) == (State.RUNNING, True)
    monkeypatch.setattr("introducer_web.matching.services.watching.Watch.stop", lambda _watch: True)
    services.perform_run(claimed)
    run.refresh_from_db()
    assert run.state == State.STOPPED
    assert not Tie.objects.filter(run=run).exists()


def test_a_worker_that_died_leaves_its_run_to_the_next_after_the_lease(town):
    run = asked(town)
    dead = services.claim_run(town.now)
    assert services.claim_run(town.now) is None
    heir = services.claim_run(town.now + 2 * LEASE)
    assert heir.turn == dead.turn + 1
    services.perform_run(heir)
    run.refresh_from_db()
    assert run.state == State.DONE
    before = run.outcome
    services.perform_run(dead)  # a zombie that wakes up writes nothing
    run.refresh_from_db()
    assert run.outcome == before
    assert Constellation.objects.filter(run=run).count() == 2


def test_a_run_taken_up_again_comes_to_the_same_bytes(town):
    run = performed(town)
    again = engine.perform(run.folder, [], lambda *_said: None, lambda: False)
    without_times = {name: text for name, text in again.files.items() if name != "run.json"}
    assert without_times == {name: text for name, text in run.outcome.items() if name != "run.json"}


def test_the_folder_and_the_outcome_pass_the_independent_checker(town, tmp_path):
    run = performed(town)
    for folder, files in (("cohort", run.folder), ("outcome", run.outcome)):
        (tmp_path / folder).mkdir()
        for name, text in files.items():
            (tmp_path / folder / name).write_text(text, encoding="utf-8")
    assert len(verify(tmp_path / "cohort", tmp_path / "outcome").ties) == len(pairs(run))


def test_pins_and_vetoes_are_obeyed_and_cost_is_told(town):
    services.order_tie(
        kind="pin", mentee=town.cai_asks, mentor=town.bea_mentors, words="asked", by=town.ada, now=town.now
    )
    services.order_tie(kind="veto", mentee=town.cleo_asks, mentor=town.ben_mentors, words="", by=town.ada, now=town.now)
    run = performed(town)
    assert ("Cai Lindqvist", "Bea Okafor") in pairs(run)
    assert ("Cleo Marsh", "Ben Castellanos") not in pairs(run)
    costs = {order.kind: cost for order, cost in pages.orders_of(run)}
    assert costs["veto"] > 0.5
    assert costs["pin"] is not None


def test_pins_that_break_a_rule_end_in_names_and_without_the_confidential_fact(town):
    conflict = Conflict(society=town.society, user_a=town.cai, user_b=town.bea, recorded_at=town.now)
    conflict.facts = {"source": "complaint", "words": "said in confidence"}
    conflict.save()
    services.order_tie(kind="pin", mentee=town.cai_asks, mentor=town.bea_mentors, words="", by=town.ada, now=town.now)
    run = performed(town)
    assert run.state == State.INFEASIBLE
    assert "Cai Lindqvist" in run.message
    assert "conflict" not in run.message
    assert "a confidential fact" in run.message


def test_an_error_of_the_engine_fails_the_run_and_says_no_more_than_its_kind(town, monkeypatch):
    run = asked(town)

    def broken(*_args):
        raise ZeroDivisionError("cleo's secret")

    monkeypatch.setattr("introducer_web.lib.engine.perform", broken)
    with pytest.raises(ZeroDivisionError):
        services.perform_due(town.now)
    run.refresh_from_db()
    assert (run.state, run.message) == (State.FAILED, "ZeroDivisionError")


def test_nothing_due_is_said(town):
    assert services.perform_due(town.now) is False
    asked(town)
    assert services.perform_due(town.now) is True


def test_an_order_stands_once_and_its_opposite_waits_until_it_is_lifted(town):
    given = {"mentee": town.cleo_asks, "mentor": town.ben_mentors, "words": "", "by": town.ada, "now": town.now}
    pin = services.order_tie(kind="pin", **given)
    assert services.order_tie(kind="pin", **given) == pin
    with pytest.raises(services.AlreadyOrdered, match="Ada Abara"):
        services.order_tie(kind="veto", **given)
    assert services.lift_order(order=pin, by=town.ada, now=town.now).lifted_at == town.now
    assert services.order_tie(kind="veto", **given).kind == "veto"


def test_an_order_needs_two_people_of_the_cohort(town):
    also = participant(town, town.cleo, "mentor", offers={"contracts": 1})
    with pytest.raises(DomainError, match="two people"):
        services.order_tie(kind="pin", mentee=town.cleo_asks, mentor=also, words="", by=town.ada, now=town.now)


def test_a_capacity_is_not_written_over_what_somebody_else_changed(town):
    services.set_capacity(mentor=town.ben_mentors, capacity=1, seen=1, by=town.ada, now=town.now)
    with pytest.raises(DomainError, match="the capacity is 1 now"):
        services.set_capacity(mentor=town.ben_mentors, capacity=3, seen=1, by=town.ada, now=town.now)
    with pytest.raises(DomainError, match="0 to 20"):
        services.set_capacity(mentor=town.ben_mentors, capacity=99, seen=2, by=town.ada, now=town.now)


def test_who_could_come_instead_is_named(town):
    town.program.team_size = 1
    town.program.save()
    run = performed(town)
    cleo = town.cleo_asks.pk
    assert services.instead(run, {cleo: set()}) == {cleo: town.bea_mentors}
    assert services.instead(run, {cleo: {town.bea_mentors.code}}) == {}


def test_seats_in_other_cohorts_count(town):
    files = freeze(town.cohort, Known(loads={town.ben.code: 2}), town.now.date())
    rows = {row["id"]: row for row in csv.DictReader(files["mentors.csv"].splitlines())}
    assert rows[town.ben.code]["capacity"] == "0"
    assert rows[town.bea.code]["capacity"] == "2"


def test_the_profile_decides_what_the_folder_holds(town):
    answers = town.cleo_asks.private_answers
    answers.answers = {
        "needs": {"wellbeing": 2}, "wishes": {"img": 3, "same:religion": 2}, "attributes": {"religion": ["a faith"]},
        "avoid": [town.bea.code],
    }  # fmt: skip
    answers.save()
    Consent.objects.create(
        society=town.society, participant=town.cleo_asks, attribute="religion", purpose="match", given_at=town.now
    )

    def row(profile):
        town.program.privacy = profile
        files = freeze(town.cohort, Known(), town.now.date())
        return next(r for r in csv.DictReader(files["mentees.csv"].splitlines()) if r["id"] == town.cleo.code)

    whole = row("background")
    assert (whole["attr:religion"], whole["wish:same:religion"], whole["wish:img"]) == ("a faith", "2", "3")
    assert (whole["private"], whole["need:wellbeing"], whole["avoid"]) == ("wellbeing", "2", town.bea.code)
    experience = row("experience")
    assert experience["wish:img"] == "3"
    assert not {"attr:religion", "wish:same:religion"} & experience.keys()
    assert not {"wish:img", "attr:religion"} & row("neutral").keys()


def test_without_consent_an_attribute_is_not_in_the_folder(town):
    answers = town.cleo_asks.private_answers
    answers.answers = {"attributes": {"religion": ["a faith"]}}
    answers.save()
    assert "a faith" not in str(freeze(town.cohort, Known(), town.now.date()))


def test_a_domain_added_on_the_web_counts_in_the_next_run(town):
    wayfinding = Domain.objects.create(
        society=town.society, program=town.program, key="wayfinding", name="Finding rooms"
    )
    Topic.objects.create(society=town.society, domain=wayfinding, key="north", name="The north wing")
    Need.objects.create(society=town.society, participant=town.cai_asks, domain=wayfinding, level=3)
    Offer.objects.create(society=town.society, participant=town.bea_mentors, domain=wayfinding, level=3)
    run = performed(town)
    assert ("Cai Lindqvist", "Bea Okafor") in pairs(run)
    cai = Constellation.objects.get(run=run, mentee=town.cai_asks)
    assert "Finding rooms" in [need["name"] for need in cai.needs if need["fit"]]


def test_who_ended_is_not_tied_again_and_who_is_together_stays(town):
    ended = Known(ended=frozenset({(town.cleo_asks.code, town.ben_mentors.code)}))
    assert ("Cleo Marsh", "Ben Castellanos") not in pairs(performed(town, ended))
    lived = Known(existing=frozenset({(town.cleo_asks.code, town.ben_mentors.code)}))
    assert ("Cleo Marsh", "Ben Castellanos") in pairs(performed(town, lived))


def test_another_society_sees_nothing_of_a_run(town):
    run = performed(town)
    with scope(society=town.abroad):
        assert not MatchRun.objects.filter(pk=run.pk).exists()
