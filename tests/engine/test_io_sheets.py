"""Bytes become tables."""

import codecs

import pytest

from introducer.io.notes import Notes
from introducer.io.sheets import LONGEST, Row, read_table

ENCODINGS = {
    "UTF-8": lambda text: text.encode(),
    "UTF-8 with a mark": lambda text: text.encode("utf-8-sig"),
    "Windows-1252": lambda text: text.encode("cp1252"),
    "UTF-16, little end first": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "UTF-16, big end first": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
}


def table(content):
    notes = Notes()
    found = read_table("mentees.csv", content if isinstance(content, bytes) else content.encode(), notes)
    return found, notes


def reasons(content):
    return [fault.reason for fault in table(content)[1].faults]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_separator_and_line_ending_reads_the_same(encoding, separator, ending):
    lines = [["id", "name", "note"], ["cleo", "Cléo", '"a' + separator + ' ""b"""'], ["cai", "", "x"]]
    text = ending.join(separator.join(line) for line in lines) + ending
    found, notes = table(ENCODINGS[encoding](text))
    assert found.header == ("id", "name", "note")
    assert found.rows == (Row(2, ("cleo", "Cléo", f'a{separator} "b"')), Row(3, ("cai", "", "x")))
    assert not notes.faults
    assert len(notes.notices) == (encoding not in {"UTF-8", "UTF-8 with a mark"})


def test_windows_1252_is_recognized_and_the_line_that_shows_it_is_named():
    _found, notes = table("id,name\ncai,Cai\ncleo,Cléo\n".encode("cp1252"))
    assert notes.notices == [
        "mentees.csv is not UTF-8 (line 3); it was read as Windows-1252. Look at its names with accents."
    ]


def test_rows_are_counted_as_a_spreadsheet_counts_them():
    found, _notes = table('id,note\n\ncleo,"one\ntwo"\n,\ncai,x')
    assert found.rows == (Row(3, ("cleo", "one\ntwo")), Row(5, ("cai", "x")))


def test_blank_lines_before_the_header_are_rows_too():
    found, _notes = table("\n\nid;note\ncleo;x\n")
    assert (found.header, found.rows[0].number) == (("id", "note"), 4)


def test_a_header_that_holds_two_separators_is_told_apart_by_its_rows():
    found, _notes = table("id;How much, if at all, in all?\ncleo;1\ncai;2\n")
    assert found.header == ("id", "How much, if at all, in all?")


def test_a_separator_inside_the_quotes_of_a_header_does_not_count():
    found, _notes = table('"How much, if at all?";id\n1;cleo\n')
    assert found.header == ("How much, if at all?", "id")


def test_a_header_that_fits_two_separators_equally_is_a_fault():
    assert "separator cannot be told" in reasons("a,b;c\n")[0]


def test_a_header_alone_is_a_table_without_rows():
    found, notes = table("id")
    assert (found.header, found.rows, notes.faults) == (("id",), (), [])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04rest of a zip", "this is a workbook (.xlsx or .ods), not CSV"),
        (b"\xd0\xcf\x11\xe0rest", "this is a workbook (.xls), not CSV"),
        (b"%PDF-1.7", "this is a PDF, not CSV"),
        (b"id,name\ncl\x00eo,x\n", "line 2 holds the control character '\\x00': this is not a text file"),
        (b"id\n\x1b", "line 2 holds the control character '\\x1b': this is not a text file"),
        (b"", "the file is empty"),
        (b"\n \r\n", "the file is empty"),
        (b"id\n\xff\n\x81", "the text is neither UTF-8 (line 2) nor Windows-1252 (line 3)"),
        (codecs.BOM_UTF16_LE + b"i\x00d", "the file begins as UTF-16 and does not go on as such"),
    ],
)
def test_what_is_no_table_says_what_it_is(content, reason):
    found, notes = table(content)
    assert found is None
    assert [fault.reason for fault in notes.faults] == [reason]


def test_a_ragged_row_is_a_fault_and_the_others_are_read():
    found, notes = table("id,name\ncleo\ncai,Cai,x\nada,Ada\n")
    assert found.rows == (Row(4, ("ada", "Ada")),)
    assert [(fault.row, fault.reason) for fault in notes.faults] == [
        (2, "the row has 1 cells, the header 2"),
        (3, "the row has 3 cells, the header 2"),
    ]


def test_quotation_marks_that_do_not_pair_up_are_a_fault_of_their_row():
    found, notes = table('id,name\ncleo,"Cl"eo\ncai,Cai\nada,"Ada\n')
    assert found.rows == (Row(3, ("cai", "Cai")),)
    assert [fault.row for fault in notes.faults] == [2, 4]


def test_a_cell_beyond_all_bounds_ends_the_reading():
    found, notes = table('id,name\ncleo,"' + "x\n" * 90_000 + '"\ncai,Cai\n')
    assert found.rows == ()
    assert [fault.row for fault in notes.faults] == [2]


def test_a_file_whose_first_row_is_broken_is_no_table():
    assert table(b'"i"d\n')[0] is None


def test_a_cell_of_ten_thousand_characters_passes_and_one_more_does_not():
    found, notes = table("id,note\ncleo," + "x" * LONGEST + "\ncai," + "x" * (LONGEST + 1))
    assert [len(row.cells[1]) for row in found.rows] == [LONGEST, 0]
    assert [(fault.row, fault.column) for fault in notes.faults] == [(3, "note")]
    assert len(notes.faults[0].value) == 200


def test_two_columns_with_one_header_are_a_fault():
    found, notes = table("id,name,name,,\ncleo,a,b,,\n")
    assert found is None
    assert [(fault.row, fault.column, fault.reason) for fault in notes.faults] == [
        (1, "name", "columns 2, 3 have the same header")
    ]
