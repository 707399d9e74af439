"""The benchmarks: targets of the engine, families of cohorts, growth, and everybody that a user would pick instead.

    python benchmarks/bench.py                      every part, cohorts of up to 10,000 mentees
    python benchmarks/bench.py --quick              up to 1,000, one run of each side: minutes
    python benchmarks/bench.py --only bids growth   some parts; others are shown as they were found before
    python benchmarks/bench.py --largest 100000     larger cohorts too
    python benchmarks/bench.py --write              into docs/explanation/benchmarks.md

What is found is kept in ``build/bench/results`` with a checksum of the engine's sources; what was found for other
sources is not shown. ``docs/explanation/benchmarks.md`` says what is measured and how to read it.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import bids
import civil_service
import few_changes
import growth
import one_to_one
import targets
from common import PAGE, ROOT, Asked, counted, machine, pinned, sources, table, told, versions, written
from sides import warmed

if TYPE_CHECKING:
    from collections.abc import Callable

#: Parts in the order in which they are measured and shown; those of the targets come from their cases.
MEASURES: dict[str, Callable[[Asked], None]] = {
    "civil-service": civil_service.measured,
    "bids": bids.measured,
    "one-to-one": one_to_one.measured,
    "rematch": few_changes.measured,
    "growth": growth.measured,
}
TARGETS = tuple(dict.fromkeys(map(targets.part, targets.CASES)))
PARTS = (*TARGETS, *MEASURES)


def main() -> int:
    """Measure the parts, print their tables and perhaps write them."""
    asked, parts, write = parsed(sys.argv[1:])
    asked.bench.mkdir(parents=True, exist_ok=True)
    failed = []
    print("Compiling, where numba's cache is empty.", flush=True)
    warmed(asked)
    for name in parts:
        began = time.perf_counter()
        try:
            if name in MEASURES:
                MEASURES[name](asked)
            else:
                targets.measured(name, asked)
        except RuntimeError as error:  # the other parts are measured all the same
            failed.append(name)
            print(f"{name}: {error}", file=sys.stderr, flush=True)
        print(f"{name}: {time.perf_counter() - began:.0f} s", flush=True)
    text = sections(asked)
    print(f"\n{text}")
    if write:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), "measured", text), encoding="utf-8")
    print(f"\n{summary(text)}")
    return 1 if failed else 0


def parsed(words: list[str]) -> tuple[Asked, list[str], bool]:
    """Return what is asked for, the parts, and whether to write."""
    parser = argparse.ArgumentParser(description="the benchmarks of the engine")
    parser.add_argument("--quick", action="store_true", help="one run, 10 s for exact models, up to 1,000 mentees")
    parser.add_argument("--runs", type=int, help="counted runs of each side (3; fewer are called no median)")
    parser.add_argument("--exact", type=float, help="seconds that HiGHS and CP-SAT have (60); 0: not run")
    parser.add_argument("--limit", type=float, default=1_800.0, help="seconds after which another run is given up")
    parser.add_argument("--largest", type=int, help="most mentees of a cohort (10,000)")
    parser.add_argument(
        "--only", nargs="+", metavar="WORD", default=[], help=f"parts by name, or whose names hold a word: {PARTS}"
    )
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="published inputs")
    parser.add_argument("--bench", type=Path, default=ROOT / "build" / "bench", help="where things are made and kept")
    parser.add_argument("--write", action="store_true", help="write the tables into the documentation")
    found = parser.parse_args(words)
    runs, exact, largest = (1, 10.0, 1_000) if found.quick else (3, 60.0, 10_000)
    asked = Asked(
        runs=runs if found.runs is None else found.runs,
        exact=exact if found.exact is None else found.exact,
        limit=found.limit,
        largest=largest if found.largest is None else found.largest,
        data=found.data.resolve(),
        bench=found.bench.resolve(),
    )
    if asked.runs < 1:
        parser.error("--runs: at least 1")
    parts = [
        name
        for name in PARTS
        if not found.only or any(word == name if word in PARTS else word in name for word in found.only)
    ]
    if not parts:
        parser.error(f"--only: no part's name holds {' or '.join(found.only)}")
    return asked, parts, found.write


def sections(asked: Asked) -> str:
    """Return the tables of everything that is kept for these sources."""
    rows = targets.rows_of(asked)
    lines = [
        *targets.judged(rows),
        few_changes.judged(few_changes.rows_of(asked)),
        *civil_service.judged(civil_service.rows_of(asked)),
    ]
    others = [part.section(asked) for part in (growth, few_changes, civil_service, one_to_one, bids)]
    runs = {name: found["runs"] for name in PARTS if (found := told(asked.bench, name))}
    counts = {counted(number): [name for name, own in runs.items() if own == number] for number in set(runs.values())}
    how = "; ".join(f"{', '.join(names)}: {text}" if len(counts) > 1 else text for text, names in counts.items())
    ours = versions(sys.executable, "introducer", "numpy", "numba", "scipy", "highspy")
    peers = [pinned(name) for name in ("or-tools", "munkres", "matching", "mentor-match")]
    parts = [
        f"""### Targets

{table(targets.HEADER, lines)}

Machine: {machine()}. Versions: {ours}; peers: {", ".join(peers)}. Engine's sources: {sources()}. Seed 1 everywhere.
Seconds: {how or "nothing was run"}.""",
        f"""### Families, and every side

Ignoring coverage costs {targets.losses(rows)} of the value here.

{targets.details(rows)}"""
        if rows
        else None,
        *others,
    ]
    return "\n\n".join(part for part in parts if part)


def summary(text: str) -> str:
    """Say how many goals are met."""
    met, missed, left = text.count(": met"), text.count(": not met"), text.count(": not run")
    return f"{met} goals met, {missed} not met, {left} not run."


if __name__ == "__main__":
    sys.exit(main())
