"""The rows of a sheet become entries of people, or everything that is wrong with them.

An entry is what one row says of one person, as plain values. A blank cell says nothing: what stands
on the platform stays.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from introducer_web.lib import engine
from introducer_web.people.imports import fields, writing
from introducer_web.people.languages import language_codes
from introducer_web.people.models import SheetImport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from introducer_web.lib.sheets import Table
    from introducer_web.programs.models import Program

    Run = Callable[[Callable[[Mapping[str, str]], Any], Mapping[str, str]], Any]

__all__ = ["Findings", "check_people", "uneven_rows"]

What = SheetImport.What

#: Rows that a long sheet is tried with, and the part of a column's cells that must be wrong to leave it at that.
TRIAL, MOSTLY = 50, 0.5
#: Longest text that is offered to be given a meaning.
SPELLED = 200
#: Longest text of a field, as the database keeps it.
_LONGEST = {"name": 120, "institution": 160, "site": 160, "region": 80, "kind": 20, "id": 160}
#: Notices of the engine that are not true here: blank cells say nothing, and there is one file.
_NOT_HERE = ("blank cells of consent", "no rows.", "have one e-mail address")
#: Fields of lists in the engine, and what they are here.
LISTS = {"setting": "settings", "route": "routes", "procedures": "procedures", "roles": "roles"}
#: Name of the field with a list of domains, and what the names of single ones begin with.
_LEVELS = {What.MENTEES: ("needs", "need:"), What.MENTORS: ("offers", "offer:")}


@dataclass
class Findings:
    """What a dry run found.

    Attributes
    ----------
    faults : list of [row, column, value, reason, hint]
        Row 0: the sheet's.
    spellings : list of [kind, text, column, meaning]
        Texts that cannot be read and could be given a meaning; the meaning is a proposal, or empty.
    """

    entries: list[dict[str, Any]] = field(default_factory=list)
    faults: list[list[Any]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    spellings: list[list[str]] = field(default_factory=list)


def uneven_rows(table: Table) -> list[list[Any]]:
    """Return a fault for each row that is not as wide as the header."""
    broken = _("The quotation marks do not pair up from this row on.")
    twice = _("A quotation mark inside a quoted cell is written twice.")
    told = _("The row has %(cells)s cells, the header %(header)s.")
    quoted = _("A cell that holds the separator belongs in quotation marks.")
    return [
        [number, "", "", broken, twice]
        if cells < 0
        else [number, "", "", told % {"cells": cells, "header": len(table.header)}, quoted]
        for number, cells in table.uneven
    ]


def check_people(
    program: Program,
    what: str,
    table: Table,
    mapping: Mapping[str, Sequence[str]],
    values: Mapping[str, Mapping[str, str]],
    run: Run,
) -> Findings:
    """Read every row with a mapping; nothing is written.

    A long sheet is tried with its first rows: a column that is not what it was taken for would cost a
    comparison with every word of the program, in every cell.

    Parameters
    ----------
    run : callable
        Called with a function of the engine and its argument; returns what that returns.
    """
    found = Findings()
    first = replace(table, rows=table.rows[:TRIAL], uneven=())
    files = writing.folder(program, what, first, mapping, values)
    checked = run(engine.check, files)
    wrong = _mostly_wrong(checked, first) if len(table.rows) > TRIAL else []
    if wrong:
        told = _("Only the first %(rows)s rows were checked, because most cells of these columns cannot be read: "
                 "%(headers)s. Perhaps they are something else, or a spelling needs a meaning.")  # fmt: skip
        found.notices.append(told % {"rows": TRIAL, "headers": ", ".join(f"“{header}”" for header in wrong)})
        table = first
    elif len(table.rows) > TRIAL:
        files = writing.folder(program, what, table, mapping, values)
        checked = run(engine.check, files)
    rows = _Rows(table, mapping)
    found.faults = uneven_rows(table) + list(rows.faults())
    # One cause is one fault: of an address the platform says more than the engine, to whom it is an id.
    said = {(row, column) for row, column, *_rest in found.faults}
    names = fields.term_names(program)
    for fault in checked.faults:
        column = writing.own_words(fault.column, table)
        reason, hint = (writing.sentence(text, table) for text in (fault.reason, fault.suggestion))
        if (fault.row, column) not in said or column not in (rows.header("email"), rows.header("id")):
            found.faults.append([fault.row, column, fault.value, reason, _called(hint, names)])
    for notice in checked.notices:
        if not any(text in notice for text in _NOT_HERE):
            found.notices.append(writing.own_words(notice, table))
    if checked.faults:
        found.spellings = _spellings(run(engine.proposals, files).spellings, table)
        found.spellings += _numbers(found, mapping)
    else:
        people = checked.mentees if what == What.MENTEES else checked.mentors
        found.entries = [rows.entry(person, what) for person in people]
        found.entries.sort(key=lambda entry: int(entry["row"]))
    found.faults.sort(key=lambda fault: (fault[0], fault[1]))
    return found


def _called(hint: str, names: Mapping[str, str]) -> str:
    """Return a hint with the names of what it proposes in place of their keys."""
    return re.sub(r"'([^']+)'", lambda found: f"“{names[found[1]]}”" if found[1] in names else found[0], hint)


def _numbers(found: Findings, mapping: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Return numbers that are no level, as spellings: on a scale of 1 to 10, somebody has to say what 7 means."""
    headers = {header for name, given in mapping.items() if name.startswith(("need:", "offer:")) for header in given}
    known = {(kind, text) for kind, text, _column, _meaning in found.spellings}
    numbers = dict.fromkeys(
        (str(value), column)
        for _row, column, value, _reason, _hint in found.faults
        if column in headers and value and ("level", str(value)) not in known
    )
    return [["level", text, column, ""] for text, column in numbers if len(text) <= SPELLED]


