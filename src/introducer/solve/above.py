"""One mentee's best team among those that are worth enough, exactly, and what a team below its floor counts.

The problem: of the teams S with f(S) >= F find the one with the largest ``w f(S) - cost(S)``.
``w`` is 1 for the best team at given costs, and 0 for the cheapest team that is worth F.

For any ``theta >= 0`` what is worth less than F only gains by a reward for worth [1]_:

    max_{f(S) >= F} w f(S) - cost(S)  <=  max_S (w + theta) f(S) - cost(S) - theta F

and the right side is the problem without a floor at costs divided by ``w + theta``
(``introducer.solve.teams``). The steps:

1. Without a floor (``theta = 0``). If that team is worth F, it is the one.
2. ``theta`` grows until a team is worth F, at last without any costs. If none ever is, none
   of the candidates make one, and the team of step 1 is returned, below the floor.
3. ``theta`` is halved in on; every team worth F is remembered, and the lowest bound.
4. What the best of the remembered falls short of that bound is searched: candidates whose
   own bound at that ``theta`` does not pass it are dropped, the teams of the others are
   enumerated by falling reduced worth. A team below the floor is gone on with like any other.

.. [1] Everett H., Generalized Lagrange multiplier method for solving problems of optimum
   allocation of resources, Operations Research 11 (1963) 399-417.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from introducer.problem import NO_FLOOR
from introducer.solve.teams import MOST, best_team, may_join, reduce_worths, take_pins, team_value, within_reach

__all__ = ["best_above", "floored_team", "merit", "merits"]

#: Factor by which theta grows, how often, and steps in which it is halved in on.
_GROWTH, _GROWTHS, _HALVINGS = 8.0, 9, 7
#: How much worth counts where it does not.
_HARDLY = 2.0**-20
#: What a team below its floor is worth less, and again for each unit that is missing.
_FINE = 64.0
#: Smaller differences are rounding.
_TINY = 1e-11


@njit(cache=True, nogil=True)
def merit(a, i, team, size, skip):
    """Value of a mentee's team without the one in position ``skip`` (-1: whole), less a fine below the floor.

    The fine is more than any two outcomes of a mentee differ by, so that teams on the way to
    feasible ones are compared by how many are below their floor, and by how much.
    """
    value = team_value(a, i, team, size, skip)
    if value >= a.floors[i]:
        return value
    return value - _FINE * (1.0 + a.floors[i] - value)


@njit(cache=True, nogil=True)
def merits(a, who, teams, sizes):
    """Return the merits of the teams of these mentees, shape of ``who``; ``teams`` and ``sizes`` have all M."""
    out = np.empty(len(who))
    for z in range(len(who)):
        out[z] = merit(a, who[z], teams[who[z]], sizes[who[z]], -1)
    return out


@njit(cache=True, nogil=True)
def floored_team(a, i, room, v, out, limit):
    """Return (value, size, upper bound) of mentee i's best team that meets its floor; as ``best_team``."""
    if a.floors[i] == NO_FLOOR:
        return best_team(a, i, room, v, out, limit)
    return best_above(a, i, room, v, out, limit, 1.0)


@njit(cache=True, nogil=True)
def _paid(cost, team, size):
    total = 0.0
    for q in range(size):
        total += cost[team[q]]
    return total


@njit(cache=True, nogil=True)
def _at(a, i, room, cost, v, team, limit, weight, theta):
    """Return (worth, size, bound) of the best team without a floor where worth is rewarded by theta."""
    scale = weight + theta
    for c in range(len(cost)):
        room.cost[c] = cost[c] / scale
    _value, size, upper = best_team(a, i, room, v, team, limit)
    return team_value(a, i, team, size, -1), size, scale * upper - theta * a.floors[i]


