"""The engine's targets: whole commands on made-up societies, with seconds, gap proved and peak memory.

Every cohort is drawn by ``introducer simulate`` (all pairs eligible but for the rules, seats for .4 of
what is asked). Each run is a process of its own; the first is not counted, since it may compile. Beside
ours run HiGHS on the exact model (``solver = "exact"``, as far as it comes in its time) and the greedy
baseline, in turn. A target that is missed is printed as missed.

    python benchmarks/targets.py --write
    python benchmarks/targets.py --largest 10000
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "explanation" / "benchmarks.md"
BEGIN, END = "<!-- targets: begin -->", "<!-- targets: end -->"
#: Most mentees of a cohort that the peers are given.
STORED = 1_000
COMMAND = [sys.executable, "-m", "introducer.cli"]


@dataclass(frozen=True)
class Target:
    """What is wanted of one cohort.

    Attributes
    ----------
    mentees, mentors : int
    gap, seconds, memory : float
        The gap proved, the seconds of the match from the parsed roster, and MiB of the process, at most.
    exact : float
        Seconds that the exact model is given; 0: it is not tried.
    """

    mentees: int
    mentors: int
    gap: float
    seconds: float
    memory: float
    exact: float


TARGETS = (
    Target(200, 120, 0.0001, 3.0, math.inf, 300.0),
    Target(1_000, 600, 0.0005, 2.0, 300.0, 0.0),
    Target(10_000, 6_000, 0.0005, 25.0, 500.0, 0.0),
    Target(100_000, 60_000, 0.001, 300.0, 3_072.0, 0.0),
    Target(1_000_000, 600_000, 0.0015, 900.0, 8_192.0, 0.0),
)


@dataclass(frozen=True)
class Run:
    """One run of a match: its record and what the operating system counted."""

    seconds: float
    memory: float
    gap: float
    value: float


def main() -> int:
    """Draw the cohorts, run the commands in turn, print and perhaps write the section."""
    parser = argparse.ArgumentParser(description="the engine's targets")
    parser.add_argument("--runs", type=int, default=3, help="counted runs, at least 3")
    parser.add_argument("--largest", type=int, default=10_000, help="most mentees of a cohort that is tried")
    parser.add_argument("--exact", type=float, default=300.0, help="seconds that HiGHS has at most; 0: not run")
    parser.add_argument("--limit", type=float, default=1_800.0, help="seconds after which a run is given up")
    parser.add_argument("--bench", type=Path, default=Path(tempfile.gettempdir()) / "introducer-targets")
    parser.add_argument("--write", action="store_true", help="write the section into the documentation")
    asked = parser.parse_args()
    if asked.runs < 3:
        parser.error("--runs: a median needs at least 3")
    lines = []
    for target in TARGETS:
        if target.mentees > asked.largest:
            lines.append(f"| {name(target)} | not run | | | | | | not met: not run (`--largest`) |")
            continue
        folder = cohort(target, asked.bench, {"gap_target": target.gap})
        # The baseline and the exact model store all pairs.
        peers = {}
        if target.mentees <= STORED:
            peers["greedy"] = cohort(target, asked.bench, {"solver": '"greedy"'})
        if target.exact and asked.exact:
            peers["HiGHS, exact model"] = cohort(target, asked.bench, {"solver": '"exact"'})
        lines += measured(target, folder, peers, asked)
        print("\n".join(lines[-1 - len(peers) :]), flush=True)
    text = section(lines, asked.runs)
    print(text)
    if asked.write:
        page = PAGE.read_text(encoding="utf-8")
        if BEGIN not in page:
            page = f"{page.rstrip()}\n\n{BEGIN}\n{END}\n"
        before, _, rest = page.partition(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    return 0


def name(target: Target) -> str:
    """Return what a cohort is called in the table."""
    return f"{target.mentees:,} x {target.mentors:,}"


def cohort(target: Target, bench: Path, policy: dict[str, object]) -> Path:
    """Return the folder of a cohort, drawn if it is not there, with these settings of the policy."""
    drawn = bench / f"{target.mentees}"
    if not (drawn / "program.toml").exists():
        sizes = ["--mentees", str(target.mentees), "--mentors", str(target.mentors)]
        subprocess.run([*COMMAND, "simulate", *sizes, "--seats", "0.4", "--seed", "1", "--out", str(drawn)], check=True)
    folder = bench / f"{target.mentees}-{'-'.join(policy)}-{policy.get('solver', 'prices')}".replace('"', "")
    if not folder.exists():
        shutil.copytree(drawn, folder)
        program = folder / "program.toml"
        settings = "\n".join(f"{key} = {value}" for key, value in policy.items())
        program.write_text(f"{program.read_text(encoding='utf-8').rstrip()}\n{settings}\n", encoding="utf-8")
    return folder


def measured(target: Target, folder: Path, peers: dict[str, Path], asked: argparse.Namespace) -> list[str]:
    """Run ours and the peers in turn, and return a line of the table for each."""
    sides = {"introducer": folder, **peers}
    runs: dict[str, list[Run]] = {side: [] for side in sides}
    for turn in range(asked.runs + 1):
        for side, where in sides.items():
            budget = min(target.exact, asked.exact) if side.startswith("HiGHS") else asked.limit
            ended = run(where, asked.bench / "out", budget)
            if turn and ended:
                runs[side].append(ended)
    lines = []
    ours = runs["introducer"]
    base = statistics.median(each.seconds for each in ours) if ours else math.nan
    best = max((each.value for found in runs.values() for each in found), default=math.nan)
    for side, found in runs.items():
        if not found:
            lines.append(f"| {name(target)} | {side} | no outcome, or not in its time | | | | | |")
            continue
        seconds = statistics.median(each.seconds for each in found)
        memory = statistics.median(each.memory for each in found)
        missed = []
        if side == "introducer":
            missed += [f"gap {target.gap:.3%}"] if found[-1].gap > target.gap else []
            missed += [f"{target.seconds:g} s"] if seconds > target.seconds else []
            missed += [f"{target.memory:g} MiB"] if memory > target.memory else []
        verdict = "" if side != "introducer" else f"not met: {', '.join(missed)}" if missed else "met"
        spread = f"{min(each.seconds for each in found):.2f} to {max(each.seconds for each in found):.2f}"
        lines.append(
            f"| {name(target)} | {side} | {seconds:.2f} ({spread}) | {seconds / base:.2f} | {found[-1].gap:.4%} "
            f"| {found[-1].value / best - 1:+.4%} | {memory:.0f} | {verdict} |"
        )
    return lines


def run(folder: Path, out: Path, limit: float) -> Run | None:
    """Match a folder in a process of its own; None if it did not end in time or found no outcome."""
    shutil.rmtree(out, ignore_errors=True)
    child = subprocess.Popen([*COMMAND, "match", str(folder), "--out", str(out)], stdout=subprocess.DEVNULL)
    watch = subprocess.Popen(["sleep", str(limit)])
    while child.poll() is None and watch.poll() is None:
        pid, status, used = os.wait4(-1, 0)
        if pid == watch.pid:
            child.kill()
            child.wait()
            return None
        child.returncode = os.waitstatus_to_exitcode(status)
    watch.kill()
    watch.wait()
    if child.returncode:
        return None
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    outcome = json.loads((out / "outcome.json").read_text(encoding="utf-8"))
    return Run(record["seconds"], used.ru_maxrss / 1024, outcome["gap"], outcome["value"])


def machine() -> str:
    """Return processor and cores, without a name of the machine."""
    cores = Path("/proc/cpuinfo")
    model = platform.processor() or platform.machine()
    if cores.exists():
        named = [line.partition(":")[2].strip() for line in cores.read_text().splitlines() if "model name" in line]
        model = named[0] if named else model
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def section(lines: list[str], runs: int) -> str:
    """Return the section of the documentation."""
    table = "\n".join(lines)
    return f"""## Targets of the engine

Societies of `introducer simulate --seats 0.4 --seed 1`: clustered, scarce, with rare experiences. Seconds are those of
`run.json`: from the parsed roster to the certified and explained outcome; median of {runs} runs in turn after one that
is not counted, each in a process of its own. Memory is the peak of the process. The gap is proved over all eligible
pairs; *value* is compared with the best value that any of the sides found.

| cohort | side | seconds (range) | times ours | gap proved | value | MiB | target |
| --- | --- | --- | --- | --- | --- | --- | --- |
{table}

Machine: {machine()}. Again: `python benchmarks/targets.py --write`."""


if __name__ == "__main__":
    sys.exit(main())
