"""Every solver keeps the contract; the exact one is right, the default one is close."""

from functools import cache

import highspy
import numpy as np
import pytest
from problems import ALL, broken_rules, brute_force, changed, random_problem, relabelled, value_of
from scipy import sparse

from introducer.certify import certify
from introducer.errors import Infeasible
from introducer.policy import Policy
from introducer.problem import Problem
from introducer.solve import SOLVERS, Watch, elastic, exact, greedy, model, solve

CLOSE = 0.0005


def of(seed, mentees=12, mentors=8, **more) -> Problem:
    return random_problem(np.random.default_rng(seed), mentees, mentors, **more)


def cohort(seed) -> Problem:
    rng = np.random.default_rng(1000 + seed)
    mentees, mentors = int(rng.integers(8, 41)), int(rng.integers(6, 26))
    return random_problem(rng, mentees, mentors, seats=float(rng.uniform(0.4, 0.9)))


@cache
def best_of(seed) -> float:
    problem = cohort(seed)
    return value_of(problem, exact.solve(problem, Policy(), Watch()).teams)


def solved(problem, solver, watch=None):
    return solve(problem, Policy(solver=solver, gap_target=CLOSE), watch)


@pytest.mark.parametrize("seed", range(30))
def test_exact_equals_brute_force_on_tiny_cohorts(seed):
    problem = of(seed, 3, 4)
    solution = solved(problem, "exact")
    assert broken_rules(problem, solution.teams) == []
    assert value_of(problem, solution.teams) == pytest.approx(brute_force(problem), abs=1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_prices_are_within_a_twentieth_of_a_percent_of_the_optimum(seed):
    problem = cohort(seed)
    solution = solved(problem, "prices")
    assert broken_rules(problem, solution.teams) == []
    assert best_of(seed) * (1 - CLOSE) <= value_of(problem, solution.teams) <= best_of(seed) + 1e-9
    assert certify(problem, solution.teams, solution.prices).bound >= best_of(seed) - 1e-9


@pytest.mark.parametrize("solver", ["exact", "greedy"])
@pytest.mark.parametrize("seed", range(10))
def test_teams_are_feasible_and_prices_prove_a_bound(solver, seed):
    problem = cohort(seed)
    solution = solved(problem, solver)
    assert broken_rules(problem, solution.teams) == []
    assert solution.finished
    assert value_of(problem, solution.teams) <= best_of(seed) + 1e-9
    assert certify(problem, solution.teams, solution.prices).bound >= best_of(seed) - 1e-9


def test_exact_prices_prove_more_than_prices_of_zero():
    problem = cohort(0)
    bounds = [certify(problem, s.teams, s.prices).bound for s in (solved(problem, "exact"), solved(problem, "greedy"))]
    assert bounds[0] < bounds[1]


def without(problem, rule):
    a = problem.arrays
    arrays = {
        "lower loads": {"min_loads": np.zeros_like(a.min_loads)},
        "pins": {"pinned": np.zeros_like(a.pinned)},
        "institutions": {"institution_limit": 0},
        "kept seat": {"kept": np.ones_like(a.kept)},
        "quotas": {"quota_limits": np.full_like(a.quota_limits, 999)},
        "capacity": {"capacities": np.full_like(a.capacities, 999)},
        "team size": {"team_sizes": np.minimum(a.team_sizes + 1, 5)},
    }
    return changed(problem, **arrays[rule])


@cache
def value_under_all_rules(solver):
    return value_of(scarce(), solved(scarce(), solver).teams)


def scarce():
    return of(9, 20, 12, seats=0.8)


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("rule", [*sorted(ALL), "capacity", "team size"])
def test_each_rule_decides(rule, solver):
    problem = scarce()
    free = solved(without(problem, rule), "exact")
    assert broken_rules(problem, free.teams) != []
    assert value_of(problem, free.teams) > value_under_all_rules(solver) + 1e-6


@pytest.mark.parametrize("solver", ["exact", "greedy"])
def test_new_labels_change_nothing_in_value(solver):
    problem = of(5)
    rng = np.random.default_rng(0)
    other = relabelled(problem, rng.permutation(12), rng.permutation(8))
    values = [value_of(p, solved(p, solver).teams) for p in (problem, other)]
    assert values[0] == pytest.approx(values[1], abs=1e-9)


def test_new_labels_leave_prices_close():
    problem = of(5)
    rng = np.random.default_rng(0)
    other = relabelled(problem, rng.permutation(12), rng.permutation(8))
    values = [value_of(p, solved(p, "prices").teams) for p in (problem, other)]
    assert values[0] == pytest.approx(values[1], rel=CLOSE)


@pytest.mark.parametrize("solver", SOLVERS)
def test_the_same_twice(solver):
    assert solved(of(6), solver) == solved(of(6), solver)


@pytest.mark.parametrize("solver", SOLVERS)
def test_progress_is_told_and_a_stop_leaves_feasible_teams(solver):
    problem, told = of(7), []
    watch = Watch(tell=lambda phase, done, gap: told.append((phase, done, gap)), stop=lambda: True)
    solution = solved(problem, solver, watch)
    assert not solution.finished
    assert broken_rules(problem, solution.teams) == []
    assert told
    assert all(phase and 0 <= done <= 1 and (gap is None or gap >= 0) for phase, done, gap in told)


def test_exact_stopped_before_its_prices_has_the_optimum_and_no_prices():
    answers = iter([False, True])
    solution = solved(of(7), "exact", Watch(stop=lambda: next(answers)))
    assert not solution.finished
    assert value_of(of(7), solution.teams) == value_of(of(7), solved(of(7), "exact").teams)
    assert not any(solution.prices.capacity + solution.prices.min_load + solution.prices.quota)


def plain(mentees=3, mentors=3, size=2, capacity=2, **arrays):
    """A cohort in which everybody may be tied to everybody and no rule is in force."""
    problem = random_problem(np.random.default_rng(0), mentees, mentors, rules=frozenset(), eligible=1.0)
    return changed(
        problem,
        **{"team_sizes": np.full(mentees, size), "capacities": np.full(mentors, capacity), **arrays},
    )


def pins(*pairs, mentees=3, mentors=3):
    pinned = np.zeros((mentees, mentors), bool)
    for pair in pairs:
        pinned[pair] = True
    return pinned.ravel()


NOBODY = np.zeros(9, bool)
IMPOSSIBLE = {
    "more pins than seats": (
        {"size": 1, "pinned": pins((1, 0), (1, 2))},
        ["{mentee:1} has 2 pinned mentors and a team size of 1."],
    ),
    "pins beyond a capacity": (
        {"capacity": 1, "pinned": pins((0, 2), (1, 2))},
        ["{mentor:2} has 2 pinned ties and a capacity of 1."],
    ),
    "pinned mentors of one institution": (
        {"pinned": pins((0, 0), (0, 2)), "institutions": np.array([4, 1, 4]), "institution_limit": 1},
        ["{mentee:0} has pinned mentors of one institution, {mentor:0}, {mentor:2}, more than the limit of 1."],
    ),
    "pins in the kept seat": (
        {"pinned": pins((2, 0), (2, 1)), "kept": NOBODY},
        ["{mentee:2} has pinned mentors in all 2 seats, and none of them may take the seat that is kept."],
    ),
    "pins beyond a quota": (
        {
            "pinned": pins((0, 1), (2, 1)),
            "quota_mentors": np.array([1]),
            "quota_limits": np.array([1]),
            "quota_starts": np.array([0, 1, 2, 3]),
            "quota_places": np.array([1, 1, 1]),
            "quota_ids": np.array([0, 0, 0]),
        },
        ["{mentor:1} has 2 pinned ties under a quota of 1."],
    ),
    "too few mentees for a lower load": (
        {"capacity": 4, "min_loads": np.array([0, 4, 0])},
        ["{mentor:1} should have at least 4 mentees and may be tied to 3 only."],
    ),
    "lower loads beyond all seats": (
        {"size": 1, "min_loads": np.array([2, 2, 0])},
        ["The lower loads of mentors are 4 together, and the teams of mentees have 3 seats."],
    ),
    "a lower load against kept seats": (
        {"size": 1, "kept": NOBODY, "min_loads": np.array([0, 0, 1])},
        [
            (
                "{mentor:2} should have at least 1 mentees and can have 0, with the lower loads of all others met as "
                "far as possible."
            ),
            "Fewer would be missing without the seats kept in teams.",
        ],
    ),
    "a lower load against pins": (
        {"size": 1, "pinned": pins((0, 0), (1, 0)), "min_loads": np.array([0, 0, 2])},
        [
            (
                "{mentor:2} should have at least 2 mentees and can have 1, with the lower loads of all others met as "
                "far as possible."
            ),
            "Fewer would be missing without the team sizes of mentees or without pinned ties.",
        ],
    ),
}


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_stands_in_the_way_is_named(name, solver):
    given, causes = IMPOSSIBLE[name]
    with pytest.raises(Infeasible) as raised:
        solved(plain(**given), solver)
    assert list(raised.value.causes) == causes


def test_exact_stopped_at_once_still_names_what_stands_in_the_way():
    with pytest.raises(Infeasible, match="capacity of 1"):
        solved(plain(**IMPOSSIBLE["pins beyond a capacity"][0]), "exact", Watch(stop=lambda: True))


def test_a_shortfall_that_no_single_rule_causes_names_mentors_only():
    problem = plain(size=1, kept=NOBODY, institution_limit=1, min_loads=np.array([0, 0, 1]), pinned=pins())
    problem = changed(
        problem,
        quota_mentors=np.array([2]),
        quota_limits=np.array([0]),
        quota_starts=np.array([0, 1, 2, 3]),
        quota_places=np.array([2, 2, 2]),
        quota_ids=np.array([0, 0, 0]),
    )
    with pytest.raises(Infeasible) as raised:
        elastic.raise_infeasible(problem)
    assert len(raised.value.causes) == 1
    assert raised.value.causes[0].startswith("{mentor:2}")


def test_above_a_size_it_is_said_that_nothing_was_computed(monkeypatch):
    monkeypatch.setattr(elastic, "_MOST_CANDIDATES", 8)
    problem = plain(**IMPOSSIBLE["a lower load against kept seats"][0])
    for ask in (elastic.feasible_start, elastic.raise_infeasible):
        with pytest.raises(Infeasible, match="not computed: 9 possible ties are more than 8"):
            ask(problem)


def test_a_start_is_feasible():
    for seed in range(10):
        problem = of(seed)
        assert broken_rules(problem, elastic.feasible_start(problem)) == []


def test_greedy_falls_back_on_a_start_where_its_own_way_is_blocked():
    blocked = [seed for seed in range(60) if greedy._meet_duties(of(seed)) is None]
    assert blocked
    for seed in blocked[:5]:
        solution = solved(of(seed), "greedy")
        assert solution.finished
        assert broken_rules(of(seed), solution.teams) == []


def test_an_empty_cohort_has_no_teams():
    problem = of(0, 1, 1, eligible=0.0, rules=frozenset())
    for solver in ("exact", "greedy"):
        assert solved(problem, solver).teams == ((),)


def test_highs_without_time_is_an_error(monkeypatch):
    monkeypatch.setattr(highspy._Highs, "run", lambda _: None)
    with pytest.raises(RuntimeError, match="HiGHS ended with"):
        model.run(model.whole(of(0)))


@pytest.mark.parametrize(("low", "high", "there"), [(0, 3, True), (1, 3, False), (-2, -1, False)])
def test_a_model_without_columns_is_solved_where_every_row_may_be_nought(low, high, there):
    rows = sparse.csr_array((1, 0))
    none = np.zeros(0)
    empty = model.Model(none, none, none, none.astype(bool), rows, np.array([float(low)]), np.array([float(high)]), {})
    assert (model.run(empty) is not None) is there
