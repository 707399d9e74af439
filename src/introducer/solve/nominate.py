"""Who comes on to the shortlists: the allowed mentors of the largest reduced worth, for each mentee.

Reduced worths are those of ``introducer.solve.scan``. A mentor is collected only if it passes as many as are wanted of
those that are known already. Among many mentors each mentee looks at a part of them in turn.
"""

from __future__ import annotations

import numpy as np
from numba import njit, prange

from introducer.lean import lean, making
from introducer.solve.scan import MARGIN, STRETCH, TOGETHER, above, reduced_row
from introducer.solve.sweeps import widest

__all__ = ["nominate"]

#: So many places further noise begins for the next mentee.
_STRIDE = 7919
#: Few of a stretch concern a mentee, and are looked for by so many.
_FEW = 32
#: Of the largest, so many times as many are collected before they are sorted out.
_HELD = 4


@making
def _keep_largest(worths, mentors, size, room):
    """Keep the ``room`` largest of more, in their order; of equals the first. Return the least that is kept."""
    least = np.partition(worths[:size], size - room)[size - room]
    equals = room - above(worths[:size], least)
    place = 0
    for k in range(size):
        if worths[k] > least or (worths[k] == least and equals > 0):
            equals -= worths[k] == least
            worths[place], mentors[place] = worths[k], mentors[k]
            place += 1
    return least


@njit(cache=True, nogil=True)
def _nominate_piece(
    t, f, a, wide, low, high, begin, prices, exact, quota_prices, v, noise, most, times, turn, sizes, out
):
    count = t.kinds.shape[1]
    s = np.empty(min(STRETCH, count), np.float32)
    known = np.empty(wide[0])
    leasts = np.empty(high - low, np.float32)
    mentors = np.empty((high - low, _HELD * most), np.int64)
    worths = np.empty(mentors.shape, np.float32)
    for i in range(low, high):
        z = i - low
        own = a.mentors[a.starts[i] : a.starts[i + 1]]
        sizes[i] = 0
        _write_known(a, i, exact, quota_prices, v[i], known)
        here = known[: len(own)].astype(np.float32)
        if len(noise):
            for h in range(len(own)):
                here[h] += noise[_place(begin + i, own[h], count)]
        leasts[z] = _least_of(here, most)
        for h in range(len(own)):
            if not _looks(begin + i, own[h], times, turn):
                args = leasts[z], most, worths[z], mentors[z], sizes[i : i + 1]
                leasts[z] = _collect(here[h : h + 1], own[h], *args)
    for first in range(0, count, STRETCH):
        here = s[: min(STRETCH, count - first)]
        for i in range(low, high):
            if not _looks(begin + i, first, times, turn):
                continue
            z = i - low
            reduced_row(t, f, prices, quota_prices, i, v[i], first, here)
            if len(noise):
                _add_noise(here, noise, _place(begin + i, first, count))
            leasts[z] = _collect(here, first, leasts[z], most, worths[z], mentors[z], sizes[i : i + 1])
    for i in range(low, high):
        z = i - low
        if sizes[i] > most:
            _keep_largest(worths[z], mentors[z], sizes[i], most)
            sizes[i] = most
        out[i, : sizes[i]] = np.sort(mentors[z, : sizes[i]])


@lean
def _looks(i, j, times, turn):
    """Tell whether mentee i of the whole looks at mentor j in this turn: neighbours look at the same."""
    return (j // STRETCH + i // TOGETHER) % times == turn % times


@lean
def _write_known(a, i, prices, quota_prices, u, s):
    """Write s of those on the list of mentee i."""
    first = a.starts[i]
    count = a.starts[i + 1] - first
    for c in range(count):
        s[c] = a.pairs[first + c] - prices[a.mentors[first + c]]
    for r in range(a.quota_starts[i], a.quota_starts[i + 1]):
        s[a.quota_places[r]] -= quota_prices[a.quota_ids[r]]
    for d in range(a.widths[i]):
        begin = a.gain_starts[i] + d * count
        share = u[d]
        for c in range(count):
            s[c] += max(a.gains[begin + c] - share, 0.0)


@lean
def _place(i, j, count):
    """Return where the noise of a mentor stands: equals in another order for every mentee, not all sent to the same."""
    return j + (i * _STRIDE) % count


@lean
def _add_noise(s, noise, place):
    """Add the noise from a place on."""
    for j in range(len(s)):
        s[j] += noise[place + j]


@making
def _least_of(known, most):
    """Return what the ``most`` largest s surely pass: a little less than so many on a list have; -inf of fewer."""
    if len(known) < most:
        return np.float32(-np.inf)
    return np.partition(known, len(known) - most)[len(known) - most] - np.float32(MARGIN)


@lean
def _collect(s, first, least, room, worths, mentors, size):
    """Add the mentors from ``first`` that are above the least; when no more fit in, the ``room`` largest stay.

    Returns the least that a later one must be above; ``size``, shape (1,), is how many there are, and is written.
    """
    for begin in range(0, len(s), _FEW):
        few = s[begin : min(len(s), begin + _FEW)]
        if above(few, least) == 0:
            continue
        for k in range(len(few)):
            if few[k] > least:
                if size[0] == _HELD * room:
                    least = _keep_largest(worths, mentors, size[0], room)
                    size[0] = room
                    if few[k] <= least:
                        continue
                worths[size[0]], mentors[size[0]] = few[k], first + begin + k
                size[0] += 1
    return least


@njit(cache=True, parallel=True)
def nominate(t, f, a, begin, prices, quota_prices, v, noise, most, times, turn, sizes, out):
    """Write the allowed mentors of the largest s for each mentee, ascending.

    Parameters
    ----------
    t, f, prices, quota_prices, v : as of ``count_survivors``
    a : Arrays
        The problem of lists that are known: a mentor is collected only if it passes so many of them, and they
        are looked at in any turn.
    begin : int
        Number of the first mentee of the market in the whole that it is a part of.
    noise : (2 N,) or (0,) float32
        What is added to s, from a place of its own for every mentee; none: nothing.
    most : int
        So many for each mentee.
    times, turn : int
        Each mentee looks at one of so many stretches of mentors, others in the next turn; 1: at all.
    sizes, out : (M,), (M, most) written
    """
    mentees = len(sizes)
    single = prices.astype(np.float32)
    wide = widest(a)
    for piece in prange((mentees + TOGETHER - 1) // TOGETHER):
        low = piece * TOGETHER
        high = min(mentees, low + TOGETHER)
        _nominate_piece(
            t, f, a, wide, low, high, begin, single, prices, quota_prices, v, noise, most, times, turn, sizes, out
        )
