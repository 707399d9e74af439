"""The checker finds every broken rule, and its bound is what all teams, tried one by one, give."""

import ast
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import ALL, broken_rules, brute_force, changed, random_problem, team_breaks, value_of

import introducer.certify
from introducer.certify import alone, certify, faults
from introducer.errors import Refused
from introducer.outcome import Prices
from introducer.problem import on_grid
from introducer.solve import elastic

FREE = Prices((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
QUOTA = {
    "quota_mentors": np.array([1]),
    "quota_limits": np.array([0]),
    "quota_starts": np.array([0, 1, 1]),
    "quota_places": np.array([1]),
    "quota_ids": np.array([0]),
}


def small(**arrays):
    """Return two mentees with up to two of three mentors, all of whom they may have."""
    plain = random_problem(np.random.default_rng(5), 2, 3, rules=frozenset(), eligible=1.0)
    known = {
        "team_sizes": np.array([2, 1]),
        "capacities": np.array([1, 1, 2]),
        "min_loads": np.zeros(3, np.int64),
        "institutions": np.array([4, 4, -1]),
        "institution_limit": 0,
    }
    return changed(plain, **(known | arrays))


def mask(*places):
    found = np.zeros(6, dtype=np.bool_)
    found[list(places)] = True
    return found


def test_teams_that_break_no_rule_have_no_faults():
    assert faults(small(), ((0, 1), (2,)), FREE) == []


@pytest.mark.parametrize(
    ("arrays", "teams", "told"),
    [
        ({}, ((0, 3), ()), "{mentee:0}: the tie to {mentor:3} is refused or unknown."),
        ({}, ((1, 0), ()), "{mentee:0}: the team is not in order, or holds a mentor twice."),
        ({}, ((0, 0), ()), "{mentee:0}: the team is not in order, or holds a mentor twice."),
        ({}, ((), (0, 1)), "{mentee:1}: the team has 2 mentors, and may have 1."),
        ({"pinned": mask(1)}, ((0,), ()), "{mentee:0}: the pinned tie to {mentor:1} is missing."),
        ({"institution_limit": 1}, ((0, 1), ()), "{mentee:0}: more than 1 of the team are from one institution."),
        (
            {"kept": mask(2, 3, 4, 5)},
            ((0, 1), ()),
            "{mentee:0}: the seat that is kept for a local or an outside mentor is taken by another.",
        ),
        ({}, ((0,), (0,)), "{mentor:0} has 2 mentees, and may have 0 to 1."),
        ({"min_loads": np.array([0, 1, 0])}, ((0,), ()), "{mentor:1} has 0 mentees, and may have 1 to 1."),
    ],
)
def test_each_broken_rule_is_told(arrays, teams, told):
    assert told in faults(small(**arrays), teams, FREE)


def test_a_quota_that_is_passed_is_told():
    told = faults(small(**QUOTA), ((1,), ()), Prices(FREE.capacity, FREE.min_load, (0.0,)))
    assert told == ["{mentor:1} has 1 ties under a quota of 0."]
    assert faults(small(**QUOTA), ((), (1,)), Prices(FREE.capacity, FREE.min_load, (0.0,))) == []


@pytest.mark.parametrize(
    ("teams", "prices", "told"),
    [
        (((),), FREE, "The outcome does not have a team for each mentee and prices for each mentor."),
        (((), ()), Prices((0.0,), (0.0, 0.0, 0.0)), "The outcome does not have a team for each mentee and"),
        (((), ()), Prices((0.0, 0.0, 0.0), (0.0,)), "The outcome does not have a team for each mentee and"),
        (((), ()), Prices(FREE.capacity, FREE.min_load, (0.0,)), "The outcome does not have a price for each quota."),
        (((), ()), Prices((0.0, -0.1, 0.0), FREE.min_load), "A price is negative or no number."),
        (((), ()), Prices(FREE.capacity, (0.0, 0.0, float("nan"))), "A price is negative or no number."),
        (((), ()), Prices((float("inf"), 0.0, 0.0), FREE.min_load), "A price is negative or no number."),
    ],
)
def test_an_outcome_of_the_wrong_shape_or_price_is_told(teams, prices, told):
    [found] = faults(small(), teams, prices)
    assert found.startswith(told)


def test_a_certificate_is_refused_with_all_findings_at_once():
    with pytest.raises(Refused) as caught:
        certify(small(), ((0, 3), (0, 1)), Prices((-1.0, 0.0, 0.0), FREE.min_load))
    assert len(caught.value.findings) == 3


def priced_best(problem, i, seats, quota):
    """Return what mentee i's best team is worth less its prices, by trying all teams."""
    a = problem.arrays
    own = problem.candidates(i).tolist()
    rows = range(a.quota_starts[i], a.quota_starts[i + 1])

    def worth(team):
        alone = [team if i == k else () for k in range(problem.shape[0])]
        paid = sum(seats[j] for j in team)
        paid += sum(quota[a.quota_ids[r]] for r in rows if own[a.quota_places[r]] in team)
        return value_of(problem, alone) - paid

    teams = (team for size in range(int(a.team_sizes[i]) + 1) for team in combinations(own, size))
    return max(worth(team) for team in teams if not team_breaks(problem, i, team))


def drawn_prices(problem, rng, size):
    """Return prices on the grid, none below nothing, many of them nothing."""
    a = problem.arrays

    def some(count):
        return on_grid(size * rng.random(count) * (rng.random(count) < 0.7))

    return some(len(a.capacities)), some(len(a.capacities)), some(len(a.quota_limits))


RULES = [frozenset(), *(frozenset({rule}) for rule in sorted(ALL)), ALL]


@pytest.mark.parametrize("rules", RULES, ids=lambda rules: "+".join(sorted(rules)) or "no rules")
@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), size=st.sampled_from([0.0, 0.05, 0.3, 1.0]))
def test_a_bound_is_exactly_what_all_teams_tried_one_by_one_give(rules, seed, size):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, 4, 7, rules=rules)
    teams = elastic.feasible_start(problem)
    assert teams is not None
    capacity, min_load, quota = drawn_prices(problem, rng, size)
    proof = certify(problem, teams, Prices(tuple(capacity), tuple(min_load), tuple(quota)))
    a = problem.arrays
    best = [priced_best(problem, i, capacity - min_load, quota) for i in range(4)]
    assert proof.bound == sum(best) + capacity @ a.capacities - min_load @ a.min_loads + quota @ a.quota_limits
    assert proof.value == value_of(problem, teams)
    assert sum(proof.regrets) + sum(proof.slacks) == proof.bound - proof.value
    assert min(proof.regrets) >= 0
    assert min(proof.slacks) >= 0
    assert proof.scope == "all"


