"""One pass over all allowed pairs of a market, without storing them.

A mentee's best team over a shortlist, worth L at the prices, is best over all its mentors if
no other mentor can be in a better one. For any shares ``u`` a team is worth at most
``sum_d u_d`` plus its ``s_j = sum_d max(g_jd - u_d, 0) + a_j - p_j`` [1]_. With Phi this bound over the
shortlist, and lambda the least s that it counts (0 if it counts fewer than there are seats), a
mentor outside with

    s_j <= lambda - (Phi - L)

is, with those of the shortlist and others like itself, in no team worth more than L. About five in
six thousand are not ruled out so. ``u`` is first sharpened on the shortlist by Polyak's steps
towards L.

``s`` is computed in single precision, one criterion after the other over a stretch of mentors, and
compared with a margin far above its rounding: what is in doubt counts as not ruled out. Some mentees
go over a stretch before the next is begun, whose tables so are read from memory once for all of them.

.. [1] Cornuejols G., Fisher M. L., Nemhauser G. L., Location of bank accounts to optimize
   float, Management Science 23 (1977) 789-810.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from introducer.fill import is_allowed, pair_row, pair_worth
from introducer.lean import lean
from introducer.solve.reduced import reduce_worths, take_pins, take_step
from introducer.solve.room import make_room
from introducer.solve.sweeps import widest, write_costs

if TYPE_CHECKING:
    from introducer.tables import Tables

__all__ = [
    "MARGIN",
    "STRETCH",
    "TOGETHER",
    "Singles",
    "above",
    "count_survivors",
    "list_survivors",
    "merged",
    "reduced_row",
    "singles",
    "standings",
    "threshold",
]

_STEPS = 60
#: Above the rounding of sixty sums in single precision below 4 (each at most 2.4e-7).
MARGIN = 1e-4
_TINY = 1e-11
#: So many mentees go together over so many mentors.
TOGETHER, STRETCH = 32, 2_048


class Singles(NamedTuple):
    """What is scanned, in single precision: shapes as in ``Tables``.

    Attributes
    ----------
    terms, shares : flat, float32
    """

    terms: NDArray[np.float32]
    shares: NDArray[np.float32]


def singles(t: Tables) -> Singles:
    """Return what is scanned of a market."""
    return Singles(t.terms.astype(np.float32), t.shares.astype(np.float32))


@lean
def reduced_row(t, f, prices, quota_prices, i, u, first, s):
    """Write s of the mentors from ``first`` for mentee i, single precision; -inf where refused."""
    count = len(s)
    pair_row(t, i, f.terms, f.shares, prices, quota_prices, first, s)
    for d in range(t.widths[i]):
        weight = np.float32(t.weights[t.row_starts[i] + d])
        share = np.float32(u[d])
        fit = t.near_fits[t.rows[t.row_starts[i] + d], first : first + count]
        for j in range(count):
            s[j] += max(weight * fit[j] - share, np.float32(0.0))


@lean
def above(s, limit):
    """Return how many of s are above a limit."""
    count = 0
    for j in range(len(s)):
        count += s[j] > limit
    return count


@lean
def threshold(a, i, prices, quota_prices, v, value, room):
    """Return lambda - (Phi - L) of a mentee; the shares that give it are left in ``room.u``."""
    first = a.starts[i]
    count = a.starts[i + 1] - first
    criteria = a.widths[i]
    own = a.gains[a.gain_starts[i] : a.gain_starts[i + 1]].reshape((criteria, count))
    write_costs(a, i, prices, quota_prices, room)
    pinned, n, base = take_pins(a, i, own, room, room.chosen)
    gain = room.gain if pinned else own
    seats = a.team_sizes[i] - pinned
    for d in range(criteria):
        room.u[d] = max(v[d], room.cov[0, d])
    if seats <= 0:
        return np.inf
    best = np.inf
    theta = 1.0
    for _ in range(_STEPS):
        bound, _others = reduce_worths(gain, criteria, seats, base, room, n)
        if bound < best - _TINY:
            best = bound
            for d in range(criteria):
                v[d] = room.u[d]
        else:
            theta *= 0.8
        if best <= value + _TINY:
            break
        if not take_step(room, criteria, theta * (bound - value)):
            break
    for d in range(criteria):
        room.u[d] = max(v[d], room.cov[0, d])
    bound, _others = reduce_worths(gain, criteria, seats, base, room, n)
    least = max(0.0, room.s[room.top[seats - 1]]) if n >= seats else 0.0
    return least - max(0.0, bound - value)


@njit(cache=True, nogil=True)
def _count_piece(t, a, f, wide, low, high, prices, exact, quota_prices, v, values, counts, tops):
    room = make_room(*wide)
    shares = np.empty((high - low, wide[1]))
    for i in range(low, high):
        tops[i] = threshold(a, i, exact, quota_prices, v[i], values[i], room)
        counts[i] = 0
        shares[i - low] = room.u
    mentors = t.kinds.shape[1]
    s = np.empty(min(STRETCH, mentors), np.float32)
    for first in range(0, mentors, STRETCH):
        here = s[: min(STRETCH, mentors - first)]
        for i in range(low, high):
            if tops[i] < np.inf:
                _outside(t, a, f, prices, quota_prices, i, shares[i - low], first, here)
                counts[i] += above(here, np.float32(tops[i] - MARGIN))


@lean
def _outside(t, a, f, prices, quota_prices, i, u, first, s):
    """Write s as ``reduced_row`` does: -inf on the shortlist, too."""
    reduced_row(t, f, prices, quota_prices, i, u, first, s)
    own = a.mentors[a.starts[i] : a.starts[i + 1]]
    begin = np.searchsorted(own, first)
    for j in own[begin : begin + np.searchsorted(own[begin:], first + len(s))]:
        s[j - first] = -np.inf


@njit(cache=True, parallel=True)
def count_survivors(t, a, f, prices, quota_prices, v, values, counts, tops):
    """Write how many mentors outside the shortlist of each mentee are not ruled out.

    Parameters
    ----------
    t, a, f : Tables, Arrays, Singles
        The market, the problem of the shortlists, and what is scanned.
    prices, quota_prices : (N,), (Q,)
    v : (M, A) shares, see ``best_team``; written
    values : (M,) priced values of the best teams over the shortlists
    counts, tops : (M,), (M,) written: how many, and the least s of one that counts
    """
    mentees = len(counts)
    single = prices.astype(np.float32)
    wide = widest(a)
    for piece in prange((mentees + TOGETHER - 1) // TOGETHER):
        low = piece * TOGETHER
        high = min(mentees, low + TOGETHER)
        _count_piece(t, a, f, wide, low, high, single, prices, quota_prices, v, values, counts, tops)


@njit(cache=True, nogil=True)
def _list_one(t, a, f, i, prices, quota_prices, v, top, out):
    u = np.empty(max(1, a.widths[i]))
    first = a.starts[i]
    count = a.starts[i + 1] - first
    for d in range(a.widths[i]):
        u[d] = v[d]
        for c in range(count):
            if a.pinned[first + c]:
                u[d] = max(u[d], a.gains[a.gain_starts[i] + d * count + c])
    s = np.empty(t.kinds.shape[1], np.float32)
    _outside(t, a, f, prices, quota_prices, i, u, 0, s)
    limit = np.float32(top - MARGIN)
    place = 0
    for j in range(len(s)):
        if s[j] > limit:
            out[place] = j
            place += 1


@njit(cache=True, parallel=True)
def list_survivors(t, a, f, prices, quota_prices, v, tops, starts, out):
    """Write the mentors that ``count_survivors`` counted, ascending, from where each mentee's begin, shape (M + 1,)."""
    single = prices.astype(np.float32)
    for i in prange(len(tops)):
        if starts[i] < starts[i + 1]:
            _list_one(t, a, f, i, single, quota_prices, v[i], tops[i], out[starts[i] : starts[i + 1]])


