"""Rows become mentees and mentors.

A column holds few different texts, each once (``introducer.io.sheets``): each is read once for many rows.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from introducer.io.fields import PREFIXES
from introducer.io.notes import SetAside
from introducer.io.persons import Pool, mentee, mentor
from introducer.io.program import PROGRAM
from introducer.io.spelling import alike, folded_id
from introducer.saying import say, worded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from introducer.io.answers import Sheet
    from introducer.io.cells import Cell
    from introducer.io.fields import Field, Side
    from introducer.io.notes import Notes
    from introducer.io.program import Program
    from introducer.roster import Mentee, Mentor

    Reader = Callable[[Field, str], Cell]

__all__ = ["blank_consents", "keep_rows", "known_people", "read_people"]

#: From so many people on a notice says how many are concerned; fewer could be recognized.
CROWD = 10

#: People whose answers are gathered at a time, at most.
BLOCK = 4_096

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


def keep_rows(sheet: Sheet, program: Program, notes: Notes) -> Sheet:
    """Return the sheet with the rows that are read. Test rows and duplicates are set aside or are faults.

    A row whose id is a fault is read on, under an empty id, for what else is wrong with it.
    """
    file = sheet.table.file
    read_as: list[str | None] = []
    counting: dict[str, int] = {}
    again: dict[str, list[int]] = {}
    for row, text in enumerate(sheet.answers["id"].each()):
        pattern = _test_pattern(sheet, row, program) if program.imports.test_rows else ""
        identity: str | None = ""
        if pattern:
            notes.set_aside.append(SetAside(file, sheet.number(row), f"test row: name or e-mail fits {pattern!r}"))
            identity = None
        elif not text:
            missing, column = say("the id is missing"), sheet.cell(row, "id")[1]
            notes.fault(file, missing, say("Everybody needs one."), row=sheet.number(row), column=column)
        elif _CONTROL.search(text):
            column = sheet.cell(row, "id")[1]
            notes.fault(file, say("an id is one line"), row=sheet.number(row), column=column, value=text)
        else:
            identity = folded_id(text)
            if counting.setdefault(identity, row) != row:
                again.setdefault(identity, [counting[identity]]).append(row)
        read_as.append(identity)
    for own, rows in again.items():
        counting[own] = _counting(sheet, own, rows, program, notes)
        if program.imports.duplicates != "error":
            for row in rows:
                read_as[row] = own if row == counting[own] else None
    _shared_mail(sheet, counting.values(), notes)
    return sheet.of(read_as)


def _test_pattern(sheet: Sheet, row: int, program: Program) -> str:
    """Return the pattern that makes a row a test row: it finds the name, the e-mail, or an id that is an e-mail."""
    texts = [sheet.cell(row, name)[0] for name in ("name", "email")]
    texts += [text for text, _header in [sheet.cell(row, "id")] if "@" in text]
    for pattern in program.imports.test_rows:
        if any(text and pattern.search(text) for text in texts):
            return pattern.pattern
    return ""


def _counting(sheet: Sheet, identity: str, rows: Sequence[int], program: Program, notes: Notes) -> int:
    """Return the row that counts for an id that stands in several; the others are faults or are set aside."""
    how = program.imports.duplicates
    kept = rows[-1] if how == "last" else rows[0]
    first = sheet.number(kept)
    for row in rows:
        if row == kept:
            continue
        if how == "error":
            notes.fault(
                sheet.table.file,
                say("the id stands in row {number} already", number=first),
                say('Take one row out, or write duplicates = "first" or "last" under [import].'),
                row=sheet.number(row),
                column=sheet.cell(row, "id")[1],
                value=identity,
            )
        else:
            notes.set_aside.append(
                SetAside(sheet.table.file, sheet.number(row), f"same id as row {first}; the {how} one counts")
            )
    return kept


def _shared_mail(sheet: Sheet, rows: Iterable[int], notes: Notes) -> None:
    """Say where people with different ids have one e-mail address: perhaps one person signed up twice."""
    first: dict[str, int] = {}
    shared: dict[int, list[int]] = {}
    for row in rows if "email" in sheet.answers else ():
        mail = sheet.cell(row, "email")[0].casefold()
        if mail and first.setdefault(mail, row) != row:
            shared.setdefault(first[mail], []).append(row)
    for row in filter(shared.__contains__, first.values()):
        shown = ", ".join(str(sheet.number(own)) for own in sorted([row, *shared[row]]))
        notes.notice(f"{sheet.table.file}: rows {shown} have one e-mail address and different ids.")


def known_people(sheets: Sequence[Sheet], notes: Notes) -> Mapping[str, str]:
    """Return the ids of everybody by ``folded_id``. Different ids that look alike are faults."""
    everybody = [(sheet, k) for sheet in sheets for k in range(len(sheet.ids))]
    seen: dict[str, int] = {}
    people: dict[str, str] = {}
    for place, (sheet, k) in enumerate(everybody):
        identity = sheet.ids[k]
        if not identity:
            continue
        people[identity] = identity
        other, first = everybody[seen.setdefault(alike(identity), place)]
        if other.ids[first] != identity:
            notes.fault(
                sheet.table.file,
                say(
                    "the id looks like {first!r} in {file}, row {number}, and is another",
                    first=other.ids[first],
                    file=other.table.file,
                    number=other.number(int(other.rows[first])),
                ),
                say("The same person has the same id, letter by letter."),
                row=sheet.number(int(sheet.rows[k])),
                column=sheet.table.header[sheet.places["id"][0]],
                value=identity,
            )
    return people


def read_people(sheet: Sheet, program: Program, read: Reader, notes: Notes) -> tuple[Mentee | Mentor, ...]:
    """Read every row that is kept. Bad cells are faults; who has one is left out."""
    constants = _constants(sheet.side, program, read, notes)
    names = [name for name in sheet.answers if name != "id"]
    unread = _unread(sheet, [*names, *constants], program, notes)
    fixed = {name: value for name, value in constants.items() if name not in unread}
    # Consents first: what nobody agreed to is not even parsed.
    fields = sorted(
        (program.fields[sheet.side][name] for name in names if name not in unread),
        key=lambda field: field.kind == "attribute",
    )
    remarks = _Remarks()
    pool = Pool()
    make = mentee if sheet.side == "mentees" else mentor
    people: list[Mentee | Mentor] = []
    for start in range(0, len(sheet.rows), BLOCK):
        block = _Block(sheet, start, fixed)
        for place, field in enumerate(fields):
            block.read(place, field, read, remarks, notes)
        for k, found in enumerate(block.found):
            person, wrong = make(sheet.ids[start + k], found, program, pool)
            bad = block.bad.get(k, ())
            for name, reason, hint in wrong:
                if name == "private" and any(other.startswith("need") for other in bad):
                    continue  # what is asked for is not known while a cell of it cannot be read
                row = int(block.rows[k])
                text, column = _stated(sheet, row, name, program)
                notes.fault(sheet.table.file, reason, hint, row=sheet.number(row), column=column, value=text)
            if not bad and not wrong:
                people.append(person)
    remarks.tell(sheet, notes)
    return tuple(people)


class _Remarks:
    """How cells were read where that is worth a notice, and in how many: by header, text and remark."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str, str], tuple[int, int]] = {}
        self._numbers: Counter[tuple[str, str, str]] = Counter()

    def add(self, remark: tuple[str, str, str], first: tuple[int, int], number: int) -> None:
        """Note what is so in a number of cells; the first of them is in a row and of a field."""
        self._first[remark] = min(self._first.get(remark, first), first)
        self._numbers[remark] += number

    def tell(self, sheet: Sheet, notes: Notes) -> None:
        """Write every remark down once, in the order of rows and fields."""
        one = worded("column {column!r}: {text} {remark} (in 1 cell).")
        many = worded("column {column!r}: {text} {remark} (in {number} cells).")
        for column, text, remark in sorted(self._first, key=self._first.__getitem__):
            number = self._numbers[column, text, remark]
            told = say(one if number == 1 else many, column=column, text=text, remark=remark, number=number)
            notes.notice(f"{sheet.table.file}, {told}")


