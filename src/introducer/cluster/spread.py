"""A market spread over workers: each pass is cut into what the shards do, and put together again."""

from __future__ import annotations

import importlib
import itertools
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from introducer.cluster import work
from introducer.errors import Unreachable
from introducer.runs import starts_of
from introducer.shard import part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from numpy.typing import NDArray

    from introducer.certify import Instance, Look
    from introducer.fit import Market
    from introducer.outcome import Prices
    from introducer.problem import Arrays, Teams
    from introducer.solve.state import State

    Floats = NDArray[np.float64]
    Whom = bool | NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Lists = tuple[Ints, Ints]

__all__ = ["Spread", "whole"]

#: A larger block of a sweep is planned as tasks: 15 ms and more. To call whoever holds a shard takes 3 to 7 ms.
PLANNED = 10_000


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
        self._held = self._sent(work.Held, [(part(market, run.start, run.stop), run.start) for run in self._runs])
        self._arrays: list[Any] = []

    def stored(self, lists: Lists) -> Arrays:
        """Store the shortlists, in the shards and here."""
        calls = [(held, *_own_run(lists, run)) for held, run in zip(self._held, self._runs, strict=True)]
        self._arrays = self._sent(work.stored, calls)
        return self._market.stored(lists)

    def price(self, state: State, who: Ints, prices: Floats, quota_prices: Floats) -> None:
        """Let mentees pick at these prices, each shard its own."""
        asked = self._split(who)
        calls = [(self._arrays[z], own - low, prices, quota_prices, state.v[own]) for z, low, own in asked]
        for (_z, _low, own), answer in zip(asked, self._told(work.priced, calls), strict=True):
            state.v[own], state.teams[own], state.sizes[own], state.values[own] = answer

    def sweep(self, state: State, block: int, mu: float, loads: Ints, used: Ints, still: Ints, turn: int) -> None:
        """Let every mentee pick again, block after block, each shard those of its own."""
        at = state.prices, state.quota_prices, mu
        rows = state.v, state.teams, state.sizes, still
        for start in range(0, len(state.order), block):
            asked = self._split(state.order[start : start + block])
            calls = [
                # Whose turn it is goes by the number in the whole.
                (self._arrays[z], own - low, at, [row[own] for row in rows], (loads, used), turn + low * (turn >= 0))
                for z, low, own in asked
            ]
            answers = (self._told if block > PLANNED else self._told_at_once)(work.swept, calls)
            for (_z, _low, own), (found, changes) in zip(asked, answers, strict=True):
                for row, part_of_it in zip(rows, found, strict=True):
                    row[own] = part_of_it
                for counts, (where, by) in zip((loads, used), changes, strict=True):
                    counts[where] += by

    def nominate(
        self,
        at: tuple[Floats, Floats, Floats],
        noise: NDArray[np.float32],
        most: int,
        times: int,
        turn: int,
        known: Arrays | None = None,
    ) -> Lists:
        """Return the allowed mentors of the largest s for each mentee."""
        prices, quota_prices, v = at
        calls = [
            (held, arrays, (prices, quota_prices, v[run]), noise, most, times, turn)
            for held, arrays, run in zip(self._held, self._known(known), self._runs, strict=True)
        ]
        return _joined(self._told(work.nominated, calls))

    def _known(self, known: Arrays | None) -> list[Any]:
        """Return what the shards hold of the lists that were stored last, if they are to be known."""
        return [None] * len(self._runs) if known is None else self._arrays

    def survivors(self, _a: Arrays, prices: Floats, quota_prices: Floats, v: Floats, values: Floats) -> Lists:
        """Return the mentors outside the shortlists who are not ruled out."""
        calls = [
            (held, arrays, prices, quota_prices, v[run], values[run])
            for held, arrays, run in zip(self._held, self._arrays, self._runs, strict=True)
        ]
        answers = self._told(work.survived, calls)
        for run, (shares, _lists) in zip(self._runs, answers, strict=True):
            v[run] = shares
        return _joined([lists for _shares, lists in answers])

    def looked(self, _instance: Instance, teams: Teams, prices: Prices, *, bounds: Whom) -> list[Look]:
        """Look at every mentee, as the checker does."""
        wanted = np.broadcast_to(bounds, len(teams))
        calls = [(held, teams[run], prices, wanted[run]) for held, run in zip(self._held, self._runs, strict=True)]
        return list(itertools.chain.from_iterable(self._told(work.looked, calls)))

    def alone(self, instance: Instance, *, whom: Whom = True) -> Floats:
        """Return the value of every mentee's best team if nobody else were in the cohort, shape (M,)."""
        wanted = np.broadcast_to(whom, instance.shape[0])
        calls = [(held, wanted[run]) for held, run in zip(self._held, self._runs, strict=True)]
        return np.concatenate(self._told(work.alone, calls))

    def _split(self, who: Ints) -> list[tuple[int, int, Ints]]:
        """Return the shards that some of these mentees are in: number, first mentee, and who."""
        parts = [(z, run.start, who[(who >= run.start) & (who < run.stop)]) for z, run in enumerate(self._runs)]
        return [(z, low, own) for z, low, own in parts if len(own)]

    def _sent(self, function: Callable[..., Any], calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Let workers call a function with each of these; return what will be there, and can be made again."""
        with whole():
            futures: list[Any] = self._dask.map(function, *zip(*calls, strict=True), pure=False)
        return futures

    def _told(self, function: Callable[..., Any], calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Return what workers answer to each of these calls."""
        with whole():
            answers: list[Any] = self._dask.gather(self._sent(function, calls))
        return answers

    def _told_at_once(self, function: Callable[..., Any], calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Return the same without a plan: whoever holds a shard answers. What nobody answers is planned."""
        asked = {shard.key: tuple(rest) for shard, *rest in calls}
        with whole():
            each = self._dask.run(work.answered, function, asked, on_error="return").values()
        answers = {key: answer for one in each if isinstance(one, dict) for key, answer in one.items()}
        missing = [call for call in calls if call[0].key not in answers]
        if missing:
            answers |= zip([call[0].key for call in missing], self._told(function, missing), strict=True)
        return [answers[shard.key] for shard, *_rest in calls]


def _own_run(lists: Lists, run: slice) -> Lists:
    """Return the lists of a run of mentees."""
    starts = lists[0][run.start : run.stop + 1]
    return starts - starts[0], lists[1][starts[0] : starts[-1]]


def _joined(parts: Sequence[Lists]) -> Lists:
    """Return the lists of one run of mentees after the other."""
    sizes = np.concatenate([np.diff(starts) for starts, _mentors in parts])
    return starts_of(sizes), np.concatenate([mentors for _starts, mentors in parts])


@contextmanager
def whole() -> Iterator[None]:
    """Say that the cluster was lost, where it was."""
    distributed = importlib.import_module("distributed")
    broken = (distributed.scheduler.KilledWorker, distributed.CancelledError, OSError)
    try:
        yield
    except broken as error:
        raise Unreachable(f"The cluster was lost in the middle: {str(error) or type(error).__name__}") from error