@lean
def standing(t, i, j):
    """Return what mentee i has of mentor j alone, -inf if the pair is refused."""
    if not is_allowed(t, i, j):
        return -np.inf
    worth = pair_worth(t, i, j)
    for d in range(t.row_starts[i], t.row_starts[i + 1]):
        worth += t.weights[d] * t.fit_values[t.rows[d], t.fits[t.rows[d], j]]
    return worth


@njit(cache=True, nogil=True)
def standings(t, who, j):
    """Return what each of these mentees has of mentor j alone, shape of ``who``; -inf where refused."""
    out = np.empty(len(who))
    for z in range(len(who)):
        out[z] = standing(t, who[z], j)
    return out


@njit(cache=True, nogil=True)
def merged(starts, mentors, more_starts, more):
    """Return lists that hold what two hold, each once, ascending for each mentee: where they begin, and the mentors.

    Parameters
    ----------
    starts, mentors, more_starts, more : (M + 1,), (P,), (M + 1,), (R,)
        Mentors ascending for each mentee.
    """
    out_starts = np.zeros_like(starts)
    out = np.empty(len(mentors) + len(more), np.int64)
    z = 0
    for i in range(len(starts) - 1):
        a = starts[i]
        b = more_starts[i]
        while a < starts[i + 1] or b < more_starts[i + 1]:
            first = b == more_starts[i + 1] or (a < starts[i + 1] and mentors[a] <= more[b])
            j = mentors[a] if first else more[b]
            a += first
            b += not first
            if z == out_starts[i] or out[z - 1] != j:
                out[z] = j
                z += 1
        out_starts[i + 1] = z
    return out_starts, out[:z].copy()
