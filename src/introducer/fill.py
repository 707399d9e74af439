"""What holds for the pairs of one mentee, computed from the small tables of a market.

For a mentee i, its mentors one after the other: the pair worth is the sum of one entry of each
table of terms, by the kinds of the two, of one entry for each two lists, by how many entries they
share, and of what is listed for the pair; a gain is the weight of the criterion times the fit,
rounded to the grid. All sums are exact.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from introducer.lean import lean
from introducer.problem import GRID

__all__ = [
    "allowed_in",
    "allowed_row",
    "count_allowed",
    "fill_pairs",
    "fill_quotas",
    "is_allowed",
    "kept_row",
    "list_allowed",
    "listed_in",
    "pair_row",
    "pair_worth",
    "pairs_of",
    "whole_row",
    "write_gains",
]

_PER_GRID = 1.0 / GRID
#: So many mentors go through all sums before the next: what is written of them stays near.
_STRETCH = 2_048


@lean
def ones(word):
    """Return how many bits of a word are set: sums of two, four, eight neighbours [1]_.

    .. [1] Warren H. S., Hacker's Delight, 2nd edition, Addison-Wesley 2012, section 5-1.
    """
    word -= (word >> np.uint64(1)) & np.uint64(0x5555555555555555)
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@lean
def _bits(t, i, j, h):
    """Return how many bits of a term of lists mentee i and mentor j have in common."""
    count = 0
    for w in range(t.words[h], t.words[h + 1]):
        count += ones(t.mine[i, w] & t.theirs[w, j])
    return count


@lean
def pair_worth(t, i, j):
    """Return the pair worth by terms of mentee i with mentor j, whatever is refused, without what is listed."""
    worth = 0.0
    for x in range(len(t.term_widths)):
        worth += t.terms[t.term_starts[x] + t.lefts[i, x] * t.term_widths[x] + t.kinds[x, j]]
    for h in range(len(t.words) - 1):
        worth += t.shares[t.share_starts[i, h] + _bits(t, i, j, h)]
    return worth


@lean
def _mates(t, i):
    """Return where the mentors of mentee i's group begin and end in ``t.site_mentors``."""
    site = t.left_sites[i]
    if site < 0:
        return 0, 0
    return t.site_starts[site], t.site_starts[site + 1]


@lean
def is_allowed(t, i, j):
    """Tell whether mentee i may be tied to mentor j."""
    bar = listed_in(t.bar_mentors, t.bar_starts[i], t.bar_starts[i + 1], j)
    if bar >= 0:
        return t.bar_codes[bar] == 0
    last = len(t.term_widths)
    if t.walls[t.lefts[i, last], t.kinds[last, j]] < 0:
        return False
    for s in range(t.shut_starts[i], t.shut_starts[i + 1]):
        if t.shut_homes[s] == t.right_homes[j]:
            return False
    begin, end = _mates(t, i)
    return listed_in(t.site_mentors, begin, end, j) < 0


@lean
def pair_row(t, i, terms, shares, prices, quota_prices, first, out):
    """Write what some mentors are worth as a pair with mentee i, less the price: -inf where refused.

    Parameters
    ----------
    terms, shares : those of ``t``, in the precision of ``out``
    prices, quota_prices : (N,), (Q,)
    first, out : int, (n,)
        The mentors from ``first`` to ``first + n - 1``.
    """
    count = len(out)
    end = first + count
    last = len(t.term_widths)
    walls = t.walls[t.lefts[i, last]]
    kinds = t.kinds[last, first:end]
    price = prices[first:end]
    for j in range(count):
        out[j] = walls[kinds[j]] - price[j]
    for x in range(last):
        begin = t.term_starts[x] + t.lefts[i, x] * t.term_widths[x]
        term = terms[begin : begin + t.term_widths[x]]
        kinds = t.kinds[x, first:end]
        for j in range(count):
            out[j] += term[kinds[j]]
    for h in range(len(t.words) - 1):
        share = shares[t.share_starts[i, h] :]
        w = t.words[h]
        if t.words[h + 1] == w + 1:
            mine = t.mine[i, w]
            theirs = t.theirs[w, first:end]
            for j in range(count):
                out[j] += share[ones(mine & theirs[j])]
        else:
            for j in range(count):
                out[j] += share[_bits(t, i, first + j, h)]
    mates = _mates(t, i)
    for z in range(mates[0], mates[1]):
        j = t.site_mentors[z]
        if first <= j < end:
            out[j - first] = -np.inf
    homes = t.right_homes[first:end]
    for s in range(t.shut_starts[i], t.shut_starts[i + 1]):
        for j in range(count):
            if homes[j] == t.shut_homes[s]:
                out[j] = -np.inf
    for b in range(t.bar_starts[i], t.bar_starts[i + 1]):
        j = t.bar_mentors[b]
        if first <= j < end:
            out[j - first] = pair_worth(t, i, j) - prices[j] if t.bar_codes[b] == 0 else -np.inf
    for e in range(t.extra_starts[i], t.extra_starts[i + 1]):
        if first <= t.extra_mentors[e] < end:
            out[t.extra_mentors[e] - first] += t.extra_worths[e]
    for q in range(t.asked_starts[i], t.asked_starts[i + 1]):
        holders = t.holder_mentors[t.holder_starts[t.asked[q]] : t.holder_starts[t.asked[q] + 1]]
        begin = np.searchsorted(holders, first)
        for h in range(begin, begin + np.searchsorted(holders[begin:], end)):
            number = t.holder_quotas[t.holder_starts[t.asked[q]] + h]
            out[holders[h] - first] -= quota_prices[number]


