"""Matching a large cohort again: on small ones that are treated as large, against brute force and matching anew."""

import csv
import json
from dataclasses import replace
from itertools import combinations

import numba
import numpy as np
import pytest
from accounts import random_roster
from commands import command
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from problems import brute_force
from societies import broken, random_policy, random_society
from test_rematch import before_of, edited, every_tie_that_came_or_went_is_listed, shaken, ties

from introducer import certify, fairness, fit, rematched, rules, solve
from introducer.errors import Infeasible
from introducer.io.documents import quota_keys
from introducer.pipeline import match
from introducer.policy import Policy
from introducer.rematch import Proof, changes, known, looks, near, parts, warm
from introducer.roster import Mentor
from introducer.runs import lists_of
from introducer.solve import Watch, fans
from introducer.solve import again as again_from

SEEDS = st.integers(0, 100_000)
POLICY = Policy(privacy="background", team_size=2)
few = settings(max_examples=12, deadline=None, derandomize=True)
TIGHT = 1e-9
#: Parts of a pair's worth that are listed by pair: a scan for a sketch leaves them out.
LISTED = ("continuity", "preferred_by_mentee", "preferred_by_mentor")


@pytest.fixture(autouse=True)
def _large(monkeypatch):
    """Every cohort is a large one."""
    monkeypatch.setattr(solve, "LARGE", 0)


def proof_of(outcome, *, since=False):
    """Return what proved an outcome, with its input or without."""
    mentors = [mentor.id for mentor in outcome.roster.mentors]
    prices = {
        "capacity": dict(zip(mentors, outcome.prices.capacity, strict=True)),
        "min_load": dict(zip(mentors, outcome.prices.min_load, strict=True)),
        "quota": dict(zip(quota_keys(outcome.roster.mentors), outcome.prices.quota, strict=True)),
    }
    if not since:
        return Proof({}, prices)
    ids = [mentee.id for mentee in outcome.roster.mentees]
    regrets = dict(zip(ids, outcome.certificate.regrets, strict=True))
    shares = {i: share for i, share in zip(ids, outcome.fairness.shares, strict=True) if share is not None}
    alone = {i: found.alone for i, found in zip(ids, outcome.constellations, strict=True)}
    return Proof({}, prices, regrets, outcome.roster, outcome.policy, shares=shares, alone=alone)


def first(people, policy):
    try:
        return match(people, policy)
    except Infeasible:
        reject()


def again(people, policy, before, most, **known_of):
    try:
        return rematched(people, policy, before, most=most, **known_of)
    except Infeasible:
        reject()


def changed_needs(people, rng, part=0.2):
    """Return the same people, of whom some ask for what another one asks for."""
    mentees = list(people.mentees)
    some = rng.choice(len(mentees), max(2, int(part * len(mentees))), replace=False)
    for i, other in zip(some, rng.permutation(some), strict=True):
        mentees[i] = replace(mentees[i], needs=people.mentees[other].needs, private=people.mentees[other].private)
    return replace(people, mentees=tuple(mentees))


@few
@given(SEEDS, st.integers(0, 6))
def test_a_rematch_lists_every_tie_that_came_or_went(seed, most):
    policy, people = random_policy(seed), random_society(seed)
    outcome = first(people, policy)
    before = before_of(outcome)
    found = again(shaken(people, seed), policy, before, most, proof=proof_of(outcome))
    assert broken(found.outcome) == []
    every_tie_that_came_or_went_is_listed(found, before, most)


@few
@given(SEEDS, st.integers(0, 5))
def test_within_the_budget_and_between_the_best_possible_and_the_bound(seed, budget):
    people = random_roster(np.random.default_rng(seed), 4, 4)
    outcome = first(people, POLICY)
    after = shaken(people, seed)
    found = again(after, POLICY, before_of(outcome), budget, proof=proof_of(outcome))
    problem = fit.problem(after, POLICY, rules.refusals(after, POLICY))
    had = [mentee.id in before_of(outcome) for mentee in after.mentees]
    base = found.points[0].teams
    for point in found.points:
        best = brute_force(problem, lambda teams, most=point.changes: changes(teams, base, had) <= most)
        assert changes(point.teams, base, had) <= point.changes
        assert point.value <= best + TIGHT <= point.bound + 2 * TIGHT
    assert found.chosen.changes == budget


