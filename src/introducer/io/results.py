"""What came of ties or of teams: a CSV file of results."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from introducer.errors import RosterError
from introducer.io.notes import Notes, one_of
from introducer.io.sheets import read_table
from introducer.io.spelling import fold, folded_id

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from pathlib import Path

    from introducer.io.sheets import Row, Table

__all__ = ["Results", "read_results"]

_COLUMNS = ("mentee", "mentor", "result")


@dataclass(frozen=True)
class Results:
    """Results that are known.

    Attributes
    ----------
    unit : {"tie", "team"}
    values : mapping
        By (mentee id, mentor id), or by (mentee id, mentor ids in order).
    notices : tuple of str
        What one should know although nothing is wrong.
    """

    unit: str
    values: Mapping[Any, float]
    notices: tuple[str, ...] = ()


def read_results(path: Path, made: Mapping[str, frozenset[str]], span: tuple[float, float] | None = None) -> Results:
    """Read results.

    Parameters
    ----------
    path : Path
        CSV with the columns ``mentee`` and ``result``, and ``mentor`` where results are of ties. A
        blank result is a missing one.
    made : mapping of str to frozenset of str
        Mentors of every mentee in the outcome, by id.
    span : tuple of float, optional
        Smallest and largest possible result.

    Raises
    ------
    RosterError
        With every bad cell.
    """
    notes = Notes()
    table = read_table(path.name, path.read_bytes(), notes)
    places = None if table is None else _places(table, notes)
    values: dict[Hashable, float] = {}
    if table is not None and places is not None:
        rows: dict[Hashable, int] = {}
        people = {folded_id(mentee): mentee for mentee, team in made.items() if team}
        for row in table.rows:
            unit = _unit(table, row, places, people, made, notes)
            value = _value(table, row, places["result"], span, notes)
            if unit is None:
                continue
            first = rows.setdefault(unit, row.number)
            if first != row.number:
                notes.fault(table.file, f"row {first} has a result of the same", "Take one out.", row=row.number)
            if value is not None:
                values[unit] = value
    if notes.faults or places is None:
        raise RosterError(notes.faults)
    return Results("tie" if "mentor" in places else "team", values, tuple(notes.notices))


def _places(table: Table, notes: Notes) -> dict[str, int] | None:
    """Return where each column stands; None where one is missing."""
    places: dict[str, int] = {}
    for place, header in enumerate(table.header):
        name = fold(header)
        if name in _COLUMNS and name not in places:
            places[name] = place
        elif header:
            notes.notice(f"{table.file}: the column {header!r} was not read.")
    missing = [name for name in ("mentee", "result") if name not in places]
    for name in missing:
        hint = one_of(name, (header for header in table.header if fold(header) not in _COLUMNS))
        notes.fault(table.file, "the column is missing", hint, row=1, column=name)
    return None if missing else places


def _unit(
    table: Table,
    row: Row,
    places: Mapping[str, int],
    people: Mapping[str, str],
    made: Mapping[str, frozenset[str]],
    notes: Notes,
) -> Hashable | None:
    """Return what a row is of; None where it is of nothing that came about."""

    def fault(name: str, reason: str) -> None:
        place = places[name]
        notes.fault(table.file, reason, row=row.number, column=table.header[place], value=row.cells[place])

    mentee = people.get(folded_id(row.cells[places["mentee"]]))
    if mentee is None:
        fault("mentee", "no mentee with a team in the outcome has this id")
        return None
    if "mentor" not in places:
        return mentee, tuple(sorted(made[mentee]))
    mentor = {folded_id(j): j for j in made[mentee]}.get(folded_id(row.cells[places["mentor"]]))
    if mentor is None:
        fault("mentor", "the outcome has no such tie")
        return None
    return mentee, mentor


def _value(table: Table, row: Row, place: int, span: tuple[float, float] | None, notes: Notes) -> float | None:
    """Return a result; None where the cell is blank or a fault."""
    text = row.cells[place]
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    reason = ""
    if not math.isfinite(value):
        reason = "this is no number"
    elif span is not None and not span[0] <= value <= span[1]:
        reason = f"this is not from {span[0]:g} to {span[1]:g}"
    if reason:
        notes.fault(table.file, reason, row=row.number, column=table.header[place], value=text)
        return None
    return value
