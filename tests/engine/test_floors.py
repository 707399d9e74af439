"""Floors: as high as can be, proved where they are refused, and followed by every outcome."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from problems import ALL, broken_rules, changed, random_problem, relabelled
from scipy import sparse

from introducer import certify, fairness, floors
from introducer.errors import Infeasible
from introducer.outcome import Prices
from introducer.policy import Policy
from introducer.problem import GRID, NO_FLOOR, on_grid
from introducer.solve import Solution, Watch, average, model, solve
from introducer.solve import floors as search
from introducer.solve.ground import Ground

RULES = [frozenset(), ALL]


def small(seed, *, mentees=7, mentors=5, rules=ALL, seats=0.6):
    """Return a problem, what shares are measured by, and who has one."""
    problem = random_problem(np.random.default_rng(seed), mentees, mentors, rules=rules, seats=seats)
    by = np.maximum(certify.alone(problem), 0.0)
    return problem, by, by > 0


def at(problem, by, level):
    return fairness.with_floors(problem, fairness.floors_at(np.full(len(by), level), by))


def largest_minimum(problem, by):
    """Return the largest least share in [0, 1] that whole teams can have, by HiGHS; None without one."""
    base = model.whole(at(problem, by, 0.0))
    count, owed = base.rows.shape[0], np.flatnonzero(by > 0)
    own = sparse.csr_array(
        (-by[owed], (np.arange(count - len(owed), count), np.zeros(len(owed), np.int64))), shape=(count, 1)
    )
    wider = model.Model(
        costs=np.append(np.zeros(base.rows.shape[1]), -1.0),
        least=np.append(base.least, 0.0),
        most=np.append(base.most, 1.0),
        whole=np.append(base.whole, False),
        rows=sparse.hstack([base.rows, own], format="csr"),
        low=base.low,
        high=base.high,
        families=base.families,
    )
    found = model.run(wider)
    return None if found is None else float(found[0][-1])


def least(problem, by, teams):
    shares = fairness.shares_of(certify.worths(problem, teams), by)
    return float(np.min(shares[by > 0]))


def reach(problem, policy=None, watch=None):
    """Look for teams above the floors of a problem."""
    return search.reach(Ground(problem, 1), problem.arrays.floors, policy or Policy(), watch or Watch())


def hunt(problem, by, policy=None):
    policy = policy or Policy()
    start = solve(problem, policy).teams
    return floors._Hunt(policy, Watch(), by, Ground(problem, policy.seed), start)


def proves(problem, prices):
    """Whether everybody's cheapest teams cost more than all seats, by the checker."""
    return certify.exact_sum(certify.cheapest(problem, prices)) > certify.cost_of_seats(problem, prices)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), rules=st.sampled_from(RULES))
def test_leximin_raises_the_worst_off_as_far_as_whole_teams_can(seed, rules):
    problem, by, owed = small(seed, rules=rules)
    best = largest_minimum(problem, by) if owed.any() else None
    if best is None:
        return
    found = hunt(problem, by)
    levels, steps = floors._leximin(found)
    assert broken_rules(problem, found.teams) == []
    assert least(problem, by, found.teams) >= steps[0].level >= best * 0.995 - 1e-6
    assert (levels[~owed] == 0).all()
    assert (levels[owed] >= steps[0].level).all()
    assert (fairness.shares_of(certify.worths(problem, found.teams), by)[owed] >= levels[owed]).all()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), rules=st.sampled_from(RULES))
def test_every_step_of_leximin_has_a_proof_that_the_checker_finds_valid(seed, rules):
    problem, by, owed = small(seed, rules=rules)
    if not owed.any():
        return
    levels, steps = floors._leximin(hunt(problem, by))
    for step in steps:
        if step.prices is None:
            continue
        assert step.level < step.above
        here = np.minimum(levels, step.level)
        above = np.where(here == step.level, step.above, here)
        assert proves(fairness.with_floors(problem, fairness.floors_at(above, by)), step.prices)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), rules=st.sampled_from(RULES))
