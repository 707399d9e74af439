"""Those who lose most choose again among themselves."""

import numpy as np
import pytest
from problems import broken_rules, random_problem, value_of

from introducer.certify import certify
from introducer.errors import Infeasible
from introducer.solve import cores, master, rounds, state

NEVER = bool


def landed(seed, mentees=40, mentors=24):
    """Return a problem with every rule, a search that has landed on it, and the teams it saw."""
    problem = random_problem(np.random.default_rng(seed), mentees, mentors)
    found = state.begin(problem, seed=1)
    found.still = np.zeros(mentees, np.int64)
    pool = master.Pool(found.apart)
    rounds.constant_price(found)
    rounds.sweep_round(found, (0.02,) * 4, pool, NEVER)
    rounds.land(problem, found, pool)
    return problem, found, pool


def teams_of(problem, found):
    return state.as_teams(problem, *found.best_teams)


def some():
    for seed in range(30):
        try:
            yield landed(seed)
        except Infeasible:
            continue


def test_an_outcome_is_mended_by_what_is_said_and_breaks_no_rule(monkeypatch):
    monkeypatch.setattr(cores, "FIRST", 12)
    better = 0
    for problem, found, pool in some():
        before, teams = found.best, teams_of(problem, found)
        assert value_of(problem, teams) == pytest.approx(before)
        gains = list(cores.mend(found, pool, NEVER))
        assert min(gains) >= 0
        assert found.best == pytest.approx(before + sum(gains), abs=1e-9)
        assert value_of(problem, teams_of(problem, found)) == pytest.approx(found.best)
        assert broken_rules(problem, teams_of(problem, found)) == []
        better += sum(gains) > 0
    assert better > 10


def test_a_part_is_mended_as_a_core_of_that_size_is():
    for _problem, found, pool in some():
        before = found.best
        cores.mend_part(found, pool, 0.5, 1.0, NEVER)
        assert found.best >= before
    _problem, found, pool = landed(1)
    alone = cores._core(found, 1, nobody(found))
    teams = found.landed[0].copy()
    cores.mend_part(found, pool, 0.0, 1.0, NEVER)
    assert set(np.flatnonzero((teams != found.landed[0]).any(axis=1))) <= set(alone)


def test_a_landing_is_short_once_it_is_time_to_stop(monkeypatch):
    problem, found, _pool = landed(1)
    steps: list[float] = []
    sweep_once = state.sweep_once

    def counted(where, mu, *given):
        steps.append(mu)
        sweep_once(where, mu, *given)

    monkeypatch.setattr(rounds, "sweep_once", counted)
    slow = tuple(np.linspace(0.01, 0.1, 35).tolist())
    rounds.land(problem, found, None, slow, stop=lambda: True)
    assert steps == list(slow[9::10])
    steps.clear()
    rounds.land(problem, found, None, slow, stop=lambda: len(steps) >= 12)
    assert steps == [*slow[:12], slow[19], slow[29]]
    assert broken_rules(problem, teams_of(problem, found)) == []


def nobody(found):
    return np.zeros(len(found.sizes), np.bool_)


def test_only_a_core_moves():
    moved = 0
    for problem, found, pool in some():
        before = teams_of(problem, found)
        who = cores._core(found, 10, nobody(found))
        assert who.tolist() == sorted(set(who.tolist()))
        cores._again(found, pool, who, 0.2, NEVER)
        changed = [i for i, (old, new) in enumerate(zip(before, teams_of(problem, found), strict=True)) if old != new]
        assert set(changed) <= set(who.tolist())
        moved += len(changed)
    assert moved > 10


def test_regrets_are_those_of_the_certificate_and_the_largest_are_in_the_core():
    for problem, found, _pool in some():
        regrets = cores._regrets(found)
        solution = rounds.best_found(problem, found, finished=True)
        assert regrets == pytest.approx(certify(problem, solution.teams, solution.prices).regrets, abs=1e-6)
        core = cores._core(found, 5, nobody(found))
        others = np.delete(regrets, core)
        assert min(regrets[core].min(), 1e-6) >= min(others.max(), 1e-6) - 1e-9


def test_of_those_without_regret_who_moved_last_comes_first():
    _problem, found, _pool = landed(1)
    regrets = cores._regrets(found)
    found.still = np.arange(len(regrets))[::-1].copy()
    who = cores._core(found, int((regrets > 1e-6).sum()) + 2, nobody(found))
    rest = np.flatnonzero(regrets <= 1e-6)
    assert set(who) & set(rest) == set(rest[-2:])
    found.still = None
    assert len(cores._core(found, 100, nobody(found))) == len(regrets)


def test_cores_grow_until_nothing_is_gained_all_choose_or_it_is_time_to_stop(monkeypatch):
    sizes: list[int] = []

    def again(_state, _pool, who, _share, _stop):
        sizes.append(len(who))
        return 1.0

    monkeypatch.setattr(cores, "_again", again)
    _problem, found, pool = landed(1)
    monkeypatch.setattr(cores, "FIRST", 10)
    assert list(cores.mend(found, pool, lambda: True)) == []
    monkeypatch.setattr(cores, "PART", 0.3)
    next(cores.mend(found, pool, NEVER))
    assert sizes == [12]
    sizes.clear()
    monkeypatch.setattr(cores, "PART", 0.1)
    assert list(cores.mend(found, pool, NEVER)) == [1.0] * len(sizes)
    assert sizes == [10, 15, 22, 33, 40]
    monkeypatch.setattr(cores, "MOST", 16)
    sizes.clear()
    list(cores.mend(found, pool, NEVER))
    # The next ones are of those who were in none of the largest.
    assert sizes == [10, 15, 16, 16, 8]
    monkeypatch.setattr(cores, "_again", lambda *_any: 0.0)
    assert list(cores.mend(found, pool, NEVER)) == [0.0]
