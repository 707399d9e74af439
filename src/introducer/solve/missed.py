"""What the shortlists of a very large cohort miss, as some of its mentees tell.

At the same prices a best team over all mentors may be worth more than one over a shortlist. Where
the pairs are too many to look at them all, the difference is found for some mentees drawn at random
(``introducer.solve.scan``). Its mean, times all mentees, is what the bound over the shortlists is too low by:
an estimate, by which the search knows when to end. What is stated in the end rests on other
mentees (``introducer.sample``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from introducer.runs import runs
from introducer.shard import some
from introducer.solve.passes import Scanner
from introducer.solve.scan import merged
from introducer.solve.sweeps import price_pass
from introducer.solve.teams import MOST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from introducer.fit import Market
    from introducer.problem import Arrays

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["missed"]


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
    scanner = Scanner(some(market, who))
    starts, here = runs(a.starts, who)
    lists = starts, a.mentors[here]
    own = scanner.stored(lists)
    v = np.zeros((len(who), max(1, int(own.widths.max(initial=1)))))
    values = _best(own, prices, quota_prices, v)
    more = merged(*lists, *scanner.survivors(own, prices, quota_prices, v, values))
    return len(a.widths) * float((_best(scanner.stored(more), prices, quota_prices, v) - values).mean())


def _best(a: Arrays, prices: Floats, quota_prices: Floats, v: Floats) -> Floats:
    """Return the bounds of the priced values of best teams, shape (M,); shares are written."""
    count = len(v)
    teams, sizes, values = np.zeros((count, MOST), np.int64), np.zeros(count, np.int64), np.zeros(count)
    price_pass(a, np.arange(count), prices, quota_prices, v, teams, sizes, values)
    return values
