"""The independent checker: is an outcome feasible, what is it worth, and what could be best.

Shares nothing with the solvers, neither code nor method: it takes teams and prices from
wherever they come, and reads the problem. A bound needs every mentee's best team at the
prices; here that is an enumeration in the order of reduced worths:

    For any ``u >= 0`` a team S is worth at most ``sum_d u_d + sum_{c in S} s_c`` with
    ``s_c = sum_d max(g_dc - u_d, 0) + a_c - p_c``.

With candidates sorted by ``s``, a partial team whose sum with the next best ``s`` does not
exceed the best team found is not continued. ``u`` is sharpened by subgradient steps first.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
from numba import get_num_threads, njit

from introducer.errors import Refused
from introducer.outcome import Certificate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from introducer.outcome import Prices
    from introducer.problem import Problem, Teams

    Floats = NDArray[np.float64]

__all__ = ["alone", "certify", "faults"]

_STEPS = 60
#: A bound may lie below the true maximum by no more than this: values are multiples of 2**-30.
_EXACT = 2.0**-32


def certify(problem: Problem, teams: Teams, prices: Prices) -> Certificate:
    """Return value, bound and gap of an outcome over all eligible pairs.

    Parameters
    ----------
    teams : tuple of tuple of int
        Mentors of every mentee, ascending.
    prices : Prices
        Any non-negative numbers; they decide how tight the bound is, never whether it holds.

    Raises
    ------
    Refused
        If a rule is broken or a price is negative; lists every finding.
    """
    findings = faults(problem, teams, prices)
    if findings:
        raise Refused(findings)
    a = problem.arrays
    capacity, min_load, quota = (
        np.array(p, dtype=np.float64) for p in (prices.capacity, prices.min_load, prices.quota)
    )
    values = np.array([problem.value(i, team) for i, team in enumerate(teams)])
    best = _best_values(problem, capacity - min_load, quota)
    regrets = np.array(
        [best[i] - values[i] + _paid(problem, i, team, capacity - min_load, quota) for i, team in enumerate(teams)]
    )
    loads = problem.loads(teams)
    slacks = capacity * (a.capacities - loads) + min_load * (loads - a.min_loads)
    np.add.at(slacks, a.quota_mentors, quota * (a.quota_limits - _used(problem, teams)))
    bound = best.sum() + capacity @ a.capacities - min_load @ a.min_loads + quota @ a.quota_limits
    return Certificate(
        value=float(values.sum()),
        bound=float(bound),
        scope="all",
        regrets=tuple(regrets.tolist()),
        slacks=tuple(slacks.tolist()),
    )


def alone(problem: Problem) -> Floats:
    """Return the value of every mentee's best team if nobody else were in the cohort, shape (M,).

    Mentors without a seat, and quotas of 0, stay out of reach.
    """
    a = problem.arrays
    out_of_reach = float(a.gains.sum() + np.abs(a.pairs).sum() + 1.0) if len(a.pairs) else 1.0
    return _best_values(
        problem,
        np.where(a.capacities == 0, out_of_reach, 0.0),
        np.where(a.quota_limits == 0, out_of_reach, 0.0),
    )


def faults(problem: Problem, teams: Teams, prices: Prices) -> list[str]:
    """Return a sentence for everything that makes teams or prices impossible."""
    a = problem.arrays
    mentees, mentors = problem.shape
    found = []
    if len(teams) != mentees or len(prices.capacity) != mentors or len(prices.min_load) != mentors:
        return ["The outcome does not have a team for each mentee and prices for each mentor."]
    if len(prices.quota) != len(a.quota_limits):
        return ["The outcome does not have a price for each quota."]
    if any(not p >= 0 or not np.isfinite(p) for p in (*prices.capacity, *prices.min_load, *prices.quota)):
        found.append("A price is negative or no number.")
    for i, team in enumerate(teams):
        found += [f"{{mentee:{i}}}: {what}" for what in _team_faults(problem, i, team)]
    if found:
        return found
    loads = problem.loads(teams)
    found += [
        f"{{mentor:{j}}} has {loads[j]} mentees, and may have {a.min_loads[j]} to {a.capacities[j]}."
        for j in np.flatnonzero((loads > a.capacities) | (loads < a.min_loads))
    ]
    used = _used(problem, teams)
    found += [
        f"{{mentor:{a.quota_mentors[g]}}} has {used[g]} ties under a quota of {a.quota_limits[g]}."
        for g in np.flatnonzero(used > a.quota_limits)
    ]
    return found


def _team_faults(problem: Problem, i: int, team: tuple[int, ...]) -> list[str]:
    a = problem.arrays
    found = []
    candidates = problem.candidates(i).tolist()
    strangers = [j for j in team if j not in candidates]
    if strangers:
        return [f"the tie to {{mentor:{j}}} is refused or unknown." for j in strangers]
    if list(team) != sorted(set(team)):
        return ["the team is not in order, or holds a mentor twice."]
    size = int(a.team_sizes[i])
    if len(team) > size:
        found.append(f"the team has {len(team)} mentors, and may have {size}.")
    found += [f"the pinned tie to {{mentor:{j}}} is missing." for j in problem.pins(i).tolist() if j not in team]
    if a.institution_limit:
        homes = [int(a.institutions[j]) for j in team if a.institutions[j] >= 0]
        if any(homes.count(home) > a.institution_limit for home in homes):
            found.append(f"more than {a.institution_limit} of the team are from one institution.")
    kept = a.kept[a.starts[i] : a.starts[i + 1]]
    if sum(not kept[candidates.index(j)] for j in team) >= max(size, 1):
        found.append("the seat that is kept for a local or an outside mentor is taken by another.")
    return found


def _counted(problem: Problem, i: int, team: tuple[int, ...]) -> list[int]:
    """Return the quotas that a mentee's team counts towards."""
    a = problem.arrays
    rows = range(a.quota_starts[i], a.quota_starts[i + 1])
    own = problem.candidates(i)
    return [int(a.quota_ids[r]) for r in rows if int(own[a.quota_places[r]]) in team]