@lean
def allowed_row(t, i, out):
    """Write which mentors mentee i may be tied to, shape (N,)."""
    last = len(t.term_widths)
    walls = t.walls[t.lefts[i, last]]
    kinds = t.kinds[last]
    for j in range(len(out)):
        out[j] = walls[kinds[j]] == 0
    mates = _mates(t, i)
    for z in range(mates[0], mates[1]):
        out[t.site_mentors[z]] = False
    for s in range(t.shut_starts[i], t.shut_starts[i + 1]):
        for j in range(len(out)):
            if t.right_homes[j] == t.shut_homes[s]:
                out[j] = False
    for b in range(t.bar_starts[i], t.bar_starts[i + 1]):
        out[t.bar_mentors[b]] = t.bar_codes[b] == 0


@njit(cache=True, nogil=True)
def allowed_in(t, starts, mentors):
    """Return which pairs of these lists are allowed, shape of ``mentors``."""
    out = np.empty(len(mentors), np.bool_)
    for i in range(len(starts) - 1):
        for c in range(starts[i], starts[i + 1]):
            out[c] = is_allowed(t, i, mentors[c])
    return out


@lean
def _kept_seats(t, i, own, kept):
    """Write which mentors may take the seat that mentee i keeps; all where none is kept."""
    region = t.left_regions[i]
    home = t.left_homes[i]
    for c in range(len(own)):
        j = own[c]
        if t.keep[i] == 1:
            kept[c] = region >= 0 and region == t.right_regions[j]
        elif t.keep[i] == 2:
            kept[c] = t.guests[j] or home < 0 or home != t.right_homes[j]
        else:
            kept[c] = True


@lean
def listed_in(mentors, first, last, j):
    """Return the place of mentor j in ``mentors[first:last]``, ascending, or -1."""
    low = first
    high = last
    while low < high:
        middle = (low + high) // 2
        if mentors[middle] < j:
            low = middle + 1
        else:
            high = middle
    return low if low < last and mentors[low] == j else -1


@njit(cache=True, nogil=True)
def count_allowed(t):
    """Return how many mentors each mentee may be tied to, shape (M,)."""
    counts = np.empty(len(t.widths), np.int64)
    for i in range(len(t.widths)):
        row = np.empty(t.kinds.shape[1], np.bool_)
        allowed_row(t, i, row)
        counts[i] = row.sum()
    return counts


@njit(cache=True, nogil=True)
def list_allowed(t, starts, mentors):
    """Write the mentors that each mentee may be tied to, ascending, from where its list begins."""
    for i in range(len(t.widths)):
        row = np.empty(t.kinds.shape[1], np.bool_)
        allowed_row(t, i, row)
        place = starts[i]
        for j in range(len(row)):
            if row[j]:
                mentors[place] = j
                place += 1


@lean
def write_gains(t, i, out):
    """Write what each value of the fit for each criterion of mentee i gains, shape (A, V), on the grid."""
    for d in range(t.widths[i]):
        weight = t.weights[t.row_starts[i] + d]
        values = t.fit_values[t.rows[t.row_starts[i] + d]]
        for k in range(len(values)):
            out[d, k] = np.rint(weight * values[k] * _PER_GRID) * GRID


