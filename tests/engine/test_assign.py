"""Plain matrices: the largest total, leximin, and a cap on every probability."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from introducer.assign import assign, fair
from introducer.assign.fair import LEVELS, levels
from introducer.assign.lottery import marginals
from introducer.assign.transport import best_total, plain
from introducer.errors import Infeasible
from introducer.solve import model

BIDS = Path(__file__).resolve().parents[3] / "shared" / "data" / "bids" / "aamas2015_bids.npz"

#: Small cases that can be tried one by one.
CASES = st.integers(0, 10_000)


def small(seed, mentees=4, mentors=3, step=0.25):
    chance = np.random.default_rng(seed)
    affinity = chance.integers(0, 5, (mentees, mentors)) * step
    conflict = chance.random((mentees, mentors)) < 0.15
    return affinity, conflict, int(chance.integers(1, 3)), int(chance.integers(1, 4))


def every_assignment(affinity, conflict, team, capacity):
    """Yield the sums of all mentees, for each assignment that the limits allow."""
    mentees, mentors = affinity.shape
    teams = [
        [mates for size in range(team + 1) for mates in itertools.combinations(range(mentors), size)
         if not conflict[i, list(mates)].any()]
        for i in range(mentees)
    ]  # fmt: skip
    for chosen in itertools.product(*teams):
        loads = np.bincount([j for mates in chosen for j in mates], minlength=mentors)
        if (loads <= capacity).all():
            yield [float(affinity[i, list(mates)].sum()) for i, mates in enumerate(chosen)]


def sums_of(found, affinity):
    return [sum(affinity[i, j] for i, j in found.ties if i == mentee) for mentee in range(len(affinity))]


def keeps_the_limits(found, affinity, conflict, team, capacity):
    mentees, mentors = affinity.shape
    rows = np.bincount([i for i, _j in found.ties], minlength=mentees)
    columns = np.bincount([j for _i, j in found.ties], minlength=mentors)
    assert (rows <= team).all()
    assert (columns <= capacity).all()
    assert len(set(found.ties)) == len(found.ties)
    assert list(found.ties) == sorted(found.ties)
    assert not any(conflict[i, j] for i, j in found.ties)


@given(CASES)
@settings(max_examples=40, deadline=None)
def test_the_total_is_the_largest_there_is(seed):
    affinity, conflict, team, capacity = small(seed)
    found = assign(affinity, team=team, capacity=capacity, conflict=conflict)
    keeps_the_limits(found, affinity, conflict, team, capacity)
    best = max(sum(sums) for sums in every_assignment(affinity, conflict, team, capacity))
    assert found.total == pytest.approx(best)
    assert found.total == found.best_total


@given(CASES)
@settings(max_examples=40, deadline=None)
def test_fair_is_leximin_where_it_says_so_and_never_leaves_the_worst_off_worse(seed):
    affinity, conflict, team, capacity = small(seed)
    found = assign(affinity, team=team, capacity=capacity, conflict=conflict, objective="fair")
    keeps_the_limits(found, affinity, conflict, team, capacity)
    best = max(sorted(sums) for sums in every_assignment(affinity, conflict, team, capacity))
    assert found.least == pytest.approx(best[0])
    if found.proved:
        assert sorted(sums_of(found, affinity)) == pytest.approx(best)


def test_a_tie_that_costs_nothing_is_made_while_the_team_is_not_full():
    found = assign(np.array([[1.0, 0.0], [0.0, 0.0]]), team=2, capacity=2)
    assert found.ties == ((0, 0), (0, 1), (1, 0), (1, 1))


def test_a_tie_that_would_lower_the_sum_is_not_made():
    assert assign(np.array([[1.0, -1.0]]), team=2, capacity=1).ties == ((0, 0),)


def test_fair_gives_up_total_for_the_worst_off():
    affinity = np.array([[4.0, 1.0], [3.0, 0.0]])
    assert assign(affinity, team=1, capacity=1).total == 4.0
    found = assign(affinity, team=1, capacity=1, objective="fair")
    assert (found.least, found.total, found.best_total) == (1.0, 4.0, 4.0)


def test_fair_needs_no_step_that_all_affinities_are_multiples_of():
    affinity = np.random.default_rng(4).random((4, 5))
    found = assign(affinity, team=2, capacity=2, objective="fair")
    best = max(sorted(sums) for sums in every_assignment(affinity, np.zeros((4, 5), np.bool_), 2, 2))
    assert found.least <= best[0] + 1e-9
    assert found.least >= 0.8 * best[0]


def test_levels_are_steps_where_there_are_any_and_even_parts_elsewhere():
    assert levels(np.array([0.25, 0.5, 1.0]), 1.0).tolist() == [0.25, 0.5, 0.75, 1.0]
    assert len(levels(np.array([0.1234567, 0.7]), 1.4)) == LEVELS


def test_a_lower_load_is_met_or_the_mentor_is_named():
    affinity = np.array([[1.0, 0.1], [1.0, 0.1]])
    found = assign(affinity, team=1, capacity=2, min_load=1)
    assert sorted(j for _i, j in found.ties) == [0, 1]
    with pytest.raises(Infeasible, match="mentor:1"):
        assign(affinity, team=1, capacity=2, min_load=1, conflict=np.array([[False, True], [False, True]]))
    with pytest.raises(Infeasible, match="together"):
        assign(affinity, team=1, capacity=2, min_load=2)


def test_lower_loads_that_stand_in_each_others_way_are_named():
    # Mentors 0 and 1 can both have mentee 0 alone.
    conflict = np.array([[False, False, True], [True, True, False], [True, True, False]])
    with pytest.raises(Infeasible, match=r"mentor:[01]"):
        assign(np.ones((3, 3)), team=1, capacity=3, min_load=1, conflict=conflict)


@pytest.mark.parametrize("seed", range(12))
def test_many_candidates_are_fair_to_the_worst_off_and_proved_only_where_they_are(seed, monkeypatch):
    monkeypatch.setattr("introducer.assign.fair._FEW", 0)
    affinity, conflict, team, capacity = small(seed)
    found = assign(affinity, team=team, capacity=capacity, conflict=conflict, objective="fair")
    keeps_the_limits(found, affinity, conflict, team, capacity)
    best = max(sorted(sums) for sums in every_assignment(affinity, conflict, team, capacity))
    if found.proved:
        assert sorted(sums_of(found, affinity)) == pytest.approx(best)


def test_many_candidates_in_parts_are_not_called_proved(monkeypatch):
    monkeypatch.setattr("introducer.assign.fair._FEW", 0)
    found = assign(np.array([[4.0, 1.0], [3.0, 0.0]]), team=1, capacity=1, objective="fair")
    assert (found.least, found.proved) == (1.0, False)


def test_a_search_in_whole_ties_that_finds_nothing_keeps_what_there_was(monkeypatch):
    monkeypatch.setattr(fair, "_FEW", 0)
    monkeypatch.setattr(
        fair, "run", lambda each, method, **_how: None if method == "whole" else model.run(each, method)
    )
    found = assign(np.array([[4.0, 1.0], [3.0, 0.0]]), team=1, capacity=1, objective="fair")
    assert found.total == found.best_total == 4.0
    assert found.proved_to < np.inf


def test_a_program_that_begins_with_too_few_takes_in_who_would_help(monkeypatch):
    monkeypatch.setattr(fair, "_LARGEST", 0)
    monkeypatch.setattr(fair, "_SPREAD", 1)
    for seed in range(12):
        affinity, conflict, team, capacity = small(seed, 5, 6)
        limits = {"team": team, "capacity": capacity, "conflict": conflict}
        few = assign(affinity, **limits, objective="fair")
        with monkeypatch.context() as patched:
            patched.setattr(fair, "_LARGEST", 9)
            all_of_them = assign(affinity, **limits, objective="fair")
        assert sorted(sums_of(few, affinity)) == pytest.approx(sorted(sums_of(all_of_them, affinity)))


def test_a_cap_binds_every_probability_and_costs_total():
    chance = np.random.default_rng(3)
    affinity = chance.random((12, 6))
    found = assign(affinity, team=2, capacity=5, cap=0.5)
    assert found.marginals is not None
    assert found.marginals.max() <= 0.5
    assert found.marginals.sum(axis=1) == pytest.approx(np.full(12, 2.0))
    assert float((affinity * found.marginals).sum()) < found.best_total
    whole = assign(affinity, team=2, capacity=5, cap=1.0)
    assert whole.marginals is not None
    assert float((affinity * whole.marginals).sum()) == pytest.approx(whole.best_total)


def test_every_draw_keeps_the_limits_and_comes_as_often_as_it_should():
    chance = np.random.default_rng(5)
    affinity = chance.random((6, 4))
    conflict = np.zeros((6, 4), bool)
    conflict[0, 0] = True
    draws = 400
    seen = np.zeros((6, 4))
    for seed in range(draws):
        found = assign(affinity, team=2, capacity=4, conflict=conflict, cap=0.6, seed=seed)
        keeps_the_limits(found, affinity, conflict, 2, 4)
        for i, j in found.ties:
            seen[i, j] += 1
    assert found.marginals is not None
    # Five standard deviations of a share of 400.
    assert np.abs(seen / draws - found.marginals).max() < 5 * 0.5 / np.sqrt(draws)


def test_the_same_seed_draws_the_same():
    affinity = np.random.default_rng(5).random((6, 4))
    first, again, other = (assign(affinity, team=2, capacity=3, cap=0.6, seed=seed).ties for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_a_cap_that_lower_loads_rule_out_is_infeasible():
    with pytest.raises(Infeasible, match=r"probability of 0\.3"):
        assign(np.ones((2, 2)), team=1, capacity=2, min_load=1, cap=0.3)


def test_nobody_is_assigned_to_nobody():
    found = assign(np.zeros((0, 3)), team=1, capacity=1)
    assert (found.ties, found.total, found.least) == ((), 0.0, 0.0)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"affinity": np.array([1.0])}, "a table"),
        ({"affinity": np.array([[np.nan]])}, "finite"),
        ({"conflict": np.zeros((2, 2), bool)}, "shape"),
        ({"team": 0}, "team is at least 1"),
        ({"min_load": 3}, "min_load"),
        ({"objective": "best"}, "total or fair"),
        ({"cap": 0.0}, "cap is above 0"),
        ({"cap": 0.5, "objective": "fair"}, "goes with the objective total"),
    ],
)
def test_what_cannot_be_meant_is_refused(given, why):
    with pytest.raises(ValueError, match=why):
        assign(**({"affinity": np.ones((1, 1)), "team": 1, "capacity": 1} | given))


# Published numbers: minimum caps on the bids of AAMAS 2015, 3 reviewers a paper and 12 papers a reviewer.


@pytest.mark.shared
@pytest.mark.skipif(not BIDS.exists(), reason="the bids are not in ../shared/data/bids")
@pytest.mark.parametrize(
    ("quality", "cap"),
    [
        (0.80, 0.4414),
        pytest.param(0.90, 0.6523, marks=pytest.mark.slow),
        pytest.param(0.95, 0.8047, marks=pytest.mark.slow),
        pytest.param(0.99, 0.9600, marks=pytest.mark.slow),
    ],
)
def test_the_published_minimum_caps_are_reproduced_within_two_thousandths(quality, cap):
    affinity = np.load(BIDS)["affinity"].astype(np.float64)
    assert affinity.shape == (613, 201)
    problem = plain(affinity, 3, 12, 0, None)
    best = problem.arrays.pairs[best_total(problem)].sum()

    def reached(most):
        chances = marginals(problem, most)
        assert chances is not None
        assert chances.max() <= most
        return float(chances @ problem.arrays.pairs) / best

    # Quality does not fall as the cap grows: the smallest cap that reaches it lies between these.
    assert reached(cap - 0.002) < quality <= reached(cap + 0.002)
