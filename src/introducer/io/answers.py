"""What the fields of a sheet say in every row, one column or several feeding a field."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from introducer.io.sheets import Column

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from introducer.io.fields import Field, Side
    from introducer.io.headers import Places
    from introducer.io.program import Program
    from introducer.io.sheets import Table

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["Answers", "Sheet", "sheet_of"]


@dataclass(frozen=True, slots=True)
class Answers:
    """What one field says.

    Attributes
    ----------
    column : Column
        Of a field that several columns feed: what they say together.
    headers : sequence of str
        For each text of the column, the header that it stands under.
    """

    column: Column
    headers: Sequence[str]

    def each(self) -> Iterator[str]:
        """Yield the text of every row."""
        return map(self.column.texts.__getitem__, self.column.places.tolist())

    def filled(self) -> Mask:
        """Return which rows are not blank, shape (R,)."""
        found: Mask = np.array([bool(text) for text in self.column.texts], np.bool_)[self.column.places]
        return found


@dataclass(frozen=True)
class Sheet:
    """A table of people whose columns are known.

    Attributes
    ----------
    answers : mapping of str to Answers
        By field, in the order of ``places``.
    rows : ndarray of int64
        Everybody who is read: rows of the table from 0, ascending.
    ids : tuple of str
        Under which id, empty where it is a fault.
    """

    side: Side
    table: Table
    places: Places
    answers: Mapping[str, Answers]
    rows: Ints
    ids: tuple[str, ...]

    def cell(self, row: int, name: str) -> tuple[str, str]:
        """Return the text of a field in a row of the table, and the header that it stands under."""
        if name not in self.answers:
            return "", ""
        answers = self.answers[name]
        place = answers.column.places[row]
        return answers.column.texts[place], answers.headers[place]

    def number(self, row: int) -> int:
        """Return the number of a row of the table, as a spreadsheet counts it."""
        return int(self.table.numbers[row])

    def of(self, read_as: Sequence[str | None]) -> Sheet:
        """Return the same with the rows that are read: those with an id, be it empty."""
        rows = np.array([row for row, identity in enumerate(read_as) if identity is not None], np.int64)
        return replace(self, rows=rows, ids=tuple(identity for identity in read_as if identity is not None))


def sheet_of(side: Side, table: Table, places: Places, program: Program) -> Sheet:
    """Return the sheet of a table; no row of it is read yet."""
    separator = program.imports.separators[0]
    answers = {
        name: _answers(table, columns, program.fields[side][name], separator) for name, columns in places.items()
    }
    return Sheet(side, table, places, answers, np.zeros(0, np.int64), ())


def _answers(table: Table, columns: Sequence[int], field: Field, separator: str) -> Answers:
    own = [table.columns[place] for place in columns]
    headers = [table.header[place] for place in columns]
    if len(own) == 1:
        return Answers(own[0], headers * len(own[0].texts))
    each, places = np.unique(np.stack([column.places for column in own], axis=1), axis=0, return_inverse=True)
    texts, shown = [], []
    for together in each.tolist():
        cells = [column.texts[place] for column, place in zip(own, together, strict=True)]
        filled = [k for k, cell in enumerate(cells) if cell] or [0]
        if not field.many and field.name != "name":
            filled = filled[:1]
        texts.append((separator if field.many else " ").join(cells[k] for k in filled))
        shown.append(" + ".join(headers[k] for k in filled))
    return Answers(Column(texts, places.reshape(len(table.numbers))), shown)
