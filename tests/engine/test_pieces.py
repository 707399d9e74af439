"""Texts in pieces: the same whole, and the first difference of a file."""

import json

import pytest

from introducer.io import pieces
from introducer.io.documents import sealed, unsealed
from introducer.io.pieces import Pieces, difference, gathered


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    monkeypatch.setattr(pieces, "SIZE", 5)


def test_small_pieces_are_joined_and_the_whole_stays():
    assert list(gathered(["ab", "cd", "", "efg", "h"])) == ["abcdefg", "h"]
    assert list(gathered([])) == []


def test_a_text_is_made_anew_whenever_it_is_read():
    made = []

    def make():
        made.append(1)
        return ["one ", "two ", "three"]

    text = Pieces(make)
    assert list(text) == ["one two ", "three"]
    assert str(text) == "one two three"
    assert len(made) == 2


def test_a_sealed_document_in_pieces_is_the_one_of_the_standard_library():
    document = {"b": [1.5, None, {"é": "ü"}], "a": {}, "c": [], "d": {"x": {"y": -0.0}}}
    text = sealed(document)
    found = json.loads(text)
    assert text == json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    assert {key: found[key] for key in document} == document
    assert not unsealed(text)


@pytest.mark.parametrize("edit", [lambda t: t + " ", lambda t: t.replace("1.5", "1.6"), lambda t: t[:-1]])
def test_an_edit_of_a_sealed_document_shows(edit):
    assert unsealed(edit(sealed({"a": 1.5, "b": "text"})))


LINES = "first line\nsecond line, é\n" + "x" * 60 + "end of a long line\nlast\n"


def told(tmp_path, text, expected=LINES):
    path = tmp_path / "some.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return difference(path, Pieces(lambda: iter(expected)))


def test_a_file_that_is_as_it_should_be_has_no_difference(tmp_path):
    assert told(tmp_path, LINES) == []
    assert told(tmp_path, "", "") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LINES.replace("first", "fist"), "line 1: holds 'fist line\\n', and 'first line\\n' follows"),
        (LINES.replace("é", "e"), "line 2: holds 'second line, e\\n', and 'second line, é\\n' follows"),
        (
            LINES.replace("end of", "END of"),
            f"line 3: holds '{'x' * 40}END of a long line\\n', and '{'x' * 40}end of a long line\\n' follows",
        ),
        (LINES[:-5], "line 4: holds nothing, and 'last\\n' follows"),
        (LINES[:-2], "line 4: holds 'las', and 'last\\n' follows"),
        (LINES + "more\nand more\n", "line 5: holds 'more\\n', and nothing follows"),
        (LINES[:-1], "line 4: holds 'last', and 'last\\n' follows"),
        (LINES.replace("\n", "\r\n"), "line 1: holds 'first line\\r\\n', and 'first line\\n' follows"),
        ("", "line 1: holds nothing, and 'first line\\n' follows"),
    ],
)
def test_the_first_difference_is_told_with_its_line(tmp_path, text, said):
    [found] = told(tmp_path, text)
    assert found == f"some.csv, {said} from the input."


def test_of_a_long_line_a_piece_is_told(tmp_path):
    [found] = told(tmp_path, "a" * 500 + "b" * 500, "a" * 500 + "c" * 500)
    assert found.startswith(f"some.csv, line 1: holds '{'a' * 40}{'b' * 60}', and '{'a' * 40}c")


def test_what_is_no_text_or_not_there_is_told(tmp_path):
    assert told(tmp_path, b"first \xff") == ["some.csv is not UTF-8."]
    assert difference(tmp_path / "other.csv", ["x"]) == ["other.csv is missing."]
