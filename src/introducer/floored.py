"""The same as ``introducer.largest``, for a mentee whose team must be worth something; also its cheapest such team.

Of the teams S with ``f(S) >= floor`` the largest ``weight f(S) - cost(S)``. A reward theta
for worth can only add to it where the floor is met (Everett 1963):

    weight f(S) - cost(S)  <=  (weight + theta) f(S) - cost(S) - theta floor

1. Whoever asks has looked without the floor first (``introducer.largest``): where what is known
   reaches that, it is the largest.
2. Over a grid of rewards, then finer around the best, the reward with the lowest bound
   ``sum_d u_d`` plus the largest ``s``, for shares u sharpened by subgradient steps, of many candidates
   on the most promising. Any shares bound all candidates.
3. Candidates who cannot be in a team above what is known are dropped, teams of the others
   enumerated by falling ``s``. A branch ends where the bound does not pass the best, where
   the best of those left, each by itself and none dearer than what is left of the best cost known,
   would not bring it to its floor, or where what it could be worth, less what is paid, does not pass the best.

Should that take too long, what is left of the bound is returned: never too small a number.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from introducer.partition import joins

__all__ = ["floored"]

#: Rewards that are tried, and steps around the best of them.
_REWARDS = 2.0 ** np.arange(-8.0, 11.0, 2.0)
_FINER = 4
#: Steps that sharpen the shares: of many candidates on so many of the largest s, in so many rounds.
_STEPS = 60
_FEW, _ROUNDS = 64, 2
#: A bound may lie below the true maximum by no more than this: values are multiples of 2**-30.
_EXACT = 2.0**-32
#: A floor below every worth.
_LOW = -1e6
#: Nodes after which the bound is returned as it stands.
_NODES = 2_000_000


@njit(cache=True, nogil=True)
def _reduced(gain, net, u, s):
    """Write s of every candidate."""
    for c in range(len(net)):
        s[c] = net[c]
    for d in range(len(gain)):
        row = gain[d]
        share = u[d]
        for c in range(len(net)):
            s[c] += max(row[c] - share, 0.0)


@njit(cache=True, nogil=True)
def _top(s, count):
    """Return places of the largest, falling; equals: the earlier ones."""
    top = np.empty(min(count, len(s)), np.int64)
    size = 0
    for c in range(len(s)):
        if size == len(top) and (size == 0 or s[c] <= s[top[size - 1]]):
            continue
        size = min(size + 1, len(top))
        z = size - 1
        while z > 0 and s[top[z - 1]] < s[c]:
            top[z] = top[z - 1]
            z -= 1
        top[z] = c
    return top[:size]


@njit(cache=True, nogil=True)
def _shares(gain, net, floor, seats, target, u):
    """Subgradient steps on the bound over u >= floor, from u; return the best u."""
    criteria = len(gain)
    best_u = u.copy()
    u = u.copy()
    best = np.inf
    pace = 1.0
    s = np.empty(len(net))
    slope = np.empty(criteria)
    for _ in range(_STEPS):
        _reduced(gain, net, u, s)
        bound = 0.0
        for d in range(criteria):
            bound += u[d]
            slope[d] = 1.0
        for c in _top(s, seats):
            if s[c] > 0.0:
                bound += s[c]
                for d in range(criteria):
                    if gain[d, c] > u[d]:
                        slope[d] -= 1.0
        if bound < best - _EXACT:
            best = bound
            for d in range(criteria):
                best_u[d] = u[d]
        else:
            pace *= 0.8
        length = 0.0
        for d in range(criteria):
            if u[d] <= floor[d] and slope[d] > 0.0:
                slope[d] = 0.0
            length += slope[d] * slope[d]
        if length == 0.0 or best <= target + _EXACT:
            break
        for d in range(criteria):
            u[d] = max(floor[d], u[d] - pace * (bound - target) / length * slope[d])
    return best_u


@njit(cache=True, nogil=True)
def _bound(gain, net, cover, base, seats, floor, theta, scale, target):
    """Return the bound at one reward, and the shares that give it."""
    u = cover
    s = np.empty(len(net))
    few = np.arange(len(net))
    lowest = np.inf
    best_u = u
    for _ in range(1 if len(net) <= 2 * _FEW else _ROUNDS):
        if len(net) > 2 * _FEW:
            _reduced(gain, net, u, s)
            few = _top(s, _FEW)
        u = _shares(gain[:, few], net[few], cover, seats, target / scale - base, u)
        _reduced(gain, net, u, s)
        over = base + u.sum()
        for c in _top(s, seats):
            over += max(s[c], 0.0)
        if over < lowest:
            lowest = over
            best_u = u
    return scale * lowest - theta * floor, best_u


@njit(cache=True, nogil=True)
def floored(gain, pair, cost, weight, floor, known, homes, limit, kept, pinned, most, nodes=_NODES):
    """Return the largest ``weight f(S) - cost(S)`` of the teams that are worth the floor; -inf if there are none.

    Parameters
    ----------
    gain : (A, C) gains, pair, cost : (C,) pair worths and prices
    weight : 1 for the best team, 0 for the cheapest
    floor : what the team must be worth
    known : what a team that meets the floor is known to reach; -inf if none is
    homes, limit, kept, pinned, most : as ``largest``
    nodes : how many the search may take
    """
    criteria, count = gain.shape
    if floor == -np.inf:
        # Without a floor what counts is all that is looked at, and no reward is needed.
        gain = weight * gain
        pair = weight * pair
        weight = 1.0
        floor = _LOW
    team = np.empty(most + 1, np.int64)
    cover = np.zeros(criteria)
    size = 0
    worth = 0.0
    paid = 0.0
    free = pair.copy()
    for c in range(count):
        if pinned[c]:
            team[size] = c
            size += 1
            worth += pair[c]
            paid += cost[c]
            free[c] = -np.inf
            for d in range(criteria):
                cover[d] = max(cover[d], gain[d, c])
    worth += cover.sum()
    best = known
    if worth >= floor:
        best = max(best, weight * worth - paid)
    seats = most - size
    if seats <= 0 or size == count:
        return best
    lowest = np.inf
    at = 0.0
    best_u = cover
    low = _REWARDS[0] / 4.0
    high = _REWARDS[-1] * 4.0
    step = 4.0
    for trial in range(1 if floor == _LOW else len(_REWARDS) + 2 * _FINER):
        if floor == _LOW:
            theta = 0.0
        elif trial < len(_REWARDS):
            theta = _REWARDS[trial]
        else:
            if (trial - len(_REWARDS)) % 2 == 0:
                step = np.sqrt(step)
                low = at / step
                high = at * step
            theta = low if (trial - len(_REWARDS)) % 2 == 0 else high
        scale = weight + theta
        base = worth - cover.sum() - paid / scale
        aim = best if best > -np.inf else weight * floor - cost.max() * most
        bound, u = _bound(gain, free - cost / scale, cover, base, seats, floor, theta, scale, aim + theta * floor)
        if bound < lowest:
            lowest = bound
            at = theta
            best_u = u
    if lowest <= best + _EXACT:
        return best
    return _enumerated(
        gain,
        pair,
        cost,
        free,
        weight,
        floor,
        homes,
        limit,
        kept,
        most,
        team,
        size,
        cover,
        worth,
        paid,
        at,
        best_u,
        best,
        nodes,
    )


@njit(cache=True, nogil=True)
def _enumerated(
    gain,
    pair,
    cost,
    free,
    weight,
    floor,
    homes,
    limit,
    kept,
    most,
    team,
    size,
    cover,
    worth,
    paid,
    theta,
    u,
    best,
    most_nodes,
):
    """Enumerate teams by falling s at one reward and its shares; return the largest value, or what bounds it."""
    criteria = len(gain)
    scale = weight + theta
    seats = most - size
    s = np.empty(len(free))
    _reduced(gain, free - cost / scale, u, s)
    start = worth - cover.sum() - paid / scale + u.sum()
    order = np.argsort(-s, kind="mergesort")
    while len(order) and s[order[-1]] == -np.inf:
        order = order[:-1]
    count = len(order)
    cheap = min(0.0, cost.min())
    lifted = np.empty((seats + 1, count + 1))
    covers = np.zeros((seats + 1, criteria))
    covers[0] = cover
    worths = np.full(seats + 1, worth)
    paids = np.full(seats + 1, paid)
    reduced = np.full(seats + 1, start)
    place = np.zeros(seats + 1, np.int64)
    level = 0
    nodes = 0
    left = -np.inf
    _lifted(gain, pair, cost, order, 0, seats, cover, worth, _budget(weight, best, paid, seats, cheap), lifted[0])
    while level >= 0:
        p = place[level]
        if p >= count or level == seats:
            level -= 1
            continue
        upper = reduced[level] + s[order[p]]
        for q in range(p + 1, min(p + seats - level, count)):
            upper += max(s[order[q]], 0.0)
        upper = scale * upper - theta * floor
        could = lifted[level, p]
        most_left = weight * could - paids[level] - (seats - level) * cheap
        if upper <= best + _EXACT or could < floor - _EXACT or most_left <= best + _EXACT:
            level -= 1
            continue
        nodes += 1
        if nodes > most_nodes:
            left = max(left, upper)
            level -= 1
            continue
        place[level] = p + 1
        c = order[p]
        if not joins(team, size + level, c, homes, limit, kept, most):
            continue
        team[size + level] = c
        more = worths[level] + pair[c]
        for d in range(criteria):
            covers[level + 1, d] = max(covers[level, d], gain[d, c])
            more += covers[level + 1, d] - covers[level, d]
        level += 1
        worths[level] = more
        paids[level] = paids[level - 1] + cost[c]
        if more >= floor:
            best = max(best, weight * more - paids[level])
        reduced[level] = reduced[level - 1] + s[c]
        place[level] = p + 1
        free = seats - level
        if free > 0:
            budget = _budget(weight, best, paids[level], free, cheap)
            _lifted(gain, pair, cost, order, p + 1, free, covers[level], more, budget, lifted[level])
    return max(best, left)


@njit(cache=True, nogil=True)
def _budget(weight, best, paid, seats, cheap):
    """Return what no candidate of a better team costs: of the cheapest team, what is left of the best one known."""
    return np.inf if weight > 0.0 else -best - paid - (seats - 1) * cheap


@njit(cache=True, nogil=True)
def _lifted(gain, pair, cost, order, start, seats, cover, worth, budget, out):
    """Write what a team can be worth with so many of those from each place on, who each add no more than alone."""
    largest = np.zeros(seats)
    out[len(order)] = worth
    for p in range(len(order) - 1, start - 1, -1):
        c = order[p]
        out[p] = out[p + 1]
        if cost[c] >= budget:
            continue
        adds = pair[c]
        for d in range(len(cover)):
            adds += max(gain[d, c] - cover[d], 0.0)
        least = largest.argmin()
        if adds > largest[least]:
            out[p] += adds - largest[least]
            largest[least] = adds
