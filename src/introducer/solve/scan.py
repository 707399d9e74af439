"""One pass over all allowed pairs of a market, without storing them.

A mentee's best team over a shortlist, worth L at the prices, is best over all its mentors if
no other mentor can be in a better one. For any shares ``u`` a team is worth at most
``sum_d u_d`` plus its ``s_j = sum_d max(g_jd - u_d, 0) + a_j - p_j`` [1]_. With Phi this bound over the
shortlist, and lambda the least s that it counts (0 if it counts fewer than there are seats), a
mentor outside with

    s_j <= lambda - (Phi - L)

is in no team worth more than L. About five in six thousand are not ruled out so. ``u`` is
first sharpened on the shortlist by Polyak's steps towards L.

``s`` is computed in single precision, one criterion after the other over all mentors, and
compared with a margin far above its rounding: what is in doubt counts as not ruled out.

.. [1] Cornuejols G., Fisher M. L., Nemhauser G. L., Location of bank accounts to optimize
   float, Management Science 23 (1977) 789-810.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from introducer.fill import Tables, is_allowed, pair_row, pair_worth
from introducer.solve.sweeps import _widest, write_costs
from introducer.solve.teams import make_room, reduce_worths, take_pins, take_step

__all__ = ["STRIDE", "Singles", "count_survivors", "list_survivors", "merged", "nominate", "singles", "standings"]

#: So many places further noise begins for the next mentee.
STRIDE = 7919
_STEPS = 60
#: Above the rounding of sixty sums in single precision below 4 (each at most 2.4e-7).
_MARGIN = 1e-4
_TINY = 1e-11


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


@njit(cache=True, nogil=True)
def _row(t, f, prices, quota_prices, i, u, s):
    """Write s of every mentor for mentee i, shape (N,) of single precision; -inf where refused."""
    pair_row(t, i, f.terms, f.shares, prices, quota_prices, s)
    for d in range(t.widths[i]):
        weight = np.float32(t.weights[t.row_starts[i] + d])
        share = np.float32(u[d])
        fit = t.near_fits[t.rows[t.row_starts[i] + d]]
        for j in range(len(s)):
            s[j] += max(weight * fit[j] - share, np.float32(0.0))


@njit(cache=True, nogil=True)
def _threshold(a, i, prices, quota_prices, v, value, room):
    """Return lambda - (Phi - L) of a mentee; the shares that give it are left in ``room.u``."""
    first = a.starts[i]
    count = a.starts[i + 1] - first
    criteria = a.widths[i]
    gain = a.gains[a.gain_starts[i] : a.gain_starts[i + 1]].reshape((criteria, count))
    write_costs(a, i, prices, quota_prices, room)
    pinned, n, base = take_pins(a, i, gain, room, room.chosen)
    seats = a.team_sizes[i] - pinned
    for d in range(criteria):
        room.u[d] = max(v[d], room.cov[0, d])
    if seats <= 0:
        return np.inf
    best = np.inf
    theta = 1.0
    for _ in range(_STEPS):
        bound, _others = reduce_worths(a, first, gain, seats, base, room, n)
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
    bound, _others = reduce_worths(a, first, gain, seats, base, room, n)
    least = max(0.0, room.s[room.top[seats - 1]]) if n >= seats else 0.0
    return least - max(0.0, bound - value)


@njit(cache=True, nogil=True)
def _count_piece(t, a, f, low, high, prices, exact, quota_prices, v, values, counts, tops):
    candidates, criteria = _widest(a)
    room = make_room(candidates, criteria)
    s = np.empty(t.kinds.shape[1], np.float32)
    for i in range(low, high):
        least = _threshold(a, i, exact, quota_prices, v[i], values[i], room)
        tops[i] = least
        if least == np.inf:
            counts[i] = 0
            continue
        _row(t, f, prices, quota_prices, i, room.u, s)
        for c in range(a.starts[i], a.starts[i + 1]):
            s[a.mentors[c]] = -np.inf
        count = 0
        limit = np.float32(least - _MARGIN)
        for j in range(len(s)):
            count += s[j] > limit
        counts[i] = count


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
    for piece in prange((mentees + 31) // 32):
        low = piece * 32
        high = min(mentees, low + 32)
        _count_piece(t, a, f, low, high, single, prices, quota_prices, v, values, counts, tops)


@njit(cache=True, nogil=True)
def _list_one(t, a, f, i, prices, quota_prices, v, top, out):
    s = np.empty(t.kinds.shape[1], np.float32)
    u = np.empty(max(1, a.widths[i]))
    first = a.starts[i]
    count = a.starts[i + 1] - first
    for d in range(a.widths[i]):
        u[d] = v[d]
        for c in range(count):
            if a.pinned[first + c]:
                u[d] = max(u[d], a.gains[a.gain_starts[i] + d * count + c])
    _row(t, f, prices, quota_prices, i, u, s)
    for c in range(first, first + count):
        s[a.mentors[c]] = -np.inf
    limit = np.float32(top - _MARGIN)
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


@njit(cache=True, nogil=True)
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
def _sink(s, heap, z, size):
    """Let an entry of a heap, least s first (equals: the larger index first), sink to its place."""
    while True:
        child = 2 * z + 1
        if child >= size:
            break
        if child + 1 < size and _before(s, heap[child + 1], heap[child]):
            child += 1
        if _before(s, heap[z], heap[child]):
            break
        heap[z], heap[child] = heap[child], heap[z]
        z = child


@njit(cache=True, nogil=True)
def _before(s, j, other):
    return s[j] < s[other] or (s[j] == s[other] and j > other)


@njit(cache=True, nogil=True)
def _nominate_piece(t, f, low, high, prices, quota_prices, v, noise, most, must_starts, must, sizes, out):
    count = t.kinds.shape[1]
    s = np.empty(count, np.float32)
    heap = np.empty(out.shape[1], np.int64)
    for i in range(low, high):
        _row(t, f, prices, quota_prices, i, v[i], s)
        # Equals are told apart in another order for every mentee: not all may be sent to the same.
        shift = (i * STRIDE) % count
        for j in range(count):
            s[j] += noise[j + shift]
        musts = 0
        for z in range(must_starts[i], must_starts[i + 1]):
            musts += s[must[z]] < np.inf
            s[must[z]] = np.inf
        room = max(most, musts)
        size = 0
        for j in range(count):
            if size < room:
                if s[j] > -np.inf:
                    heap[size] = j
                    size += 1
                    if size == room:
                        for z in range(room // 2 - 1, -1, -1):
                            _sink(s, heap, z, room)
            elif s[j] > s[heap[0]]:
                heap[0] = j
                _sink(s, heap, 0, room)
        out[i, :size] = np.sort(heap[:size])
        sizes[i] = size


@njit(cache=True, parallel=True)
def nominate(t, f, prices, quota_prices, v, noise, most, must_starts, must, sizes, out):
    """Write the allowed mentors of the largest s for each mentee, ascending.

    Parameters
    ----------
    t, f, prices, quota_prices, v : as of ``count_survivors``
    noise : (2 N,) float32
        What is added to s, from a place of its own for every mentee.
    most : int
        So many, those among them that must be there: or these, if they are more.
    must_starts, must : (M + 1,), (B,)
        Mentors that must be on each list, allowed ones, in any order.
    sizes, out : (M,), (M, at least ``most`` and what must be there) written
    """
    mentees = len(sizes)
    single = prices.astype(np.float32)
    for piece in prange((mentees + 31) // 32):
        low = piece * 32
        high = min(mentees, low + 32)
        _nominate_piece(t, f, low, high, single, quota_prices, v, noise, most, must_starts, must, sizes, out)


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