class _Block:
    """Some people of a sheet, from the place ``start`` on, while their fields are read one after the other.

    Attributes
    ----------
    rows : ndarray of int64
        Their rows in the table.
    found : list of dict
        What each said, by name of the field; fields with a key are a dict by key under their prefix.
    bad : dict of int to list of str
        Fields that cannot be read, by place in the block.
    """

    def __init__(self, sheet: Sheet, start: int, constants: Mapping[str, Any]) -> None:
        self._sheet = sheet
        self.rows = sheet.rows[start : start + BLOCK]
        self.found: list[dict[str, Any]] = [{prefix: {} for prefix in PREFIXES} for _row in self.rows]
        self.bad: dict[int, list[str]] = {}
        for name, value in constants.items():
            self._put(name, range(len(self.rows)), [value] * len(self.rows))

    def _put(self, name: str, who: Iterable[int], values: Iterable[Any]) -> None:
        prefix = next((prefix for prefix in PREFIXES if name.startswith(prefix)), "")
        if prefix:
            key = name.removeprefix(prefix)
            for k, value in zip(who, values, strict=True):
                self.found[k][prefix][key] = value
        else:
            for k, value in zip(who, values, strict=True):
                self.found[k][name] = value

    def read(self, place: int, field: Field, read: Reader, remarks: _Remarks, notes: Notes) -> None:
        """Read a field, which stands at a place among the others."""
        answers = self._sheet.answers[field.name]
        who = np.arange(len(self.rows))
        if field.kind == "attribute":
            key = field.name.removeprefix("attr:")
            who = who[np.array([bool(found["consent:"].get(key)) for found in self.found], np.bool_)]
        shown, of_each = np.unique(answers.column.places[self.rows[who]], return_inverse=True)
        cells = [read(field, answers.column.texts[text]) for text in shown.tolist()]
        values = [None if cell.reason else cell.value for cell in cells]
        told = np.flatnonzero(np.array([value is not None for value in values], np.bool_)[of_each])
        self._put(field.name, who[told].tolist(), map(values.__getitem__, of_each[told].tolist()))
        for number, cell in enumerate(cells):
            if not cell.reason and not cell.remark:
                continue
            here = who[of_each == number]
            text, column = answers.column.texts[shown[number]], answers.headers[shown[number]]
            if cell.reason:
                self._fault(field, cell, here, (text, column), notes)
            if cell.remark:
                # A list of people is confidential; what stands in it is not repeated.
                named = say("a cell") if field.kind == "person" else repr(text)
                remarks.add((column, named, cell.remark), (int(self.rows[here[0]]), place), len(here))

    def _fault(self, field: Field, cell: Cell, here: NDArray[np.int64], shown: tuple[str, str], notes: Notes) -> None:
        text, column = shown
        for k in here.tolist():
            self.bad.setdefault(k, []).append(field.name)
            number = self._sheet.number(int(self.rows[k]))
            notes.fault(self._sheet.table.file, cell.reason, cell.hint, row=number, column=column, value=text)


