"""The checker's search above a floor gives what all teams, tried one by one, give."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lone import legal, one, paid

from introducer import floored
from introducer.problem import NO_FLOOR


def checked(problem, costs, floor, weight, known=-np.inf):
    a, view = problem.arrays, problem.view(0)
    homes = a.institutions[view.mentors] if a.institution_limit else np.full(len(view.mentors), -1)
    rules = homes, a.institution_limit, view.kept, view.pinned, int(a.team_sizes[0])
    return floored.floored(view.gains, view.pairs, costs, weight, floor, known, *rules)


def wanted(problem, costs, floor, weight):
    worths = [(problem.value(0, team), paid(problem, costs, team)) for team in legal(problem)]
    return max((weight * worth - cost for worth, cost in worths if worth >= floor), default=-np.inf)


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 10_000), part=st.sampled_from([0.0, 0.3, 0.8, 0.95, 1.0]), weight=st.sampled_from([1.0, 0.0])
)
def test_the_largest_above_a_floor_is_that_of_all_teams(seed, part, weight):
    problem, costs, _rng = one(seed)
    if not legal(problem):
        return
    floor = part * max(problem.value(0, team) for team in legal(problem))
    largest = wanted(problem, costs, floor, weight)
    assert checked(problem, costs, floor, weight) == pytest.approx(largest, abs=1e-12)
    assert checked(problem, costs, floor, weight, known=largest) == pytest.approx(largest, abs=1e-12)
    assert checked(problem, costs, NO_FLOOR, weight) == pytest.approx(wanted(problem, costs, -9.0, weight), abs=1e-12)


def test_above_every_team_there_is_nothing():
    problem, costs, _rng = one(3)
    most = max(problem.value(0, team) for team in legal(problem))
    assert checked(problem, costs, most + 0.1, 1.0) == checked(problem, costs, most + 0.1, 0.0) == -np.inf


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), weight=st.sampled_from([1.0, 0.0]))
def test_a_search_that_takes_too_long_gives_a_bound_that_holds(seed, weight):
    problem, costs, _rng = one(seed)
    most = max((problem.value(0, team) for team in legal(problem)), default=0.0)
    a, view = problem.arrays, problem.view(0)
    homes = a.institutions[view.mentors] if a.institution_limit else np.full(len(view.mentors), -1)
    rules = homes, a.institution_limit, view.kept, view.pinned, int(a.team_sizes[0])
    for nodes in (0, 2):
        found = floored.floored(view.gains, view.pairs, costs, weight, 0.9 * most, -np.inf, *rules, nodes)
        assert found >= wanted(problem, costs, 0.9 * most, weight) - 1e-12
