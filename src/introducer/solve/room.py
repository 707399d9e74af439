"""Memory that the search for one mentee's team works in: made once, for many mentees."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["MOST", "Room", "make_room"]

#: Largest team.
MOST = 5


class Room(NamedTuple):
    """Memory that the search works in, for the widest mentee of a problem.

    What is of many candidates stands side by side: the compiler adds several at a time.
    """

    cost: NDArray[np.float64]  # (C,) what each candidate costs; the caller writes it
    left: NDArray[np.int64]  # (C,) candidates not dropped yet
    net: NDArray[np.float64]  # (C,) pair worth less cost of those
    gain: NDArray[np.float64]  # (A, C) gains of those, once some were dropped or pinned
    s: NDArray[np.float64]  # (C,) reduced worth of those
    u: NDArray[np.float64]  # (A,)
    slope: NDArray[np.float64]  # (A,) subgradient of the bound in u
    top: NDArray[np.int64]  # places in ``left``, largest s first
    order: NDArray[np.int64]  # (C,) places in ``left`` by falling s
    sorted_gain: NDArray[np.float64]  # (A, C) in that order
    sorted_net: NDArray[np.float64]  # (C,)
    more: NDArray[np.float64]  # (levels, C) what each would add on a level of the search
    largest: NDArray[np.float64]  # (MOST,) of those
    others: NDArray[np.float64]  # (levels,) what can come on top of one of them
    could: NDArray[np.float64]  # (levels, C + 1) what a team could be worth with those from each place on
    paid: NDArray[np.float64]  # (levels,) what the team of a level costs
    owed: NDArray[np.float64]  # (C,) costs while others are tried
    sorted_cost: NDArray[np.float64]  # (C,)
    trial: NDArray[np.int64]  # a team that is tried
    found: NDArray[np.int64]  # the best one so far
    cov: NDArray[np.float64]  # (levels, A) coverage on each level of the search
    chosen: NDArray[np.int64]  # team of the present node
    worth: NDArray[np.float64]  # (levels,) and its value
    reach: NDArray[np.float64]  # (levels,) what bounds it, without those to come
    place: NDArray[np.int64]  # (levels,) next candidate to try


@njit(cache=True, nogil=True)
def make_room(candidates, criteria):
    """Return room for mentees of at most so many candidates and criteria."""
    levels = MOST + 1
    return Room(
        np.empty(candidates),
        np.empty(candidates, np.int64),
        np.empty(candidates),
        np.empty((criteria, candidates)),
        np.empty(candidates),
        np.empty(criteria),
        np.empty(criteria),
        np.empty(MOST, np.int64),
        np.empty(candidates, np.int64),
        np.empty((criteria, candidates)),
        np.empty(candidates),
        np.empty((levels, candidates)),
        np.empty(MOST),
        np.empty(levels),
        np.empty((levels, candidates + 1)),
        np.empty(levels),
        np.empty(candidates),
        np.empty(candidates),
        np.empty(MOST, np.int64),
        np.empty(MOST, np.int64),
        np.empty((levels, criteria)),
        np.empty(levels, np.int64),
        np.empty(levels),
        np.empty(levels),
        np.empty(levels, np.int64),
    )
