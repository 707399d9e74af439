"""What runs over all mentees, behind one seam: in this process, or wherever else a ``Passes`` lets it run.

Each verb writes into the arrays that it is given, as the kernel of its name does. Whoever
carries it out writes the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from introducer.cross import starts_of
from introducer.solve.scan import count_survivors, list_survivors, nominate, singles
from introducer.solve.sweeps import price_pass, sweep

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from introducer.problem import Arrays
    from introducer.shard import Shard

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["HERE", "Here", "Passes", "Scanner", "Scans"]


class Passes(Protocol):
    """Passes over the mentees of a problem that is stored."""

    def price(
        self,
        a: Arrays,
        who: Ints,
        prices: Floats,
        quota_prices: Floats,
        v: Floats,
        teams: Ints,
        sizes: Ints,
        values: Floats,
    ) -> None:
        """See ``introducer.solve.sweeps.price_pass``."""
        ...

    def sweep(
        self,
        a: Arrays,
        order: Ints,
        block: int,
        prices: Floats,
        quota_prices: Floats,
        mu: float,
        v: Floats,
        teams: Ints,
        sizes: Ints,
        loads: Ints,
        used: Ints,
        still: Ints,
        turn: int,
    ) -> None:
        """See ``introducer.solve.sweeps.sweep``."""
        ...


class Scans(Passes, Protocol):
    """Passes on the shortlists of a market, and scans of all its pairs."""

    def stored(self, lists: tuple[Ints, Ints]) -> Arrays:
        """Return what holds for the pairs of these shortlists; passes from here on are passes over them."""
        ...

    def nominate(
        self,
        prices: Floats,
        quota_prices: Floats,
        v: Floats,
        noise: NDArray[np.float32],
        most: int,
        must_starts: Ints,
        must: Ints,
        sizes: Ints,
        out: Ints,
    ) -> None:
        """See ``introducer.solve.scan.nominate``."""
        ...

    def survivors(
        self, a: Arrays, prices: Floats, quota_prices: Floats, v: Floats, values: Floats
    ) -> tuple[Ints, Ints]:
        """Return the mentors outside the shortlists who are not ruled out: where each mentee's begin, and who.

        Parameters as of ``introducer.solve.scan.count_survivors``; ``v`` is written.
        """
        ...


class Here:
    """Passes in this process."""

    price = staticmethod(price_pass)
    sweep = staticmethod(sweep)


#: Needs to know nothing of the problem.
HERE = Here()


class Scanner(Here):
    """Passes and scans of a market, or of a shard of one, in this process."""

    def __init__(self, shard: Shard) -> None:
        self._shard = shard
        self._singles = singles(shard.tables)

    def stored(self, lists: tuple[Ints, Ints]) -> Arrays:
        """Return what holds for the pairs of these shortlists."""
        return self._shard.stored(lists)

    def nominate(
        self,
        prices: Floats,
        quota_prices: Floats,
        v: Floats,
        noise: NDArray[np.float32],
        most: int,
        must_starts: Ints,
        must: Ints,
        sizes: Ints,
        out: Ints,
    ) -> None:
        """Write the allowed mentors of the largest s for each mentee."""
        at = self._shard.tables, self._singles, prices, quota_prices, v
        nominate(*at, noise, most, must_starts, must, sizes, out)

    def survivors(
        self, a: Arrays, prices: Floats, quota_prices: Floats, v: Floats, values: Floats
    ) -> tuple[Ints, Ints]:
        """Return the mentors outside the shortlists who are not ruled out."""
        counts, tops = np.empty(len(values), np.int64), np.empty(len(values))
        given = self._shard.tables, a, self._singles, prices, quota_prices, v
        count_survivors(*given, values, counts, tops)
        starts = starts_of(counts)
        found = np.empty(starts[-1], np.int64)
        list_survivors(*given, tops, starts, found)
        return starts, found
