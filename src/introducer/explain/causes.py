"""What the ties of every team are worth, and why needs stay open: loops over all mentees, compiled.

For a need that nobody of a team covers, the mentors who offer it are looked at one after the other,
and no further than the cause asks: that somebody may be tied, that somebody has a free seat.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

from introducer.fill import kept_row, listed_in
from introducer.outcome import CAUSES, CODES

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Offers", "Walls", "causes", "tally"]

_NO_OFFER, _REFUSED, _FULL, _TEAM_SPENT, _BELOW_FLOOR, _PASSED_OVER = range(1, len(CAUSES) + 1)
_SAME_SITE, _INSTITUTION, _QUOTA = (1 + CODES.index(code) for code in ("same_site", "institution", "quota"))
_COUNT = len(CODES) + 1
#: Place of each code among all by name; of the allowed, the last.
_BY_NAME = np.array([len(CODES), *(sorted(CODES).index(code) for code in CODES)])


class Walls(NamedTuple):
    """Which pairs are refused and why, as ``introducer.rules.Refusals`` has it. L and K kinds of mentees and mentors.

    Attributes
    ----------
    left, right, table : (M,), (N,), (L, K)
    left_sites, right_sites : (M,), (N,)
    starts, mentors, codes : (M + 1,), (P,), (P,)
    closed : (L,)
        Whether mentees of a kind are refused to mentors of every kind.
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    table: NDArray[np.uint8]
    left_sites: NDArray[np.int64]
    right_sites: NDArray[np.int64]
    starts: NDArray[np.int64]
    mentors: NDArray[np.int64]
    codes: NDArray[np.uint8]
    closed: NDArray[np.bool_]


class Offers(NamedTuple):
    """Who offers what, and what is taken. F rows of fits, M mentees, K kinds of mentors, Q quotas.

    Attributes
    ----------
    starts, mentors : (F + 1,), flat
        Mentors who offer the need of a row at all, whatever the policy's floor, ascending; none of other rows.
    free_starts, free : (F + 1,), flat
        Those of them with a seat left whom somebody may be tied to.
    kinds : (F, K)
        How many of each kind offer it.
    twins : (M,)
        The mentor who is the same person, or -1.
    used, limits : (Q,)
        Ties that count towards each quota, and how many may.
    """

    starts: NDArray[np.int64]
    mentors: NDArray[np.int64]
    free_starts: NDArray[np.int64]
    free: NDArray[np.int64]
    kinds: NDArray[np.int64]
    twins: NDArray[np.int64]
    used: NDArray[np.int64]
    limits: NDArray[np.int64]


@njit(cache=True, nogil=True)
def tally(t, a, values, worths, marginals, winners, fits):
    """Write what every team and every tie is worth, and who of a team covers what.

    Parameters
    ----------
    t : Tables
    a : Arrays
        Of the problem whose candidates are the teams; T ties, R criteria of all mentees.
    values : (M,)
    worths, marginals : (T,)
        As in ``Tie``.
    winners : (R,) int8
        Place in the team of the mentor who covers a criterion best (equals: the first), -1 where nobody does.
    fits : (R,)
        Best fit of the team.
    """
    for i in range(len(values)):
        begin = a.starts[i]
        size = a.starts[i + 1] - begin
        value = 0.0
        for q in range(begin, begin + size):
            value += a.pairs[q]
            worths[q] = a.pairs[q]
            marginals[q] = a.pairs[q]
        for d in range(a.widths[i]):
            row = t.row_starts[i] + d
            places = t.fits[t.rows[row]]
            known = t.fit_values[t.rows[row]]
            best = 0.0
            second = 0.0
            winner = -1
            fit = 0.0
            for q in range(size):
                fit = max(fit, known[places[a.mentors[begin + q]]])
                gain = a.gains[a.gain_starts[i] + d * size + q]
                if gain > best:
                    second = best
                    best = gain
                    winner = q
                elif gain > second:
                    second = gain
            value += best
            fits[row] = fit
            winners[row] = winner
            if winner >= 0:
                worths[begin + winner] += best
                marginals[begin + winner] += best - second
        values[i] = value


@njit(cache=True, nogil=True)
def causes(t, a, walls, offers, fits, found, codes):
    """Write why needs stay open.

    Parameters
    ----------
    t, a, fits
        As of ``tally``.
    walls : Walls
    offers : Offers
    found, codes : (R,) int8
        One more than the place of the cause in ``CAUSES``, and of the refusal code in ``CODES``; 0 where there is none.
    """
    for i in range(len(a.widths)):
        team = a.mentors[a.starts[i] : a.starts[i + 1]]
        kept = kept_row(t, i) if t.keep[i] else np.ones(0, np.bool_)
        others = 0
        for j in team:
            if t.keep[i] and not kept[j]:
                others += 1
        has_room = len(team) < a.team_sizes[i]
        is_last = t.keep[i] != 0 and others >= a.team_sizes[i] - 1
        for row in range(t.row_starts[i], t.row_starts[i + 1]):
            found[row] = 0
            codes[row] = 0
            place = t.rows[row]
            if fits[row] > 0:
                continue
            own = offers.mentors[offers.starts[place] : offers.starts[place + 1]]
            found[row], codes[row] = _refusal(t, a, walls, offers, team, i, place, own)
            if found[row] != _FULL:
                continue
            free = offers.free[offers.free_starts[place] : offers.free_starts[place + 1]]
            first = _next(t, a, walls, offers, team, i, free, 0)
            while first < len(free):
                j = free[first]
                if not has_room or (is_last and not kept[j]):
                    found[row] = max(found[row], _TEAM_SPENT)
                elif t.fit_values[place, t.fits[place, j]] > 0:
                    found[row] = _PASSED_OVER
                else:
                    found[row] = max(found[row], _BELOW_FLOOR)
                if not has_room or found[row] == _PASSED_OVER:
                    break
                first = _next(t, a, walls, offers, team, i, free, first + 1)


