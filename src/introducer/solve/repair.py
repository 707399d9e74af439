"""From teams that almost fit to teams that fit, and then to better ones.

1. **Evict**: while a mentor or a quota is overfull, the mentee that loses least gives way.
2. **Pull**: while a mentor has fewer than its lower load, the mentee that loses least takes
   it on, in place of one of its own if the team is full.
3. **Chains**: a mentee picks again among free seats and, at their price, full ones; whoever
   is put out picks again in turn, to a depth. The chain is kept if the total rises.

A mentor at its lower load is not left in step 3, a pinned tie never.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from introducer.lean import lean
from introducer.solve.above import floored_team, merit
from introducer.solve.room import MOST, make_room
from introducer.solve.sweeps import holds, widest
from introducer.solve.teams import best_team, may_join

__all__ = ["repair"]

#: What a seat that must not be taken costs, and what one that must not be left earns.
_NEVER = 1e6
_DEPTH = 6
#: Nodes that a pick may cost.
_NODES = 500
_TINY = 1e-9


class _Book(NamedTuple):
    """Who is tied to whom, by mentor.

    Attributes
    ----------
    loads, used : (N,), (Q,)
        Ties of each mentor, and those that count towards each quota.
    starts : (N + 1,)
        Where the entries of each mentor begin in the next three.
    fans, places : (P,), (P,)
        Mentees for whom the mentor is a candidate, ascending, and its place among theirs.
    ties : (P,)
        The first ``loads[j]`` entries are the mentees tied to the mentor, in any order.
    """

    loads: NDArray[np.int64]
    used: NDArray[np.int64]
    starts: NDArray[np.int64]
    fans: NDArray[np.int64]
    places: NDArray[np.int64]
    ties: NDArray[np.int64]


@njit(cache=True, nogil=True)
def _open_book(a, teams, sizes):
    mentors = len(a.capacities)
    starts = np.zeros(mentors + 1, np.int64)
    for j in a.mentors:
        starts[j + 1] += 1
    for j in range(mentors):
        starts[j + 1] += starts[j]
    at = starts[:-1].copy()
    fans = np.empty(len(a.mentors), np.int64)
    places = np.empty(len(a.mentors), np.int64)
    for i in range(len(sizes)):
        for c in range(a.starts[i + 1] - a.starts[i]):
            j = a.mentors[a.starts[i] + c]
            fans[at[j]] = i
            places[at[j]] = c
            at[j] += 1
    book = _Book(
        np.zeros(mentors, np.int64),
        np.zeros(len(a.quota_limits), np.int64),
        starts,
        fans,
        places,
        np.empty(len(a.mentors), np.int64),
    )
    for i in range(len(sizes)):
        _enter(a, i, teams[i], sizes[i], book)
    return book


@lean
def _enter(a, i, team, size, book):
    """Write a mentee's team into the book."""
    for q in range(size):
        j = a.mentors[a.starts[i] + team[q]]
        book.ties[book.starts[j] + book.loads[j]] = i
        book.loads[j] += 1
    for r in range(a.quota_starts[i], a.quota_starts[i + 1]):
        if holds(team, size, a.quota_places[r]):
            book.used[a.quota_ids[r]] += 1


@lean
def _strike(a, i, team, size, book):
    """Strike a mentee's team from the book."""
    for q in range(size):
        j = a.mentors[a.starts[i] + team[q]]
        z = book.starts[j]
        while book.ties[z] != i:
            z += 1
        book.loads[j] -= 1
        book.ties[z] = book.ties[book.starts[j] + book.loads[j]]
    for r in range(a.quota_starts[i], a.quota_starts[i + 1]):
        if holds(team, size, a.quota_places[r]):
            book.used[a.quota_ids[r]] -= 1


@lean
def _drop(a, i, teams, sizes, position, book):
    """Take one candidate out of a mentee's team."""
    _strike(a, i, teams[i], sizes[i], book)
    sizes[i] -= 1
    for q in range(position, sizes[i]):
        teams[i, q] = teams[i, q + 1]
    _enter(a, i, teams[i], sizes[i], book)


