"""Writing a cohort: the files that a society's form would export, and what the figures rest on."""

from __future__ import annotations

import csv
import json
import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from introducer.cohorts.figures import FIGURES
from introducer.io.fields import SIDES, fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from introducer.cohorts import Cohort
    from introducer.vocabulary import Vocabulary

__all__ = ["write_folder"]

_TIES = ("kind", "mentee", "mentor", "by", "rank", "note")

#: Columns of a width that a text file is read in.
WIDTH = 110


def write_folder(cohort: Cohort, folder: Path, words: Vocabulary) -> None:
    """Write ``program.toml``, ``mentees.csv``, ``mentors.csv``, ``ties.csv`` and ``calibration.md``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("program.toml", _program(cohort)), ("calibration.md", _calibration(cohort))):
        (folder / name).write_text(text, encoding="utf-8", newline="")
    for side in SIDES:
        columns = cohort.mentees if side == "mentees" else cohort.mentors
        header = [name for name in fields(side, words) if name in columns]
        _write(folder / f"{side}.csv", header, zip(*(columns[name] for name in header), strict=True))
    _write(folder / "ties.csv", _TIES, ([row[name] for name in _TIES] for row in cohort.ties))


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _program(cohort: Cohort) -> str:
    bare = ", ".join(figure.name for figure in FIGURES if not figure.is_calibrated)
    comment = textwrap.wrap(
        "A synthetic cohort: nobody in it exists, and nothing may be concluded from it about anybody. "
        f"Drawn with seed {cohort.seed}, seats {cohort.seats:g}"
        f"{'' if cohort.clustered else ', without clusters'}. "
        "calibration.md lists every figure with its source. Without a source, in whole or in part, are: " + bare + ".",
        WIDTH,
    )
    head = "\n".join(f"# {line}" for line in comment)
    name = f"Synthetic IR society, seed {cohort.seed}"
    return f"""{head}

format = 1

[program]
name = {json.dumps(name)}
template = "ir/1"

[policy]
seed = {cohort.seed % 2**32}
privacy = {json.dumps(cohort.profile)}
"""


def _calibration(cohort: Cohort) -> str:
    rows = "\n".join(
        f"| {figure.name} | {_shown(figure.value)} | {figure.unit} | {figure.source} |" for figure in FIGURES
    )
    intro = textwrap.fill(
        "Every figure that this cohort was drawn from. `uncalibrated` means that no source was found and the "
        "figure was chosen to look plausible. Sources are about the United States; where a source is named, the "
        "figure is as good as that source. Which people go with which others (who needs what, and tells what) is "
        "uncalibrated beyond what stands here.",
        WIDTH,
    )
    return f"""# What this cohort rests on

{intro}

Seats asked for: {cohort.seats:g}. Seats drawn: {cohort.capacity} of {cohort.demand} asked, \
{cohort.capacity / cohort.demand:.4f}. Seed: {cohort.seed}.

| figure | value | of what | source |
| --- | --- | --- | --- |
{rows}
"""


def _shown(value: Any) -> str:
    """Return a number, several, or a table of either, on one line."""
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_shown(own)}" for key, own in value.items())
    if isinstance(value, tuple):
        return ", ".join(map(_shown, value))
    return f"{value:.4g}"
