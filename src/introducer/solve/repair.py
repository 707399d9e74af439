"""From teams that almost fit to teams that fit, and then to better ones.

1. **Evict**: while a mentor or a quota is overfull, the mentee that loses least gives way.
2. **Pull**: while a mentor has fewer than its lower load, the mentee that loses least takes
   it on, in place of one of its own if the team is full.
3. **Chains**: a mentee picks again among free seats and, at their price, full ones; whoever
   is put out picks again in turn, to a depth. The chain is kept if the total rises.

A mentor at its lower load is not left in step 3, a pinned tie never.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from introducer.solve.sweeps import _count, _holds, _widest, loads_of
from introducer.solve.teams import MOST, best_team, make_room, may_join, team_value

__all__ = ["repair"]

#: What a seat that must not be taken costs, and what one that must not be left earns.
_NEVER = 1e6
_DEPTH = 6
#: Nodes that a pick may cost.
_NODES = 500
_TINY = 1e-9


@njit(cache=True, nogil=True)
def _drop(a, i, teams, sizes, position, loads, used):
    """Take one candidate out of a mentee's team."""
    _count(a, i, teams[i], sizes[i], -1, loads, used)
    sizes[i] -= 1
    for q in range(position, sizes[i]):
        teams[i, q] = teams[i, q + 1]
    _count(a, i, teams[i], sizes[i], 1, loads, used)


@njit(cache=True, nogil=True)
def _evict(a, teams, sizes, loads, used):
    for j in range(len(loads)):
        while loads[j] > a.capacities[j]:
            if not _evict_one(a, teams, sizes, loads, used, j, -1):
                return False
    for g in range(len(used)):
        while used[g] > a.quota_limits[g]:
            if not _evict_one(a, teams, sizes, loads, used, a.quota_mentors[g], g):
                return False
    return True


@njit(cache=True, nogil=True)
def _evict_one(a, teams, sizes, loads, used, j, quota):
    """Let the mentee that loses least leave mentor j (of those that count towards a quota, if given)."""
    least = np.inf
    who = -1
    where = -1
    for i in range(len(sizes)):
        for q in range(sizes[i]):
            place = a.starts[i] + teams[i, q]
            if a.mentors[place] != j or a.pinned[place]:
                continue
            if quota >= 0 and not _counts(a, i, teams[i, q], quota):
                continue
            loss = team_value(a, i, teams[i], sizes[i], -1) - team_value(a, i, teams[i], sizes[i], q)
            if loss < least:
                least = loss
                who = i
                where = q
    if who < 0:
        return False
    _drop(a, who, teams, sizes, where, loads, used)
    return True


@njit(cache=True, nogil=True)
def _counts(a, i, c, quota):
    for r in range(a.quota_starts[i], a.quota_starts[i + 1]):
        if a.quota_ids[r] == quota and a.quota_places[r] == c:
            return True
    return False


@njit(cache=True, nogil=True)
def _quota_open(a, i, c, used):
    """Whether candidate c, not in the team now, may be added as far as quotas go."""
    for r in range(a.quota_starts[i], a.quota_starts[i + 1]):
        if a.quota_places[r] == c and used[a.quota_ids[r]] >= a.quota_limits[a.quota_ids[r]]:
            return False
    return True


@njit(cache=True, nogil=True)
def _pull(a, teams, sizes, loads, used):
    trial = np.empty(MOST + 1, np.int64)
    for j in range(len(loads)):
        while loads[j] < a.min_loads[j]:
            best = -np.inf
            who = -1
            out = -1
            place = -1
            for i in range(len(sizes)):
                c = np.searchsorted(a.mentors[a.starts[i] : a.starts[i + 1]], j)
                first = a.starts[i]
                if first + c >= a.starts[i + 1] or a.mentors[first + c] != j:
                    continue
                if _holds(teams[i], sizes[i], c) or not _quota_open(a, i, c, used):
                    continue
                now = team_value(a, i, teams[i], sizes[i], -1)
                for skip in range(-1, sizes[i]):
                    if skip >= 0:
                        other = first + teams[i, skip]
                        if a.pinned[other] or loads[a.mentors[other]] <= a.min_loads[a.mentors[other]]:
                            continue
                    elif sizes[i] >= a.team_sizes[i]:
                        continue
                    size = 0
                    for q in range(sizes[i]):
                        if q != skip:
                            trial[size] = teams[i, q]
                            size += 1
                    if not may_join(a, first, a.team_sizes[i], trial, size, c):
                        continue
                    trial[size] = c
                    gain = team_value(a, i, trial, size + 1, -1) - now
                    if gain > best:
                        best = gain
                        who = i
                        out = skip
                        place = c
            if who < 0:
                return False
            if out >= 0:
                _drop(a, who, teams, sizes, out, loads, used)
            _count(a, who, teams[who], sizes[who], -1, loads, used)
            teams[who, sizes[who]] = place
            sizes[who] += 1
            _count(a, who, teams[who], sizes[who], 1, loads, used)
    return True