def _mostly_wrong(checked: engine.Checked, table: Table) -> list[str]:
    """Return the headers under which most cells have a fault."""
    faulty = Counter(column for column, _row in {(fault.column, fault.row) for fault in checked.faults if fault.column})
    return [writing.own_words(column, table) for column, rows in faulty.items() if rows > MOSTLY * len(table.rows)]


def _spellings(seen: Iterable[Any], table: Table) -> list[list[str]]:
    return [
        [each.kind, each.text, writing.own_words(each.header, table), str(each.meaning)]
        for each in seen
        if each.kind in fields.KINDS and len(each.text) <= SPELLED
    ]


class _Rows:
    """The cells of a table by field, whose they are, and whether they say anything."""

    def __init__(self, table: Table, mapping: Mapping[str, Sequence[str]]) -> None:
        self.table = table
        self.places = {name: [table.header.index(header) for header in headers] for name, headers in mapping.items()}
        self.of_id = {}
        for number, cells in table.rows:
            identity = self.text(cells, "id") or self.text(cells, "email")
            self.of_id[identity.casefold() if "@" in identity else identity] = (number, cells)

    def text(self, cells: Sequence[str], name: str) -> str:
        """Return what the first filled column of a field says in a row."""
        return next((cells[place] for place in self.places.get(name, ()) if cells[place]), "")

    def header(self, name: str) -> str:
        """Return the header of the first column of a field; empty where there is none."""
        return self.table.header[self.places[name][0]] if name in self.places else ""

    def email(self, cells: Sequence[str]) -> tuple[str, str]:
        """Return the address of a row, in lower case, and the field that it stands in."""
        for name in ("email", "id"):
            text = self.text(cells, name)
            if "@" in text:
                return text.casefold(), name
        return self.text(cells, "email"), "email" if "email" in self.places else "id"

    def faults(self) -> Iterable[list[Any]]:
        """Yield what the platform asks beyond the engine: an address for everybody, once; texts that fit."""
        first: dict[str, int] = {}
        for number, cells in self.table.rows:
            email, name = self.email(cells)
            if not email:
                hint = _("Everybody needs an address: they sign in with it.")
                yield [number, self.header(name), "", _("There is no e-mail address."), hint]
            elif not _is_address(email):
                hint = _("For instance name@hospital.org.")
                yield [number, self.header(name), email[:200], _("This is no e-mail address."), hint]
            elif first.setdefault(email, number) != number and self.text(cells, "id").casefold() != email:
                reason = _("Row %(row)s has the same address.") % {"row": first[email]}
                yield [number, self.header(name), email, reason, _("An address is one person's. Take one row out.")]
            for field_name, longest in _LONGEST.items():
                text = " ".join(cells[place] for place in self.places.get(field_name, ()))
                if len(text) > longest:
                    reason = _("The text is longer than %(most)s characters.") % {"most": longest}
                    yield [number, self.header(field_name), text[:200], reason, _("Shorten it.")]

    def entry(self, person: Any, what: str) -> dict[str, Any]:
        """Return what the row of a person says: the fields whose cells are filled."""
        number, cells = self.of_id[person.id]
        given = {name for name, places in self.places.items() if any(cells[place] for place in places)}
        entry: dict[str, Any] = {"row": number, "email": self.email(cells)[0], "id": self.text(cells, "id")}
        for name in ("name", "stage", "institution", "site", "region", "timezone", "consent", "team_size", "capacity",
                     "min_load", "kind"):  # fmt: skip
            if name in given:
                entry[name] = getattr(person, name)
        for name, listed in LISTS.items():
            if name in given:
                entry[listed] = sorted(getattr(person, listed))
        if "languages" in given:
            entry["languages"] = language_codes(person.languages)
        if "experiences" in given:
            entry["experiences"] = sorted(person.experiences)
        for flag in ("rural", "no_home_program"):
            if flag in given:
                entry[flag] = flag in person.flags
        every, prefix = _LEVELS[What(what)]
        said = person.needs if what == What.MENTEES else person.offers
        single = [name.removeprefix(prefix) for name in given if name.startswith(prefix)]
        if every in given or single:
            entry["levels"] = {key: said.get(key, 0) for key in sorted({*single, *(said if every in given else ())})}
            entry["all"] = every in given
        return entry


def _is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return len(email) <= 254
