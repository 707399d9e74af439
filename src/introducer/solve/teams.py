"""One mentee's best team at given costs, exactly.

The problem: choose at most k candidates, the pinned ones among them, at most r of one
institution and at most k - 1 that may not take the kept seat, to maximize

    sum_d max_{c in S} g_dc + sum_{c in S} (a_c - cost_c).

The method:

1. Pinned candidates are in: coverage ``cov`` starts from them.
2. **Reduced worth.** For any ``u >= cov`` no team exceeds ``base + sum_d u_d`` plus the k
   largest positive ``s_c = sum_d max(g_dc - u_d, 0) + a_c - cost_c`` (the bound of facility
   location [1]_). The ``u`` of the last call for this mentee is a good one to begin with.
3. Greedy over the candidates of largest ``s`` gives a team and its value L.
4. A candidate whose own bound (2, with itself in the team) is not above L is dropped: most
   are. While many are left, ``u`` takes Polyak's steps [2]_ towards L, and 4 is repeated.
5. Depth-first branch and bound over those left, by falling marginal gain; a node is cut if
   its value plus its largest remaining marginals is not above L (submodularity [3]_).

Equal teams: the first found, in order of falling marginal gain, then rising candidate.

.. [1] Cornuejols G., Fisher M. L., Nemhauser G. L., Location of bank accounts to optimize
   float, Management Science 23 (1977) 789-810.
.. [2] Polyak B. T., Minimization of unsmooth functionals, USSR Comput. Math. Math. Phys. 9
   (1969) 14-29.
.. [3] Nemhauser G. L., Wolsey L. A., Fisher M. L., An analysis of approximations for
   maximizing submodular set functions I, Math. Programming 14 (1978) 265-294.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["MOST", "Room", "best_team", "make_room"]

#: Largest team.
MOST = 5
#: Candidates that greedy looks at.
_SHORT = 24
#: So few candidates go straight to branch and bound.
_FEW = 16
_POLYAK_STEPS = 25
#: Nodes after which a search gives its open bound instead of a proof.
_NODES = 20_000
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
    gains: NDArray[np.float64]  # (A, C) gains of those left
    own: NDArray[np.float64]  # (C,) pair worth minus cost of those left
    ids: NDArray[np.int64]  # (levels, C) branches of each level, -1 behind the last
    marginals: NDArray[np.float64]  # (levels, C) and their marginal gains
    chosen: NDArray[np.int64]  # team of the present node
    worth: NDArray[np.float64]  # (levels,) and its value
    length: NDArray[np.int64]  # (levels,) number of branches
    place: NDArray[np.int64]  # (levels,) next branch


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
        np.empty(_SHORT, np.int64),
        np.empty((levels, criteria)),
        np.empty((criteria, candidates)),
        np.empty(candidates),
        np.empty((levels, candidates + 1), np.int64),
        np.empty((levels, candidates)),
        np.empty(levels, np.int64),
        np.empty(levels),
        np.empty(levels, np.int64),
        np.empty(levels, np.int64),
    )


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
def _reduce(a, first, gain, seats, base, room, n, most):
    """Compute s of the n candidates left, list the ``most`` largest in ``top``, and the slope.

    Return the bound, the sum of its ``seats - 1`` largest s, and the length of ``top``.
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
        if count < most or room.s[q] > room.s[room.top[count - 1]]:
            count = min(count + 1, most)
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
    for z in range(min(seats, count)):
        q = room.top[z]
        if room.s[q] <= 0.0:
            break
        bound += room.s[q]
        if z < seats - 1:
            others += room.s[q]
        for d in range(criteria):
            if gain[d, room.left[q]] > room.u[d]:
                room.slope[d] -= 1.0
    return bound, others, count


@njit(cache=True, nogil=True)
def _greedy(a, first, k, gain, room, count, out, size, value):
    """Fill the team with the largest marginal gain among ``top``; return (value, size)."""
    criteria = gain.shape[0]
    pinned = size
    cov = room.cov[1]
    for d in range(criteria):
        cov[d] = room.cov[0, d]
    while size < k:
        best = _TINY
        pick = -1
        for z in range(count):
            c = room.left[room.top[z]]
            taken = False
            for q in range(pinned, size):
                taken |= out[q] == c
            if taken or not may_join(a, first, k, out, size, c):
                continue
            x = a.pairs[first + c] - room.cost[c]
            for d in range(criteria):
                x += max(gain[d, c] - cov[d], 0.0)
            if x > best or (x == best and c < pick):
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
def _sharpen(a, first, gain, seats, base, room, n, value, bound, others, v):
    """Drop who cannot be in a better team, moving u while many are left; return (left, lowest bound)."""
    criteria = gain.shape[0]
    lowest = np.inf
    theta = 1.0
    stalled = 0
    for step in range(_POLYAK_STEPS + 1):
        if bound < lowest - _TINY:
            lowest = bound
            stalled = 0
            for d in range(criteria):
                v[d] = room.u[d]
        else:
            stalled += 1
            if stalled % 4 == 0:
                theta *= 0.6
        floor = value + _TINY - others - base
        for d in range(criteria):
            floor -= room.u[d]
        keep = 0
        for q in range(n):
            if room.s[q] > floor:
                room.left[keep] = room.left[q]
                keep += 1
        n = keep
        if n <= _FEW or bound <= value + _TINY or step == _POLYAK_STEPS:
            break
        length = 0.0
        for d in range(criteria):
            if room.u[d] <= room.cov[0, d] and room.slope[d] > 0.0:
                room.slope[d] = 0.0
            length += room.slope[d] * room.slope[d]
        if length == 0.0:
            break
        pace = theta * (bound - value) / length
        for d in range(criteria):
            room.u[d] = max(room.cov[0, d], room.u[d] - pace * room.slope[d])
        bound, others, _count = _reduce(a, first, gain, seats, base, room, n, seats)
    return n, lowest