@few
@given(SEEDS)
def test_no_change_allowed_keeps_what_can_stay_and_lists_what_cannot(seed):
    people = random_roster(np.random.default_rng(seed), 8, 7)
    outcome = first(people, POLICY)
    before = before_of(outcome)
    found = again(shaken(people, seed), POLICY, before, 0, proof=proof_of(outcome))
    assert (found.ended, found.begun) == ((), ())
    gone = people.mentors[-1].id
    assert {pair for pair in ties(before) if pair[1] == gone} <= set(found.forced)
    assert again(people, POLICY, before, 0, proof=proof_of(outcome)).forced == ()


@settings(max_examples=5, deadline=None, derandomize=True)
@given(SEEDS)
def test_an_open_budget_is_as_good_as_matching_anew(seed):
    people = random_society(seed, 60, 40)
    outcome = first(people, POLICY)
    after = changed_needs(people, np.random.default_rng(seed))
    found = again(after, POLICY, before_of(outcome), 10_000, proof=proof_of(outcome))
    assert found.outcome.certificate.value >= 0.999 * first(after, POLICY).certificate.value
    values = [point.value for point in found.points]
    assert values == sorted(values)
    assert all(point.value <= point.bound + TIGHT for point in found.points)


@few
@given(SEEDS)
def test_the_earlier_input_saves_looking_and_changes_nothing(seed):
    policy, people = random_policy(seed), random_society(seed, 12, 9)
    outcome = first(people, policy)
    after = changed_needs(people, np.random.default_rng(seed))
    before = before_of(outcome)
    one = again(after, policy, before, 4, proof=proof_of(outcome))
    other = again(after, policy, before, 4, proof=proof_of(outcome, since=True))
    assert one == other


def test_who_has_changed_is_told_from_who_has_not():
    people = random_society(3, 12, 9)
    outcome = match(people, POLICY)
    proof = proof_of(outcome, since=True)
    assert known.unchanged(proof, people, POLICY).all()
    other = replace(people, mentees=(replace(people.mentees[0], languages=("fi",)), *people.mentees[1:]))
    assert known.unchanged(proof, other, POLICY).tolist() == [False] + [True] * 11
    tied = replace(people, ties=tuple(tie for tie in people.ties if tie.mentee != people.mentees[1].id))
    had_ties = any(tie.mentee == people.mentees[1].id for tie in people.ties)
    assert known.unchanged(proof, tied, POLICY)[1] == (not had_ties)
    seats = replace(people, mentors=(replace(people.mentors[0], capacity=9), *people.mentors[1:]))
    assert known.unchanged(proof, seats, POLICY).all(), "seats are no part of what a team is worth"
    mentors = replace(people, mentors=(replace(people.mentors[0], paused=True), *people.mentors[1:]))
    assert not known.unchanged(proof, mentors, POLICY).any()
    assert not known.unchanged(proof, people, POLICY.model_copy(update={"team_size": 1})).any()
    assert known.unchanged(proof, people, POLICY.model_copy(update={"seed": 9})).all()
    assert not known.unchanged(proof_of(outcome), people, POLICY).any()
    bonus = replace(proof, bonus=frozenset({people.mentees[2].id}))
    assert known.unchanged(bonus, people, POLICY).sum() == 11


def test_without_earlier_prices_the_cohort_is_matched_anew_first():
    people = random_society(4, 20, 14)
    before = before_of(match(people, POLICY))
    found = rematched(changed_needs(people, np.random.default_rng(4)), POLICY, before, most=4)
    assert len(found.ended) + len(found.begun) <= 4
    assert found.outcome.reproducible


def test_a_mentor_who_is_new_gets_a_price_and_mentees():
    people = random_society(6, 30, 12)
    outcome = match(people, POLICY)
    wanted = max(people.mentors, key=lambda mentor: len(mentor.offers))
    twin = replace(wanted, id="zzz", capacity=2, min_load=0, quotas={})
    after = replace(people, mentors=(*people.mentors, twin))
    found = rematched(after, POLICY, before_of(outcome), most=30, proof=proof_of(outcome))
    assert broken(found.outcome) == []
    assert any(mentor == "zzz" for _mentee, mentor in found.begun)