def _used(problem: Problem, teams: Teams) -> NDArray[np.int64]:
    counted = [g for i, team in enumerate(teams) for g in _counted(problem, i, team)]
    return np.bincount(counted, minlength=len(problem.arrays.quota_limits)).astype(np.int64)


def _paid(problem: Problem, i: int, team: tuple[int, ...], prices: Floats, quota: Floats) -> float:
    return float(sum(prices[j] for j in team) + sum(quota[g] for g in _counted(problem, i, team)))


def _best_values(problem: Problem, prices: Floats, quota: Floats) -> Floats:
    """Return every mentee's largest priced value, shape (M,)."""
    a = problem.arrays

    def best(i: int) -> float:
        own = problem.candidates(i)
        net = problem.pair_worths(i) - prices[own]
        rows = slice(a.quota_starts[i], a.quota_starts[i + 1])
        np.subtract.at(net, a.quota_places[rows], quota[a.quota_ids[rows]])
        here = slice(a.starts[i], a.starts[i + 1])
        homes = a.institutions[own] if a.institution_limit else np.full(len(own), -1)
        found: float = _largest(
            problem.gain_block(i), net, homes, a.institution_limit, a.kept[here], a.pinned[here], a.team_sizes[i]
        )
        return found

    # Each mentee by itself: the result does not depend on the number of threads.
    with ThreadPoolExecutor(get_num_threads()) as threads:
        return np.fromiter(threads.map(best, range(problem.shape[0])), np.float64, problem.shape[0])


