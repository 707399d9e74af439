"""Who would gain most by one more mentor: for seats that are free, or may become so.

For mentee i with a team S that is not full, mentor j adds

    a_ij + sum_d max(0, g_ijd - max_{c in S} g_icd)

Refused pairs are out of question. A scan for a sketch: what it finds is solved exactly afterwards.
"""

from __future__ import annotations

import numpy as np
from numba import njit, prange

from introducer.fill import is_allowed, pair_worth
from introducer.lean import lean

__all__ = ["fans"]


@lean
def _cover(t, i, team, out):
    """Write what the team gains for each criterion of mentee i."""
    for d in range(t.widths[i]):
        row = t.rows[t.row_starts[i] + d]
        out[d] = 0.0
        for j in team:
            out[d] = max(out[d], t.weights[t.row_starts[i] + d] * t.fit_values[row, t.fits[row, j]])


@lean
def _fans_of(t, who, starts, mentors, covers, j, out, worths):
    """Write those who gain most by mentor j, the most first; equals: the earlier. -1 where there are no more."""
    worths[:] = 0.0
    out[:] = -1
    for z in range(len(who)):
        i = who[z]
        if not is_allowed(t, i, j):
            continue
        held = False
        for c in range(starts[z], starts[z + 1]):
            held |= mentors[c] == j
        if held:
            continue
        worth = pair_worth(t, i, j)
        for d in range(t.widths[i]):
            row = t.rows[t.row_starts[i] + d]
            gain = t.weights[t.row_starts[i] + d] * t.fit_values[row, t.fits[row, j]]
            worth += max(gain - covers[z, d], 0.0)
        q = len(out)
        while q > 0 and worth > worths[q - 1]:
            q -= 1
        if q < len(out):
            for r in range(len(out) - 1, q, -1):
                worths[r] = worths[r - 1]
                out[r] = out[r - 1]
            worths[q] = worth
            out[q] = i


@njit(cache=True, parallel=True)
def fans(t, who, starts, mentors, seats, out, worths):
    """Write for each of some mentors the mentees who gain most by one more.

    Parameters
    ----------
    t : Tables
    who : (W,)
        Mentees whose teams are not full.
    starts, mentors : (W + 1,), flat
        Their teams.
    seats : (K,)
        Mentors.
    out, worths : (K, F) int64, (K, F)
        Written: mentees, who gains most first, -1 where nobody gains; and what they gain.
    """
    widest = 1
    for z in range(len(who)):
        widest = max(widest, t.widths[who[z]])
    covers = np.zeros((len(who), widest))
    for z in prange(len(who)):
        _cover(t, who[z], mentors[starts[z] : starts[z + 1]], covers[z])
    for k in prange(len(seats)):
        _fans_of(t, who, starts, mentors, covers, seats[k], out[k], worths[k])
