"""The arrays that every solver reads: shapes, units and order are stated here, once.

The problem in words: give each mentee i a team of at most k_i of the mentors they may be
tied to, so that no mentor has more than u_j or fewer than l_j mentees, and the sum of the
teams' values is largest. The value of a team S is

    f_i(S) = sum_d  max_{j in S} g_ijd  +  sum_{j in S} a_ij

with gains ``g_ijd`` (weight of criterion d times fit of mentor j, equity included) and pair
worths ``a_ij``. The first sum is monotone submodular in S, the second modular. This is
reviewer assignment with topic coverage (WGRAP [1]_) with loads on both sides.

.. [1] Kou N. M. et al., Weighted coverage based reviewer assignment, SIGMOD 2015,
   doi:10.1145/2723372.2723727.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["GRID", "NO_FLOOR", "Arrays", "Limits", "Problem", "Sight", "Teams", "View", "no_floors", "on_grid"]

#: Values are multiples of this, so that sums of fewer than 2**23 of them are exact in float64.
GRID = 2.0**-30

#: The floor of a mentee who has none.
NO_FLOOR = -np.inf

#: One tuple of mentor indices, ascending, for every mentee.
Teams = tuple[tuple[int, ...], ...]


def on_grid(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round to multiples of ``GRID``, ties to even."""
    return np.rint(values / GRID) * GRID


def no_floors(mentees: int) -> NDArray[np.float64]:
    """Return the floors of so many mentees who have none, shape (M,)."""
    return np.full(mentees, NO_FLOOR)


class Arrays(NamedTuple):
    """The numeric part of a problem, for compiled code. Shapes as in ``Problem``."""

    team_sizes: NDArray[np.int64]
    capacities: NDArray[np.int64]
    min_loads: NDArray[np.int64]
    starts: NDArray[np.int64]
    mentors: NDArray[np.int64]
    pairs: NDArray[np.float64]
    widths: NDArray[np.int64]
    gain_starts: NDArray[np.int64]
    gains: NDArray[np.float64]
    institutions: NDArray[np.int64]
    institution_limit: int
    kept: NDArray[np.bool_]
    pinned: NDArray[np.bool_]
    quota_mentors: NDArray[np.int64]
    quota_limits: NDArray[np.int64]
    quota_starts: NDArray[np.int64]
    quota_places: NDArray[np.int64]
    quota_ids: NDArray[np.int64]
    floors: NDArray[np.float64]


class Limits(NamedTuple):
    """Sizes and limits of an instance whose pairs are not stored, as in ``Problem``."""

    team_sizes: NDArray[np.int64]
    capacities: NDArray[np.int64]
    min_loads: NDArray[np.int64]
    institutions: NDArray[np.int64]
    institution_limit: int
    quota_mentors: NDArray[np.int64]
    quota_limits: NDArray[np.int64]
    floors: NDArray[np.float64]


class View(NamedTuple):
    """What holds for the candidates of one mentee, shapes (C,) unless given; as in ``Problem``."""

    mentors: NDArray[np.int64]
    pairs: NDArray[np.float64]
    gains: NDArray[np.float64]  # (A, C)
    kept: NDArray[np.bool_]
    pinned: NDArray[np.bool_]
    quota_places: NDArray[np.int64]  # (R_i,)
    quota_ids: NDArray[np.int64]  # (R_i,)


class Sight(NamedTuple):
    """What C mentors would bring to one mentee, for whoever looks for its best team.

    Attributes
    ----------
    mentors : (C,)
        Ascending.
    net : (C,)
        Pair worth less price; -inf where the pair is refused.
    kinds, near : (F, C) uint16, (F, C) float32
        Kind of the fit of each mentor, and the fit in single precision.
    rows, weights : (A,)
        Which of these rows is that of each criterion, and by what the fit is multiplied.
    gains : (A, V)
        What each kind of fit gains.
    kept : (C,)
        As in ``Problem``.
    pins : (P,)
        Places of the pinned.
    """

    mentors: NDArray[np.int64]
    net: NDArray[np.float64]
    kinds: NDArray[np.uint16]
    near: NDArray[np.float32]
    rows: NDArray[np.int64]
    weights: NDArray[np.float64]
    gains: NDArray[np.float64]
    kept: NDArray[np.bool_]
    pins: NDArray[np.int64]


