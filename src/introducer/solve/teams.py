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
5. The teams of those left are enumerated by falling ``s``; a partial team whose ``s`` with
   the next largest does not pass L is not continued.

Equal teams: the first found, greedy's first, then in order of falling ``s``, then rising
candidate.

.. [1] Cornuejols G., Fisher M. L., Nemhauser G. L., Location of bank accounts to optimize
   float, Management Science 23 (1977) 789-810.
.. [2] Polyak B. T., Minimization of unsmooth functionals, USSR Comput. Math. Math. Phys. 9
   (1969) 14-29.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = [
    "MOST",
    "Room",
    "best_team",
    "make_room",
    "may_join",
    "reduce_worths",
    "take_pins",
    "take_step",
    "team_value",
    "within_reach",
]

#: Largest team.
MOST = 5
#: So few candidates go straight to the enumeration.
_FEW = 8
_POLYAK_STEPS = 60
#: Smaller differences are rounding.
_TINY = 1e-11


class Room(NamedTuple):
    """Memory that the search works in, for the widest mentee of a problem."""

    cost: NDArray[np.float64]  # (C,) what each candidate costs; the caller writes it
    left: NDArray[np.int64]  # (C,) candidates not dropped yet
    s: NDArray[np.float64]  # (C,) reduced worth of those
    u: NDArray[np.float64]  # (A,)
    slope: NDArray[np.float64]  # (A,) subgradient of the bound in u
    top: NDArray[np.int64]  # places in ``left``, largest s first
    cov: NDArray[np.float64]  # (levels, A) coverage on each level of the search
    chosen: NDArray[np.int64]  # team of the present node
    worth: NDArray[np.float64]  # (levels,) and its value
    reach: NDArray[np.float64]  # (levels,) what bounds it, without those to come
    place: NDArray[np.int64]  # (levels,) next candidate to try


@njit(cache=True, nogil=True)
def make_room(candidates, criteria):
    """Return room for mentees of at most so many candidates and criteria."""
    levels = MOST + 1
    return Room(
        np.empty(candidates),
        np.empty(candidates, np.int64),
        np.empty(candidates),
        np.empty(criteria),
        np.empty(criteria),
        np.empty(MOST, np.int64),
        np.empty((levels, criteria)),
        np.empty(levels, np.int64),
        np.empty(levels),
        np.empty(levels),
        np.empty(levels, np.int64),
    )


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def reduce_worths(a, first, gain, seats, base, room, n):
    """Compute s of the n candidates left, and the slope of the bound in u.

    Return the bound and the sum of its ``seats - 1`` largest s.
    """
    criteria = gain.shape[0]
    for q in range(n):
        room.s[q] = a.pairs[first + room.left[q]] - room.cost[room.left[q]]
    for d in range(criteria):
        u = room.u[d]
        for q in range(n):
            room.s[q] += max(gain[d, room.left[q]] - u, 0.0)
    count = 0
    for q in range(n):
        if count < seats or room.s[q] > room.s[room.top[count - 1]]:
            count = min(count + 1, seats)
            z = count - 1
            while z > 0 and room.s[room.top[z - 1]] < room.s[q]:
                room.top[z] = room.top[z - 1]
                z -= 1
            room.top[z] = q
    bound = base
    others = 0.0
    for d in range(criteria):
        bound += room.u[d]
        room.slope[d] = 1.0
    for z in range(count):
        q = room.top[z]
        if room.s[q] <= 0.0:
            break
        bound += room.s[q]
        if z < seats - 1:
            others += room.s[q]
        for d in range(criteria):
            if gain[d, room.left[q]] > room.u[d]:
                room.slope[d] -= 1.0
    return bound, others


@njit(cache=True, nogil=True)
def _greedy(a, first, k, gain, room, count, out, size, value):
    """Fill the team with the largest marginal gain, equals by candidate; return (value, size)."""
    criteria = gain.shape[0]
    pinned = size
    cov = room.cov[1]
    for d in range(criteria):
        cov[d] = room.cov[0, d]
    while size < k:
        best = _TINY
        pick = -1
        for q in range(count):
            c = room.left[q]
            x = a.pairs[first + c] - room.cost[c]
            for d in range(criteria):
                x += max(gain[d, c] - cov[d], 0.0)
            if x <= best or not may_join(a, first, k, out, size, c):
                continue
            taken = False
            for z in range(pinned, size):
                taken |= out[z] == c
            if not taken:
                best = x
                pick = c
        if pick < 0:
            break
        out[size] = pick
        size += 1
        value += best
        for d in range(criteria):
            cov[d] = max(cov[d], gain[d, pick])
    return value, size


@njit(cache=True, nogil=True)
def within_reach(room, n, criteria, floor):
    """Drop the candidates whose s with all of u is not above the floor; return how many stay."""
    for d in range(criteria):
        floor -= room.u[d]
    stay = 0
    for q in range(n):
        if room.s[q] > floor:
            room.left[stay] = room.left[q]
            room.s[stay] = room.s[q]
            stay += 1
    return stay


