"""Plain matrices as files: ``.npz`` or CSV in, CSV out."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING

import numpy as np

from introducer.errors import Fault, RosterError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["read_matrix", "ties_as_csv"]

#: So many cells that cannot be read are listed; the last line counts the others.
_SHOWN = 50


def read_matrix(path: Path) -> tuple[Floats, Mask]:
    """Read affinities and conflicts, shapes (M, N).

    Parameters
    ----------
    path : Path
        An ``.npz`` archive with ``affinity`` (numbers, mentees by mentors) and, if there are any,
        ``conflict`` (bool, the same shape); or a CSV file of numbers without a header, a row for
        each mentee, in which a blank cell is a conflict.

    Raises
    ------
    RosterError
        If it cannot be read; lists every cell that is no number.
    """
    affinity, conflict = _archive(path) if path.suffix == ".npz" else _table(path)
    faults = []
    if affinity.ndim != 2:
        faults.append(_fault(path, "affinity", f"affinity has {affinity.ndim} dimensions, and needs 2"))
    elif affinity.shape != conflict.shape:
        shapes = f"conflict has the shape {conflict.shape}, affinity {affinity.shape}"
        faults.append(_fault(path, "conflict", shapes))
    elif not np.isfinite(affinity).all():
        for i, j in np.argwhere(~np.isfinite(affinity))[:_SHOWN].tolist():
            faults.append(Fault(path.name, i + 1, str(j), str(affinity[i, j]), "this is no finite number"))
    if faults:
        raise RosterError(faults)
    return affinity, conflict


def _fault(path: Path, column: str, reason: str) -> Fault:
    return Fault(path.name, column=column, reason=reason)


def _archive(path: Path) -> tuple[Floats, Mask]:
    try:
        with np.load(path, allow_pickle=False) as held:
            if "affinity" not in held.files:
                named = ", ".join(held.files) or "nothing"
                raise RosterError([_fault(path, "affinity", f"there is no affinity in it, but {named}")])
            affinity = np.asarray(held["affinity"], dtype=np.float64)
            conflict = np.asarray(held["conflict"], dtype=np.bool_) if "conflict" in held.files else None
    except (ValueError, TypeError, zipfile.BadZipFile, EOFError) as error:
        raise RosterError([_fault(path, "", f"this is no archive of plain numbers ({error})")]) from error
    return affinity, np.zeros(affinity.shape, np.bool_) if conflict is None else conflict


def _table(path: Path) -> tuple[Floats, Mask]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RosterError([_fault(path, "", "this is no CSV text in UTF-8")]) from error
    rows = [row for row in csv.reader(io.StringIO(text)) if row]
    width = len(rows[0]) if rows else 0
    affinity, conflict = np.zeros((len(rows), width)), np.zeros((len(rows), width), np.bool_)
    faults = []
    for i, row in enumerate(rows):
        if len(row) != width:
            faults.append(Fault(path.name, i + 1, reason=f"the row has {len(row)} cells, the first one {width}"))
            continue
        for j, cell in enumerate(row):
            conflict[i, j] = not cell.strip()
            try:
                affinity[i, j] = float(cell) if cell.strip() else 0.0
            except ValueError:
                faults.append(Fault(path.name, i + 1, str(j), cell, "this is no number", "A blank cell is a conflict."))
    if len(faults) > _SHOWN:
        faults = [*faults[:_SHOWN], _fault(path, "", f"and {len(faults) - _SHOWN} more")]
    if faults:
        raise RosterError(faults)
    return affinity, conflict


def ties_as_csv(head: Iterable[str], rows: Iterable[tuple[int, int, float]]) -> str:
    """Return rows of mentee, mentor (from 0) and a number, as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows((i, j, repr(float(number))) for i, j, number in rows)
    return out.getvalue()
