"""One mentee's best team above a floor is what all its teams, tried one by one, give."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import ALL, changed, random_problem, team_breaks

from introducer.problem import NO_FLOOR, on_grid
from introducer.solve.above import best_above, floored_team, merit
from introducer.solve.teams import MOST, best_team, make_room

#: A tenth of a seat's usual price.
_NEAR = 1e-9


def one(seed, *, candidates=9):
    """Return a problem of one mentee who may have many, and costs of all candidates."""
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, 1, candidates, rules=ALL, eligible=0.9)
    a = problem.arrays
    kept, size = a.kept.copy(), int(rng.integers(1, 5))
    problem = changed(problem, team_sizes=np.array([size]), institution_limit=int(rng.integers(0, 3)), kept=kept)
    return problem, on_grid(0.4 * rng.random(len(a.mentors)) - 0.05), rng


def legal(problem):
    own = problem.candidates(0).tolist()
    sets = [team for size in range(MOST + 1) for team in combinations(own, size)]
    return [team for team in sets if not team_breaks(problem, 0, team)]


def search(problem, costs, *, weight=None, limit=100_000):
    """Return value, team and bound of the search."""
    a = problem.arrays
    room = make_room(len(a.mentors), int(a.widths[0]))
    room.cost[: len(costs)] = costs
    v, out = np.zeros(int(a.widths[0])), np.zeros(MOST, np.int64)
    if weight is None:
        value, size, upper = floored_team(a, 0, room, v, out, limit)
    else:
        value, size, upper = best_above(a, 0, room, v, out, limit, weight)
    assert room.cost[: len(costs)].tolist() == costs.tolist()
    return value, tuple(sorted(problem.candidates(0)[out[:size]].tolist())), upper


def paid(problem, costs, team):
    return float(sum(costs[np.searchsorted(problem.candidates(0), j)] for j in team))


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(0, 10_000), part=st.sampled_from([0.1, 0.5, 0.8, 0.95, 1.0]), weight=st.sampled_from([1.0, 0.0]))
def test_the_best_team_above_a_floor_is_the_best_of_all_that_meet_it(seed, part, weight):
    problem, costs, _rng = one(seed)
    teams = legal(problem)
    most = max((problem.value(0, team) for team in teams), default=0.0)
    if most <= 0:
        return
    floor = float(np.ceil(part * most / 2**-30) * 2**-30)
    floored = changed(problem, floors=np.array([floor]))
    value, team, upper = search(floored, costs, weight=weight)
    known = [weight * problem.value(0, t) - paid(problem, costs, t) for t in teams if problem.value(0, t) >= floor]
    assert problem.value(0, team) >= floor
    assert value == pytest.approx(max(known), abs=_NEAR)
    assert value == pytest.approx(weight * problem.value(0, team) - paid(problem, costs, team), abs=_NEAR)
    assert upper == pytest.approx(value, abs=_NEAR)


@given(seed=st.integers(0, 10_000), limit=st.sampled_from([0, 1, 4]))
@settings(max_examples=60, deadline=None)
def test_a_search_cut_short_gives_a_team_that_meets_the_floor_and_a_bound_that_holds(seed, limit):
    problem, costs, _rng = one(seed)
    teams = legal(problem)
    most = max((problem.value(0, team) for team in teams), default=0.0)
    if most <= 0:
        return
    floor = 0.9 * most
    floored = changed(problem, floors=np.array([floor]))
    best = max(problem.value(0, t) - paid(problem, costs, t) for t in teams if problem.value(0, t) >= floor)
    value, _team, upper = search(floored, costs, limit=limit)
    assert value <= best + _NEAR
    assert upper >= best - _NEAR
