"""Looks at teams for a certificate, where what is best is known: all teams at once, by the rules of the checker.

``introducer.certify`` looks at one mentee after the other. Here the rules are counted over all teams together; whoever
may have broken one is looked at there, which says what it is. Nothing is shared with the solvers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from introducer import certify, fairness
from introducer.certify import Look
from introducer.problem import NO_FLOOR
from introducer.rematch.known import payments, worths
from introducer.runs import lists_of
from introducer.shard import some

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from introducer.certify import Instance
    from introducer.fit import Market
    from introducer.outcome import Prices
    from introducer.policy import Policy
    from introducer.problem import Arrays, Teams
    from introducer.rematch.known import Carried
    from introducer.shard import Shard

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Whom = bool | NDArray[np.bool_]

__all__ = ["Known"]


@dataclass(frozen=True)
class Known:
    """Looks at the teams of a market, where the best priced values at some prices are known already.

    Attributes
    ----------
    market : Market
        The one instance that is looked at.
    prices : Prices
    carried : Carried
        Of the best priced values all.
    """

    market: Market
    prices: Prices
    carried: Carried

    def looked(self, instance: Instance, teams: Teams, prices: Prices, *, bounds: Whom) -> Sequence[Look]:
        """Look at every mentee once, at these prices; best values of all, or of none.

        Raises
        ------
        ValueError
            If bounds are wanted at other prices than those at which the best values are known.
        """
        if np.any(bounds) and prices != self.prices:
            raise ValueError("At other prices other teams are best: nothing is known of them.")
        if len(teams) != instance.shape[0]:
            return []
        seen = _looked(self.market, teams, prices)
        if not np.any(bounds):
            return seen
        return [
            look._replace(best=best) if not look.faults else look
            for look, best in zip(seen, self.carried.best.tolist(), strict=True)
        ]

    def alone(self, _instance: Instance, *, whom: Whom = True) -> Floats:
        """Return the value of every mentee's best team if nobody else were in the cohort, shape (M,)."""
        return np.where(whom, self._alone, np.nan)

    def measures(self, policy: Policy) -> Floats:
        """Return what the worth of each mentee is measured by, shape (M,), as ``introducer.fairness`` does."""
        found = self.carried.measures.copy()
        sizes = fairness.measured_sizes(self.market, policy)
        who = np.flatnonzero(np.isnan(found))
        found[who] = np.maximum(certify.alone(some(self.market, who), sizes[who], self._alone[who]), 0.0)
        return found

    @cached_property
    def _alone(self) -> Floats:
        found = self.carried.alone.copy()
        who = np.flatnonzero(np.isnan(found))
        found[who] = certify.alone(some(self.market, who))
        return found


def _looked(market: Shard, teams: Teams, prices: Prices) -> list[Look]:
    """Look at all teams, without what is best."""
    costs = np.array(prices.capacity) - np.array(prices.min_load)
    quota = np.array(prices.quota, np.float64)
    lists = lists_of(teams)
    a = market.stored(lists)
    counted = a.quota_ids.tolist()
    here = pairwise(a.quota_starts.tolist())
    seen = [
        Look(0.0, value, paid, tuple(counted[low:high]), ())
        for value, paid, (low, high) in zip(worths(a).tolist(), payments(a, costs, quota).tolist(), here, strict=True)
    ]
    doubtful = np.flatnonzero(_doubtful(market, a))
    if len(doubtful):
        found = certify.looked(some(market, doubtful), tuple(teams[i] for i in doubtful.tolist()), prices, bounds=False)
        for i, look in zip(doubtful.tolist(), found, strict=True):
            seen[i] = look
    return seen


def _doubtful(market: Shard, a: Arrays) -> NDArray[np.bool_]:
    """Return whose teams may break a rule of one mentee, or have a floor, shape (M,)."""
    sizes = np.diff(a.starts)
    count = len(sizes)
    owners = np.repeat(np.arange(count), sizes)

    def number(mask: NDArray[np.bool_]) -> Ints:
        return np.bincount(owners[mask], minlength=count)

    # In order: whoever follows another one of the same team has a larger number.
    follows = np.diff(owners, prepend=-1) == 0
    disordered = follows & (np.diff(a.mentors, prepend=-1) <= 0)
    broken = number(~market.allows((a.starts, a.mentors)) | disordered) > 0
    broken |= (sizes > a.team_sizes) | (a.floors != NO_FLOOR)
    broken |= number(a.pinned) != np.diff(market.tables.pin_starts)
    broken |= number(~a.kept) >= np.maximum(a.team_sizes, 1)
    homes = a.institutions[a.mentors]
    if a.institution_limit and (homes >= 0).any():
        known = homes >= 0
        mates, counts = np.unique(owners[known] * (homes.max() + 1) + homes[known], return_counts=True)
        broken[mates[counts > a.institution_limit] // (homes.max() + 1)] = True
    return broken
