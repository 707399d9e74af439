"""Advice on a proposal: asked for on a page, worked out by the worker, told in words."""

import pytest
from django.urls import reverse

from cast import edit
from introducer_web.audit.models import Entry
from introducer_web.lib import engine
from introducer_web.lib.errors import DomainError
from introducer_web.matching import advising, services
from introducer_web.matching.models import Advice, MatchRun
from introducer_web.matching.services import advise, watching
from introducer_web.relationships import services as relationships
from introducer_web.site.subject import erase_person

KINDS = ("recruit", "robustness", "stability")
State = Advice.State


@pytest.fixture
def run(town):
    found = relationships.request_run(cohort=town.cohort, by=town.ada, now=town.now)
    services.perform_run(services.claim_run(town.now))
    found.refresh_from_db()
    return found


def ask(town, run, kind):
    return services.ask_advice(run=run, kind=kind, by=town.ada, now=town.now)


def work(town):
    while services.advise_due(town.now):
        pass


def page_of(town, run):
    return reverse("advice_show", args=["ir", town.cohort.code, run.code])


def text(answer):
    return " ".join(answer.content.decode().split())


def test_each_kind_is_asked_for_on_the_page_and_told_with_when_and_for_which_run(town, run, sign_in):
    client = sign_in(town.ada)
    page = page_of(town, run)
    assert text(client.get(page)).count("Work it out") == 3
    for kind in KINDS:
        assert client.post(reverse("advice_ask", args=["ir", town.cohort.code, run.code, kind])).url == page
    waiting = text(client.get(page))
    assert "Waits for a worker" in waiting
    assert "wait.js" in waiting
    work(town)
    done = text(client.get(page))
    assert "Work it out" not in done
    assert done.count(f"Of run {run.number}, worked out") == 3
    assert "introductions stood every time" in done
    assert "Fewer than ten pairs of this run both said that they prefer each other" in done
    assert "Need and supply, by domain" in done
    assert "Leadership" not in done.partition("Need and supply")[0]  # Cleo keeps it private
    assert Entry.objects.filter(act="matching.ask_advice").count() == 3


def test_the_same_is_worked_out_once(town, run):
    first = ask(town, run, "stability")
    assert ask(town, run, "stability") == first
    work(town)
    assert ask(town, run, "stability").state == State.DONE
    assert Advice.objects.count() == 1


def test_only_a_proposal_that_is_done_gives_advice_and_none_that_promised_a_share_matches_again(town, sign_in):
    edit(town.program, floor="leximin")
    town.cohort.program.refresh_from_db()
    fair = relationships.request_run(cohort=town.cohort, by=town.ada, now=town.now)
    with pytest.raises(services.NoAdvice, match="Only a proposal that is done"):
        ask(town, fair, "stability")
    services.perform_run(services.claim_run(town.now))
    for kind in ("recruit", "robustness"):
        with pytest.raises(services.NoAdvice, match="promises everybody a share"):
            ask(town, fair, kind)
    assert ask(town, fair, "stability").state == State.QUEUED
    client = sign_in(town.ada)
    assert "would mislead" in text(client.get(page_of(town, fair)))
    refused = client.post(reverse("advice_ask", args=["ir", town.cohort.code, fair.code, "recruit"]), follow=True)
    assert "without that promise" in text(refused)
    assert client.post(reverse("advice_ask", args=["ir", town.cohort.code, fair.code, "gossip"])).status_code == 404


def test_what_waits_or_is_under_way_can_be_stopped_and_asked_for_again(town, run, sign_in, monkeypatch):
    advice = ask(town, run, "recruit")
    client = sign_in(town.ada)
    stop = reverse("advice_stop", args=["ir", town.cohort.code, run.code, "recruit"])
    client.post(stop)
    advice.refresh_from_db()
    assert advice.state == State.STOPPED
    assert "It has ended already" in text(client.post(stop, follow=True))
    again = ask(town, run, "recruit")
    assert (again.pk, again.state) == (advice.pk, State.QUEUED)
    claimed = services.claim_advice(town.now)
    services.stop_advice(advice=claimed, by=town.ada, now=town.now)
    assert "Stopping." in text(client.get(page_of(town, run)))
    monkeypatch.setattr(watching.Watch, "stop", lambda _self: True)
    services.perform_advice(claimed)
    claimed.refresh_from_db()
    assert (claimed.state, claimed.result) == (State.STOPPED, {})
    other = reverse("advice_stop", args=["ir", town.cohort.code, run.code, "robustness"])
    assert client.post(other).status_code == 404


def test_a_run_that_cannot_be_opened_any_more_says_so(town, run, sign_in):
    run.outcome = {"outcome.json": "{}"}
    run.save()
    ask(town, run, "stability")
    work(town)
    assert Advice.objects.get().state == State.FAILED
    assert "somebody of this run was erased since" in text(sign_in(town.ada).get(page_of(town, run)))


def test_an_error_of_our_own_is_told_and_not_hidden(town, run, monkeypatch):
    def broken(*_given):
        raise ZeroDivisionError

    monkeypatch.setattr(advise.engine, "advised", broken)
    ask(town, run, "stability")
    with pytest.raises(ZeroDivisionError):
        work(town)
    assert (Advice.objects.get().state, Advice.objects.get().message) == (State.FAILED, "ZeroDivisionError")


