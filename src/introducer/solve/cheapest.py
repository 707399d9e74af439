"""Everybody's team of the largest weighted worth less costs that meets their floor: one pass over all mentees.

With the weight 0 it is the cheapest team that meets the floor, with 1 the best one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit, prange

from introducer.solve.above import above_from
from introducer.solve.room import make_room
from introducer.solve.sweeps import PIECE, PROOF, widest, write_costs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from introducer.problem import Arrays

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Out = tuple[Ints, Ints, Floats]

__all__ = ["cheapest", "weighed"]


@njit(cache=True, nogil=True)
def _weighed_piece(a, wide, weights, start, stop, prices, quota_prices, v, rewards, teams, sizes, values):
    room = make_room(*wide)
    for i in range(start, stop):
        write_costs(a, i, prices, quota_prices, room)
        _value, size, upper, reward = above_from(a, i, room, v[i], teams[i], PROOF, weights[i], rewards[i])
        sizes[i] = size
        values[i] = upper
        rewards[i] = reward


@njit(cache=True, parallel=True)
def weighed(a, weights, prices, quota_prices, v, rewards, teams, sizes, values):
    """Write the teams of the largest weight times worth less costs, and what none passes.

    Parameters
    ----------
    weights : (M,) in [0, 1]
    rewards : (M,)
        What worth is rewarded by beside (``introducer.solve.above``), of an earlier pass or 0; written.
    a, prices, quota_prices, v, teams, sizes, values :
        As of ``introducer.solve.sweeps.price_pass``; with the weight 0 values are infinite for whom no team
        meets the floor.
    """
    mentees = len(sizes)
    wide = widest(a)
    for piece in prange((mentees + PIECE - 1) // PIECE):
        low = piece * PIECE
        high = min(mentees, low + PIECE)
        _weighed_piece(a, wide, weights, low, high, prices, quota_prices, v, rewards, teams, sizes, values)


def cheapest(a: Arrays, prices: Floats, quota_prices: Floats, v: Floats, rewards: Floats, out: Out) -> None:
    """Write cheapest teams, their sizes, and what they cost at least, negated; parameters as of ``weighed``."""
    weighed(a, np.zeros(len(rewards)), prices, quota_prices, v, rewards, *out)
