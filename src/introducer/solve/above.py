"""One mentee's best team among those that are worth enough, exactly, and what a team below its floor counts.

The problem: of the teams S with f(S) >= F find the one with the largest ``w f(S) - cost(S)``.
``w`` is 1 for the best team at given costs, and 0 for the cheapest team that is worth F.

For any ``theta >= 0`` what is worth less than F only gains by a reward for worth [1]_:

    max_{f(S) >= F} w f(S) - cost(S)  <=  max_S (w + theta) f(S) - cost(S) - theta F

and the right side is the problem without a floor at costs divided by ``w + theta``
(``introducer.solve.teams``). The steps:

1. Without a floor (``theta = 0``). If that team is worth F, it is the one.
2. ``theta`` grows until a team is worth F, at last without any costs. If none ever is, none
   of the candidates make one, and the team of step 1 is returned, below the floor.
3. ``theta`` is halved in on; every team worth F is remembered, and the lowest bound.
4. What the best of the remembered falls short of that bound is searched: candidates whose
   own bound at that ``theta`` does not pass it are dropped, the teams of the others are
   enumerated by falling reduced worth. A team below the floor is gone on with, if the next
   ones could lift it there.

.. [1] Everett H., Generalized Lagrange multiplier method for solving problems of optimum
   allocation of resources, Operations Research 11 (1963) 399-417.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from introducer.lean import lean
from introducer.problem import NO_FLOOR
from introducer.solve.reduced import add_up, reduce_worths, take_pins, within_reach
from introducer.solve.teams import best_team, may_join, sort_left, team_value

__all__ = ["above_from", "best_above", "floored_team", "merit", "merits", "merits_of"]

#: Factors by which theta moves, at first near a known one; between what values, how often, and when it is close enough.
_GROWTH, _NEAR = 8.0, 1.25
_LEAST, _LARGEST, _TRIALS, _CLOSE = 1e-7, 1e7, 18, 1.02
#: How much worth counts where it does not.
_HARDLY = 2.0**-20
#: What a team below its floor is worth less, and again for each unit that is missing.
_FINE = 64.0
#: Smaller differences are rounding.
_TINY = 1e-11


@lean
def merit(a, i, team, size, skip):
    """Value of a mentee's team without the one in position ``skip`` (-1: whole), less a fine below the floor.

    The fine is more than any two outcomes of a mentee differ by, so that teams on the way to
    feasible ones are compared by how many are below their floor, and by how much.
    """
    value = team_value(a, i, team, size, skip)
    if value >= a.floors[i]:
        return value
    return value - _FINE * (1.0 + a.floors[i] - value)


@njit(cache=True, nogil=True)
def merits(a, who, teams, sizes):
    """Return the merits of the teams of these mentees, shape of ``who``; ``teams`` and ``sizes`` have all M."""
    out = np.empty(len(who))
    for z in range(len(who)):
        out[z] = merit(a, who[z], teams[who[z]], sizes[who[z]], -1)
    return out


@njit(cache=True, nogil=True)
def merits_of(a, owners, teams, sizes):
    """Return the merits of teams of these mentees, shape (T,); ``teams`` and ``sizes`` have a row for each."""
    out = np.empty(len(owners))
    for z in range(len(owners)):
        out[z] = merit(a, owners[z], teams[z], sizes[z], -1)
    return out


@lean
def floored_team(a, i, room, v, out, limit):
    """Return (value, size, upper bound) of mentee i's best team that meets its floor; as ``best_team``."""
    if a.floors[i] == NO_FLOOR:
        return best_team(a, i, room, v, out, limit)
    return best_above(a, i, room, v, out, limit, 1.0)


@lean
def _paid(cost, team, size):
    total = 0.0
    for q in range(size):
        total += cost[team[q]]
    return total


@lean
def _at(a, i, room, v, team, limit, weight, theta):
    """Return (worth, size, bound) of the best team without a floor where worth is rewarded by theta."""
    scale = weight + theta
    for c in range(a.starts[i + 1] - a.starts[i]):
        room.cost[c] = room.owed[c] / scale
    _value, size, upper = best_team(a, i, room, v, team, limit)
    return team_value(a, i, team, size, -1), size, scale * upper - theta * a.floors[i]


@lean
def best_above(a, i, room, v, out, limit, weight):
    """Return (value, size, upper bound) of mentee i's best team above its floor at the costs in ``room.cost``.

    Parameters and notes as of ``above_from``.
    """
    value, size, upper, _theta = above_from(a, i, room, v, out, limit, weight, 0.0)
    return value, size, upper