@njit(cache=True, nogil=True)
def best_above(a, i, room, v, out, limit, weight):
    """Return (value, size, upper bound) of mentee i's best team above its floor at the costs in ``room.cost``.

    Parameters
    ----------
    a, i, room, v, out, limit : as ``best_team``
    weight : float
        What the worth counts beside the costs, in [0, 1].

    Notes
    -----
    Where no team of the candidates meets the floor, the team is the best one without it (for
    the weight 0: the one that is worth most). Costs in ``room.cost`` are left as they were.
    """
    floor = a.floors[i]
    count = a.starts[i + 1] - a.starts[i]
    cost = room.cost[:count].copy()
    team = np.empty(MOST, np.int64)
    if floor == NO_FLOOR:
        # Where only costs count, worth breaks ties.
        scale = max(weight, _HARDLY)
        for c in range(count):
            room.cost[c] = cost[c] / scale
        _value, size, upper = best_team(a, i, room, v, out, limit)
        least = 0.0
        for c in range(count):
            room.cost[c] = cost[c]
            least = min(least, a.pairs[a.starts[i] + c])
        # Of the cheapest teams no one is worth less than that.
        upper = scale * upper - (scale - weight) * a.team_sizes[i] * least
        return weight * team_value(a, i, out, size, -1) - _paid(cost, out, size), size, upper
    low = 0.0
    lowest = np.inf
    at = 0.0
    size = -1
    plain_value = 0.0
    plain_size = 0
    plain_upper = np.inf
    if weight > 0.0:
        worth, plain_size, lowest = _at(a, i, room, cost, v, out, limit, weight, 0.0)
        plain_value = weight * worth - _paid(cost, out, plain_size)
        plain_upper = lowest
        if worth >= floor:
            return plain_value, plain_size, lowest
    value = -np.inf
    theta = 1.0
    for _ in range(_GROWTHS):
        worth, met, bound = _at(a, i, room, cost, v, team, limit, weight, theta)
        if bound < lowest:
            lowest = bound
            at = theta
        if worth >= floor:
            size = met
            break
        low = theta
        theta *= _GROWTH
    if size < 0:
        for c in range(count):
            room.cost[c] = 0.0
        _value, size, _upper = best_team(a, i, room, v, team, limit)
        if team_value(a, i, team, size, -1) < floor:
            for c in range(count):
                room.cost[c] = cost[c]
            if weight > 0.0:
                return plain_value, plain_size, plain_upper
            for q in range(size):
                out[q] = team[q]
            return -_paid(cost, team, size), size, np.inf
        theta = low * _GROWTH
    best = team.copy()
    value = weight * team_value(a, i, team, size, -1) - _paid(cost, team, size)
    for _ in range(_HALVINGS):
        if value >= lowest - _TINY:
            break
        middle = np.sqrt(low * theta) if low > 0.0 else theta / _GROWTH
        worth, met, bound = _at(a, i, room, cost, v, team, limit, weight, middle)
        if bound < lowest:
            lowest = bound
            at = middle
        if worth >= floor:
            theta = middle
            now = weight * worth - _paid(cost, team, met)
            if now > value:
                value = now
                size = met
                for q in range(size):
                    best[q] = team[q]
        else:
            low = middle
    if value < lowest - _TINY:
        open_bound = -np.inf
        # Pins that fill the team leave nothing to search.
        if a.pinned[a.starts[i] : a.starts[i + 1]].sum() < min(count, a.team_sizes[i]):
            value, size, open_bound = _searched(a, i, room, cost, v, best, size, value, limit, weight, at)
        lowest = min(lowest, max(value, open_bound))
    for q in range(size):
        out[q] = best[q]
    for c in range(count):
        room.cost[c] = cost[c]
    return value, size, max(value, lowest)


@njit(cache=True, nogil=True)
def _searched(a, i, room, cost, v, best, size, value, limit, weight, theta):
    """Enumerate teams that could pass the value at this theta; return (value, size, open bound)."""
    first = a.starts[i]
    count = len(cost)
    criteria = a.widths[i]
    gain = a.gains[a.gain_starts[i] : a.gain_starts[i + 1]].reshape((criteria, count))
    scale = weight + theta
    raw = np.zeros(MOST + 1)
    for c in range(count):
        room.cost[c] = cost[c] / scale
        if a.pinned[first + c]:
            raw[0] += a.pairs[first + c]
    pinned, n, base = take_pins(a, i, gain, room, room.chosen)
    over = base
    for d in range(criteria):
        room.u[d] = max(v[d], room.cov[0, d])
        over += room.u[d]
        raw[0] += room.cov[0, d]
    seats = a.team_sizes[i] - pinned
    _bound, others = reduce_worths(a, first, gain, seats, base, room, n)
    # What reaches this much, by the bounds of the problem without a floor, may be better.
    target = (value + theta * a.floors[i]) / scale + _TINY
    n = within_reach(room, n, criteria, target - others - base)
    order = np.argsort(-room.s[:n], kind="mergesort")
    open_bound = -np.inf
    room.reach[0] = over
    room.place[0] = 0
    level = 0
    nodes = 0
    while level >= 0:
        free = seats - level
        p = room.place[level]
        if p >= n or free == 0:
            level -= 1
            continue
        upper = room.reach[level] + room.s[order[p]]
        for q in range(p + 1, min(p + free, n)):
            upper += max(room.s[order[q]], 0.0)
        if upper <= target:
            level -= 1
            continue
        if nodes >= limit:
            open_bound = max(open_bound, scale * upper - theta * a.floors[i])
            level -= 1
            continue
        nodes += 1
        room.place[level] = p + 1
        c = room.left[order[p]]
        if not may_join(a, first, a.team_sizes[i], room.chosen, pinned + level, c):
            continue
        room.chosen[pinned + level] = c
        worth = raw[level] + a.pairs[first + c]
        for d in range(criteria):
            before = room.cov[level, d]
            room.cov[level + 1, d] = max(gain[d, c], before)
            worth += max(gain[d, c] - before, 0.0)
        level += 1
        raw[level] = worth
        now = weight * worth - _paid(cost, room.chosen, pinned + level)
        if worth >= a.floors[i] and now > value + _TINY:
            value = now
            target = (value + theta * a.floors[i]) / scale + _TINY
            size = pinned + level
            for q in range(size):
                best[q] = room.chosen[q]
        room.reach[level] = room.reach[level - 1] + room.s[order[p]]
        room.place[level] = p + 1
    return value, size, open_bound