def test_a_lower_load_that_nobody_meets_yet_is_met():
    people = random_society(8, 20, 8)
    outcome = match(people, POLICY)
    before = before_of(outcome)
    owing = Mentor(id="zzz", offers=people.mentors[0].offers, capacity=3, min_load=2)
    after = replace(people, mentors=(*people.mentors, owing))
    found = rematched(after, POLICY, before, most=0, proof=proof_of(outcome))
    assert sum("zzz" in team for team in before_of(found.outcome).values()) >= 2


def test_where_what_stays_leaves_no_outcome_more_may_change():
    """All are held by one mentor, and another one is owed nobody who is on a list."""
    people = random_society(8, 6, 5)
    outcome = match(people, POLICY)
    mentors = [replace(m, min_load=2, capacity=2) if k < 3 else m for k, m in enumerate(people.mentors)]
    after = replace(people, mentors=tuple(mentors))
    match(after, POLICY)  # there is an outcome
    found = rematched(after, POLICY, before_of(outcome), most=0, proof=proof_of(outcome))
    assert broken(found.outcome) == []


def test_what_is_in_the_way_is_said_by_name():
    people = random_roster(np.random.default_rng(5), 4, 4)
    outcome = match(people, POLICY)
    mentors = [replace(mentor, min_load=4, capacity=4) for mentor in people.mentors]
    hard = replace(people, mentors=tuple(mentors), ties=())
    with pytest.raises(Infeasible, match=people.mentors[0].id):
        rematched(hard, POLICY, before_of(outcome), most=1, proof=proof_of(outcome))


def test_a_run_that_is_stopped_says_so_and_is_still_an_outcome():
    people = random_society(9, 20, 14)
    outcome = match(people, POLICY)
    told = []
    watch = Watch(tell=lambda *said: told.append(said[1]), stop=lambda: True)
    after = changed_needs(people, np.random.default_rng(1))
    found = rematched(after, POLICY, before_of(outcome), most=4, proof=proof_of(outcome), watch=watch)
    assert not found.outcome.reproducible
    assert broken(found.outcome) == []
    assert told == sorted(told)


def test_wherever_it_is_stopped_the_outcome_is_feasible():
    people = random_society(9, 20, 14)
    outcome = match(people, POLICY)
    after = changed_needs(people, np.random.default_rng(1))
    proof = proof_of(outcome)
    for count in (1, 2, 3, 5, 8, 13):
        asked = iter([False] * count)
        watch = Watch(stop=lambda asked=asked: next(asked, True))
        found = rematched(after, POLICY, before_of(outcome), most=4, proof=proof, watch=watch)
        assert broken(found.outcome) == []


@pytest.mark.parametrize("waves", [0, 1])
def test_however_far_around_is_looked_every_outcome_is_feasible(monkeypatch, waves):
    monkeypatch.setattr(near, "_WAVES", waves)
    people = random_society(12, 40, 25)
    outcome = match(people, POLICY)
    after = changed_needs(people, np.random.default_rng(12))
    found = rematched(after, POLICY, before_of(outcome), most=3, proof=proof_of(outcome))
    assert broken(found.outcome) == []


def test_the_number_of_threads_changes_nothing():
    people = random_society(2, 40, 25)
    outcome = match(people, POLICY)
    after = changed_needs(people, np.random.default_rng(2))
    found = []
    for threads in (1, 2):
        numba.set_num_threads(min(threads, numba.config.NUMBA_NUM_THREADS))
        found.append(rematched(after, POLICY, before_of(outcome), most=20, proof=proof_of(outcome)))
    numba.set_num_threads(numba.config.NUMBA_NUM_THREADS)
    assert found[0] == found[1]


