"""What one pass costs on this machine and on a cluster: seconds, and what is sent and comes back.

    python benchmarks/cluster.py [--mentees 10000 --mentors 6000 --workers 2]

A simulated cohort at seats .4; each pass once to warm up, then the median of three, here and on a
local cluster of so many workers in turn. CPU is what the pass takes of a core here, which a busy
machine changes little. What comes back is compared: not a bit may differ.
"""

from __future__ import annotations

import argparse
import os
import pickle
import statistics
import tempfile
import time
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import dask.config
import numpy as np
from distributed import Client, LocalCluster

from introducer import certify, fit, rules
from introducer.cli_plain import simulate
from introducer.cluster import QUIET
from introducer.cluster.spread import Spread
from introducer.io import read
from introducer.outcome import Prices
from introducer.problem import on_grid
from introducer.solve import shortlists
from introducer.solve.passes import Scanner
from introducer.solve.scan import merged
from introducer.solve.state import begin, excess, price, sweep_once

TIMES = 3


class Wire:
    """Dask, with what is sent and comes back counted in bytes."""

    def __init__(self, dask: Client) -> None:
        self._dask = dask
        self.counting = False
        self.out = self.back = self.trips = 0

    def _count(self, sent: Any, told: Any, times: int = 1) -> Any:
        if self.counting:
            self.trips += 1
            self.out += times * len(pickle.dumps(sent))
            self.back += len(pickle.dumps(told))
        return told

    def map(self, function: Any, *columns: Any, pure: bool) -> Any:
        """As Dask does."""
        parts = [[part for part in column if not hasattr(part, "key")] for column in columns]
        self._count(parts, None)
        return self._dask.map(function, *columns, pure=pure)

    def gather(self, futures: Any) -> Any:
        """As Dask does."""
        found = self._dask.gather(futures)
        self.back += len(pickle.dumps(found)) if self.counting else 0
        return found

    def run(self, function: Any, *words: Any, on_error: str) -> Any:
        """As Dask does: to every worker."""
        told = self._dask.run(function, *words, on_error=on_error)
        return self._count(words, told, len(told))


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description="What one pass costs, here and on a cluster.")
    parser.add_argument("--mentees", type=int, default=10_000)
    parser.add_argument("--mentors", type=int, default=6_000)
    parser.add_argument("--workers", type=int, default=2)
    choices = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "in"
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
            simulate(mentees=choices.mentees, mentors=choices.mentors, seats=0.4, seed=1, out=folder)
        reading = read(folder)
    refused = rules.refusals(reading.roster, reading.policy)
    market = fit.market(reading.roster, reading.policy, refused)
    dask.config.set(QUIET)
    with (
        LocalCluster(
            n_workers=choices.workers, threads_per_worker=1, processes=True, dashboard_address=":0"
        ) as cluster,
        Client(cluster, set_as_default=False) as opened,
    ):
        wire = Wire(opened)
        passes = _passes(market)
        print("| pass | CPU here, s | here, s | cluster, s | round trips | sent, kB | back, kB |")
        print("|---|---|---|---|---|---|---|")
        scans = Scanner(market), Spread(wire, market, choices.workers)
        for name, run in passes.items():
            _measure(name, run, scans, wire)


def _passes(market: fit.Market) -> dict[str, Any]:
    """Return each pass as a function of who carries it out; all start from the same place."""
    mentees, mentors = market.shape
    cost = on_grid(np.full(mentors, 0.2)), np.zeros(len(market.arrays.quota_limits))
    pins = market.tables.pin_starts, market.tables.pin_mentors
    noise = np.tile(0.02 * np.random.default_rng(1).random(mentors), 2).astype(np.float32)
    width = int(market.tables.widths.max())
    kept: dict[str, Any] = {}

    def nominate(scans: Any) -> Any:
        at = *cost, np.zeros((mentees, width))
        kept["lists"] = merged(*scans.nominate(at, noise, shortlists.MOST, 1, 0), *pins)
        return kept["lists"]

    def store(scans: Any) -> Any:
        kept["problem"] = market.on(scans.stored(kept["lists"]))
        kept["state"] = begin(kept["problem"], 1, scans)
        return kept["state"].values.copy()

    def again(scans: Any) -> Any:
        """Return the state as it was first, with who carries out its passes."""
        state = kept["state"]
        begun = kept.setdefault("begun", (state.v.copy(), state.teams.copy(), state.sizes.copy()))
        state.v[:], state.teams[:], state.sizes[:] = begun
        state.prices, state.quota_prices, state.passes = *cost, scans
        return state

    def teams(state: Any) -> Any:
        return np.where(np.arange(state.teams.shape[1]) < state.sizes[:, None], state.teams, -1)

    def pick(scans: Any) -> Any:
        state = again(scans)
        price(state, *cost)
        return teams(state), state.values

    def sweep(scans: Any) -> Any:
        state = again(scans)
        sweep_once(state, 0.01, *excess(state))
        return teams(state), state.prices

    def prove(scans: Any) -> Any:
        state = kept["state"]
        return scans.survivors(state.a, *cost, state.v.copy(), state.values)

    def certificate(scans: Any) -> Any:
        dual = Prices(tuple(cost[0].tolist()), (0.0,) * mentors, tuple(cost[1].tolist()))
        looks = scans if hasattr(scans, "looked") else certify
        return [look.best for look in looks.looked(market, ((),) * mentees, dual, bounds=True)]

    return {
        "nomination": nominate,
        "shortlists stored, and a pass": store,
        "price pass": pick,
        "sweep": sweep,
        "proof over all pairs": prove,
        "certificate": certificate,
    }


def _measure(name: str, run: Any, scans: tuple[Scanner, Spread], wire: Wire) -> None:
    """Print one row."""
    seconds: list[list[float]] = [[], []]
    core = []
    for number in range(TIMES + 1):
        found = []
        for who, scan in enumerate(scans):
            begun, worked = time.perf_counter(), time.process_time()
            result = run(scan)
            if number:
                seconds[who].append(time.perf_counter() - begun)
            if number and not who:
                core.append(time.process_time() - worked)
            found.append(pickle.dumps(result))
        if found[0] != found[1]:
            raise SystemExit(f"{name}: the cluster found something else")
    wire.out = wire.back = wire.trips = 0
    wire.counting = True
    run(scans[1])
    wire.counting = False
    here, there = (statistics.median(one) for one in seconds)
    sent = f"{wire.trips} | {wire.out / 1e3:,.0f} | {wire.back / 1e3:,.0f}"
    print(f"| {name} | {statistics.median(core):.3f} | {here:.3f} | {there:.3f} | {sent} |", flush=True)


if __name__ == "__main__":
    main()
