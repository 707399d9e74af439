"""One mentee's best team above a floor is what all its teams, tried one by one, give."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lone import legal, one, paid
from problems import changed

from introducer.solve.above import best_above, floored_team
from introducer.solve.room import MOST, make_room

#: A tenth of a seat's usual price.
_NEAR = 1e-9


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


@settings(max_examples=120, deadline=None)
@given(
    seed=st.integers(0, 10_000), part=st.sampled_from([0.1, 0.5, 0.8, 0.95, 1.0]), weight=st.sampled_from([1.0, 0.0])
)
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
def test_a_search_cut_short_gives_a_bound_that_holds(seed, limit):
    problem, costs, _rng = one(seed)
    teams = legal(problem)
    most = max((problem.value(0, team) for team in teams), default=0.0)
    if most <= 0:
        return
    floor = 0.9 * most
    floored = changed(problem, floors=np.array([floor]))
    best = max(problem.value(0, t) - paid(problem, costs, t) for t in teams if problem.value(0, t) >= floor)
    value, team, upper = search(floored, costs, limit=limit)
    assert value <= best + _NEAR or problem.value(0, team) < floor
    assert upper >= best - _NEAR
