"""The largest priced value of one mentee's teams, for the checker: by enumeration, sharing nothing with the solvers.

For any ``u >= cover of the pinned`` a team S is worth at most ``sum_d u_d + sum_{c in S} s_c``,
``s_c = sum_d max(g_dc - u_d, 0) + a_c - p_c``.

1. The candidates of the largest ``s`` at ``u = cover of the pinned`` are promising. Of them the largest
   marginal gains make a first team, worth L, and ``u`` is sharpened by subgradient steps towards L.
2. With Phi the bound over all candidates and lambda the least ``s`` that it counts (0 if it
   counts fewer than there are seats), a candidate with ``s <= lambda - (Phi - L)`` is in no team
   worth more than L: it is dropped. Those of the next largest ``s`` join the promising ones, and 1 is
   repeated, until few are left or the bound is narrowed no more.
3. Of many who are left, nearly equal then, the best team is found by partitions of the criteria
   (``introducer.partition``), unless these are too many.
4. Of few those who are dominated by others enough are dropped. In the order of ``s`` each of the rest joins the
   team, and ``u`` is sharpened and 2 and 4 are repeated with those after it, until a team with the next of them
   cannot be worth more than the best one found.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from introducer.lean import lean
from introducer.partition import MOST_CRITERIA, joins, partitioned

__all__ = ["largest", "reach"]

_STEPS = 60
#: Rounds that narrow the bound by less than an eighth, after which no more are tried.
_STALLED = 2
#: So many candidates by ``s`` join the promising ones in a round; with fewer left teams are enumerated.
_BEST = 24
#: So many candidates go through all sums before the next: what is written of them stays near.
_STRETCH = 2_048
_FEW = 64
#: Above the rounding of bounds in single precision: sixty sums below 4, each rounded by 2.4e-7 at most, are scanned.
_ROUNDING = 1e-4
#: A bound may lie below the true maximum by no more than this: values are multiples of 2**-30.
_EXACT = 2.0**-32


@lean
def _reduced(gain, net, u, s):
    """Write s of every candidate."""
    for c in range(len(net)):
        s[c] = net[c]
    for d in range(len(gain)):
        row = gain[d]
        share = u[d]
        for c in range(len(net)):
            s[c] += max(row[c] - share, 0.0)


@lean
def _scan(sight, u, s):
    """Write s of every candidate in single precision; -inf for the pinned."""
    for first in range(0, len(s), _STRETCH):
        here = s[first : first + _STRETCH]
        net = sight.net[first : first + _STRETCH]
        for c in range(len(here)):
            here[c] = net[c]
        for d in range(len(u)):
            fit = sight.near[sight.rows[d], first : first + _STRETCH]
            weight = np.float32(sight.weights[d])
            share = np.float32(u[d])
            for c in range(len(here)):
                here[c] += max(weight * fit[c] - share, np.float32(0.0))
    for c in sight.pins:
        s[c] = -np.inf


@njit(cache=True, nogil=True)
def _gains_of(sight, who):
    """Return the gains of some candidates, shape (A, number of them)."""
    found = np.empty((len(sight.gains), len(who)))
    for d in range(len(found)):
        kinds = sight.kinds[sight.rows[d]]
        for z in range(len(who)):
            found[d, z] = sight.gains[d, kinds[who[z]]]
    return found


@lean
def _count(s, least):
    """Return how many are above a limit."""
    count = 0
    for c in range(len(s)):
        count += s[c] > least
    return count


@njit(cache=True, nogil=True)
def _top(s, count):
    """Return places of the largest, falling; equals: the earlier ones."""
    top = np.empty(min(count, len(s)), np.int64)
    size = 0
    limit = -np.inf
    for first in range(0, len(s), _FEW):
        few = s[first : first + _FEW]
        if size == len(top) and (size == 0 or _count(few, limit) == 0):
            continue
        for c in range(first, first + len(few)):
            if size == len(top) and (size == 0 or s[c] <= limit):
                continue
            size = min(size + 1, len(top))
            z = size - 1
            while z > 0 and s[top[z - 1]] < s[c]:
                top[z] = top[z - 1]
                z -= 1
            top[z] = c
            limit = s[top[size - 1]]
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
def _first_team(gain, net, homes, limit, kept, most, fixed, floor):
    """Return the value that the largest marginal gains add to the first ``fixed`` candidates, the pinned."""
    value = 0.0
    cover = floor.copy()
    team = np.arange(most + 1)
    marginal = np.empty(len(net))
    for size in range(fixed, most):
        _reduced(gain, net, cover, marginal)
        rise = 0.0
        pick = -1
        for c in range(fixed, len(net)):
            if marginal[c] <= rise or not joins(team, size, c, homes, limit, kept, most):
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
        value += rise
        for d in range(len(gain)):
            cover[d] = max(cover[d], gain[d, pick])
    return value


@njit(cache=True, nogil=True)
def largest(sight, homes, limit, most, known):
    """Return the largest value of a team of at most ``most`` candidates, the pinned ones among them.

    Parameters
    ----------
    sight : Sight
    homes : (N,) institutions of mentors, limit : teammates from one, at most; 0: any number
    known : float
        What some team is worth; -inf where none is known.
    """
    return reach(sight, homes, limit, most, known)[0]


@njit(cache=True, nogil=True)
def reach(sight, homes, limit, most, known):
    """Return that largest value, and the shares u, (A,), of the narrowest bound; parameters as of ``largest``."""
    pins = sight.pins
    fixed = len(pins)
    seats = most - fixed
    pinned = _gains_of(sight, pins)
    floor = np.zeros(len(sight.gains))
    base = sight.net[pins].sum()
    for d in range(len(floor)):
        for z in range(fixed):
            floor[d] = max(floor[d], pinned[d, z])
    best = max(known, base + floor.sum())
    if seats <= 0:
        return best, floor
    u = floor
    best_u = u
    s = np.empty(len(sight.net), np.float32)
    few = pins
    over = np.inf
    least = 0.0
    stalled = 0
    while stalled < _STALLED:
        _scan(sight, u, s)
        top = _top(s, max(seats, _BEST))
        bound = base + u.sum() + _ROUNDING
        for z in range(min(seats, len(top))):
            bound += max(s[top[z]], 0.0)
        stalled = stalled + 1 if over - bound <= (over - best) / 8 else 0
        if bound < over:
            over = bound
            best_u = u
            least = max(s[top[seats - 1]], 0.0) if len(top) >= seats else 0.0
        if bound == over and len(few) > fixed and _count(s, np.float32(least - (over - best))) > _FEW:
            best = _best_of(sight, few, homes, limit, most, floor, base, best)
        if over <= best + _EXACT:
            return best, best_u
        if bound == over and len(few) > fixed and _count(s, np.float32(least - (over - best))) <= _FEW:
            break
        few = _with(few, top)
        own = _gains_of(sight, few)
        net = sight.net[few]
        rise = _first_team(own, net, homes[sight.mentors[few]], limit, sight.kept[few], most, fixed, floor)
        best = max(best, base + floor.sum() + rise)
        u = _shares(own[:, fixed:], net[fixed:], floor, seats, best - base, u)
    _scan(sight, best_u, s)
    left = np.concatenate((pins, np.flatnonzero(s > np.float32(least - (over - best)))))
    return _best_of(sight, left, homes, limit, most, floor, base, best), best_u


@njit(cache=True, nogil=True)
def _best_of(sight, few, homes, limit, most, floor, base, best):
    """Return the value of the best team of some candidates, the pinned first, or ``best`` if none is better."""
    fixed = len(sight.pins)
    team = np.zeros(most + 1, np.int64)
    for q in range(fixed):
        team[q] = q
    left = np.arange(fixed, len(few))
    near = homes[sight.mentors[few]]
    value = base + floor.sum()
    own, net, kept = _gains_of(sight, few), sight.net[few], sight.kept[few]
    if len(left) > _FEW and len(own) <= MOST_CRITERIA:
        rise = partitioned(own, net, near, limit, kept, most, team, fixed, floor, left, best - value)
        return max(best, value + rise)
    return _branched(own, net, near, limit, kept, most, team, fixed, floor, value, left, best)


@njit(cache=True, nogil=True)
def _with(few, top):
    """Return those who are among few or at the top, the few first."""
    out = np.empty(len(few) + len(top), np.int64)
    out[: len(few)] = few
    size = len(few)
    for c in top:
        known = False
        for z in range(len(few)):
            known |= few[z] == c
        if not known:
            out[size] = c
            size += 1
    return out[:size]


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
        if not joins(team, size, c, homes, limit, kept, most):
            continue
        team[size] = c
        wider = np.empty(criteria)
        more = value + net[c]
        for d in range(criteria):
            wider[d] = max(cover[d], gain[d, c])
            more += wider[d] - cover[d]
        best = _branched(gain, net, homes, limit, kept, most, team, size + 1, wider, more, order[p + 1 :], best)
    return best