@lean
def _evict(a, teams, sizes, book):
    for j in range(len(book.loads)):
        while book.loads[j] > a.capacities[j]:
            who, where = _loser(a, j, -1, teams, sizes, book, sizes, 0)
            if who < 0:
                return False
            _drop(a, who, teams, sizes, where, book)
    for g in range(len(book.used)):
        while book.used[g] > a.quota_limits[g]:
            who, where = _loser(a, a.quota_mentors[g], g, teams, sizes, book, sizes, 0)
            if who < 0:
                return False
            _drop(a, who, teams, sizes, where, book)
    return True


@lean
def _loser(a, j, quota, teams, sizes, book, spared, count):
    """Return the mentee that loses least by leaving mentor j, and the mentor's position in its team.

    Of those that count towards a quota, if given (-1: any), and none of the first ``count``
    spared. Equals: the lower index. -1 if there is nobody.
    """
    least = np.inf
    who = -1
    where = -1
    for z in range(book.starts[j], book.starts[j] + book.loads[j]):
        i = book.ties[z]
        if holds(spared, count, i):
            continue
        q = 0
        while a.mentors[a.starts[i] + teams[i, q]] != j:
            q += 1
        if a.pinned[a.starts[i] + teams[i, q]] or (quota >= 0 and not _counts(a, i, teams[i, q], quota)):
            continue
        loss = merit(a, i, teams[i], sizes[i], -1) - merit(a, i, teams[i], sizes[i], q)
        if loss < least or (loss == least and i < who):
            least = loss
            who = i
            where = q
    return who, where


@lean
def _counts(a, i, c, quota):
    for r in range(a.quota_starts[i], a.quota_starts[i + 1]):
        if a.quota_ids[r] == quota and a.quota_places[r] == c:
            return True
    return False


@lean
def _quota_open(a, i, c, used):
    """Whether candidate c, not in the team now, may be added as far as quotas go."""
    for r in range(a.quota_starts[i], a.quota_starts[i + 1]):
        if a.quota_places[r] == c and used[a.quota_ids[r]] >= a.quota_limits[a.quota_ids[r]]:
            return False
    return True


@njit(cache=True, nogil=True)
def _pull(a, teams, sizes, book):
    trial = np.empty(MOST + 1, np.int64)
    for j in range(len(book.loads)):
        while book.loads[j] < a.min_loads[j]:
            best = -np.inf
            who = -1
            out = -1
            place = -1
            for z in range(book.starts[j], book.starts[j + 1]):
                i = book.fans[z]
                c = book.places[z]
                first = a.starts[i]
                if holds(teams[i], sizes[i], c) or not _quota_open(a, i, c, book.used):
                    continue
                now = merit(a, i, teams[i], sizes[i], -1)
                for skip in range(-1, sizes[i]):
                    if skip >= 0:
                        other = first + teams[i, skip]
                        if a.pinned[other] or book.loads[a.mentors[other]] <= a.min_loads[a.mentors[other]]:
                            continue
                    elif sizes[i] >= a.team_sizes[i]:
                        continue
                    size = 0
                    for q in range(sizes[i]):
                        if q != skip:
                            trial[size] = teams[i, q]
                            size += 1
                    if not may_join(a, first, a.team_sizes[i], trial, size, c):
                        continue
                    trial[size] = c
                    gain = merit(a, i, trial, size + 1, -1) - now
                    if gain > best:
                        best = gain
                        who = i
                        out = skip
                        place = c
            if who < 0:
                return False
            if out >= 0:
                _drop(a, who, teams, sizes, out, book)
            _strike(a, who, teams[who], sizes[who], book)
            teams[who, sizes[who]] = place
            sizes[who] += 1
            _enter(a, who, teams[who], sizes[who], book)
    return True


@lean
def _cost_seats(a, i, prices, team, size, book, only, room):
    """Write what candidates cost in a chain. ``only``: the one full mentor allowed; -1: every one; -2: none."""
    first = a.starts[i]
    for c in range(a.starts[i + 1] - first):
        j = a.mentors[first + c]
        if holds(team, size, c):
            room.cost[c] = -_NEVER if book.loads[j] <= a.min_loads[j] else 0.0
        elif not _quota_open(a, i, c, book.used):
            room.cost[c] = _NEVER
        elif book.loads[j] < a.capacities[j]:
            room.cost[c] = 0.0
        elif a.capacities[j] > 0 and only in (-1, j):
            room.cost[c] = max(prices[j], 0.0)
        else:
            room.cost[c] = _NEVER


