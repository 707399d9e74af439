"""What one change of a team would be worth, and what stands in its way.

A move puts one mentor into one team: as one more, or in the place of a teammate. All other
teams stay as they are, so that its gain is what the whole cohort would gain, exactly; it is
read from a problem in which nothing but the refusal of that pair is lifted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from introducer import fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from introducer.explain.reasons import Account
    from introducer.problem import Problem

    Mask = NDArray[np.bool_]
    Floats = NDArray[np.float64]

__all__ = ["MOST", "Move", "best_instead", "best_more", "codes", "counted_value", "moves"]

#: Largest team that a policy may ask for.
MOST = 5


@dataclass(frozen=True, slots=True)
class Move:
    """One mentor joins a team.

    Attributes
    ----------
    joins : int
        Index of the mentor.
    leaves : int or None
        Whose place they take; None: they are one more.
    gain : float
        Value of the team after the move minus before, over the criteria that are counted.
    stops : tuple of str
        What stands in the way: refusal codes in their order, then ``institution`` (of a
        teammate), ``quota`` (used up), ``kept_seat``, ``team_size``, ``seat`` (the mentor is
        full), ``pin`` and ``lower_load`` (of the one who would leave). If all of it changed
        and nothing else, the move could be made.
    """

    joins: int
    leaves: int | None
    gain: float
    stops: tuple[str, ...]


def codes(account: Account, i: int, j: int) -> tuple[str, ...]:
    """Return every refusal code that applies to a pair, in the order of ``CODES``; the first is the pair's own."""
    return account.refused.every(i, j)


def counted_value(problem: Problem, i: int, team: Sequence[int], rows: Mask) -> float:
    """Return the value of a team over some of the mentee's criteria, shape of ``rows`` (A_i,), and the pairs' own."""
    places = np.searchsorted(problem.candidates(i), team)
    cover = problem.gain_block(i)[rows][:, places].max(axis=1, initial=0.0)
    return float(cover.sum() + problem.pair_worths(i)[places].sum())


def moves(account: Account, i: int, j: int, rows: Mask) -> tuple[Move, ...]:
    """Return every move by which a mentor could come into a team: in each teammate's place, then as one more.

    Parameters
    ----------
    j : int
        A mentor who is not in the team; may be refused.
    rows : ndarray of bool, shape (A_i,)
        The criteria that are counted.
    """
    refused = codes(account, i, j)
    problem = _opened(account, i, j) if refused else account.problem
    team = account.teams[i]
    before = counted_value(problem, i, team, rows)
    places: list[int | None] = [*team]
    if len(team) < MOST:
        places.append(None)
    found = []
    for leaves in places:
        after = _after(team, j, leaves)
        gain = counted_value(problem, i, after, rows) - before
        found.append(Move(j, leaves, gain, _stops(account, problem, i, j, leaves, refused)))
    return tuple(found)


def best_instead(account: Account, i: int, leaves: int, rows: Mask) -> Move | None:
    """Return the move that would be best in the place of a teammate; None where nobody else is eligible."""
    return _best(account, i, leaves, rows)


def best_more(account: Account, i: int, rows: Mask) -> Move | None:
    """Return the move that would be best as one more; None where nobody else is eligible or no team is larger."""
    return None if len(account.teams[i]) >= MOST else _best(account, i, None, rows)


def _best(account: Account, i: int, leaves: int | None, rows: Mask) -> Move | None:
    """Return the move of the largest gain (equals: the lower index), whatever stops it but a quota.

    A quota that is used up counts as a refusal of the pair: to name it would tell of a wish.
    """
    problem, team = account.problem, account.teams[i]
    own = problem.candidates(i)
    rest = [j for j in team if j != leaves]
    free = ~np.isin(own, team) & ~_spent(account, problem, i)
    if not free.any():
        return None
    block = problem.gain_block(i)[rows]
    cover = block[:, np.searchsorted(own, rest)].max(axis=1, initial=0.0)
    gains = np.maximum(block - cover[:, None], 0.0).sum(axis=0) + problem.pair_worths(i)
    place = int(np.where(free, gains, -np.inf).argmax())
    joins = int(own[place])
    gain = float(gains[place]) + counted_value(problem, i, rest, rows) - counted_value(problem, i, team, rows)
    return Move(joins, leaves, gain, _stops(account, problem, i, joins, leaves, ()))


def _after(team: Sequence[int], joins: int, leaves: int | None) -> list[int]:
    return sorted([*(j for j in team if j != leaves), joins])


def _opened(account: Account, i: int, j: int) -> Problem:
    """Return the problem in which one pair is not refused."""
    refused = account.refused.lifted(i, j)
    return account.focused(i, fit.market(account.roster, account.policy, refused, account.worths.previous)).problem


def _spent(account: Account, problem: Problem, i: int) -> Mask:
    """Tell which candidates count towards a quota that is used up, shape (C_i,)."""
    a = problem.arrays
    rows = slice(a.quota_starts[i], a.quota_starts[i + 1])
    spent = account.used[a.quota_ids[rows]] >= a.quota_limits[a.quota_ids[rows]]
    mask = np.zeros(len(problem.candidates(i)), np.bool_)
    mask[a.quota_places[rows][spent]] = True
    return mask


def _stops(
    account: Account, problem: Problem, i: int, joins: int, leaves: int | None, refused: tuple[str, ...]
) -> tuple[str, ...]:
    a = problem.arrays
    after = _after(account.teams[i], joins, leaves)
    size = max(int(a.team_sizes[i]), len(after))
    places = np.searchsorted(problem.candidates(i), after)
    home = a.institutions[joins]
    mates = int((a.institutions[after] == home).sum())
    others = int((~a.kept[a.starts[i] : a.starts[i + 1]][places]).sum())
    stops = {
        "institution": 0 < a.institution_limit < mates and home >= 0,
        "quota": bool(_spent(account, problem, i)[np.searchsorted(problem.candidates(i), joins)]),
        "kept_seat": others >= size,
        "team_size": len(after) > a.team_sizes[i],
        "seat": account.loads[joins] >= a.capacities[joins],
        "pin": leaves is not None and leaves in problem.pins(i),
        "lower_load": leaves is not None and account.loads[leaves] <= a.min_loads[leaves],
    }
    return (*refused, *(name for name, stands in stops.items() if stands and name not in refused))
