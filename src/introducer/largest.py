"""The largest priced value of one mentee's teams, for the checker: by enumeration, sharing nothing with the solvers.

For any ``u >= cover of the pinned`` a team S is worth at most ``sum_d u_d + sum_{c in S} s_c``,
``s_c = sum_d max(g_dc - u_d, 0) + a_c - p_c``.

1. A first team by the largest marginal gains, worth L.
2. ``u``, at first what this team covers, is sharpened by subgradient steps towards L over a
   few promising candidates; those that the next ``s`` ranks highest join them, until step 3
   leaves few or it narrows the bound no more.
3. With Phi the bound over all candidates and lambda the least ``s`` that it counts (0 if it
   counts fewer than there are seats), a candidate with ``s <= lambda - (Phi - L)`` is in no team
   worth more than L: it is dropped.
4. So are those who are dominated by others enough.
5. In the order of ``s`` each of the rest joins the team, and 2 to 5 are repeated with those
   after it, until a team with the next of them cannot be worth more than the best one found.
"""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["largest", "reach"]

_STEPS = 60
#: Rounds that narrow the bound by less than an eighth, after which no more are tried.
_STALLED = 2
#: So many candidates by ``s`` join the promising ones in a round; with fewer left teams are enumerated.
_BEST = 24
_FEW = 64
#: A bound may lie below the true maximum by no more than this: values are multiples of 2**-30.
_EXACT = 2.0**-32


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
def _joins(team, size, c, homes, limit, kept, most):
    mates = 0
    others = 0
    for q in range(size):
        mates += homes[team[q]] == homes[c]
        others += not kept[team[q]]
    if limit > 0 and homes[c] >= 0 and mates >= limit:
        return False
    return bool(kept[c]) or others < most - 1


@njit(cache=True, nogil=True)
def _first_team(gain, net, homes, limit, kept, pinned, most, team, fixed, cover):
    """Fill the team by the largest marginal gain; return what it adds, and its size."""
    value = 0.0
    size = fixed
    marginal = np.empty(len(net))
    while size < most:
        _reduced(gain, net, cover, marginal)
        rise = 0.0
        pick = -1
        for c in range(len(net)):
            if marginal[c] <= rise or pinned[c] or not _joins(team, size, c, homes, limit, kept, most):
                continue
            again = False
            for q in range(fixed, size):
                again |= team[q] == c
            if not again:
                rise = marginal[c]
                pick = c
        if pick < 0:
            break
        team[size] = pick
        size += 1
        value += rise
        for d in range(len(gain)):
            cover[d] = max(cover[d], gain[d, pick])
    return value, size


@njit(cache=True, nogil=True)
def largest(gain, net, homes, limit, kept, pinned, most):
    """Return the largest value of a team of at most ``most`` candidates, the pinned ones among them.

    Parameters
    ----------
    gain : (A, C) gains, net : (C,) pair worth less price
    homes : (C,) institutions, limit : teammates from one, at most
    kept, pinned : (C,) as in ``Problem``
    """
    return reach(gain, net, homes, limit, kept, pinned, most)[0]