@njit(cache=True, nogil=True)
def _branches(a, first, k, criteria, room, n, size, level):
    """List the branches of a level by falling marginal gain; only those behind the one chosen above."""
    above = level - 1
    found = 0
    for q in range(0 if level == 0 else room.place[above], n):
        x = q
        if level > 0:
            x = room.ids[above, q]
            if x < 0:
                break
        gain = room.own[x]
        for d in range(criteria):
            gain += max(room.gains[d, x] - room.cov[level, d], 0.0)
        if gain > _TINY and may_join(a, first, k, room.chosen, size, room.left[x]):
            z = found
            while z > 0 and room.marginals[level, z - 1] < gain:
                room.marginals[level, z] = room.marginals[level, z - 1]
                room.ids[level, z] = room.ids[level, z - 1]
                z -= 1
            room.marginals[level, z] = gain
            room.ids[level, z] = x
            found += 1
    room.ids[level, found] = -1
    room.length[level] = found
    room.place[level] = 0


@njit(cache=True, nogil=True)
def _search(a, first, k, criteria, room, n, pinned, out, size, value):
    """Branch and bound over the n candidates left; return (value, size, open bound)."""
    level = 0
    nodes = 0
    open_bound = -np.inf
    _branches(a, first, k, criteria, room, n, pinned, 0)
    while level >= 0:
        free = k - pinned - level
        p = room.place[level]
        upper = room.worth[level]
        for q in range(p, min(p + free, room.length[level])):
            upper += room.marginals[level, q]
        if p >= room.length[level] or upper <= value + _TINY:
            level -= 1
            continue
        if nodes >= _NODES:
            open_bound = max(open_bound, upper)
            level -= 1
            continue
        nodes += 1
        x = room.ids[level, p]
        room.place[level] = p + 1
        worth = room.worth[level] + room.marginals[level, p]
        room.chosen[pinned + level] = room.left[x]
        if worth > value + _TINY:
            value = worth
            size = pinned + level + 1
            for q in range(size):
                out[q] = room.chosen[q]
        if free > 1:
            level += 1
            room.worth[level] = worth
            for d in range(criteria):
                room.cov[level, d] = max(room.cov[level - 1, d], room.gains[d, x])
            _branches(a, first, k, criteria, room, n, pinned + level, level)
    return value, size, open_bound


@njit(cache=True, nogil=True)
def best_team(a, i, room, v, out):
    """Return (value, size, upper bound) of mentee i's best team at the costs in ``room.cost``.

    Parameters
    ----------
    a : Arrays
    v : ndarray of float64, shape (at least A_i,)
        The u of the last call; the best one of this call is written there.
    out : ndarray of int64, shape (at least 5,)
        Places of the team among the mentee's candidates, in order of choice.

    Notes
    -----
    The upper bound equals the value unless the search was cut at its limit of nodes.
    """
    first = a.starts[i]
    count = a.starts[i + 1] - first
    criteria = a.widths[i]
    k = a.team_sizes[i]
    gain = a.gains[a.gain_starts[i] : a.gain_starts[i + 1]].reshape((criteria, count))
    for d in range(criteria):
        room.cov[0, d] = 0.0
    pinned = 0
    n = 0
    base = 0.0
    for c in range(count):
        if a.pinned[first + c]:
            out[pinned] = c
            room.chosen[pinned] = c
            pinned += 1
            base += a.pairs[first + c] - room.cost[c]
            for d in range(criteria):
                room.cov[0, d] = max(room.cov[0, d], gain[d, c])
        else:
            room.left[n] = c
            n += 1
    value = base
    for d in range(criteria):
        value += room.cov[0, d]
        room.u[d] = max(v[d], room.cov[0, d])
    room.worth[0] = value
    seats = k - pinned
    if seats <= 0 or n == 0:
        return value, pinned, value
    bound, others, top = _reduce(a, first, gain, seats, base, room, n, _SHORT)
    value, size = _greedy(a, first, k, gain, room, top, out, pinned, value)
    n, lowest = _sharpen(a, first, gain, seats, base, room, n, value, bound, others, v)
    for q in range(n):
        c = room.left[q]
        room.own[q] = a.pairs[first + c] - room.cost[c]
        for d in range(criteria):
            room.gains[d, q] = gain[d, c]
    value, size, open_bound = _search(a, first, k, criteria, room, n, pinned, out, size, value)
    return value, size, max(value, min(open_bound, lowest))
