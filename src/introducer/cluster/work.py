"""What workers do: pure functions of a shard and of a little that is sent along.

Whoever holds the shard gives the same answer, so that what is lost can be asked again.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from introducer import certify
from introducer.problem import Limits
from introducer.shard import Shard
from introducer.solve.passes import Scanner
from introducer.solve.room import MOST
from introducer.solve.sweeps import price_pass, sweep
from introducer.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from numpy.typing import NDArray

    from introducer.certify import Look
    from introducer.outcome import Prices
    from introducer.problem import Arrays, Teams

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Lists = tuple[Ints, Ints]

__all__ = ["Held", "alone", "answered", "looked", "nominated", "priced", "stored", "survived", "swept"]

#: A kernel takes all threads of its machine, so a worker runs one at a time.
_ALONE = Lock()


class Held:
    """What a worker keeps of its mentees."""

    def __init__(self, shard: Shard, begin: int) -> None:
        self.shard = Shard(Tables(*map(_own, shard.tables)), Limits(*map(_own, shard.arrays)))
        self.scanner = Scanner(self.shard, begin)


def _own(array: Any) -> Any:
    """Return what came over the network as kernels take it: they are compiled for memory that may be written."""
    return np.require(array, requirements=["C", "W"]) if isinstance(array, np.ndarray) else array


def _placed(count: int, who: Ints, rows: NDArray[Any]) -> NDArray[Any]:
    """Return room for all of a shard, with these rows at their places; nobody reads the others."""
    room = np.empty((count, *rows.shape[1:]), rows.dtype)
    room[who] = rows
    return room


def stored(held: Held, starts: Ints, mentors: Ints) -> Arrays:
    """Store the shortlists of a shard."""
    with _ALONE:
        return held.scanner.stored((_own(starts), _own(mentors)))


def priced(a: Arrays, who: Ints, prices: Floats, quota_prices: Floats, v: Floats) -> tuple[Floats, Ints, Ints, Floats]:
    """Let some of a shard pick at these prices; return their shares, teams, sizes and bounds of priced values."""
    count = len(a.widths)
    v = _placed(count, who, v)
    teams, sizes, values = np.zeros((count, MOST), np.int64), np.zeros(count, np.int64), np.empty(count)
    with _ALONE:
        price_pass(a, _own(who), _own(prices), _own(quota_prices), v, teams, sizes, values)
    return v[who], teams[who], sizes[who], values[who]


def swept(
    a: Arrays,
    who: Ints,
    at: tuple[Floats, Floats, float],
    rows: tuple[Floats, Ints, Ints, Ints],
    counts: Lists,
    turn: int,
) -> tuple[tuple[Floats, Ints, Ints, Ints], tuple[Lists, Lists]]:
    """Let those of a shard who are in a block pick again at the same loads.

    Parameters
    ----------
    a : Arrays
        Of the shard.
    who : (m,) their places in the shard
    at : prices, quota prices, and mu
    rows : their shares, teams, sizes, and for how many picks they have kept them
    counts : loads of mentors, and ties counted towards quotas
    turn : int
        As of ``introducer.solve.sweeps.sweep``.

    Returns
    -------
    rows, changes
        Their next rows; which loads, and which counts of quotas, change, and by how much.
    """
    v, teams, sizes, still = (_placed(len(a.widths), who, array) for array in rows)
    loads, used = (array.copy() for array in counts)
    prices, quota_prices, mu = _own(at[0]), _own(at[1]), at[2]
    with _ALONE:
        sweep(a, _own(who), len(who), prices, quota_prices, mu, v, teams, sizes, loads, used, still, turn)
    return (v[who], teams[who], sizes[who], still[who]), (_change(counts[0], loads), _change(counts[1], used))


def _change(before: Ints, after: Ints) -> Lists:
    where = np.flatnonzero(after != before)
    return where, (after - before)[where]


def nominated(
    held: Held,
    known: Arrays | None,
    at: tuple[Floats, Floats, Floats],
    noise: NDArray[np.float32],
    most: int,
    times: int,
    turn: int,
) -> Lists:
    """Nominate mentors for a shard."""
    prices, quota_prices, v = map(_own, at)
    with _ALONE:
        return held.scanner.nominate((prices, quota_prices, v), _own(noise), most, times, turn, known)


def survived(
    held: Held, a: Arrays, prices: Floats, quota_prices: Floats, v: Floats, values: Floats
) -> tuple[Floats, Lists]:
    """Scan all pairs of a shard; return shares, and the survivors."""
    v = v.copy()
    with _ALONE:
        return v, held.scanner.survivors(a, _own(prices), _own(quota_prices), v, _own(values))


def looked(held: Held, teams: Teams, prices: Prices, bounds: NDArray[np.bool_]) -> Sequence[Look]:
    """Look at each mentee of a shard, as the checker does."""
    with _ALONE:
        return certify.looked(held.shard, teams, prices, bounds=bounds)


def alone(held: Held, whom: NDArray[np.bool_]) -> Floats:
    """Return the value of the best team of each mentee of a shard if nobody else were there."""
    with _ALONE:
        return certify.alone(held.shard, whom=whom)


def answered(function: Callable[..., Any], asked: Mapping[str, tuple[Any, ...]], dask_worker: Any) -> dict[str, Any]:
    """Call a function for those of these shards that this worker holds; Dask hands in the worker."""
    held = dask_worker.data
    return {key: function(held[key], *rest) for key, rest in asked.items() if key in held}