def _stated(sheet: Sheet, row: int, name: str, program: Program) -> tuple[str, str]:
    """Return the text and the header of a field, or where else its value comes from."""
    if name in sheet.answers:
        return sheet.cell(row, name)
    return program.constants[sheet.side].get(name, ""), name


def _constants(side: Side, program: Program, read: Reader, notes: Notes) -> dict[str, Any]:
    found = {}
    for name, text in program.constants[side].items():
        cell = read(program.fields[side][name], text)
        if cell.reason:
            notes.fault(PROGRAM, cell.reason, cell.hint, column=f"constants.{side}.{name}", value=text)
        elif cell.value is not None:
            found[name] = cell.value
    return found


def _unread(sheet: Sheet, names: Sequence[str], program: Program, notes: Notes) -> frozenset[str]:
    """Return the fields that the privacy profile leaves unread, and say so once for wishes and once for attributes."""
    profile = program.policy.privacy
    closed = {"neutral": ("wish:", "attr:"), "experience": ("wish:same:", "attr:"), "background": ()}[profile]
    found = [name for name in names if name.startswith(closed)] if closed else []
    for prefix, what in (("wish:", "wishes"), ("attr:", "private attributes")):
        concerned = [name for name in found if name.startswith(prefix)]
        if not concerned:
            continue
        number = int(np.logical_or.reduce([_given(sheet, name, program) for name in concerned]).sum())
        crowd = f" They concern {number} people." if number >= CROWD else ""
        shown = ", ".join(concerned)
        notes.notice(f"{sheet.table.file}: {what} were not read under the profile {profile!r}: {shown}.{crowd}")
    return frozenset(found)


def _given(sheet: Sheet, name: str, program: Program) -> NDArray[np.bool_]:
    """Return for whom a field is not blank, of those who are read."""
    if name in sheet.answers:
        return sheet.answers[name].filled()[sheet.rows]
    return np.full(len(sheet.rows), bool(program.constants[sheet.side].get(name)))


def blank_consents(sheet: Sheet, program: Program, notes: Notes) -> None:
    """Say how many left the column ``consent`` blank: they count as having agreed, which they may not have meant."""
    if "consent" not in sheet.answers or "" in program.values.get("bool", {}):
        return
    number = int((~sheet.answers["consent"].filled()[sheet.rows]).sum())
    if number:
        notes.notice(
            f'{sheet.table.file}: {number} blank cells of consent count as yes. If blank means no, write "" = false '
            "under [values.bool]."
        )
