"""Compiled code does what the same code does uncompiled, and uncompiled lines can be counted."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from problems import ALL, broken_rules, random_problem, team_breaks

from introducer import certify
from introducer.outcome import Prices
from introducer.problem import on_grid
from introducer.solve import elastic, repair, sweeps, teams

RULES = [frozenset(), *(frozenset({rule}) for rule in sorted(ALL)), ALL]


def seen(seed, rules, nodes=None):
    """Return everything that the kernels make of a small problem, as plain lists."""
    if nodes is not None:
        repair._NODES = nodes
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, 6, 12, seats=0.5, rules=rules)
    a = problem.arrays
    mentees, mentors = problem.shape
    prices = on_grid(0.15 * rng.random(mentors) - 0.03)
    quota_prices = on_grid(0.1 * rng.random(len(a.quota_limits)))
    v = np.zeros((mentees, int(a.widths.max())))
    picked, sizes, values = np.zeros((mentees, teams.MOST), np.int64), np.zeros(mentees, np.int64), np.zeros(mentees)
    sweeps.price_pass(a, np.arange(mentees), prices, quota_prices, v, picked, sizes, values)
    out = {"priced": as_lists(picked, sizes), "values": values.tolist()}
    loads, used = np.zeros(mentors, np.int64), np.zeros(len(a.quota_limits), np.int64)
    sweeps.loads_of(a, picked, sizes, loads, used)
    sweeps.sweep(a, np.arange(mentees), 4, prices, quota_prices, 0.05, v, picked, sizes, loads, used)
    out |= {"swept": as_lists(picked, sizes), "loads": loads.tolist(), "used": used.tolist()}
    out["fits"] = bool(repair.repair(a, np.arange(mentees), np.maximum(prices, 0.0), v, picked, sizes, 3))
    out["repaired"] = as_lists(picked, sizes)
    start = elastic.feasible_start(problem)
    assert start is not None
    capacity, min_load = np.maximum(prices, 0.0), np.maximum(-prices, 0.0)
    proof = certify.certify(problem, start, Prices(tuple(capacity), tuple(min_load), tuple(quota_prices)))
    out["bound"] = proof.bound
    out["alone"] = certify.alone(problem).tolist()
    return out


def as_lists(picked, sizes):
    return [sorted(team[:size].tolist()) for team, size in zip(picked, sizes, strict=True)]


def uncompiled(seed, rules, nodes=None):
    here = Path(__file__).parent
    code = f"import json, test_kernels as t; print(json.dumps(t.seen({seed}, frozenset({sorted(rules)}), {nodes})))"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(here)},
        capture_output=True,
        text=True,
        check=True,
        cwd=here.parents[1],
    )
    return json.loads(run.stdout)


@pytest.mark.parametrize("rules", RULES, ids=lambda rules: "+".join(sorted(rules)) or "no rules")
def test_compiled_and_uncompiled_kernels_agree(rules):
    one, other = seen(1, rules), uncompiled(1, rules)
    for name in ("values", "bound", "alone"):
        assert one.pop(name) == pytest.approx(other.pop(name), abs=1e-9)
    assert one == other


def test_a_search_cut_at_its_limit_still_gives_a_bound():
    cut, whole = uncompiled(2, ALL, nodes=0), seen(2, ALL)
    assert all(a >= b - 1e-9 for a, b in zip(cut["values"], whole["values"], strict=True))


@pytest.mark.parametrize("rules", RULES, ids=lambda rules: "+".join(sorted(rules)) or "no rules")
def test_a_priced_team_breaks_no_rule_of_its_own(rules):
    problem = random_problem(np.random.default_rng(1), 6, 12, seats=0.5, rules=rules)
    for i, places in enumerate(seen(1, rules)["priced"]):
        assert team_breaks(problem, i, problem.candidates(i)[places].tolist()) == []


@pytest.mark.parametrize("rules", RULES, ids=lambda rules: "+".join(sorted(rules)) or "no rules")
def test_repaired_teams_break_no_rule(rules):
    repaired = 0
    for seed in range(20):
        problem = random_problem(np.random.default_rng(seed), 6, 12, seats=0.5, rules=rules)
        out = seen(seed, rules)
        if out["fits"]:
            repaired += 1
            found = [problem.candidates(i)[places].tolist() for i, places in enumerate(out["repaired"])]
            assert broken_rules(problem, found) == []
    assert repaired > 0
