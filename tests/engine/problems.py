"""Problems made from a seed, a plain reading of the rules, and brute force: what solvers are held to."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from introducer.problem import Arrays, Problem, no_floors, on_grid

#: Every rule that a problem may have beside team sizes and capacities.
ALL = frozenset({"lower loads", "pins", "institutions", "kept seat", "quotas"})


def random_problem(rng, mentees, mentors, *, seats=0.6, rules=ALL, eligible=0.8):
    """Return a problem with seats for that part of what is asked; teams that meet its rules are planted.

    Mentors with a high gain are asked for by many, so that capacities decide.
    """
    asked = rng.integers(0 if mentees > 3 else 1, 5, mentees)
    allowed = rng.random((mentees, mentors)) < eligible
    institutions = rng.integers(-1, max(2, mentors // 3), mentors)
    limit = 1 if "institutions" in rules else 0
    may_keep = (rng.random((mentees, mentors)) < 0.4) | (rng.random((mentees, 1)) < 0.5)
    if "kept seat" not in rules:
        may_keep[:] = True
    room = max(1, round(seats * asked.sum() / mentors))
    capacities = np.maximum(room + rng.integers(-1, 2, mentors), 0)
    planted = _plant(
        rng, asked, allowed, institutions=institutions, limit=limit, may_keep=may_keep, capacities=capacities
    )
    loads = np.bincount([j for team in planted for j in team], minlength=mentors)
    min_loads = np.zeros(mentors, np.int64)
    if "lower loads" in rules:
        min_loads = np.where(rng.random(mentors) < 0.4, loads, 0)
    pinned = np.zeros((mentees, mentors), bool)
    if "pins" in rules:
        for i, team in enumerate(planted):
            if team and rng.random() < 0.15:
                pinned[i, team[0]] = True
    quotas = []
    if "quotas" in rules:
        for j in range(0, mentors, 2):
            group = rng.random(mentees) < 0.5
            used = sum(j in team for i, team in enumerate(planted) if group[i])
            quotas.append((j, max(used, int(capacities[j]) // 2), group))
    return build(
        rng,
        asked,
        allowed,
        institutions=institutions,
        limit=limit,
        may_keep=may_keep,
        capacities=capacities,
        min_loads=min_loads,
        pinned=pinned,
        quotas=quotas,
    )


def _plant(rng, asked, allowed, *, institutions, limit, may_keep, capacities):
    """Return teams, drawn at random, that break no rule."""
    left = capacities.copy()
    teams: list[list[int]] = [[] for _ in asked]
    for i in rng.permutation(len(asked)):
        for j in rng.permutation(len(left)):
            home = institutions[j]
            mates = sum(institutions[q] == home for q in teams[i])
            others = sum(not may_keep[i, q] for q in teams[i])
            if (
                allowed[i, j]
                and len(teams[i]) < asked[i]
                and left[j] > 0
                and not (limit and home >= 0 and mates >= limit)
                and (may_keep[i, j] or others < asked[i] - 1)
            ):
                teams[i].append(j)
                left[j] -= 1
    return teams


def build(rng, asked, allowed, *, institutions, limit, may_keep, capacities, min_loads, pinned, quotas):
    """Return the problem with these rules and random gains."""
    mentees, mentors = allowed.shape
    offers = rng.random((6, mentors)) * (rng.random((6, mentors)) < 0.5)
    quality = 0.3 + 0.7 * rng.random(mentors)
    starts, gain_starts, quota_starts = [0], [0], [0]
    widths, gains, pairs, names, places, ids = [], [], [], [], [], []
    for i in range(mentees):
        own = np.flatnonzero(allowed[i])
        asks = np.sort(rng.choice(6, size=rng.integers(1, 5), replace=False))
        weights = rng.dirichlet(np.ones(len(asks)))
        names.append(tuple(f"need:{d}" for d in asks))
        block = (
            weights[:, None]
            * offers[np.ix_(asks, own)]
            * quality[own]
            * (0.5 + 0.5 * rng.random((len(asks), len(own))))
        )
        gains.append(on_grid(block).ravel())
        pairs.append(on_grid(0.2 * rng.random(len(own)) - 0.05))
        widths.append(len(asks))
        starts.append(starts[-1] + len(own))
        gain_starts.append(gain_starts[-1] + block.size)
        for g, (j, _, group) in enumerate(quotas):
            if group[i] and allowed[i, j]:
                places.append(int(np.searchsorted(own, j)))
                ids.append(g)
        quota_starts.append(len(places))
    arrays = Arrays(
        team_sizes=_ints(asked),
        capacities=_ints(capacities),
        min_loads=_ints(min_loads),
        starts=_ints(starts),
        mentors=_ints(np.nonzero(allowed)[1]),
        pairs=np.concatenate(pairs),
        widths=_ints(widths),
        gain_starts=_ints(gain_starts),
        gains=np.concatenate(gains),
        institutions=_ints(institutions),
        institution_limit=limit,
        kept=may_keep[allowed],
        pinned=pinned[allowed],
        quota_mentors=_ints([j for j, _, _ in quotas]),
        quota_limits=_ints([most for _, most, _ in quotas]),
        quota_starts=_ints(quota_starts),
        quota_places=_ints(places),
        quota_ids=_ints(ids),
        floors=no_floors(mentees),
    )
    return Problem(arrays, tuple(names), tuple((1.0,) * len(own) for own in names))


def _ints(values):
    return np.array(values, dtype=np.int64)


def changed(problem, **arrays):
    """Return the problem with some of its arrays replaced."""
    return replace(problem, arrays=problem.arrays._replace(**arrays))


def relabelled(problem, mentees, mentors):
    """Return the problem with mentee ``mentees[i]`` in place i, and mentor j called ``mentors[j]``."""
    a = problem.arrays
    back = np.argsort(mentors)
    starts, gain_starts, quota_starts = [0], [0], [0]
    parts: dict[str, list[Any]] = {
        name: [] for name in ("mentors", "pairs", "gains", "kept", "pinned", "quota_places", "quota_ids")
    }
    for i in mentees:
        own = slice(a.starts[i], a.starts[i + 1])
        order = np.argsort(mentors[a.mentors[own]])
        place = np.argsort(order)
        parts["mentors"].append(mentors[a.mentors[own]][order])
        for name in ("pairs", "kept", "pinned"):
            parts[name].append(getattr(a, name)[own][order])
        parts["gains"].append(problem.gain_block(i)[:, order].ravel())
        quotas = slice(a.quota_starts[i], a.quota_starts[i + 1])
        parts["quota_places"].append(place[a.quota_places[quotas]])
        parts["quota_ids"].append(a.quota_ids[quotas])
        starts.append(starts[-1] + len(order))
        gain_starts.append(gain_starts[-1] + len(parts["gains"][-1]))
        quota_starts.append(quota_starts[-1] + len(parts["quota_ids"][-1]))
    arrays = a._replace(
        team_sizes=a.team_sizes[mentees],
        widths=a.widths[mentees],
        floors=a.floors[mentees],
        capacities=a.capacities[back],
        min_loads=a.min_loads[back],
        institutions=a.institutions[back],
        quota_mentors=mentors[a.quota_mentors],
        starts=_ints(starts),
        gain_starts=_ints(gain_starts),
        quota_starts=_ints(quota_starts),
        **{name: np.concatenate(part) for name, part in parts.items()},
    )
    return Problem(arrays, tuple(problem.criteria[i] for i in mentees), tuple(problem.weights[i] for i in mentees))


def value_of(problem, teams):
    """Return the value of teams, read plainly from the arrays."""
    total = 0.0
    for i, team in enumerate(teams):
        places = [list(problem.candidates(i)).index(j) for j in team]
        total += sum(problem.pair_worths(i)[c] for c in places)
        total += sum(max((row[c] for c in places), default=0.0) for row in problem.gain_block(i))
    return total


def team_breaks(problem, i, team):
    """Return the names of the rules that one mentee's team breaks."""
    a = problem.arrays
    own = list(problem.candidates(i))
    if any(j not in own for j in team) or list(team) != sorted(set(team)):
        return ["eligible"]
    places = [int(a.starts[i]) + own.index(j) for j in team]
    broken = []
    if len(team) > a.team_sizes[i]:
        broken.append("team size")
    if any(a.pinned[p] and p not in places for p in range(a.starts[i], a.starts[i + 1])):
        broken.append("pin")
    if sum(not a.kept[p] for p in places) > max(a.team_sizes[i] - 1, 0):
        broken.append("kept seat")
    homes = [a.institutions[j] for j in team if a.institutions[j] >= 0]
    if a.institution_limit and any(homes.count(home) > a.institution_limit for home in homes):
        broken.append("institution limit")
    return broken