@njit(cache=True, nogil=True)
def _refusal(t, a, walls, offers, team, i, place, own):
    """Return ``full`` where one of those who offer may be tied; else the cause, and the code that refuses most.

    Of codes that are equally frequent it is the first by name.
    """
    counts = np.zeros(_COUNT, np.int64)
    if walls.closed[walls.left[i]] and walls.starts[i] == walls.starts[i + 1]:
        _count_kinds(t, walls, offers, i, place, own, counts)
    else:
        first = _next(t, a, walls, offers, team, i, own, 0)
        if first < len(own):
            return _FULL, 0
        _count_each(t, a, walls, offers, team, i, own, counts)
    most = 0
    for code in range(1, _COUNT):
        more = counts[code] - counts[most]
        if more > 0 or (more == 0 and counts[code] > 0 and _BY_NAME[code] < _BY_NAME[most]):
            most = code
    return (_REFUSED, most) if most else (_NO_OFFER, 0)


@njit(cache=True, nogil=True)
def _count_kinds(t, walls, offers, i, place, own, counts):
    """Count the codes that refuse a mentee whom no kind of mentors may be tied to and of whom no pair is named."""
    wall = walls.table[walls.left[i]]
    for kind in range(len(wall)):
        counts[wall[kind]] += offers.kinds[place, kind]
    site = walls.left_sites[i]
    if site >= 0:
        for j in t.site_mentors[t.site_starts[site] : t.site_starts[site + 1]]:
            code = wall[walls.right[j]]
            if code > _SAME_SITE and listed_in(own, 0, len(own), j) >= 0:
                counts[code] -= 1
                counts[_SAME_SITE] += 1


@njit(cache=True, nogil=True)
def _count_each(t, a, walls, offers, team, i, own, counts):
    """Count the codes that refuse a mentee to each of these mentors, all of whom are refused."""
    wall = walls.table[walls.left[i]]
    bars = walls.mentors[walls.starts[i] : walls.starts[i + 1]]
    bar_codes = walls.codes[walls.starts[i] : walls.starts[i + 1]]
    for j in own:
        if j != offers.twins[i]:
            code = _code(wall, walls.right, walls.left_sites[i], walls.right_sites, bars, bar_codes, j)
            counts[code or _by_team(t, a, offers, team, i, j)] += 1


@njit(cache=True, nogil=True)
def _next(t, a, walls, offers, team, i, own, first):
    """Return the place of the next of these mentors whom a mentee may be tied to; their number where there is none."""
    wall = walls.table[walls.left[i]]
    right = walls.right
    site = walls.left_sites[i]
    right_sites = walls.right_sites
    bars = walls.mentors[walls.starts[i] : walls.starts[i + 1]]
    bar_codes = walls.codes[walls.starts[i] : walls.starts[i + 1]]
    twin = offers.twins[i]
    for k in range(first, len(own)):
        j = own[k]
        if j == twin or _code(wall, right, site, right_sites, bars, bar_codes, j) > 0:
            continue
        if _by_team(t, a, offers, team, i, j) == 0:
            return k
    return len(own)


@njit(cache=True, nogil=True)
def _code(wall, right, site, right_sites, bars, bar_codes, j):
    """Return the code that refuses a pair whatever the team, 0 where it is allowed."""
    if len(bars):
        bar = listed_in(bars, 0, len(bars), j)
        if bar >= 0:
            return np.int64(bar_codes[bar])
    code = np.int64(wall[right[j]])
    if site >= 0 and site == right_sites[j] and (code == 0 or code > _SAME_SITE):
        return _SAME_SITE
    return code


@njit(cache=True, nogil=True)
def _by_team(t, a, offers, team, i, j):
    """Return the code by which the team as it stands refuses a pair, 0 where it does not."""
    if a.institution_limit and a.institutions[j] >= 0:
        mates = 0
        for other in team:
            if a.institutions[other] == a.institutions[j]:
                mates += 1
        if mates >= a.institution_limit:
            return _INSTITUTION
    for q in range(t.asked_starts[i], t.asked_starts[i + 1]):
        key = t.asked[q]
        place = listed_in(t.holder_mentors, t.holder_starts[key], t.holder_starts[key + 1], j)
        if place >= 0 and offers.used[t.holder_quotas[place]] >= offers.limits[t.holder_quotas[place]]:
            return _QUOTA
    return 0
