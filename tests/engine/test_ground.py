"""Floors on shortlists: proofs hold over all pairs; what a lottery could reach; choosing again around somebody."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import ALL, broken_rules, random_problem
from societies import broken, random_policy, random_society
from test_floors import at, largest_minimum, small

from introducer import certify, fairness, fit, floors, pipeline, rules
from introducer.conclude import conclude
from introducer.errors import Infeasible, Refused
from introducer.outcome import FairLottery, Prices
from introducer.policy import Policy
from introducer.problem import NO_FLOOR
from introducer.solve import Watch, average, ground, patch, solve, solve_market, warm
from introducer.solve import floors as search
from introducer.solve.ground import Ground
from introducer.solve.state import as_teams, keep, put

SEEDS = (1, 2, 3, 5, 8, 11)
NEVER = Watch().stop


def listed(monkeypatch, most=2, outside=3):
    """Let every cohort be searched on lists of so few mentors."""
    monkeypatch.setattr(ground, "_STORED", 0)
    monkeypatch.setattr(ground, "_LISTED", ((most, 1.0),))
    monkeypatch.setattr(ground, "_MOST", outside)


def ground_of(seed, mentees=9, mentors=8):
    """Return a market, what shares are measured by, and the ground of it; None where it has no outcome."""
    people, policy = random_society(seed, mentees, mentors), random_policy(seed)
    try:
        market = fit.market(people, policy, rules.refusals(people, policy))
        problem, plain = solve_market(market, policy, Watch())
    except Infeasible:
        return None
    by = fairness.measures(market, policy)
    return market, by, Ground.of(market, problem, plain, policy)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("outside", [1, 3, 256])
def test_what_cheapest_teams_cost_on_lists_is_what_they_cost_over_all_pairs(seed, outside, monkeypatch):
    listed(monkeypatch, outside=outside)
    found = ground_of(seed)
    if found is None:
        return
    market, by, lists = found
    rng = np.random.default_rng(seed)
    assert not lists.whole
    for share in (0.3, 0.7):
        floored = fairness.floors_at(np.full(len(by), share), by)
        owing = market.arrays.min_loads > 0
        drawn = np.round(rng.random(market.shape[1]) * 2**20) * 2**-20
        prices = np.where(owing, drawn - 0.5, drawn), np.round(rng.random(len(market.arrays.quota_limits)) * 8) / 8
        costs, more = lists.paid(floored, prices)
        told = Prices(*(tuple(part.tolist()) for part in (prices[0].clip(min=0), (-prices[0]).clip(min=0), prices[1])))
        exact = certify.cheapest(fairness.with_floors(market, floored), told)
        assert (costs <= exact + 1e-9).all()
        assert costs == pytest.approx(exact, abs=2e-4)
        assert more == pytest.approx(costs.sum() - certify.cost_of_seats(market, told))


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_without_the_whole_model_the_total_is_raised_from_the_teams_seen(seed, monkeypatch):
    people = random_society(seed, 12, 10)
    for gap in (0.0, 1.0):
        policy = random_policy(seed, floor=0.1, gap_target=gap)
        try:
            whole = pipeline.match(people, policy)
        except Infeasible:
            return
        with monkeypatch.context() as patched:
            listed(patched)
            patched.setattr(floors, "WHOLE_MOST", 0)
            patched.setattr(search, "WHOLE_MOST", 0)
            found = pipeline.match(people, policy)
        assert broken(found) == []
        assert found.certificate.bound >= whole.certificate.value - 1e-9
        assert found.certificate.value >= 0.9 * whole.certificate.value


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("floor", ["leximin", 0.2])
def test_floors_on_lists_are_as_high_as_on_all_pairs_and_verified(seed, floor, monkeypatch):
    people, policy = random_society(seed, 9, 8), random_policy(seed, floor=floor)

    def outcome():
        try:
            return pipeline.match(people, policy)
        except Infeasible:
            return None

    whole = outcome()
    listed(monkeypatch)
    found = outcome()
    assert (found is None) == (whole is None)
    if found is None or whole is None or found.fairness.minimum is None:
        return
    assert broken(found) == []
    if floor == "leximin":
        assert found.fairness.minimum == pytest.approx(whole.fairness.minimum, rel=5e-3)
    again = conclude(
        people,
        policy,
        tuple(tuple(tie.mentor for tie in own.ties) for own in found.constellations),
        found.prices,
        raised=found.fairness.raised,
    )
    assert again.fairness == found.fairness


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), rules_on=st.sampled_from([frozenset(), ALL]))
def test_no_outcome_and_no_mix_of_two_gives_everybody_more_than_a_lottery_could(seed, rules_on):
    problem, by, owed = small(seed, rules=rules_on)
    best = largest_minimum(problem, by) if owed.any() else None
    if best is None:
        return
    found = average.average(Ground(problem, 1), by, NEVER)
    assert found is not None
    assert found.most >= best - 1e-6
    one = solve(problem, Policy()).teams
    other = search.reach(Ground(problem, 1), at(problem, by, best * 0.995).arrays.floors, Policy(), Watch())
    mixed = (certify.worths(problem, one) + certify.worths(problem, other or one)) / 2
    assert found.most >= (mixed[owed] / by[owed]).min() - 1e-9


def test_a_lottery_is_bounded_by_what_weights_and_prices_say(monkeypatch):
    people, policy = random_society(3, 9, 8), random_policy(3, floor="leximin")
    found = pipeline.match(people, policy)
    raised, lottery, minimum = found.fairness.raised, found.fairness.lottery, found.fairness.minimum
    assert raised is not None
    assert raised.lottery is not None
    assert lottery is not None
    assert minimum is not None
    assert lottery >= minimum
    teams = tuple(tuple(tie.mentor for tie in own.ties) for own in found.constellations)
    count = len(people.mentees)
    for weights in ((0.0,) * count, (1.0,), (-1.0,) * count, (float("nan"),) * count):
        wrong = replace(raised, lottery=FairLottery(weights, raised.lottery.prices))
        with pytest.raises(Refused, match="The weights of mentees do not bound a lottery"):
            conclude(people, policy, teams, found.prices, raised=wrong)
    equal = replace(raised, lottery=FairLottery((1.0,) * count, raised.lottery.prices))
    other = conclude(people, policy, teams, found.prices, raised=equal).fairness.lottery
    assert other is not None
    assert other >= lottery
    listed(monkeypatch)
    again = pipeline.match(people, policy)
    assert again.fairness.lottery == pytest.approx(lottery, rel=0.01)


def test_nobody_with_a_share_has_no_lottery():
    problem, by, _owed = small(3)
    assert average.average(Ground(problem, 1), np.zeros_like(by), NEVER) is None


def started(seed, share):
    """Return a problem with floors, and a state on it whose best outcome has many below their floor."""
    problem = random_problem(np.random.default_rng(seed), 24, 14, rules=ALL, seats=0.6)
    by = np.maximum(certify.alone(problem), 0.0)
    try:
        plain = solve(problem, Policy()).teams
    except Infeasible:
        return None
    here = Ground(problem, 1)
    floored = fairness.floors_at(np.where(by > 0, share, 0.0), by)
    search.prove(here, floored, NEVER)
    problem, state, pool = warm._start(here, floored, 1)
    put(problem, state, plain)
    keep(problem, state)
    return problem, state, pool


def test_choosing_again_around_somebody_lifts_them_and_breaks_no_rule():
    lifted = 0
    for seed in range(12):
        found = started(seed, 0.45)
        if found is None:
            continue
        problem, state, pool = found
        before = state.short, state.best
        patch.patch(state, pool, NEVER)
        assert (-state.short, state.best) >= (-before[0], before[1])
        lifted += state.short < before[0]
        teams = as_teams(problem, *state.best_teams)
        assert broken_rules(problem, teams) == []
        floored = problem.arrays.floors
        assert state.short == int((certify.worths(problem, teams) < floored).sum())
    assert lifted > 0


def test_choosing_again_ends_when_it_is_time_to_stop():
    problem, state, pool = started(1, 0.9)
    before = state.best
    patch.patch(state, pool, lambda: True)
    assert state.best == before
    assert problem.shape[0] == len(state.sizes)


def test_a_search_on_lists_that_is_stopped_proves_nothing(monkeypatch):
    listed(monkeypatch)
    market, by, lists = ground_of(3)
    assert search.ceiling(
        lambda level: fairness.floors_at(np.full(len(by), level), by), lists, 0.0, 1.0, lambda: True
    ) == (
        np.inf,
        None,
    )
    assert market.shape[0] == len(by)


def test_a_proof_that_lists_cannot_keep_is_raised_until_it_holds(monkeypatch):
    listed(monkeypatch)
    monkeypatch.setattr(search, "_ROUNDS", 0)
    held = 0
    for seed in SEEDS:
        found = ground_of(seed)
        if found is None:
            continue
        market, by, lists = found

        def here(level, by=by):
            return fairness.floors_at(np.full(len(by), level), by)

        proved = search.ceiling(here, lists, 0.0, 1.0, NEVER)
        if proved.prices is None:
            continue
        held += 1
        exact = certify.cheapest(fairness.with_floors(market, here(proved.level)), floors._as_prices(proved.prices))
        assert certify.exact_sum(exact) > certify.cost_of_seats(market, floors._as_prices(proved.prices))
    assert held > 0


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_rounds_that_are_used_up_leave_what_holds(seed, monkeypatch):
    listed(monkeypatch)
    for module, name in ((average, "_PASSES"), (average, "_ROUNDS"), (warm, "_ROUNDS")):
        monkeypatch.setattr(module, name, 1)
    monkeypatch.setattr(floors, "WHOLE_MOST", 0)
    monkeypatch.setattr(search, "WHOLE_MOST", 0)
    # Dives that settle nobody leave what the search began with, and then what is chosen from.
    monkeypatch.setattr(warm, "dive", lambda *_: None)
    people, policy = random_society(seed, 12, 10), random_policy(seed, floor="leximin", gap_target=0.0)
    try:
        found = pipeline.match(people, policy)
    except Infeasible:
        return
    assert broken(found) == []
    assert found.certificate.bound >= found.certificate.value
    assert found.fairness.lottery is None or found.fairness.lottery >= (found.fairness.minimum or 0.0) - 1e-6


def test_a_lottery_is_bounded_after_each_pass():
    later = 0
    for seed in range(12):
        problem, by, owed = small(seed, rules=ALL)
        if not owed.any():
            continue
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(average, "_PASSES", 1)
            first = average.average(Ground(problem, 1), by, NEVER)
        best = average.average(Ground(problem, 1), by, NEVER)
        assert first is not None
        assert best is not None
        assert first.most >= best.most
        later += first.most > best.most
    assert later > 0


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_a_total_raised_on_lists_that_stay_too_short_is_no_less_than_before(seed, monkeypatch):
    listed(monkeypatch, most=1, outside=1)
    monkeypatch.setattr(warm, "_ROUNDS", 1)
    # Dives that settle nobody, below no bound: only what is chosen from the teams seen is left.
    monkeypatch.setattr(warm, "dive", lambda *_: None)
    monkeypatch.setattr(warm, "generate", lambda *_: None)
    people, policy = random_society(seed, 20, 24), random_policy(seed)
    market = fit.market(people, policy, rules.refusals(people, policy))
    problem, plain = solve_market(market, policy, Watch())
    lists = Ground.of(market, problem, plain, policy)
    floored = np.full(20, NO_FLOOR)
    free = np.zeros(24), np.zeros(len(market.arrays.quota_limits))
    # Where nobody has a price, lists of one mentor lack some of the best.
    monkeypatch.setattr(warm, "sweep_round", lambda state, *_: setattr(state, "bound_prices", free))
    again = warm.improve_warm(lists, floored, policy, Watch(), plain.teams, free)
    assert certify.worths(market, again.teams).sum() >= certify.worths(market, plain.teams).sum() - 1e-9


def test_choosing_again_without_a_choice_changes_nothing(monkeypatch):
    monkeypatch.setattr(patch, "run", lambda *_, **_how: None)
    monkeypatch.setattr(patch, "_TRIES", 1)
    _problem, state, pool = started(1, 0.9)
    before = state.short, state.best
    assert state.short > 0
    patch.patch(state, pool, NEVER)
    assert (state.short, state.best) == before