@lean
def _restore(a, i, room):
    """Set the costs back to those that were asked with."""
    for c in range(a.starts[i + 1] - a.starts[i]):
        room.cost[c] = room.owed[c]


@lean
def _without_floor(a, i, room, v, out, limit, weight):
    """Return (value, size, upper bound) where there is no floor; where only costs count, worth breaks ties."""
    count = a.starts[i + 1] - a.starts[i]
    scale = max(weight, _HARDLY)
    for c in range(count):
        room.cost[c] = room.owed[c] / scale
    _value, size, upper = best_team(a, i, room, v, out, limit)
    _restore(a, i, room)
    least = 0.0
    for c in range(count):
        least = min(least, a.pairs[a.starts[i] + c])
    # Of the cheapest teams no one is worth less than that.
    upper = scale * upper - (scale - weight) * a.team_sizes[i] * least
    return weight * team_value(a, i, out, size, -1) - _paid(room.owed, out, size), size, upper


@lean
def _take(room, team, size):
    """Remember a team as the best one so far."""
    for q in range(size):
        room.found[q] = team[q]


@lean
def above_from(a, i, room, v, out, limit, weight, hint):
    """Return (value, size, upper bound, theta) of mentee i's best team above its floor at the costs in ``room.cost``.

    Parameters
    ----------
    a, i, room, v, out, limit : as ``best_team``
    weight : float
        What the worth counts beside the costs, in [0, 1].
    hint : float
        A theta to begin with, that of an earlier call; 0 where none is known.

    Notes
    -----
    Theta is the one of the lowest bound. Where no team of the candidates meets the floor, the
    team is the best one without it (for the weight 0: the one that is worth most). Costs in
    ``room.cost`` are left as they were.
    """
    floor = a.floors[i]
    count = a.starts[i + 1] - a.starts[i]
    for c in range(count):
        room.owed[c] = room.cost[c]
    if floor == NO_FLOOR:
        value, size, upper = _without_floor(a, i, room, v, out, limit, weight)
        return value, size, upper, 0.0
    team = room.trial
    lowest = np.inf
    at = 0.0
    size = -1
    plain_value = 0.0
    plain_size = 0
    plain_upper = np.inf
    if weight > 0.0:
        worth, plain_size, lowest = _at(a, i, room, v, out, limit, weight, 0.0)
        plain_value = weight * worth - _paid(room.owed, out, plain_size)
        plain_upper = lowest
        if worth >= floor:
            _restore(a, i, room)
            return plain_value, plain_size, lowest, 0.0
    value = -np.inf
    low = 0.0
    high = np.inf
    theta = hint if hint > 0.0 else 1.0
    step = _NEAR if hint > 0.0 else _GROWTH
    for _ in range(_TRIALS):
        worth, met, bound = _at(a, i, room, v, team, limit, weight, theta)
        if bound < lowest:
            lowest = bound
            at = theta
        if worth >= floor:
            high = theta
            now = weight * worth - _paid(room.owed, team, met)
            if size < 0 or now > value:
                value = now
                size = met
                _take(room, team, size)
        else:
            low = theta
        if value >= lowest - _TINY or high <= low * _CLOSE:
            break
        if high == np.inf:
            if low >= _LARGEST:
                break
            theta *= step
        elif low == 0.0:
            if high <= _LEAST:
                break
            theta /= step
        else:
            theta = np.sqrt(low * high)
        step = min(step * step, _GROWTH)
    if size < 0:
        for c in range(count):
            room.cost[c] = 0.0
        _value, size, _upper = best_team(a, i, room, v, team, limit)
        if team_value(a, i, team, size, -1) < floor:
            _restore(a, i, room)
            if weight > 0.0:
                return plain_value, plain_size, plain_upper, 0.0
            for q in range(size):
                out[q] = team[q]
            return -_paid(room.owed, team, size), size, np.inf, 0.0
        _take(room, team, size)
        value = weight * team_value(a, i, team, size, -1) - _paid(room.owed, team, size)
    if value < lowest - _TINY:
        open_bound = -np.inf
        # Pins that fill the team leave nothing to search.
        if _seats(a, i, count) > 0:
            value, size, open_bound = _searched(a, i, room, v, size, value, limit, weight, at)
        lowest = min(lowest, max(value, open_bound))
    for q in range(size):
        out[q] = room.found[q]
    _restore(a, i, room)
    return value, size, max(value, lowest), at


@lean
def _seats(a, i, count):
    """Return how many candidates that are not pinned fit into a team."""
    pinned = 0
    for c in range(count):
        pinned += a.pinned[a.starts[i] + c]
    return min(count, a.team_sizes[i]) - pinned


