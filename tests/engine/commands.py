"""Runs the command line inside the test, and a small cohort to run it on."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unittest.mock import patch

from folders import PROGRAM, write_folder

from introducer import cli

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FILES", "Said", "command", "contents", "small"]

#: What a match writes.
FILES = ("ties.csv", "mentees.csv", "mentors.csv", "set_aside.csv", "outcome.json", "report.html", "run.json")

MENTEES = [
    {"id": "cai", "name": "Cai", "stage": "resident", "need:billing": 3, "need:contracts": 1, "rural": "yes"},
    {"id": "cleo", "name": "Cleo", "stage": "resident", "need:contracts": 3, "need:family": 2, "wish:parent": 3},
    {"id": "cy", "name": "Cy", "stage": "resident", "need:contracts.salary": 2, "need:billing": 1, "wish:first_gen": 1},
    {"id": "test1", "name": "test person", "need:contracts": 3},
]
MENTORS = [
    {
        "id": "bea",
        "name": "Bea",
        "stage": "attending",
        "offer:contracts": 3,
        "offer:family": 2,
        "experiences": "parent",
    },
    {"id": "ben", "name": "Ben", "stage": "attending", "offer:billing": 2, "capacity": 1, "quota:first_gen": 1},
]


@dataclass(frozen=True)
class Said:
    """What a command answered; ``words`` is all of it without line breaks and frames."""

    code: int
    out: str
    err: str

    @property
    def words(self):
        return " ".join((self.out + " " + self.err).translate(dict.fromkeys(map(ord, "│╭╮╰╯─"), " ")).split())


def command(*words: object) -> Said:
    """Run ``introducer`` with these words."""
    out, err = io.StringIO(), io.StringIO()
    with patch.object(sys, "argv", ["introducer", *map(str, words)]), redirect_stdout(out), redirect_stderr(err):
        try:
            cli.main()
            code = 0
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 1
    return Said(code, out.getvalue(), err.getvalue())


def small(folder: Path, *, ties=(), policy="", mentees=MENTEES, mentors=MENTORS) -> Path:
    """Write a cohort of three mentees, two mentors and a test row."""
    extra = f'[policy]\nteam_size = 2\n{policy}\n[import]\ntest_rows = ["^test"]\n'
    return write_folder(folder, mentees, mentors, ties, program=PROGRAM, extra=extra)


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file of a folder but ``run.json``, by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name != "run.json"}
