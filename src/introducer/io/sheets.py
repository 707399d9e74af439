"""Bytes of a CSV file become a table.

UTF-8 with or without a byte-order mark; Windows-1252 where the bytes are not UTF-8, which is
reported; UTF-16 with its mark. Comma, semicolon or tab. Any line ending; a quoted cell may hold
line breaks. Rows are counted as a spreadsheet does: the header is row 1, a blank line is a row,
a line break inside quotes is none.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from introducer.saying import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from introducer.io.notes import Notes

__all__ = ["LONGEST", "Row", "Table", "read_table"]

#: Characters of a cell, at most. Longer ones are a quotation mark that was never closed.
LONGEST = 10_000

#: Rows that are looked at when the header alone leaves the separator open.
SAMPLE = 50

SEPARATORS = (",", ";", "\t")

# Control characters that no text editor writes; tab, line feed and carriage return are fine.
BINARY = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")

# What files begin with that spreadsheets write when they are not asked for CSV.
WORKBOOKS = {
    b"PK\x03\x04": "a workbook (.xlsx or .ods)",
    b"\xd0\xcf\x11\xe0": "a workbook (.xls)",
    b"%PDF": "a PDF",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet counts it, and its cells, stripped, one a column."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The rows of one file under its header. Blank rows are left out."""

    file: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(file: str, content: bytes, notes: Notes) -> Table | None:
    """Read a table; its faults go to the notes. None when nothing can be made of the bytes."""
    text = _decoded(file, content, notes)
    if text is None:
        return None
    binary = BINARY.search(text)
    if binary:
        line = text.count("\n", 0, binary.start()) + 1
        notes.fault(file, f"line {line} holds the control character {binary.group()!r}: this is not a text file",
                    "Save the sheet as CSV UTF-8.")  # fmt: skip
        return None
    if not text.strip():
        notes.fault(file, "the file is empty", "The first row holds the names of the columns.")
        return None
    separator = _separator(text)
    if separator is None:
        notes.fault(file, "the separator cannot be told: comma, semicolon and tab fit the header equally well",
                    "Save the sheet as CSV with one separator.", row=1)  # fmt: skip
        return None
    return _table(file, text, separator, notes)


def _decoded(file: str, content: bytes, notes: Notes) -> str | None:
    for start, what in WORKBOOKS.items():
        if content.startswith(start):
            notes.fault(file, f"this is {what}, not CSV", "Open it and save the sheet as CSV UTF-8.")
            return None
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            text = content.decode("utf-16")
        except UnicodeDecodeError:
            notes.fault(file, "the file begins as UTF-16 and does not go on as such", "Save the sheet as CSV UTF-8.")
            return None
        notes.notice(f"{file} was read as UTF-16.")
        return text
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        first = content.count(b"\n", 0, wrong.start) + 1
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        notes.fault(file, f"the text is neither UTF-8 (line {first}) nor Windows-1252 (line {line})",
                    "Save the sheet as CSV UTF-8.")  # fmt: skip
        return None
    notes.notice(f"{file} is not UTF-8 (line {first}); it was read as Windows-1252. Look at its names with accents.")
    return text


def _separator(text: str) -> str | None:
    """Return the separator of the header outside quotes; where several stand there, the one its rows agree with."""
    header = re.sub(r'"(?:[^"]|"")*"', "", text.lstrip("\r\n"))
    counts = Counter(re.split(r"[\r\n]", header, maxsplit=1)[0])
    found = [mark for mark in SEPARATORS if counts[mark]]
    if not found:
        return ","
    if len(found) == 1:
        return found[0]
    fits = sorted(((_agreement(text, mark), counts[mark], mark) for mark in found), reverse=True)
    return fits[0][2] if fits[0][:2] > fits[1][:2] else None


def _agreement(text: str, separator: str) -> float:
    """Return the share of the first rows that are as wide as the header, in [0, 1]."""
    sample = itertools.islice(_records(text, separator), SAMPLE)
    widths = [len(cells) for _number, cells in sample if cells and any(cells)]
    return sum(width == widths[0] for width in widths) / len(widths) if widths else 0.0


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str] | None]]:
    """Yield the number and the cells of every record; None for one that breaks the quoting rules."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as wrong:
            yield number, None
            if "field limit" in str(wrong):
                return  # in the middle of a cell: what follows would be read as rows that nobody wrote


def _table(file: str, text: str, separator: str, notes: Notes) -> Table | None:
    header: tuple[str, ...] = ()
    rows = []
    for number, cells in _records(text, separator):
        if cells is None:
            notes.fault(
                file,
                "the quotation marks do not pair up from this row on",
                'A quotation mark inside a quoted cell is written twice: "".',
                row=number,
            )
            continue
        stripped = tuple(cell.strip() for cell in cells)
        if not any(stripped):
            continue
        if not header:
            header = stripped
            continue
        if len(stripped) != len(header):
            notes.fault(
                file,
                f"the row has {len(stripped)} cells, the header {len(header)}",
                "A cell that holds the separator belongs in quotation marks.",
                row=number,
            )
            continue
        rows.append(_short(file, Row(number, stripped), header, notes))
    return Table(file, header, tuple(rows)) if header and _are_distinct(file, header, notes) else None


def _short(file: str, row: Row, header: tuple[str, ...], notes: Notes) -> Row:
    """Return the row with cells that are too long left blank, which are faults."""
    for column, cell in zip(header, row.cells, strict=True):
        if len(cell) > LONGEST:
            long = say("the cell has {length:,} characters; {most:,} are the most", length=len(cell), most=LONGEST)
            hint = say("Perhaps a quotation mark was never closed.")
            notes.fault(file, long, hint, row=row.number, column=column, value=cell)
    return Row(row.number, tuple("" if len(cell) > LONGEST else cell for cell in row.cells))


def _are_distinct(file: str, header: tuple[str, ...], notes: Notes) -> bool:
    places: dict[str, list[str]] = {}
    for place, text in enumerate(header):
        if text:
            places.setdefault(text, []).append(str(place + 1))
    twice = {text: where for text, where in places.items() if len(where) > 1}
    for text, where in twice.items():
        notes.fault(file, f"columns {', '.join(where)} have the same header", "Give each column a name of its own.",
                    row=1, column=text)  # fmt: skip
    return not twice
