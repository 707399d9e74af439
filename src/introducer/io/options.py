"""The tables of ``program.toml`` that say how cells are read: columns, constants, values, import."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from introducer.io.fields import CODES, KINDS
from introducer.io.notes import one_of
from introducer.io.spelling import plain
from introducer.policy import LEVELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from introducer.io.fields import Field
    from introducer.io.notes import Notes
    from introducer.vocabulary import Vocabulary

__all__ = ["Import", "columns", "constants", "imports", "text", "values"]

FILE = "program.toml"

#: Characters that may separate the answers in one cell.
SEPARATORS = ";,|/\n\t"
DEFAULT = ";,|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """The table ``[import]``.

    Attributes
    ----------
    duplicates : {"error", "first", "last"}
        What is done with several rows of one id in one file.
    test_rows : tuple of re.Pattern
        Rows whose name or e-mail one of them finds, case aside, are set aside.
    separators : str
        Each character separates the answers in one cell.
    mention_level : int
        Level of a need or an offer that a list only names. 1 to 3.
    any_count : int
        What "any" or "no limit" counts.
    unknown_people : {"error", "ignore"}
        What is done with ids in ``avoid`` and ``evaluators`` that are nobody's.
    """

    duplicates: str = "error"
    test_rows: tuple[re.Pattern[str], ...] = ()
    separators: str = DEFAULT
    mention_level: int = 2
    any_count: int = 5
    unknown_people: str = "error"


def text(table: Mapping[str, Any], key: str, place: str, notes: Notes, default: str = "") -> str:
    """Return a text of a table; anything else than a text is a fault."""
    value = table.get(key, default)
    if isinstance(value, str):
        return value
    notes.fault(FILE, "this must be a text in quotation marks", column=f"{place}.{key}", value=str(value))
    return default


def imports(table: Mapping[str, Any], notes: Notes) -> Import:
    """Check the table ``[import]``; a wrong value is a fault, and the default stands for it from there on."""
    known = tuple(Import.__dataclass_fields__)
    for key in table:
        if key not in known:
            notes.fault(FILE, "there is no such key", one_of(key, known), column=f"import.{key}")
    return Import(
        duplicates=_choice(table, "duplicates", ("error", "first", "last"), notes),
        test_rows=_patterns(table.get("test_rows", []), notes),
        separators=_separators(table, notes),
        mention_level=_number(table, "mention_level", 2, (1, LEVELS), notes),
        any_count=_number(table, "any_count", 5, (1, 10_000), notes),
        unknown_people=_choice(table, "unknown_people", ("error", "ignore"), notes),
    )


def _choice(table: Mapping[str, Any], key: str, known: tuple[str, ...], notes: Notes) -> str:
    value = text(table, key, "import", notes, known[0])
    if value in known:
        return value
    notes.fault(FILE, "this is none of the choices", one_of(value, known), column=f"import.{key}", value=value)
    return known[0]


def _number(table: Mapping[str, Any], key: str, default: int, limits: tuple[int, int], notes: Notes) -> int:
    value = table.get(key, default)
    low, high = limits
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return value
    notes.fault(FILE, f"this must be a whole number from {low} to {high:,}", column=f"import.{key}", value=str(value))
    return default


def _separators(table: Mapping[str, Any], notes: Notes) -> str:
    value = text(table, "separators", "import", notes, DEFAULT)
    if value and all(mark in SEPARATORS for mark in value):
        return value
    notes.fault(FILE, "these cannot separate the answers in a cell", f"Use some of {SEPARATORS!r}.",
                column="import.separators", value=value)  # fmt: skip
    return DEFAULT


def _patterns(value: Any, notes: Notes) -> tuple[re.Pattern[str], ...]:
    if not isinstance(value, list) or not all(isinstance(pattern, str) for pattern in value):
        notes.fault(FILE, "this must be a list of patterns", 'For instance ["^test"].', column="import.test_rows",
                    value=str(value))  # fmt: skip
        return ()
    found = []
    for pattern in value:
        try:
            found.append(re.compile(pattern, re.IGNORECASE))
        except (re.error, OverflowError, RecursionError) as wrong:
            notes.fault(FILE, f"this is not a regular expression: {wrong}", column="import.test_rows", value=pattern)
    return tuple(found)


def columns(
    table: Mapping[str, Any], place: str, known: Mapping[str, Field], notes: Notes
) -> dict[str, tuple[str, ...]]:
    """Check a table ``[columns.<side>]``: fields and the header texts that feed them."""
    found = {}
    for name, value in table.items():
        texts = [value] if isinstance(value, str) else value
        if name not in known:
            notes.fault(FILE, "there is no such field", one_of(name, known), column=f"{place}.{name}")
        elif not isinstance(texts, list) or not texts or not all(isinstance(x, str) and x.strip() for x in texts):
            notes.fault(FILE, "this must be a header text, or a list of them", column=f"{place}.{name}",
                        value=str(value))  # fmt: skip
        else:
            found[name] = tuple(dict.fromkeys(texts))
    return found


def constants(
    table: Mapping[str, Any], place: str, known: Mapping[str, Field], how: Import, notes: Notes
) -> dict[str, str]:
    """Check a table ``[constants.<side>]``: fields and the text of a cell that stands in every row."""
    found = {}
    for name, value in table.items():
        if name not in known or name == "id":
            reason = "people cannot share one id" if name == "id" else "there is no such field"
            notes.fault(FILE, reason, "" if name == "id" else one_of(name, known), column=f"{place}.{name}")
        elif isinstance(value, bool):
            found[name] = "yes" if value else "no"
        elif isinstance(value, (str, int, float)):
            found[name] = str(value).strip()
        elif isinstance(value, list) and known[name].many and all(isinstance(x, str) for x in value):
            found[name] = how.separators[0].join(value)
        else:
            notes.fault(FILE, "this must be what a cell would hold", column=f"{place}.{name}", value=str(value))
    return found


def values(table: Mapping[str, Any], words: Vocabulary, notes: Notes) -> dict[str, dict[str, Any]]:
    """Check the tables ``[values.<kind>]``: spellings and what they mean."""
    found: dict[str, dict[str, Any]] = {}
    for kind, spellings in table.items():
        if kind not in KINDS:
            notes.fault(FILE, "there is no such kind of cell", one_of(kind, KINDS), column=f"values.{kind}")
        elif not isinstance(spellings, dict):
            notes.fault(FILE, "this must be a table", f"Write [values.{kind}] on a line of its own.",
                        column=f"values.{kind}")  # fmt: skip
        else:
            found[kind] = _spellings(kind, spellings, words, notes)
    return found


def _spellings(kind: str, spellings: Mapping[str, Any], words: Vocabulary, notes: Notes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for spelling, meaning in spellings.items():
        reason, hint = _meaning(kind, meaning, words)
        place = f"values.{kind}.{spelling}"
        if reason:
            notes.fault(FILE, reason, hint, column=place, value=str(meaning))
        elif found.setdefault(plain(spelling), meaning) != meaning:
            notes.fault(FILE, "the same spelling stands there twice, with another meaning", column=place,
                        value=str(meaning))  # fmt: skip
    return found


def _meaning(kind: str, meaning: Any, words: Vocabulary) -> tuple[str, str]:
    """Return why a meaning does not suit its kind of cell, and a hint; empty texts when it does."""
    number = isinstance(meaning, int) and not isinstance(meaning, bool)
    if kind == "level":
        return ("", "") if number and 0 <= meaning <= LEVELS else ("a level is 0, 1, 2 or 3", "")
    if kind == "count":
        return ("", "") if number and 0 <= meaning <= 10_000 else ("a count is a whole number from 0", "")
    if kind == "bool":
        return ("", "") if isinstance(meaning, bool) else ("this must be true or false", "")
    if not isinstance(meaning, str):
        return "this must be a text in quotation marks", ""
    if kind in CODES and meaning:
        known = list(words.needs) if kind == "domain" else [term.id for term in words.terms(CODES[kind])]
        if known and meaning not in known:
            return f"there is no such {kind}", one_of(meaning, known)
    return "", ""
