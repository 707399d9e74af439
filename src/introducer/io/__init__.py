"""Reading a folder: ``program.toml`` and the files of people become a roster and a policy.

Nothing is written, nothing is dropped, repaired or guessed in silence: what cannot be read is a
fault, what is left out is a notice, and all faults of all files are reported at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from introducer.errors import RosterError
from introducer.io.answers import sheet_of
from introducer.io.cells import cell_reader
from introducer.io.fields import SIDES
from introducer.io.headers import places
from introducer.io.notes import Notes, SetAside
from introducer.io.people import blank_consents, keep_rows, known_people, read_people
from introducer.io.suggest import Proposal, Spelling, Suggestion, suggest
from introducer.io.tables import open_program, open_table
from introducer.io.ties import read_ties
from introducer.roster import Mentee, Mentor, Roster

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from introducer.io.answers import Sheet
    from introducer.io.program import Program
    from introducer.policy import Policy
    from introducer.roster import GivenTie

__all__ = ["Proposal", "Reading", "SetAside", "Spelling", "Suggestion", "read", "suggest"]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a folder says.

    Attributes
    ----------
    roster : Roster
    policy : Policy
        The template's with the program's own choices.
    set_aside : tuple of SetAside
        Rows that are not used: file, row, reason; in order of place.
    notices : tuple of str
        What a coordinator should know although nothing is wrong.
    sources : mapping of str to str
        SHA-256 of the bytes read, in hexadecimal, by name of the file.
    columns : mapping
        By side (``mentees``, ``mentors``) and field: the header texts that feed it.
    """

    roster: Roster
    policy: Policy
    set_aside: tuple[SetAside, ...]
    notices: tuple[str, ...]
    sources: Mapping[str, str]
    columns: Mapping[str, Mapping[str, tuple[str, ...]]]


def read(folder: Path) -> Reading:
    """Read a folder in the open format.

    Parameters
    ----------
    folder : Path
        Holds ``program.toml``, the files of mentees and mentors and, perhaps, one of ties.

    Raises
    ------
    RosterError
        With all that is wrong in all files, in order of place.
    """
    notes = Notes()
    sources: dict[str, str] = {}
    program = open_program(folder, sources, notes)
    if program is None:
        raise RosterError(notes.faults)
    tables = {side: open_table(folder, program.files[side], sources, notes) for side in SIDES}
    sheets = []
    for side in SIDES:
        table = tables[side]
        if table is not None:
            sheet = sheet_of(side, table, places(table, side, program, notes), program)
            if not len(table.numbers):
                notes.notice(f"{table.file}: no rows.")
            if "id" in sheet.places:
                sheets.append(keep_rows(sheet, program, notes))
    known = known_people(sheets, notes)
    reader = cell_reader(program, known if len(sheets) == len(SIDES) else None)
    people: list[Mentee | Mentor] = []
    for sheet in sheets:
        people += read_people(sheet, program, reader, notes)
        blank_consents(sheet, program, notes)
    ties = _ties(folder, program, sheets, sources, notes)
    if notes.faults:
        raise RosterError(notes.faults)
    return Reading(
        roster=Roster(
            program=program.name,
            vocabulary=program.vocabulary,
            mentees=tuple(person for person in people if isinstance(person, Mentee)),
            mentors=tuple(person for person in people if isinstance(person, Mentor)),
            ties=ties,
        ),
        policy=program.policy,
        set_aside=tuple(sorted(notes.set_aside)),
        notices=tuple(notes.notices),
        sources=MappingProxyType({name: sources[name] for name in sorted(sources)}),
        columns=MappingProxyType(
            {
                sheet.side: {
                    name: tuple(sheet.table.header[place] for place in columns)
                    for name, columns in sheet.places.items()
                }
                for sheet in sheets
            }
        ),
    )


def _ties(
    folder: Path, program: Program, sheets: list[Sheet], sources: dict[str, str], notes: Notes
) -> tuple[GivenTie, ...]:
    name = program.files["ties"]
    if not program.names_ties and not (folder / name).exists():
        return ()
    table = open_table(folder, name, sources, notes)
    sides = {sheet.side: [identity for identity in sheet.ids if identity] for sheet in sheets}
    if table is None or len(sides) < len(SIDES):
        return ()  # without both files nobody in it could be found
    return read_ties(table, sides["mentees"], sides["mentors"], notes)
