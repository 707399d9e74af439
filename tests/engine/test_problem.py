"""The arrays of a problem, and what is read from them, on numbers worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from introducer.problem import GRID, Arrays, Problem, no_floors, on_grid


def ints(*values):
    return np.array(values, dtype=np.int64)


#: Cleo may have mentors 0 and 2 and asks two things; Cai may have all three and asks one; Dan may have nobody.
PROBLEM = Problem(
    Arrays(
        team_sizes=ints(2, 1, 3),
        capacities=ints(1, 1, 2),
        min_loads=ints(0, 0, 0),
        starts=ints(0, 2, 5, 5),
        mentors=ints(0, 2, 0, 1, 2),
        pairs=np.array([0.25, -0.125, 0.0, 0.5, 0.0625]),
        widths=ints(2, 1, 1),
        gain_starts=ints(0, 4, 7, 7),
        gains=np.array([0.5, 0.25, 0.0, 0.75, 1.0, 0.0, 0.5]),
        institutions=ints(0, 0, -1),
        institution_limit=1,
        kept=np.ones(5, dtype=np.bool_),
        pinned=np.array([False, True, False, False, False]),
        quota_mentors=ints(),
        quota_limits=ints(),
        quota_starts=ints(0, 0, 0, 0),
        quota_places=ints(),
        quota_ids=ints(),
        floors=no_floors(3),
    ),
    criteria=(("need:contracts", "need:talk"), ("need:talk",), ("need:talk",)),
    weights=((0.5, 1.0), (1.0,), (1.0,)),
)


def test_each_mentee_has_its_own_candidates_gains_and_pins():
    assert PROBLEM.shape == (3, 3)
    assert [PROBLEM.candidates(i).tolist() for i in range(3)] == [[0, 2], [0, 1, 2], []]
    assert [PROBLEM.pair_worths(i).tolist() for i in range(3)] == [[0.25, -0.125], [0.0, 0.5, 0.0625], []]
    assert [PROBLEM.gain_block(i).tolist() for i in range(3)] == [[[0.5, 0.25], [0.0, 0.75]], [[1.0, 0.0, 0.5]], [[]]]
    assert [PROBLEM.pins(i).tolist() for i in range(3)] == [[2], [], []]


@pytest.mark.parametrize(
    ("mentee", "team", "value"),
    [
        (0, (), 0.0),
        (0, (0,), 0.5 + 0.25),
        (0, (2,), 0.25 + 0.75 - 0.125),
        (0, (0, 2), 0.5 + 0.75 + 0.25 - 0.125),  # the best of each criterion once, each pair's own part
        (1, (1,), 0.5),
        (1, (0, 1, 2), 1.0 + 0.5 + 0.0625),
        (2, (), 0.0),
    ],
)
def test_a_team_is_worth_the_best_of_each_criterion_and_the_sum_of_its_pairs(mentee, team, value):
    assert PROBLEM.value(mentee, team) == value


def test_loads_count_the_mentees_of_each_mentor():
    assert PROBLEM.loads(((0, 2), (0,), ())).tolist() == [2, 0, 1]
    assert PROBLEM.loads(((), (), ())).tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("steps", "rounded"), [(0.4, 0), (0.6, 1), (0.5, 0), (1.5, 2), (2.5, 2), (-0.6, -1), (-1.5, -2), (7, 7)]
)
def test_numbers_are_rounded_to_the_nearest_step_and_halves_to_the_even_one(steps, rounded):
    assert on_grid(np.array([steps * GRID])).tolist() == [rounded * GRID]


@given(st.lists(st.floats(-4, 4), max_size=50), st.randoms(use_true_random=False))
def test_sums_of_numbers_on_the_grid_are_exact_in_any_order(values, chance):
    rounded = on_grid(np.array(values, dtype=np.float64))
    assert (np.abs(rounded - values) <= GRID / 2).all()
    order = rounded.tolist()
    chance.shuffle(order)
    assert sum(order) == sum(rounded.tolist()) == sum(round(x / GRID) for x in order) * GRID
