"""Sheets that the tests of imports upload."""

from __future__ import annotations

import csv
import io

from openpyxl import Workbook

from introducer_web.people.imports import services

__all__ = ["HEADER", "MAPPING", "PEOPLE", "as_csv", "as_xlsx", "checked", "through"]

HEADER = ["E-mail", "Full name", "What year are you in?", "Hospital", "need:contracts", "need:research", "Agreed"]
PEOPLE = [
    ["nia@example.org", "Nia Adeyemi", "pgy3", "Mercy", 3, 0, "yes"],
    ["oli@example.org", "Oli Berg", "pgy4", "Hope", 2, 1, "no"],
    ["pia@example.org", "Pia Chen", "pgy5", "Mercy", "", 2, ""],
]
MAPPING = {
    "email": ["E-mail"], "name": ["Full name"], "stage": ["What year are you in?"], "institution": ["Hospital"],
    "need:contracts": ["need:contracts"], "need:research": ["need:research"], "consent": ["Agreed"],
}  # fmt: skip


def as_csv(rows, header=HEADER):
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue().encode()


def as_xlsx(rows, header=HEADER):
    book = Workbook()
    for row in [header, *rows]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def checked(town, now, content, what="mentees", mapping=None, values=None):
    """Upload a sheet, map it and make the dry run."""
    held = services.upload(cohort=town.cohort, what=what, name="sheet.csv", content=content, by=town.ada, now=now)
    mapping = held.mapping if mapping is None else mapping
    services.choose_mapping(sheet_import=held, mapping=mapping, values=values or {}, by=town.ada, now=now)
    services.perform_now(held, now)
    held.refresh_from_db()
    return held


def through(town, now, content, what="mentees", mapping=None, **stated):
    """Upload, map, check, confirm and write a sheet."""
    held = checked(town, now, content, what, mapping)
    assert held.report["faults"] == [], held.report["faults"]
    services.confirm(sheet_import=held, by=town.ada, now=now, **stated)
    services.perform_now(held, now)
    held.refresh_from_db()
    return held
