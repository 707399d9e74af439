"""One pass over all allowed pairs of a market, for teams that must be worth enough, without storing the pairs.

As ``introducer.solve.scan``, with the reward theta of ``introducer.solve.above``: a team worth
the floor F whose weight times worth less costs passes L has

    (w + theta) ( sum_d u_d + sum_c s_c )  >  L + theta F,     s_j = sum_d max(g_jd - u_d, 0) + a_j - p_j / (w + theta),

so that a mentor is in none of them if s_j is not above

    lambda - (Phi - (L + theta F) / (w + theta)),

with Phi the bound over all mentors, and lambda the least s that it counts.

1. The best team over the shortlist, and theta.
2. Mentors outside who are not ruled out are listed, at most so many of the largest s.
3. What no team of all mentors passes: what the shortlist reaches if all others are ruled out; else the bound at
   theta over all mentors. Over the shortlist and those listed the best team is best over all, if all could be listed.
"""

from __future__ import annotations

import numpy as np
from numba import njit, prange

from introducer.problem import NO_FLOOR
from introducer.solve.above import above_from
from introducer.solve.reduced import take_pins
from introducer.solve.room import MOST, make_room
from introducer.solve.scan import MARGIN, reduced_row, threshold
from introducer.solve.sweeps import PROOF, widest, write_costs

__all__ = ["outside"]

#: Mentees that one piece of parallel work holds.
_PIECE = 32


@njit(cache=True, nogil=True)
def _list_largest(s, limit, out):
    """Write the places of the largest above a limit, ascending; return how many, and whether there are more."""
    size = 0
    more = False
    for j in range(len(s)):
        if s[j] <= limit:
            continue
        if size == len(out):
            more = True
            least = 0
            for z in range(1, size):
                if s[out[z]] < s[out[least]]:
                    least = z
            if s[j] <= s[out[least]]:
                continue
            for z in range(least, size - 1):
                out[z] = out[z + 1]
            size -= 1
        out[size] = j
        size += 1
    return size, more


@njit(cache=True, nogil=True)
def _largest_sum(s, count):
    """Return the sum of the largest positive ones, and the least of them; 0 where there are fewer."""
    top = np.zeros(count)
    for x in s:
        if x > top[count - 1]:
            z = count - 1
            while z > 0 and top[z - 1] < x:
                top[z] = top[z - 1]
                z -= 1
            top[z] = x
    return top.sum(), top[count - 1]


@njit(cache=True, nogil=True)
def _for_earnings(t, f, a, i, prices, quota_prices, room, s, values, listed):
    """Look where nothing is owed and only costs count: whoever has a price below 0 may be in the team."""
    reduced_row(t, f, prices, quota_prices, i, room.u, 0, s)
    for j in range(len(s)):
        s[j] = np.float32(-prices[j]) if s[j] > -np.inf and prices[j] < 0.0 else np.float32(-np.inf)
    most, _least = _largest_sum(s, max(1, a.team_sizes[i]))
    for c in range(a.starts[i], a.starts[i + 1]):
        s[a.mentors[c]] = -np.inf
    size, more = _list_largest(s, np.float32(-np.inf), listed)
    if size:
        values[i] = max(values[i], most + MARGIN)
    return size, more


@njit(cache=True, nogil=True)
def _outside_piece(t, f, a, wide, low, high, prices, quota_prices, weights, v, rewards, values, sizes, out, cut):
    room = make_room(*wide)
    team = np.empty(MOST, np.int64)
    s = np.empty(t.kinds.shape[1], np.float32)
    for i in range(low, high):
        weight = weights[i]
        write_costs(a, i, prices, quota_prices, room)
        value, _size, upper, reward = above_from(a, i, room, v[i], team, PROOF, weight, rewards[i])
        rewards[i] = reward
        values[i] = upper
        sizes[i] = 0
        cut[i] = False
        scale = weight + reward
        if scale == 0.0 and a.floors[i] == NO_FLOOR:
            room.u[:] = 0.0
            sizes[i], cut[i] = _for_earnings(
                t, f, a, i, prices.astype(np.float32), quota_prices, room, s, values, out[i]
            )
            continue
        reached = value
        if scale == 0.0 or upper == np.inf:
            # None on the shortlist is worth enough: all that is worth most comes in question.
            scale = weight + 1.0
            reached = -np.inf
            values[i] = np.inf
        owed = 0.0 if scale == weight else (scale - weight) * a.floors[i]
        near = prices / scale
        quota_near = quota_prices / scale
        aim = (reached + owed) / scale if reached > -np.inf else a.floors[i] - 1.0
        if threshold(a, i, near, quota_near, v[i], aim, room) == np.inf:
            continue
        reduced_row(t, f, near.astype(np.float32), quota_near, i, room.u, 0, s)
        pinned = _without_pins(a, i, room, near, quota_near, s)
        over = pinned[1]
        for d in range(a.widths[i]):
            over += room.u[d]
        most, last = _largest_sum(s, a.team_sizes[i] - int(pinned[0]))
        over += most
        # Of all mentors: those outside may be in a better team together.
        least = last - max(0.0, over - aim) if reached > -np.inf else -np.inf
        margin = MARGIN * (1.0 + (abs(least) if least > -np.inf else 0.0))
        for c in range(a.starts[i], a.starts[i + 1]):
            s[a.mentors[c]] = -np.inf
        sizes[i], cut[i] = _list_largest(s, np.float32(least - margin), out[i])
        if sizes[i] and reached > -np.inf:
            values[i] = max(upper, scale * (over + margin) - owed)


@njit(cache=True, nogil=True)
def _without_pins(a, i, room, prices, quota_prices, s):
    """Rule out the pinned, who are in every team; return how many they are, and what they bring beside their cover."""
    first = a.starts[i]
    count = a.starts[i + 1] - first
    gain = a.gains[a.gain_starts[i] : a.gain_starts[i + 1]].reshape((a.widths[i], count))
    write_costs(a, i, prices, quota_prices, room)
    pinned, _left, base = take_pins(a, i, gain, room, room.chosen)
    for q in range(pinned):
        s[a.mentors[first + room.chosen[q]]] = -np.inf
    return float(pinned), base


@njit(cache=True, parallel=True)
def outside(t, f, a, prices, quota_prices, weights, v, rewards, values, sizes, out, cut):
    """Write who outside the shortlists may be in a better team that is worth enough, and what no team passes.

    Parameters
    ----------
    t, f, a : Tables, Singles, Arrays
        The market, what is scanned of it, and the problem of the shortlists, with the floors.
    prices, quota_prices : (N,), (Q,)
    weights : (M,)
        1 for the best team, 0 for the cheapest; in [0, 1].
    v, rewards : (M, A), (M,)
        As of ``introducer.solve.cheapest``; written.
    values : (M,) written
        Weight times worth less costs of no team is above it; infinite where no team was found that is worth enough.
    sizes, out : (M,), (M, K) written
        How many mentors are listed, K at most, and which, ascending.
    cut : (M,) written
        Whether there are more.
    """
    mentees = len(sizes)
    wide = widest(a)
    for piece in prange((mentees + _PIECE - 1) // _PIECE):
        low = piece * _PIECE
        high = min(mentees, low + _PIECE)
        _outside_piece(t, f, a, wide, low, high, prices, quota_prices, weights, v, rewards, values, sizes, out, cut)
