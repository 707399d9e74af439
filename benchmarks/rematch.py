"""Re-match beside matching anew: a hundredth of the mentees ask for something else.

Cohorts are drawn by ``introducer simulate`` with seats for .4 of what is asked. A hundredth of the mentees, drawn by a
seed, exchange what they need among themselves. Then run, each a process of its own: ``introducer match``
of the changed cohort, and ``introducer rematch`` from the outcome of the first, with three changes allowed for each
mentee who changed. A change is a tie that ends or one that begins, so that a mentor for another one is two.

    python benchmarks/rematch.py --mentees 1000 10000
    python benchmarks/rematch.py --mentees 100000 --runs 1 --threads 2
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

COMMAND = [sys.executable, "-m", "introducer.cli"]
#: Changes allowed, and allowed to be made, for each mentee who changed; points that may be lost; seconds of the search.
CHANGES, LOST, SECONDS = 3, 0.001, 10.0


@dataclass(frozen=True)
class Run:
    """One run of a command: seconds from the parsed roster, those of the search, CPU of the process, MiB."""

    seconds: float
    search: float
    cpu: float
    memory: float


def main() -> int:
    """Draw the cohorts, run both commands in turn, print a table."""
    parser = argparse.ArgumentParser(description="re-match after a hundredth of the mentees changed")
    parser.add_argument("--mentees", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--runs", type=int, default=3, help="counted runs")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--bench", type=Path, default=Path(tempfile.gettempdir()) / "introducer-rematch")
    asked = parser.parse_args()
    print("| mentees | changed | side | seconds | search | CPU | MiB | changes each | value | gap | target |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for mentees in asked.mentees:
        measured(mentees, asked)
    return 0


def measured(mentees: int, asked: argparse.Namespace) -> None:
    """Measure one cohort and print two lines of the table."""
    drawn, after, first = (asked.bench / f"{mentees}-{name}" for name in ("drawn", "after", "first"))
    if not (drawn / "program.toml").exists():
        sizes = ["--mentees", str(mentees), "--mentors", str(mentees * 3 // 5)]
        subprocess.run([*COMMAND, "simulate", *sizes, "--seats", "0.4", "--seed", "1", "--out", str(drawn)], check=True)
    count = changed(drawn, after)
    threads = ["--threads", str(asked.threads)]
    if not (first / "outcome.json").exists():
        run(["match", str(drawn), "--out", str(first), *threads], first)
    few = ["--previous", str(first), "--since", str(drawn), "--max-changes", str(CHANGES * count)]
    sides = {"match": [], "rematch": few}
    runs: dict[str, list[Run]] = {side: [] for side in sides}
    for _ in range(asked.runs):
        for side, options in sides.items():
            out = asked.bench / f"{mentees}-{side}"
            runs[side].append(run([side, str(after), "--out", str(out), *options, *threads], out))
    outs = {side: json.loads((asked.bench / f"{mentees}-{side}" / "outcome.json").read_text()) for side in sides}
    cold = outs["match"]["value"]
    for side, found in runs.items():
        each = made(asked.bench / f"{mentees}-rematch") / count if side == "rematch" else math.nan
        value = outs[side]["value"] / cold - 1
        figures = [statistics.median(getattr(one, name) for one in found) for name in ("seconds", "search", "cpu")]
        memory = max(one.memory for one in found)
        missed = [] if side == "match" else [
            *([f"{SECONDS:g} s"] if figures[1] > SECONDS else []),
            *([f"{CHANGES} changes"] if each > CHANGES else []),
            *([f"{LOST:.1%} of the value"] if value < -LOST else []),
        ]  # fmt: skip
        verdict = "" if side == "match" else f"not met: {', '.join(missed)}" if missed else "met"
        print(
            f"| {mentees:,} | {count} | {side} | {figures[0]:.1f} | {figures[1]:.1f} | {figures[2]:.1f} | {memory:.0f} "
            f"| {'' if math.isnan(each) else f'{each:.2f}'} | {value:+.4%} | {outs[side]['gap']:.4%} | {verdict} |",
            flush=True,
        )


def changed(drawn: Path, after: Path) -> int:
    """Write the cohort in which a hundredth of the mentees exchanged their needs; return how many differ."""
    shutil.rmtree(after, ignore_errors=True)
    shutil.copytree(drawn, after)
    with (drawn / "mentees.csv").open(newline="", encoding="utf-8") as file:
        head, *rows = csv.reader(file)
    columns = [k for k, name in enumerate(head) if name.startswith("need:") or name == "private"]
    chance = random.Random(7)  # noqa: S311 - a draw that can be repeated
    some = chance.sample(range(len(rows)), max(2, len(rows) // 100))
    others = chance.sample(some, len(some))
    needs = {i: [rows[i][k] for k in columns] for i in some}
    for i, other in zip(some, others, strict=True):
        for k, cell in zip(columns, needs[other], strict=True):
            rows[i][k] = cell
    with (after / "mentees.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *rows])
    return sum(needs[i] != needs[other] for i, other in zip(some, others, strict=True))


def made(out: Path) -> int:
    """Return how many ties ended or began that did not have to."""
    with (out / "changes.csv").open(newline="", encoding="utf-8") as file:
        return sum(row["change"] != "forced" for row in csv.DictReader(file))


def run(words: list[str], out: Path) -> Run:
    """Run a command in a process of its own."""
    shutil.rmtree(out, ignore_errors=True)
    child = subprocess.Popen([*COMMAND, *words], stdout=subprocess.DEVNULL)
    _pid, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{words[0]} ended with {child.returncode}")
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    search = max(record["phases"].values(), default=record["seconds"])
    return Run(record["seconds"], search, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


if __name__ == "__main__":
    sys.exit(main())
