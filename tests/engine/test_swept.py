"""Where a search for floors begins in a large cohort: what sweeps prove holds, and is not far from the best."""

import numpy as np
import pytest
from societies import random_policy, random_society
from test_floors import proves
from test_ground import NEVER, SEEDS, ground_of, listed

from introducer import fairness, floors, pipeline
from introducer.errors import Infeasible
from introducer.solve import floors as search
from introducer.solve import swept as sweeps


def begun(seed, **size):
    """Return a ground on lists, floors of a level, and prices of nothing; None where there is no outcome."""
    found = ground_of(seed, **size)
    if found is None:
        return None
    _market, by, lists = found

    def here(level):
        return fairness.floors_at(np.full(len(by), level), by)

    return lists, here, (np.zeros(lists.problem.shape[1]), np.zeros(len(lists.problem.arrays.quota_limits)))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_level_that_prices_prove_is_the_lowest_and_the_checker_agrees(seed, monkeypatch):
    listed(monkeypatch)
    found = begun(seed)
    if found is None:
        return
    lists, here, free = found
    prices = sweeps.swept(here, lists, free, NEVER)
    level = sweeps.lowest(here, lists, 0.0, 1.0, prices)
    told = floors._as_prices(prices)
    if level < np.inf:
        assert proves(lists.at(here(level)), told)
        assert not proves(lists.at(here(level * 0.99 - 1e-3)), told)
    assert level >= search.ceiling(here, lists, 0.0, 1.0, NEVER).level * 0.999 or level == np.inf


def test_sweeps_prove_what_prices_of_nothing_do_not(monkeypatch):
    listed(monkeypatch, most=8)
    proved = 0
    for seed in SEEDS:
        found = begun(seed, mentees=40, mentors=16)
        if found is None:
            continue
        lists, here, free = found
        assert sweeps.lowest(here, lists, 0.0, 1.0, free) == np.inf
        proved += sweeps.lowest(here, lists, 0.0, 1.0, sweeps.swept(here, lists, free, NEVER)) < np.inf
    assert proved > 0


def test_sweeps_that_are_stopped_leave_the_prices_that_they_began_with(monkeypatch):
    listed(monkeypatch)
    lists, here, free = begun(1)
    prices = sweeps.swept(here, lists, free, lambda: True)
    assert all((one == other).all() for one, other in zip(prices, free, strict=True))


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_where_few_programs_are_solved_the_floor_holds_all_the_same(seed, monkeypatch):
    listed(monkeypatch)
    monkeypatch.setattr("introducer.solve.ground.MASTER_MOST", 0)
    monkeypatch.setattr(floors, "WHOLE_MOST", 0)
    for floor in (0.1, "leximin"):
        try:
            outcome = pipeline.match(random_society(seed, 12, 10), random_policy(seed, floor=floor))
        except Infeasible:
            continue
        raised = outcome.fairness.raised
        assert raised is not None
        assert len(raised.steps) <= floors.FEW
        assert outcome.fairness.minimum is None or outcome.fairness.minimum >= min(raised.steps[0].level, 1.0)
        assert outcome.certificate.bound >= outcome.certificate.value