@pytest.mark.parametrize("at_once", [1, 2])
def test_many_at_a_time_or_few_every_outcome_is_feasible(monkeypatch, at_once):
    monkeypatch.setattr(warm, "_AT_ONCE", at_once)
    monkeypatch.setattr(warm, "_PRICES", ((2**62, (0.03, 0.0)),))
    people = random_society(12, 40, 25)
    outcome = match(people, POLICY)
    after = changed_needs(people, np.random.default_rng(12))
    found = rematched(after, POLICY, before_of(outcome), most=3, proof=proof_of(outcome))
    assert broken(found.outcome) == []
    assert len(found.ended) + len(found.begun) <= 3


def test_where_much_has_changed_the_cohort_is_matched_anew(monkeypatch):
    monkeypatch.setattr(warm, "_STIRRED", 10.0)
    people = random_society(13, 40, 25)
    outcome = match(people, POLICY)
    after = changed_needs(people, np.random.default_rng(13), 0.9)
    found = rematched(after, POLICY, before_of(outcome), most=1_000, proof=proof_of(outcome))
    assert found.outcome.certificate.value >= 0.999 * match(after, POLICY).certificate.value


# What it is made of


def test_who_would_gain_most_by_one_more_is_found_compiled_and_not():
    for seed in range(6):
        people, policy = random_society(seed, 9, 7), POLICY
        market = fit.market(people, policy, rules.refusals(people, policy))
        problem = market.problem()
        a = problem.arrays
        teams = [tuple(problem.candidates(i)[:1].tolist()) if i % 2 else () for i in range(9)]
        who = np.flatnonzero(a.team_sizes > 0)
        own = lists_of(teams[i] for i in who.tolist())
        seats = np.arange(market.shape[1])
        out, worths = np.empty((len(seats), 2), np.int64), np.empty((len(seats), 2))
        fans.fans(market.tables, who, *own, seats, out, worths)
        plain, plainly = np.empty_like(out), np.empty_like(worths)
        covers = np.zeros((len(who), max(1, int(a.widths.max()))))
        for z, i in enumerate(who.tolist()):
            fans._cover.py_func(market.tables, i, own[1][own[0][z] : own[0][z + 1]], covers[z])
        for j in seats.tolist():
            fans._fans_of.py_func(market.tables, who, *own, covers, j, plain[j], plainly[j])
        assert (out == plain).all()
        assert np.allclose(worths, plainly)
        again_out, again_worths = np.empty_like(out), np.empty_like(worths)
        fans.fans.py_func(market.tables, who, *own, seats, again_out, again_worths)
        assert (out == again_out).all()
        for j in seats.tolist():
            gains = {}
            for i in who.tolist():
                if j in problem.candidates(i) and j not in teams[i]:
                    more = problem.value(i, sorted((*teams[i], j))) - problem.value(i, teams[i])
                    gains[i] = more - sum(market.worths.of(i, j).get(name, 0.0) for name in LISTED)
            best = sorted((gain for gain in gains.values() if gain > TIGHT), reverse=True)[:2]
            assert np.allclose([worth for worth in worths[j] if worth > TIGHT], best)


def test_a_knapsack_that_is_too_large_takes_what_gains_most_first(monkeypatch):
    items = [([k], float(1 + (7 * k) % 5), 1 + k % 3) for k in range(12)]
    whole = parts._chosen(items, 6)
    assert sum(items[k][1] for [k] in whole) == max(
        sum(items[k][1] for k in some)
        for size in range(13)
        for some in combinations(range(12), size)
        if sum(items[k][2] for k in some) <= 6
    )
    monkeypatch.setattr(parts, "_CELLS", 20)
    for room in (2, 6):
        some = [k for [k] in parts._chosen(items, room)]
        assert sum(items[k][2] for k in some) <= room
        assert len(set(some)) == len(some)
    monkeypatch.setattr(parts, "_CELLS", 1)
    assert parts._chosen([([0], 9.0, 2), ([1], 8.0, 2), ([2], 1.0, 1)], 3) == [[0], [2]]
    assert parts._chosen(items, 100) == [[k] for k in range(12)]