@njit(cache=True, nogil=True)
def _cost_seats(a, i, prices, team, size, loads, used, only, room):
    """Write what candidates cost in a chain. ``only``: the one full mentor allowed; -1: every one; -2: none."""
    first = a.starts[i]
    for c in range(a.starts[i + 1] - first):
        j = a.mentors[first + c]
        if _holds(team, size, c):
            room.cost[c] = -_NEVER if loads[j] <= a.min_loads[j] else 0.0
        elif not _quota_open(a, i, c, used):
            room.cost[c] = _NEVER
        elif loads[j] < a.capacities[j]:
            room.cost[c] = 0.0
        elif a.capacities[j] > 0 and only in (-1, j):
            room.cost[c] = max(prices[j], 0.0)
        else:
            room.cost[c] = _NEVER


@njit(cache=True, nogil=True)
def _pick(a, i, prices, v, teams, sizes, loads, used, last, room, out):
    """Let a mentee pick again with at most one full mentor; return (size, that mentor or -1)."""
    only = -2 if last else -1
    while True:
        _cost_seats(a, i, prices, teams[i], sizes[i], loads, used, only, room)
        _worth, size, _upper = best_team(a, i, room, v[i], out, _NODES)
        taken = 0
        full = -1
        for q in range(size):
            j = a.mentors[a.starts[i] + out[q]]
            if loads[j] >= a.capacities[j] and not _holds(teams[i], sizes[i], out[q]):
                taken += 1
                if full < 0 or prices[j] > prices[full]:
                    full = j
        if taken <= 1:
            return size, full
        only = full


@njit(cache=True, nogil=True)
def _victim(a, j, teams, sizes, stack, depth):
    """Return the mentee that loses least by leaving mentor j and is not in the chain yet, or -1."""
    least = np.inf
    who = -1
    for i in range(len(sizes)):
        if _holds(stack, depth, i):
            continue
        for q in range(sizes[i]):
            place = a.starts[i] + teams[i, q]
            if a.mentors[place] == j and not a.pinned[place]:
                loss = team_value(a, i, teams[i], sizes[i], -1) - team_value(a, i, teams[i], sizes[i], q)
                if loss < least:
                    least = loss
                    who = i
    return who


@njit(cache=True, nogil=True)
def _replace(a, i, teams, sizes, team, size, loads, used):
    _count(a, i, teams[i], sizes[i], -1, loads, used)
    for q in range(size):
        teams[i, q] = team[q]
    sizes[i] = size
    _count(a, i, teams[i], size, 1, loads, used)


@njit(cache=True, nogil=True)
def _chain(a, start, prices, v, teams, sizes, loads, used, room, stack, old_teams, old_sizes, out):
    """Try one chain; return what it gained, 0 if it was taken back."""
    gain = 0.0
    depth = 0
    i = start
    lost = -1
    while True:
        stack[depth] = i
        old_sizes[depth] = sizes[i]
        for q in range(sizes[i]):
            old_teams[depth, q] = teams[i, q]
        depth += 1
        gain -= team_value(a, i, teams[i], sizes[i], -1)
        for q in range(sizes[i]):
            if a.mentors[a.starts[i] + teams[i, q]] == lost:
                _drop(a, i, teams, sizes, q, loads, used)
                break
        size, full = _pick(a, i, prices, v, teams, sizes, loads, used, depth > _DEPTH, room, out)
        _replace(a, i, teams, sizes, out, size, loads, used)
        gain += team_value(a, i, teams[i], sizes[i], -1)
        if full < 0:
            break
        i = _victim(a, full, teams, sizes, stack, depth)
        if i < 0:
            break
        lost = full
    if full < 0 and gain > _TINY:
        return gain
    for z in range(depth):
        _replace(a, stack[z], teams, sizes, old_teams[z], old_sizes[z], loads, used)
    return 0.0


@njit(cache=True, nogil=True)
def repair(a, order, prices, v, teams, sizes, passes):
    """Make teams feasible and improve them; return False if eviction and pulling cannot.

    Parameters
    ----------
    order : (M,) the order in which mentees start chains
    prices : (N,) what a full seat is taken to cost
    v : (M, A) shares, see ``best_team``; written
    teams, sizes : (M, 5), (M,) written
    passes : int
        Rounds of chains at most; a round without a gain is the last.
    """
    candidates, criteria = _widest(a)
    loads = np.zeros(len(a.capacities), np.int64)
    used = np.zeros(len(a.quota_limits), np.int64)
    loads_of(a, teams, sizes, loads, used)
    if not _evict(a, teams, sizes, loads, used) or not _pull(a, teams, sizes, loads, used):
        return False
    room = make_room(candidates, criteria)
    stack = np.empty(_DEPTH + 2, np.int64)
    old_teams = np.empty((_DEPTH + 2, MOST), np.int64)
    old_sizes = np.empty(_DEPTH + 2, np.int64)
    out = np.empty(MOST, np.int64)
    for _ in range(passes):
        gained = 0.0
        for i in order:
            gained += _chain(a, i, prices, v, teams, sizes, loads, used, room, stack, old_teams, old_sizes, out)
        if gained <= _TINY:
            break
    return True
