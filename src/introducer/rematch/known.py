"""Best priced values that are known: a proof carries from one outcome to the next.

At the same prices, the best priced value of a mentee over all pairs is the same number whatever the
outcome is: a certificate of another outcome needs it no second time. And with the same mentors it is the
same number in an earlier cohort, for everybody about whom nothing has changed: there it is

    b_i = regret_i + f_i(S_i) - p(S_i)

with the regret that the earlier certificate states. ``introducer verify`` computes all of them anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from introducer import certify
from introducer.cross import starts_of
from introducer.outcome import Prices
from introducer.solve.above import merits
from introducer.solve.teams import MOST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from introducer.certify import Instance, Look
    from introducer.fit import Market
    from introducer.policy import Policy
    from introducer.problem import Teams
    from introducer.roster import Roster

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Whom = bool | NDArray[np.bool_]

__all__ = ["Known", "Proof", "carried", "figures", "lists_of", "prices_on", "unchanged"]

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
    """

    teams: Mapping[str, Sequence[str]]
    prices: Mapping[str, Any]
    regrets: Mapping[str, float] = field(default_factory=dict)
    roster: Roster | None = None
    policy: Policy | None = None
    bonus: frozenset[str] = frozenset()


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


def carried(proof: Proof, market: Market, roster: Roster, policy: Policy, before: Teams, prices: Prices) -> Floats:
    """Return the largest priced values that the proof states still, shape (M,); nan for everybody else.

    Parameters
    ----------
    before : tuple of tuple of int
        The teams that the regrets are of, where nothing has changed.
    prices : Prices
        Those of the proof.
    """
    still = unchanged(proof, roster, policy)
    best = np.full(len(still), np.nan)
    costs = np.array(prices.capacity) - np.array(prices.min_load)
    values, paid = figures(market, before, costs, np.array(prices.quota, np.float64))
    regrets = np.array([proof.regrets.get(mentee.id, np.nan) for mentee in roster.mentees])
    best[still] = (regrets + values - paid)[still]
    return best


def figures(market: Market, teams: Teams, costs: Floats, quota: Floats) -> tuple[Floats, Floats]:
    """Return what teams are worth and what they pay, shapes (M,): exact.

    Parameters
    ----------
    costs, quota : (N,), (Q,)
        Prices of mentors less those of their lower loads, and of quotas.
    """
    a = market.stored(lists_of(teams))
    sizes = np.diff(a.starts)
    places = np.tile(np.arange(MOST), (len(sizes), 1))
    owners = np.repeat(np.arange(len(sizes)), sizes)
    paid = np.bincount(owners, weights=costs[a.mentors], minlength=len(sizes))
    counted = np.repeat(np.arange(len(sizes)), np.diff(a.quota_starts))
    paid += np.bincount(counted, weights=quota[a.quota_ids], minlength=len(sizes))
    values: Floats = merits(a, np.arange(len(sizes)), places, sizes)
    return values, paid.astype(np.float64)


def lists_of(teams: Iterable[Sequence[int]]) -> tuple[Ints, Ints]:
    """Return teams as lists of mentors: where each begins, and the mentors."""
    every = list(teams)
    return starts_of(np.array([len(team) for team in every], np.int64)), np.array(
        [j for team in every for j in team], np.int64
    )


def _offered(mentor: Any) -> Any:
    """Return a mentor as far as a pair's worth depends on it: seats are counted apart."""
    return replace(mentor, capacity=None, min_load=None)


def _ties(roster: Roster) -> list[frozenset[Any]]:
    """Return the ties that were given of each mentee."""
    found: dict[str, set[Any]] = {}
    for tie in roster.ties:
        found.setdefault(tie.mentee, set()).add(tie)
    return [frozenset(found.get(mentee.id, ())) for mentee in roster.mentees]


@dataclass(frozen=True)
class Known:
    """Looks at teams, where the best priced values at some prices are known already.

    Attributes
    ----------
    prices : Prices
    best : (M,)
    """

    prices: Prices
    best: Floats

    def looked(self, instance: Instance, teams: Teams, prices: Prices, *, bounds: Whom) -> Sequence[Look]:
        """Look at every mentee once, at these prices; best values of all, or of none.

        Raises
        ------
        ValueError
            If bounds are wanted at other prices than those at which the best values are known.
        """
        seen = certify.looked(instance, teams, prices, bounds=False)
        if not np.any(bounds):
            return seen
        if prices != self.prices:
            raise ValueError("At other prices other teams are best: nothing is known of them.")
        return [look._replace(best=best) for look, best in zip(seen, self.best.tolist(), strict=True)]

    def alone(self, instance: Instance, *, whom: Whom = True) -> Floats:
        """Return the value of every mentee's best team if nobody else were in the cohort, shape (M,)."""
        return certify.alone(instance, whom=whom)
