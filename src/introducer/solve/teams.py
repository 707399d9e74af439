"""One mentee's best team at given costs, exactly.

The problem: choose at most k candidates, the pinned ones among them, at most r of one
institution and at most k - 1 that may not take the kept seat, to maximize

    sum_d max_{c in S} g_dc + sum_{c in S} (a_c - cost_c).

The method:

1. Pinned candidates are in: coverage ``cov`` starts from them.
2. **Reduced worth.** For any ``u >= cov`` no team exceeds ``base + sum_d u_d`` plus the k
   largest positive ``s_c = sum_d max(g_dc - u_d, 0) + a_c - cost_c`` (the bound of facility
   location [1]_). The ``u`` of the last call for this mentee is a good one to begin with.
3. Greedy gives a team and its value L.
4. A candidate whose own bound (2, with itself in the team) is not above L is dropped: most
   are. While many are left, ``u`` takes Polyak's steps [2]_ towards L, and 4 is repeated.
5. The teams of those left are enumerated by falling ``s``. A partial team is not continued if its
   ``s`` with the next largest does not pass L, nor if its worth with the largest that others, each
   by itself, would add does not [3]_.

Equal teams: the first found, greedy's first, then in order of falling ``s``, then rising
candidate.

.. [1] Cornuejols G., Fisher M. L., Nemhauser G. L., Location of bank accounts to optimize
   float, Management Science 23 (1977) 789-810.
.. [2] Polyak B. T., Minimization of unsmooth functionals, USSR Comput. Math. Math. Phys. 9
   (1969) 14-29.
.. [3] Nemhauser G. L., Wolsey L. A., Fisher M. L., An analysis of approximations for maximizing
   submodular set functions, Mathematical Programming 14 (1978) 265-294.
"""

from __future__ import annotations

import numpy as np

from introducer.lean import lean, making
from introducer.solve.reduced import (
    add_up,
    keep_reaching,
    reaching,
    reduce_worths,
    take_pins,
    take_step,
    within_reach,
)

__all__ = ["best_team", "may_join", "sort_left", "team_value"]

#: So few candidates go straight to the enumeration; of so few the order is found by insertion.
_FEW, _SOME = 8, 64
_POLYAK_STEPS = 60
#: Smaller differences are rounding.
_TINY = 1e-11


@lean
def team_value(a, i, team, size, skip):
    """Value of a mentee's team without the one in position ``skip`` (-1: whole)."""
    first = a.starts[i]
    count = a.starts[i + 1] - first
    total = 0.0
    for d in range(a.widths[i]):
        most = 0.0
        for q in range(size):
            if q != skip:
                most = max(most, a.gains[a.gain_starts[i] + d * count + team[q]])
        total += most
    for q in range(size):
        if q != skip:
            total += a.pairs[first + team[q]]
    return total


@lean
def may_join(a, first, k, team, size, c):
    """Whether candidate c may join a team of candidates: institution limit and kept seat."""
    if a.institution_limit > 0:
        home = a.institutions[a.mentors[first + c]]
        if home >= 0:
            mates = 0
            for q in range(size):
                mates += a.institutions[a.mentors[first + team[q]]] == home
            if mates >= a.institution_limit:
                return False
    if not a.kept[first + c]:
        others = 0
        for q in range(size):
            others += not a.kept[first + team[q]]
        if others >= k - 1:
            return False
    return True


@lean
def _greedy(a, first, k, gain, criteria, room, n, out, size, value):
    """Fill the team with the largest marginal gain, equals by candidate; return (value, size)."""
    pinned = size
    cov = room.cov[1]
    more = room.more[0]
    for d in range(criteria):
        cov[d] = room.cov[0, d]
    while size < k:
        best = _TINY
        pick = -1
        add_up(room.net, gain, cov, criteria, 0, n, more)
        for q in range(n):
            if more[q] <= best or not may_join(a, first, k, out, size, room.left[q]):
                continue
            taken = False
            for z in range(pinned, size):
                taken |= out[z] == room.left[q]
            if not taken:
                best = more[q]
                pick = q
        if pick < 0:
            break
        out[size] = room.left[pick]
        size += 1
        value += best
        for d in range(criteria):
            cov[d] = max(cov[d], gain[d, pick])
    return value, size


@lean
def _sharpen(gain, criteria, seats, base, room, n, value, bound, others, v):
    """Drop who cannot be in a better team, moving u while many are left; return (left, lowest bound)."""
    lowest = np.inf
    theta = 1.0
    n = within_reach(gain, room, n, criteria, value + _TINY - others - base)
    for _ in range(_POLYAK_STEPS):
        if bound < lowest - _TINY:
            lowest = bound
            for d in range(criteria):
                v[d] = room.u[d]
        else:
            theta *= 0.8
        if n <= _FEW or bound <= value + _TINY:
            return n, lowest
        if not take_step(room, criteria, theta * (bound - value)):
            break
        bound, others = reduce_worths(room.gain, criteria, seats, base, room, n)
        stay = reaching(room, n, criteria, value + _TINY - others - base)
        if stay < n:
            n = stay
            keep_reaching(room.gain, room, n, criteria)
    # The last u need not be the best one.
    for d in range(criteria):
        room.u[d] = v[d]
    bound, others = reduce_worths(room.gain, criteria, seats, base, room, n)
    return within_reach(room.gain, room, n, criteria, value + _TINY - others - base), lowest


