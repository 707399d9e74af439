"""Sheets: what is read, what is refused within 2 seconds and 256 MiB, and what no download holds."""

import csv
import datetime as dt
import io
import json
import random
import resource
import struct
import subprocess
import sys
import time
import zipfile
from types import SimpleNamespace

import pytest
from openpyxl import Workbook
from sheet_tools import HEADER, PEOPLE, as_csv, as_xlsx

from introducer_web.lib import sheets, workbook

SHEET = "xl/worksheets/sheet1.xml"
NOISE = random.Random(1).randbytes(2**19).hex().encode()  # noqa: S311 - so that it does not pack


def archive(members, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return out.getvalue()


def workbook_with(name, content):
    """Return a good workbook with one member put in."""
    out = io.BytesIO(as_xlsx(PEOPLE))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, content)
    return out.getvalue()


def far_corner():
    book = Workbook()
    book.active["A1"], book.active["XFD1048576"] = "email", "x"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repeated_text():
    """Return a workbook whose one long text stands in very many cells."""
    cell = "".join(f'<c r="{column}{{row}}" t="s"><v>0</v></c>' for column in "ABCDEFGHIJKLMNOP")
    rows = "".join(f'<row r="{row}">{cell.replace("{row}", str(row))}</row>' for row in range(1, 20_001))
    good = zipfile.ZipFile(io.BytesIO(as_xlsx(PEOPLE)))
    members = {name: good.read(name) for name in good.namelist()}
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    members[SHEET] = b"<worksheet " + space + b"><sheetData>" + rows.encode() + b"</sheetData></worksheet>"
    members["xl/sharedStrings.xml"] = b"<sst " + space + b"><si><t>" + b"ab" * 15_000 + b"</t></si></sst>"
    return archive(members)


def locked():
    content = bytearray(as_xlsx(PEOPLE))
    for start in (b"PK\x01\x02", b"PK\x03\x04"):
        at = content.find(start) + (8 if start == b"PK\x01\x02" else 6)
        content[at] |= 1
    return bytes(content)


BOMBS = {
    "a thousand to one": (lambda: workbook_with(SHEET + ".xml", b"0" * 30 * 2**20), "unpacks to more"),
    "more than 50 MiB": (lambda: workbook_with("xl/a.bin", b"0123456789abcdef" * (4 * 2**20)), "unpacks to more"),
    "entities": (
        lambda: workbook_with("xl/x.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cc">]><a>&b;</a>'),
        "declarations",
    ),
    "entities in UTF-16": (
        lambda: workbook_with("xl/x.xml", '<?xml version="1.0"?><!DOCTYPE a []><a/>'.encode("utf-16")), "declarations"
    ),
    "entities behind a lot": (lambda: workbook_with("xl/x.xml", b"<a>" + NOISE + b"<!ENTITY"), "declarations"),
    "many members": (lambda: archive({f"xl/{number}.xml": b"<a/>" for number in range(20_000)}), "too many parts"),
    "an archive inside": (lambda: workbook_with("xl/inner.bin", as_xlsx(PEOPLE)), "another archive"),
    "a cell in the far corner": (far_corner, "too many rows or columns|unpacks to more"),
    "one long text everywhere": (repeated_text, "unpacks to more"),
    "11 MiB": (lambda: b"PK\x03\x04" + b"x" * (11 * 2**20), "larger than 10 MB"),
    "a text document": (lambda: archive({"word/document.xml": b"<a/>"}), "no .xlsx workbook"),
    "half a file": (lambda: as_xlsx(PEOPLE)[:3000], "damaged"),
    "a size that is not true": (
        lambda: as_xlsx(PEOPLE).replace(struct.pack("<I", len(_sheet())), struct.pack("<I", 10)), "damaged"
    ),
    "a password": (locked, "password"),
    "an old workbook": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, r"\.xls"),
    "a PDF": (lambda: b"%PDF-1.7 ...", "PDF"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "no table"),
    "an empty workbook": (lambda: as_xlsx([], []), "empty"),
}  # fmt: skip


def _sheet():
    return zipfile.ZipFile(io.BytesIO(as_xlsx(PEOPLE))).read(SHEET)


