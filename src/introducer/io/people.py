"""Rows become mentees and mentors."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from introducer.io.notes import SetAside
from introducer.io.persons import mentee, mentor
from introducer.io.program import PROGRAM
from introducer.io.spelling import alike, folded_id
from introducer.saying import say, worded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from introducer.io.cells import Cell
    from introducer.io.fields import Field, Side
    from introducer.io.headers import Places
    from introducer.io.notes import Notes
    from introducer.io.program import Program
    from introducer.io.sheets import Row, Table
    from introducer.roster import Mentee, Mentor

    Reader = Callable[[Field, str], Cell]

__all__ = ["Sheet", "keep_rows", "known_people", "read_people"]

#: From so many people on a notice says how many are concerned; fewer could be recognized.
CROWD = 10


@dataclass(frozen=True)
class Sheet:
    """A table of people whose columns are known.

    Attributes
    ----------
    rows : tuple of (str, Row)
        The id and the row of everybody who is read.
    """

    side: Side
    table: Table
    places: Places
    rows: tuple[tuple[str, Row], ...] = ()

    def cell(self, row: Row, field: Field, separator: str) -> tuple[str, str]:
        """Return the text of a field in a row, and the header that it stands under."""
        columns = self.places[field.name]
        if len(columns) == 1:
            return row.cells[columns[0]], self.table.header[columns[0]]
        filled = [place for place in columns if row.cells[place]] or list(columns[:1])
        if not field.many and field.name != "name":
            filled = filled[:1]
        text = (separator if field.many else " ").join(row.cells[place] for place in filled)
        return text, " + ".join(self.table.header[place] for place in filled)


def keep_rows(sheet: Sheet, program: Program, notes: Notes) -> tuple[tuple[str, Row], ...]:
    """Return the rows that are read, with their ids. Test rows and duplicates are set aside or are faults.

    A row whose id is a fault is read on, under an empty id, for what else is wrong with it.
    """
    file = sheet.table.file
    by_id: dict[str, list[Row]] = {}
    kept: list[tuple[str, Row]] = []
    for row in sheet.table.rows:
        text, column = _raw(sheet, row, "id", program)
        pattern = _test_pattern(sheet, row, program)
        if pattern:
            notes.set_aside.append(SetAside(file, row.number, f"test row: name or e-mail fits {pattern!r}"))
        elif not text:
            notes.fault(file, say("the id is missing"), say("Everybody needs one."), row=row.number, column=column)
            kept.append(("", row))
        elif any(unicodedata.category(mark) == "Cc" for mark in text):
            notes.fault(file, say("an id is one line"), row=row.number, column=column, value=text)
            kept.append(("", row))
        else:
            by_id.setdefault(folded_id(text), []).append(row)
    for identity, rows in by_id.items():
        kept += [(identity, row) for row in _counting(sheet, identity, rows, program, notes)]
    _shared_mail(sheet, kept, program, notes)
    return tuple(sorted(kept, key=lambda pair: pair[1].number))


def _raw(sheet: Sheet, row: Row, name: str, program: Program) -> tuple[str, str]:
    if name not in sheet.places:
        return "", ""
    return sheet.cell(row, program.fields[sheet.side][name], program.imports.separators[0])


def _test_pattern(sheet: Sheet, row: Row, program: Program) -> str:
    """Return the pattern that makes a row a test row: it finds the name, the e-mail, or an id that is an e-mail."""
    texts = [_raw(sheet, row, name, program)[0] for name in ("name", "email")]
    texts += [text for text, _header in [_raw(sheet, row, "id", program)] if "@" in text]
    for pattern in program.imports.test_rows:
        if any(text and pattern.search(text) for text in texts):
            return pattern.pattern
    return ""


def _counting(sheet: Sheet, identity: str, rows: Sequence[Row], program: Program, notes: Notes) -> Sequence[Row]:
    """Return the row that counts for an id; all of them where several are a fault."""
    how = program.imports.duplicates
    kept = rows[-1] if how == "last" else rows[0]
    for row in rows:
        if row is kept:
            continue
        if how == "error":
            column = _raw(sheet, row, "id", program)[1]
            notes.fault(
                sheet.table.file,
                say("the id stands in row {number} already", number=kept.number),
                say('Take one row out, or write duplicates = "first" or "last" under [import].'),
                row=row.number,
                column=column,
                value=identity,
            )
        else:
            notes.set_aside.append(
                SetAside(sheet.table.file, row.number, f"same id as row {kept.number}; the {how} one counts")
            )
    return rows if how == "error" else [kept]


def _shared_mail(sheet: Sheet, kept: Sequence[tuple[str, Row]], program: Program, notes: Notes) -> None:
    """Say where people with different ids have one e-mail address: perhaps one person signed up twice."""
    rows: dict[str, list[int]] = {}
    for _identity, row in kept:
        mail = _raw(sheet, row, "email", program)[0].casefold()
        if mail:
            rows.setdefault(mail, []).append(row.number)
    for numbers in rows.values():
        if len(numbers) > 1:
            shown = ", ".join(map(str, sorted(numbers)))
            notes.notice(f"{sheet.table.file}: rows {shown} have one e-mail address and different ids.")


def known_people(sheets: Sequence[Sheet], notes: Notes) -> Mapping[str, str]:
    """Return the ids of everybody by ``folded_id``. Different ids that look alike are faults."""
    seen: dict[str, tuple[str, str, int]] = {}
    people: dict[str, str] = {}
    for sheet in sheets:
        for identity, row in sheet.rows:
            if not identity:
                continue
            people[identity] = identity
            first, file, number = seen.setdefault(alike(identity), (identity, sheet.table.file, row.number))
            if first != identity:
                notes.fault(
                    sheet.table.file,
                    say(
                        "the id looks like {first!r} in {file}, row {number}, and is another",
                        first=first,
                        file=file,
                        number=number,
                    ),
                    say("The same person has the same id, letter by letter."),
                    row=row.number,
                    column=sheet.table.header[sheet.places["id"][0]],
                    value=identity,
                )
    return people


def read_people(sheet: Sheet, program: Program, read: Reader, notes: Notes) -> tuple[Mentee | Mentor, ...]:
    """Read every row that is kept. Bad cells are faults; who has one is left out."""
    constants = _constants(sheet.side, program, read, notes)
    names = [name for name in sheet.places if name != "id"]
    unread = _unread(sheet, [*names, *constants], program, notes)
    # Consents first: what nobody agreed to is not even parsed.
    fields = sorted(
        (program.fields[sheet.side][name] for name in names if name not in unread),
        key=lambda field: field.kind == "attribute",
    )
    remarks: Counter[tuple[str, str, str]] = Counter()
    people = []
    for identity, row in sheet.rows:
        found = {name: value for name, value in constants.items() if name not in unread}
        bad: list[str] = []
        for field in fields:
            if field.kind == "attribute" and not found.get(_consent_to(field.name)):
                continue
            text, column = sheet.cell(row, field, program.imports.separators[0])
            cell = read(field, text)
            if cell.reason:
                bad.append(field.name)
                notes.fault(sheet.table.file, cell.reason, cell.hint, row=row.number, column=column, value=text)
            elif cell.value is not None:
                found[field.name] = cell.value
            if cell.remark:
                # A list of people is confidential; what stands in it is not repeated.
                remarks[column, say("a cell") if field.kind == "person" else repr(text), cell.remark] += 1
        person, wrong = (mentee if sheet.side == "mentees" else mentor)(identity, _consented(found), program)
        for name, reason, hint in wrong:
            if name == "private" and any(other.startswith("need") for other in bad):
                continue  # what is asked for is not known while a cell of it cannot be read
            text, column = _stated(sheet, row, name, program)
            notes.fault(sheet.table.file, reason, hint, row=row.number, column=column, value=text)
        if not bad and not wrong:
            people.append(person)
    _say_once(sheet, remarks, notes)
    return tuple(people)


def _say_once(sheet: Sheet, remarks: Mapping[tuple[str, str, str], int], notes: Notes) -> None:
    one = worded("column {column!r}: {text} {remark} (in 1 cell).")
    many = worded("column {column!r}: {text} {remark} (in {number} cells).")
    for (column, text, remark), number in remarks.items():
        told = say(one if number == 1 else many, column=column, text=text, remark=remark, number=number)
        notes.notice(f"{sheet.table.file}, {told}")


def _consented(found: dict[str, Any]) -> dict[str, Any]:
    """Leave out what nobody agreed to: a constant of the program may have put it there."""
    return {
        name: value for name, value in found.items() if not name.startswith("attr:") or found.get(_consent_to(name))
    }


def _consent_to(name: str) -> str:
    return "consent:" + name.removeprefix("attr:")


def _stated(sheet: Sheet, row: Row, name: str, program: Program) -> tuple[str, str]:
    """Return the text and the header of a field, or where else its value comes from."""
    if name in sheet.places:
        return _raw(sheet, row, name, program)
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
        number = sum(any(_stated(sheet, row, name, program)[0] for name in concerned) for _id, row in sheet.rows)
        crowd = f" They concern {number} people." if number >= CROWD else ""
        shown = ", ".join(concerned)
        notes.notice(f"{sheet.table.file}: {what} were not read under the profile {profile!r}: {shown}.{crowd}")
    return frozenset(found)


def blank_consents(sheet: Sheet, program: Program, notes: Notes) -> None:
    """Say how many left the column ``consent`` blank: they count as having agreed, which they may not have meant."""
    if "consent" not in sheet.places or "" in program.values.get("bool", {}):
        return
    number = sum(not _raw(sheet, row, "consent", program)[0] for _id, row in sheet.rows)
    if number:
        notes.notice(
            f'{sheet.table.file}: {number} blank cells of consent count as yes. If blank means no, write "" = false '
            "under [values.bool]."
        )
