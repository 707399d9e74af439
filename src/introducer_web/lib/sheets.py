"""Sheets: bytes that people upload become a table of texts; tables that they download hold no formula.

CSV is taken as the engine takes it: UTF-8 with or without its mark, UTF-16, Windows-1252, which is
reported; comma, semicolon or tab; rows counted as a spreadsheet does. XLSX is read by a process of
its own with little memory and little time (``workbook``). Everything else is refused with a
sentence that says what to do.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import json
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from introducer_web.lib.errors import DomainError
from introducer_web.lib.workbook import REFUSED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["BYTES", "COLUMNS", "ROWS", "Source", "Table", "Unreadable", "neutral", "neutral_csv", "read", "table"]

#: Size of an upload, at most, in bytes.
BYTES = 10 * 2**20
#: Rows and columns of a table, at most.
ROWS, COLUMNS = 20_000, 200
#: Seconds that a workbook may take; its process gives up earlier by itself.
SECONDS = 15
#: Rows that are looked at when the header leaves the separator open.
SAMPLE = 50

_BINARY = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_FORMULA = ("=", "+", "-", "@")
#: Where a spreadsheet of another country may begin a new cell in the middle of ours.
_INSIDE = re.compile(r"([;\t\r\n])(?=[\s\x00-\x1f\x7f]*[=+\-@＝＋－＠﹢﹣﹦﹫−])")


class Unreadable(DomainError):
    """An upload that cannot be read as a table."""


@dataclass(frozen=True)
class Source:
    """The text of an upload, as CSV, and what should be known of how it was read."""

    text: str
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A header and rows of texts.

    Attributes
    ----------
    header : tuple of str
        Distinct: a column without a header, or with one that another has, gets its number.
    header_row : int
        The row that the header stands in, from 1.
    rows : tuple of (int, tuple of str)
        The number of each row that is not blank, as a spreadsheet counts it, and its cells.
    uneven : tuple of (int, int)
        The number of each row that has another number of cells than the header, and that number.
        -1: its quotation marks do not pair up.
    """

    header: tuple[str, ...]
    header_row: int
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    uneven: tuple[tuple[int, int], ...] = ()