@dataclass(frozen=True)
class Problem:
    """One instance. M mentees, N mentors, C_i candidates and A_i criteria of mentee i.

    Attributes
    ----------
    arrays : Arrays
        ``team_sizes``
            (M,) k_i, 0 to 5.
        ``capacities``, ``min_loads``
            (N,) u_j and l_j, 0 <= l_j <= u_j.
        ``starts``
            (M + 1,) candidates of mentee i are ``starts[i]:starts[i + 1]``.
        ``mentors``
            (P,) mentor of each candidate, ascending inside a mentee.
        ``pairs``
            (P,) a_ij, on the grid; may be negative.
        ``widths``
            (M,) A_i.
        ``gain_starts``
            (M + 1,) gains of mentee i are ``gains[gain_starts[i]:gain_starts[i + 1]]``, an
            (A_i, C_i) block, row-major.
        ``gains``
            g_ijd >= 0, on the grid.
        ``institutions``
            (N,) number of the mentor's institution, -1 when unknown.
        ``institution_limit``
            Teammates from one institution, at most; 0 is no limit.
        ``kept``
            (P,) whether the candidate may take the seat that the mentee keeps (all True
            when none is kept). At most k_i - 1 others may be in the team.
        ``pinned``
            (P,) whether the candidate must be in the team.
        ``quota_mentors``, ``quota_limits``
            (Q,) at most so many ties of this mentor to the mentees that the quota names.
        ``quota_starts``, ``quota_places``, ``quota_ids``
            (M + 1,), (R,), (R,) which candidates of mentee i (place among its own) count
            towards which quota.
        ``floors``
            (M,) the least that the team of mentee i must be worth, on the grid; ``NO_FLOOR``
            where there is none.
    criteria : tuple of tuple of str
        Keys of the criteria of each mentee (``need:<key>``, ``wish:<key>``), in the order
        of the rows of its block.
    weights : tuple of tuple of float
        Their weights, equity included: a fit of 1 gains so much.
    """

    arrays: Arrays
    criteria: tuple[tuple[str, ...], ...]
    weights: tuple[tuple[float, ...], ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Number of mentees and of mentors."""
        return len(self.arrays.team_sizes), len(self.arrays.capacities)

    def candidates(self, i: int) -> NDArray[np.int64]:
        """Return the mentors that mentee i may be tied to, ascending, shape (C_i,)."""
        a = self.arrays
        return a.mentors[a.starts[i] : a.starts[i + 1]]

    def pair_worths(self, i: int) -> NDArray[np.float64]:
        """Return a_ij of the candidates of mentee i, shape (C_i,)."""
        a = self.arrays
        return a.pairs[a.starts[i] : a.starts[i + 1]]

    def gain_block(self, i: int) -> NDArray[np.float64]:
        """Return g_ijd of mentee i, shape (A_i, C_i)."""
        a = self.arrays
        width, candidates = a.widths[i], a.starts[i + 1] - a.starts[i]
        return a.gains[a.gain_starts[i] : a.gain_starts[i + 1]].reshape(width, candidates)

    def sight(self, i: int, prices: NDArray[np.float64], quota_prices: NDArray[np.float64]) -> Sight:
        """Return what the candidates of mentee i would bring at these prices, shapes (N,) and (Q,)."""
        view = self.view(i)
        net = view.pairs - prices[view.mentors]
        np.subtract.at(net, view.quota_places, quota_prices[view.quota_ids])
        apart = [np.unique(row, return_inverse=True) for row in view.gains]
        gains = np.zeros((len(apart), max((len(own) for own, _kinds in apart), default=1)))
        for row, (own, _kinds) in zip(gains, apart, strict=True):
            row[: len(own)] = own
        return Sight(
            mentors=view.mentors,
            net=net,
            kinds=np.array([kinds for _own, kinds in apart], np.uint16).reshape(len(apart), len(net)),
            near=view.gains.astype(np.float32),
            rows=np.arange(len(apart)),
            weights=np.ones(len(apart)),
            gains=gains,
            kept=view.kept,
            pins=np.flatnonzero(view.pinned),
        )

    def view(self, i: int, among: Sequence[int] | None = None) -> View:  # noqa: ARG002 - all of them are at hand
        """Return what holds for the candidates of mentee i, those among some mentors at least."""
        a = self.arrays
        here, rows = slice(a.starts[i], a.starts[i + 1]), slice(a.quota_starts[i], a.quota_starts[i + 1])
        return View(
            mentors=a.mentors[here],
            pairs=a.pairs[here],
            gains=self.gain_block(i),
            kept=a.kept[here],
            pinned=a.pinned[here],
            quota_places=a.quota_places[rows],
            quota_ids=a.quota_ids[rows],
        )

    def pins(self, i: int) -> NDArray[np.int64]:
        """Return the mentors pinned to mentee i, ascending."""
        a = self.arrays
        return self.candidates(i)[a.pinned[a.starts[i] : a.starts[i + 1]]]

    def value(self, i: int, team: Sequence[int]) -> float:
        """Return f_i of a team of mentors."""
        if not team:
            return 0.0
        places = np.searchsorted(self.candidates(i), team)
        return float(self.gain_block(i)[:, places].max(axis=1).sum() + self.pair_worths(i)[places].sum())

    def loads(self, teams: Teams) -> NDArray[np.int64]:
        """Return the number of mentees of each mentor, shape (N,)."""
        return np.bincount([j for team in teams for j in team], minlength=self.shape[1]).astype(np.int64)