@lean
def _searched(a, i, room, v, size, value, limit, weight, theta):
    """Enumerate teams that could pass the value at this theta; return (value, size, open bound).

    The best one is left in ``room.found``.
    """
    first = a.starts[i]
    count = a.starts[i + 1] - first
    criteria = a.widths[i]
    own = a.gains[a.gain_starts[i] : a.gain_starts[i + 1]].reshape((criteria, count))
    scale = weight + theta
    worth = 0.0
    cheap = 0.0
    for c in range(count):
        room.cost[c] = room.owed[c] / scale
        cheap = min(cheap, room.owed[c])
        if a.pinned[first + c]:
            worth += a.pairs[first + c]
    pinned, n, base = take_pins(a, i, own, room, room.chosen)
    gain = room.gain if pinned else own
    over = base
    for d in range(criteria):
        room.u[d] = max(v[d], room.cov[0, d])
        over += room.u[d]
        worth += room.cov[0, d]
    seats = a.team_sizes[i] - pinned
    _bound, others = reduce_worths(gain, criteria, seats, base, room, n)
    # What reaches this much, by the bounds of the problem without a floor, may be better.
    target = (value + theta * a.floors[i]) / scale + _TINY
    n = within_reach(gain, room, n, criteria, target - others - base)
    sort_left(room, n, criteria)
    for z in range(n):
        c = room.left[room.order[z]]
        room.sorted_net[z] = a.pairs[first + c]
        room.sorted_cost[z] = room.owed[c]
    open_bound = -np.inf
    room.worth[0] = worth
    room.paid[0] = _paid(room.owed, room.chosen, pinned)
    room.reach[0] = over
    room.place[0] = 0
    level = 0
    nodes = 0
    _lift(room, criteria, n, 0, seats, 0, weight, value, cheap)
    while level >= 0:
        free = seats - level
        p = room.place[level]
        if p >= n or free == 0:
            level -= 1
            continue
        upper = room.reach[level] + room.s[room.order[p]]
        for q in range(p + 1, min(p + free, n)):
            upper += max(room.s[room.order[q]], 0.0)
        lifted = room.could[level, p]
        if (
            upper <= target
            or lifted < a.floors[i] - _TINY
            or weight * lifted - room.paid[level] - free * cheap <= value + _TINY
        ):
            level -= 1
            continue
        if nodes >= limit:
            open_bound = max(open_bound, scale * upper - theta * a.floors[i])
            level -= 1
            continue
        nodes += 1
        room.place[level] = p + 1
        c = room.left[room.order[p]]
        if not may_join(a, first, a.team_sizes[i], room.chosen, pinned + level, c):
            continue
        room.chosen[pinned + level] = c
        worth = room.worth[level] + room.more[level, p]
        for d in range(criteria):
            room.cov[level + 1, d] = max(room.sorted_gain[d, p], room.cov[level, d])
        level += 1
        room.worth[level] = worth
        room.paid[level] = room.paid[level - 1] + room.sorted_cost[p]
        now = weight * worth - room.paid[level]
        if worth >= a.floors[i] and now > value + _TINY:
            value = now
            target = (value + theta * a.floors[i]) / scale + _TINY
            size = pinned + level
            _take(room, room.chosen, size)
        room.reach[level] = room.reach[level - 1] + room.s[room.order[p]]
        room.place[level] = p + 1
        if seats - level > 0:
            _lift(room, criteria, n, p + 1, seats - level, level, weight, value, cheap)
    return value, size, open_bound


@lean
def _lift(room, criteria, n, start, seats, level, weight, value, cheap):
    """Write what a team could be worth with the best of the candidates from each place on, each by itself.

    Where only costs count, whoever costs more than what is known to be enough is left out.
    """
    most = np.inf if weight > 0.0 else -value - room.paid[level] - (seats - 1) * cheap
    more = room.more[level]
    could = room.could[level]
    top = room.largest
    add_up(room.sorted_net, room.sorted_gain, room.cov[level], criteria, start, n, more)
    for z in range(seats):
        top[z] = 0.0
    total = room.worth[level]
    could[n] = total
    for p in range(n - 1, start - 1, -1):
        if more[p] > top[seats - 1] and room.sorted_cost[p] < most:
            total += more[p] - top[seats - 1]
            z = seats - 1
            while z > 0 and top[z - 1] < more[p]:
                top[z] = top[z - 1]
                z -= 1
            top[z] = more[p]
        could[p] = total
