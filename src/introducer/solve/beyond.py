"""Beyond the shortlists: who else can be in the best teams of some mentees, and what their shortlists miss.

One scan of all mentors (``introducer.solve.scan``) rules out whoever is in no better team with those of the
shortlist. Once others have joined, it may be in one with them: the scan is repeated for whoever had others
join, until nobody does, and then best teams over the shortlist are best over all mentors.

Where the pairs are too many to look at them all, this is done for some mentees drawn at random. The mean of
what their shortlists miss, times all mentees, is what the bound over the shortlists is too low by: an
estimate, by which the search knows when to end. What is stated in the end rests on other mentees
(``introducer.sample``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from introducer.runs import runs, starts_of
from introducer.shard import some
from introducer.solve.passes import Scanner
from introducer.solve.room import MOST
from introducer.solve.scan import merged
from introducer.solve.sweeps import price_pass

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from introducer.fit import Market
    from introducer.problem import Arrays

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Lists = tuple[Ints, Ints]

__all__ = ["completed", "missed"]


def completed(market: Market, lists: Lists, prices: Floats, quota_prices: Floats, who: Ints) -> Lists:
    """Return the shortlists with all who can be in the best teams of these mentees, ascending, at these prices."""
    while len(who):
        scanner = Scanner(some(market, who))
        own = scanner.stored(_of(lists, who))
        v, values = _best(own, prices, quota_prices)
        starts, found = scanner.survivors(own, prices, quota_prices, v, values)
        counts = np.zeros(market.shape[0], np.int64)
        counts[who] = np.diff(starts)
        lists = merged(*lists, starts_of(counts), found)
        who = np.flatnonzero(counts)
    return lists


def missed(market: Market, a: Arrays, prices: Floats, quota_prices: Floats, who: Ints) -> float:
    """Return what best teams of all mentees over the shortlists fall short of those over all mentors, about.

    Parameters
    ----------
    a : Arrays
        The problem of the shortlists.
    prices, quota_prices : (N,), (Q,)
    who : (n,)
        Mentees who are looked at, ascending.
    """
    lists = a.starts, a.mentors
    shard = some(market, who)
    _v, before = _best(shard.stored(_of(lists, who)), prices, quota_prices)
    whole = completed(market, lists, prices, quota_prices, who)
    _v, after = _best(shard.stored(_of(whole, who)), prices, quota_prices)
    return len(a.widths) * float((after - before).mean())


def _of(lists: Lists, who: Ints) -> Lists:
    """Return the lists of some."""
    starts, here = runs(lists[0], who)
    return starts, lists[1][here]


def _best(a: Arrays, prices: Floats, quota_prices: Floats) -> tuple[Floats, Floats]:
    """Return the shares and the bounds of the priced values of best teams, shapes (M, A) and (M,)."""
    count = len(a.widths)
    v, values = np.zeros((count, max(1, int(a.widths.max(initial=1))))), np.zeros(count)
    price_pass(
        a,
        np.arange(count),
        prices,
        quota_prices,
        v,
        np.zeros((count, MOST), np.int64),
        np.zeros(count, np.int64),
        values,
    )
    return v, values
