"""What mentors who do not exist would be worth to each mentee, at the prices of an outcome.

Newcomers stand behind the mentors of the cohort in one market, at the price 0. With

    F_i = max_S [ f_i(S) - p(S) ]          over the cohort,
    F_i(k)                                 over the cohort and newcomer k,

the gain of mentee i by k is ``F_i(k) - F_i >= 0``.

1. **Look.** One mentee at a time, F_i exactly, and for the shares u that bound it by Phi
   (``introducer.largest``) the reduced worth of a newcomer, ``s_k = sum_d max(g_kd - u_d, 0) + a_k``: the
   gain is at most ``s_k + Phi - lambda - F_i``, a sum over what k brings. Many shares give the same
   Phi - lambda; the largest of them bound the gain best, so each is raised while that does not rise.
2. **Gain**, of one mentee by one newcomer: F_i(k) by enumeration, for those few alone that the
   first step does not rule out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from introducer import fit, rules
from introducer.largest import largest, reach
from introducer.threads import for_each

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from introducer.fit import Market
    from introducer.outcome import Outcome
    from introducer.problem import Sight
    from introducer.roster import Mentor, Roster

    Floats = NDArray[np.float64]

__all__ = ["Look", "Newcomers", "joined", "new_ids"]

#: Sums of shares, which are on no grid, are off by less.
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Look:
    """What was found for one mentee. K newcomers, A criteria.

    Attributes
    ----------
    best : float
        F_i.
    lead : float
        Phi less lambda less F_i: a gain is at most this and ``s_k``; -inf where no seat is left.
    allowed : ndarray of bool, shape (K,)
        Whether the mentee may be tied to each newcomer.
    reduced : ndarray of float64, shape (A, K)
        ``max(g_kd - u_d, 0)``; 0 where not allowed.
    pairs : ndarray of float64, shape (K,)
        a_k; -inf where not allowed.
    """

    best: float
    lead: float
    allowed: NDArray[np.bool_]
    reduced: Floats
    pairs: Floats


def new_ids(roster: Roster, count: int) -> list[str]:
    """Return ids that nobody has and that stand behind all of the roster's, in order."""
    last = max((person.id for person in (*roster.mentees, *roster.mentors)), default="")
    return [f"{last}+{number:05}" for number in range(count)]


def joined(roster: Roster, mentors: Sequence[Mentor]) -> Roster:
    """Return the roster with more mentors; those with ids of ``new_ids`` stand last."""
    return replace(roster, mentors=(*roster.mentors, *mentors))


@dataclass(frozen=True)
class Newcomers:
    """A market with newcomers behind its N mentors.

    Attributes
    ----------
    market : Market
        Of N + K mentors.
    known : int
        N.
    costs, quota : ndarray of float64, shapes (N,) and (Q,)
        Prices of mentors, less those of their lower loads, and of quotas.
    """

    market: Market
    known: int
    costs: Floats
    quota: Floats

    @classmethod
    def of(cls, outcome: Outcome, mentors: Sequence[Mentor]) -> Newcomers:
        """Let mentors with ids of ``new_ids`` join the cohort of an outcome."""
        roster = joined(outcome.roster, mentors)
        refused = rules.refusals(roster, outcome.policy)
        market = fit.market(roster, outcome.policy, refused, outcome.previous)
        costs = np.array(outcome.prices.capacity) - np.array(outcome.prices.min_load)
        return cls(market, len(outcome.roster.mentors), costs, np.array(outcome.prices.quota, np.float64))

    @property
    def count(self) -> int:
        """K."""
        return self.market.shape[1] - self.known

    def looks(self) -> list[Look]:
        """Look at every mentee; the result does not depend on the number of threads."""
        return for_each(self.look, self.market.shape[0])

    def look(self, i: int) -> Look:
        """Look at one mentee: step 1 of the module."""
        sight, limits = self._sight(i), self._limits(i)
        best, u = reach(self._cohort(sight), *limits, -np.inf)
        view = self.market.view(i)
        old = view.mentors < self.known
        bound = _Bound(view.gains[:, old], sight.net[view.mentors[old]], view.pinned[old], limits[-1])
        u = bound.raised(u)
        places = view.mentors[~old] - self.known
        allowed = np.zeros(self.count, np.bool_)
        allowed[places] = True
        reduced = np.zeros((len(view.gains), self.count))
        reduced[:, places] = np.maximum(view.gains[:, ~old] - u[:, None], 0.0)
        pairs = np.full(self.count, -np.inf)
        pairs[places] = view.pairs[~old]
        return Look(float(best), bound.lead(u) - float(best), allowed, reduced, pairs)

    def gains(self, i: int, best: float, newcomers: Sequence[int]) -> list[float]:
        """Return what mentee i gains by each of some newcomers it may be tied to: step 2 of the module.

        Parameters
        ----------
        best : float
            F_i.
        """
        sight = self._sight(i)
        found = []
        for newcomer in newcomers:
            one = self._cohort(sight)
            one.net[self.known + newcomer] = sight.net[self.known + newcomer]
            found.append(float(largest(one, *self._limits(i), best)) - best)
        return found

    def _sight(self, i: int) -> Sight:
        """Return what all mentors would bring to mentee i, the newcomers at the price 0."""
        return self.market.sight(i, np.append(self.costs, np.zeros(self.count)), self.quota)

    def _cohort(self, sight: Sight) -> Sight:
        """Return what is left of it without the newcomers."""
        net = sight.net.copy()
        net[self.known :] = -np.inf
        return sight._replace(net=net)

    def _limits(self, i: int) -> tuple[NDArray[np.int64], int, int]:
        """Return what else is asked of a team: institutions, teammates of one at most, and its size."""
        a = self.market.arrays
        homes = a.institutions if a.institution_limit else np.full(self.market.shape[1], -1)
        return homes, a.institution_limit, int(a.team_sizes[i])


@dataclass(frozen=True)
class _Bound:
    """What no team of C candidates exceeds, by the shares u. Arrays as in ``View``; ``net`` is worth less price."""

    gains: Floats
    net: Floats
    pinned: NDArray[np.bool_]
    size: int

    def lead(self, u: Floats) -> float:
        """Return Phi less lambda; -inf where no seat is left."""
        s = self._counted(u)[1]
        seats = self.size - int(self.pinned.sum())
        least = np.inf if seats <= 0 else float(s[-1]) if len(s) == seats else 0.0
        return float(self.net[self.pinned].sum() + u.sum() + s.sum()) - least

    def raised(self, u: Floats) -> Floats:
        """Raise the shares of what is covered while the lead does not rise, so that newcomers count less for it."""
        for d, row in enumerate(self.gains):
            covered = row[self._counted(u)[0]].max(initial=u[d])
            more = np.where(np.arange(len(u)) == d, covered, u)
            u = more if self.lead(more) <= self.lead(u) + _ROUNDING else u
        return u

    def _counted(self, u: Floats) -> tuple[NDArray[np.int64], Floats]:
        """Return the candidates of the largest s that have a seat, and their s; 0 where that is negative."""
        s = self.net + np.maximum(self.gains - u[:, None], 0.0).sum(axis=0)
        s[self.pinned] = -np.inf
        seats = max(0, self.size - int(self.pinned.sum()))
        top = np.argsort(-s, kind="stable")[:seats]
        return top[s[top] > 0], np.maximum(s[top], 0.0)
