"""The master program, the dive, and the way of prices beyond a master."""

from itertools import count

import highspy
import numpy as np
import pytest
from problems import broken_rules, changed, random_problem, value_of

from introducer.certify import certify
from introducer.policy import Policy
from introducer.solve import Watch, dive, exact, master, model, prices, repair, rounds, state

NO_GAP = Policy(gap_target=0)


def of(seed, mentees=20, mentors=12, **more):
    return random_problem(np.random.default_rng(seed), mentees, mentors, **more)


def begun(problem):
    found = state.begin(problem, seed=1)
    pool = master.Pool(found.apart)
    pool.add(found)
    return found, pool


def ran(whole, method):
    found = model.run(whole, method)
    assert found is not None
    return found


def relaxed_value(problem):
    whole = model.whole(problem)
    columns, _duals = ran(whole, "corner")
    return -float(whole.costs @ columns)


@pytest.mark.parametrize("seed", range(12))
def test_prices_of_both_ways_are_as_good_as_the_relaxed_whole_model(seed):
    problem = of(seed)
    for solver in (exact.solve, prices.solve):
        solution = solver(problem, NO_GAP, Watch())
        assert certify(problem, solution.teams, solution.prices).bound <= relaxed_value(problem) * (1 + 2e-4)


def test_a_pool_holds_each_team_once_and_the_pins_alone_first():
    problem = of(3)
    found, pool = begun(problem)
    size = len(pool.owners)
    pool.add(found)
    assert len(pool.owners) == size
    assert pool.owners[:20] == list(range(20))
    for i in range(20):
        assert problem.candidates(i)[list(pool.places[i])].tolist() == problem.pins(i).tolist()


def test_a_column_is_worth_its_team_and_counts_towards_its_mentors_and_quotas():
    problem = of(3)
    a = problem.arrays
    _found, pool = begun(problem)
    told_apart = 5 * 4e-6
    for column, (i, places) in enumerate(zip(pool.owners, pool.places, strict=True)):
        team = problem.candidates(i)[list(places)].tolist()
        assert pool.worths[column] == pytest.approx(problem.value(i, team), abs=told_apart)
        rows = range(a.quota_starts[i], a.quota_starts[i + 1])
        quotas = [12 + int(a.quota_ids[r]) for r in rows if int(a.quota_places[r]) in places]
        pins = problem.pins(i).tolist()
        pinned_quotas = {
            12 + int(a.quota_ids[r]) for r in rows if int(problem.candidates(i)[a.quota_places[r]]) in pins
        }
        assert pool.rows(column) == [
            *(j for j in team if j not in pins),
            *(q for q in quotas if q not in pinned_quotas),
        ]
    dense = pool.matrix().toarray()
    assert [np.flatnonzero(dense[:, t]).tolist() for t in range(len(pool.owners))] == [
        sorted(pool.rows(t)) for t in range(len(pool.owners))
    ]


def test_a_mix_shares_a_seat_where_it_is_scarce_and_prices_it():
    problem = of(0, 2, 1, rules=frozenset(), eligible=1.0)
    problem = changed(
        problem,
        team_sizes=np.array([1, 1]),
        capacities=np.array([1]),
        pairs=np.array([0.5, 0.25]),
        gains=np.zeros_like(problem.arrays.gains),
    )
    found, pool = begun(problem)
    mix = master.mix(pool, np.arange(len(pool.owners)), *master.limits(problem.arrays))
    assert found.sizes.tolist() == [1, 1]
    assert mix.value == pytest.approx(0.5, abs=1e-4)
    assert 0.25 - 1e-4 <= mix.prices[0] <= 0.5 + 1e-4
    assert mix.parts[[pool.places.index((0,), 2)]] == pytest.approx([1.0], abs=1e-4)


def test_a_lower_load_that_the_pool_cannot_meet_is_a_shortfall_not_an_error():
    problem = changed(of(0, 2, 1, rules=frozenset(), eligible=1.0), capacities=np.array([2]), min_loads=np.array([2]))
    pool = master.Pool(problem.arrays)
    mix = master.mix(pool, np.arange(len(pool.owners)), *master.limits(problem.arrays))
    assert mix.value < 0
    assert mix.prices[0] < 0


def test_generating_brings_bound_and_mix_together():
    problem = of(5, 40, 20)
    found, pool = begun(problem)
    master.generate(found, pool, lambda: False)
    mix = master.mix(pool, np.arange(len(pool.owners)), *master.limits(problem.arrays))
    assert mix.value <= found.bound + 4e-6 * problem.arrays.team_sizes.sum()
    assert found.bound - mix.value <= 1e-4 * found.bound


def test_generating_stops_when_asked():
    problem = of(5, 40, 20)
    found, pool = begun(problem)
    before = found.bound
    asked = count()
    master.generate(found, pool, lambda: next(asked) == 0)
    assert next(asked) == 1
    assert found.bound <= before


@pytest.mark.parametrize("seed", range(8))
def test_a_dive_keeps_capacities_and_quotas(seed):
    problem = of(seed, rules=frozenset({"quotas", "institutions", "kept seat"}))
    found, pool = begun(problem)
    dive.dive(found, pool, 0.2, lambda: False)
    assert broken_rules(problem, state.as_teams(problem, found.teams, found.sizes)) == []
    assert found.sizes.sum() > 0


def test_a_dive_that_is_stopped_leaves_the_pins_alone():
    problem = of(3)
    found, pool = begun(problem)
    dive.dive(found, pool, 0.2, lambda: True)
    assert state.as_teams(problem, found.teams, found.sizes) == tuple(tuple(problem.pins(i)) for i in range(20))


