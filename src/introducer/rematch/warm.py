"""A large cohort again with few changes: from the earlier teams and prices, around those who could have better.

1. **Base.** The earlier ties that can stay, and teams for those who are new: on lists of these
   alone, at the earlier prices. A mentor who had no price costs what the next mentee after the last
   seat would gain.
2. **Proof.** The largest priced value of every mentee's teams over all pairs, by the checker's way;
   known already for whom nothing has changed since (``introducer.rematch.known``).
3. **Stirred.** Whose team is worth less than that, at these prices, by more than a hundredth. They
   and the people around them (``introducer.rematch.near``) are solved again, so many at a time, for a few
   prices of a change; then those who are stirred by what was found.
4. **Anew.** Where the gap is still wide, or without earlier prices, the cohort is matched anew
   too: one more outcome to mix, and prices that prove more.
5. **Mix.** Parts of the outcomes found, by a knapsack (``introducer.rematch.parts``).
6. **Bounds** of every number of changes, from that one proof (``introducer.rematch.hull``).
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numba import get_num_threads, set_num_threads

from introducer import certify
from introducer.errors import Infeasible
from introducer.problem import Problem, on_grid
from introducer.rematch.cold import base_of, based, priced, signs_of
from introducer.rematch.hull import bound_of
from introducer.rematch.known import figures
from introducer.rematch.looks import Known
from introducer.rematch.near import Nearby
from introducer.rematch.parts import Frontier, Mixer, changes, mixed_points
from introducer.runs import lists_of, starts_of
from introducer.shard import some
from introducer.solve import Watch, solve_market
from introducer.solve.again import settled, solve_again
from introducer.solve.elastic import refuse_large
from introducer.solve.fans import fans
from introducer.solve.passes import Scanner
from introducer.solve.scan import merged, standings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from introducer.fit import Market
    from introducer.outcome import Prices
    from introducer.policy import Policy
    from introducer.problem import Teams
    from introducer.rematch.known import Carried

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["Before", "frontier"]

#: Whose team is worth so much less than the best one at its prices is stirred.
_STIRRED = 0.01
#: Most who are asked about: so many, or this part of the cohort; and how many at a time.
_FEW, _PART, _AT_ONCE = 400, 0.05, 200
#: Prices of a change, by how many people are around at most; and so many more near the budget.
_PRICES = ((600, (0.35, 0.12, 0.07, 0.04, 0.02, 0.0)), (2**62, (0.03, 0.0)))
_NEARER = 1
#: How often each price is followed: around those who are stirred, then around those who are stirred by what was found.
_TURNS = 2
#: By how much more than the policy's target the gap may be wide.
_WIDER = 0.001
#: Mentors on the list of somebody who is new, and mentees on the list of a mentor for each that is owed.
_MOST, _TIMES = 48, 20


@dataclass(frozen=True)
class Before:
    """An earlier outcome, in the order of this market.

    Attributes
    ----------
    teams : tuple of tuple of int
        Mentors of each mentee who are still candidates, ascending.
    had : tuple of bool
        Whether a mentee was in it.
    prices : Prices or None
        What proved it; None: unknown.
    unpriced : tuple of int
        Mentors who were not there and so had no price.
    carried : Carried
        What is known of each mentee.
    """

    teams: Teams
    had: tuple[bool, ...]
    prices: Prices | None
    unpriced: tuple[int, ...]
    carried: Carried


def frontier(market: Market, policy: Policy, before: Before, budget: int, watch: Watch) -> Frontier:
    """Return what changes buy, and the best outcome within a budget of them.

    Raises
    ------
    Infeasible
        If no outcome meets the rules, or the cohort is too large to tell.
    """
    watch.tell("start", 0.0, None)
    search = _begin(market, policy, before, watch)
    # Who is around is looked for once for all prices.
    nearest = list(search.nearest(search.base))
    costs = search.prices_for(sum(map(len, nearest)))
    tried: list[tuple[float, int]] = []
    while costs and not watch.stop():
        cost = float(on_grid(np.array(costs.pop(0))))
        found = search.base
        for turn in range(_TURNS):
            found = search.again(search.nearest(found) if turn else nearest, found, cost, watch)
        search.found.append(found)
        tried.append((cost, changes(found, search.base, before.had)))
        if not costs and len(tried) < search.most_prices:
            costs += _nearer(tried, budget)
        watch.tell("changes", 0.2 + 0.6 * len(tried) / search.most_prices, search.gap(search.found[-1]))
    best = max(search.found, key=lambda teams: -search.gap(teams))
    if not watch.stop() and search.gap(best) > policy.gap_target + _WIDER:
        best = search.again(search.nearest(best), best, 0.0, watch)
        search.found.append(best)
    if not (watch.stop() or search.anew) and search.gap(best) > policy.gap_target + _WIDER:
        search.match_anew(watch)
    return search.ended(budget, finished=not watch.stop())


def _nearer(tried: Sequence[tuple[float, int]], budget: int) -> list[float]:
    """Return a price by which about so many change, if one that is tried leaves too many: between two, or above all."""
    over = max((cost for cost, made in tried if made > budget), default=None)
    if over is None or any(made == budget for _cost, made in tried):
        return []
    under = min((cost for cost, made in tried if made <= budget), default=2 * over)
    return [(over + under) / 2]


class _Search:
    """A search for outcomes near to a base.

    Attributes
    ----------
    prices, base : Prices, Teams
    carried : Carried
        As in ``Before``; the largest priced values of all.
    found : list of Teams
        Outcomes found; the first is the base.
    anew : bool
        Whether the cohort was matched anew.
    """

    def __init__(self, market: Market, policy: Policy, before: Before, prices: Prices) -> None:
        self.market, self.policy, self.had, self.carried = market, policy, before.had, before.carried
        self.prices = prices
        self.anew = False
        self.most_prices = 0
        self.base: Teams = ()
        self.found: list[Teams] = []

    @property
    def prices(self) -> Prices:
        """Prices that prove the bound."""
        return self._prices

    @prices.setter
    def prices(self, prices: Prices) -> None:
        self._prices = prices
        self.costs = np.array(prices.capacity) - np.array(prices.min_load)
        self.quota = np.array(prices.quota, np.float64)
        self.seats = certify.cost_of_seats(self.market, prices)
        self.nearby = Nearby(self.market, self.costs, self.quota)

    @property
    def best(self) -> Floats:
        """Largest priced value of each mentee's teams over all pairs, shape (M,)."""
        return self.carried.best

    def prove(self) -> None:
        """Look for the best priced values that are not known."""
        best = self.best.copy()
        who = np.flatnonzero(np.isnan(best))
        shard = self.market if len(who) == len(best) else some(self.market, who)
        teams = tuple(self.base[i] for i in who.tolist())
        best[who] = [look.best for look in certify.looked(shard, teams, self.prices, bounds=True)]
        self.carried = self.carried._replace(best=best)

    def match_anew(self, watch: Watch) -> None:
        """Match the cohort as if nothing was known, and prove by the prices found."""
        _problem, solution = solve_market(self.market, self.policy, Watch(stop=watch.stop))
        self.anew = True
        self.found.append(solution.teams)
        self.prices = solution.prices
        self.carried = self.carried._replace(best=np.full(len(self.best), np.nan))
        self.prove()

    def gap(self, teams: Teams) -> float:
        """Return how far teams are from the bound, as a part of it."""
        values, _paid = figures(self.market, teams, self.costs, self.quota)
        bound = float(self.best.sum()) + self.seats
        return (bound - float(values.sum())) / bound if bound > 0 else 0.0

    def asked(self, teams: Teams) -> Ints:
        """Return those who are stirred, ascending; the most stirred where they are too many."""
        values, paid = figures(self.market, teams, self.costs, self.quota)
        regrets = self.best - values + paid
        most = max(_FEW, int(_PART * len(regrets)))
        order = np.argsort(-regrets, kind="stable")[:most]
        return np.sort(order[regrets[order] > _STIRRED])

    def prices_for(self, count: int) -> list[float]:
        """Return the prices of a change to try: the fewer, the more people are around those who are asked."""
        costs = next((list(costs) for most, costs in _PRICES if count <= most), [])
        self.most_prices = len(costs) + _NEARER
        return costs

    def nearest(self, teams: Teams) -> Iterator[Ints]:
        """Yield those who are stirred, so many at a time, with those around them."""
        return (self.nearby.around(part, teams) for part in _parts(self.asked(teams)))

    def again(self, nearest: Iterable[Ints], teams: Teams, cost: float, watch: Watch) -> Teams:
        """Solve again for people who are near to each other, one such group after the other, at a price of a change."""
        now = list(teams)
        for who in nearest:
            if watch.stop():
                break
            near = self.nearby.problem(who, now)
            had = [self.had[i] for i in near.who.tolist()]
            biased = priced(near.problem, cost * signs_of(near.problem, near.inside(self.base), had))
            with _one_thread():
                solution = solve_again(
                    biased, self.policy, near.inside(tuple(now)), near.prices, near.quota_prices, watch
                )
            near.put_into(now, solution.teams)
        return tuple(now)

    def ended(self, budget: int, *, finished: bool) -> Frontier:
        """Mix what was found, within the bounds of the proof."""
        market, base = self.market, self.base
        tied = market.problem(lists_of(base))
        bound = bound_of(tied, base, self.had, self.best, self.costs, self.quota, self.seats)
        who = [i for i, team in enumerate(base) if any(other[i] != team for other in self.found)]
        rest = figures(market, base, self.costs, self.quota)[0]
        rest[who] = 0.0
        inside = [tuple(teams[i] for i in who) for teams in self.found]
        lists = lists_of(sorted({j for teams in inside for j in teams[z]}) for z in range(len(who)))
        shard = some(market, np.array(who, np.int64))
        problem = Problem(
            shard.stored(lists), tuple(market.criteria[i] for i in who), tuple(market.weights[i] for i in who)
        )
        mixer = Mixer(problem, inside[0], [self.had[i] for i in who])
        points = []
        for point in mixed_points(mixer, inside, budget, bound):
            teams = list(base)
            for i, team in zip(who, point.teams, strict=True):
                teams[i] = team
            points.append(replace(point, value=point.value + float(rest.sum()), teams=tuple(teams)))
        chosen = next(point for point in points if point.changes == budget)
        looks = Known(market, self.prices, self.carried)
        return Frontier(base, tuple(points), chosen, self.prices, finished, looks)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let one thread compute: a pass over so few is over before others have begun, who then wait for it busily."""
    before = get_num_threads()
    set_num_threads(1)
    try:
        yield
    finally:
        set_num_threads(before)


def _parts(asked: Ints) -> list[Ints]:
    """Return those who are asked about, so many at a time."""
    return np.array_split(asked, -(-len(asked) // _AT_ONCE)) if len(asked) else []


def _begin(market: Market, policy: Policy, before: Before, watch: Watch) -> _Search:
    """Return a search with prices, base and proof."""
    if before.prices is None:
        _problem, solution = solve_market(market, policy, Watch(stop=watch.stop))
        search = _Search(market, policy, before, solution.prices)
        search.anew = True
        search.found.append(solution.teams)
    else:
        search = _Search(market, policy, before, before.prices)
        if before.unpriced:
            search.prices = _with_prices(market, before, search.prices)
    search.base = _base(search, before, watch)
    search.found.insert(0, search.base)
    search.prove()
    return search


def _with_prices(market: Market, before: Before, prices: Prices) -> Prices:
    """Give a price to mentors who had none: what the next mentee after their last seat would gain."""
    new = np.array(before.unpriced, np.int64)
    seats = market.arrays.capacities[new]
    who = np.flatnonzero(np.array([len(team) for team in before.teams]) < market.arrays.team_sizes)
    out = np.empty((len(new), int(seats.max()) + 1), np.int64)
    gains = np.empty(out.shape)
    fans(market.tables, who, *lists_of(before.teams[i] for i in who.tolist()), new, out, gains)
    capacity = np.array(prices.capacity)
    capacity[new] = on_grid(gains[np.arange(len(new)), seats])
    return replace(prices, capacity=tuple(capacity.tolist()))


def _base(search: _Search, before: Before, watch: Watch) -> Teams:
    """Return the outcome with no change that is not forced."""
    market = search.market
    t = market.tables
    lists = merged(*lists_of(before.teams), t.pin_starts, t.pin_mentors)
    lists = merged(*lists, *_for_new(search))
    lists = merged(*lists, *_for_owed(market, before))
    try:
        return based(
            market.problem(lists), before.teams, before.had,
            lambda biased: settled(biased, search.policy, search.costs, search.quota),
        )  # fmt: skip
    except Infeasible:
        # Perhaps there is one in which more changes.
        refuse_large(market.eligible)
        return base_of(market.problem(), search.policy, before.teams, before.had, watch)


def _for_new(search: _Search) -> tuple[Ints, Ints]:
    """Return shortlists for those who had no team."""
    market = search.market
    new = np.flatnonzero(~np.array(search.had, np.bool_))
    shard = some(market, new)
    v = np.zeros((len(new), max(1, int(shard.tables.widths.max(initial=1)))))
    noise = np.zeros(2 * market.shape[1], np.float32)
    starts, mentors = Scanner(shard).nominate((search.costs, search.quota, v), noise, _MOST, 1, 0)
    sizes = np.zeros(market.shape[0], np.int64)
    sizes[new] = np.diff(starts)
    return starts_of(sizes), mentors


def _for_owed(market: Market, before: Before) -> tuple[Ints, Ints]:
    """Return lists with mentees for mentors who have fewer than their lower load."""
    loads = np.bincount(lists_of(before.teams)[1], minlength=market.shape[1])
    missing = market.arrays.min_loads - loads
    able = np.flatnonzero(market.arrays.team_sizes > 0)
    pairs = []
    for j in np.flatnonzero(missing > 0).tolist():
        worths = standings(market.tables, able, j)
        best = np.argsort(-worths, kind="stable")[: _TIMES * int(missing[j])]
        pairs += [(i, j) for i in able[best[worths[best] > -np.inf]].tolist()]
    pairs.sort()
    sizes = np.bincount([i for i, _j in pairs], minlength=market.shape[0]).astype(np.int64)
    return starts_of(sizes), np.array([j for _i, j in pairs], np.int64)
