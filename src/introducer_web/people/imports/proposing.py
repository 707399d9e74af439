"""What the columns of a sheet probably are: proposed by the engine, decided by a coordinator."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from introducer_web.lib import engine
from introducer_web.people.imports import fields, writing
from introducer_web.people.models import SheetImport

if TYPE_CHECKING:
    from introducer_web.lib.sheets import Table
    from introducer_web.programs.models import Program

__all__ = ["SAMPLE", "Found", "propose"]

What = SheetImport.What

#: Rows that a mapping is proposed from. More take seconds where a column holds sentences.
SAMPLE = 50
#: What a header says that asks whether somebody wants to be matched, in English and Spanish.
_AGREES = re.compile(r"\b(agree[sd]?|consent\w*|acepta\w*|de acuerdo|consiente\w*|autoriza\w*)\b", re.IGNORECASE)
_YES_NO = frozenset({"yes", "no", "y", "n", "true", "false", "1", "0", "sí", "si"})
#: Fields that several columns may fill together.
_JOINED = ("name", "needs", "offers", "experiences", "languages", "setting")


@dataclass
class Found:
    """What the headers of a sheet probably are.

    Attributes
    ----------
    mapping : dict of str to list of str
        By field: headers.
    choices : dict of str to list of str
        By header: fields that it may be, the likeliest first.
    confidential : list of str
        Headers of columns that say what only the person can say here.
    """

    mapping: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    confidential: list[str] = field(default_factory=list)


def propose(program: Program, what: str, table: Table) -> Found:
    """Propose what each header is: as the engine knows it, else as it guesses from header and cells."""
    if what == What.TIES:
        return _propose_ties(table)
    known = fields.named(program, what)
    found = Found()
    sure = _known_columns(program, what, table)
    guesses = engine.proposals(writing.headers_alone(program, what, table, SAMPLE)).proposals
    agreed = _says_whether(table, set(sure)) if sure or guesses else {}
    for header, likely in (agreed | {each.header: list(each.fields) for each in guesses} | sure).items():
        names = _address_first(table, header, likely)
        if fields.is_confidential(names[0]):
            found.confidential.append(header)
            continue
        choices = [name for name in names if name in known]
        if not choices:
            continue
        found.choices[header] = choices
        if choices[0] not in found.mapping or choices[0] in _JOINED:
            found.mapping.setdefault(choices[0], []).append(header)
    return found


def _says_whether(table: Table, known: set[str]) -> dict[str, list[str]]:
    """Return the field of columns whose header speaks of agreeing, and whose cells mostly say yes or no."""
    found = {}
    for place, header in enumerate(table.header):
        cells = [cells[place].strip().casefold() for _number, cells in table.rows[:SAMPLE] if cells[place].strip()]
        plain = sum(cell in _YES_NO for cell in cells)
        if header not in known and _AGREES.search(header) and plain > len(cells) / 2:
            found[header] = ["consent"]
    return found


def _address_first(table: Table, header: str, names: list[str]) -> list[str]:
    """Return the fields of a header; one whose cells are addresses is the address, whatever else it is."""
    place = table.header.index(header)
    if "id" in names and any("@" in cells[place] for _number, cells in table.rows[:SAMPLE]):
        return ["email", *(name for name in names if name not in ("id", "email"))]
    return names


def _propose_ties(table: Table) -> Found:
    found = Found()
    for header in table.header:
        name = next((name for name in ("mentee", "mentor", "kind") if name in header.casefold()), "")
        if name and name not in found.mapping:
            found.mapping[name] = [header]
            found.choices[header] = [name]
    return found


def _known_columns(program: Program, what: str, table: Table) -> dict[str, list[str]]:
    """Return the field of every header that the engine takes without asking.

    It is asked with the header alone; a header that it finds fault with (two for one field, say) is
    taken out, and it is asked again.
    """
    headers = [header for header in table.header if header]
    for _attempt in range(len(headers) + 1):
        checked = engine.check({
            "program.toml": writing.program_file(program, {}, {}),
            f"{what}.csv": writing.header_file(headers),
            f"{'mentors' if what == What.MENTEES else 'mentees'}.csv": "id\n",
        })  # fmt: skip
        if not checked.faults:
            break
        bad = {fault.column for fault in checked.faults}
        left = [header for header in headers if header not in bad] + (["id"] if "id" in bad - set(headers) else [])
        if left == headers:
            break  # what is wrong is not in the sheet
        headers = left
    return {
        header: [name]
        for name, fed in checked.columns.get(what, {}).items()
        for header in fed
        if header in table.header
    }
