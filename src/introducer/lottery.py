"""A lottery among near-ties: chance where it costs next to nothing, so that there is something to learn from.

Who is tied to whom follows from needs; so nothing can be learned from an outcome about what
another would have done. Where two outcomes are worth nearly the same, a coin may decide. All
that the coins decide is listed before the first is tossed:

1. **Near-ties.** For a mentee i with team S, giving up j (which is not pinned) for j' makes the
   team ``S - j + j'`` and takes ``d = f_i(S) - f_i(S - j + j')``. It is listed if that team breaks
   no rule and d is at most ``each``. Of those of one tie the ``NEAREST`` are kept that take least
   at the prices of the outcome, ``d + p_j' - p_j``: prices cancel in a swap, and at the prices no
   side gains more than its regret, so that a cheap swap is cheap on both sides.
2. **Swaps.** i gives j to i' for j' where both sides are near-ties: it takes ``d + d'``, and no
   load changes. Or i moves to a free seat of j'.
3. **One for each.** In order of what they take (equals: of the roster), a swap is listed if
   neither mentee is in one already and whatever the coins decide fits: each quota has room for
   all swaps that could use it, each upper and lower load for all moves that could touch it.
4. **Probabilities.** Of all that keep ``sum_s p_s max(L_s, 0)`` within the budget, those with the
   largest sum of variances of the coins, ``sum_s p_s (1 - p_s)``: with one price x of a loss,

       p_s = clip((1 - x L_s) / 2, least, most),    and no coin at all where x L_s >= 1 - least,

   rounded down to thousandths. The smallest x that keeps the budget is found by halving. What is
   left of the budget goes to the cheapest swaps without a coin: the least first, then more.
5. **Coins.** One for each swap, in order, from the seed alone: it comes if a number drawn evenly
   from 0 to 999 is below ``1000 p_s``.

A mentee is in one swap at most, so its team depends on one coin: the probabilities of its ties and
teams are p and 1 - p, joint ones are products, the expected loss is the sum of p_s L_s, and every
draw is feasible. This is randomization by design among near-equals as in [1]_, with independent
coins in place of sampled marginals, because what a team is worth is no sum over ties.

.. [1] Saveski M., Jecmen S., Shah N. B., Ugander J., Counterfactual evaluation of peer-review
   assignment policies, NeurIPS 2023.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from introducer.outcome import Draw, Swap
from introducer.policy import THOUSAND
from introducer.threads import for_each

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from introducer.certify import Instance
    from introducer.outcome import Prices
    from introducer.policy import Lottery
    from introducer.problem import Teams, View

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    #: Quotas by mentee and mentor.
    Counted = Mapping[tuple[int, int], tuple[int, ...]]

__all__ = ["NEAREST", "commitment", "hold", "listed", "probabilities", "toss"]

#: So many near-ties of one tie are kept.
NEAREST = 64
#: Sets the coins apart from any other use of the seed.
_COINS = 0x636F696E
#: So many swaps are looked at before those of people who are in one are left out again.
_CHUNK = 65_536
#: Halvings of the price of a loss: beyond what float64 can tell apart.
_HALVINGS = 80


class _Near(NamedTuple):
    """Near-ties: mentee, mentor given up, mentor got, what it takes; shapes (E,)."""

    mentees: Ints
    gives: Ints
    gets: Ints
    losses: Floats


class _Look(NamedTuple):
    """One mentee: near-ties of each mentor of its team, its value, and which quotas its pairs count towards."""

    found: list[tuple[int, Ints, Floats]]
    value: float
    counted: Counted


class _Proposals(NamedTuple):
    """Swaps that could be listed; shapes (S,). A partner of -1: a move to a free seat."""

    mentees: Ints
    gives: Ints
    gets: Ints
    partners: Ints
    losses: Floats
    partner_losses: Floats

    def of(self, rows: Any) -> _Proposals:
        """Return some of them."""
        return _Proposals(
            self.mentees[rows],
            self.gives[rows],
            self.gets[rows],
            self.partners[rows],
            self.losses[rows],
            self.partner_losses[rows],
        )


def hold(instance: Instance, teams: Teams, prices: Prices, lottery: Lottery, seed: int) -> Draw:
    """Hold a lottery.

    Parameters
    ----------
    instance : Instance
        All eligible pairs.
    teams : tuple of tuple of int
        Feasible; mentors of every mentee, ascending.
    prices : Prices
        Of the outcome: they decide which near-ties are looked at.
    lottery : Lottery
    seed : int
    """
    swaps, value = listed(instance, teams, prices, lottery)
    coins = toss(swaps, seed)
    return Draw(
        before=teams,
        swaps=tuple(replace(swap, came=came) for swap, came in zip(swaps, coins.tolist(), strict=True)),
        value_before=value,
        commitment=commitment(seed),
    )


def listed(instance: Instance, teams: Teams, prices: Prices, lottery: Lottery) -> tuple[tuple[Swap, ...], float]:
    """Return the swaps that are put to chance, with their probabilities, and the value of the teams before.

    Parameters as of ``hold``.
    """
    near, value, counted = _near_ties(instance, teams, prices, lottery.each)
    order = _disjoint(instance, teams, _proposed(instance, teams, near), counted)
    swaps = [Swap(i, j, k, None if other < 0 else other, 0, (own, theirs)) for i, j, k, other, own, theirs in order]
    chances = probabilities(np.array([swap.loss for swap in swaps]), lottery.loss * value, lottery.thousandths)
    return tuple(replace(s, thousandths=p) for s, p in zip(swaps, chances.tolist(), strict=True) if p), value


def toss(swaps: Sequence[Swap], seed: int) -> NDArray[np.bool_]:
    """Return which swaps come, shape (S,)."""
    chances = np.array([swap.thousandths for swap in swaps], np.int64)
    return np.random.default_rng([_COINS, seed]).integers(0, THOUSAND, len(chances)) < chances


def commitment(seed: int) -> str:
    """Return a hash that binds the seed: published before a match, it shows later that no other seed was tried."""
    return hashlib.sha256(f"introducer lottery, seed {seed}\n".encode()).hexdigest()


def probabilities(losses: Floats, budget: float, within: tuple[int, int]) -> Ints:
    """Return the probability of each swap in thousandths, shape (S,); 0 where it is not put to chance.

    Parameters
    ----------
    losses : (S,) what each swap takes; a gain counts as nothing
    budget : expected loss, at most
    within : least and most, in thousandths
    """
    losses = np.maximum(losses, 0.0)
    least, most = within

    def at(price: float) -> Ints:
        chances = np.clip(np.floor(THOUSAND * (1 - price * losses) / 2).astype(np.int64), least, most)
        return np.where(price * losses < 1 - least / THOUSAND, chances, 0)

    def fits(price: float) -> bool:
        return float(at(price) @ losses) <= THOUSAND * budget

    if fits(0.0):
        return at(0.0)
    low, high = 0.0, 1 / float(losses[losses > 0].min())
    for _halving in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if fits(middle) else (middle, high)
    chances = at(high)
    left = THOUSAND * budget - float(chances @ losses)
    more = np.flatnonzero(chances == 0)[np.argsort(losses[chances == 0], kind="stable")]
    more = more[: int((np.cumsum(losses[more]) * least <= left).sum())]
    chances[more] = least
    left -= least * float(losses[more].sum())
    for s in more.tolist():
        step = min(most - least, int(left / losses[s]))
        chances[s] += step
        left -= step * losses[s]
    return chances


def _near_ties(instance: Instance, teams: Teams, prices: Prices, each: float) -> tuple[_Near, float, Counted]:
    """Return all near-ties, the value of the teams, and which quotas a pair counts towards."""
    costs, quota = np.array(prices.capacity) - np.array(prices.min_load), np.array(prices.quota)

    def look(i: int) -> _Look:
        view = instance.view(i)
        paid = costs[view.mentors]
        np.add.at(paid, view.quota_places, quota[view.quota_ids])
        return _looked(instance, i, view, teams[i], paid, each)

    looks = for_each(look, instance.shape[0])
    rows = [(i, *found) for i, own in enumerate(looks) for found in own.found]
    sizes = np.array([len(gets) for _i, _j, gets, _losses in rows], np.int64)
    near = _Near(
        np.repeat(np.array([i for i, *_ in rows], np.int64), sizes),
        np.repeat(np.array([j for _i, j, *_ in rows], np.int64), sizes),
        np.concatenate([np.zeros(0, np.int64), *(gets for _i, _j, gets, _losses in rows)]),
        np.concatenate([np.zeros(0), *(losses for *_, losses in rows)]),
    )
    counted = {key: numbers for own in looks for key, numbers in own.counted.items()}
    return near, float(sum(own.value for own in looks)), counted


def _looked(instance: Instance, i: int, view: View, team: Sequence[int], paid: Floats, each: float) -> _Look:
    """Look at one mentee; ``paid`` is what each candidate costs, shape (C,)."""
    places = np.searchsorted(view.mentors, team)
    value = float(view.gains[:, places].max(axis=1, initial=0.0).sum() + view.pairs[places].sum())
    found = []
    for place in places[~view.pinned[places]]:
        rest = places[places != place]
        losses = value - _with_one_more(view, rest)
        cheap = _legal(instance, i, view, rest) & (losses <= each)
        cheap[place] = False
        here = np.flatnonzero(cheap)
        here = here[np.argsort((losses + paid)[here], kind="stable")[:NEAREST]]
        found.append((int(view.mentors[place]), view.mentors[here], losses[here]))
    counted: dict[tuple[int, int], tuple[int, ...]] = {}
    for place, number in zip(view.quota_places.tolist(), view.quota_ids.tolist(), strict=True):
        key = i, int(view.mentors[place])
        counted[key] = (*counted.get(key, ()), number)
    return _Look(found, value, counted)


def _with_one_more(view: View, rest: Ints) -> Floats:
    """Return the value of the rest of a team with each candidate, shape (C,)."""
    cover = view.gains[:, rest].max(axis=1, initial=0.0)
    worth: Floats = np.maximum(view.gains, cover[:, None]).sum(axis=0) + view.pairs + view.pairs[rest].sum()
    return worth


def _legal(instance: Instance, i: int, view: View, rest: Ints) -> NDArray[np.bool_]:
    """Return who may join the rest of a team: by institution, by the kept seat, and not in it already; shape (C,)."""
    a = instance.arrays
    legal: NDArray[np.bool_] = view.kept | ((~view.kept[rest]).sum() + 1 < max(int(a.team_sizes[i]), 1))
    legal[rest] = False
    if a.institution_limit:
        homes = a.institutions[view.mentors]
        names, counts = np.unique(homes[rest], return_counts=True)
        full = names[(names >= 0) & (counts >= a.institution_limit)]
        legal &= ~np.isin(homes, full)
    return legal


def _proposed(instance: Instance, teams: Teams, near: _Near) -> _Proposals:
    """Return all swaps of two near-ties and all moves to free seats, in order of what they take."""
    mentors = instance.shape[1]
    keys, wanted = near.gives * mentors + near.gets, near.gets * mentors + near.gives
    order = np.argsort(keys, kind="stable")
    firsts = np.flatnonzero(near.gives < near.gets)
    low = np.searchsorted(keys[order], wanted[firsts], side="left")
    sizes = np.searchsorted(keys[order], wanted[firsts], side="right") - low
    one = np.repeat(firsts, sizes)
    at = np.arange(len(one)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(low, sizes)
    two = order[at]
    turned = near.mentees[one] > near.mentees[two]
    one, two = np.where(turned, two, one), np.where(turned, one, two)
    loads = np.bincount([j for team in teams for j in team], minlength=mentors)
    free = np.flatnonzero(loads[near.gets] < instance.arrays.capacities[near.gets])
    ends = np.concatenate([one, free])
    proposals = _Proposals(
        near.mentees[ends],
        near.gives[ends],
        near.gets[ends],
        np.concatenate([near.mentees[two], np.full(len(free), -1)]),
        near.losses[ends],
        np.concatenate([near.losses[two], np.zeros(len(free))]),
    )
    p = proposals
    return p.of(np.lexsort((p.gets, p.gives, p.partners, p.mentees, p.losses + p.partner_losses)))


def _disjoint(
    instance: Instance, teams: Teams, proposals: _Proposals, counted: Counted
) -> Iterator[tuple[int, int, int, int, float, float]]:
    """Yield one swap after another, each mentee in one at most, all of which fit together however the coins fall."""
    a = instance.arrays
    used = np.zeros(instance.shape[0] + 1, np.bool_)  # the last place is that of no partner: never used
    loads = np.bincount([j for team in teams for j in team], minlength=instance.shape[1])
    above, below = a.capacities - loads, loads - a.min_loads
    room = a.quota_limits.copy()
    for i, team in enumerate(teams):
        for j in team:
            room[list(counted.get((i, j), ()))] -= 1
    for start in range(0, len(proposals.mentees), _CHUNK):
        part = proposals.of(slice(start, start + _CHUNK))
        part = part.of(~used[part.mentees] & ~used[part.partners])
        for i, j, k, other, own, theirs in zip(*(each.tolist() for each in part), strict=True):
            if used[i] or used[other]:
                continue
            more = _more(counted, i, j, k, other)
            if any(room[g] < change for g, change in more.items()) or (other < 0 and not (above[k] and below[j])):
                continue
            for g, change in more.items():
                room[g] -= change
            if other < 0:
                above[k] -= 1
                below[j] -= 1
            used[i] = True
            used[other] = other >= 0
            yield i, j, k, other, own, theirs


def _more(counted: Counted, i: int, j: int, k: int, other: int) -> dict[int, int]:
    """Return how many more ties would count towards each quota, those alone where there are more."""
    changes: dict[int, int] = {}
    for pair, step in (((i, j), -1), ((i, k), 1), ((other, j), 1), ((other, k), -1)):
        for g in counted.get(pair, ()):
            changes[g] = changes.get(g, 0) + step
    return {g: change for g, change in changes.items() if change > 0}
