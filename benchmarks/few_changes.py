"""Matching again after one mentee in a hundred changed: ``introducer rematch`` beside matching anew."""

from __future__ import annotations

import csv
import sys
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from changed import EVERY
from common import HERE, kept, median, run, spread, table, told
from sides import Side, cohort, matched

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from common import Asked

__all__ = ["GOAL", "judged", "measured", "section"]

NAME = "rematch"
SIZES = (1_000, 10_000, 100_000)
#: The size that the target is about; its seconds, must and stretch; changed ties per changed mentee; points of value.
GOAL, MUST, STRETCH, TIES, POINTS = 100_000, 10.0, 3.0, 3, 0.001
GAP = 0.001
#: Seconds after which a run is given up: many times the goal, beside which it reads two inputs and writes the outcome.
GIVEN_UP = 900.0
EARLIER, COLD, WARM = "earlier", "match anew", "rematch"


def measured(asked: Asked) -> None:
    """Measure the sizes that are not too large: anew and with few changes, in turn."""
    found: list[dict[str, Any]] = []
    short = replace(asked, limit=min(asked.limit, GIVEN_UP))
    for size in SIZES:
        if size > asked.largest:
            continue
        old = cohort("clustered", size, size * 3 // 5, asked, gap_target=GAP)
        new = old.with_name(f"{old.name}-changed")
        run([sys.executable, HERE / "changed.py", old, new], asked.bench)
        earlier, cold, warm = Side(EARLIER), Side(COLD), Side(WARM)
        matched(earlier, old, asked)
        before = asked.bench / "out" / EARLIER
        if not earlier.seconds:
            continue
        most = TIES * (size // EVERY)
        changes = 0
        for _turn in range(asked.runs):
            matched(cold, new, asked)
            try:
                matched(warm, new, short, "rematch", "--previous", before, "--since", old, "--max-changes", most)
            except RuntimeError as error:
                warm.status = str(error).splitlines()[-1]
            if warm.status:
                break
            changes = counted_in(asked.bench / "out" / WARM / "changes.csv")
        sides = {side.name: asdict(side) for side in (cold, warm)}
        found.append({"size": size, "changed": size // EVERY, "changes": changes, **sides})
        kept(asked.bench, NAME, {"found": found, "runs": asked.runs})


def counted_in(changes: Path) -> int:
    """Return the changes of a file that were not forced."""
    with changes.open(newline="", encoding="utf-8") as file:
        return sum(row["change"] != "forced" for row in csv.DictReader(file))


def verdicts(found: dict[str, Any]) -> tuple[str, str]:
    """Say whether must and stretch are met by what was found on one size."""
    warm, cold = found[WARM], found[COLD]
    missed = [f"{found['changes'] / found['changed']:.1f} ties"] if found["changes"] > TIES * found["changed"] else []
    lost = 1 - warm["value"] / cold["value"]
    missed += [f"{lost:.3%} below anew"] if lost > POINTS else []
    spent = median(warm["seconds"])
    told_of = []
    for seconds in (MUST, STRETCH):
        mine = [*missed, *([f"{spent:.2f} s"] if spent > seconds else [])]
        told_of.append(f"{seconds:g} s: not met: {', '.join(mine)}" if mine else f"{seconds:g} s: met")
    return told_of[0], told_of[1]


def judged(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Return the line of the table of targets."""
    name = f"re-match, {GOAL:,}, 1 % changed"
    found = next((row for row in rows if row["size"] == GOAL), None)
    if found is None or not found[WARM]["seconds"]:
        why = "not run" if found is None else f"not met: {found[WARM]['status']}"
        return [name, "clustered", *["-"] * 7, f"{MUST:g} s: {why}", f"{STRETCH:g} s: {why}"]
    warm, cold = found[WARM], found[COLD]
    gap = f"{(warm['bound'] - warm['value']) / warm['bound']:.4%}"
    worth = warm["value"] / cold["value"] - 1
    other = f"match anew: {spread(cold['seconds'])} s, rematch's value {worth:+.3%}"
    ratio = f"{median(cold['seconds']) / median(warm['seconds']):.3g}"
    cells = [name, "clustered", gap, spread(warm["seconds"]), f"{median(warm['memory']):.0f}"]
    return [*cells, other, ratio, "-", "-", *verdicts(found)]


def rows_of(asked: Asked) -> list[dict[str, Any]]:
    """Return what is kept for these sources."""
    found = told(asked.bench, NAME)
    return [] if found is None else found["found"]


def section(asked: Asked) -> str:
    """Return what was found as text; nothing if it was not measured."""
    rows = rows_of(asked)
    if not rows:
        return ""
    lines = []
    for row in rows:
        warm, cold = row[WARM], row[COLD]
        cells = [f"{row['size']:,}", str(row["changed"])]
        if not warm["seconds"]:
            lines.append([*cells, "-", "-", warm["status"], spread(cold["seconds"]), "-", "-"])
            continue
        worth = f"{warm['value'] / cold['value'] - 1:+.4%}"
        per = f"{row['changes'] / row['changed']:.2f}"
        times = [spread(warm["seconds"]), spread(cold["seconds"])]
        lines.append([*cells, per, worth, *times, f"{median(warm['memory']):.0f}", f"{median(cold['memory']):.0f}"])
    header = (
        "mentees", "changed", "changed ties each", "value to anew", "seconds", "seconds anew", "MiB", "MiB anew",
    )  # fmt: skip
    return f"""### Matching again

One mentee in {EVERY} takes over the needs of another; at most {TIES} ties a changed mentee may come or go.

{table(header, lines)}"""
