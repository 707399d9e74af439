"""Passes over the mentees on many machines, by Dask [1]_: the same bytes as on one.

1. **Shards.** The mentees are cut into as many runs as there are workers. A worker makes its
   shard from the small tables of its mentees (``introducer.shard``), and keeps it.
2. **Shortlists.** For each shard what holds for the pairs of its shortlists is stored, and kept.
3. **A pass** is a pure function: of a shard, of prices, and of the shares of those who pick, to
   their teams and next shares. The coordinator cuts the arrays and puts together what comes
   back: a mentee is looked at by itself, so it is what one machine finds.
4. **A sweep** goes block by block. All in a block pick at the same loads; the shards tell by how
   much these change, whole numbers whose sum is the same in any order, and the next block
   follows.
5. **Nominations, proofs and the certificate** are passes too.
6. **Repair, master and dive** look at everybody at once. They stay with the coordinator, who
   stores the shortlists beside.
7. **A worker is lost.** Nothing was there only: shard and shortlists are made again, by who is
   left, from what their tasks were given, and what was asked is asked again [2]_.

.. [1] Rocklin M., Dask: parallel computation with blocked algorithms and task scheduling, Proc.
   14th Python in Science Conf. (2015) 126-132.
.. [2] Zaharia M. et al., Resilient distributed datasets: a fault-tolerant abstraction for
   in-memory cluster computing, NSDI (2012) 15-28: what is lost is made again from its lineage.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import itertools
from contextlib import ExitStack, contextmanager
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from introducer import certify
from introducer.cross import starts_of
from introducer.errors import Unreachable
from introducer.fill import Tables
from introducer.problem import Limits
from introducer.shard import Shard, part
from introducer.solve.passes import HERE, Scanner
from introducer.solve.scan import STRIDE
from introducer.solve.teams import MOST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from numpy.typing import NDArray

    from introducer.certify import Instance, Look
    from introducer.fit import Market
    from introducer.outcome import Prices
    from introducer.problem import Arrays, Teams

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Lists = tuple[Ints, Ints]

__all__ = ["Cluster", "Spread", "connected"]

#: Seconds in which a scheduler has to answer, and to have a worker.
PATIENCE = 10
#: A larger block of a sweep is planned as tasks. To plan them takes about 15 ms, to call whoever holds a shard 3 ms.
PLANNED = 10_000
#: What computes has to be the same everywhere, for the bytes to be.
_SAME = ("introducer", "numba", "numpy")
#: Tables of a shard are sent inside their task on purpose, so that it can be made again: no warning.
QUIET = {"distributed.admin.large-graph-warning-threshold": "1TB"}
#: A kernel takes all threads of its machine, so a worker runs one at a time.
_ALONE = Lock()


class Held:
    """What a worker keeps of its mentees."""

    def __init__(self, shard: Shard) -> None:
        self.shard = Shard(Tables(*map(_own, shard.tables)), Limits(*map(_own, shard.arrays)))
        self.scanner = Scanner(self.shard)


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
        HERE.price(a, _own(who), _own(prices), _own(quota_prices), v, teams, sizes, values)
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
    prices, quota_prices, mu = at
    with _ALONE:
        HERE.sweep(
            a, _own(who), len(who), _own(prices), _own(quota_prices), mu, v, teams, sizes, loads, used, still, turn
        )
    return (v[who], teams[who], sizes[who], still[who]), (_change(counts[0], loads), _change(counts[1], used))


def _change(before: Ints, after: Ints) -> Lists:
    where = np.flatnonzero(after != before)
    return where, (after - before)[where]


def nominated(
    held: Held,
    prices: Floats,
    quota_prices: Floats,
    v: Floats,
    noise: NDArray[np.float32],
    most: int,
    musts: Lists,
    width: int,
) -> Lists:
    """Nominate mentors for a shard; return the number for each mentee, and the mentors, shape (m, width)."""
    count = len(v)
    sizes, out = np.empty(count, np.int64), np.empty((count, width), np.int64)
    at = _own(prices), _own(quota_prices), _own(v), _own(noise)
    with _ALONE:
        held.scanner.nominate(*at, most, _own(musts[0]), _own(musts[1]), sizes, out)
    return sizes, out


def survived(
    held: Held, a: Arrays, prices: Floats, quota_prices: Floats, v: Floats, values: Floats
) -> tuple[Floats, Ints, Ints]:
    """Scan all pairs of a shard; return shares, where each mentee's survivors begin, and the survivors."""
    v = v.copy()
    with _ALONE:
        starts, found = held.scanner.survivors(a, _own(prices), _own(quota_prices), v, _own(values))
    return v, starts, found