def test_pins_keep_their_seats_in_a_dive():
    problem = changed(of(0, 3, 1, rules=frozenset(), eligible=1.0), capacities=np.array([2]))
    pinned = changed(problem, pinned=np.array([True, False, True]))
    found, pool = begun(pinned)
    dive.dive(found, pool, 1.0, lambda: False)
    assert found.sizes.tolist() == [1, 0, 1]


@pytest.mark.parametrize("seed", range(6))
def test_a_cohort_too_large_for_a_master_is_solved_by_rounds_alone(seed, monkeypatch):
    problem = of(seed, 30, 16)
    with_master = prices.solve(problem, NO_GAP, Watch())
    monkeypatch.setattr(prices, "MASTER_MOST", 0)
    monkeypatch.setattr(prices, "ROUNDS", rounds.ROUNDS[:3])
    told = []
    alone = prices.solve(problem, NO_GAP, Watch(tell=lambda _phase, done, _gap: told.append(done)))
    assert told == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert broken_rules(problem, alone.teams) == []
    assert value_of(problem, alone.teams) >= 0.9 * value_of(problem, with_master.teams)


def test_a_middle_that_is_not_found_is_a_corner(monkeypatch):
    whole = model.whole(of(1))
    corner, _duals = ran(whole, "corner")
    status, asked = highspy._Highs.getModelStatus, count()

    def first_unknown(solver):
        return highspy.HighsModelStatus.kUnknown if next(asked) == 0 else status(solver)

    monkeypatch.setattr(highspy._Highs, "getModelStatus", first_unknown)
    found, _duals = ran(whole, "middle")
    assert whole.costs @ found == pytest.approx(whole.costs @ corner, abs=1e-9)


@pytest.mark.parametrize("seed", range(10))
def test_a_small_cohort_is_finished_by_the_whole_model(seed):
    problem = of(seed, 16, 9)
    best = value_of(problem, exact.solve(problem, NO_GAP, Watch()).teams)
    assert value_of(problem, prices.solve(problem, NO_GAP, Watch()).teams) == pytest.approx(best, rel=2e-6)


def test_a_whole_model_that_finds_nothing_in_time_leaves_what_there_was(monkeypatch):
    problem = of(2, 16, 9)
    monkeypatch.setattr(prices, "run", lambda *_given, **_more: None)
    assert broken_rules(problem, prices.solve(problem, NO_GAP, Watch()).teams) == []


def test_a_larger_cohort_is_not_given_to_the_whole_model(monkeypatch):
    monkeypatch.setattr(prices, "WHOLE_MOST", 0)
    monkeypatch.setattr(prices, "run", None)
    problem = of(2, 16, 9)
    assert broken_rules(problem, prices.solve(problem, NO_GAP, Watch()).teams) == []


def test_teams_that_repair_cannot_mend_give_way_to_a_start(monkeypatch):
    problem = of(2, 16, 9)
    asked = count()
    monkeypatch.setattr("introducer.solve.state.repair", lambda *given: next(asked) > 0 and repair.repair(*given))
    found = state.begin(problem, seed=1)
    state.keep(problem, found)
    assert found.best_teams is not None
    assert broken_rules(problem, state.as_teams(problem, *found.best_teams)) == []


def test_a_search_that_ends_without_a_solution_has_none(monkeypatch):
    monkeypatch.setattr(highspy._Highs, "getSolution", lambda _: highspy.HighsSolution())
    assert model.run(model.whole(of(1)), nodes=1) is None


def test_nobody_is_settled_twice_and_no_seat_is_given_twice():
    problem = of(3)
    found, pool = begun(problem)
    for level in (0.05, 0.1, 0.15):
        state.price(found, np.full(12, level), found.quota_prices)
        pool.add(found)
    columns = np.arange(len(pool.owners))
    least, most = master.limits(pool.a)
    before = most.copy()
    last_first = master.Mix(columns / len(columns), np.zeros(12), np.zeros(0), 0.0)
    chosen = dive._settle(pool, columns, last_first, 1.0, np.ones(20, bool), least, most)
    owners = [pool.owners[column] for column in chosen]
    assert len(owners) == len(set(owners)) == 20
    used = np.bincount([row for column in chosen for row in pool.rows(column)], minlength=len(most))
    assert (before - used == most).all()
    assert (most >= 0).all()


def chosen(seed):
    problem = of(seed, mentees=24, mentors=10)
    found, pool = begun(problem)
    master.generate(found, pool, lambda: False)
    dive.dive(found, pool, 0.2, lambda: False)
    state.keep(problem, found)
    return problem, found, pool


@pytest.mark.parametrize("seed", range(6))
def test_the_best_whole_choice_among_the_teams_seen_is_as_good_as_any_dive(seed):
    problem, found, pool = chosen(seed)
    before = found.best
    master.choose(found, pool)
    value = sum(problem.value(i, team) for i, team in enumerate(state.as_teams(problem, found.teams, found.sizes)))
    state.keep(problem, found)
    assert found.best >= max(before, value - 1e-3)
    assert found.bound >= found.best - 1e-9


@pytest.mark.parametrize("stopped_by", ["_CHOICES", "_WHOLE_NODES"])
def test_where_there_is_no_choice_in_time_the_best_outcome_stays(stopped_by, monkeypatch):
    problem, found, pool = chosen(2)
    before = found.best
    if stopped_by == "_CHOICES":
        monkeypatch.setattr(master, "_CHOICES", 0)
    else:
        monkeypatch.setattr(master, "run", lambda *_args, **_more: None)
    master.choose(found, pool)
    state.keep(problem, found)
    assert found.best >= before
