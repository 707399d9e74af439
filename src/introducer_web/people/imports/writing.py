"""The folder that the engine reads: ``program.toml``, the sheet under headers of our own, nothing that is left out.

A column that no field reads is not in it, so that what only a person can say for themselves never
leaves the sealed sheet. Columns are called ``§1§``, ``§2§`` ... by their place in the sheet, so
that no header is taken for a field that nobody chose; ``own_words`` puts the headers back.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

from introducer_web.people.models import SheetImport

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from introducer_web.lib.sheets import Table
    from introducer_web.programs.models import Program

    #: By field: the headers that feed it.
    Mapped = Mapping[str, Sequence[str]]
    #: By kind of cell and spelling: the meaning.
    Spelled = Mapping[str, Mapping[str, str]]

__all__ = ["folder", "header_file", "headers_alone", "own_words", "program_file", "rows_file", "sentence", "ties_file"]

_TOKEN = re.compile("§([0-9]+)§")
_FILE = re.compile(r"^(?:mentees|mentors|ties)\.csv(?:: |, )")
_TEXT = r'"(?:[^"\\]|\\.)*"'
#: What the engine says to those who have files before them, in any language.
_ABOUT_FILES = re.compile(rf"(?:,|(?<=[?\"])|^)[^,?:]*: \[values\.\w+\] {_TEXT} = (?:{_TEXT}|\w+)"
                          r"|,[^,]* duplicates = .*$| \(\[import\] any_count\)")  # fmt: skip


def folder(program: Program, what: str, table: Table, mapping: Mapped, values: Spelled) -> dict[str, str]:
    """Return the folder of a sheet of people. Where a row has no id, its address is one."""
    places = {name: [table.header.index(header) for header in headers] for name, headers in mapping.items()}
    places["id"] = [*places.get("id", []), *places.get("email", [])]
    used = sorted({place for each in places.values() for place in each})
    columns = {name: [f"§{place + 1}§" for place in each] for name, each in places.items()}
    other = "mentors" if what == SheetImport.What.MENTEES else "mentees"
    return {
        "program.toml": program_file(program, {what: columns}, values),
        f"{what}.csv": rows_file(table, used),
        f"{other}.csv": "id\n",
    }


def headers_alone(program: Program, what: str, table: Table, most: int) -> dict[str, str]:
    """Return the folder of a sheet as it was uploaded, with its first rows: for proposing a mapping."""
    other = "mentors" if what == SheetImport.What.MENTEES else "mentees"
    rows = [table.header, *(cells for _number, cells in table.rows[:most])]
    return {"program.toml": program_file(program, {}, {}), f"{what}.csv": _csv(rows), f"{other}.csv": "id\n"}


def header_file(headers: Sequence[str]) -> str:
    """Return a sheet that holds its header alone."""
    return _csv([headers])


def rows_file(table: Table, used: Sequence[int]) -> str:
    """Return the used columns, every row where it stands in the sheet."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    out.write("\n" * (table.header_row - 1))
    writer.writerow([f"§{place + 1}§" for place in used])
    line = table.header_row
    for number, cells in table.rows:
        out.write("\n" * (number - line - 1))
        writer.writerow([cells[place] for place in used])
        line = number
    return out.getvalue()


def ties_file(rows: Iterable[tuple[int, Sequence[str]]]) -> str:
    """Return ``ties.csv`` with rows (kind, mentee, mentor), each where it stands in the sheet."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(["kind", "mentee", "mentor"])
    line = 1
    for number, cells in rows:
        out.write("\n" * (number - line - 1))
        writer.writerow(cells)
        line = number
    return out.getvalue()


def _csv(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return out.getvalue()


def program_file(program: Program, columns: Mapping[str, Mapped], values: Spelled) -> str:
    """Return ``program.toml``: the template, the program's own words over it, the mapping and the spellings."""
    lines = [
        "format = 1", "", "[program]", f"name = {_toml(program.name)}", f"template = {_toml(program.template)}", "",
        "[policy]", f"team_size = {program.team_size}", f"capacity = {program.capacity}", 'privacy = "neutral"',
    ]  # fmt: skip
    for side, mapping in columns.items():
        lines += ["", f"[columns.{side}]"]
        lines += [f"{_toml(name)} = {_toml(list(headers))}" for name, headers in mapping.items()]
    for kind, spellings in values.items():
        lines += ["", f"[values.{kind}]"]
        lines += [f"{_toml(text)} = {_meaning(kind, meaning)}" for text, meaning in spellings.items()]
    for domain in program.domains.order_by("place", "pk").prefetch_related("topics"):
        topics = ", ".join(_inline(topic) for topic in sorted(domain.topics.all(), key=lambda x: (x.place, x.pk)))
        lines += ["", "[[domains]]", *_term(domain), f"topics = [{topics}]"]
    for experience in program.experiences.order_by("place", "pk"):
        lines += ["", "[[experiences]]", *_term(experience)]
    return "\n".join(lines) + "\n"


def _term(word: Any) -> list[str]:
    given = {"id": word.key, "name": word.name, "text": word.text, "sensitive": word.sensitive}
    return [f"{key} = {_toml(value)}" for key, value in given.items()]


def _inline(word: Any) -> str:
    return "{ " + ", ".join(_term(word)) + " }"


def _meaning(kind: str, meaning: str) -> str:
    if kind in ("level", "count"):
        return str(int(meaning))
    return _toml(meaning == "yes") if kind == "bool" else _toml(meaning)


def _toml(value: Any) -> str:
    """Return a value as TOML writes it: as JSON does, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def own_words(text: str, table: Table) -> str:
    """Return a sentence of the engine with the sheet's own headers, and without what it says of files."""
    named = _TOKEN.sub(lambda found: table.header[int(found[1]) - 1], _FILE.sub("", text))
    return " ".join(_ABOUT_FILES.sub("", named).split())


def sentence(text: str, table: Table) -> str:
    """Return the same as a sentence of its own."""
    named = own_words(text, table)
    return named[:1].upper() + named[1:] + ("" if not named or named.endswith((".", "?", "!")) else ".")
