"""Blocking pairs: two people who would rather have each other, where both said so.

Teams are for the whole cohort; nothing makes them stable, and often no outcome is both. So this
is reported and not enforced.

A mentee i and a mentor j **block** an outcome if they are not tied and (pairwise stability of
many-to-many matchings [2]_, after Gale and Shapley [1]_):

1. each of them ranked the other (``prefer`` in ``ties.csv``, by both);
2. i has a seat left in the team, or has a mentor whom i ranked lower than j, or did not rank;
3. j has a seat left, or a mentee whom j ranked lower than i, or did not rank;
4. the rules allow it: the pair is not refused, and with j in and who leaves out no limit of the
   team, no quota, no pin and no lower load is broken. A pair that a rule keeps apart blocks nothing.

The first mentor or mentee who could leave is the one ranked lowest.

.. [1] Gale D., Shapley L. S., College admissions and the stability of marriage, American
   Mathematical Monthly 69 (1962) 9-15.
.. [2] Roth A. E., Stability and polarization of interests in job matching, Econometrica 52
   (1984) 47-57.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from introducer.explain.moves import moves

if TYPE_CHECKING:
    from collections.abc import Mapping

    from introducer.explain import Account
    from introducer.explain.moves import Move

    Pair = tuple[int, int]

__all__ = ["Blocking", "Stability", "stability"]


@dataclass(frozen=True, slots=True)
class Blocking:
    """A blocking pair.

    Attributes
    ----------
    mentee, mentor : int
        Indices in the roster.
    ranks : tuple of int
        The mentee's rank of the mentor, and the mentor's of the mentee.
    leaves_team : int or None
        The mentor who would leave the mentee's team; None: there is a seat left.
    leaves_mentor : int or None
        The mentee who would leave the mentor; None: there is a seat left.
    """

    mentee: int
    mentor: int
    ranks: tuple[int, int]
    leaves_team: int | None
    leaves_mentor: int | None


@dataclass(frozen=True)
class Stability:
    """What both sides ranked, and where that blocks.

    Attributes
    ----------
    mutual : int
        Pairs in which each ranked the other.
    tied : int
        Those of them that are tied.
    blocking : tuple of Blocking
        The best ranked first (sum of both ranks), equals by index.
    """

    mutual: int
    tied: int
    blocking: tuple[Blocking, ...]


def stability(account: Account) -> Stability:
    """Return the blocking pairs of an outcome.

    Parameters
    ----------
    account : Account
        Of the outcome; see ``introducer.verify.reopen``.
    """
    ranks: dict[str, dict[Pair, int]] = {"mentee": {}, "mentor": {}}
    for i, j, tie in account.roster.pairs("prefer"):
        told = ranks[tie.by]
        told[i, j] = min(tie.rank, told.get((i, j), tie.rank))
    mutual = sorted(ranks["mentee"].keys() & ranks["mentor"].keys())
    apart = [(i, j) for i, j in mutual if j not in account.teams[i]]
    found = [
        blocking
        for i, j in apart
        if not account.refused.code(i, j)
        and (blocking := _blocking(account, i, j, ranks["mentee"], ranks["mentor"])) is not None
    ]
    found.sort(key=lambda pair: (sum(pair.ranks), pair.mentee, pair.mentor))
    return Stability(len(mutual), len(mutual) - len(apart), tuple(found))


def _blocking(
    account: Account, i: int, j: int, by_mentee: Mapping[Pair, int], by_mentor: Mapping[Pair, int]
) -> Blocking | None:
    view = account.focused(i)
    worse = [t for t in account.teams[i] if by_mentee.get((i, t), inf) > by_mentee[i, j]]
    worse.sort(key=lambda t: (-by_mentee.get((i, t), inf), t))
    lower = [k for k, team in enumerate(account.teams) if j in team and by_mentor.get((k, j), inf) > by_mentor[i, j]]
    lower.sort(key=lambda k: (-by_mentor.get((k, j), inf), k))
    full = account.loads[j] >= account.market.arrays.capacities[j]
    leavers: list[int | None] = [] if full else [None]
    leavers += [k for k in lower if j not in account.problem.pins(k)]
    ways = {move.leaves: move for move in moves(view, i, j, np.ones(len(view.problem.criteria[i]), np.bool_))}
    for place in (None, *worse):
        for leaver in leavers:
            if place in ways and not _stops(view, i, ways[place], leaver):
                return Blocking(i, j, (by_mentee[i, j], by_mentor[i, j]), place, leaver)
    return None


def _stops(view: Account, i: int, move: Move, leaver: int | None) -> set[str]:
    """Return what stands in the way of a move if somebody leaves the mentor for it."""
    stops = set(move.stops)
    if leaver is not None:
        freed = _quotas(view, leaver, move.joins)
        spent = [
            view.used[g] - (g in freed) >= view.market.arrays.quota_limits[g] for g in _quotas(view, i, move.joins)
        ]
        stops -= {"seat", *(() if any(spent) else ("quota",))}
    return stops


def _quotas(view: Account, i: int, j: int) -> list[int]:
    """Return the quotas that a pair counts towards."""
    own = view.problem.view(i)
    return list(map(int, own.quota_ids[own.mentors[own.quota_places] == j]))
