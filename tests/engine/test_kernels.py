"""Compiled code does what the same code does uncompiled, and uncompiled lines can be counted."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from accounts import explained, random_account, roster
from lone import legal
from lone import one as lone
from numba import config
from problems import ALL, broken_rules, changed, random_problem, team_breaks
from societies import random_policy, random_society

from introducer import certify, fairness, fit, floored, largest, rules
from introducer.outcome import Prices
from introducer.policy import Policy
from introducer.problem import NO_FLOOR, no_floors, on_grid
from introducer.roster import GivenTie, Mentee, Mentor
from introducer.solve import (
    Solution,
    Watch,
    above,
    cheapest,
    elastic,
    ground,
    nominate,
    passes,
    repair,
    scan,
    shortlists,
    sweeps,
    teams,
)
from introducer.solve import outside as outsides
from introducer.solve.room import MOST, make_room
from introducer.vocabulary import Term

RULES = [frozenset(), *(frozenset({rule}) for rule in sorted(ALL)), ALL]


def seen(seed, rules, nodes=None):
    """Return everything that the kernels make of a small problem, as plain lists."""
    if nodes is not None:
        repair._NODES, teams._SOME = nodes, 1
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, 6, 12, seats=0.5, rules=rules)
    a = problem.arrays
    mentees, mentors = problem.shape
    prices = on_grid(0.15 * rng.random(mentors) - 0.03)
    quota_prices = on_grid(0.1 * rng.random(len(a.quota_limits)))
    v = np.zeros((mentees, int(a.widths.max())))
    picked, sizes, values = np.zeros((mentees, MOST), np.int64), np.zeros(mentees, np.int64), np.zeros(mentees)
    sweeps.price_pass(a, np.arange(mentees), prices, quota_prices, v, picked, sizes, values)
    out = {"priced": as_lists(picked, sizes), "values": values.tolist()}
    loads, used = np.zeros(mentors, np.int64), np.zeros(len(a.quota_limits), np.int64)
    sweeps.loads_of(a, picked, sizes, loads, used)
    still = np.zeros(mentees, np.int64)
    sweeps.sweep(a, np.arange(mentees), 4, prices, quota_prices, 0.05, v, picked, sizes, loads, used, still, -1)
    out |= {"swept": as_lists(picked, sizes), "loads": loads.tolist(), "used": used.tolist()}
    out["fits"] = bool(repair.repair(a, np.arange(mentees), np.maximum(prices, 0.0), v, picked, sizes, 3))
    out["repaired"] = as_lists(picked, sizes)
    nobody_pays = np.zeros(mentors)
    sweeps.price_pass(a, np.arange(mentees), nobody_pays, 0 * quota_prices, v, picked, sizes, values)
    out["crowd_fits"] = bool(repair.repair(a, np.arange(mentees), nobody_pays, v, picked, sizes, 1))
    out["crowd"] = as_lists(picked, sizes)
    out["worths"] = above.merits(a, np.arange(mentees), picked, sizes).tolist()
    start = elastic.feasible_start(problem)
    assert start is not None
    capacity, min_load = np.maximum(prices, 0.0), np.maximum(-prices, 0.0)
    proof = certify.certify(problem, start, Prices(tuple(capacity), tuple(min_load), tuple(quota_prices)))
    out["bound"] = proof.bound
    out["alone"] = certify.alone(problem).tolist()
    return out


def seen_wide(seed):
    """Return best teams among so many candidates that most must be dropped without being tried."""
    problem = random_problem(np.random.default_rng(seed), 4, 60, seats=0.5, rules=frozenset())
    a = problem.arrays
    v, values = np.zeros((4, int(a.widths.max()))), np.zeros(4)
    picked, sizes = np.zeros((4, MOST), np.int64), np.zeros(4, np.int64)
    sweeps.price_pass(a, np.arange(4), np.full(60, 0.02), np.zeros(0), v, picked, sizes, values)
    crowd = random_problem(np.random.default_rng(seed), 3, 150, seats=0.5, rules=frozenset(), eligible=1.0)
    alone = certify.alone(changed(crowd, pairs=np.full(len(crowd.arrays.pairs), 0.25))).tolist()
    houses = np.arange(150) % 4
    alone += certify.alone(changed(crowd, institutions=houses, institution_limit=1)).tolist()
    # Any two of three kinds cover all, and there are many of each: no shares bring the bound down.
    kinds = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]]).T
    equals = changed(
        random_problem(np.random.default_rng(0), 1, 150, rules=frozenset(), eligible=1.0),
        team_sizes=np.array([1 + seed]),
        widths=np.array([3]),
        gain_starts=np.array([0, 450]),
        gains=np.tile(kinds, 50).astype(np.float64).ravel(),
        pairs=np.arange(150) * 2.0**-12,
        institutions=houses,
        institution_limit=1,
    )
    alone += certify.alone(equals).tolist()
    alone += certify.alone(changed(equals, team_sizes=np.array([2]), pairs=np.full(150, -0.875))).tolist()
    # Nobody can be better than what is known already.
    known = largest.largest(crowd.sight(0, np.zeros(150), np.zeros(0)), houses, 0, 2, 99.0)
    return {"priced": as_lists(picked, sizes), "values": values.tolist(), "alone": [*alone, known]}


def seen_impossible():
    """Return whether crowded and starved mentors can be helped where nobody may move."""
    problem = random_problem(np.random.default_rng(0), 2, 1, rules=frozenset(), eligible=1.0)
    sized = changed(problem, team_sizes=np.array([1, 1]))
    crowded = changed(sized, capacities=np.array([1]), pinned=np.array([True, True]))
    starved = changed(sized, capacities=np.array([3]), min_loads=np.array([3]))
    quota = {"quota_mentors": np.array([0]), "quota_limits": np.array([1]), "quota_starts": np.array([0, 1, 2])}
    refused = changed(
        crowded, capacities=np.array([2]), quota_places=np.array([0, 0]), quota_ids=np.array([0, 0]), **quota
    )
    found = []
    for one in (crowded, starved, refused):
        picked, sizes = np.zeros((2, MOST), np.int64), np.ones(2, np.int64)
        v = np.zeros((2, int(one.arrays.widths.max())))
        found.append(bool(repair.repair(one.arrays, np.arange(2), np.zeros(1), v, picked, sizes, 1)))
    return found


def seen_quota():
    """Return who stays when only the second mentee counts towards a quota of nobody; nobody had a team in the end."""
    problem = random_problem(np.random.default_rng(0), 2, 1, rules=frozenset(), eligible=1.0)
    problem = changed(
        problem,
        team_sizes=np.array([1, 1]),
        capacities=np.array([2]),
        pairs=np.array([0.5, 0.5]),
        quota_mentors=np.array([0, 0]),
        quota_limits=np.array([9, 0]),
        quota_starts=np.array([0, 0, 2]),
        quota_places=np.array([0, 0]),
        quota_ids=np.array([0, 1]),
    )
    v = np.zeros((2, int(problem.arrays.widths.max())))
    found = []
    for had in (1, 0):
        picked, sizes = np.zeros((2, MOST), np.int64), np.full(2, had)
        repair.repair(problem.arrays, np.arange(2), np.zeros(1), v, picked, sizes, 1)
        found.append(sizes.tolist())
    return found


def seen_equals():
    """Return the best team where the bound cannot come down: any two of three kinds cover all, and there are many."""
    kinds = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]]).T
    problem = random_problem(np.random.default_rng(0), 1, 15, rules=frozenset(), eligible=1.0)
    problem = changed(
        problem,
        team_sizes=np.array([2]),
        widths=np.array([3]),
        gain_starts=np.array([0, 45]),
        gains=np.tile(kinds, 5).astype(np.float64).ravel(),
        pairs=np.zeros(15),
    )
    picked, sizes, values = np.zeros((1, MOST), np.int64), np.zeros(1, np.int64), np.zeros(1)
    prices = np.full(15, 0.875)
    sweeps.price_pass(problem.arrays, np.arange(1), prices, np.zeros(0), np.zeros((1, 3)), picked, sizes, values)
    return int(sizes[0]), float(values[0])


def seen_floored(limit):
    """Return what both searches above a floor find for one mentee, at some floors, weights and limits of nodes."""
    found = []
    for seed in range(12):
        if limit == 10_000:  # what is searched to its end is the same whichever candidates are promising
            floored._FEW = 2 + 62 * (seed % 2)
        problem, costs, _rng = lone(seed)
        most = max((problem.value(0, team) for team in legal(problem)), default=0.0)
        a = problem.arrays
        if seed % 4 == 3:  # the pins are the whole team
            problem = changed(problem, pinned=np.arange(len(a.mentors)) < a.team_sizes[0])
            a, most = problem.arrays, problem.value(0, problem.pins(0).tolist())
        view = problem.view(0)
        homes = a.institutions[view.mentors] if a.institution_limit else np.full(len(view.mentors), -1)
        how = homes, a.institution_limit, view.kept, view.pinned, int(a.team_sizes[0]), limit
        for floor in (NO_FLOOR, 0.5 * most, 0.95 * most, most, most + 0.1):
            floored_a = a._replace(floors=np.array([floor]))
            for weight in (1.0, 0.0):
                room = make_room(len(costs), int(a.widths[0]))
                room.cost[: len(costs)] = costs
                v, out = np.zeros(int(a.widths[0])), np.zeros(MOST, np.int64)
                value, size, upper = above.best_above(floored_a, 0, room, v, out, limit, weight)
                found.append([float(value), sorted(out[:size].tolist()), float(upper)])
                best = floored.floored(view.gains, view.pairs, costs, weight, floor, -np.inf, *how)
                known = floored.floored(view.gains, view.pairs, costs, weight, floor, best, *how)
                found.append([float(best), [], float(known)])
            picked, sizes, values = np.zeros((1, MOST), np.int64), np.zeros(1, np.int64), np.zeros(1)
            prices = np.zeros(problem.shape[1])
            prices[view.mentors] = costs
            v = np.zeros((1, int(a.widths[0])))
            cheapest.cheapest(floored_a, prices, np.zeros(len(a.quota_limits)), v, np.zeros(1), (picked, sizes, values))
            found.append([float(values[0]), sorted(picked[0, : sizes[0]].tolist()), 0.0])
            repair.repair(floored_a, np.arange(1), prices, v, picked, sizes, 1)
            found.append([float(above.merits(floored_a, np.arange(1), picked, sizes)[0]), [], 0.0])
            found.append([float(above.merits_of(floored_a, np.arange(1), picked, sizes)[0]), [], 0.0])
    return found


def seen_market(seed, most):
    """Return what is made of a market: its tables' pairs, and a search on shortlists."""
    shortlists.MOST, shortlists.ROUNDS, shortlists.SLOW = most, ((0.02,) * 4, (0.01,) * 6), (0.05, 0.1)
    shortlists.FIRST_LANDING, shortlists.EVERY = 1, 1
    if config.DISABLE_JIT:  # compiled kernels have these as they are, and give the same
        scan.STRETCH, largest._FEW = 5, 2 + 62 * (seed % 2)
    people, policy = random_society(seed, 8, 14), random_policy(seed, team_size=2, institution_limit=0)
    left, right = list(people.mentees), list(people.mentors)
    free = np.argwhere(rules.refusals(people, policy).allowed)
    pins = [GivenTie(kind="pin", mentee=left[i].id, mentor=right[j].id) for i, j in free[[0, -1]]]
    left[free[0][0]] = replace(left[free[0][0]], team_size=1, keep_seat="")
    owing = int(free[len(free) // 2][1])
    right[owing] = replace(right[owing], min_load=1, capacity=3)
    people = replace(people, mentees=tuple(left), mentors=tuple(right), ties=(*people.ties, *pins))
    refused = rules.refusals(people, policy)
    lifted = next(((i, j) for i in range(8) for j in range(14) if refused.code(i, j)), None)
    if lifted:
        refused = refused.lifted(*lifted)
    market = fit.market(people, policy, refused)
    whole = market.problem().arrays
    _problem, solution = shortlists.solve(market, Policy(gap_target=0.0), Watch())
    proof = certify.certify(market, solution.teams, solution.prices)
    return {
        "pairs": whole.pairs.tolist(),
        "gains": whole.gains.tolist(),
        "alone": certify.alone(market).tolist(),
        "holds": proof.bound >= proof.value - 1e-9,
        "quotas": whole.quota_places.tolist(),
        "kept": whole.kept.tolist(),
        "merged": scan.merged(np.array([0, 2]), np.array([1, 3]), np.array([0, 2]), np.array([1, 2]))[1].tolist(),
        "views": [market.view(i).mentors.tolist() for i in range(8)],
        "allowed": market.allows((14 * np.arange(9), np.tile(np.arange(14), 8))).tolist(),
    }


def seen_nominations(seed):
    """Return whom mentees nominate who look at all mentors, at every other stretch, and at those of before as well.

    And what each mentor is worth to them.
    """
    if config.DISABLE_JIT:
        nominate._FEW = 2
        for module in (scan, nominate):
            vars(module).update(STRETCH=5, TOGETHER=3)
    people, policy = random_society(seed, 8, 14), random_policy(seed)
    market = fit.market(people, policy, rules.refusals(people, policy))
    rng = np.random.default_rng(seed)
    at = rng.random(14) / 8, np.zeros(len(market.arrays.quota_limits)), np.zeros((8, int(market.tables.widths.max())))
    noise, scanner = np.zeros(28, np.float32), passes.Scanner(market)
    found = {}
    for times, turn in ((1, 0), (2, 0), (2, 1)):
        starts, mentors = scanner.nominate(at, noise, 2, times, turn)
        found[f"{times} {turn}"] = [mentors[starts[i] : starts[i + 1]].tolist() for i in range(8)]
    held = {"2 0 and 2 1": (starts, mentors), "2 0 and 1 0": scanner.nominate(at, noise[:0], 2, 1, 0)}
    for name, lists in held.items():
        starts, mentors = scanner.nominate(at, noise, 2, 2, 0, scanner.stored(lists))
        found[name] = [mentors[starts[i] : starts[i + 1]].tolist() for i in range(8)]
    rows = np.empty((8, 14), np.float32)
    for i in range(8):
        scan.reduced_row(
            market.tables, scan.singles(market.tables), at[0].astype(np.float32), at[1], i, at[2][i], 0, rows[i]
        )
    return {"found": found, "rows": np.maximum(rows, -9.0).tolist()}


def seen_long_lists(seed):
    """Return what each pair is worth where lists are longer than a word has bits."""
    people, policy = random_society(seed, 5, 7), random_policy(seed, pair_terms={"procedures": 1.0, "language": 1.0})
    names = [f"p{number}" for number in range(150)]
    chance = np.random.default_rng(seed)

    def drawn(person):
        return replace(person, procedures=frozenset(np.array(names)[chance.random(150) < 0.3].tolist()))

    terms = people.vocabulary.model_copy(update={"procedures": tuple(Term(id=name, name=name) for name in names)})
    mentees, mentors = tuple(map(drawn, people.mentees)), tuple(map(drawn, people.mentors))
    people = replace(people, vocabulary=terms, mentees=mentees, mentors=mentors)
    market = fit.market(people, policy, rules.refusals(people, policy))
    free = np.zeros(7), np.zeros(len(market.arrays.quota_limits))
    return [np.maximum(market.sight(i, *free).net, -9.0).tolist() for i in range(5)]


def seen_shut(seed):
    """Return which mentors are open to mentees whose pins use up an institution's limit, in each way of asking."""
    people, policy = random_society(seed, 6, 9), random_policy(seed, institution_limit=1)
    mentors = tuple(replace(mentor, institution="AB"[j % 2]) for j, mentor in enumerate(people.mentors))
    people = replace(people, mentors=mentors)
    free = np.argwhere(rules.refusals(people, policy).allowed)[[0, -1]].tolist()
    pins = [GivenTie(kind="pin", mentee=people.mentees[i].id, mentor=mentors[j].id) for i, j in free]
    people = replace(people, ties=(*people.ties, *pins))
    refused = rules.refusals(people, policy)
    market = fit.market(people, policy, refused)
    none = np.zeros(9), np.zeros(len(market.arrays.quota_limits))
    found = [
        [np.isfinite(market.sight(i, *none).net).tolist() for i in range(6)],
        [market.allowed(i).tolist() for i in range(6)],
        [[j in market.view(i, [j]).mentors for j in range(9)] for i in range(6)],
    ]
    return [*found, refused.allowed.tolist(), refused.counts().get("institution", 0)]


def seen_ground(seed, outside):
    """Return what cheapest, best and weighed teams reach over all pairs of a market, as lists find it."""
    ground._STORED, ground._LISTED, ground._MOST = 0, ((2, 1.0),), outside
    people, policy = random_society(seed, 8, 14), random_policy(seed, team_size=2, institution_limit=0)
    left, right = list(people.mentees), list(people.mentors)
    free = np.argwhere(rules.refusals(people, policy).allowed)
    i, j = free[0].tolist()
    left[i], pin = (
        replace(left[i], team_size=1 + seed % 2, keep_seat=""),
        GivenTie(kind="pin", mentee=left[i].id, mentor=right[j].id),
    )
    right[j] = replace(right[j], capacity=3)
    people = replace(people, mentees=tuple(left), mentors=tuple(right), ties=(*people.ties, pin))
    market = fit.market(people, policy, rules.refusals(people, policy))
    problem = market.problem()
    assert problem.arrays.pinned[problem.arrays.starts[i] : problem.arrays.starts[i + 1]].any()
    by = fairness.measures(market, policy)
    plain = Solution(
        tuple(tuple(problem.pins(i).tolist()) for i in range(8)), Prices((0.0,) * 14, (0.0,) * 14, ()), True
    )
    plain = replace(plain, prices=replace(plain.prices, quota=(0.0,) * len(market.arrays.quota_limits)))
    lists = ground.Ground.of(market, problem, plain, policy)
    rng = np.random.default_rng(seed)
    costs = np.round((rng.random(14) - 0.2) * 2**20) * 2**-20, np.full(len(market.arrays.quota_limits), 0.25)
    found = []
    for share, weights in ((0.5, np.zeros(8)), (0.9, np.zeros(8)), (0.5, np.ones(8)), (None, rng.random(8))):
        floors = no_floors(8) if share is None else fairness.floors_at(np.full(8, share), by)
        found.append(lists.grow(floors, costs, weights).values.tolist())
    a = lists.problem.arrays._replace(floors=np.full(8, 9.0))
    values, sizes, out, cut = (
        np.empty(8),
        np.empty(8, np.int64),
        np.empty((8, outside), np.int64),
        np.empty(8, np.bool_),
    )
    given = market.tables, scan.singles(market.tables), a, *costs, np.zeros(8), lists.state.v, np.zeros(8)
    outsides.outside(*given, values, sizes, out, cut)
    return {"values": found, "pairs": len(lists.problem.arrays.mentors), "none": sizes.tolist(), "cut": cut.tolist()}


def seen_constellations():
    """Return every constellation of some cohorts, and of those in which nobody may be tied, as plain values."""
    found = []
    for seed in range(12):
        _account, outcome = random_account(np.random.default_rng(seed), 8, 9)
        found += [repr(own) for own in outcome.constellations]
    cleo = Mentee(id="cleo", needs={"contracts": 3}, paused=True, site="North")
    for sites in (("North", "South"), ("North", "North"), ("", "")):
        offers = [Mentor(id=f"o{j}", site=site, offers={"contracts": 1}) for j, site in enumerate(sites)]
        _account, outcome = explained(roster([cleo], [*offers, Mentor(id="bo", site="North")]), {})
        found.append(repr(outcome.constellations[0]))
    cleo, wish = Mentee(id="cleo", needs={"contracts": 3}, wishes={"rural_path": 1}), {"rural_path": 1}
    twin = Mentor(id="cleo", offers={"contracts": 3}, capacity=0)
    bea, ben = Mentor(id="bea", offers={"talk": 3}), Mentor(id="ben", offers={"contracts": 1}, quotas=wish)
    veto = GivenTie(kind="veto", mentee="cleo", mentor="ben")
    for ties, chosen, policy in (
        ((veto,), {}, Policy()),
        ((), {"cleo": ["bea"]}, Policy()),
        ((), {"cleo": ["bea"]}, Policy(team_size=1)),
        ((), {}, Policy(fit_floor=0.9)),
        ((), {"cai": ["ben"]}, Policy()),
    ):
        people = roster([cleo, Mentee(id="cai", wishes=wish)], [twin, bea, ben], *ties)
        _account, outcome = explained(people, chosen, policy=policy)
        found.append(repr(outcome.constellations[people.mentee_index["cleo"]]))
    return found


def as_lists(picked, sizes):
    return [sorted(team[:size].tolist()) for team, size in zip(picked, sizes, strict=True)]


def uncompiled(seed, rules, nodes=None):
    return without_compiler(f"seen({seed}, frozenset({sorted(rules)}), {nodes})")


def without_compiler(call, module="test_kernels"):
    here = Path(__file__).parent
    code = f"import json, {module} as t; print(json.dumps(t.{call}))"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": f"{here}{os.pathsep}{here.parents[1] / 'src'}"},
        capture_output=True,
        text=True,
        check=True,
        cwd=here.parents[1],
    )
    return json.loads(run.stdout)


@pytest.mark.parametrize("rules", RULES, ids=lambda rules: "+".join(sorted(rules)) or "no rules")
def test_compiled_and_uncompiled_kernels_agree(rules):
    one, other = seen(1, rules), uncompiled(1, rules)
    for name in ("values", "worths", "bound", "alone"):
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


@pytest.mark.parametrize(("seed", "most"), [(1, 3), (3, 2), (4, 3), (5, 2), (6, 48), (9, 4)])
def test_a_market_is_the_same_compiled_and_not(seed, most):
    one, other = (json.loads(json.dumps(seen_market(seed, most))), without_compiler(f"seen_market({seed}, {most})"))
    assert one["holds"]
    for name in ("pairs", "gains", "alone"):
        assert one.pop(name) == pytest.approx(other.pop(name), abs=1e-9)
    assert one == other


def test_long_lists_are_weighed_alike_compiled_and_not():
    assert seen_long_lists(1) == without_compiler("seen_long_lists(1)")


@pytest.mark.parametrize("seed", range(1, 4))
def test_institutions_are_shut_alike_compiled_and_not(seed):
    *found, shut = seen_shut(seed)
    assert shut > 0
    assert found == [found[-1]] * 4
    assert without_compiler(f"seen_shut({seed})") == [*found, shut]


@pytest.mark.parametrize("seed", range(1, 5))
def test_the_best_of_each_stretch_are_nominated_compiled_and_not(seed):
    one, other = seen_nominations(seed), without_compiler(f"seen_nominations({seed})")
    assert np.array(one["rows"]) == pytest.approx(np.array(other["rows"]), abs=1e-6)
    assert one["found"]["1 0"] == other["found"]["1 0"]
    looked = {
        "1 0": lambda _i, _j: True,
        "2 0": lambda i, j: (j // 5 + i // 3) % 2 == 0,
        "2 1": lambda i, j: (j // 5 + i // 3) % 2,
    }
    for turn, looks in looked.items():
        for i, row in enumerate(other["rows"]):
            ranked = sorted((-worth, j) for j, worth in enumerate(row) if worth > -9 and looks(i, j))
            assert other["found"][turn][i] == sorted(j for _worth, j in ranked[:2])
    # What was seen in one turn, and the other stretches in the next, are all together.
    assert other["found"]["2 0 and 2 1"] == other["found"]["2 0 and 1 0"] == other["found"]["1 0"]


def test_constellations_are_the_same_compiled_and_not():
    assert seen_constellations() == without_compiler("seen_constellations()")


@pytest.mark.parametrize(("seed", "outside"), [(1, 1), (2, 2), (3, 256), (4, 1), (6, 3)])
def test_lists_for_floors_are_the_same_compiled_and_not(seed, outside):
    one, other = seen_ground(seed, outside), without_compiler(f"seen_ground({seed}, {outside})")
    for own, theirs in zip(one.pop("values"), other.pop("values"), strict=True):
        assert own == pytest.approx(theirs, abs=1e-9)
    assert one == other


@pytest.fixture(autouse=True)
def _choices_come_back(monkeypatch):
    monkeypatch.setattr(floored, "_FEW", floored._FEW)
    for name in ("_STORED", "_LISTED", "_MOST"):
        monkeypatch.setattr(ground, name, getattr(ground, name))
    for name in ("MOST", "ROUNDS", "SLOW", "FIRST_LANDING", "EVERY"):
        monkeypatch.setattr(shortlists, name, getattr(shortlists, name))


def test_many_candidates_are_dropped_alike_compiled_and_not():
    for seed in range(3):
        one, other = seen_wide(seed), without_compiler(f"seen_wide({seed})")
        assert one["priced"] == other["priced"]
        assert one["values"] == pytest.approx(other["values"], abs=1e-9)
        assert one["alone"] == pytest.approx(other["alone"], abs=1e-9)


def test_what_cannot_be_repaired_is_said_compiled_and_not():
    assert seen_impossible() == without_compiler("seen_impossible()") == [False, False, False]


def test_the_quota_counts_those_it_names_compiled_and_not():
    assert seen_quota() == without_compiler("seen_quota()") == [[1, 0], [1, 0]]


def test_equals_without_a_tight_bound_are_searched_compiled_and_not():
    assert list(seen_equals()) == without_compiler("seen_equals()") == [2, 1.25]


@pytest.mark.parametrize("limit", [0, 3, 10_000])
def test_searches_above_a_floor_agree_compiled_and_not(limit):
    plain, other = seen_floored(limit), without_compiler(f"seen_floored({limit})")
    assert [found[1] for found in plain] == [found[1] for found in other]
    assert [[found[0], found[2]] for found in plain] == [
        pytest.approx([found[0], found[2]], abs=1e-9) for found in other
    ]
