"""The independent checker: is an outcome feasible, what is it worth, and what could be best.

Shares nothing with the solvers, neither code nor method: it takes teams and prices from
wherever they come, and reads the problem, or the market with all its pairs, a mentee at a
time. A bound needs every mentee's best team at the prices: ``introducer.largest``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from introducer.errors import Refused
from introducer.floored import floored
from introducer.largest import largest
from introducer.outcome import Certificate
from introducer.problem import GRID, NO_FLOOR
from introducer.sample import estimated
from introducer.threads import for_each

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from introducer.outcome import Prices
    from introducer.problem import Arrays, Limits, Sight, Teams, View

    Floats = NDArray[np.float64]
    Whom = bool | NDArray[np.bool_]

__all__ = [
    "Instance",
    "Look",
    "Looks",
    "alone",
    "certify",
    "cheapest",
    "cost_of_seats",
    "exact_sum",
    "faults",
    "looked",
    "weighed",
    "worths",
]

#: Mentees that a thread looks at before it takes more.
_SOME = 64


class Instance(Protocol):
    """What is certified: a ``Problem``, or a ``Market`` with all its pairs."""

    @property
    def arrays(self) -> Arrays | Limits:
        """Sizes and limits."""
        ...

    @property
    def shape(self) -> tuple[int, int]:
        """Number of mentees and of mentors."""
        ...

    def view(self, i: int, among: Sequence[int] | None = None) -> View:
        """Return what holds for the candidates of a mentee, those among some mentors and the pinned at least."""
        ...

    def sight(self, i: int, prices: Floats, quota_prices: Floats) -> Sight:
        """Return what all candidates of a mentee would bring at these prices."""
        ...


class Look(NamedTuple):
    """What was found for one mentee: its best priced value, the value of its team, what the team pays, its quotas."""

    best: float
    value: float
    paid: float
    counted: tuple[int, ...]
    faults: tuple[str, ...]


class Looks(Protocol):
    """Who looks at the mentees of an instance, each by itself: this process, or others."""

    def looked(self, instance: Instance, teams: Teams, prices: Prices, *, bounds: Whom) -> Sequence[Look]:
        """Look at every mentee once; best priced values of all, of none, or of those marked, shape (M,)."""
        ...

    def alone(self, instance: Instance, *, whom: Whom = True) -> Floats:
        """Return the value of every mentee's best team if nobody else were in the cohort, shape (M,)."""
        ...


def certify(
    instance: Instance, teams: Teams, prices: Prices, looks: Looks | None = None, *, whom: Whom = True
) -> Certificate:
    """Return value, bound and gap of an outcome over all pairs of the instance.

    Parameters
    ----------
    teams : tuple of tuple of int
        Mentors of every mentee, ascending.
    prices : Prices
        Any non-negative numbers; they decide how tight the bound is, never whether it holds.
    looks : Looks, optional
        Who looks at the mentees; this module unless given.
    whom : bool or (M,) of bool
        Whose best teams are looked for: everybody's, or those of a sample of two or more, from which
        the bound is estimated (``introducer.sample``). Rules and worths are of everybody.

    Raises
    ------
    Refused
        If a rule is broken or a price is negative; lists every finding.
    """
    look = looked if looks is None else looks.looked
    seen = look(instance, teams, prices, bounds=whom if _priced(prices) else False)
    findings = _findings(instance, teams, prices, seen)
    if findings:
        raise Refused(findings)
    a = instance.arrays
    capacity, min_load, quota = _arrays(prices)
    best, values, paid = (np.array([getattr(look, name) for look in seen]) for name in ("best", "value", "paid"))
    loads = _loads(instance, teams)
    slacks = capacity * (a.capacities - loads) + min_load * (loads - a.min_loads)
    np.add.at(slacks, a.quota_mentors, quota * (a.quota_limits - _used(instance, seen)))
    regrets = best - values + paid
    if isinstance(whom, np.ndarray):
        regrets[~whom] = np.nan
        sample = estimated(regrets[whom], len(regrets))
        bound = values.sum() + slacks.sum() + sample.high
    else:
        sample = None
        bound = best.sum() + capacity @ a.capacities - min_load @ a.min_loads + quota @ a.quota_limits
    return Certificate(
        value=float(values.sum()),
        bound=float(bound),
        scope="all" if sample is None else "sampled",
        regrets=tuple(regrets.tolist()),
        slacks=tuple(slacks.tolist()),
        sample=sample,
    )


