"""Published bids of reviewers on papers: ``introducer assign`` beside what conferences run.

The bids are those of AAMAS 2015, 613 papers and 201 reviewers, as published beside perturbed maximization (Xu et al.);
3 reviewers a paper, at most 12 papers a reviewer. The peer is a min-cost flow over all pairs that maximizes the total
of the bids, with limits on both sides: what the matcher of OpenReview does. Here it is no easier problem: bids add up.
"""

from __future__ import annotations

import csv
import json
import sys
from typing import TYPE_CHECKING

from common import COMMAND, HERE, PEERS, environment, kept, median, run, spread, table, told

if TYPE_CHECKING:
    from common import Asked

__all__ = ["measured", "section"]

NAME = "bids"
REVIEWERS, PAPERS = 3, 12


def measured(asked: Asked) -> None:
    """Run both in turn. Nothing is measured if the bids are not there."""
    bids = asked.data / "bids" / "aamas2015_bids.npz"
    if not bids.exists():
        print(f"The bids are not there: {bids}.", flush=True)
        return
    arrays, ties, out = asked.bench / "bids.npz", asked.bench / "ties.json", asked.bench / "out" / "bids.csv"
    out.parent.mkdir(parents=True, exist_ok=True)
    run([sys.executable, HERE / "instance.py", "bids", bids, arrays, REVIEWERS, PAPERS], asked.bench)
    flow = [environment("or-tools", asked.bench), PEERS / "by_flow.py", arrays, ties]
    ours = [*COMMAND, "assign", bids, "--team", REVIEWERS, "--capacity", PAPERS, "--out", out]
    lines: dict[str, list[list[float]]] = {"introducer assign": [], "OR-tools min-cost flow": []}
    for turn in range(asked.runs + 1):
        mine = run(ours, asked.bench, asked.limit)
        theirs = run(flow, asked.bench, asked.limit)
        with out.open(newline="", encoding="utf-8") as file:
            total = sum(float(row["worth"]) for row in csv.DictReader(file))
        run([sys.executable, HERE / "instance.py", "sum", arrays, ties], asked.bench)
        if turn:
            lines["introducer assign"].append([mine.seconds, mine.memory, total])
            summed = json.loads(ties.read_text(encoding="utf-8"))["value"]
            lines["OR-tools min-cost flow"].append([theirs.seconds, theirs.memory, summed])
    kept(asked.bench, NAME, {"lines": lines, "runs": asked.runs})


def section(asked: Asked) -> str:
    """Return what was found as text; nothing if it was not measured."""
    found = told(asked.bench, NAME)
    if found is None:
        return ""
    base = median([seconds for seconds, *_rest in found["lines"]["introducer assign"]])
    rows = [
        [
            name,
            spread([seconds for seconds, *_rest in runs]),
            f"{median([seconds for seconds, *_rest in runs]) / base:.3g}",
            f"{runs[-1][2]:.2f}",
            f"{median([memory for _seconds, memory, _total in runs]):.0f}",
        ]
        for name, runs in found["lines"].items()
    ]
    header = ("program", "seconds of the whole command", "times ours", "total of the bids", "MiB")
    return f"""### Bids on papers: 613 papers, 201 reviewers

{REVIEWERS} reviewers a paper, at most {PAPERS} papers a reviewer; whole commands, from the matrix to the ties, after
one run each that is not counted.

{table(header, rows)}"""