@njit(cache=True, nogil=True)
def reach(gain, net, homes, limit, kept, pinned, most):
    """Return that largest value, and what bounds it if one more candidate came.

    Parameters as of ``largest``.

    Returns
    -------
    best : float
        The largest value.
    over, least : float
        Phi and lambda of the module: with one more candidate c no team is worth more than the
        larger of ``best`` and ``over - least + s_c``. No seat is left: lambda is infinite.
    u : (A,) shares by which s is computed
    """
    criteria, count = gain.shape
    team = np.empty(most + 1, np.int64)
    floor = np.zeros(criteria)
    base = 0.0
    fixed = 0
    for c in range(count):
        if pinned[c]:
            team[fixed] = c
            fixed += 1
            base += net[c]
            for d in range(criteria):
                floor[d] = max(floor[d], gain[d, c])
    best = base + floor.sum()
    seats = most - fixed
    if seats <= 0 or fixed == count:
        return best, best, (np.inf if seats <= 0 else 0.0), floor
    u = floor.copy()
    rise, size = _first_team(gain, net, homes, limit, kept, pinned, most, team, fixed, u)
    best += rise
    free = net.copy()
    for c in range(count):
        if pinned[c]:
            free[c] = -np.inf
    s = np.empty(count)
    few = np.zeros(count, np.bool_)
    for q in range(fixed, size):
        few[team[q]] = True
    best_u = u
    over = np.inf
    least = 0.0
    stalled = 0
    while stalled < _STALLED:
        _reduced(gain, free, u, s)
        top = _top(s, max(seats, _BEST))
        bound = base + u.sum()
        for z in range(min(seats, len(top))):
            bound += max(s[top[z]], 0.0)
        stalled = stalled + 1 if over - bound <= (over - best) / 8 else 0
        if bound < over:
            over = bound
            best_u = u
            least = max(s[top[seats - 1]], 0.0) if len(top) >= seats else 0.0
        if over <= best + _EXACT:
            return best, over, least, best_u
        if bound == over and (s > least - (over - best)).sum() <= _FEW:
            break
        for c in top:
            few[c] = True
        here = np.flatnonzero(few)
        u = _shares(gain[:, here], free[here], floor, seats, best - base, u)
    _reduced(gain, free, best_u, s)
    left = np.flatnonzero(s > least - (over - best))
    best = _branched(gain, net, homes, limit, kept, most, team, fixed, floor, base + floor.sum(), left, best)
    return best, over, least, best_u


@njit(cache=True, nogil=True)
def _undominated(gain, net, homes, kept, most, order):
    """Return those in order of whom some best team has need.

    Who has as much of everything stands before (equals: the earlier). Of a team with a
    dominated candidate, each teammate stands in the way of one dominator at most, itself or by
    its institution, if these are of different ones: with as many dominators as a team has
    members one is free to take the place.
    """
    out = np.empty_like(order)
    size = 0
    places = np.empty(most, np.int64)
    for c in order:
        count = 0
        for z in range(size):
            o = out[z]
            if net[o] < net[c] or (kept[c] and not kept[o]):
                continue
            better = True
            for d in range(len(gain)):
                if gain[d, o] < gain[d, c]:
                    better = False
                    break
            if not better:
                continue
            if homes[o] >= 0:
                for q in range(count):
                    if places[q] == homes[o]:
                        better = False
                        break
            if better:
                places[count] = homes[o]
                count += 1
                if count == most:
                    break
        if count < most:
            out[size] = c
            size += 1
    return out[:size]


@njit(cache=True, nogil=True)
def _branched(gain, net, homes, limit, kept, most, team, size, cover, value, left, best):
    """Return the value of the best team of those in it and some of those left, or ``best`` if none is better.

    Parameters
    ----------
    team, size, cover, value : who is in the team, what they cover, (A,), and their value
    left : candidates who may join
    """
    criteria = len(gain)
    seats = most - size
    best = max(best, value)
    if seats == 0 or len(left) == 0:
        return best
    own = gain[:, left]
    base = value - cover.sum()
    u = _shares(own, net[left], cover, seats, best - base, cover)
    s = np.empty(len(left))
    _reduced(own, net[left], u, s)
    top = _top(s, seats)
    over = base + u.sum()
    for z in top:
        over += max(s[z], 0.0)
    if over <= best + _EXACT:
        return best
    least = max(s[top[seats - 1]], 0.0) if len(top) == seats else 0.0
    some = np.flatnonzero(s > least - (over - best))
    some = some[np.argsort(-s[some], kind="mergesort")]
    order = _undominated(gain, net, homes, kept, most, left[some])
    reduced = np.empty(len(net))
    for z in range(len(left)):
        reduced[left[z]] = s[z]
    for p in range(len(order)):
        c = order[p]
        reach = base + u.sum()
        for q in range(p, min(p + seats, len(order))):
            if q == p or reduced[order[q]] > 0.0:
                reach += reduced[order[q]]
        if reach <= best + _EXACT:
            break
        if not _joins(team, size, c, homes, limit, kept, most):
            continue
        team[size] = c
        wider = np.empty(criteria)
        more = value + net[c]
        for d in range(criteria):
            wider[d] = max(cover[d], gain[d, c])
            more += wider[d] - cover[d]
        best = _branched(gain, net, homes, limit, kept, most, team, size + 1, wider, more, order[p + 1 :], best)
    return best
