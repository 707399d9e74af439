"""Price decomposition over all allowed pairs of a large cohort, on shortlists.

The pairs of a large cohort do not fit into memory, and a best team needs few of them. The
steps, with those of ``introducer.solve.prices`` inside:

1. **Nomination.** For each mentee the mentors of the largest reduced worth
   (``introducer.solve.scan``) at one constant price; equals in another order for everyone.
2. **Warming up.** A few times: ascent on the shortlists, a common shift of all prices, and a
   nomination at the new prices, with the mentors of the present and of the best team.
   Among many mentors a nomination looks at a part of them, in turn, and keeps the best of those seen before.
3. **Round** of sweeps on the shortlists; among many mentors with a nomination after every few.
4. **Proof.** At the best prices of the round: best teams on the shortlists, one scan over all
   pairs, and the mentors that it does not rule out join the shortlists, again for those whose lists
   grew (``introducer.solve.beyond``): best teams are best over all pairs then, and their bound holds for all.
5. **Landing** with steps that rise slowly; then those who lost most choose again among
   themselves (``introducer.solve.cores``), unless there are too many mentees to remember the
   teams seen.
6. A nomination, and the next round with finer steps, until the gap is the policy's target. Up to
   4,000 mentees the columns that a master lacks (``introducer.solve.master``) instead, a proof and
   the cores, a few times; then landings from the prices of the bound, with cores of several sizes after
   each, and the best choice among the teams seen.

With more pairs than ``introducer.sample`` allows, the bound over all pairs is estimated from some mentees
(``introducer.solve.beyond``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from introducer.errors import Infeasible
from introducer.runs import starts_of
from introducer.sample import is_whole
from introducer.solve.beyond import completed, missed
from introducer.solve.cores import SHARE, mend, mend_part
from introducer.solve.elastic import feasible_start, raise_infeasible, refuse_large, refuse_pins, refuse_plain
from introducer.solve.master import Pool, choose, generate
from introducer.solve.passes import Scanner
from introducer.solve.rounds import ROUNDS, Round, ascend, best_found, constant_price, land, level
from introducer.solve.scan import merged, standings
from introducer.solve.state import begin, keep, price, put, with_arrays

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from introducer.fit import Market
    from introducer.policy import Policy
    from introducer.problem import Problem
    from introducer.solve import Solution, Stop, Watch
    from introducer.solve.passes import Scans
    from introducer.solve.state import State

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["ROUNDS", "owed_lists", "solve"]

#: Mentors on a shortlist, and how far chance may lift one on to it at first.
MOST, _NOISE = 48, 0.02
#: Where the bound is estimated: mentors on a shortlist, for memory, and from how many mentees.
FEWER, _SOME = 24, 2_000
#: Each mentee looks at about so many mentors at a time, and at the next after so many sweeps.
LOOKED, BOUT = 6_000, 10
#: Before the first round: passes, their first step, and how far all prices may be shifted, then a nomination.
WARM = ((3, 0.03, 0.25), (3, 0.03, 0.25), (3, 0.02, 0.1), (3, 0.01, 0.05))
#: The round after which the first landing comes, after how many of its sweeps the teams are remembered; its steps.
FIRST_LANDING, EVERY = 3, 2
SLOW: tuple[float, ...] = tuple(np.linspace(0.001, 0.1, 100).tolist())
#: Of more mentees the teams seen are not remembered.
SEEN_MOST = 200_000
#: More mentees have too large a master program; how often its prices are proved.
MASTER_MOST, MASTERS = 4_000, 3
#: How often, after the masters, one lands from the prices of the bound, and parts of all in the cores after it.
TURNS, PARTS = 4, (0.2, 0.4, 0.8)
#: Mentees that are sought for a mentor with a lower load: so many times the load, among so many at first.
_TIMES, _SAMPLE = 20, 2_000


@dataclass
class _Search:
    """A search on shortlists.

    Attributes
    ----------
    market : Market
    scans : carries out passes over the shortlists, and scans
    owed : lists of mentors with a lower load, who stay on them
    problem : what holds for the pairs of the shortlists
    state : where the search on them stands
    bound, prices : the lowest bound that was proved over all pairs, and the prices that prove it
    times : of so many parts of all mentors, each mentee looks at one when it nominates anew
    turn : how many nominations there were
    some : mentees from whom the bound is estimated; None where it is proved
    """

    market: Market
    scans: Scans
    owed: tuple[Ints, Ints]
    problem: Problem
    state: State
    bound: float
    prices: tuple[Floats, Floats]
    times: int = 1
    turn: int = 0
    some: Ints | None = None

    @property
    def most(self) -> int:
        """Mentors on a shortlist."""
        return MOST if self.some is None else FEWER

    @property
    def gap(self) -> float | None:
        """Gap so far; None before an outcome is known."""
        known = self.state.best_teams is not None and self.bound > 0
        return (self.bound - self.state.best) / self.bound if known else None


def solve(market: Market, policy: Policy, watch: Watch, scans: Scans | None = None) -> tuple[Problem, Solution]:
    """Return the problem of the last shortlists, and the solution. See the module for the steps.

    Parameters
    ----------
    scans : Scans, optional
        Carries out passes and scans; this process unless given.

    Raises
    ------
    Infeasible
        When no outcome meets the rules.
    """
    search = _begin(market, policy, watch, scans or Scanner(market))
    finished = True
    for part in _steps(search, watch):
        watch.tell("prices", part, search.state.gap)
        finished = not watch.stop()
        if not finished or search.state.gap <= policy.gap_target:
            break
    return search.problem, best_found(search.problem, search.state, finished=finished)


def _part(rounds: float) -> float:
    """Return the part of all steps that is done after so many rounds, where warming up counts as one."""
    return rounds / (len(ROUNDS) + 2)


def _steps(search: _Search, watch: Watch) -> Iterator[float]:
    """Narrow the gap step by step; yield the part of the steps that is done."""
    pool = None
    for number, steps in enumerate(ROUNDS, start=1):
        pool = _swept(search, number, steps, pool, watch)
        if number < FIRST_LANDING and not watch.stop():
            _nominate(search)
            pool = _seen(search, pool)
            watch.tell("prices", _part(number + 1), None)
            continue
        _prove(search)
        pool = _seen(search, pool)
        try:
            land(search.problem, search.state, pool, SLOW, EVERY, watch.stop)
        except Infeasible:
            pool = _rescue(search)
        yield _part(number + 1)
        if pool is not None:
            for _gain in mend(search.state, pool, watch.stop):
                yield _part(number + 3 / 2)
            if search.market.shape[0] <= MASTER_MOST:
                yield from _finish(search, pool, watch)
                return
        _nominate(search)
        pool = _seen(search, pool)


def _swept(search: _Search, number: int, steps: tuple[float, ...], pool: Pool | None, watch: Watch) -> Pool | None:
    """Sweep; who looks at a part of all mentors at a time nominates anew on the way. Return the teams seen."""
    begun = Round.of(search.state)
    bout = len(steps) if search.times == 1 else BOUT
    for first in range(0, len(steps), bout):
        if first and not watch.stop():
            watch.tell("prices", _part(number + first / (2 * len(steps))), search.gap)
            _nominate(search)
            pool = _seen(search, pool)
        begun.sweep(search.state, steps[first : first + bout], pool, watch.stop)
    search.state.bound = np.inf
    begun.end(search.state)
    return pool


def _finish(search: _Search, pool: Pool, watch: Watch) -> Iterator[float]:
    """Narrow the gap by a master; yield the part of the steps that is done."""
    for number in range(1, MASTERS + 1):
        state = search.state
        state.bound, (state.prices, state.quota_prices) = np.inf, search.prices
        generate(state, pool, watch.stop)
        _prove(search)
        pool = pool.on(search.state.apart)
        for _gain in mend(search.state, pool, watch.stop):
            yield _finished(number)
    for turn in range(1, TURNS + 1):
        if watch.stop():
            break
        _look_around(search, pool, watch.stop)
        yield _finished(MASTERS + turn)
    choose(search.state, pool)
    keep(search.problem, search.state)
    yield 1.0


def _finished(steps: int) -> float:
    """Return the part of all steps that is done after so many of the last ones."""
    begun = _part(FIRST_LANDING + 3 / 2)
    return begun + (1.0 - begun) * steps / (MASTERS + TURNS + 1)


def _look_around(search: _Search, pool: Pool, stop: Stop) -> None:
    """Land from the prices of the bound, whose teams the pool may lack, and let cores of several sizes choose again."""
    state = search.state
    carried = state.bound
    price(state, *search.prices)
    state.bound, (state.prices, state.quota_prices) = carried, search.prices
    land(search.problem, state, pool, SLOW, 1, stop)
    for part in PARTS:
        mend_part(state, pool, part, SHARE, stop)


def _rescue(search: _Search) -> Pool | None:
    """Land where shortlists have no outcome: from one over all pairs, if the cohort is small enough to find it.

    Raises
    ------
    Infeasible
        When there is none, or the cohort is too large to tell.
    """
    market, state = search.market, search.state
    refuse_large(market.eligible)
    whole = market.problem()
    start = feasible_start(whole)
    if start is None:
        raise_infeasible(whole)
    lists = (
        starts_of(np.array([len(team) for team in start], np.int64)),
        np.array([j for t in start for j in t], np.int64),
    )
    _move(search, merged(state.a.starts, state.a.mentors, *lists))
    put(search.problem, search.state, start)
    keep(search.problem, search.state)
    return _seen(search, None)


def _seen(search: _Search, pool: Pool | None) -> Pool | None:
    """Return the teams seen so far as teams of the present shortlists; None if they are too many."""
    if search.market.shape[0] > SEEN_MOST:
        return None
    return Pool(search.state.apart) if pool is None else pool.on(search.state.apart)


def _begin(market: Market, policy: Policy, watch: Watch, scans: Scans) -> _Search:
    """Return a search with shortlists and prices to begin with; when it is time to stop, with less care."""
    watch.tell("start", 0.0, None)
    chance = np.random.default_rng(policy.seed)
    owed = owed_lists(market, chance)
    pins = market.tables.pin_starts, market.tables.pin_mentors
    problem = market.on(scans.stored(merged(*owed, *pins)))
    refuse_pins(problem)
    search = _Search(
        market=market,
        scans=scans,
        owed=owed,
        problem=problem,
        state=begin(problem, policy.seed, scans),
        bound=np.inf,
        prices=(np.zeros(market.shape[1]), np.zeros(len(market.arrays.quota_limits))),
        times=max(1, market.shape[1] // LOOKED),
        some=None if is_whole(*market.shape) else np.sort(chance.choice(market.shape[0], _SOME, replace=False)),
    )
    watch.tell("start", _part(1 / (len(WARM) + 3)), None)
    _nominate(search, _NOISE * chance.random(market.shape[1]))
    # Only now have mentees lists of all that could matter here.
    refuse_plain(search.problem)
    constant_price(search.state)
    watch.tell("start", _part(2 / (len(WARM) + 3)), None)
    _nominate(search, _NOISE * chance.random(market.shape[1]))
    search.state.still = np.zeros(market.shape[0], np.int64)
    for number, (passes, first, reach) in enumerate(WARM, start=3):
        watch.tell("start", _part(number / (len(WARM) + 3)), None)
        if watch.stop():
            break
        ascend(search.state, passes, watch.stop, first)
        level(search.state, reach)
        _nominate(search)
    return search


def _nominate(search: _Search, noise: Floats | None = None) -> None:
    """Nominate anew at the present prices, with any noise, shape (N,); pinned, present and best teams stay."""
    state, market = search.state, search.market
    held = [search.owed, (market.tables.pin_starts, market.tables.pin_mentors), _held(state, state.teams, state.sizes)]
    if state.best_teams is not None:
        held.append(_held(state, *state.best_teams))
    owners = np.concatenate([np.repeat(np.arange(market.shape[0]), np.diff(starts)) for starts, _mentors in held])
    mentors = np.concatenate([mentors for _starts, mentors in held])
    order = np.lexsort((mentors, owners))
    musts = starts_of(np.bincount(owners, minlength=market.shape[0])), mentors[order]
    lift = np.zeros(0, np.float32) if noise is None else np.tile(noise, 2).astype(np.float32)
    at = state.prices, state.quota_prices, state.v
    found = search.scans.nominate(at, lift, search.most, search.times, search.turn, state.a)
    _move(search, merged(*found, *musts))
    search.turn += 1


def _held(state: State, teams: Ints, sizes: Ints) -> tuple[Ints, Ints]:
    """Return teams of places as lists of mentors."""
    here = np.arange(teams.shape[1])[None, :] < sizes[:, None]
    return starts_of(sizes), state.a.mentors[(teams + state.a.starts[:-1, None])[here]]


def _move(search: _Search, lists: tuple[Ints, Ints]) -> None:
    """Go on with other shortlists."""
    problem = search.market.on(search.scans.stored(lists))
    search.problem, search.state = problem, with_arrays(search.state, problem)


def _prove(search: _Search) -> None:
    """Prove a bound over all pairs at the best prices of the round; the shortlists grow by what it needs."""
    state = search.state
    prices = state.bound_prices
    carried = state.teams.copy(), state.sizes.copy()
    if search.some is not None:
        state.missed, state.bound = missed(search.market, state.a, *prices, search.some), np.inf
        price(state, *prices)
        state.teams[:], state.sizes[:] = carried
        _lower(search, state.bound, prices)
        return
    price(state, *prices)
    starts, found = search.scans.survivors(state.a, *prices, state.v, state.values)
    state.teams[:], state.sizes[:] = carried
    if len(found):
        lists = merged(state.a.starts, state.a.mentors, starts, found)
        _move(search, completed(search.market, lists, *prices, np.flatnonzero(np.diff(starts))))
        state = search.state
        carried = state.teams.copy(), state.sizes.copy()
        state.bound = np.inf
        price(state, *prices)
        state.teams[:], state.sizes[:] = carried
    _lower(search, state.bound, prices)


def _lower(search: _Search, bound: float, prices: tuple[Floats, Floats]) -> None:
    """Go on with the lowest bound, which may be a new one."""
    if bound < search.bound:
        search.bound, search.prices = bound, prices
    search.state.bound, search.state.bound_prices = search.bound, search.prices


def owed_lists(market: Market, chance: np.random.Generator) -> tuple[Ints, Ints]:
    """Return lists with mentees for every mentor who has a lower load: several times as many as it owes.

    They are sought among some mentees first, and among all if those are too few.
    """
    a = market.arrays
    able = chance.permutation(np.flatnonzero(a.team_sizes > 0))
    pairs = []
    for j in np.flatnonzero(a.min_loads).tolist():
        enough = _TIMES * int(a.min_loads[j])
        for who in (able[:_SAMPLE], able):
            worths = standings(market.tables, who, j)
            if (worths > -np.inf).sum() >= enough:
                break
        best = np.argsort(-worths, kind="stable")[:enough]
        pairs += [(i, j) for i in who[best[worths[best] > -np.inf]].tolist()]
    pairs.sort()
    owners = np.array([i for i, _j in pairs], np.int64)
    return starts_of(np.bincount(owners, minlength=market.shape[0])), np.array([j for _i, j in pairs], np.int64)
