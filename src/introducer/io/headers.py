"""Which column is which field.

A header is matched, in this order: exactly the name of a field; a text that ``[columns.*]`` names;
a text that the template knows, or the name of a field in another case. The last is left alone for
fields that ``[columns.*]`` names and for headers that matched before.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from introducer.errors import Fault
from introducer.io.fields import PREFIXES, SIDES
from introducer.io.notes import one_of
from introducer.io.program import PROGRAM
from introducer.io.spelling import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from introducer.io.fields import Field, Side
    from introducer.io.notes import Notes
    from introducer.io.program import Program
    from introducer.io.sheets import Table

__all__ = ["Places", "by_template", "looks_like_field", "places", "unmapped"]

#: By field: the columns (from 0) that feed it, in the order in which they are read.
Places = dict[str, tuple[int, ...]]


def places(table: Table, side: Side, program: Program, notes: Notes) -> Places:
    """Find the columns of every field; what is wrong or left out goes to the notes."""
    known = program.fields[side]
    named = _named(table, side, program, notes)
    found: dict[str, list[int]] = {name: list(columns) for name, columns in named.items()}
    for place, header in enumerate(table.header):
        if header in known:
            _add(found, header, place)
    taken = {place for columns in found.values() for place in columns}
    texts = by_template(known, program)
    for place, header in enumerate(table.header):
        name = texts.get(fold(header)) if header and place not in taken else None
        if name is not None and name not in program.columns[side]:
            _add(found, name, place)
    notes.faults.extend(_one_column_each(table, side, found, named, program))
    _leftovers(table, side, found, program, notes)
    if "id" not in found:
        mail = next((header for header in table.header if "mail" in fold(header)), "")
        hint = f'Name the column that tells people apart: [columns.{side}] id = "{mail or "its header"}".'
        notes.fault(table.file, "no column is the id", hint, row=1, column="id")
    return {name: tuple(columns) for name, columns in found.items()}


def _add(found: dict[str, list[int]], name: str, place: int) -> None:
    columns = found.setdefault(name, [])
    if place not in columns:
        columns.append(place)


def _named(table: Table, side: Side, program: Program, notes: Notes) -> dict[str, list[int]]:
    """Return the columns that ``[columns.*]`` names, by field, in the order of the texts."""
    found: dict[str, list[int]] = {}
    for name, texts in program.columns[side].items():
        missing = []
        for text in texts:
            same = [place for place, header in enumerate(table.header) if header == text] or [
                place for place, header in enumerate(table.header) if header and fold(header) == fold(text)
            ]
            for place in same:
                _add(found, name, place)
            if not same:
                missing.append(text)
        if name not in found:
            notes.fault(PROGRAM, f"{table.file} has no such column", one_of(missing[0], filter(None, table.header)),
                        column=f"columns.{side}.{name}", value="; ".join(missing))  # fmt: skip
        elif missing and _joins(program.fields[side][name]):
            shown = ", ".join(map(repr, missing))
            notes.notice(f"{table.file}: no column is called {shown}; {name} was read from the others.")
    return found


def _joins(field: Field) -> bool:
    """Tell whether several columns of a field are joined; else each is read where those before it are blank."""
    return field.many or field.name == "name"


def by_template(known: Mapping[str, Field], program: Program) -> Mapping[str, str]:
    """Return the field of every header text, folded, that the template knows for one field alone, or that is a name."""
    found: dict[str, set[str]] = {}
    for name in known:
        for text in program.headers.get(name, ()):
            found.setdefault(fold(text), set()).add(name)
    own: dict[str, set[str]] = {}
    for name in known:
        own.setdefault(fold(name), set()).add(name)
    return {text: min(names) for text, names in (found | own).items() if len(names) == 1}


def _one_column_each(
    table: Table, side: Side, found: Mapping[str, Sequence[int]], named: Mapping[str, Sequence[int]], program: Program
) -> Iterator[Fault]:
    """Yield a fault for every field that two columns feed although the program does not say which comes first."""
    for name, columns in found.items():
        headers = [table.header[place] for place in columns]
        if name in program.constants[side]:
            yield Fault(
                PROGRAM,
                column=f"constants.{side}.{name}",
                reason=f"{table.file} has a column for this field ({headers[0]!r})",
                suggestion="Leave the constant or the column out.",
            )
        # Texts that the program lists one by one are in an order that it chose.
        listed = set(columns) <= set(named.get(name, ())) and len(columns) <= len(program.columns[side][name])
        if len(columns) > 1 and not program.fields[side][name].many and not listed:
            shown = ", ".join(f'"{header}"' for header in headers)
            yield Fault(
                table.file,
                row=1,
                column=headers[-1],
                reason=f"columns {shown} are all {name}",
                suggestion=f"Say which comes first: [columns.{side}] {_key(name)} = [{shown}].",
            )


def _key(name: str) -> str:
    return name if re.fullmatch(r"\w+", name) else f'"{name}"'


def looks_like_field(header: str) -> bool:
    """Tell whether a header is meant as the name of a field with a key, such as ``need:contracts``."""
    return header.casefold().startswith(PREFIXES) and not re.search(r"\s", header)


def unmapped(table: Table, found: Mapping[str, Sequence[int]]) -> list[int]:
    """Return the columns with a header that feed no field."""
    used = {place for columns in found.values() for place in columns}
    return [place for place, header in enumerate(table.header) if header and place not in used]


def _leftovers(table: Table, side: Side, found: Mapping[str, Sequence[int]], program: Program, notes: Notes) -> None:
    other = program.fields[SIDES[1 - SIDES.index(side)]]
    ignored = []
    for place in unmapped(table, found):
        header = table.header[place]
        if not looks_like_field(header) or header in other:
            ignored.append(repr(header))
            continue
        prefix = header.casefold().partition(":")[0] + ":"
        keys = [name for name in (*program.fields[side], *other) if name.startswith(prefix)]
        hint = one_of(header, keys) or f"No field of this program begins with {prefix!r}."
        notes.fault(table.file, "this looks like a field, and there is no such one", hint, row=1, column=header)
    if ignored:
        notes.notice(f"{table.file}: these columns are no fields and were not read: {', '.join(ignored)}.")
    for place, header in enumerate(table.header):
        if not header and any(table.columns[place].texts):
            notes.notice(f"{table.file}: column {place + 1} has no header and was not read.")
