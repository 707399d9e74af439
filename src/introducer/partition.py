"""The best team among many near-equal candidates, for the checker: by what each member is taken for.

Each criterion of a team is covered by one member: a team is a partition of the criteria into a block for each
member, and worth as much as the best partition of it. With ``w_c(B) = net_c + sum_{d in B} g_dc``:

1. ``top(B)``, the largest ``w_c(B)`` of all candidates, for every set of criteria.
2. ``most(q, R)``, what q members can be worth for the criteria R at most, if one candidate could be taken
   several times: the largest ``top(B) + most(q - 1, R - B)``, B with the lowest criterion of R [1]_.
3. Blocks in falling order of that bound, and candidates in falling order of ``w_c(B)``, those alone that could
   be in a better team than the best one found. Who has as many before it as a team has members, of different
   institutions, is left out: one of them is free to take the place. Then the rest of the criteria.

Candidates of nearly equal worth differ in the bound of shares (``introducer.largest``) by less than it is too wide,
and every team of them would be tried; this bound is met unless one candidate is the best for two blocks.

.. [1] Rothkopf M. H., Pekec A., Harstad R. M., Computationally manageable combinational auctions, Management Science 44
   (1998) 1131-1147.
"""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["MOST_CRITERIA", "joins", "partitioned"]

#: With more criteria there are too many sets of them.
MOST_CRITERIA = 14
#: Values are multiples of 2**-30.
_EXACT = 2.0**-32


@njit(cache=True, nogil=True)
def joins(team, size, c, homes, limit, kept, most):
    """Tell whether a candidate may be the next in a team of this size: by the institution, and the kept seat."""
    mates = 0
    others = 0
    for q in range(size):
        mates += homes[team[q]] == homes[c]
        others += not kept[team[q]]
    if limit > 0 and homes[c] >= 0 and mates >= limit:
        return False
    return bool(kept[c]) or others < most - 1


@njit(cache=True, nogil=True)
def partitioned(gain, net, homes, limit, kept, most, team, fixed, cover, left, best):
    """Return what the best team of the first ``fixed``, the pinned, and some of those left adds to theirs.

    Or ``best``, if none adds more.

    Parameters
    ----------
    gain, net : (A, C), (C,) of candidates
    homes, kept : (C,)
    limit, most : teammates from one institution, at most (0: any number), and members of a team
    team : (most + 1,) whose first members are the pinned
    cover : (A,) by the pinned
    left : candidates who may join
    """
    seats = most - fixed
    own = np.zeros((len(cover), len(left)))
    wanted = np.zeros(len(cover), np.bool_)
    for d in range(len(cover)):
        for z in range(len(left)):
            own[d, z] = max(gain[d, left[z]] - cover[d], 0.0)
            wanted[d] |= own[d, z] > 0.0
    own = own[wanted]
    top = _tops(own, net[left])
    reach = _reaches(top, seats)
    rules = homes, limit, kept, most
    return _filled(own, net, rules, team, fixed, left, top, reach, len(top) - 1, 0.0, best)


@njit(cache=True, nogil=True)
def _tops(own, net):
    """Return the largest worth of a candidate for every set of criteria, shape (2**A,)."""
    top = np.full(1 << len(own), -np.inf)
    worth = np.empty(len(top))
    for z in range(len(net)):
        worth[0] = net[z]
        top[0] = max(top[0], net[z])
        for d in range(len(own)):
            gain = own[d, z]
            for block in range(1 << d, 1 << (d + 1)):
                worth[block] = worth[block - (1 << d)] + gain
                top[block] = max(top[block], worth[block])
    return top


@njit(cache=True, nogil=True)
def _reaches(top, seats):
    """Return what up to so many members are worth for every set of criteria at most, shape (seats + 1, 2**A)."""
    reach = np.zeros((seats + 1, len(top)))
    for q in range(1, seats + 1):
        reach[q, 0] = q * max(top[0], 0.0)
        for rest in range(1, len(top)):
            low = rest & -rest
            others = rest - low
            found = 0.0
            block = others
            while True:
                found = max(found, top[block + low] + reach[q - 1, others - block])
                if block == 0:
                    break
                block = (block - 1) & others
            reach[q, rest] = found
    return reach


@njit(cache=True, nogil=True)
def _blocks(top, reach, seats, rest, value, best):
    """Return the blocks with which a better team could go on, in falling order of what it could be worth."""
    low = rest & -rest
    others = rest - low
    found = [np.int64(0) for _ in range(0)]
    bounds = [0.0 for _ in range(0)]
    block = others
    while True:
        bound = value + top[block + low] + reach[seats - 1, others - block]
        if bound > best + _EXACT:
            found.append(block + low)
            bounds.append(-bound)
        if block == 0:
            break
        block = (block - 1) & others
    return np.array(found, np.int64)[np.argsort(np.array(bounds, np.float64), kind="mergesort")]


@njit(cache=True, nogil=True)
def _filled(own, net, rules, team, size, left, top, reach, rest, value, best):
    """Return what the best team adds whose first members are given, or ``best``; ``rest`` is not covered yet."""
    best = max(best, value)
    seats = rules[3] - size
    if seats == 0:
        return best
    worth = np.empty(len(left))
    for block in _blocks(top, reach, seats, rest, value, best):
        after = reach[seats - 1, rest - block]
        if value + top[block] + after <= best + _EXACT:
            break
        for z in range(len(left)):
            worth[z] = net[left[z]]
            for d in range(len(own)):
                if block >> d & 1:
                    worth[z] += own[d, z]
        some = np.flatnonzero(worth > best + _EXACT - value - after)
        some = some[np.argsort(-worth[some], kind="mergesort")]
        for z in _foremost(some, left, *rules, team, size):
            if value + worth[z] + after <= best + _EXACT:
                break
            team[size] = left[z]
            best = _filled(own, net, rules, team, size + 1, left, top, reach, rest - block, value + worth[z], best)
    return best


@njit(cache=True, nogil=True)
def _foremost(some, left, homes, limit, kept, most, team, size):
    """Return those who may join, in their order, less those with enough before them to take their place."""
    out = np.empty_like(some)
    count = 0
    places = np.empty(most, np.int64)
    for z in some:
        c = left[z]
        again = False
        for q in range(size):
            again |= team[q] == c
        if again or not joins(team, size, c, homes, limit, kept, most):
            continue
        before = 0
        for p in range(count):
            o = left[out[p]]
            if kept[c] and not kept[o]:
                continue
            mate = False
            for q in range(before):
                mate |= homes[o] >= 0 and places[q] == homes[o]
            if not mate:
                places[before] = homes[o]
                before += 1
                if before == most:
                    break
        if before < most:
            out[count] = z
            count += 1
    return out[:count]
