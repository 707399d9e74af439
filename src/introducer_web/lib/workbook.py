"""Turns a workbook (XLSX) into CSV, in a process of its own that may use little memory and little time.

Run as a program by ``sheets``: the workbook comes in by standard input, the CSV goes out by
standard output under one line of JSON that names the sheet and those that were not read. What is
refused ends with status 3 and one word on standard error. It imports nothing of the project, so
that nothing of it counts against the limits.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import resource
import sys
import zipfile
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["REFUSED", "Refused", "as_csv", "main", "scan"]

#: Exit status of a workbook that is refused; the word on standard error says why.
REFUSED = 3

#: Memory of the process, in bytes; its interpreter takes about 40 MiB of it.
MEMORY = 256 * 2**20
#: Processor time of the process, in seconds.
SECONDS = 10

#: Members of the archive, at most. A workbook of one sheet has about 10.
MEMBERS = 100
#: Size of all members once unpacked, at most, in bytes.
UNPACKED = 50 * 2**20
#: Bytes that one packed byte may become, for members of more than ``SMALL`` bytes. Sheets reach about 30.
RATIO = 100
SMALL = 64 * 2**10
#: Rows and columns of a sheet, at most.
ROWS, COLUMNS = 50_000, 500

CHUNK = 2**20
_DECLARES = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


class Refused(Exception):
    """A workbook that is not read; its text is one word."""


def scan(content: bytes) -> None:
    """Unpack the archive once, within the limits, keeping nothing.

    Raises
    ------
    Refused
        ``members``, ``unpacked``, ``ratio``, ``password``, ``nested``, ``entities``, ``broken``, or
        ``other`` for an archive that is no workbook.
    """
    if content.count(b"PK\x01\x02") > MEMBERS:  # counted before the list of members is built
        raise Refused("members")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > UNPACKED:
                raise Refused("unpacked")
            for member in members:
                if member.file_size > SMALL and member.file_size > RATIO * member.compress_size:
                    raise Refused("ratio")
                if member.flag_bits & 1:
                    raise Refused("password")
            for member in members:
                _look_into(archive, member)
            if "xl/workbook.xml" not in archive.namelist():
                raise Refused("other")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, ValueError) as wrong:
        raise Refused("broken") from wrong


def _look_into(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Read a member to its end: its size is what it says, it is no archive, and it declares no entities."""
    end = b""
    with archive.open(member) as stream:
        while chunk := stream.read(CHUNK):
            if not end and chunk.startswith(b"PK\x03\x04"):
                raise Refused("nested")
            window = (end + chunk).replace(b"\0", b"")  # UTF-16 too
            if _DECLARES.search(window):
                raise Refused("entities")
            end = window[-16:] or b" "


def as_csv(content: bytes) -> tuple[str, list[str], Iterator[list[str]]]:
    """Return the name of the first sheet that holds anything, the names of the others, and its rows as text."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - after the limits and the scan

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.total_height > ROWS or sheet.total_width > COLUMNS:
            raise Refused("wide")
        if sheet.start is not None:
            # Blank rows above it are among them: rows keep the numbers that the spreadsheet shows.
            rows = ([_text(cell) for cell in row] for row in sheet.iter_rows())
            return name, [other for other in workbook.sheet_names if other != name], rows
    raise Refused("empty")


def _text(cell: object) -> str:
    """Return what a cell shows, dates as ISO 8601, whole numbers without a point."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    return str(cell)


def main() -> None:
    """Read standard input, write standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = sys.stdin.buffer.read()
    try:
        scan(content)
        name, others, rows = as_csv(content)
    except Refused as why:
        sys.stdout.buffer.write(str(why).encode())
        sys.stdout.buffer.flush()
        sys.exit(REFUSED)
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
    out.write(json.dumps({"sheet": name, "others": others}) + "\n")
    csv.writer(out, lineterminator="\n").writerows(rows)
    out.flush()


if __name__ == "__main__":
    main()
