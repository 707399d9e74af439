"""Where a search for floors begins in a large cohort: prices and teams from sweeps, before any linear program.

Any prices prove something: the lowest level at which everybody's cheapest teams cost more than all
seats. Prices at which that is low are those at which the seats that are asked for fit the seats there
are, so they are found as those of a match are (``introducer.solve.sweeps``), with the worth of a team
counted ``_HARDLY`` and its cost in full:

1. At the prices of the outcome without floors, the lowest level that they prove.
2. A round of sweeps at that level, in which all pick nearly their cheapest team that meets it; of the mean
   and of the last prices those at which these cost more, and the lowest level that they prove.
3. 2. again with finer steps.

The teams of all sweeps are seen (``introducer.solve.master``): the program that goes on from here
(``introducer.solve.floors``) needs few more.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from introducer.solve.rounds import ROUNDS, sweep_round

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from introducer.problem import Arrays
    from introducer.solve import Stop
    from introducer.solve.ground import Ground

    Floats = NDArray[np.float64]
    Priced = tuple[Floats, Floats]
    At = Callable[[float], Floats]

__all__ = ["lowest", "swept"]

#: A worth that only tells cheapest teams apart, exact for numbers on the grid; rounds of sweeps.
_HARDLY, _ROUNDS = 2.0**-10, 2
#: Levels are told apart by this part of themselves, or at least by this.
_APART, _APART_AT_LEAST = 1e-3, 1e-4
#: Cheapest teams cost more than the seats if they do so by more than rounding.
_MORE = 1e-7


def lowest(at: At, ground: Ground, low: float, high: float, prices: Priced) -> float:
    """Return the lowest level between that prices on the grid prove impossible on the stored pairs; else infinity.

    The cheapest teams that are found join the teams seen.
    """
    found = np.inf
    while high - low > max(_APART * high, _APART_AT_LEAST):
        trial = (low + high) / 2
        if ground.paid_more(at(trial), prices) > _MORE:
            found = high = trial
        else:
            low = trial
        ground.pool.add(ground.state)
    return found


def swept(at: At, ground: Ground, prices: Priced, stop: Stop) -> Priced:
    """Return prices on the grid that prove a low level impossible on the stored pairs; see the module.

    Parameters
    ----------
    at : callable
        Floors of a level, shape (M,).
    prices : (N,), (Q,)
        On the grid: where it begins.
    """
    level = lowest(at, ground, 0.0, 1.0, prices)
    state = replace(
        ground.state,
        prices=prices[0],
        quota_prices=prices[1],
        teams=ground.state.teams.copy(),
        sizes=ground.state.sizes.copy(),
        v=ground.state.v.copy(),
        values=np.zeros(len(ground.rewards)),
        still=np.zeros(len(ground.rewards), np.int64),
    )
    for steps in ROUNDS[:_ROUNDS]:
        state.a = _hardly(ground.at(at(min(level, 1.0))).arrays)
        state.bound = np.inf
        sweep_round(state, steps, ground.pool, stop)
        found = lowest(at, ground, 0.0, min(level, 1.0), state.bound_prices)
        if found < level:
            level, prices = found, state.bound_prices
        if stop():
            break
    return prices


def _hardly(a: Arrays) -> Arrays:
    """Return the problem in which what a team is worth hardly counts beside what it costs."""
    return a._replace(pairs=_HARDLY * a.pairs, gains=_HARDLY * a.gains, floors=_HARDLY * a.floors)
