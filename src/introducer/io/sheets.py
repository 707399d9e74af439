"""Bytes of a CSV file become a table.

UTF-8 with or without a byte-order mark; Windows-1252 where the bytes are not UTF-8, which is
reported; UTF-16 with its mark. Comma, semicolon or tab. Any line ending; a quoted cell may hold
line breaks. Rows are counted as a spreadsheet does: the header is row 1, a blank line is a row,
a line break inside quotes is none.
"""

from __future__ import annotations

import codecs
import csv
import itertools
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from introducer.saying import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from introducer.io.notes import Notes

    Places = NDArray[np.integer]

__all__ = ["LONGEST", "Column", "Row", "Table", "read_table"]

#: Characters of a cell, at most. Longer ones are a quotation mark that was never closed.
LONGEST = 10_000

#: Rows that are looked at when the header alone leaves the separator open.
SAMPLE = 50

#: Rows that are held as they were read, at most, before their cells go to the columns.
BLOCK = 4_096

SEPARATORS = (",", ";", "\t")

# Control characters that no text editor writes; tab, line feed and carriage return are fine.
BINARY = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")

_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_HEADER = re.compile(rf"(?:{_QUOTED.pattern}|[^\r\n])*")

#: A line with its ending, as a CSV reader wants them; none of what else Unicode calls a line's end.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+")

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


@dataclass(frozen=True, slots=True)
class Column:
    """The cells of one column, where each text stands once: most columns of a form hold few different ones.

    Attributes
    ----------
    texts : list of str
        In order of appearance, stripped.
    places : ndarray of unsigned int, shape (R,)
        Place of each row's text.
    """

    texts: list[str]
    places: Places


@dataclass(frozen=True)
class Table:
    """The rows of one file under its header. Blank rows are left out.

    Attributes
    ----------
    file : str
    header : tuple of str
        C texts.
    numbers : ndarray of int64, shape (R,)
        Of each row, as a spreadsheet counts it; ascending.
    columns : tuple of Column
        C columns.
    """

    file: str
    header: tuple[str, ...]
    numbers: NDArray[np.int64]
    columns: tuple[Column, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """All cells, row by row; for tables that are small or narrow."""
        columns = [[column.texts[place] for place in column.places.tolist()] for column in self.columns]
        return tuple(map(Row, self.numbers.tolist(), zip(*columns, strict=True)))


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
    if not text or text.isspace():
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
    first = re.search(r"[^\r\n]", text)
    header = _HEADER.match(text, first.start() if first else 0)
    counts = Counter(_QUOTED.sub("", header.group() if header else ""))
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
    reader = csv.reader((line.group() for line in _LINE.finditer(text)), delimiter=separator, strict=True)
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


class _Texts(dict[str, int]):
    """The place of every text of a column; one that is new gets the next."""

    def __init__(self) -> None:
        super().__init__()
        self.stripped: list[str] = []

    def __missing__(self, text: str) -> int:
        stripped = text.strip()
        if stripped != text:
            place = self[stripped]
        else:
            place = len(self.stripped)
            self.stripped.append(text)
        self[text] = place
        return place


class _Block:
    """Rows on their way into columns."""

    def __init__(self, width: int) -> None:
        self._texts = [_Texts() for _column in range(width)]
        self._parts: list[list[Places]] = [[] for _column in range(width)]
        self._rows: list[list[str]] = []

    def add(self, cells: list[str]) -> None:
        self._rows.append(cells)
        if len(self._rows) == BLOCK:
            self._empty()

    def _empty(self) -> None:
        for texts, parts, cells in zip(self._texts, self._parts, zip(*self._rows, strict=True), strict=False):
            places = np.fromiter(map(texts.__getitem__, cells), np.uint32, len(cells))
            parts.append(places.astype(np.min_scalar_type(len(texts.stripped))))
        self._rows.clear()

    def columns(self) -> tuple[Column, ...]:
        self._empty()
        return tuple(
            Column(texts.stripped, np.concatenate([np.zeros(0, np.uint8), *parts]))
            for texts, parts in zip(self._texts, self._parts, strict=True)
        )


def _table(file: str, text: str, separator: str, notes: Notes) -> Table | None:
    header: tuple[str, ...] = ()
    block = _Block(0)
    numbers: list[int] = []
    for number, cells in _records(text, separator):
        if cells is None:
            notes.fault(
                file,
                "the quotation marks do not pair up from this row on",
                'A quotation mark inside a quoted cell is written twice: "".',
                row=number,
            )
            continue
        if not any(map(str.strip, cells)):
            continue
        if not header:
            header = tuple(map(str.strip, cells))
            block = _Block(len(header))
            continue
        if len(cells) != len(header):
            notes.fault(
                file,
                f"the row has {len(cells)} cells, the header {len(header)}",
                "A cell that holds the separator belongs in quotation marks.",
                row=number,
            )
            continue
        numbers.append(number)
        block.add(cells)
    table = Table(file, header, np.array(numbers, np.int64), block.columns())
    for column, own in zip(header, table.columns, strict=True):
        _shorten(table, column, own, notes)
    return table if header and _are_distinct(file, header, notes) else None


def _shorten(table: Table, header: str, column: Column, notes: Notes) -> None:
    """Leave cells blank that are too long, which are faults."""
    long = [place for place, text in enumerate(column.texts) if len(text) > LONGEST]
    for row in np.flatnonzero(np.isin(column.places, long)).tolist() if long else ():
        cell = column.texts[column.places[row]]
        told = say("the cell has {length:,} characters; {most:,} are the most", length=len(cell), most=LONGEST)
        hint = say("Perhaps a quotation mark was never closed.")
        notes.fault(table.file, told, hint, row=int(table.numbers[row]), column=header, value=cell)
    for place in long:
        column.texts[place] = ""


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
