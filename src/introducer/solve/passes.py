"""What runs over all mentees, behind one seam: in this process, or wherever else a ``Passes`` lets it run.

Whoever carries a pass out writes the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from introducer.runs import starts_of
from introducer.solve.nominate import nominate
from introducer.solve.scan import count_survivors, list_survivors, singles
from introducer.solve.sweeps import price_pass, sweep

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from introducer.problem import Arrays
    from introducer.shard import Shard
    from introducer.solve.state import State

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Lists = tuple[Ints, Ints]
    At = tuple[Floats, Floats, Floats]

__all__ = ["HERE", "Here", "Passes", "Scanner", "Scans"]


class Passes(Protocol):
    """Passes over the mentees of a problem that is stored."""

    def price(self, state: State, who: Ints, prices: Floats, quota_prices: Floats) -> None:
        """Let these mentees, each once, pick at these prices; write shares, teams, sizes and values of the state."""
        ...

    def sweep(self, state: State, block: int, mu: float, loads: Ints, used: Ints, still: Ints, turn: int) -> None:
        """Let every mentee pick again; write shares, teams and sizes of the state, loads, used and still.

        Parameters as of ``introducer.solve.sweeps.sweep``.
        """
        ...


class Scans(Passes, Protocol):
    """Passes on the shortlists of a market, and scans of all its pairs.

    Lists are a tuple: where each mentee's begin, shape (M + 1,), and mentors, ascending for each mentee.
    """

    def stored(self, lists: Lists) -> Arrays:
        """Return what holds for the pairs of these shortlists; passes from here on are passes over them."""
        ...

    def nominate(
        self, at: At, noise: NDArray[np.float32], most: int, times: int, turn: int, known: Arrays | None = None
    ) -> Lists:
        """Return the allowed mentors of the largest s for each mentee.

        Parameters
        ----------
        at : tuple of ndarray
            Prices, prices of quotas, and shares.
        noise, most, times, turn : as of ``introducer.solve.scan.nominate``
        known : what was stored last, whose mentors each mentee looks at in any turn
        """
        ...

    def survivors(self, a: Arrays, prices: Floats, quota_prices: Floats, v: Floats, values: Floats) -> Lists:
        """Return the mentors outside the shortlists who are not ruled out.

        Parameters as of ``introducer.solve.scan.count_survivors``; ``v`` is written.
        """
        ...


class Here:
    """Passes in this process."""

    def price(self, state: State, who: Ints, prices: Floats, quota_prices: Floats) -> None:
        """Let these mentees pick."""
        price_pass(state.a, who, prices, quota_prices, state.v, state.teams, state.sizes, state.values)

    def sweep(self, state: State, block: int, mu: float, loads: Ints, used: Ints, still: Ints, turn: int) -> None:
        """Let every mentee pick again."""
        at = state.prices, state.quota_prices, mu
        sweep(state.a, state.order, block, *at, state.v, state.teams, state.sizes, loads, used, still, turn)


#: Needs to know nothing of the problem.
HERE = Here()


class Scanner(Here):
    """Passes and scans of a market, or of a shard of one, in this process."""

    def __init__(self, shard: Shard, begin: int = 0) -> None:
        """Scan a market, or the shard of it that begins with a mentee of that number."""
        self._shard = shard
        self._begin = begin
        self._singles = singles(shard.tables)

    def stored(self, lists: Lists) -> Arrays:
        """Return what holds for the pairs of these shortlists."""
        return self._shard.stored(lists)

    def nominate(
        self, at: At, noise: NDArray[np.float32], most: int, times: int, turn: int, known: Arrays | None = None
    ) -> Lists:
        """Return the allowed mentors of the largest s for each mentee."""
        count = self._shard.shape[0]
        if known is None:
            known = self._shard.stored((np.zeros(count + 1, np.int64), np.zeros(0, np.int64)))
        sizes, out = np.empty(count, np.int64), np.empty((count, most), np.int64)
        nominate(self._shard.tables, self._singles, known, self._begin, *at, noise, most, times, turn, sizes, out)
        return starts_of(sizes), out[np.arange(most)[None, :] < sizes[:, None]]

    def survivors(self, a: Arrays, prices: Floats, quota_prices: Floats, v: Floats, values: Floats) -> Lists:
        """Return the mentors outside the shortlists who are not ruled out."""
        counts, tops = np.empty(len(values), np.int64), np.empty(len(values))
        given = self._shard.tables, a, self._singles, prices, quota_prices, v
        count_survivors(*given, values, counts, tops)
        starts = starts_of(counts)
        found = np.empty(starts[-1], np.int64)
        list_survivors(*given, tops, starts, found)
        return starts, found