def read(content: bytes) -> Source:
    """Return what an upload holds, as CSV.

    Raises
    ------
    Unreadable
        With what to do instead.
    """
    if len(content) > BYTES:
        raise Unreadable(
            _("The file is larger than %(size)s MB. Split it, or leave out columns that nobody needs here.")
            % {"size": BYTES // 2**20}
        )
    if content.startswith(b"PK"):
        return _workbook(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(
            _("This is an old workbook (.xls), or one with a password. Save it as .xlsx or CSV without a password.")
        )
    if content.startswith(b"%PDF"):
        raise Unreadable(_("This is a PDF. Export the table itself, as .xlsx or CSV."))
    source = _decoded(content)
    binary = _BINARY.search(source.text)
    if binary:
        line = source.text.count("\n", 0, binary.start()) + 1
        raise Unreadable(
            _("This is no table: line %(line)s holds characters that no text has. Save the sheet as .xlsx or CSV.")
            % {"line": line}
        )
    if not source.text.strip():
        raise Unreadable(_("The file is empty. Its first row holds the names of the columns."))
    return source


def _decoded(content: bytes) -> Source:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return Source(content.decode("utf-16"), (_("The file was read as UTF-16."),))
        except UnicodeDecodeError as wrong:
            raise Unreadable(_("The file breaks off in the middle. Save the sheet as CSV UTF-8.")) from wrong
    try:
        return Source(content.decode("utf-8-sig"))
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as wrong:
        raise Unreadable(
            _("The text is in no encoding that is known here, neither UTF-8 nor Windows-1252. Save it as CSV UTF-8.")
        ) from wrong
    told = _("The file is not UTF-8 (line %(line)s); it was read as Windows-1252. Look at names with accents.")
    return Source(text, (told % {"line": line},))


def _workbook(content: bytes) -> Source:
    program = Path(__file__).with_name("workbook.py")
    try:
        done = subprocess.run(  # noqa: S603 - our own program, whose only input is what is read
            [sys.executable, "-I", str(program)], input=content, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as wrong:
        raise Unreadable(_why("memory")) from wrong
    if done.returncode:
        word = done.stdout.decode("utf-8", "replace")
        raise Unreadable(_why(word if done.returncode == REFUSED else "memory" if done.returncode < 0 else "broken"))
    head, _newline, text = done.stdout.decode("utf-8").partition("\n")
    said = json.loads(head)
    notices = []
    if said["others"]:
        others = ", ".join(f"“{name}”" for name in said["others"])
        told = _("Only the sheet “%(sheet)s” was read. The workbook has other sheets, too: %(others)s.")
        notices.append(told % {"sheet": said["sheet"], "others": others})
    return Source(text, tuple(notices))


def _why(word: str) -> str:
    """Return the sentence of a workbook that is refused."""
    too_much = _(
        "The workbook unpacks to more than can be read here. Copy the one sheet into a new workbook, as values."
    )
    return {
        "members": _("The workbook has too many parts. Copy the one sheet into a new workbook, as values."),
        "unpacked": too_much,
        "ratio": too_much,
        "memory": too_much,
        "wide": _("The sheet has too many rows or columns. Delete the empty ones, or split it."),
        "password": _("The workbook has a password. Save it without one."),
        "nested": _("The workbook holds another archive. Copy the one sheet into a new workbook, as values."),
        "entities": _("The workbook holds declarations that no spreadsheet writes. Save the sheet as CSV."),
        "other": _("This is no .xlsx workbook. Save the sheet as .xlsx or CSV."),
        "empty": _("All sheets of the workbook are empty. The first row holds the names of the columns."),
    }.get(word, _("The workbook is damaged and cannot be opened. Save it again as .xlsx, or as CSV."))


def table(text: str) -> Table:
    """Return the table that a text in CSV holds.

    Raises
    ------
    Unreadable
        If there is no header, or too much.
    """
    records = _records(text, _separator(text))
    header_row, header = next(((number, cells) for number, cells in records if cells is None or any(cells)), (0, ()))
    if header is None:
        raise Unreadable(_("The quotation marks of the header do not pair up."))
    if not header:
        raise Unreadable(_("The file is empty. Its first row holds the names of the columns."))
    if len(header) > COLUMNS:
        raise Unreadable(_("The sheet has more than %(most)s columns. Leave some out.") % {"most": COLUMNS})
    rows = []
    uneven = []
    for number, cells in records:
        if cells is None or (any(cells) and len(cells) != len(header)):
            uneven.append((number, -1 if cells is None else len(cells)))
        elif any(cells):
            rows.append((number, cells))
        if len(rows) + len(uneven) > ROWS:
            raise Unreadable(_("The sheet has more than %(most)s rows. Split it.") % {"most": f"{ROWS:,}"})
    if not rows and not uneven:
        raise Unreadable(_("There is no row under the header."))
    return Table(_distinct(header), header_row, tuple(rows), tuple(uneven))


def _distinct(header: Sequence[str]) -> tuple[str, ...]:
    seen: set[str] = set()
    found = []
    for place, text in enumerate(header, start=1):
        name = text
        if not name or name in seen:
            name = (_("%(text)s (column %(place)s)") % {"text": text, "place": place}).strip()
        seen.add(name)
        found.append(name)
    return tuple(found)


def _separator(text: str) -> str:
    """Return the separator of the header outside quotes; where several stand there, the one its rows agree with."""
    bare = re.sub(r'"(?:[^"]|"")*"', "", text[:100_000].lstrip("\r\n"))
    counts = Counter(re.split(r"[\r\n]", bare, maxsplit=1)[0])
    found = [mark for mark in (",", ";", "\t") if counts[mark]]
    return max(found, key=lambda mark: (_agreement(text, mark), counts[mark])) if found else ","


def _agreement(text: str, separator: str) -> float:
    """Return the share of the first rows that are as wide as the header, in [0, 1]."""
    widths = [len(cells) for _n, cells in itertools.islice(_records(text, separator), SAMPLE) if cells and any(cells)]
    return sum(width == widths[0] for width in widths) / len(widths) if widths else 0.0


def _records(text: str, separator: str) -> Iterator[tuple[int, tuple[str, ...] | None]]:
    """Yield the number and the stripped cells of every record; None for one that breaks the quoting rules."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    for number in itertools.count(1):
        try:
            yield number, tuple(cell.strip() for cell in next(reader))
        except StopIteration:
            return
        except csv.Error as wrong:
            yield number, None
            if "field limit" in str(wrong):
                return  # in the middle of a cell: what follows would be read as rows that nobody wrote


def neutral(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula: a text that might be one gets an apostrophe.

    What a spreadsheet skips is skipped here: spaces and control characters at the beginning, tabs and
    NUL among them; and full-width signs count as signs. Numbers stay numbers.
    """
    if not isinstance(cell, str):
        return "" if cell is None else cell
    bare = next((mark for mark in cell if not mark.isspace() and unicodedata.category(mark) not in {"Cc", "Cf"}), "")
    first = "'" if unicodedata.normalize("NFKC", bare).startswith((*_FORMULA, "−")) else ""
    return first + _INSIDE.sub(r"\1'", cell)


def neutral_csv(rows: Iterable[Iterable[object]]) -> str:
    """Return rows as CSV, every cell quoted and neutral. Encode it as ``utf-8-sig`` for spreadsheets."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return out.getvalue()