def test_best_values_that_are_known_are_known_at_their_prices_alone():
    people = random_society(3, 8, 6)
    outcome = match(people, POLICY)
    market = fit.market(people, POLICY, rules.refusals(people, POLICY))
    teams = tuple(tuple(tie.mentor for tie in found.ties) for found in outcome.constellations)
    seen = certify.looked(market, teams, outcome.prices, bounds=True)
    stated = known.Carried.nothing(8)._replace(best=np.array([look.best for look in seen]))
    knows = looks.Known(market, outcome.prices, stated)
    assert certify.certify(market, teams, outcome.prices, knows) == outcome.certificate
    assert knows.looked(market, teams, outcome.prices, bounds=False)[0].best == 0.0
    assert (knows.alone(market) == certify.alone(market)).all()
    dearer = replace(outcome.prices, capacity=tuple(price + 1.0 for price in outcome.prices.capacity))
    with pytest.raises(ValueError, match="other prices"):
        knows.looked(market, teams, dearer, bounds=True)


@few
@given(SEEDS)
def test_all_teams_at_once_are_looked_at_as_one_by_one(seed):
    rng = np.random.default_rng(seed)
    people, policy = random_society(seed, 12, 7), random_policy(seed)
    market = fit.market(people, policy, rules.refusals(people, policy))
    prices = first(people, policy).prices
    knows = looks.Known(market, prices, known.Carried.nothing(12))
    legal = known.still_allowed(market, [rng.permutation(7)[: rng.integers(0, 4)].tolist() for _ in range(12)])
    anyhow = tuple(tuple(rng.permutation(7)[: rng.integers(0, 4)].tolist()) for _ in range(12))
    for teams in (legal, anyhow):
        assert knows.looked(market, teams, prices, bounds=False) == certify.looked(market, teams, prices, bounds=False)
        assert all(team == tuple(sorted(team)) for team in legal)
    floored = replace(market, arrays=market.arrays._replace(floors=np.full(12, 0.4)))
    below = replace(knows, market=floored).looked(floored, legal, prices, bounds=False)
    assert below == certify.looked(floored, legal, prices, bounds=False)
    assert knows.looked(market, legal[:-1], prices, bounds=False) == []


@few
@given(SEEDS)
def test_what_best_teams_are_worth_alone_is_carried_to_the_last_bit(seed):
    people, policy = random_society(seed, 14, 9), random_policy(seed)
    outcome = first(people, policy)
    proof = proof_of(outcome, since=True)
    market = fit.market(people, policy, rules.refusals(people, policy))
    teams = tuple(tuple(tie.mentor for tie in found.ties) for found in outcome.constellations)
    alone = certify.alone(market)
    measures = fairness.measures(market, policy, alone)
    for said in (proof, replace(proof, alone={}), replace(proof, shares={})):
        found = known.carried(said, market, people, policy, teams, outcome.prices)
        assert ((found.alone == alone) | np.isnan(found.alone)).all()
        assert ((found.measures == measures) | np.isnan(found.measures)).all()
        knows = looks.Known(market, outcome.prices, found)
        assert (knows.alone(market) == alone).all()
        assert (knows.measures(policy) == measures).all()
    assert not np.isnan(known.carried(proof, market, people, policy, teams, outcome.prices).alone).any()


def test_where_a_mentor_has_a_seat_who_had_none_what_is_best_alone_is_looked_for():
    people = random_society(3, 8, 6)
    none, some = (
        replace(people, mentors=(replace(people.mentors[0], capacity=seats, min_load=0), *people.mentors[1:]))
        for seats in (0, 2)
    )
    outcome = match(none, POLICY)
    market = fit.market(some, POLICY, rules.refusals(some, POLICY))
    teams = tuple(tuple(tie.mentor for tie in found.ties) for found in outcome.constellations)
    found = known.carried(proof_of(outcome, since=True), market, some, POLICY, teams, outcome.prices)
    assert np.isnan(found.alone).all()
    assert not np.isnan(found.best).any()


