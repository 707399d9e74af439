"""An import on its way: uploaded, mapped, checked, confirmed, written; or dropped.

Checking and writing are work for a worker, claimed under a lease; a sheet of up to ``SMALL`` rows is
done at once by the page. Nothing counts before the one transaction that writes it all.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from introducer_web.audit import services as audit
from introducer_web.lib import sheets
from introducer_web.lib.errors import DomainError
from introducer_web.lib.leases import still_ours
from introducer_web.people.imports import fields, proposing, work
from introducer_web.people.imports.work import apply, check, perform_now
from introducer_web.people.models import SheetImport

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from introducer_web.programs.models import Cohort
    from introducer_web.tenants.models import User

__all__ = ["SMALL", "CohortIsClosed", "FaultsRemain", "MappingIncomplete", "SomebodyWentOn", "apply", "check",
           "choose_mapping", "confirm", "drop", "perform_due", "perform_now", "upload"]  # fmt: skip

State, What = SheetImport.State, SheetImport.What

#: Rows that a page checks and writes at once.
SMALL = 300
#: Cells of each column that a coordinator sees beside its header.
SAMPLES = 3
#: How long an uploaded sheet is kept that nobody goes on with.
FORGOTTEN = timedelta(days=30)
#: Imports among which a mapping of the same headers is looked for.
REMEMBERED = 10


class CohortIsClosed(DomainError):
    """A closed cohort takes nobody in."""


class MappingIncomplete(DomainError):
    """A mapping leaves open what has to be known."""


class FaultsRemain(DomainError):
    """A sheet with faults is not written."""


class SomebodyWentOn(DomainError):
    """The import is not, or no longer, at the step that was asked for."""


@transaction.atomic
def upload(*, cohort: Cohort, what: str, name: str, content: bytes, by: User, now: datetime) -> SheetImport:
    """Take a sheet in and propose what its columns are.

    Raises
    ------
    sheets.Unreadable
        If it is no table; says what to do.
    """
    if cohort.is_closed:
        raise CohortIsClosed(_("This cohort is closed. Open it again, or import into another one."))
    source = sheets.read(content)
    table = sheets.table(source.text)
    found = proposing.propose(cohort.program, what, table)
    held = SheetImport(
        society=cohort.society, cohort=cohort, by=by, what=what, name=name[-120:], uploaded_at=now,
        rows=len(table.rows) + len(table.uneven), mapping=found.mapping,
    )  # fmt: skip
    earlier = _remembered(cohort, what, table.header)
    if earlier is not None:
        held.mapping, held.values = earlier.mapping, earlier.values
    held.sheet = {"text": source.text, "notices": list(source.notices)}
    held.report = {
        "headers": list(table.header),
        "samples": [_samples(table, place) for place in range(len(table.header))],
        "choices": found.choices,
        "confidential": found.confidential,
        "remembered": earlier is not None,
    }
    held.save(force_insert=True)
    words = f"Uploaded a sheet of {what}: {held.rows} rows."
    audit.record(society=cohort.society, by=by, act="people.upload_sheet", words=words, subject=held.code, now=now)
    return held


def _samples(table: sheets.Table, place: int) -> list[str]:
    filled = dict.fromkeys(cells[place] for _number, cells in table.rows[: proposing.SAMPLE] if cells[place])
    return [text if len(text) <= 60 else text[:59] + "…" for text in list(filled)[:SAMPLES]]


#: A sheet with faults counts: the corrected one comes next.
_SAID = (State.CHECKING, State.CHECKED, State.APPLYING, State.DONE)


def _remembered(cohort: Cohort, what: str, header: Sequence[str]) -> SheetImport | None:
    """Return the last sheet of the program with the same headers of which somebody said what they are."""
    said = SheetImport.objects.filter(cohort__program=cohort.program, what=what, state__in=_SAID)
    for earlier in said.order_by("-uploaded_at")[:REMEMBERED]:
        if set(earlier.report.get("headers", ())) == set(header):
            return earlier
    return None


@transaction.atomic
def choose_mapping(
    *,
    sheet_import: SheetImport,
    mapping: Mapping[str, Sequence[str]],
    values: Mapping[str, Mapping[str, str]],
    by: User,
    now: datetime,
) -> SheetImport:
    """Say what the columns are and what spellings mean; the sheet is checked next.

    Parameters
    ----------
    mapping : mapping of str to sequence of str
        By field: headers. What is in none is left out.
    values : mapping
        By kind of cell: spelling and meaning.
    """
    chosen = {name: list(headers) for name, headers in mapping.items() if headers}
    _check_mapping(sheet_import, chosen)
    spelled = {kind: dict(given) for kind, given in values.items() if kind in fields.KINDS and given}
    _move(sheet_import, (State.MAPPING, State.CHECKED, State.FAILED), state=State.CHECKING, mapping=chosen,
          values=spelled, progress=0, leased_until=None)  # fmt: skip
    audit.record(society=sheet_import.society, by=by, act="people.map_sheet", subject=sheet_import.code, now=now,
                 words=f"Chose what {len(chosen)} fields of a sheet are.")  # fmt: skip
    return sheet_import


def _check_mapping(sheet_import: SheetImport, chosen: Mapping[str, Sequence[str]]) -> None:
    report = sheet_import.report
    known = fields.named(sheet_import.cohort.program, sheet_import.what)
    used = [header for headers in chosen.values() for header in headers]
    if set(chosen) - set(known) or set(used) - set(report["headers"]) or len(set(used)) < len(used):
        raise MappingIncomplete(_("A column is mapped to something that is not asked here. Choose again."))
    if sheet_import.what == What.TIES:
        if not {"mentee", "mentor"} <= set(chosen):
            raise MappingIncomplete(_("Say which column is the mentee and which is the mentor."))
    elif "email" not in chosen and "id" not in chosen:
        raise MappingIncomplete(_("Say which column holds the e-mail addresses: people sign in with them."))


@transaction.atomic
def confirm(
    *,
    sheet_import: SheetImport,
    by: User,
    now: datetime,
    seen: int | None = None,
    agreed: bool = False,
    committed_on: date | None = None,
    invite: bool = False,
) -> SheetImport:
    """Let a checked sheet be written.

    Parameters
    ----------
    seen : int or None
        The turn of the dry run that the coordinator looked at; another one is refused.
    agreed : bool
        The coordinator states that they agreed to be matched when they signed up.
    committed_on : date or None
        The coordinator states that the mentors made their commitment on this day.
    invite : bool
        Write to everybody who is new.
    """
    report = sheet_import.report
    if sheet_import.state == State.CHECKED and report.get("faults"):
        raise FaultsRemain(_("Cells of the sheet cannot be read yet. Correct them, or leave their column out."))
    report["stated"] = {
        "agreed": agreed, "committed_on": committed_on.isoformat() if committed_on else None, "invite": invite
    }  # fmt: skip
    if seen is not None and seen != sheet_import.turn:
        raise SomebodyWentOn(_went_on())
    sheet_import.report = report
    _move(sheet_import, (State.CHECKED,), state=State.APPLYING, progress=0, leased_until=None,
          sealed_report=sheet_import.sealed_report)  # fmt: skip
    words = "Confirmed an import."
    words += " Stated that they agreed to be matched when they signed up." if agreed else ""
    words += f" Stated that the mentors committed on {committed_on.isoformat()}." if committed_on else ""
    words += " Invitations go to everybody who is new." if invite else ""
    audit.record(society=sheet_import.society, by=by, act="people.confirm_import", words=words,
                 subject=sheet_import.code, now=now)  # fmt: skip
    return sheet_import


@transaction.atomic
def drop(*, sheet_import: SheetImport, by: User | None, now: datetime) -> SheetImport:
    """Give an import up that is not being written; what was uploaded is erased."""
    sheet_import.report = {"headers": sheet_import.report.get("headers", [])}
    _move(sheet_import, (State.MAPPING, State.CHECKING, State.CHECKED, State.FAILED), state=State.DROPPED,
          finished_at=now, sealed_sheet=b"", sealed_report=sheet_import.sealed_report, leased_until=None,
          turn=sheet_import.turn + 1)  # fmt: skip
    audit.record(society=sheet_import.society, by=by, act="people.drop_import", words="Dropped an import.",
                 subject=sheet_import.code, now=now)  # fmt: skip
    return sheet_import


def perform_due(now: datetime) -> bool:
    """Do the next piece of work there is, in any society; False when there is none."""
    return work.perform_due(now) or forget_one(now)


def forget_one(now: datetime) -> bool:
    """Drop an import that nobody went on with, so that its sheet is not kept for ever; False when there is none."""
    with scopes_disabled():
        waiting = SheetImport.objects.filter(state__in=(State.MAPPING, State.CHECKED, State.FAILED))
        row = waiting.filter(uploaded_at__lt=now - FORGOTTEN).select_related("society").first()
    if row is None:
        return False
    with scope(society=row.society):
        drop(sheet_import=row, by=None, now=now)
    return True


def _move(sheet_import: SheetImport, states: Sequence[str], **changes: Any) -> None:
    """Take the next step, unless somebody else has taken one since the row was read."""
    if not still_ours(sheet_import).filter(state__in=states).update(**changes):
        raise SomebodyWentOn(_went_on())
    sheet_import.refresh_from_db()


def _went_on() -> str:
    return _("Somebody went on with this import meanwhile. Look at where it is now, and decide again.")
