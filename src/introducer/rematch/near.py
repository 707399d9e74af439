"""The people around those who could have better: a small problem, in the seats that all others leave.

1. **Around.** From the mentees who are asked about: the mentors of the largest reduced worth for each, and all who
   hold a seat of these; who would gain most by the seats that may become free; and in a few waves, at
   prices a little higher where others wanted a seat already, whom the holders would turn to, and who holds those.
2. **Seats.** Everybody else keeps the team that they have: what they hold is taken off capacities, lower loads
   and quotas.
3. **Lists.** For each of the people around a shortlist (``introducer.solve.scan``) of the mentors with a seat left.

What is best for the small problem need not be best for the whole; what is feasible there is feasible.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from introducer.problem import Problem
from introducer.runs import lists_of, starts_of
from introducer.shard import Shard, some
from introducer.solve.fans import fans
from introducer.solve.passes import Scanner
from introducer.solve.scan import merged
from introducer.solve.state import begin, price

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from introducer.fit import Market
    from introducer.problem import Teams

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Near", "Nearby"]

#: Mentors on a shortlist, and mentors of the largest reduced worth whose holders are around.
_MOST, _CLOSE = 48, 20
#: Who would gain most by a seat, so many of them, among so many mentees.
_FANS, _SAMPLE = 6, 20_000
#: Waves, what a seat costs more where somebody wants it, and the part of its price that one costs that may be freed.
_WAVES, _RISE, _FREED = 4, 0.1, 0.5
#: More than anybody pays.
_NEVER = 30.0


@dataclass(frozen=True)
class Near:
    """The small problem of some mentees.

    Attributes
    ----------
    who, mentors : (m,), (n,)
        Mentees and mentors of the whole, ascending, who are 0 to m - 1 and 0 to n - 1 in the problem.
    problem : Problem
    prices, quota_prices : (n,), (q,)
    """

    who: Ints
    mentors: Ints
    problem: Problem
    prices: Floats
    quota_prices: Floats

    def inside(self, teams: Teams) -> Teams:
        """Return the teams of the whole as teams of the small problem."""
        return tuple(tuple(np.searchsorted(self.mentors, teams[i]).tolist()) for i in self.who.tolist())

    def put_into(self, teams: list[tuple[int, ...]], found: Teams) -> None:
        """Write the teams of the small problem into those of the whole."""
        for i, team in zip(self.who.tolist(), found, strict=True):
            teams[i] = tuple(self.mentors[list(team)].tolist())


class Nearby:
    """Finds the people around some, at given prices.

    Parameters
    ----------
    prices, quota_prices : (N,), (Q,)
        Negative where a lower load binds.
    """

    def __init__(self, market: Market, prices: Floats, quota_prices: Floats) -> None:
        self.market, self.prices, self.quota_prices = market, prices, quota_prices
        self._asking = np.flatnonzero(np.diff(market.tables.asked_starts)).tolist()

    def around(self, asked: Ints, teams: Sequence[tuple[int, ...]]) -> Ints:
        """Return those around some mentees, themselves included, ascending."""
        a = self.market.arrays
        holders = self._holders(teams)
        loads = np.bincount(lists_of(teams)[1], minlength=self.market.shape[1])
        full = loads >= a.capacities
        freed = sorted({j for i in asked.tolist() for j in teams[i]} | self._free(loads))
        found = {*asked.tolist(), *self._fans(freed, teams)}
        prices = self.prices.copy()
        prices[freed] *= _FREED
        close = self._closest(asked, prices)
        found |= self._held(close, holders)
        prices[full & np.isin(np.arange(len(full)), close)] += _RISE
        wave = np.array(sorted(found), np.int64)
        for _ in range(_WAVES):
            wanted = self._wanted(wave, teams, prices)
            wanted = wanted[full[wanted]]
            prices[wanted] += _RISE
            held = self._held(wanted, holders)
            found |= held
            wave = np.array(sorted(held), np.int64)
            if not len(wave):
                break
        return np.array(sorted(found), np.int64)

    def problem(self, who: Ints, teams: Sequence[tuple[int, ...]]) -> Near:
        """Return the problem of some mentees in the seats that all others leave; their teams are on the lists."""
        market = self.market
        inside = np.zeros(market.shape[0], np.bool_)
        inside[who] = True
        taken = np.bincount(
            lists_of(team for i, team in enumerate(teams) if not inside[i])[1], minlength=market.shape[1]
        )
        used = np.zeros(len(market.arrays.quota_limits), np.int64)
        for i in self._asking:
            if not inside[i] and teams[i]:
                mentors, numbers = market.quotas(i)
                used[numbers[np.isin(mentors, teams[i])]] += 1
        shard = some(market, who)
        left = market.arrays.capacities - taken
        a = shard.arrays._replace(
            capacities=left,
            min_loads=np.maximum(0, market.arrays.min_loads - taken),
            quota_limits=market.arrays.quota_limits - used,
        )
        shard = Shard(shard.tables, a)
        lists = self._listed(shard, [teams[i] for i in who.tolist()], np.where(left > 0, self.prices, _NEVER), left > 0)
        return self._narrowed(who, self._stored(shard, who, lists))

    def _stored(self, shard: Shard, who: Ints, lists: tuple[Ints, Ints]) -> Problem:
        market = self.market
        return Problem(
            arrays=shard.stored(lists),
            criteria=tuple(market.criteria[i] for i in who.tolist()),
            weights=tuple(market.weights[i] for i in who.tolist()),
        )

    def _listed(
        self,
        shard: Shard,
        musts: Sequence[Sequence[int]],
        prices: Floats,
        among: NDArray[np.bool_],
        most: int = _MOST,
        v: Floats | None = None,
    ) -> tuple[Ints, Ints]:
        """Return shortlists at some prices, of some mentors alone."""
        mentees, mentors = shard.shape
        shares = np.zeros((mentees, max(1, int(shard.tables.widths.max(initial=1))))) if v is None else v
        noise = np.zeros(2 * mentors, np.float32)
        lists = Scanner(shard).nominate((prices, self.quota_prices, shares), noise, most, 1, 0)
        starts, found = merged(*lists, *lists_of(musts))
        kept = among[found]
        owners = np.repeat(np.arange(mentees), np.diff(starts))[kept]
        return starts_of(np.bincount(owners, minlength=mentees)), found[kept]

    def _narrowed(self, who: Ints, problem: Problem) -> Near:
        """Leave out mentors who are on no list."""
        a = problem.arrays
        used = np.unique(a.mentors)
        place = np.full(len(a.capacities), -1)
        place[used] = np.arange(len(used))
        quotas = np.flatnonzero(place[a.quota_mentors] >= 0)
        number = np.full(len(a.quota_limits), -1)
        number[quotas] = np.arange(len(quotas))
        arrays = a._replace(
            capacities=a.capacities[used],
            min_loads=a.min_loads[used],
            institutions=a.institutions[used],
            mentors=place[a.mentors],
            quota_mentors=place[a.quota_mentors[quotas]],
            quota_limits=a.quota_limits[quotas],
            quota_ids=number[a.quota_ids],
        )
        return Near(who, used, replace(problem, arrays=arrays), self.prices[used], self.quota_prices[quotas])

    def _holders(self, teams: Sequence[tuple[int, ...]]) -> tuple[Ints, Ints]:
        """Return where the holders of each mentor's seats begin, and these."""
        starts, mentors = lists_of(teams)
        owners = np.repeat(np.arange(len(teams)), np.diff(starts))
        return starts_of(np.bincount(mentors, minlength=self.market.shape[1])), owners[
            np.argsort(mentors, kind="stable")
        ]

    def _held(self, mentors: Ints, holders: tuple[Ints, Ints]) -> set[int]:
        starts, owners = holders
        return {i for j in mentors.tolist() for i in owners[starts[j] : starts[j + 1]].tolist()}

    def _free(self, loads: Ints) -> set[int]:
        """Return mentors with a free seat that costs something: whoever takes it gains more than others lose."""
        return set(np.flatnonzero((loads < self.market.arrays.capacities) & (self.prices > 0)).tolist())

    def _fans(self, seats: Sequence[int], teams: Sequence[tuple[int, ...]]) -> set[int]:
        """Return who would gain most by one of these seats, of those whose teams are not full."""
        sizes = self.market.arrays.team_sizes
        who = np.flatnonzero(np.array([len(team) for team in teams]) < sizes)
        who = who[:: max(1, -(-len(who) // _SAMPLE))]
        out, worths = np.empty((len(seats), _FANS), np.int64), np.empty((len(seats), _FANS))
        own = lists_of(teams[i] for i in who.tolist())
        fans(self.market.tables, who, *own, np.array(seats, np.int64), out, worths)
        return set(out[out >= 0].tolist())

    def _closest(self, asked: Ints, prices: Floats) -> Ints:
        """Return the mentors of the largest reduced worth for some mentees, ascending."""
        shard = some(self.market, asked)
        everyone = np.ones(shard.shape[1], np.bool_)
        none: list[tuple[int, ...]] = [()] * len(asked)
        lists = self._listed(shard, none, prices, everyone)
        state = begin(self._stored(shard, asked, lists), 0)
        price(state, prices, self.quota_prices)
        return np.unique(self._listed(shard, none, prices, everyone, _CLOSE, state.v)[1])

    def _wanted(self, who: Ints, teams: Sequence[tuple[int, ...]], prices: Floats) -> Ints:
        """Return the mentors in the best teams of some mentees, but for those whom one of them has."""
        shard = some(self.market, who)
        own = [teams[i] for i in who.tolist()]
        problem = self._stored(shard, who, self._listed(shard, own, prices, np.ones(shard.shape[1], np.bool_)))
        state = begin(problem, 0)
        price(state, prices, self.quota_prices)
        here = np.arange(state.teams.shape[1])[None, :] < state.sizes[:, None]
        wanted = problem.arrays.mentors[(state.teams + problem.arrays.starts[:-1, None])[here]]
        return np.setdiff1d(wanted, lists_of(own)[1])