def test_a_small_problem_that_is_stopped_keeps_its_teams():
    people = random_society(3, 8, 6)
    outcome = match(people, POLICY)
    problem = fit.problem(people, POLICY, rules.refusals(people, POLICY))
    teams = tuple(tuple(tie.mentor for tie in found.ties) for found in outcome.constellations)
    prices = np.array(outcome.prices.capacity) - np.array(outcome.prices.min_load)
    stopped = Watch(stop=lambda: True)
    found = again_from.solve_again(problem, POLICY, teams, prices, np.array(outcome.prices.quota), stopped)
    assert (found.teams, found.finished) == (teams, False)


# On the command line


@pytest.fixture(scope="module")
def cohorts(tmp_path_factory):
    """A simulated cohort with its outcome, and the same cohort in which two mentees exchanged their needs."""
    place = tmp_path_factory.mktemp("large")
    command("simulate", "--mentees", 30, "--mentors", 20, "--seats", 0.5, "--seed", 4, "--out", place / "one")
    assert command("match", place / "one", "--out", place / "first").code == 0
    (place / "two").mkdir()
    for name in ("program.toml", "ties.csv", "mentors.csv", "mentees.csv"):
        if (place / "one" / name).exists():
            (place / "two" / name).write_text((place / "one" / name).read_text())
    rows = list(csv.reader((place / "two" / "mentees.csv").read_text().splitlines()))
    needs = [k for k, name in enumerate(rows[0]) if name.startswith("need:") or name == "private"]
    for k in needs:
        rows[3][k], rows[9][k] = rows[9][k], rows[3][k]
    edited(place / "two" / "mentees.csv", rows)
    return place


def test_with_the_earlier_input_the_command_writes_the_same_and_it_is_verified(cohorts, tmp_path):
    words = ("rematch", cohorts / "two", "--previous", cohorts / "first", "--max-changes", 4, "--out")
    assert command(*words, tmp_path / "one").code == 0
    said = command(*words, tmp_path / "other", "--since", cohorts / "one")
    assert said.code == 0, said.err
    for name in ("outcome.json", "ties.csv", "changes.csv", "frontier.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()
    assert command("verify", cohorts / "two", tmp_path / "other").code == 0
    # What stands beside the sealed document saves looking, and no more.
    (tmp_path / "sealed").mkdir()
    (tmp_path / "sealed" / "outcome.json").write_bytes((cohorts / "first" / "outcome.json").read_bytes())
    less = (
        "rematch",
        cohorts / "two",
        "--previous",
        tmp_path / "sealed",
        "--max-changes",
        4,
        "--since",
        cohorts / "one",
    )
    for table in (None, "mentee,other\n1,2\n"):
        if table is not None:
            (tmp_path / "sealed" / "mentees.csv").write_text(table)
        assert command(*less, "--out", tmp_path / "third").code == 0
        assert (tmp_path / "third" / "mentees.csv").read_bytes() == (tmp_path / "one" / "mentees.csv").read_bytes()
    assert "changes" in (tmp_path / "other" / "run.json").read_text()


def test_an_outcome_of_another_input_or_one_that_was_edited_proves_nothing(cohorts, tmp_path):
    words = ("rematch", cohorts / "two", "--max-changes", 4, "--out", tmp_path / "out", "--since")
    said = command(*words, cohorts / "two", "--previous", cohorts / "first")
    assert said.code == 3
    assert "came from another input" in said.err
    (tmp_path / "edited").mkdir()
    document = (cohorts / "first" / "outcome.json").read_text()
    (tmp_path / "edited" / "outcome.json").write_text(document.replace('"n_ties": ', '"n_ties": 1'))
    said = command(*words, cohorts / "one", "--previous", tmp_path / "edited")
    assert said.code == 3
    assert "its digest does not fit" in said.err


def test_a_price_that_cannot_be_is_bad_input(cohorts, tmp_path):
    (tmp_path / "edited").mkdir()
    document = json.loads((cohorts / "first" / "outcome.json").read_text())
    document["prices"]["capacity"][next(iter(document["prices"]["capacity"]))] = -1.0
    (tmp_path / "edited" / "outcome.json").write_text(json.dumps(document))
    words = ("rematch", cohorts / "two", "--max-changes", 4, "--out", tmp_path / "out")
    said = command(*words, "--previous", tmp_path / "edited")
    assert said.code == 3
    assert "negative or no number" in said.err