def alone(
    instance: Instance,
    sizes: NDArray[np.int64] | None = None,
    known: Floats | None = None,
    *,
    whom: Whom = True,
) -> Floats:
    """Return the value of every mentee's best team if nobody else were in the cohort, shape (M,).

    Mentors without a seat, and quotas of 0, stay out of reach.

    Parameters
    ----------
    sizes : (M,), optional
        Mentors that a team may have, at least as many as are pinned; the team sizes unless given.
    known : (M,), optional
        What it is at the team sizes: computed for those alone whose size is another.
    whom : bool or (M,) of bool
        For whom it is wanted; not a number for others.
    """
    a = instance.arrays
    out_of_reach = np.where(a.capacities == 0, np.inf, 0.0), np.where(a.quota_limits == 0, np.inf, 0.0)
    most = a.team_sizes if sizes is None else sizes
    best = _best(instance, *out_of_reach, most)
    wanted = np.broadcast_to(whom, len(most))

    def look(i: int) -> float:
        if not wanted[i]:
            return np.nan
        return best(i) if known is None or most[i] != a.team_sizes[i] else float(known[i])

    return np.array(for_each(look, instance.shape[0], _SOME), dtype=np.float64)


def worths(instance: Instance, teams: Teams) -> Floats:
    """Return what teams that break no rule are worth, shape (M,)."""
    found = for_each(lambda i: _value(instance.view(i, teams[i]), teams[i]), instance.shape[0], _SOME)
    return np.array(found, dtype=np.float64)


def cheapest(instance: Instance, prices: Prices) -> Floats:
    """Return what each mentee's cheapest team above its floor costs at least, shape (M,).

    Infinite where no team meets the floor.
    """
    capacity, min_load, quota = _arrays(prices)
    costs = capacity - min_load

    def least(i: int) -> float:
        return -_above(instance, i, costs, quota, weight=0.0, known=-np.inf)

    return np.array(for_each(least, instance.shape[0], _SOME), dtype=np.float64)


def weighed(instance: Instance, prices: Prices, weights: Floats) -> Floats:
    """Return what each mentee's worth counted by its weight less what the team costs is at most, shape (M,).

    Parameters
    ----------
    weights : (M,)
        0 or more.
    """
    capacity, min_load, quota = _arrays(prices)
    costs = capacity - min_load

    def most(i: int) -> float:
        return _above(instance, i, costs, quota, weight=float(weights[i]), known=-np.inf)

    return np.array(for_each(most, instance.shape[0], _SOME), dtype=np.float64)


def cost_of_seats(instance: Instance, prices: Prices) -> float:
    """Return what all seats cost, less what duties earn, with the quotas: no outcome pays more.

    Raises
    ------
    Refused
        If a price is negative or no number, or there are too few or too many.
    """
    found = _misshapen(instance, ((),) * instance.shape[0], prices)
    if found or not _priced(prices):
        raise Refused(found or ["A price is negative or no number."])
    a = instance.arrays
    capacity, min_load, quota = _arrays(prices)
    return exact_sum(np.concatenate([capacity * a.capacities, -min_load * a.min_loads, quota * a.quota_limits]))


def exact_sum(values: Floats) -> float:
    """Add values on the grid in whole numbers; infinite where one is."""
    if not np.isfinite(values).all():
        return np.inf
    return int(np.rint(values / GRID).astype(np.int64).sum()) * GRID


def faults(instance: Instance, teams: Teams, prices: Prices) -> list[str]:
    """Return a sentence for everything that makes teams or prices impossible."""
    return _findings(instance, teams, prices, looked(instance, teams, prices, bounds=False))


def _arrays(prices: Prices) -> tuple[Floats, Floats, Floats]:
    return (
        np.array(prices.capacity, dtype=np.float64),
        np.array(prices.min_load, dtype=np.float64),
        np.array(prices.quota, dtype=np.float64),
    )


def _priced(prices: Prices) -> bool:
    return all(p >= 0 and np.isfinite(p) for p in (*prices.capacity, *prices.min_load, *prices.quota))


def _misshapen(instance: Instance, teams: Teams, prices: Prices) -> list[str]:
    mentees, mentors = instance.shape
    if len(teams) != mentees or len(prices.capacity) != mentors or len(prices.min_load) != mentors:
        return ["The outcome does not have a team for each mentee and prices for each mentor."]
    if len(prices.quota) != len(instance.arrays.quota_limits):
        return ["The outcome does not have a price for each quota."]
    return []


def _findings(instance: Instance, teams: Teams, prices: Prices, looks: Sequence[Look]) -> list[str]:
    found = _misshapen(instance, teams, prices)
    if found:
        return found
    if not _priced(prices):
        found.append("A price is negative or no number.")
    found += [f"{{mentee:{i}}}: {what}" for i, look in enumerate(looks) for what in look.faults]
    if found:
        return found
    a = instance.arrays
    loads, used = _loads(instance, teams), _used(instance, looks)
    found += [
        f"{{mentor:{j}}} has {loads[j]} mentees, and may have {a.min_loads[j]} to {a.capacities[j]}."
        for j in np.flatnonzero((loads > a.capacities) | (loads < a.min_loads))
    ]
    found += [
        f"{{mentor:{a.quota_mentors[g]}}} has {used[g]} ties under a quota of {a.quota_limits[g]}."
        for g in np.flatnonzero(used > a.quota_limits)
    ]
    return found