@njit(cache=True, nogil=True)
def take_step(room, criteria, gap):
    """Move u against the slope of the bound as far as closes a gap, not below the cover; False where it is flat."""
    length = 0.0
    for d in range(criteria):
        if room.u[d] <= room.cov[0, d] and room.slope[d] > 0.0:
            room.slope[d] = 0.0
        length += room.slope[d] * room.slope[d]
    if length == 0.0:
        return False
    pace = gap / length
    for d in range(criteria):
        room.u[d] = max(room.cov[0, d], room.u[d] - pace * room.slope[d])
    return True


@njit(cache=True, nogil=True)
def take_pins(a, i, gain, room, out):
    """Write the pinned, what they cover, and who is left; return (pinned, left, net pair worth of the pinned)."""
    first = a.starts[i]
    pinned = 0
    n = 0
    base = 0.0
    room.cov[0, : gain.shape[0]] = 0.0
    for c in range(gain.shape[1]):
        if a.pinned[first + c]:
            out[pinned] = c
            room.chosen[pinned] = c
            pinned += 1
            base += a.pairs[first + c] - room.cost[c]
            for d in range(gain.shape[0]):
                room.cov[0, d] = max(room.cov[0, d], gain[d, c])
        else:
            room.left[n] = c
            n += 1
    return pinned, n, base


@njit(cache=True, nogil=True)
def _sharpen(a, first, gain, seats, base, room, n, value, bound, others, v):
    """Drop who cannot be in a better team, moving u while many are left; return (left, lowest bound)."""
    criteria = gain.shape[0]
    lowest = np.inf
    theta = 1.0
    for _ in range(_POLYAK_STEPS):
        if bound < lowest - _TINY:
            lowest = bound
            for d in range(criteria):
                v[d] = room.u[d]
        else:
            theta *= 0.8
        n = within_reach(room, n, criteria, value + _TINY - others - base)
        if n <= _FEW or bound <= value + _TINY:
            return n, lowest
        if not take_step(room, criteria, theta * (bound - value)):
            break
        bound, others = reduce_worths(a, first, gain, seats, base, room, n)
    # The last u need not be the best one.
    for d in range(criteria):
        room.u[d] = v[d]
    bound, others = reduce_worths(a, first, gain, seats, base, room, n)
    return within_reach(room, n, criteria, value + _TINY - others - base), lowest


@njit(cache=True, nogil=True)
def _search(a, first, k, gain, room, n, pinned, top, out, size, value, limit):
    """Enumerate teams of the n candidates left by falling s; return (value, size, open bound).

    ``top`` is ``base + sum_d u_d``: with the sum of s it bounds every team.
    """
    criteria = gain.shape[0]
    order = np.argsort(-room.s[:n], kind="mergesort")
    level = 0
    nodes = 0
    open_bound = -np.inf
    room.place[0] = 0
    room.reach[0] = top
    while level >= 0:
        free = k - pinned - level
        p = room.place[level]
        if p >= n or free == 0:
            level -= 1
            continue
        upper = room.reach[level] + room.s[order[p]]
        for q in range(p + 1, min(p + free, n)):
            upper += max(room.s[order[q]], 0.0)
        if upper <= value + _TINY:
            level -= 1
            continue
        if nodes >= limit:
            open_bound = max(open_bound, upper)
            level -= 1
            continue
        nodes += 1
        room.place[level] = p + 1
        c = room.left[order[p]]
        if not may_join(a, first, k, room.chosen, pinned + level, c):
            continue
        room.chosen[pinned + level] = c
        worth = room.worth[level] + a.pairs[first + c] - room.cost[c]
        for d in range(criteria):
            here = gain[d, c]
            before = room.cov[level, d]
            room.cov[level + 1, d] = max(here, before)
            worth += max(here - before, 0.0)
        if worth > value + _TINY:
            value = worth
            size = pinned + level + 1
            for q in range(size):
                out[q] = room.chosen[q]
        level += 1
        room.worth[level] = worth
        room.reach[level] = room.reach[level - 1] + room.s[order[p]]
        room.place[level] = p + 1
    return value, size, open_bound


@njit(cache=True, nogil=True)
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
    gain = a.gains[a.gain_starts[i] : a.gain_starts[i + 1]].reshape((criteria, count))
    pinned, n, base = take_pins(a, i, gain, room, out)
    value = base
    for d in range(criteria):
        value += room.cov[0, d]
        room.u[d] = max(v[d], room.cov[0, d])
    room.worth[0] = value
    seats = k - pinned
    if seats <= 0 or n == 0:
        return value, pinned, value
    bound, others = reduce_worths(a, first, gain, seats, base, room, n)
    value, size = _greedy(a, first, k, gain, room, n, out, pinned, value)
    n, lowest = _sharpen(a, first, gain, seats, base, room, n, value, bound, others, v)
    over = base
    for d in range(criteria):
        over += room.u[d]
    value, size, open_bound = _search(a, first, k, gain, room, n, pinned, over, out, size, value, limit)
    return value, size, max(value, min(open_bound, lowest))
