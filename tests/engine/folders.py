"""Writes input folders for tests: people as plain dicts, one key a column."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["PROGRAM", "table", "write_folder"]

#: A small program with its own words and no template.
PROGRAM = """\
format = 1

[program]
name = "Test program"

[[domains]]
id = "contracts"
name = "Contracts"
aliases = ["Negotiating a contract"]
topics = [{ id = "salary", name = "Salary" }, { id = "leave", name = "Leave" }]

[[domains]]
id = "billing"
name = "Billing, coding and audits"

[[domains]]
id = "family"
name = "Family planning"
sensitive = true

[[stages]]
id = "resident"
name = "Resident"
aliases = ["PGY-2"]
rank = 1

[[stages]]
id = "attending"
name = "Attending"
rank = 4

[[settings]]
id = "rural"
name = "Rural practice"

[[settings]]
id = "academic"
name = "Academic center"

[[experiences]]
id = "first_gen"
name = "First generation"

[[experiences]]
id = "parent"
name = "Parent in training, or soon to be"

[[attributes]]
id = "culture"
name = "Culture"

[[poles]]
id = "clinician"
name = "Clinician"

[[poles]]
id = "scientist"
name = "Scientist"
"""


def table(rows: Sequence[Mapping[str, Any]], separator: str = ",", ending: str = "\n") -> str:
    """Return rows as CSV text. Columns: every key, in order of first appearance; None is a blank cell."""
    header = list(dict.fromkeys(key for row in rows for key in row)) or ["id"]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator=ending)
    writer.writerow(header)
    writer.writerows([row.get(key) for key in header] for row in rows)
    return out.getvalue()


def write_folder(
    path: Path,
    mentees: Sequence[Mapping[str, Any]] | str = (),
    mentors: Sequence[Mapping[str, Any]] | str = (),
    ties: Sequence[Mapping[str, Any]] | str = (),
    *,
    program: str = PROGRAM,
    extra: str = "",
) -> Path:
    """Write ``program.toml``, ``mentees.csv``, ``mentors.csv`` and, if there are any, ``ties.csv``.

    Parameters
    ----------
    mentees, mentors, ties
        Rows, or the text of the whole file. A file without rows has the header ``id`` only.
    program : str
        Text of ``program.toml``.
    extra : str
        More of it, appended (tables such as ``[policy]``).
    """
    path.mkdir(parents=True, exist_ok=True)
    (path / "program.toml").write_text(program + "\n" + extra, encoding="utf-8", newline="")
    for name, rows in (("mentees", mentees), ("mentors", mentors)):
        text = rows if isinstance(rows, str) else table(rows)
        (path / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    if ties:
        text = ties if isinstance(ties, str) else table(ties)
        (path / "ties.csv").write_text(text, encoding="utf-8", newline="")
    return path
