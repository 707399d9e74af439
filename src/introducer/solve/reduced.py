"""Reduced worths of a mentee's candidates, and who of them is left: what each search for a team begins with.

For any ``u >= cov``, what the pinned cover, no team exceeds ``base + sum_d u_d`` plus the k largest positive
``s_c = sum_d max(g_dc - u_d, 0) + a_c - cost_c`` [1]_. What is of many candidates stands side by side.

.. [1] Cornuejols G., Fisher M. L., Nemhauser G. L., Location of bank accounts to optimize
   float, Management Science 23 (1977) 789-810.
"""

from __future__ import annotations

import numpy as np

from introducer.lean import lean

__all__ = ["add_up", "keep_reaching", "reaching", "reduce_worths", "take_pins", "take_step", "within_reach"]


@lean
def add_up(net, gain, level, criteria, begin, end, out):
    """Write what each from ``begin`` to ``end`` has beside what is there already, one criterion after the other."""
    some = out[begin:end]
    own = net[begin:end]
    for q in range(len(some)):
        some[q] = own[q]
    for d in range(criteria):
        row = gain[d, begin:end]
        here = level[d]
        for q in range(len(some)):
            some[q] += max(row[q] - here, 0.0)


@lean
def reduce_worths(gain, criteria, seats, base, room, n):
    """Compute s of the n candidates left, and the slope of the bound in u.

    Return the bound and the sum of its ``seats - 1`` largest s.
    """
    add_up(room.net, gain, room.u, criteria, 0, n, room.s)
    count = 0
    least = -np.inf
    for q in range(n):
        if count < seats or room.s[q] > least:
            count = min(count + 1, seats)
            z = count - 1
            while z > 0 and room.s[room.top[z - 1]] < room.s[q]:
                room.top[z] = room.top[z - 1]
                z -= 1
            room.top[z] = q
            least = room.s[room.top[count - 1]]
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
            if gain[d, q] > room.u[d]:
                room.slope[d] -= 1.0
    return bound, others


@lean
def reaching(room, n, criteria, floor):
    """Return of how many s with all of u is above the floor; their places are left in ``room.order``."""
    for d in range(criteria):
        floor -= room.u[d]
    stay = 0
    for q in range(n):
        if room.s[q] > floor:
            room.order[stay] = q
            stay += 1
    return stay


@lean
def keep_reaching(gain, room, stay, criteria):
    """Go on with the candidates whose places are in ``room.order``, ascending; ``gain`` may be ``room.gain``."""
    for z in range(stay):
        q = room.order[z]
        room.left[z] = room.left[q]
        room.net[z] = room.net[q]
        room.s[z] = room.s[q]
    for d in range(criteria):
        for z in range(stay):
            room.gain[d, z] = gain[d, room.order[z]]


@lean
def within_reach(gain, room, n, criteria, floor):
    """Drop the candidates whose s with all of u is not above the floor; return how many stay.

    Their gains stand in ``room.gain`` then, which ``gain`` may be.
    """
    stay = reaching(room, n, criteria, floor)
    keep_reaching(gain, room, stay, criteria)
    return stay


@lean
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


@lean
def take_pins(a, i, gain, room, out):
    """Write the pinned, what they cover, and who is left; return (pinned, left, net pair worth of the pinned).

    Where some are pinned, the gains of those left are in ``room.gain``.
    """
    first = a.starts[i]
    criteria, count = gain.shape
    pinned = 0
    n = 0
    base = 0.0
    for d in range(criteria):
        room.cov[0, d] = 0.0
    for c in range(count):
        net = a.pairs[first + c] - room.cost[c]
        if a.pinned[first + c]:
            out[pinned] = c
            room.chosen[pinned] = c
            pinned += 1
            base += net
            for d in range(criteria):
                room.cov[0, d] = max(room.cov[0, d], gain[d, c])
        else:
            room.left[n] = c
            room.net[n] = net
            n += 1
    if pinned:
        for d in range(criteria):
            for q in range(n):
                room.gain[d, q] = gain[d, room.left[q]]
    return pinned, n, base