@settings(max_examples=30, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), drawing=st.data())
def test_any_prices_that_are_not_negative_prove_a_bound(seed, drawing):
    problem = random_problem(np.random.default_rng(seed), 3, 4, rules=ALL)
    best, teams = brute_force(problem), elastic.feasible_start(problem)
    assert best is not None
    assert teams is not None
    price = st.floats(0, 3)

    def drawn(count):
        return tuple(drawing.draw(st.lists(price, min_size=count, max_size=count)))

    proof = certify(problem, teams, Prices(drawn(4), drawn(4), drawn(len(problem.arrays.quota_limits))))
    assert proof.bound >= best - 1e-9
    assert sum(proof.regrets) + sum(proof.slacks) == pytest.approx(proof.bound - proof.value, abs=1e-9)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 10_000))
def test_alone_is_the_best_team_of_all_that_can_be_reached(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, 4, 6, rules=ALL)
    a = problem.arrays
    pinned = np.zeros(len(a.pinned), dtype=np.bool_)  # pins to who has no seat leave nothing to reach
    problem = changed(
        problem,
        pinned=pinned,
        capacities=np.where(rng.random(6) < 0.3, 0, a.capacities),
        quota_limits=np.where(rng.random(len(a.quota_limits)) < 0.5, 0, a.quota_limits),
    )
    closed = problem.arrays
    far = 1000.0
    seats, quota = np.where(closed.capacities == 0, far, 0.0), np.where(closed.quota_limits == 0, far, 0.0)
    assert alone(problem).tolist() == [priced_best(problem, i, seats, quota) for i in range(4)]


def test_two_quotas_of_one_tie_are_both_paid_and_both_counted():
    both = {
        "quota_mentors": np.array([1, 1]),
        "quota_limits": np.array([1, 1]),
        "quota_starts": np.array([0, 2, 2]),
        "quota_places": np.array([1, 1]),
        "quota_ids": np.array([0, 1]),
    }
    problem = small(**both, pairs=np.array([0.0, 2.0, 0.0, 0.0, 0.0, 0.0]))  # worth having at both prices
    prices = Prices(FREE.capacity, FREE.min_load, (0.25, 0.5))
    proof = certify(problem, ((1,), ()), prices)
    best = [priced_best(problem, i, np.zeros(3), np.array([0.25, 0.5])) for i in range(2)]
    assert proof.bound == sum(best) + 0.75
    assert proof.slacks == (0.0, 0.0, 0.0)
    assert certify(problem, ((), ()), prices).slacks == (0.0, 0.75, 0.0)


