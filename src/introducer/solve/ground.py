"""Where floors are searched: the pairs that are stored, the teams seen on them, and where the last pass stood.

A small cohort is stored whole. Of a large one each mentee has a shortlist, which grows:

1. **First lists.** The mentors of the largest reduced worth at the prices of the outcome without
   floors, at a part of them and at a multiple (``introducer.solve.scan``): who is badly off has to
   buy where it is cheap. And the best team of each mentee alone, which the highest floors ask for.
2. **Growing.** One pass over all pairs (``introducer.solve.outside``) tells who outside may be in
   a better team that is worth the floor. Over these and the shortlist the best team is best over all
   pairs: it is found, and its mentors join.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from introducer.problem import NO_FLOOR, Problem, on_grid
from introducer.runs import starts_of
from introducer.solve.above import merits
from introducer.solve.cheapest import cheapest, weighed
from introducer.solve.master import Pool
from introducer.solve.outside import outside
from introducer.solve.passes import Scanner
from introducer.solve.prices import MASTER_MOST
from introducer.solve.room import MOST
from introducer.solve.scan import merged, singles
from introducer.solve.shortlists import owed_lists
from introducer.solve.state import begin, with_arrays
from introducer.solve.sweeps import price_pass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from introducer.fit import Market
    from introducer.policy import Policy
    from introducer.problem import Arrays
    from introducer.solve import Solution
    from introducer.solve.state import State

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Priced = tuple[Floats, Floats]

__all__ = ["Bounds", "Ground"]

#: More allowed pairs are searched on shortlists: of so many mentors at these multiples of the prices.
_STORED = 30_000
_LISTED: tuple[tuple[int, float], ...] = ((24, 1.0), (16, 1 / 4), (16, 4.0), (16, 0.0))
#: Mentors outside a shortlist who are looked at, at most: those of the largest reduced worth.
_MOST = 256
#: Pairs that are stored at a time where that is not enough.
_PART = 2_000_000


class Bounds(NamedTuple):
    """What no team of all pairs passes, shape (M,), and whether the best ones were on the lists."""

    values: Floats
    complete: bool


class Ground:
    """The pairs on which floors are searched.

    Attributes
    ----------
    problem : Problem
        Of the pairs that are stored, without floors.
    pool : Pool
        The teams seen, whatever the floors were.
    state : State
        Where the last pass stood.
    rewards : (M,)
        What worth was rewarded by in the last pass of cheapest teams.
    prices : (N,), (Q,), or None
        Of the last proof, or with which the next one begins; on the grid. None: none are known.
    """

    def __init__(self, problem: Problem, seed: int, market: Market | None = None) -> None:
        """Begin with the pins alone and the best teams if nothing has a price.

        Parameters
        ----------
        problem : Problem
            Of all pairs, or of lists that hold whoever must be on them.
        market : Market, optional
            The cohort, where the problem does not have all its pairs.
        """
        self.problem = Problem(
            problem.arrays._replace(floors=np.full(problem.shape[0], NO_FLOOR)), problem.criteria, problem.weights
        )
        self._market = market
        self.state: State = begin(self.problem, seed)
        self.pool = Pool(self.problem.arrays)
        self.pool.add(self.state)
        self.rewards = np.zeros(problem.shape[0])
        self.prices: Priced | None = None

    @classmethod
    def of(cls, market: Market, problem: Problem, plain: Solution, policy: Policy) -> Ground:
        """Return the ground of a market.

        Parameters
        ----------
        problem : Problem
            On which the outcome without floors was found: all pairs, or shortlists.
        plain : Solution
            That outcome: its teams are on the lists, its prices nominate.
        """
        stored = len(problem.arrays.mentors) == market.eligible
        if stored and (market.eligible <= _STORED or policy.solver == "exact"):
            return cls(problem, policy.seed)
        scanner = Scanner(market)
        teams = (
            starts_of(np.array([len(team) for team in plain.teams], np.int64)),
            np.array([j for team in plain.teams for j in team], np.int64),
        )
        lists = merged(market.tables.pin_starts, market.tables.pin_mentors, *teams)
        lists = merged(*lists, *owed_lists(market, np.random.default_rng(policy.seed)))
        nothing = np.zeros(2 * market.shape[1], np.float32)
        v = np.zeros((market.shape[0], max(1, int(market.tables.widths.max(initial=1)))))
        prices = np.array(plain.prices.capacity) - np.array(plain.prices.min_load), np.array(plain.prices.quota)
        for most, part in _LISTED:
            found = scanner.nominate((part * prices[0], part * prices[1], v), nothing, most, 1, 0)
            lists = merged(*lists, *found)
        return cls(market.problem(merged(*lists, *_best_alone(market, scanner, lists))), policy.seed, market)

    @property
    def whole(self) -> bool:
        """Whether all pairs are stored."""
        return self._market is None

    @property
    def large(self) -> bool:
        """Whether there are too many mentees for many programs over all of them."""
        return self.problem.shape[0] > MASTER_MOST

    @property
    def _wide(self) -> Market:
        """The market whose pairs the lists are of; nothing is outside of what is stored whole."""
        assert self._market is not None  # noqa: S101 - whoever grows lists has asked whether they are whole
        return self._market

    def at(self, floors: Floats) -> Problem:
        """Return the problem with these floors, shape (M,)."""
        p = self.problem
        return Problem(p.arrays._replace(floors=floors), p.criteria, p.weights)

    def paid_more(self, floors: Floats, prices: Priced) -> float:
        """Return by how much cheapest teams cost more than all seats, at prices on the grid.

        On the pairs that are stored; the teams are left in the state.
        """
        state = self.state
        a = self.at(floors).arrays
        cheapest(a, *prices, state.v, self.rewards, (state.teams, state.sizes, state.values))
        return float(-state.values.sum()) - self.cost_of_seats(prices)

    def paid(self, floors: Floats, prices: Priced) -> tuple[Floats, float]:
        """Return what cheapest teams cost at least over all pairs, shape (M,), and by how much more than all seats."""
        if self.whole:
            more = self.paid_more(floors, prices)
            return -self.state.values, more
        costs = -self.grow(floors, prices, np.zeros(len(floors))).values
        return costs, float(costs.sum()) - self.cost_of_seats(prices)

    def cost_of_seats(self, prices: Priced) -> float:
        """Return what all seats cost, less what duties earn, with the quotas."""
        a = self.problem.arrays
        duty = a.capacities @ np.maximum(prices[0], 0.0) + a.min_loads @ np.minimum(prices[0], 0.0)
        return float(duty + a.quota_limits @ prices[1])

    def grow(self, floors: Floats, prices: Priced, weights: Floats) -> Bounds:
        """Look over all pairs at prices on the grid; whoever may be in a better team worth the floor joins the lists.

        Parameters
        ----------
        weights : (M,)
            1 for best teams, 0 for cheapest ones.
        """
        market, state, mentees = self._wide, self.state, self.problem.shape[0]
        a = self.at(floors).arrays
        values, sizes, cut = np.empty(mentees), np.empty(mentees, np.int64), np.empty(mentees, np.bool_)
        found, rewards = np.empty((mentees, _MOST), np.int64), self.rewards if not weights.any() else np.zeros(mentees)
        given = market.tables, singles(market.tables), a, *prices, weights, state.v, rewards
        outside(*given, values, sizes, found, cut)
        lists = merged(a.starts, a.mentors, starts_of(sizes), found[np.arange(_MOST)[None, :] < sizes[:, None]])
        wide = market.stored(lists)._replace(floors=floors)
        teams, best = np.zeros_like(state.teams), np.empty(mentees)
        held = np.zeros_like(state.sizes)
        self._look(wide, prices, weights, rewards, (teams, held, best))
        new = held_lists(wide, teams, held)
        for who in self._parts(np.flatnonzero(cut)):
            best[who], found_there = self._exactly(who, floors, prices, weights, rewards)
            new = merged(*new, *found_there)
        if len(merged(a.starts, a.mentors, *new)[1]) == len(a.mentors):
            return Bounds(best, True)
        self.problem = market.problem(merged(a.starts, a.mentors, *new))
        self.state = with_arrays(state, self.problem)
        self.pool = self.pool.on(self.problem.arrays)
        return Bounds(best, False)

    def _parts(self, who: Ints) -> Iterator[Ints]:
        """Yield mentees in parts whose pairs fit into memory."""
        most = max(1, _PART // self.problem.shape[1])
        for low in range(0, len(who), most):
            yield who[low : low + most]

    def _exactly(
        self, who: Ints, floors: Floats, prices: Priced, weights: Floats, rewards: Floats
    ) -> tuple[Floats, tuple[Ints, Ints]]:
        """Return what the best teams of some mentees reach over all their pairs, and these teams as lists."""
        market, state, mentees = self._wide, self.state, self.problem.shape[0]
        own = {i: np.flatnonzero(market.allowed(i)) for i in who.tolist()}
        starts = starts_of(np.array([len(own.get(i, ())) for i in range(mentees)], np.int64))
        stored = market.stored((starts, np.concatenate([own[i] for i in who.tolist()])))
        stored = stored._replace(floors=np.where(np.isin(np.arange(mentees), who), floors, NO_FLOOR))
        teams, held, best = np.zeros_like(state.teams), np.zeros_like(state.sizes), np.empty(mentees)
        self._look(stored, prices, weights, rewards.copy(), (teams, held, best))
        return best[who], held_lists(stored, teams, np.where(np.isin(np.arange(mentees), who), held, 0))

    def _look(
        self, a: Arrays, prices: Priced, weights: Floats, rewards: Floats, out: tuple[Ints, Ints, Floats]
    ) -> None:
        """Write teams, their sizes, and what they reach."""
        weighed(a, weights, *prices, self.state.v.copy(), rewards, *out)


def _best_alone(market: Market, scanner: Scanner, lists: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """Return each mentee's best team of all mentors if nothing had a price: what the highest floors ask for."""
    mentees = market.shape[0]
    free = np.zeros(market.shape[1]), np.zeros(len(market.arrays.quota_limits))
    v = np.zeros((mentees, max(1, int(market.tables.widths.max(initial=1)))))
    teams, sizes, values = np.zeros((mentees, MOST), np.int64), np.zeros(mentees, np.int64), np.zeros(mentees)
    everybody = np.arange(mentees)
    while True:
        a = market.stored(lists)
        price_pass(a, everybody, *free, v, teams, sizes, values)
        # Not the values of the pass: where a search ended early they are above what the team is worth.
        starts, found = scanner.survivors(a, *free, v, merits(a, everybody, teams, sizes))
        if not len(found):
            return held_lists(a, teams, sizes)
        # Two who join together may leave room for a third who alone did not matter.
        lists = merged(*lists, starts, found)


def held_lists(a: Arrays, teams: Ints, sizes: Ints) -> tuple[Ints, Ints]:
    """Return teams of places as lists of mentors, ascending for each mentee."""
    here = np.arange(teams.shape[1])[None, :] < sizes[:, None]
    places = np.sort(np.where(here, teams, np.iinfo(np.int64).max), axis=1)
    return starts_of(sizes), a.mentors[(np.where(here, places, 0) + a.starts[:-1, None])[here]]


def rounded(prices: Priced) -> Priced:
    """Return prices on the grid."""
    return on_grid(prices[0]), on_grid(prices[1])