@example(seed=1320, rules=ALL)  # teams above the floor would leave a mentor who is owed mentees
def test_a_floor_that_can_be_had_is_reached_and_one_that_cannot_is_proved_impossible(seed, rules):
    problem, by, owed = small(seed, rules=rules)
    best = largest_minimum(problem, by) if owed.any() else None
    if best is None:
        return
    teams = reach(at(problem, by, best * 0.995))
    assert teams is not None
    assert broken_rules(problem, teams) == []
    assert least(problem, by, teams) >= best * 0.995
    if best < 0.9:
        above = at(problem, by, best * 1.05 + 0.01)
        prices = search.prove(Ground(problem, 1), above.arrays.floors, lambda: False)
        assert prices is None or proves(above, floors._as_prices(prices))
        assert reach(above) is None


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1_000))
def test_no_prices_prove_a_floor_impossible_that_an_outcome_meets(seed):
    problem, by, owed = small(seed)
    if not owed.any():
        return
    teams = hunt(problem, by).teams
    met = at(problem, by, least(problem, by, teams))
    rng = np.random.default_rng(seed)
    for _ in range(5):
        mentors, quotas = problem.shape[1], len(problem.arrays.quota_limits)
        drawn = [np.round(rng.random(n) * 2**20) * 2**-20 * (rng.random(n) < 0.5) for n in (mentors, mentors, quotas)]
        assert not proves(met, Prices(*(tuple(own.tolist()) for own in drawn)))


@pytest.mark.parametrize("seed", [1, 4, 8])
def test_permuting_people_permutes_what_they_are_owed(seed):
    problem, by, _owed = small(seed)
    rng = np.random.default_rng(seed)
    mentees, mentors = rng.permutation(problem.shape[0]), rng.permutation(problem.shape[1])
    levels, steps = floors._leximin(hunt(problem, by))
    other = relabelled(problem, mentees, mentors)
    moved, others = floors._leximin(hunt(other, by[mentees]))
    assert others[0].level == pytest.approx(steps[0].level, rel=2e-3)
    assert np.sort(moved) == pytest.approx(np.sort(levels[mentees]), rel=0.02, abs=1e-3)


def test_people_who_could_all_have_everything_are_owed_everything():
    problem, by, _owed = small(2, rules=frozenset(), seats=0.6)
    roomy = changed(problem, capacities=np.full(problem.shape[1], problem.shape[0]))
    levels, steps = floors._leximin(hunt(roomy, by))
    assert [step.level for step in steps] == [1.0]
    assert steps[0].prices is None
    assert levels.tolist() == np.where(by > 0, 1.0, 0.0).tolist()


def test_a_floor_that_nobody_can_reach_names_who_is_below_it_and_the_proof():
    problem, by, _owed = small(3, seats=0.4)
    found = hunt(problem, by)
    with pytest.raises(Infeasible, match=r"The floor is 1, and no outcome gives everybody a share of 0\.\d{6}") as told:
        floors._number(found, 1.0)
    assert "{mentee:" in told.value.causes[1]
    named = told.value.worded([f"m{i}" for i in range(problem.shape[0])], [])
    assert "{mentee:" not in named.causes[1]
    assert named.reached is not None
    assert named.impossible is not None
    assert 0.0 <= named.reached < named.impossible <= 1.0


def test_a_floor_is_met_with_the_largest_total_and_the_bound_of_that():
    problem, by, _owed = small(5, rules=frozenset())
    for solver in ("prices", "exact"):
        policy = Policy(solver=solver, gap_target=0.0)
        found = hunt(problem, by, policy)
        levels, _steps = floors._number(found, 0.4)
        floored = fairness.with_floors(problem, fairness.floors_at(levels, by))
        solution = floors._best(found, floored.arrays.floors)
        proof = certify.certify(floored, solution.teams, solution.prices)
        best = model.run(model.whole(floored))
        assert best is not None
        assert proof.value == pytest.approx(float(-model.whole(floored).costs @ best[0]), abs=1e-5)
        assert proof.bound >= proof.value


def test_a_number_is_owed_to_nobody_without_a_share():
    problem, by, _owed = small(5, rules=frozenset())
    found = hunt(problem, 0.0 * by)
    levels, steps = floors._number(found, 0.4)
    assert levels.tolist() == [0.0] * len(by)
    assert steps == []