def _loads(instance: Instance, teams: Teams) -> NDArray[np.int64]:
    return np.bincount([j for team in teams for j in team], minlength=instance.shape[1]).astype(np.int64)


def _used(instance: Instance, looks: Sequence[Look]) -> NDArray[np.int64]:
    counted = [g for look in looks for g in look.counted]
    return np.bincount(counted, minlength=len(instance.arrays.quota_limits)).astype(np.int64)


def looked(instance: Instance, teams: Teams, prices: Prices, *, bounds: Whom) -> list[Look]:
    """Look at every mentee once; best priced values of all, of none, or of those marked, shape (M,)."""
    if _misshapen(instance, teams, prices):
        return []
    capacity, min_load, quota = _arrays(prices)
    costs = capacity - min_load
    best = _best(instance, costs, quota)
    wanted = np.broadcast_to(bounds, len(teams))

    def look(i: int) -> Look:
        team = teams[i]
        view = instance.view(i, team)
        told = _team_faults(instance, i, team, view)
        asked = zip(view.mentors[view.quota_places].tolist(), view.quota_ids.tolist(), strict=True)
        counted = tuple(g for j, g in asked if j in team)
        value = 0.0 if told else _value(view, team)
        paid = 0.0 if told else float(sum(costs[j] for j in team) + sum(quota[g] for g in counted))
        floor = instance.arrays.floors[i]
        if not told and value < floor:
            told.append(f"the team is worth {value:.6f}, and the floor is {floor:.6f}.")
        most = 0.0
        if wanted[i] and not told:
            most = best(i, value - paid)
            # Without the floor it is no less: where the team itself is that good, it is the best above it.
            if floor != NO_FLOOR and most > value - paid:
                most = _above(instance, i, costs, quota, weight=1.0, known=value - paid)
        return Look(
            best=most,
            value=value,
            paid=paid,
            counted=counted,
            faults=tuple(told),
        )

    return for_each(look, instance.shape[0], _SOME)


def _value(view: View, team: tuple[int, ...]) -> float:
    places = np.searchsorted(view.mentors, team)
    return float(view.gains[:, places].max(axis=1, initial=0.0).sum() + view.pairs[places].sum())


def _best(
    instance: Instance, prices: Floats, quota_prices: Floats, most: NDArray[np.int64] | None = None
) -> Callable[..., float]:
    """Return what tells the largest priced value of a mentee's teams, of which one is perhaps known."""
    a = instance.arrays
    homes = a.institutions if a.institution_limit else np.full(instance.shape[1], -1)
    sizes = a.team_sizes if most is None else most

    def best(i: int, known: float = -np.inf) -> float:
        sight = instance.sight(i, prices, quota_prices)
        found: float = largest(sight, homes, a.institution_limit, sizes[i], known)
        return found

    return best


def _above(instance: Instance, i: int, prices: Floats, quota: Floats, *, weight: float, known: float) -> float:
    """Return the largest worth, counted so much, less costs, of a team that meets the floor."""
    a, view = instance.arrays, instance.view(i)
    costs: Floats = prices[view.mentors]
    np.add.at(costs, view.quota_places, quota[view.quota_ids])
    homes = a.institutions[view.mentors] if a.institution_limit else np.full(len(view.mentors), -1)
    rules = homes, a.institution_limit, view.kept, view.pinned, int(a.team_sizes[i])
    found: float = floored(view.gains, view.pairs, costs, weight, a.floors[i], known, *rules)
    return found


def _team_faults(instance: Instance, i: int, team: tuple[int, ...], view: View) -> list[str]:
    a = instance.arrays
    places = np.searchsorted(view.mentors, team)
    strangers = [j for j, place in zip(team, places.tolist(), strict=True) if j not in view.mentors[place : place + 1]]
    if strangers:
        return [f"the tie to {{mentor:{j}}} is refused or unknown." for j in strangers]
    if list(team) != sorted(set(team)):
        return ["the team is not in order, or holds a mentor twice."]
    found = []
    size = int(a.team_sizes[i])
    if len(team) > size:
        found.append(f"the team has {len(team)} mentors, and may have {size}.")
    pins = view.mentors[view.pinned].tolist()
    found += [f"the pinned tie to {{mentor:{j}}} is missing." for j in pins if j not in team]
    if a.institution_limit:
        homes = [int(a.institutions[j]) for j in team if a.institutions[j] >= 0]
        if any(homes.count(home) > a.institution_limit for home in homes):
            found.append(f"more than {a.institution_limit} of the team are from one institution.")
    if (~view.kept[np.searchsorted(view.mentors, team)]).sum() >= max(size, 1):
        found.append("the seat that is kept for a local or an outside mentor is taken by another.")
    return found