@lean
def _closed(room, team, size, held, had):
    """Whether a team takes a seat that must not be taken, or leaves one of those held that must not be left."""
    for q in range(size):
        if room.cost[team[q]] >= _NEVER:
            return True
    for q in range(had):
        if room.cost[held[q]] <= -_NEVER and not holds(team, size, held[q]):
            return True
    return False


@lean
def _pick(a, i, prices, v, teams, sizes, book, last, room, out):
    """Let a mentee pick again with at most one full mentor; return (size, that mentor or -1)."""
    only = -2 if last else -1
    while True:
        _cost_seats(a, i, prices, teams[i], sizes[i], book, only, room)
        _worth, size, _upper = floored_team(a, i, room, v[i], out, _NODES)
        if _closed(room, out, size, teams[i], sizes[i]):
            # No team that may be had is worth the floor.
            _worth, size, _upper = best_team(a, i, room, v[i], out, _NODES)
        taken = 0
        full = -1
        for q in range(size):
            j = a.mentors[a.starts[i] + out[q]]
            if book.loads[j] >= a.capacities[j] and not holds(teams[i], sizes[i], out[q]):
                taken += 1
                if full < 0 or prices[j] > prices[full]:
                    full = j
        if taken <= 1:
            return size, full
        only = full


@lean
def _replace(a, i, teams, sizes, team, size, book):
    _strike(a, i, teams[i], sizes[i], book)
    for q in range(size):
        teams[i, q] = team[q]
    sizes[i] = size
    _enter(a, i, teams[i], size, book)


@lean
def _chain(a, start, prices, v, teams, sizes, book, room, stack, old_teams, old_sizes, out):
    """Try one chain; return what it gained, 0 if it was taken back."""
    gain = 0.0
    depth = 0
    i = start
    lost = -1
    while True:
        stack[depth] = i
        old_sizes[depth] = sizes[i]
        for q in range(sizes[i]):
            old_teams[depth, q] = teams[i, q]
        depth += 1
        gain -= merit(a, i, teams[i], sizes[i], -1)
        for q in range(sizes[i]):
            if a.mentors[a.starts[i] + teams[i, q]] == lost:
                _drop(a, i, teams, sizes, q, book)
                break
        size, full = _pick(a, i, prices, v, teams, sizes, book, depth > _DEPTH, room, out)
        _replace(a, i, teams, sizes, out, size, book)
        gain += merit(a, i, teams[i], sizes[i], -1)
        if full < 0:
            break
        i, _where = _loser(a, full, -1, teams, sizes, book, stack, depth)
        if i < 0:
            break
        lost = full
    if full < 0 and gain > _TINY:
        return gain
    for z in range(depth):
        _replace(a, stack[z], teams, sizes, old_teams[z], old_sizes[z], book)
    return 0.0


@njit(cache=True, nogil=True)
def repair(a, order, prices, v, teams, sizes, passes):
    """Make teams feasible and improve them; return False if eviction and pulling cannot.

    Parameters
    ----------
    order : (M,) the order in which mentees start chains
    prices : (N,) what a full seat is taken to cost
    v : (M, A) shares, see ``best_team``; written
    teams, sizes : (M, 5), (M,) written
    passes : int
        Rounds of chains at most; a round without a gain is the last.
    """
    candidates, criteria = widest(a)
    book = _open_book(a, teams, sizes)
    if not _evict(a, teams, sizes, book) or not _pull(a, teams, sizes, book):
        return False
    room = make_room(candidates, criteria)
    stack = np.empty(_DEPTH + 2, np.int64)
    old_teams = np.empty((_DEPTH + 2, MOST), np.int64)
    old_sizes = np.empty(_DEPTH + 2, np.int64)
    out = np.empty(MOST, np.int64)
    for _ in range(passes):
        gained = 0.0
        for i in order:
            gained += _chain(a, i, prices, v, teams, sizes, book, room, stack, old_teams, old_sizes, out)
        if gained <= _TINY:
            break
    return True
