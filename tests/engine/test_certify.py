"""The checker finds every broken rule, and its bound is never below the best outcome."""

import numpy as np
import pytest
from problems import ALL, brute_force, changed, random_problem, value_of

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
