"""Passes over all mentees: best teams at given prices, and sweeps that move the prices.

A price p_j may be negative where a mentor has a lower load: ``p = alpha - beta``. A quota
adds its own price to the candidates that count towards it.

A **sweep** is one round of the augmented Lagrangian [1]_ in blocks: inside a block every
mentee picks its best team at

    max(0, p_j + mu (x_j + 1/2 - u_j)) + min(0, p_j + mu (x_j + 1/2 - l_j))

where x_j is the mentor's load without that mentee (Jacobi); between blocks the loads are
brought up to date (Gauss-Seidel). So the result does not depend on the number of threads.

.. [1] Bertsekas D. P., Constrained Optimization and Lagrange Multiplier Methods, 1982.
"""

from __future__ import annotations

import numpy as np
from numba import njit, prange

from introducer.fill import listed_in
from introducer.lean import lean
from introducer.solve.above import floored_team
from introducer.solve.room import MOST, make_room

__all__ = ["PIECE", "PROOF", "holds", "loads_of", "moved", "price_pass", "sweep", "widest", "write_costs"]

#: Nodes that a bound may cost a mentee, and a pick on the way.
PROOF = 20_000
_SKETCH = 200
#: Mentees that one piece of parallel work holds.
PIECE = 8


@lean
def widest(a):
    """Return the most candidates, and the most criteria, that a mentee has; at least 1."""
    candidates = 1
    criteria = 1
    for i in range(len(a.widths)):
        candidates = max(candidates, a.starts[i + 1] - a.starts[i])
        criteria = max(criteria, a.widths[i])
    return candidates, criteria


@lean
def write_costs(a, i, prices, quota_prices, room):
    """Write what mentee i's candidates cost at these prices."""
    first = a.starts[i]
    for c in range(a.starts[i + 1] - first):
        room.cost[c] = prices[a.mentors[first + c]]
    for r in range(a.quota_starts[i], a.quota_starts[i + 1]):
        room.cost[a.quota_places[r]] += quota_prices[a.quota_ids[r]]


@lean
def _price_some(a, room, who, start, stop, prices, quota_prices, v, teams, sizes, values):
    for z in range(start, stop):
        i = who[z]
        write_costs(a, i, prices, quota_prices, room)
        _value, size, upper = floored_team(a, i, room, v[i], teams[i], PROOF)
        sizes[i] = size
        values[i] = upper


@njit(cache=True, nogil=True)
def _price_piece(a, wide, *given):
    _price_some(a, make_room(*wide), *given)


