"""What mentors who do not exist would be worth to each mentee, at the prices of an outcome.

Newcomers stand behind the mentors of the cohort in one market, at the price 0. With

    F_i = max_S [ f_i(S) - p(S) ]          over the cohort,
    F_i(k)                                 over the cohort and newcomer k,

the gain of mentee i by k is ``F_i(k) - F_i >= 0``.

1. **Look.** One mentee at a time, F_i exactly, and for the shares u that bound it the reduced
   worth of a newcomer, ``s_k = sum_d max(g_kd - u_d, 0) + a_k``: the gain is at most
   ``s_k + Phi - lambda - F_i`` (``introducer.largest``), a sum over what k brings.
2. **Gain**, of one mentee by one newcomer: F_i(k) by enumeration, for those few alone that the
   first step does not rule out.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numba import get_num_threads

from introducer import fit, rules
from introducer.largest import largest, reach

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from numpy.typing import NDArray

    from introducer.fit import Market
    from introducer.outcome import Outcome
    from introducer.problem import View
    from introducer.roster import Mentor, Roster

    Floats = NDArray[np.float64]
    Found = TypeVar("Found")

__all__ = ["Look", "Newcomers", "joined", "new_ids"]


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
        return _each(self.look, self.market.shape[0])

    def look(self, i: int) -> Look:
        """Look at one mentee: step 1 of the module."""
        view = self.market.view(i)
        base = int(np.searchsorted(view.mentors, self.known))
        best, over, least, u = reach(*self._asked(i, view, np.arange(base)))
        allowed = np.zeros(self.count, np.bool_)
        allowed[view.mentors[base:] - self.known] = True
        reduced = np.zeros((len(view.gains), self.count))
        reduced[:, allowed] = np.maximum(view.gains[:, base:] - u[:, None], 0.0)
        pairs = np.full(self.count, -np.inf)
        pairs[allowed] = view.pairs[base:]
        return Look(float(best), float(over - least - best), allowed, reduced, pairs)

    def gains(self, i: int, best: float, newcomers: Sequence[int]) -> list[float]:
        """Return what mentee i gains by each of some newcomers it may be tied to: step 2 of the module.

        Parameters
        ----------
        best : float
            F_i.
        """
        view = self.market.view(i)
        base = int(np.searchsorted(view.mentors, self.known))
        places = np.searchsorted(view.mentors, np.asarray(newcomers) + self.known)
        return [
            max(0.0, float(largest(*self._asked(i, view, np.append(np.arange(base), place)))) - best)
            for place in places.tolist()
        ]

    def _asked(self, i: int, view: View, own: NDArray[np.int64]) -> tuple[object, ...]:
        """Return what ``largest`` is asked over some candidates: those of the cohort, and perhaps a newcomer."""
        a = self.market.arrays
        cost = np.append(self.costs, np.zeros(self.count))
        net = view.pairs - cost[view.mentors]
        np.subtract.at(net, view.quota_places, self.quota[view.quota_ids])
        homes = a.institutions[view.mentors] if a.institution_limit else np.full(len(view.mentors), -1)
        gains = np.ascontiguousarray(view.gains[:, own])
        return gains, net[own], homes[own], a.institution_limit, view.kept[own], view.pinned[own], a.team_sizes[i]


def _each(look: Callable[[int], Found], count: int) -> list[Found]:
    with ThreadPoolExecutor(get_num_threads()) as threads:
        return list(threads.map(look, range(count)))
