"""A cohort in which one mentee in a hundred needs something else. In a process of its own.

    python benchmarks/changed.py FOLDER OUT

Copies a simulated folder; every hundredth mentee takes over the needs of the one before.
"""

from __future__ import annotations

import argparse
import csv
import shutil
from pathlib import Path

#: One mentee in so many changes.
EVERY = 100


def main() -> None:
    """Write the other folder."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    for file in ("program.toml", "calibration.md", "mentors.csv", "ties.csv"):
        shutil.copyfile(asked.folder / file, asked.out / file)
    with (
        (asked.folder / "mentees.csv").open(newline="", encoding="utf-8") as old,
        (asked.out / "mentees.csv").open("w", newline="", encoding="utf-8") as new,
    ):
        rows = csv.DictReader(old)
        header = list(rows.fieldnames or [])
        needs = [name for name in header if name.startswith("need:") or name == "private"]
        writer = csv.DictWriter(new, header, lineterminator="\n")
        writer.writeheader()
        before: dict[str, str] = {}
        for number, row in enumerate(rows, start=1):
            taken = {name: before[name] for name in needs} if number % EVERY == 0 else {}
            before = row
            writer.writerow(row | taken)


if __name__ == "__main__":
    main()