@pytest.mark.parametrize("name", BOMBS)
def test_what_is_no_harmless_table_is_refused_in_two_seconds(name):
    make, words = BOMBS[name]
    content = make()
    begin = time.monotonic()
    with pytest.raises(sheets.Unreadable, match=words):
        sheets.table(sheets.read(content).text)
    assert time.monotonic() - begin < 2.0


#: A small process that runs the program and tells its peak: a large one would count its own memory with it.
PEAK = """
import resource, subprocess, sys
subprocess.run([sys.executable, "-I", sys.argv[1]], stdin=sys.stdin, capture_output=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.parametrize("name", [name for name, (make, _words) in BOMBS.items() if make()[:2] == b"PK"])
def test_no_workbook_takes_more_than_256_mib(name):
    told = subprocess.run([sys.executable, "-c", PEAK, workbook.__file__], input=BOMBS[name][0](), capture_output=True,
                          check=True)  # fmt: skip
    assert int(told.stdout) < 256 * 1024


def test_a_workbook_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(sheets, "SECONDS", 0.001)
    with pytest.raises(sheets.Unreadable, match="unpacks to more"):
        sheets.read(as_xlsx(PEOPLE))


def every_kind_of_cell():
    book = Workbook()
    page = book.active
    page.title = "People"
    for row in (
        ["when", "day", "n", "x", "yes", "t"],
        [
            dt.datetime(2027, 1, 2, 3, 4),  # noqa: DTZ001 - a spreadsheet knows no zones
            dt.date(2027, 1, 2),
            3,
            2.5,
            True,
            "a;b",
        ],
    ):
        page.append(row)
    page["A3"] = "=1+1"
    page["B4"] = dt.time(7, 30)
    book.create_sheet("Notes")["A1"] = "n"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_is_read_as_its_values():
    source = sheets.read(every_kind_of_cell())
    table = sheets.table(source.text)
    assert table.header == ("when", "day", "n", "x", "yes", "t")
    assert table.rows[0] == (2, ("2027-01-02 03:04:00", "2027-01-02", "3", "2.5", "TRUE", "a;b"))
    assert table.rows[1] == (4, ("", "07:30:00", "", "", "", "")), "no formula, and rows keep their numbers"
    assert source.notices == ("Only the sheet “People” was read. The workbook has other sheets, too: “Notes”.",)


def test_the_first_sheet_with_anything_is_read_and_rows_keep_their_numbers():
    book = Workbook()
    page = book.create_sheet("Second")
    page["B3"], page["C3"], page["B5"], page["C5"] = "email", "name", "a@example.org", "A"
    out = io.BytesIO()
    book.save(out)
    table = sheets.table(sheets.read(out.getvalue()).text)
    assert (table.header, table.header_row) == (("email", "name"), 3)
    assert table.rows == ((5, ("a@example.org", "A")),)


def test_the_child_says_the_same_within_this_process(monkeypatch):
    workbook.scan(as_xlsx(PEOPLE))
    name, others, rows = workbook.as_csv(as_xlsx(PEOPLE))
    assert (name, others) == ("Sheet", [])
    assert next(rows) == HEADER
    for kind, why in {
        "members": "many members", "ratio": "a thousand to one", "nested": "an archive inside",
        "password": "a password", "unpacked": "more than 50 MiB", "entities": "entities in UTF-16",
        "broken": "half a file", "other": "a text document",
    }.items():  # fmt: skip
        with pytest.raises(workbook.Refused, match=kind):
            workbook.scan(BOMBS[why][0]())
    with pytest.raises(workbook.Refused, match="empty"):
        workbook.as_csv(as_xlsx([], []))
    monkeypatch.setattr(workbook, "ROWS", 2)
    with pytest.raises(workbook.Refused, match="wide"):
        workbook.as_csv(as_xlsx(PEOPLE))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_with_any_separator_encoding_and_line_ending_is_read(separator):
    text = f'\r\nname{separator}what, if; any{separator}"two\nlines"\r\nZoë{separator}x{separator}y\r\n'.replace(
        "what, if; any", '"what, if; any"'
    )
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        source = sheets.read(text.encode(encoding))
        table = sheets.table(source.text)
        assert table.header == ("name", "what, if; any", "two\nlines")
        assert table.rows == ((3, ("Zoë", "x", "y")),)
        assert bool(source.notices) == (encoding in ("utf-16", "cp1252"))


def test_a_separator_that_the_rows_agree_with_wins():
    assert sheets.table("a;what, if any\n1;2\n3;4\n").header == ("a", "what, if any")


def test_headers_are_told_apart_and_uneven_rows_are_named():
    table = sheets.table('a,a,,b\n1,2,3,4\n1,2\n\n5,6,7,8\n"x"y,1,2,3\n')
    assert table.header == ("a", "a (column 2)", "(column 3)", "b")
    assert [number for number, _cells in table.rows] == [2, 5]
    assert table.uneven == ((3, 2), (6, -1))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfea", "breaks off"), (b"a,b\n\x81\xff\n", "in no encoding"), (b"a\x01,b\n1,2\n", "line 1"),
        (b"  \n", "empty"), (b"\n\n,,\n", "empty"), (b"a,b\n", "no row"), (b'"a"x,b\n1,2\n', "of the header"),
        (b",".join([b"h"] * 201) + b"\n", "200 columns"), (b"a\n" + b"1\n" * 20_001, "20,000 rows"),
    ],
)  # fmt: skip
def test_text_that_is_no_table_is_refused_with_what_to_do(content, words):
    with pytest.raises(sheets.Unreadable, match=words):
        sheets.table(sheets.read(content).text)


def test_a_cell_without_an_end_is_a_row_that_breaks_off():
    table = sheets.table('a,b\n1,2\n"' + "x" * 140_000 + "\n")
    assert table.uneven == ((3, -1),)


FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", "\r=1", "\n=1", " =1", "\0=1", "\x0b\x0c=1",
    "\u00a0=1", "\u200b=1", "\ufeff=1", "＝1", "＋1", "－1", "＠A1", "﹣1", "﹢1", "−1", " \t\r\n\0＝1", "\u2003@x",
    "\x1f+1", "\x7f=1", '=HYPERLINK("http://x","y")', "-2+3", "@", "=",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_download_is_a_formula(text):
    (cells,) = csv.reader(io.StringIO(sheets.neutral_csv([[text, "plain"]]), newline=""))
    assert cells[0].startswith("'")
    assert cells[1] == "plain"


def test_a_formula_does_not_hide_behind_the_separator_of_another_country():
    assert sheets.neutral("a;=1") == "a;'=1"
    assert sheets.neutral("a\n\t=1") == "a\n'\t'=1"
    assert sheets.neutral("pre-registered; well-known = yes") == "pre-registered; well-known = yes"


def test_numbers_blanks_and_plain_words_stay_as_they_are():
    text = sheets.neutral_csv([[-3, 2.5, None, "", "a@b.org", "'quoted", "x=1"]])
    assert text == '"-3","2.5","","","a@b.org","\'quoted","x=1"\r\n'


def test_people_are_read_alike_from_both_kinds_of_sheet():
    by_csv, by_xlsx = (sheets.table(sheets.read(make(PEOPLE)).text) for make in (as_csv, as_xlsx))
    assert by_csv == by_xlsx


def test_the_program_writes_what_it_read_and_a_word_for_what_it_refused(monkeypatch):
    limits = []
    monkeypatch.setattr(resource, "setrlimit", lambda kind, limit: limits.append((kind, limit)))
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(every_kind_of_cell())))
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=out))
    out.close = lambda: None
    workbook.main()
    head, _newline, text = out.getvalue().decode().partition("\n")
    assert json.loads(head) == {"sheet": "People", "others": ["Notes"]}
    assert text.startswith("when,day,n,x,yes,t\n2027-01-02 03:04:00,2027-01-02,3,2.5,TRUE,a;b\n")
    assert (resource.RLIMIT_AS, (2**28, 2**28)) in limits
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"PK nothing")))
    refused = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=refused))
    with pytest.raises(SystemExit) as ended:
        workbook.main()
    assert ended.value.code == workbook.REFUSED
    assert refused.getvalue() == b"broken"