def looked(held: Held, teams: Teams, prices: Prices, bounds: bool) -> Sequence[Look]:
    """Look at each mentee of a shard, as the checker does."""
    with _ALONE:
        return certify.looked(held.shard, teams, prices, bounds=bounds)


def alone(held: Held) -> Floats:
    """Return the value of the best team of each mentee of a shard if nobody else were there."""
    with _ALONE:
        return certify.alone(held.shard)


def answered(function: Callable[..., Any], asked: Mapping[str, tuple[Any, ...]], dask_worker: Any) -> dict[str, Any]:
    """Call a function for those of these shards that this worker holds; Dask hands in the worker."""
    held = dask_worker.data
    return {key: function(held[key], *rest) for key, rest in asked.items() if key in held}


class Spread:
    """The mentees of a market, spread over a cluster: passes, scans, and the looks of the checker.

    Parameters
    ----------
    dask : distributed.Client
        Where to compute.
    market : Market
    count : int
        Number of shards; the result is the same for any.
    """

    def __init__(self, dask: Any, market: Market, count: int) -> None:
        self._dask = dask
        self._market = market
        cuts = [market.shape[0] * z // count for z in range(count + 1)]
        self._runs = [slice(low, high) for low, high in itertools.pairwise(cuts)]
        self._held = self._sent(Held, [(part(market, run.start, run.stop),) for run in self._runs])
        self._arrays: list[Any] = []

    def stored(self, lists: Lists) -> Arrays:
        """Store the shortlists, in the shards and here."""
        calls = [(held, *_own_run(lists, run)) for held, run in zip(self._held, self._runs, strict=True)]
        self._arrays = self._sent(stored, calls)
        return self._market.stored(lists)

    def price(
        self,
        _a: Arrays,
        who: Ints,
        prices: Floats,
        quota_prices: Floats,
        v: Floats,
        teams: Ints,
        sizes: Ints,
        values: Floats,
    ) -> None:
        """Let mentees pick at these prices, each shard its own."""
        asked = self._split(who)
        calls = [(self._arrays[z], own - low, prices, quota_prices, v[own]) for z, low, own in asked]
        for (_z, _low, own), answer in zip(asked, self._told(priced, calls), strict=True):
            v[own], teams[own], sizes[own], values[own] = answer

    def sweep(
        self,
        _a: Arrays,
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
        """Let every mentee pick again, block after block, each shard those of its own."""
        for start in range(0, len(order), block):
            asked = self._split(order[start : start + block])
            calls = [
                (
                    self._arrays[z],
                    own - low,
                    (prices, quota_prices, mu),
                    (v[own], teams[own], sizes[own], still[own]),
                    (loads, used),
                    # Whose turn it is goes by the number in the whole.
                    turn if turn < 0 else turn + low,
                )
                for z, low, own in asked
            ]
            answers = (self._told if block > PLANNED else self._told_at_once)(swept, calls)
            for (_z, _low, own), (rows, changes) in zip(asked, answers, strict=True):
                v[own], teams[own], sizes[own], still[own] = rows
                for counts, (where, by) in zip((loads, used), changes, strict=True):
                    counts[where] += by

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
        count, width = self._market.shape[1], out.shape[1]
        calls = []
        for held, run in zip(self._held, self._runs, strict=True):
            # A shard counts its mentees from 0, and noise has a place of its own for each.
            own = np.roll(noise[:count], -(run.start * STRIDE % count))
            musts = _own_run((must_starts, must), run)
            calls.append((held, prices, quota_prices, v[run], np.tile(own, 2), most, musts, width))
        for run, answer in zip(self._runs, self._told(nominated, calls), strict=True):
            sizes[run], out[run] = answer

    def survivors(self, _a: Arrays, prices: Floats, quota_prices: Floats, v: Floats, values: Floats) -> Lists:
        """Return the mentors outside the shortlists who are not ruled out."""
        calls = [
            (held, arrays, prices, quota_prices, v[run], values[run])
            for held, arrays, run in zip(self._held, self._arrays, self._runs, strict=True)
        ]
        counts, found = [], []
        for run, (shares, starts, mentors) in zip(self._runs, self._told(survived, calls), strict=True):
            v[run] = shares
            counts.append(np.diff(starts))
            found.append(mentors)
        return starts_of(np.concatenate(counts)), np.concatenate(found)

    def looked(self, _instance: Instance, teams: Teams, prices: Prices, *, bounds: bool) -> list[Look]:
        """Look at every mentee, as the checker does."""
        calls = [(held, teams[run], prices, bounds) for held, run in zip(self._held, self._runs, strict=True)]
        return list(itertools.chain.from_iterable(self._told(looked, calls)))

    def alone(self, _instance: Instance) -> Floats:
        """Return the value of every mentee's best team if nobody else were in the cohort, shape (M,)."""
        return np.concatenate(self._told(alone, [(held,) for held in self._held]))

    def _split(self, who: Ints) -> list[tuple[int, int, Ints]]:
        """Return the shards that some of these mentees are in: number, first mentee, and who."""
        parts = [(z, run.start, who[(who >= run.start) & (who < run.stop)]) for z, run in enumerate(self._runs)]
        return [(z, low, own) for z, low, own in parts if len(own)]

    def _sent(self, function: Callable[..., Any], calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Let workers call a function with each of these; return what will be there, and can be made again."""
        with _whole():
            futures: list[Any] = self._dask.map(function, *zip(*calls, strict=True), pure=False)
        return futures

    def _told(self, function: Callable[..., Any], calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Return what workers answer to each of these calls."""
        with _whole():
            answers: list[Any] = self._dask.gather(self._sent(function, calls))
        return answers

    def _told_at_once(self, function: Callable[..., Any], calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Return the same without a plan: whoever holds a shard answers. What nobody answers is planned."""
        asked = {shard.key: tuple(rest) for shard, *rest in calls}
        with _whole():
            each = self._dask.run(answered, function, asked, on_error="return").values()
        answers = {key: answer for one in each if isinstance(one, dict) for key, answer in one.items()}
        missing = [call for call in calls if call[0].key not in answers]
        if missing:
            answers |= zip([call[0].key for call in missing], self._told(function, missing), strict=True)
        return [answers[shard.key] for shard, *_rest in calls]


def _own_run(lists: Lists, run: slice) -> Lists:
    """Return the lists of a run of mentees."""
    starts = lists[0][run.start : run.stop + 1]
    return starts - starts[0], lists[1][starts[0] : starts[-1]]


@contextmanager
def _whole() -> Iterator[None]:
    """Say that the cluster was lost, where it was."""
    distributed = importlib.import_module("distributed")
    broken = (distributed.scheduler.KilledWorker, distributed.CancelledError, OSError)
    try:
        yield
    except broken as error:
        raise Unreachable(f"The cluster was lost in the middle: {error or type(error).__name__}") from error


class Cluster:
    """A cluster that answers."""

    def __init__(self, dask: Any) -> None:
        self._dask = dask

    def over(self, market: Market) -> Spread:
        """Spread a market over the workers there are, a shard for each."""
        with _whole():
            workers = len(self._dask.ncores())
        return Spread(self._dask, market, max(1, workers))


@contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """Connect to a Dask scheduler that has workers with the versions of this machine.

    Raises
    ------
    Unreachable
        Where the extra ``cluster`` is not installed, nothing answers, there is no worker, or a
        worker has other versions.
    """
    try:
        distributed = importlib.import_module("distributed")
    except ImportError as error:
        raise Unreachable(
            "Dask is not installed here. Install the extra: pip install 'introducer[cluster]'."
        ) from error
    with ExitStack() as stack:
        try:
            dask = stack.enter_context(distributed.Client(address, timeout=PATIENCE, set_as_default=False))
        except (OSError, ValueError) as error:
            raise Unreachable(f"No Dask scheduler answers at {address!r} within {PATIENCE} seconds.") from error
        try:
            dask.wait_for_workers(1, timeout=PATIENCE)
        except OSError as error:
            raise Unreachable(f"The scheduler at {address} has no worker.") from error
        told = _other_versions(dask)
        if told:
            raise Unreachable("\n".join(told))
        stack.enter_context(importlib.import_module("dask").config.set(QUIET))
        yield Cluster(dask)


def _other_versions(dask: Any) -> list[str]:
    """Return a sentence for each worker and package whose version is another than here."""
    told = []
    for name in _SAME:
        here = importlib.metadata.version(name)
        for worker, there in sorted(dask.run(importlib.metadata.version, name, on_error="return").items()):
            if isinstance(there, Exception):
                told.append(f"The worker {worker} has no {name}; install {name} {here} there.")
            elif there != here:
                told.append(f"The worker {worker} has {name} {there}, and {here} is here: the bytes could differ.")
    return told