def test_slacks_are_priced_seats_left_and_priced_duties_exceeded():
    problem = small(capacities=np.array([1, 2, 2]), min_loads=np.array([0, 0, 0]))
    proof = certify(problem, ((1,), (1,)), Prices((0.5, 0.25, 0.125), (0.0, 0.0625, 1.0)))
    assert proof.slacks == (0.5, 0.125, 0.25)


def test_a_team_may_be_pinned_whole_and_costs_what_it_costs():
    problem = small(pinned=mask(0, 2))
    prices = Prices((5.0, 0.0, 5.0), FREE.min_load)
    proof = certify(problem, ((0, 2), ()), prices)
    assert proof.regrets[0] == 0.0
    assert certify(small(), ((0, 2), ()), prices).regrets[0] > 5.0


def test_a_team_of_several_faults_has_each_told():
    told = faults(small(institution_limit=1, pinned=mask(2), kept=mask()), ((0, 1), (0, 1)), FREE)
    assert told == [
        "{mentee:0}: the pinned tie to {mentor:2} is missing.",
        "{mentee:0}: more than 1 of the team are from one institution.",
        "{mentee:0}: the seat that is kept for a local or an outside mentor is taken by another.",
        "{mentee:1}: the team has 2 mentors, and may have 1.",
        "{mentee:1}: more than 1 of the team are from one institution.",
        "{mentee:1}: the seat that is kept for a local or an outside mentor is taken by another.",
    ]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), drawing=st.data())
def test_teams_have_faults_just_where_a_plain_reading_of_the_rules_finds_them(seed, drawing):
    problem = random_problem(np.random.default_rng(seed), 3, 4, rules=ALL)
    start = elastic.feasible_start(problem)
    assert start is not None
    moved, team = drawing.draw(st.integers(0, 2)), drawing.draw(st.sets(st.integers(0, 3), max_size=3))
    teams = tuple(tuple(sorted(team)) if i == moved else known for i, known in enumerate(start))
    quota = (0.0,) * len(problem.arrays.quota_limits)
    found = faults(problem, teams, Prices((0.0,) * 4, (0.0,) * 4, quota))
    assert bool(found) == bool(broken_rules(problem, teams))


def test_the_checker_and_all_that_it_loads_know_no_solver():
    tree = ast.parse(Path(introducer.certify.__file__).read_text(encoding="utf-8"))
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            named |= {f"{node.module}.{alias.name}" for alias in node.names}
    assert "introducer.outcome.Certificate" in named
    assert [name for name in named if "solve" in name] == []
    code = "import sys, introducer.certify, introducer.conclude; print([x for x in sys.modules if '.solve' in x])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert [name for name in ast.literal_eval(run.stdout) if name.startswith("introducer")] == []


@pytest.mark.parametrize("seed", range(12))
def test_no_prices_give_a_bound_below_the_best_outcome(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, 3, 4, rules=ALL)
    best, teams = brute_force(problem), elastic.feasible_start(problem)
    assert best is not None
    assert teams is not None
    for size in (0.0, 0.1, 1.0):
        capacity, min_load = on_grid(size * rng.random(4)), on_grid(size * rng.random(4))
        quota = on_grid(size * rng.random(len(problem.arrays.quota_limits)))
        proof = certify(problem, teams, Prices(tuple(capacity), tuple(min_load), tuple(quota)))
        assert proof.bound >= best
        assert proof.value == pytest.approx(value_of(problem, teams), abs=1e-12)
        assert proof.bound - proof.value == pytest.approx(sum(proof.regrets) + sum(proof.slacks), abs=1e-9)
        assert min(proof.regrets) >= -1e-9
        assert min(proof.slacks) >= 0


def test_alone_nobody_competes_but_a_mentor_without_a_seat_is_out_of_reach():
    one = np.array([1, 1])
    problem = small(team_sizes=one)
    first = max(value_of(problem, [(j,), ()]) for j in range(3))
    second = max(value_of(problem, [(), (j,)]) for j in range(3))
    assert alone(problem).tolist() == pytest.approx([first, second], abs=1e-12)
    assert alone(small(team_sizes=one, capacities=np.zeros(3, np.int64))).tolist() == [0.0, 0.0]


def test_alone_without_anybody_to_choose_is_nothing():
    nobody = random_problem(np.random.default_rng(1), 2, 1, rules=frozenset(), eligible=0.0)
    assert alone(nobody).tolist() == [0.0, 0.0]


def test_a_sum_with_what_is_out_of_reach_is_out_of_reach():
    assert introducer.certify.exact_sum(np.array([1.0, np.inf])) == np.inf
    assert introducer.certify.exact_sum(np.array([1.0, 0.5])) == 1.5