@njit(cache=True, nogil=True)
def _shares(gain, net, floor, seats, target):
    """Subgradient steps on the bound over u >= floor; return the best u."""
    criteria = len(gain)
    u = floor.copy()
    best_u = floor.copy()
    best = np.inf
    pace = 1.0
    for _ in range(_STEPS):
        s = net.copy()
        for d in range(criteria):
            s += np.maximum(gain[d] - u[d], 0.0)
        order = np.argsort(-s)[:seats]
        bound = u.sum()
        slope = np.ones(criteria)
        for c in order:
            if s[c] > 0.0:
                bound += s[c]
                for d in range(criteria):
                    if gain[d, c] > u[d]:
                        slope[d] -= 1.0
        if bound < best - _EXACT:
            best = bound
            best_u = u.copy()
        else:
            pace *= 0.8
        for d in range(criteria):
            if u[d] <= floor[d] and slope[d] > 0.0:
                slope[d] = 0.0
        length = (slope * slope).sum()
        if length == 0.0 or best <= target + _EXACT:
            break
        u = np.maximum(floor, u - pace * (bound - target) / length * slope)
    return best_u


@njit(cache=True, nogil=True)
def _joins(team, size, c, homes, limit, kept, most):
    mates = 0
    others = 0
    for q in range(size):
        mates += homes[team[q]] == homes[c]
        others += not kept[team[q]]
    if limit > 0 and homes[c] >= 0 and mates >= limit:
        return False
    return bool(kept[c]) or others < most - 1


@njit(cache=True, nogil=True)
def _largest(gain, net, homes, limit, kept, pinned, most):
    """Return the largest value of a team of at most ``most`` candidates, the pinned ones among them.

    Parameters
    ----------
    gain : (A, C) gains, net : (C,) pair worth less price
    homes : (C,) institutions, limit : teammates from one, at most
    kept, pinned : (C,) as in ``Problem``
    """
    criteria, count = gain.shape
    team = np.empty(most + 1, np.int64)
    floor = np.zeros(criteria)
    base = 0.0
    fixed = 0
    for c in range(count):
        if pinned[c]:
            team[fixed] = c
            fixed += 1
            base += net[c]
            for d in range(criteria):
                floor[d] = max(floor[d], gain[d, c])
    best = base + floor.sum()
    seats = most - fixed
    if seats <= 0 or fixed == count:
        return best
    # A first team, by the largest marginal gain.
    cover = floor.copy()
    value = best
    size = fixed
    while size < most:
        rise = 0.0
        pick = -1
        for c in range(count):
            if pinned[c] or not _joins(team, size, c, homes, limit, kept, most):
                continue
            again = False
            for q in range(fixed, size):
                again |= team[q] == c
            x = net[c]
            for d in range(criteria):
                x += max(gain[d, c] - cover[d], 0.0)
            if x > rise and not again:
                rise = x
                pick = c
        if pick < 0:
            break
        team[size] = pick
        size += 1
        value += rise
        for d in range(criteria):
            cover[d] = max(cover[d], gain[d, pick])
    best = max(best, value)
    u = _shares(gain, np.where(pinned, -np.inf, net), floor, seats, best - base)
    s = net.copy()
    for d in range(criteria):
        s += np.maximum(gain[d] - u[d], 0.0)
    s[pinned] = -np.inf
    order = np.argsort(-s)
    top = base + u.sum()
    # Enumerate teams in the order of s: ``at[level]`` is the next place to try there.
    at = np.zeros(most + 1, np.int64)
    sums = np.zeros(most + 1)
    nets = np.zeros(most + 1)
    covers = np.zeros((most + 1, criteria))
    covers[0] = floor
    nets[0] = base
    level = 0
    while level >= 0:
        p = at[level]
        reach = top + sums[level]
        for q in range(p, min(p + seats - level, count)):
            if q == p or s[order[q]] > 0.0:
                reach += s[order[q]]
        if p >= count or level >= seats or reach <= best + _EXACT:
            level -= 1
            continue
        at[level] = p + 1
        c = order[p]
        if pinned[c] or not _joins(team, fixed + level, c, homes, limit, kept, most):
            continue
        team[fixed + level] = c
        covers[level + 1] = np.maximum(covers[level], gain[:, c])
        nets[level + 1] = nets[level] + net[c]
        sums[level + 1] = sums[level] + s[c]
        best = max(best, nets[level + 1] + covers[level + 1].sum())
        at[level + 1] = p + 1
        level += 1
    return best
