"""What holds for the pairs of one mentee, computed from the small tables of a market.

For a mentee i, its mentors one after the other: the pair worth is the sum of one entry of each
table of terms, by the kinds of the two, and of what is listed for the pair; a gain is
the weight of the criterion times the fit, rounded to the grid. All sums are exact.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from introducer.problem import GRID

__all__ = [
    "Tables",
    "all_pairs",
    "allowed_row",
    "count_allowed",
    "fill_pairs",
    "fill_quotas",
    "kind_worths",
    "list_allowed",
    "listed_in",
    "term_worth",
]

_PER_GRID = 1.0 / GRID


class Tables(NamedTuple):
    """A cohort for compiled code. M mentees, N mentors, F rows of fits, T tables of terms, K kinds of mentors.

    Attributes
    ----------
    widths, row_starts : (M,), (M + 1,)
        Number of criteria of each mentee, and where they begin.
    rows, weights : (R,)
        Row of the fits, and weight, of each criterion.
    fits : (F, N)
        In [0, 1].
    lefts : (M, T + 1)
        Kind of the mentee in each table of terms, and in the table of codes.
    kind : (N,)
        Kind of each mentor, all tables together.
    kinds : (T + 1, K) int32
        What that is in each of them.
    term_starts, term_widths, terms : (T + 1,), (T,), flat
        The tables of terms one after the other, row-major, on the grid.
    codes : (L, R) uint8
        Table of refusal codes, 0 where allowed.
    extra_starts, extra_mentors, extra_worths : (M + 1,), (E,), (E,)
        What pairs are worth besides, mentors ascending for each mentee.
    bar_starts, bar_mentors, bar_codes : (M + 1,), (B,), (B,)
        Codes of pairs for which something else holds than by their kinds, mentors ascending.
    pin_starts, pin_mentors : (M + 1,), (P,)
        Pinned mentors, ascending for each mentee.
    keep : (M,)
        0: no seat is kept, 1: for a local, 2: for a mentor from outside.
    left_regions, right_regions, left_homes, right_homes : (M,), (N,), (M,), (N,)
        Numbers of regions and institutions, -1 where unknown.
    guests : (N,)
    asked_starts, asked : (M + 1,), (A,)
        Keys of quotas that the mentee's wishes name.
    holder_starts, holder_mentors, holder_quotas : (keys + 1,), (Q,), (Q,)
        Mentors, ascending, who hold a quota for each key, and its number.
    """

    widths: NDArray[np.int64]
    row_starts: NDArray[np.int64]
    rows: NDArray[np.int64]
    weights: NDArray[np.float64]
    fits: NDArray[np.float64]
    lefts: NDArray[np.int64]
    kind: NDArray[np.int64]
    kinds: NDArray[np.int32]
    term_starts: NDArray[np.int64]
    term_widths: NDArray[np.int64]
    terms: NDArray[np.float64]
    codes: NDArray[np.uint8]
    extra_starts: NDArray[np.int64]
    extra_mentors: NDArray[np.int64]
    extra_worths: NDArray[np.float64]
    bar_starts: NDArray[np.int64]
    bar_mentors: NDArray[np.int64]
    bar_codes: NDArray[np.uint8]
    pin_starts: NDArray[np.int64]
    pin_mentors: NDArray[np.int64]
    keep: NDArray[np.int64]
    left_regions: NDArray[np.int64]
    right_regions: NDArray[np.int64]
    left_homes: NDArray[np.int64]
    right_homes: NDArray[np.int64]
    guests: NDArray[np.bool_]
    asked_starts: NDArray[np.int64]
    asked: NDArray[np.int64]
    holder_starts: NDArray[np.int64]
    holder_mentors: NDArray[np.int64]
    holder_quotas: NDArray[np.int64]


@njit(cache=True, nogil=True)
def term_worth(t, i, k):
    """Return the pair worth of mentee i with a mentor of kind k, whatever is refused."""
    worth = 0.0
    for x in range(len(t.term_widths)):
        worth += t.terms[t.term_starts[x] + t.lefts[i, x] * t.term_widths[x] + t.kinds[x, k]]
    return worth


@njit(cache=True, nogil=True)
def kind_worths(t, i, out):
    """Write the pair worth of mentee i with each kind of mentor, shape (K,): -inf where the kind is refused."""
    terms = len(t.term_widths)
    codes = t.codes[t.lefts[i, terms]]
    kinds = t.kinds[terms]
    for k in range(len(out)):
        out[k] = 0.0 if codes[kinds[k]] == 0 else -np.inf
    for x in range(terms):
        begin = t.term_starts[x] + t.lefts[i, x] * t.term_widths[x]
        term = t.terms[begin : begin + t.term_widths[x]]
        kinds = t.kinds[x]
        for k in range(len(out)):
            out[k] += term[kinds[k]]


@njit(cache=True, nogil=True)
def allowed_row(t, i, out):
    """Write which mentors mentee i may be tied to, shape (N,)."""
    last = len(t.term_widths)
    codes = t.codes[t.lefts[i, last]]
    kinds = t.kinds[last]
    for j in range(len(t.kind)):
        out[j] = codes[kinds[t.kind[j]]] == 0
    for b in range(t.bar_starts[i], t.bar_starts[i + 1]):
        out[t.bar_mentors[b]] = t.bar_codes[b] == 0


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def listed_in(mentors, first, last, j):
    """Return the place of mentor j in ``mentors[first:last]``, ascending, or -1."""
    place = first + np.searchsorted(mentors[first:last], j)
    return place if place < last and mentors[place] == j else -1


@njit(cache=True, nogil=True)
def count_allowed(t):
    """Return how many mentors each mentee may be tied to, shape (M,)."""
    counts = np.empty(len(t.widths), np.int64)
    for i in range(len(t.widths)):
        row = np.empty(len(t.kind), np.bool_)
        allowed_row(t, i, row)
        counts[i] = row.sum()
    return counts


@njit(cache=True, nogil=True)
def list_allowed(t, starts, mentors):
    """Write the mentors that each mentee may be tied to, ascending, from where its list begins."""
    for i in range(len(t.widths)):
        row = np.empty(len(t.kind), np.bool_)
        allowed_row(t, i, row)
        place = starts[i]
        for j in range(len(row)):
            if row[j]:
                mentors[place] = j
                place += 1


@njit(cache=True, nogil=True)
def _fill(t, i, own, worths, pairs, gains, kept, pinned):
    count = len(own)
    many = count > t.kinds.shape[1] // 2
    if many:
        kind_worths(t, i, worths)
    pins = t.pin_mentors[t.pin_starts[i] : t.pin_starts[i + 1]]
    for c in range(count):
        pinned[c] = listed_in(pins, 0, len(pins), own[c]) >= 0
        pairs[c] = worths[t.kind[own[c]]] if many else -np.inf
        # A pair may be allowed although its kinds are not.
        if pairs[c] == -np.inf:
            pairs[c] = term_worth(t, i, t.kind[own[c]])
    _kept_seats(t, i, own, kept)
    for e in range(t.extra_starts[i], t.extra_starts[i + 1]):
        c = listed_in(own, 0, count, t.extra_mentors[e])
        if c >= 0:
            pairs[c] += t.extra_worths[e]
    for d in range(t.widths[i]):
        weight = t.weights[t.row_starts[i] + d]
        fit = t.fits[t.rows[t.row_starts[i] + d]]
        for c in range(count):
            gains[d * count + c] = np.rint(weight * fit[own[c]] * _PER_GRID) * GRID


@njit(cache=True, nogil=True)
def _quotas_of(t, i, own, base, places, numbers):
    """Write the quotas that count for the pairs of mentee i, from ``base``; return how many. None are written at -1."""
    count = 0
    for a in range(t.asked_starts[i], t.asked_starts[i + 1]):
        key = t.asked[a]
        for h in range(t.holder_starts[key], t.holder_starts[key + 1]):
            c = listed_in(own, 0, len(own), t.holder_mentors[h])
            if c >= 0:
                if base >= 0:
                    places[base + count] = c
                    numbers[base + count] = t.holder_quotas[h]
                count += 1
    return count


@njit(cache=True, nogil=True)
def all_pairs(t, i):
    """Return all that holds for the pairs of mentee i, in the order of ``View``."""
    row = np.empty(len(t.kind), np.bool_)
    allowed_row(t, i, row)
    own = np.flatnonzero(row)
    count = len(own)
    pairs = np.empty(count)
    gains = np.empty((t.widths[i], count))
    kept = np.empty(count, np.bool_)
    pinned = np.empty(count, np.bool_)
    _fill(t, i, own, np.empty(t.kinds.shape[1]), pairs, gains.ravel(), kept, pinned)
    numbers = np.empty(0, np.int64)
    rows = _quotas_of(t, i, own, -1, numbers, numbers)
    places = np.empty(rows, np.int64)
    numbers = np.empty(rows, np.int64)
    _quotas_of(t, i, own, 0, places, numbers)
    return own, pairs, gains, kept, pinned, places, numbers


@njit(cache=True, nogil=True)
def fill_pairs(t, starts, mentors, gain_starts, pairs, gains, kept, pinned):
    """Write pair worths, gains, and which pairs are kept seats or pinned; arrays as in ``Problem``."""
    for i in range(len(t.widths)):
        here = slice(starts[i], starts[i + 1])
        worths = np.empty(t.kinds.shape[1])
        _fill(
            t,
            i,
            mentors[here],
            worths,
            pairs[here],
            gains[gain_starts[i] : gain_starts[i + 1]],
            kept[here],
            pinned[here],
        )


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