@njit(cache=True, parallel=True)
def price_pass(a, who, prices, quota_prices, v, teams, sizes, values):
    """Write the best teams of these mentees at these prices, and bounds on their priced values.

    Parameters
    ----------
    who : mentees, each once
    prices : (N,), quota_prices : (Q,)
    v : (M, A) shares of the last pass, see ``best_team``; written
    teams : (M, 5) places among the mentee's candidates; written
    sizes : (M,) written
    values : (M,) upper bounds of the priced values; written
    """
    mentees = len(who)
    wide = widest(a)
    # The work of a piece stands in a function of its own: inlined here, the compiler's
    # parallel transformation mixes up the rooms of the threads.
    for piece in prange((mentees + PIECE - 1) // PIECE):
        start = piece * PIECE
        _price_piece(a, wide, who, start, min(mentees, start + PIECE), prices, quota_prices, v, teams, sizes, values)


@lean
def holds(team, size, c):
    """Tell whether c is among the first ``size`` entries of a team."""
    for q in range(size):
        if team[q] == c:
            return True
    return False


@lean
def _due(a, i, team, size, loads, still, turn):
    """Whether a mentee picks in this sweep: one that stood still for long does so in one of eight, if nobody pushes."""
    rest = min(8, 1 + still[i] // 2)
    if (turn + i) % rest == 0:
        return True
    for q in range(size):
        j = a.mentors[a.starts[i] + team[q]]
        if loads[j] > a.capacities[j]:
            return True
    return False


@lean
def _asked(a, j, price, mu, x):
    """Return what a seat of mentor j costs whom it would give a load of x + 1/2."""
    return max(0.0, price + mu * (x - a.capacities[j])) + min(0.0, price + mu * (x - a.min_loads[j]))


@lean
def _sweep_some(
    a,
    room,
    order,
    low,
    high,
    prices,
    quota_prices,
    mu,
    v,
    teams,
    sizes,
    loads,
    used,
    seats,
    new_teams,
    new_sizes,
    still,
    turn,
):
    for z in range(low, high):
        i = order[z]
        first = a.starts[i]
        if turn >= 0 and not _due(a, i, teams[i], sizes[i], loads, still, turn):
            new_sizes[z] = -1
            continue
        for c in range(a.starts[i + 1] - first):
            room.cost[c] = seats[a.mentors[first + c]]
        for q in range(sizes[i]):
            c = teams[i, q]
            j = a.mentors[first + c]
            room.cost[c] = _asked(a, j, prices[j], mu, loads[j] - 0.5)
        for r in range(a.quota_starts[i], a.quota_starts[i + 1]):
            c = a.quota_places[r]
            g = a.quota_ids[r]
            x = used[g] + 0.5 - holds(teams[i], sizes[i], c)
            room.cost[c] += max(0.0, quota_prices[g] + mu * (x - a.quota_limits[g]))
        _value, size, _upper = floored_team(a, i, room, v[i], new_teams[z], _SKETCH)
        new_sizes[z] = size


@njit(cache=True, nogil=True)
def _sweep_piece(a, wide, *given):
    _sweep_some(a, make_room(*wide), *given)


@njit(cache=True, parallel=True)
def sweep(a, order, block, prices, quota_prices, mu, v, teams, sizes, loads, used, still, turn):
    """Let every mentee pick again, block after block; teams, sizes and loads are brought up to date.

    Parameters
    ----------
    order : the mentees who pick, in their order
    block : int
        Mentees that pick at the same loads.
    mu : float
        What a mentee too many or too few at a mentor adds to the price.
    teams, sizes : (M, 5), (M,) written
    loads : (N,), used : (Q,)
        Loads of mentors, ties counted towards quotas; written.
    still : (M,)
        For how many picks each mentee has kept its team; written.
    turn : int
        Number of the sweep: who has stood still for long picks seldom. -1: everyone picks.
    """
    mentees = len(order)
    new_teams = np.empty((block, MOST), np.int64)
    new_sizes = np.empty(block, np.int64)
    wide = widest(a)
    # What a seat costs whoever does not have it: it changes where a load does.
    seats = np.empty(len(prices))
    for j in range(len(prices)):
        seats[j] = _asked(a, j, prices[j], mu, loads[j] + 0.5)
    for start in range(0, mentees, block):
        here = order[start : start + block]
        for piece in prange((len(here) + PIECE - 1) // PIECE):
            low = piece * PIECE
            high = min(len(here), low + PIECE)
            _sweep_piece(
                a,
                wide,
                here,
                low,
                high,
                prices,
                quota_prices,
                mu,
                v,
                teams,
                sizes,
                loads,
                used,
                seats,
                new_teams,
                new_sizes,
                still,
                turn,
            )
        _settle(a, here, prices, mu, teams, sizes, loads, used, seats, new_teams, new_sizes, still)


@lean
def _settle(a, who, prices, mu, teams, sizes, loads, used, seats, new_teams, new_sizes, still):
    """Put new teams, -1 members: no pick, in place of those before, one after the other."""
    for z in range(len(who)):
        i = who[z]
        if new_sizes[z] < 0:
            continue
        kept = new_sizes[z] == sizes[i]
        for q in range(new_sizes[z]):
            kept = kept and holds(teams[i], sizes[i], new_teams[z, q])
        still[i] = still[i] + 1 if kept else 0
        if not kept:
            _count(a, i, teams[i], sizes[i], -1, loads, used)
            _reprice(a, i, prices, mu, teams[i], sizes[i], loads, seats)
        sizes[i] = new_sizes[z]
        for q in range(new_sizes[z]):
            teams[i, q] = new_teams[z, q]
        if not kept:
            _count(a, i, teams[i], sizes[i], 1, loads, used)
            _reprice(a, i, prices, mu, teams[i], sizes[i], loads, seats)


@lean
def _reprice(a, i, prices, mu, team, size, loads, seats):
    """Write what seats cost of mentors whose load has changed, those of a team."""
    for q in range(size):
        j = a.mentors[a.starts[i] + team[q]]
        seats[j] = _asked(a, j, prices[j], mu, loads[j] + 0.5)


@lean
def _count(a, i, team, size, by, loads, used):
    """Count a mentee's team in or out of loads and quotas."""
    for q in range(size):
        loads[a.mentors[a.starts[i] + team[q]]] += by
    for r in range(a.quota_starts[i], a.quota_starts[i + 1]):
        if holds(team, size, a.quota_places[r]):
            used[a.quota_ids[r]] += by


@lean
def loads_of(a, teams, sizes, loads, used):
    """Write the loads of mentors, shape (N,), and the ties counted towards quotas, shape (Q,)."""
    loads[:] = 0
    used[:] = 0
    for i in range(len(sizes)):
        _count(a, i, teams[i], sizes[i], 1, loads, used)


@njit(cache=True, nogil=True)
def moved(old, new, owners, teams, sizes):
    """Return teams of these mentees as places among the candidates of another problem, -1 where it lacks one."""
    out = np.zeros_like(teams)
    for z in range(len(sizes)):
        i = owners[z]
        for q in range(sizes[z]):
            j = old.mentors[old.starts[i] + teams[z, q]]
            own = new.mentors[new.starts[i] : new.starts[i + 1]]
            out[z, q] = listed_in(own, 0, len(own), j)
    return out