@njit(cache=True, nogil=True)
def _fill(t, i, own, pairs, gains, kept, pinned):
    count = len(own)
    pins = t.pin_mentors[t.pin_starts[i] : t.pin_starts[i + 1]]
    for c in range(count):
        pinned[c] = listed_in(pins, 0, len(pins), own[c]) >= 0
        pairs[c] = pair_worth(t, i, own[c])
    _kept_seats(t, i, own, kept)
    for e in range(t.extra_starts[i], t.extra_starts[i + 1]):
        c = listed_in(own, 0, count, t.extra_mentors[e])
        if c >= 0:
            pairs[c] += t.extra_worths[e]
    levels = np.empty((t.widths[i], t.fit_values.shape[1]))
    write_gains(t, i, levels)
    for d in range(t.widths[i]):
        fit = t.fits[t.rows[t.row_starts[i] + d]]
        for c in range(count):
            gains[d * count + c] = levels[d, fit[own[c]]]


@lean
def _quotas_of(t, i, own, base, places, numbers):
    """Write the quotas that count for the pairs of mentee i, from ``base``; return how many. None are written at -1."""
    count = 0
    for a in range(t.asked_starts[i], t.asked_starts[i + 1]):
        key = t.asked[a]
        for c in range(len(own)):
            h = listed_in(t.holder_mentors, t.holder_starts[key], t.holder_starts[key + 1], own[c])
            if h >= 0:
                if base >= 0:
                    places[base + count] = c
                    numbers[base + count] = t.holder_quotas[h]
                count += 1
    return count


@njit(cache=True, nogil=True)
def pairs_of(t, i, among):
    """Return all that holds for the pairs of mentee i with some mentors, ascending, in the order of ``View``."""
    if len(among) < t.kinds.shape[1]:
        own = among[np.array([is_allowed(t, i, j) for j in among], np.bool_)]
    else:
        row = np.empty(len(among), np.bool_)
        allowed_row(t, i, row)
        own = np.flatnonzero(row)
    count = len(own)
    pairs = np.empty(count)
    gains = np.empty((t.widths[i], count))
    kept = np.empty(count, np.bool_)
    pinned = np.empty(count, np.bool_)
    _fill(t, i, own, pairs, gains.ravel(), kept, pinned)
    numbers = np.empty(0, np.int64)
    rows = _quotas_of(t, i, own, -1, numbers, numbers)
    places = np.empty(rows, np.int64)
    numbers = np.empty(rows, np.int64)
    _quotas_of(t, i, own, 0, places, numbers)
    return own, pairs, gains, kept, pinned, places, numbers


@njit(cache=True, nogil=True)
def whole_row(t, i, prices, quota_prices):
    """Return what all mentors would bring to mentee i: ``net``, ``gains`` and ``kept`` of a ``Sight``."""
    net = np.empty(t.kinds.shape[1])
    for first in range(0, len(net), _STRETCH):
        pair_row(t, i, t.terms, t.shares, prices, quota_prices, first, net[first : first + _STRETCH])
    gains = np.empty((t.widths[i], t.fit_values.shape[1]))
    write_gains(t, i, gains)
    return net, gains, kept_row(t, i)


@njit(cache=True, nogil=True)
def kept_row(t, i):
    """Return which mentors may take the seat that mentee i keeps, shape (N,); all where none is kept."""
    kept = np.ones(t.kinds.shape[1], np.bool_)
    if t.keep[i]:
        _kept_seats(t, i, np.arange(len(kept)), kept)
    return kept


@njit(cache=True, nogil=True)
def fill_pairs(t, low, high, starts, mentors, gain_starts, pairs, gains, kept, pinned):
    """Write pair worths, gains, and which pairs are kept seats or pinned, of some mentees; arrays as in ``Problem``."""
    for i in range(low, high):
        here = slice(starts[i], starts[i + 1])
        block = gains[gain_starts[i] : gain_starts[i + 1]]
        _fill(t, i, mentors[here], pairs[here], block, kept[here], pinned[here])


@njit(cache=True, nogil=True)
def fill_quotas(t, starts, mentors):
    """Return where each mentee's begin, places and numbers of the quotas that count; as in ``Problem``."""
    mentees = len(t.widths)
    nothing = np.empty(0, np.int64)
    found = np.zeros(mentees + 1, np.int64)
    for i in range(mentees):
        own = mentors[starts[i] : starts[i + 1]]
        found[i + 1] = found[i] + _quotas_of(t, i, own, -1, nothing, nothing)
    places = np.empty(found[mentees], np.int64)
    numbers = np.empty(found[mentees], np.int64)
    for i in range(mentees):
        _quotas_of(t, i, mentors[starts[i] : starts[i + 1]], found[i], places, numbers)
    return found, places, numbers