def broken_rules(problem, teams):
    """Return the names of all rules that teams break, in plain loops."""
    a = problem.arrays
    broken = [rule for i, team in enumerate(teams) for rule in team_breaks(problem, i, team)]
    for j in range(len(a.capacities)):
        load = sum(j in team for team in teams)
        if load > a.capacities[j]:
            broken.append("capacity")
        if load < a.min_loads[j]:
            broken.append("lower load")
    for g, limit in enumerate(a.quota_limits):
        used = 0
        for i, team in enumerate(teams):
            for r in range(a.quota_starts[i], a.quota_starts[i + 1]):
                used += a.quota_ids[r] == g and problem.candidates(i)[a.quota_places[r]] in team
        if used > limit:
            broken.append("quota")
    return broken


def brute_force(problem, within=bool):
    """Return the largest value of teams that meet every rule, by trying all; None when none do.

    ``within`` says which of them count; all unless given.
    """
    choices = []
    for i in range(problem.shape[0]):
        sets = [team for size in range(6) for team in combinations(problem.candidates(i).tolist(), size)]
        choices.append([team for team in sets if not team_breaks(problem, i, team)])
    best = None
    for teams in _all_teams(problem, choices, []):
        if within(teams) and not broken_rules(problem, teams):
            value = value_of(problem, teams)
            best = value if best is None else max(best, value)
    return best


def _all_teams(problem, choices, teams):
    if len(teams) == len(choices):
        yield teams
        return
    for team in choices[len(teams)]:
        more = [*teams, team]
        if all(sum(j in each for each in more) <= problem.arrays.capacities[j] for j in team):
            yield from _all_teams(problem, choices, more)
