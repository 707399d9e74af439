"""Cohorts with too many pairs: what a sample of mentees tells, and what is not claimed of the others."""

import csv
import json
from math import isnan, nan

import numpy as np
import pytest
from commands import command
from societies import random_policy, random_society

from introducer import certify, fit, io, pipeline, rules, sample
from introducer.errors import Infeasible, RosterError
from introducer.explain import for_coordinator
from introducer.outcome import Certificate, Prices, Sample
from introducer.policy import Policy
from introducer.report.words import proof, proof_short
from introducer.solve import Watch, shortlists
from introducer.solve.beyond import missed
from introducer.verify import reopen

NOBODY = Policy(gap_target=0.0)


@pytest.fixture
def too_many(monkeypatch):
    """Let a sample of twelve be all that is looked at."""
    monkeypatch.setattr(sample, "WHOLE", 0)
    monkeypatch.setattr(sample, "LOOKED", 1)
    monkeypatch.setattr(sample, "FEWEST", 12)
    monkeypatch.setattr(shortlists, "_SOME", 10)
    monkeypatch.setattr(shortlists, "LOOKED", 12)
    monkeypatch.setattr("introducer.solve.LARGE", 0)


@pytest.fixture
def cohort(tmp_path):
    words = ("simulate", "--mentees", 60, "--mentors", 36, "--seats", 0.4, "--seed", 1, "--out", tmp_path / "in")
    assert command(*words).code == 0
    return tmp_path / "in"


# The draw


def test_a_cohort_that_can_be_looked_at_whole_is():
    assert sample.drawn(["a", "b"], 1_000_000, 1) is True
    assert sample.drawn([f"m{i}" for i in range(3_000)], 6_000_000, 1) is True
    assert sample.is_whole(100_000, 60_000)
    assert not sample.is_whole(1_000_000, 600_000)


def test_the_draw_depends_on_the_seed_and_on_nobodys_place():
    ids = [f"m{i}" for i in range(5_000)]
    found = np.array(sample.drawn(ids, 60_000_000, 1))
    assert found.sum() == sample.FEWEST
    backwards = np.array(sample.drawn(ids[::-1], 60_000_000, 1))
    assert (backwards[::-1] == found).all()
    assert (np.array(sample.drawn(ids, 60_000_000, 2)) != found).any()


def test_more_mentees_are_drawn_where_there_are_fewer_mentors():
    ids = [f"m{i}" for i in range(30_000)]
    assert np.sum(sample.drawn(ids, 1_000_000, 1)) == 6_000
    assert np.sum(sample.drawn(ids, 6_000_001, 1)) == 2_000


# The estimate


def test_an_estimate_is_the_mean_for_everybody_with_an_interval():
    found = sample.estimated(np.array([0.0, 0.1, 0.2, 0.5]), 100)
    error = np.std([0.0, 0.1, 0.2, 0.5], ddof=1) * np.sqrt(0.96 / 4)
    assert (found.mentees, found.level) == (4, 0.95)
    assert found.regret == pytest.approx(20.0)
    assert found.high == pytest.approx(100 * (0.2 + 3.182446 * error), rel=1e-6)
    assert found.low == 0.0


def test_everybody_is_no_estimate():
    found = sample.estimated(np.array([0.5, 0.25, 0.75]), 3)
    assert (found.low, found.regret, found.high) == (1.5, 1.5, 1.5)


def test_the_upper_end_is_seldom_exceeded():
    rng = np.random.default_rng(7)
    # Like what is regretted: most little or nothing, few much.
    regrets = np.where(rng.random(20_000) < 0.5, 0.0, rng.gamma(0.5, 0.01, 20_000))
    total = regrets.sum()
    held = [sample.estimated(rng.choice(regrets, 2_000, replace=False), 20_000) for _ in range(1_000)]
    assert 0.93 <= np.mean([each.low <= total <= each.high for each in held]) <= 0.97
    assert np.mean([total <= each.high for each in held]) >= 0.955


# The certificate