def test_advice_that_names_people_goes_when_one_of_them_is_erased(town, run):
    for kind in KINDS:
        ask(town, run, kind)
    work(town)
    erase_person(user=town.cai, now=town.now)
    assert [row.kind for row in Advice.objects.all()] == ["recruit"]


def told(kind, result, people=None):
    return getattr(advising, f"_{kind}")(result, people or {})


PROFILE = {
    "stage": "PGY-1", "setting": "", "region": "North", "offers": ["Contracts"], "speaks": [], "level": 2,
    "estimate": 1.239, "most": 1.251, "helped": None, "stages": [], "regions": [], "check": None,
}  # fmt: skip


def test_a_profile_promises_no_more_than_is_proved():
    row = told("recruit", {"profiles": [PROFILE], "tried": 2, "seats": 2})["profiles"][0]
    assert row.who == "PGY-1, region North"
    assert row.brings == "Not tried out: 1.24 by the prices of seats."
    assert row.promise == "Never more than 1.26: that is proved."
    assert row.helped == "Fewer than ten mentees would be better off with a seat."
    check = {"increase": 1.239, "besides": 0.0, "seats": 2, "begun": 1, "ended": 0}
    found = PROFILE | {"stage": "", "region": "", "check": check, "helped": 20, "stages": [["PGY-2", 12]]}
    row = told("recruit", {"profiles": [found], "tried": 2, "seats": 2})["profiles"][0]
    assert row.who == "Any stage, setting and region"
    assert row.brings.startswith("Tried out, it adds 1.23; 2 of 2 seats are taken. Other introductions: 1 would begin")
    assert row.helped == "20 mentees would be better off with a seat. Among them: PGY-2 (12)."
    still = told("recruit", {"profiles": [found | {"check": check | {"begun": 0}}], "tried": 2, "seats": 2})
    assert "No other introduction would change." in still["profiles"][0].brings
    assert "would add anything" in told("recruit", {"profiles": [], "tried": 0, "seats": 2})["lines"][0]


def test_what_hangs_on_little_is_named_and_so_is_whose_leaving_moves_others(town):
    people = {(p.user.code, p.role): p for p in (town.cleo_asks, town.ben_mentors)}
    kinds = [{"kind": "answer", "rounds": 3, "mean": 0.98, "least": 0.9, "impossible": 1},
             {"kind": "mentor", "rounds": 0, "mean": 1.0, "least": 1.0, "impossible": 0}]  # fmt: skip
    cleo, ben = town.cleo.code, town.ben.code
    found = told("robustness", {"stood": 1, "ties": 2, "kinds": kinds, "fragile": [[cleo, ben, 2, 3], ["gone", ben, 1,
                 3]], "leavers": [[ben, 2], ["gone", 1]]}, people)  # fmt: skip
    assert found["rows"] == [("one answer is missing", "98.0\u202f%", "90.0\u202f%")]
    assert found["pairs"] == [(town.cleo_asks, town.ben_mentors, "stood 2 of 3 times")]
    assert found["mentors"] == [(town.ben_mentors, "2 introductions of others would move")]
    assert "not counted: 1." in found["lines"][1]


def test_who_prefers_whom_is_told_in_counts_from_ten_on_and_never_by_name(town):
    people = {(p.user.code, p.role): p for p in (town.cleo_asks, town.ben_mentors)}
    few = told("stability", {"mutual": 9, "tied": 5, "apart": 4}, people)
    assert (len(few["lines"]), few.keys()) == (1, {"lines"})
    assert "9" not in few["lines"][0]
    many = told("stability", {"mutual": 40, "tied": 25, "apart": 3}, people)
    assert many["lines"][0] == "40 pairs prefer each other; 25 of them are together."
    assert "fewer than ten" in many["lines"][1]
    assert many.keys() == {"lines"}


def test_pairs_that_prefer_each_other_leave_the_engine_as_counts(town, run):
    cleo, cai, ben, bea = (user.code for user in (town.cleo, town.cai, town.ben, town.bea))
    prefer = [("mentee", cleo, bea), ("mentor", cleo, bea), ("mentee", cai, ben), ("mentor", cai, ben)]
    rows = [f"prefer,{mentee},{mentor},1,{by}" for by, mentee, mentor in prefer]
    rows += [f"veto,{cai},{bea},,"]
    folder = run.folder | {"ties.csv": "\n".join(["kind,mentee,mentor,rank,by", *rows]) + "\n"}
    done = engine.perform(folder, [], lambda *_given: None, lambda: False)
    found = engine.advised("stability", folder, done.files, lambda *_given: None, lambda: False)
    assert found.keys() == {"mutual", "tied", "apart"}
    assert found["mutual"] == 2
    assert found["tied"] + found["apart"] <= 2


def test_a_run_of_an_older_version_has_no_needs_to_show():
    assert advising.domains(MatchRun(summary={"supply": [{"name": "Contracts", "asked": 3, "offered": 1}]})) == []


def test_a_trial_gives_no_advice(town, run):
    trial = relationships.request_trial(cohort=town.cohort, policy={"team_size": 1}, by=town.ada, now=town.now)
    services.perform_run(services.claim_run(town.now))
    with pytest.raises(DomainError):
        ask(town, trial, "stability")
    assert run.kind == MatchRun.Kind.PROPOSAL
