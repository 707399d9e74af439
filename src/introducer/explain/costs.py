"""What a coordinator's order would cost the cohort, at the prices of the outcome.

A pin or a veto moves one mentor into a team or out of it. What that changes in the team is
known exactly; what the seat it takes, or sets free, is worth to everybody else is its price.
Together they are an estimate from one move: other moves that follow could make it less.
All costs are on the scale where the needs of one mentee are 1, and count only what may be told
(``introducer.explain.told``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from introducer.explain.moves import counted_value, moves
from introducer.explain.told import told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from introducer.explain.reasons import Account
    from introducer.outcome import Prices

__all__ = ["Alternative", "alternatives", "cost_of_pin", "cost_of_veto"]


@dataclass(frozen=True, slots=True)
class Alternative:
    """A mentor who could be in a team, at the cheapest place.

    Attributes
    ----------
    mentor : int
    leaves : int or None
        Whose place they would take; None: one more, where the team has room.
    cost : float
        Estimate of what the cohort would lose, 0 or more.
    """

    mentor: int
    leaves: int | None
    cost: float


def alternatives(account: Account, prices: Prices, i: int, most: int) -> tuple[Alternative, ...]:
    """Return the mentors who could join a team at the least cost (equals: the lower index first).

    Parameters
    ----------
    i : int
        Index of the mentee.
    most : int
        So many at most.
    """
    account = account.focused(i)
    problem, team = account.problem, account.teams[i]
    own = problem.candidates(i)
    outside = ~np.isin(own, team)
    places: list[int | None] = [j for j in team if j not in problem.pins(i)]
    if len(team) < problem.arrays.team_sizes[i]:
        places.append(None)
    if not places or not outside.any():
        return ()
    nets = np.array([_nets(account, prices, i, leaves) for leaves in places])
    best = nets.argmax(axis=0)
    costs = np.maximum(0.0, -nets[best, np.arange(len(own))])
    order = [int(k) for k in np.argsort(costs, kind="stable") if outside[k]]
    return tuple(Alternative(int(own[k]), places[best[k]], float(costs[k])) for k in order[:most])


def cost_of_pin(account: Account, prices: Prices, i: int, j: int) -> float:
    """Return what it costs that a pin holds mentor j in team i: the best that could be done without it. 0 or more."""
    account, team = account.focused(i), account.teams[i]
    outside = ~np.isin(account.problem.candidates(i), team)
    nets = _nets(account, prices, i, j)[outside]
    rows = told(account, i).rows
    without = counted_value(account.problem, i, [k for k in team if k != j], rows)
    dropped = without - counted_value(account.problem, i, team, rows) + prices.capacity[j]
    return float(max(0.0, dropped, *nets))


def cost_of_veto(account: Account, prices: Prices, i: int, j: int) -> float:
    """Return what it costs that a veto keeps mentor j out of team i. 0 or more."""
    if j in account.teams[i]:
        return 0.0
    account = account.focused(i)
    full = len(account.teams[i]) >= account.problem.arrays.team_sizes[i]
    found = [move for move in moves(account, i, j, told(account, i).rows) if move.leaves is not None or not full]
    nets = [move.gain - prices.capacity[j] + _freed(prices, move.leaves) for move in found]
    return max(0.0, *nets) if nets else 0.0


def _freed(prices: Prices, leaves: int | None) -> float:
    return 0.0 if leaves is None else prices.capacity[leaves]


def _nets(account: Account, prices: Prices, i: int, leaves: int | None) -> NDArray[np.float64]:
    """Return what the cohort would gain if each candidate took a place, shape (C_i,), in order of mentor."""
    problem = account.problem
    own = problem.candidates(i)
    rest: Sequence[int] = [j for j in account.teams[i] if j != leaves]
    rows = told(account, i).rows
    block = problem.gain_block(i)[rows]
    cover = block[:, np.searchsorted(own, rest)].max(axis=1, initial=0.0)
    gains = np.maximum(block - cover[:, None], 0.0).sum(axis=0) + problem.pair_worths(i)
    lost = counted_value(problem, i, rest, rows) - counted_value(problem, i, account.teams[i], rows)
    nets: NDArray[np.float64] = gains + lost - np.array(prices.capacity)[own] + _freed(prices, leaves)
    return nets
