"""How the worth is spread, and what floors did: computed from teams, levels and prices, without a solver.

1. **Share.** What a mentee's team is worth, by what the own best team would be worth if nobody
   else were in the cohort (``alone``, ``introducer.certify``): at the policy's team size, or the
   own one if that is smaller. Whoever has nobody to be tied to, or asks for nothing, has no share.
2. **Floor.** Owed a share t, a team must be worth ``t alone``, rounded up to the grid.
3. **Proof.** A step says that no outcome gives everybody who was still open a share of ``above``.
   At its prices their cheapest teams that are worth so much, and those of all others, cost
   more than all seats [1]_.
4. **Stuck.** With the cheapest teams at the levels instead of ``above``, whoever alone could not
   be raised is proved to be stuck: what is left of the cost of the seats is less than the
   cheapest better team costs more.
5. **Lottery.** With weights of mentees instead of floors, the largest weighted total of all outcomes,
   bounded at prices, by the weighted sum of the measures: no lottery over outcomes gives everybody
   a larger expected share.
6. **Figures.** Least share, 5th percentile, Gini coefficient [2]_; means of groups with the 95 %
   interval of Student's t. Groups of fewer than ``LEAST`` people are left out, and others with
   them until what is left out cannot be told from the rest.

.. [1] Farkas J., Theorie der einfachen Ungleichungen, Journal für die reine und angewandte
   Mathematik 124 (1902) 1-27.
.. [2] Gini C., Variabilità e mutabilità, Bologna 1912; as the mean absolute difference by twice
   the mean, over all pairs.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from math import fsum
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from scipy.special import stdtrit

from introducer import certify
from introducer.errors import Refused
from introducer.outcome import Fairness, Group, Plain
from introducer.problem import GRID, NO_FLOOR

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from introducer.fit import Market
    from introducer.outcome import FairLottery, Raised, Step
    from introducer.policy import Policy
    from introducer.problem import Problem
    from introducer.roster import Roster

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]
    Kind = TypeVar("Kind", Problem, Market)

__all__ = ["LEAST", "account_for", "floors_at", "measures", "shares_of", "with_floors"]

#: Fewer people are no group.
LEAST = 10
#: Products of a level and a measure, in units of the grid, are below 2**34: rounding is below 2**-19.
_NEAR = 2.0**-18
#: What a lottery could give is rounded up to this; more than the rounding of its sums, as a part of it.
_SHOWN, _ROUNDING = 1e-6, 1e-3


def measures(market: Market, policy: Policy, known: Floats | None = None) -> Floats:
    """Return what the worth of each mentee is measured by, shape (M,); 0 for those who are left out.

    Parameters
    ----------
    known : (M,), optional
        ``certify.alone`` of the market, if it is known; of whom it is not, the measure is not a number either.
    """
    sizes = market.arrays.team_sizes
    pins = np.diff(market.tables.pin_starts)
    own = np.where(sizes > 0, np.maximum(np.minimum(sizes, policy.team_size), pins), 0)
    whom = True if known is None else ~np.isnan(known)
    return np.maximum(certify.alone(market, own, known, whom=whom), 0.0)


def floors_at(levels: Floats, by: Floats) -> Floats:
    """Return the worth that shares of the measures come to, rounded up to the grid, shape (M,).

    There is no floor where there is no measure.
    """
    owed = by > 0
    floors = np.full(len(by), NO_FLOOR)
    parts = levels[owed] * (by[owed] / GRID)
    floors[owed] = np.ceil(parts) * GRID
    # Where rounding could tell, by whole numbers.
    for i in np.flatnonzero(owed)[np.abs(parts - np.rint(parts)) < _NEAR]:
        floors[i] = _floor(levels[i], by[i])
    return floors


def _floor(level: float, measure: float) -> float:
    return -(-Fraction(float(level)) * Fraction(float(measure)) // Fraction(GRID)) * GRID


def shares_of(worths: Floats, by: Floats) -> Floats:
    """Return the shares that worths are of the measures, shape (M,): rounded down, so that a floor at a share is met.

    Not a number for those who are left out.
    """
    shares = np.full(len(by), np.nan)
    for i in np.flatnonzero(by > 0):
        share = worths[i] / by[i]
        while _floor(share, by[i]) > worths[i]:
            share = np.nextafter(share, -np.inf)
        shares[i] = share
    return shares


def with_floors(instance: Kind, floors: Floats) -> Kind:
    """Return the same with other floors, shape (M,)."""
    return replace(instance, arrays=instance.arrays._replace(floors=floors))


def account_for(
    roster: Roster, policy: Policy, market: Market, worths: Floats, known: Floats, raised: Raised | None
) -> Fairness:
    """Return how the worth is spread; with floors, after every proof was computed again.

    Parameters
    ----------
    market : Market
        With any floors, or none.
    worths : (M,)
        What the teams are worth.
    known : (M,)
        ``certify.alone`` of the market.

    Raises
    ------
    Refused
        If a proof does not hold, or the floors are not those of the policy.
    """
    by = measures(market, policy, known)
    shares = shares_of(worths, by)
    spread = _spread(roster, shares, by)
    if raised is None:
        return spread
    _refuse_other_levels(policy, raised, by)
    plain_market = with_floors(market, np.full(len(by), NO_FLOOR))
    stuck = {i for step in raised.steps for i in _stuck(market, by, raised, step)}
    proof = certify.certify(plain_market, raised.plain_teams, raised.plain_prices)
    plain_worths = certify.worths(market, raised.plain_teams)
    return replace(
        spread,
        raised=raised,
        # A number is what is promised: who cannot be raised far above it is not stuck there.
        stuck=tuple(sorted(stuck)) if policy.floor == "leximin" else (),
        lottery=None if raised.lottery is None else _on_average(plain_market, by, raised.lottery),
        plain=Plain(
            value=proof.value,
            bound=proof.bound,
            minimum=_least(shares_of(plain_worths, by)),
            gained=tuple(np.flatnonzero(worths > plain_worths).tolist()),
            lost=tuple(np.flatnonzero(worths < plain_worths).tolist()),
        ),
    )


def _refuse_other_levels(policy: Policy, raised: Raised, by: Floats) -> None:
    levels, owed = np.array(raised.levels), by > 0
    least = policy.floor if isinstance(policy.floor, float) else min((s.level for s in raised.steps), default=-np.inf)
    if len(levels) != len(owed) or (levels[~owed] != 0).any() or (levels[owed] < least).any():
        raise Refused(["The floors are not those of the policy."])


def _stuck(market: Market, by: Floats, raised: Raised, step: Step) -> list[int]:
    """Compute a step's proof again; return who alone is proved not to reach what is above it.

    Raises
    ------
    Refused
        If the prices do not prove that not all of them reach it.
    """
    if step.prices is None:
        return []
    # Who was held back before has a lower level.
    here = np.minimum(np.array(raised.levels), step.level)
    is_open = (here == step.level) & (by > 0)
    above = np.where(is_open, step.above, here)
    seats = certify.cost_of_seats(market, step.prices)
    more = certify.cheapest(with_floors(market, floors_at(above, by)), step.prices)
    if certify.exact_sum(more) <= seats:
        raise Refused([f"The prices do not prove that not everybody can have a share of {step.above:.6f}."])
    less = certify.cheapest(with_floors(market, floors_at(here, by)), step.prices)
    left = seats - certify.exact_sum(less)
    return np.flatnonzero(is_open & (more - less > left)).tolist()


def _on_average(market: Market, by: Floats, lottery: FairLottery) -> float:
    """Return what no lottery over outcomes gives everybody on average, rounded up.

    Raises
    ------
    Refused
        If a weight is no number from 0 up, they are too few or too many, or all are of mentees without a share.
    """
    weights = np.array(lottery.weights)
    if len(weights) != len(by) or not (weights >= 0).all() or not 0 < weights @ by < np.inf:
        raise Refused(["The weights of mentees do not bound a lottery."])
    seats = certify.cost_of_seats(market, lottery.prices)
    total = fsum([seats, *certify.weighed(market, lottery.prices, weights).tolist()])
    return float(np.ceil(total / float(weights @ by) / _SHOWN + _ROUNDING) * _SHOWN)


def _least(shares: Floats) -> float | None:
    own = shares[~np.isnan(shares)]
    return float(own.min()) if len(own) else None


def _spread(roster: Roster, shares: Floats, by: Floats) -> Fairness:
    own = np.sort(shares[~np.isnan(shares)])
    return Fairness(
        shares=tuple(None if np.isnan(share) else float(share) for share in shares),
        left_out=tuple(np.flatnonzero(by <= 0).tolist()),
        minimum=_least(shares),
        fifth=float(own[int(0.05 * len(own))]) if len(own) else None,
        gini=_gini(own) if len(own) else None,
        groups=tuple(_groups(roster, shares)),
    )


def _gini(ascending: Floats) -> float:
    """Return the mean absolute difference of any two by twice the mean; 0 where there is nothing to share."""
    count, total = len(ascending), float(ascending.sum())
    if total <= 0:
        return 0.0
    return float((2 * np.arange(1, count + 1) - count - 1) @ ascending) / (count * total)


def _groups(roster: Roster, shares: Floats) -> Iterable[Group]:
    """Yield the groups by flag and by stage that are large enough, in order of name."""
    here = [i for i in range(len(shares)) if not np.isnan(shares[i])]
    flags = sorted({flag for mentee in roster.mentees for flag in mentee.flags})
    families: list[dict[str, list[int]]] = []
    for flag in flags:
        family: dict[str, list[int]] = {f"flag:{flag}": [], f"flag:not {flag}": []}
        for i in here:
            family[f"flag:{flag}" if flag in roster.mentees[i].flags else f"flag:not {flag}"].append(i)
        families.append(family)
    stages: dict[str, list[int]] = defaultdict(list)
    for i in here:
        stages[f"stage:{roster.mentees[i].stage}"].append(i)
    families.append(stages)
    for family in families:
        shown = _shown(family)
        if len(shown) > 1:
            yield from (_group(name, shares[family[name]]) for name in sorted(shown))


def _shown(family: Mapping[str, Sequence[int]]) -> list[str]:
    """Return the groups that may be told: those left out are together none, or no fewer than ``LEAST``."""
    names = sorted((name for name in family if family[name]), key=lambda name: (len(family[name]), name))
    hidden = 0
    while names and (len(family[names[0]]) < LEAST or 0 < hidden < LEAST):
        hidden += len(family[names.pop(0)])
    return names


def _group(name: str, own: Floats) -> Group:
    mean, count = float(own.mean()), len(own)
    reach = float(stdtrit(count - 1, 0.975) * own.std(ddof=1) / np.sqrt(count))
    return Group(name, count, mean, mean - reach, mean + reach)