def test_a_search_that_is_stopped_proves_nothing():
    problem, by, _owed = small(3)
    ground, highest = Ground(problem, 1), at(problem, by, 1.0)

    def floors_at(level):
        return at(problem, by, level).arrays.floors

    assert search.prove(ground, highest.arrays.floors, lambda: True) is None
    assert search.ceiling(floors_at, ground, 0.0, 1.0, lambda: True) == (np.inf, None)
    assert reach(highest, watch=Watch(stop=lambda: True)) is None
    assert average.average(ground, by, lambda: True) is None


def test_a_share_that_was_had_is_a_floor_that_is_met():
    rng = np.random.default_rng(1)
    by = np.round(rng.random(500) * 2**30) * 2**-30 + 2**-30
    worths = np.minimum(np.round(rng.random(500) * 2**30) * 2**-30, by)
    shares = fairness.shares_of(worths, by)
    assert (fairness.floors_at(shares, by) <= worths).all()
    assert (worths - fairness.floors_at(shares, by) <= 2**-30).all()
    assert fairness.floors_at(np.array([0.5]), np.array([0.0])).tolist() == [NO_FLOOR]
    assert np.isnan(fairness.shares_of(np.array([0.0]), np.array([0.0]))).all()


def test_a_floor_that_the_outcome_without_floors_meets_needs_no_search(monkeypatch):
    problem, by, _owed = small(5, rules=frozenset())
    found = hunt(problem, by)
    monkeypatch.setattr(search, "reach", None)
    levels, steps = floors._number(found, 0.0)
    assert (levels == 0.0).all()
    assert [step.level for step in steps] == [0.0]
    assert steps[0].above > least(problem, by, found.teams)


def test_a_floor_that_was_neither_reached_nor_refuted_is_refused_as_not_found():
    problem, by, _owed = small(3, seats=0.4)
    found = replace(hunt(problem, by), watch=Watch(stop=lambda: True))
    with pytest.raises(Infeasible, match="an outcome that gives everybody this share was not found") as told:
        floors._number(found, 1.0)
    assert told.value.reached is not None
    assert told.value.impossible is None


def test_levels_end_where_there_have_been_enough(monkeypatch):
    problem, by, _owed = small(4)
    assert len(floors._leximin(hunt(problem, by))[1]) > 1
    monkeypatch.setattr(floors, "LEVELS", 1)
    levels, steps = floors._leximin(hunt(problem, by))
    assert len(steps) == 1
    assert set(levels.tolist()) <= {0.0, steps[0].level}


def test_where_highs_takes_a_little_less_for_enough_the_other_solver_ends_it(monkeypatch):
    problem, by, _owed = small(5, rules=frozenset())
    policy = Policy(solver="exact")
    found = hunt(problem, by, policy)
    levels, _steps = floors._number(found, 0.4)
    floored = fairness.with_floors(problem, fairness.floors_at(levels, by))
    teams = ((),) * problem.shape[0]
    zeros = (0.0,) * problem.shape[1]
    monkeypatch.setattr(floors, "solve", lambda *_: Solution(teams, Prices(zeros, zeros, ())))
    assert certify.certify(floored, floors._best(found, floored.arrays.floors).teams, Prices(zeros, zeros, ()))


def test_levels_that_are_impossible_are_not_reached_by_the_oracle_either():
    problem, by, _owed = small(3, seats=0.4)
    assert reach(at(problem, by, 1.0), Policy(solver="exact")) is None


def test_shares_are_the_largest_numbers_whose_floor_is_met():
    rng = np.random.default_rng(5)
    by = np.concatenate([on_grid(rng.random(3000) * 4), np.full(20, GRID), np.full(2, 3.0)])
    worths = np.concatenate(
        [on_grid(rng.random(3000) * by[:3000] * 1.1 - 0.05), np.arange(20) * GRID, [1.0, 1.0 + 1e-12]]
    )
    by[:5] = 0.0
    shares = fairness.shares_of(worths, by)
    assert np.isnan(shares[:5]).all()
    for share, measure, worth in zip(shares[5:].tolist(), by[5:].tolist(), worths[5:].tolist(), strict=True):
        assert fairness._floor(share, measure) <= worth < fairness._floor(np.nextafter(share, np.inf), measure)