@pytest.mark.usefixtures("too_many")
def test_a_sampled_outcome_says_what_it_knows_and_verifies(cohort, tmp_path):
    matched = command("match", cohort, "--out", tmp_path / "out")
    assert matched.code == 0, matched.out
    assert "estimated from 12 mentees drawn by lot, which is no proof" in " ".join(matched.out.split())
    document = json.loads((tmp_path / "out" / "outcome.json").read_text())
    assert document["scope"] == "sampled"
    assert len(document["regrets"]) == document["sample"]["mentees"] == 12
    low, high = document["sample"]["interval"]
    assert low <= document["sample"]["regret"] <= high
    assert document["sample"]["regret"] == pytest.approx(60 * sum(document["regrets"].values()) / 12)
    assert document["bound"] == pytest.approx(document["value"] + high + sum(document["slacks"].values()))
    rows = list(csv.DictReader((tmp_path / "out" / "mentees.csv").read_text().splitlines()))
    assert {row["mentee"] for row in rows if row["alone"]} == set(document["regrets"])
    assert set(document["fairness"]["shares"]) <= set(document["regrets"])
    report = (tmp_path / "out" / "report.html").read_text()
    assert "drawn by lot" in report
    verified = command("verify", cohort, tmp_path / "out")
    assert verified.code == 0, verified.out
    assert "scope sampled" in verified.out


@pytest.mark.usefixtures("too_many")
def test_what_was_not_looked_for_is_said_to_be_unknown(cohort, tmp_path):
    assert command("match", cohort, "--out", tmp_path / "out").code == 0
    account, outcome = reopen(cohort, tmp_path / "out")
    for i, found in enumerate(outcome.constellations):
        told = for_coordinator(account, outcome, i)
        assert ("not looked for" in told) == isnan(found.alone)
        assert isnan(found.alone) == isnan(outcome.certificate.regrets[i])
    assert outcome.fairness.left_out == ()


def test_a_sample_of_all_is_what_is_proved():
    for seed in range(12):
        people, policy = random_society(seed), random_policy(seed)
        try:
            outcome = pipeline.match(people, policy)
        except Infeasible:
            continue
        market = fit.market(people, policy, rules.refusals(people, policy))
        teams = tuple(tuple(tie.mentor for tie in found.ties) for found in outcome.constellations)
        if outcome.draw is not None:
            continue
        everybody = np.ones(len(teams), np.bool_)
        found = certify.certify(market, teams, outcome.prices, whom=everybody)
        assert found.bound == pytest.approx(outcome.certificate.bound)
        assert found.regrets == outcome.certificate.regrets
        alone = certify.alone(market, whom=everybody & (np.arange(len(teams)) % 2 == 0))
        assert np.isnan(alone[1::2]).all()
        assert (alone[::2] == certify.alone(market)[::2]).all()


def test_an_estimate_is_never_called_a_proof():
    drawn = Certificate(1.0, 1.0, "sampled", (nan,), (), Sample(12, 0.0, 0.0, 0.0, 0.95))
    assert proof_short(drawn) == (
        "0.00\u202f%",
        "at most from the best possible, estimated from 12 mentees drawn by lot, which is no proof",
    )
    assert "a sample, which is no proof" in proof(Certificate(1.0, 1.0, "sampled", (), ()))


@pytest.mark.usefixtures("too_many")
def test_what_asks_for_a_proof_of_all_is_refused(cohort):
    reading = io.read(cohort)
    with pytest.raises(RosterError, match="a floor is proved over all pairs"):
        pipeline.match(reading.roster, reading.policy.model_copy(update={"floor": 0.1}))
    with pytest.raises(RosterError, match="few changes is proved over all pairs"):
        pipeline.rematched(reading.roster, reading.policy, {}, most=3)


# The search


def test_what_shortlists_miss_is_what_their_bound_is_too_low_by(monkeypatch):
    monkeypatch.setattr(shortlists, "MOST", 3)
    seen = 0.0
    for seed in range(12):
        people, policy = random_society(seed, 10, 14), random_policy(seed)
        try:
            market = fit.market(people, policy, rules.refusals(people, policy))
            problem, solution = shortlists.solve(market, NOBODY, Watch(stop=lambda: True))
        except Infeasible:
            continue
        prices = np.zeros(14), np.zeros(len(market.arrays.quota_limits))
        free = Prices((0.0,) * 14, (0.0,) * 14, (0.0,) * len(prices[1]))
        on_lists = sum(look.best for look in certify.looked(problem, solution.teams, free, bounds=True))
        over_all = sum(look.best for look in certify.looked(market, solution.teams, free, bounds=True))
        found = missed(market, problem.arrays, *prices, np.arange(10))
        assert found == pytest.approx(over_all - on_lists, abs=1e-9)
        seen += found
    assert seen > 0
