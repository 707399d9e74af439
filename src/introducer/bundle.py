"""An outcome as the files of a folder, the report and the record of the run among them."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from functools import partial
from typing import TYPE_CHECKING, Any

import numba

from introducer.io import documents
from introducer.io.pieces import Pieces, sealed
from introducer.report import page_pieces

if TYPE_CHECKING:
    from collections.abc import Mapping

    from introducer.io import Reading
    from introducer.outcome import Outcome

__all__ = ["bundled"]


def bundled(
    outcome: Outcome,
    reading: Reading,
    *,
    seconds: float,
    phases: Mapping[str, float],
    threads: int | None = None,
    redacted: bool = False,
) -> Mapping[str, Pieces]:
    """Return every file of an outcome's folder by name: what ``introducer match`` writes and ``verify`` checks.

    Each is made when it is read, piece by piece; ``str`` makes a whole text of it.

    Parameters
    ----------
    outcome : Outcome
        Of the reading's roster.
    reading : Reading
    seconds : float
        Wall time of the match.
    phases : mapping of str to float
        Seconds from the beginning to the last word of each phase.
    threads : int, optional
        Threads of the solver; all that numba has unless given.
    redacted : bool
        Leave out what is private and what it follows from.
    """
    files = dict(documents.outcome_files(outcome, reading.set_aside, reading.sources, redacted=redacted))
    files["report.html"] = Pieces(partial(page_pieces, outcome, redacted=redacted))
    files["run.json"] = Pieces(partial(sealed, _run(seconds, phases, threads)))
    return files


def _run(seconds: float, phases: Mapping[str, float], threads: int | None) -> dict[str, Any]:
    names = ("introducer", "numpy", "scipy", "numba", "highspy", "pydantic")
    return {
        "seconds": round(seconds, 3),
        "phases": dict(phases),
        "versions": {"python": platform.python_version()} | {name: importlib.metadata.version(name) for name in names},
        "threads": threads or numba.get_num_threads(),
        "machine": {"system": platform.system(), "processor": platform.machine(), "cores": os.cpu_count()},
    }