@making
def _sort_many(s, order):
    """Write the order of falling s, equals by place."""
    order[:] = np.argsort(-s, kind="mergesort")


@lean
def sort_left(room, n, criteria):
    """Write those left in order of falling s, equals by candidate: their places, their net worths and gains."""
    if n > _SOME:
        _sort_many(room.s[:n], room.order[:n])
    else:
        for q in range(n):
            z = q
            while z > 0 and room.s[room.order[z - 1]] < room.s[q]:
                room.order[z] = room.order[z - 1]
                z -= 1
            room.order[z] = q
    for z in range(n):
        room.sorted_net[z] = room.net[room.order[z]]
    for d in range(criteria):
        for z in range(n):
            room.sorted_gain[d, z] = room.gain[d, room.order[z]]


@lean
def _open(room, n, criteria, level, begin, free):
    """Write what each from ``begin`` on would add on a level with so many free seats; return what they could together.

    What can come on top of one of them is left in ``room.others``.
    """
    more = room.more[level]
    top = room.largest
    add_up(room.sorted_net, room.sorted_gain, room.cov[level], criteria, begin, n, more)
    for z in range(free):
        top[z] = 0.0
    total = 0.0
    for q in range(begin, n):
        if more[q] > top[free - 1]:
            total += more[q] - top[free - 1]
            z = free - 1
            while z > 0 and top[z - 1] < more[q]:
                top[z] = top[z - 1]
                z -= 1
            top[z] = more[q]
    room.others[level] = total - top[free - 1]
    return total


@lean
def _search(a, first, k, criteria, room, n, pinned, top, out, size, value, limit):
    """Enumerate teams of the n candidates left by falling s; return (value, size, open bound).

    ``top`` is ``base + sum_d u_d``: with the sum of s it bounds every team.
    """
    if n == 0:
        return value, size, -np.inf
    sort_left(room, n, criteria)
    level = 0
    nodes = 0
    open_bound = -np.inf
    room.place[0] = 0
    room.reach[0] = top
    _open(room, n, criteria, 0, 0, k - pinned)
    while level >= 0:
        free = k - pinned - level
        p = room.place[level]
        if p >= n:
            level -= 1
            continue
        reach = room.reach[level] + room.s[room.order[p]]
        upper = reach
        for q in range(p + 1, min(p + free, n)):
            upper += max(room.s[room.order[q]], 0.0)
        if upper <= value + _TINY:
            level -= 1
            continue
        room.place[level] = p + 1
        worth = room.worth[level] + room.more[level, p]
        upper = min(upper, worth + room.others[level])
        c = room.left[room.order[p]]
        if upper <= value + _TINY or not may_join(a, first, k, room.chosen, pinned + level, c):
            continue
        room.chosen[pinned + level] = c
        if worth > value + _TINY:
            value = worth
            size = pinned + level + 1
            for q in range(size):
                out[q] = room.chosen[q]
        if free == 1 or p + 1 == n:
            continue
        if nodes >= limit:
            open_bound = max(open_bound, upper)
            continue
        nodes += 1
        for d in range(criteria):
            room.cov[level + 1, d] = max(room.sorted_gain[d, p], room.cov[level, d])
        if worth + _open(room, n, criteria, level + 1, p + 1, free - 1) > value + _TINY:
            level += 1
            room.worth[level] = worth
            room.reach[level] = reach
            room.place[level] = p + 1
    return value, size, open_bound


@lean
def best_team(a, i, room, v, out, limit):
    """Return (value, size, upper bound) of mentee i's best team at the costs in ``room.cost``.

    Parameters
    ----------
    a : Arrays
    v : ndarray of float64, shape (at least A_i,)
        The u of the last call; the best one of this call is written there.
    out : ndarray of int64, shape (at least 5,)
        Places of the team among the mentee's candidates, in order of choice.
    limit : int
        Nodes after which the search gives its open bound instead of a proof.

    Notes
    -----
    The upper bound equals the value unless the search was cut at its limit of nodes.
    """
    first = a.starts[i]
    count = a.starts[i + 1] - first
    criteria = a.widths[i]
    k = a.team_sizes[i]
    own = a.gains[a.gain_starts[i] : a.gain_starts[i + 1]].reshape((criteria, count))
    pinned, n, base = take_pins(a, i, own, room, out)
    gain = room.gain if pinned else own
    value = base
    for d in range(criteria):
        value += room.cov[0, d]
        room.u[d] = max(v[d], room.cov[0, d])
    room.worth[0] = value
    seats = k - pinned
    if seats <= 0 or n == 0:
        return value, pinned, value
    bound, others = reduce_worths(gain, criteria, seats, base, room, n)
    value, size = _greedy(a, first, k, gain, criteria, room, n, out, pinned, value)
    n, lowest = _sharpen(gain, criteria, seats, base, room, n, value, bound, others, v)
    over = base
    for d in range(criteria):
        over += room.u[d]
    value, size, open_bound = _search(a, first, k, criteria, room, n, pinned, over, out, size, value, limit)
    return value, size, max(value, min(open_bound, lowest))
