"""Best priced values that are known: a proof carries from one outcome to the next.

At the same prices, the best priced value of a mentee over all pairs is the same number whatever the
outcome is: a certificate of another outcome needs it no second time. And with the same mentors it is the
same number in an earlier cohort, for everybody about whom nothing has changed: there it is

    b_i = regret_i + f_i(S_i) - p(S_i)

with the regret that the earlier certificate states. What the best team would be worth if nobody else were in
the cohort depends on the same and on who has a seat at all; the earlier outcome states it, and the share of it
that a team is worth. ``introducer verify`` computes all of them anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from introducer import fairness, fit
from introducer.outcome import Prices
from introducer.problem import on_grid
from introducer.runs import lists_of, starts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from introducer.fit import Market
    from introducer.policy import Policy
    from introducer.problem import Arrays, Teams
    from introducer.roster import Roster
    from introducer.shard import Shard

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = [
    "Carried",
    "Proof",
    "carried",
    "figures",
    "payments",
    "prices_on",
    "still_allowed",
    "unchanged",
    "worths",
]

#: What the policy says that no worth depends on.
_ASIDE = {"seed", "solver", "gap_target", "lottery"}


@dataclass(frozen=True)
class Proof:
    """An earlier outcome, and what proved it.

    Attributes
    ----------
    teams : mapping of str to sequence of str
        Mentor ids by mentee id.
    prices : mapping
        ``capacity`` and ``min_load`` by mentor id, ``quota`` by (mentor id, wish).
    regrets : mapping of str to float
        By mentee id; they are read only with the roster.
    roster, policy : Roster, Policy or None
        The input of that outcome: only who has changed since is looked at again.
    bonus : frozenset of str
        Mentees who had ties that earned a bonus there.
    shares, alone : mapping of str to float
        By mentee id, as in ``Fairness.shares`` and ``Constellation.alone``; those that are not stated are computed.
    """

    teams: Mapping[str, Sequence[str]]
    prices: Mapping[str, Any]
    regrets: Mapping[str, float] = field(default_factory=dict)
    roster: Roster | None = None
    policy: Policy | None = None
    bonus: frozenset[str] = frozenset()
    shares: Mapping[str, float] = field(default_factory=dict)
    alone: Mapping[str, float] = field(default_factory=dict)


class Carried(NamedTuple):
    """What a proof states still of each mentee, shapes (M,); nan of everybody else.

    ``best``: largest priced value of a team. ``alone``, ``measures``: worth of the best team if nobody else were in
    the cohort, of the mentee's size, and of the size by which shares are measured (``introducer.fairness``).
    """

    best: Floats
    alone: Floats
    measures: Floats

    @classmethod
    def nothing(cls, count: int) -> Carried:
        """Return that nothing is known of so many."""
        return cls(*(np.full(count, np.nan) for _ in range(3)))


def prices_on(proof: Proof, roster: Roster) -> tuple[Prices, list[int]]:
    """Return the prices in the order of another roster, and the mentors who had none, ascending."""
    mentors = [mentor.id for mentor in roster.mentors]
    quotas = [(mentor.id, key) for mentor in roster.mentors for key in sorted(mentor.quotas)]
    capacity, min_load, quota = (proof.prices[name] for name in ("capacity", "min_load", "quota"))
    new = [j for j, identity in enumerate(mentors) if identity not in capacity]
    return Prices(
        capacity=tuple(capacity.get(j, 0.0) for j in mentors),
        min_load=tuple(min_load.get(j, 0.0) for j in mentors),
        quota=tuple(quota.get(key, 0.0) for key in quotas),
    ), new


def unchanged(proof: Proof, roster: Roster, policy: Policy) -> NDArray[np.bool_]:
    """Return of whom nothing has changed that their best team depends on, shape (M,)."""
    old = proof.roster
    nobody = np.zeros(len(roster.mentees), np.bool_)
    if old is None or proof.policy is None or old.vocabulary != roster.vocabulary:
        return nobody
    if proof.policy.model_dump(exclude=_ASIDE) != policy.model_dump(exclude=_ASIDE):
        return nobody
    if list(map(_offered, old.mentors)) != list(map(_offered, roster.mentors)):
        return nobody
    before = {mentee.id: (mentee, ties) for mentee, ties in zip(old.mentees, _ties(old), strict=True)}
    return np.array(
        [
            mentee.id in proof.regrets and mentee.id not in proof.bonus and before.get(mentee.id) == (mentee, ties)
            for mentee, ties in zip(roster.mentees, _ties(roster), strict=True)
        ],
        np.bool_,
    )


def carried(proof: Proof, market: Market, roster: Roster, policy: Policy, before: Teams, prices: Prices) -> Carried:
    """Return what the proof states still.

    Parameters
    ----------
    before : tuple of tuple of int
        The teams that the regrets are of, where nothing has changed.
    prices : Prices
        Those of the proof.
    """
    still = unchanged(proof, roster, policy)
    found = Carried.nothing(len(still))
    if proof.roster is None or proof.policy is None or not still.any():
        return found
    ids = [mentee.id for mentee in roster.mentees]

    def stated(of: Mapping[str, float]) -> Floats:
        return np.where(still, [of.get(identity, np.nan) for identity in ids], np.nan)

    costs = np.array(prices.capacity) - np.array(prices.min_load)
    values, paid = figures(market, before, costs, np.array(prices.quota, np.float64))
    found = found._replace(best=stated(proof.regrets) + values - paid)
    seats = np.array(fit.capacities(proof.roster, proof.policy)) > 0
    if (seats != (market.arrays.capacities > 0)).any():
        return found
    shares = stated(proof.shares)
    # Worths are whole multiples of the grid, and a share is exact to far less of one.
    measures = on_grid(np.divide(values, shares, where=shares > 0, out=np.full(len(still), np.nan)))
    alone = stated(proof.alone)
    same = fairness.measured_sizes(market, policy) == market.arrays.team_sizes
    alone = np.where(same & ~np.isnan(measures), measures, alone)
    return found._replace(alone=alone, measures=np.where(same, np.maximum(alone, 0.0), measures))


def still_allowed(market: Shard, teams: Iterable[Iterable[int]]) -> Teams:
    """Return teams, ascending, without the ties that must not be."""
    starts, mentors = lists_of(map(sorted, teams))
    kept = market.allows((starts, mentors)).tolist()
    every = mentors.tolist()
    return tuple(tuple(every[c] for c in range(low, high) if kept[c]) for low, high in pairwise(starts.tolist()))


def figures(market: Shard, teams: Teams, costs: Floats, quota: Floats) -> tuple[Floats, Floats]:
    """Return what teams are worth and what they pay, shapes (M,): exact.

    Parameters
    ----------
    costs, quota : (N,), (Q,)
        Prices of mentors less those of their lower loads, and of quotas.
    """
    a = market.stored(lists_of(teams))
    return worths(a), payments(a, costs, quota)


def worths(a: Arrays) -> Floats:
    """Return what the mentors of each list are worth as one team, shape (M,): exact, all being on the grid."""
    sizes = np.diff(a.starts)
    count = len(sizes)
    owners = np.repeat(np.arange(count), np.where(sizes > 0, a.widths, 0))
    rows = starts_of(sizes[owners])
    tops = np.maximum.reduceat(a.gains, rows[:-1]) if len(owners) else np.zeros(0)
    pairs = _sums(np.repeat(np.arange(count), sizes), a.pairs, count)
    return pairs + _sums(owners, np.maximum(tops, 0.0), count)


def payments(a: Arrays, costs: Floats, quota: Floats) -> Floats:
    """Return what the mentors of each list cost together, shape (M,): exact; parameters as of ``figures``."""
    sizes = np.diff(a.starts)
    count = len(sizes)
    paid = _sums(np.repeat(np.arange(count), sizes), costs[a.mentors], count)
    return paid + _sums(np.repeat(np.arange(count), np.diff(a.quota_starts)), quota[a.quota_ids], count)


def _sums(owners: Ints, values: Floats, count: int) -> Floats:
    """Return the sum of the values of each owner, shape (count,)."""
    return np.bincount(owners, weights=values, minlength=count).astype(np.float64)


def _offered(mentor: Any) -> Any:
    """Return a mentor as far as a pair's worth depends on it: seats are counted apart."""
    return replace(mentor, capacity=None, min_load=None)


def _ties(roster: Roster) -> list[frozenset[Any]]:
    """Return the ties that were given of each mentee."""
    found: dict[str, set[Any]] = {}
    for tie in roster.ties:
        found.setdefault(tie.mentee, set()).add(tie)
    return [frozenset(found.get(mentee.id, ())) for mentee in roster.mentees]
