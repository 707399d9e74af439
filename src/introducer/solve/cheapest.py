"""Everybody's cheapest team that meets their floor, at given prices: one pass over all mentees."""

from __future__ import annotations

from numba import njit, prange

from introducer.solve.above import above_from
from introducer.solve.sweeps import _PIECE, _PROOF, _widest, write_costs
from introducer.solve.teams import make_room

__all__ = ["cheapest"]


@njit(cache=True, nogil=True)
def _cheapest_piece(a, start, stop, prices, quota_prices, v, rewards, teams, sizes, values):
    candidates, criteria = _widest(a)
    room = make_room(candidates, criteria)
    for i in range(start, stop):
        write_costs(a, i, prices, quota_prices, room)
        _value, size, upper, reward = above_from(a, i, room, v[i], teams[i], _PROOF, 0.0, rewards[i])
        sizes[i] = size
        values[i] = upper
        rewards[i] = reward


@njit(cache=True, parallel=True)
def cheapest(a, prices, quota_prices, v, rewards, teams, sizes, values):
    """Write everybody's cheapest team that meets the floor, and what it costs at least, negated.

    Parameters
    ----------
    rewards : (M,)
        What worth is rewarded by (``introducer.solve.above``), of an earlier pass or 0; written.
    a, prices, quota_prices, v, teams, sizes, values :
        As of ``introducer.solve.sweeps.price_pass``; values are infinite for whom no team meets the floor.
    """
    mentees = len(sizes)
    for piece in prange((mentees + _PIECE - 1) // _PIECE):
        start = piece * _PIECE
        _cheapest_piece(a, start, min(mentees, start + _PIECE), prices, quota_prices, v, rewards, teams, sizes, values)
