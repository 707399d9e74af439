"""How a report is shown: faults and changes as rows of a page, and of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from introducer_web.people.imports import fields
from introducer_web.people.models import SheetImport

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["change_rows", "changed_people", "fault_rows"]

#: Changes whose values are codes, and the kind of cell that names them.
_KINDS = {"stage": "stage", "settings": "setting", "routes": "route", "procedures": "procedure", "roles": "role",
          "experiences": "experience"}  # fmt: skip
#: Fields that the engine calls otherwise.
_ENGINE = {"settings": "setting", "routes": "route"}


def fault_rows(report: Mapping[str, Any]) -> Iterator[list[Any]]:
    """Yield the faults as a file has them, the header first."""
    yield [_("Row"), _("Column"), _("Value"), _("What is wrong"), _("What to do")]
    for row, column, value, reason, hint in report.get("faults", ()):
        yield [row or "", column, value, reason, hint]


def changed_people(
    sheet_import: SheetImport, report: Mapping[str, Any], known: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Yield who would change, with every change in words: what, from, to."""
    prefix = "need:" if sheet_import.what == SheetImport.What.MENTEES else "offer:"
    program = sheet_import.cohort.program
    words = {kind: fields.meanings(program, kind) for kind in _KINDS.values()} if report.get("changed") else {}
    for row, email, name, changes in report.get("changed", ()):
        told = []
        for key, before, after in changes:
            field = key.replace("level:", prefix)
            field = _ENGINE.get(field, field)
            names = words.get(_KINDS.get(key, ""), {})
            told.append((fields.label(field, known), _in_words(before, names), _in_words(after, names)))
        yield {"row": row, "email": email, "name": name, "changes": told}


def _in_words(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    each = value if isinstance(value, list) else [] if value in ("", None) else [str(value)]
    return ", ".join(names.get(text, text) for text in each) or _("blank")


def change_rows(sheet_import: SheetImport, report: Mapping[str, Any], known: Mapping[str, str]) -> Iterator[list[Any]]:
    """Yield who would be added and what would change, as a file has them, the header first."""
    yield [_("Row"), _("E-mail address"), _("What happens"), _("Field"), _("From"), _("To")]
    for row, email, _name in report.get("added", ()):
        yield [row, email, _("added"), "", "", ""]
    for person in changed_people(sheet_import, report, known):
        for field, before, after in person["changes"]:
            yield [person["row"], person["email"], _("changed"), field, before, after]
    for row, email, why in report.get("set_aside", ()):
        yield [row, email, _("left as it is"), why, "", ""]
