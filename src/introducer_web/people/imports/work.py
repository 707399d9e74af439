"""What a worker does of an import: the dry run, the writing, the invitations. What broke off is begun again."""

from __future__ import annotations

import datetime as dt
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from introducer_web.audit import services as audit
from introducer_web.lib import sheets
from introducer_web.lib.leases import claim, renew, still_ours
from introducer_web.mail import services as mail
from introducer_web.people.imports import applying, changes, reading, ties
from introducer_web.people.models import Participant, SheetImport
from introducer_web.programs.models import Cohort

if TYPE_CHECKING:
    from collections.abc import Callable

    #: Called with the rows that are done; False when another worker has the import.
    Tell = Callable[[int], bool]

__all__ = ["apply", "check", "perform_due", "perform_now"]

State, What = SheetImport.State, SheetImport.What
WORK = (State.CHECKING, State.APPLYING)
#: Seconds between two signs of life while the engine reads.
SIGN = 10.0
#: Invitations queued between two signs of life.
BATCH = 100

logger = logging.getLogger(__name__)


class LostLease(Exception):
    """Another worker has the import by now; nothing of this one's work is written."""


def perform_due(now: dt.datetime) -> bool:
    """Do the next piece of work there is, in any society; False when there is none."""
    with scopes_disabled():
        row = claim(SheetImport.objects.filter(state__in=WORK).order_by("uploaded_at", "pk"), now=now)
        return row is not None and _perform(row, now)


def perform_now(sheet_import: SheetImport, now: dt.datetime) -> None:
    """Do the work of one import at once, unless a worker has it."""
    row = claim(SheetImport.objects.filter(pk=sheet_import.pk, state__in=WORK), now=now)
    if row is not None:
        _perform(row, now)


def _perform(row: SheetImport, now: dt.datetime) -> bool:
    begin = time.monotonic()

    def tell(done: int) -> bool:
        at = now + dt.timedelta(seconds=time.monotonic() - begin)
        return renew(row, now=at, progress=done)

    with scope(society=row.society), translation.override(row.by.language if row.by else settings.LANGUAGE_CODE):
        try:
            if row.state == State.CHECKING:
                check(sheet_import=row, now=now, tell=tell)
            else:
                apply(sheet_import=row, now=now, tell=tell)
        except LostLease:
            logger.info("The import %s went to another worker.", row.code)
        except Exception as wrong:  # noqa: BLE001 - whatever broke: the person is told, and the worker goes on
            # The words of an exception may hold what stands in a cell; its kind and its place do not.
            logger.error("The import %s failed: %s", row.code, _place_of(wrong))  # noqa: TRY400 - the same reason
            row.report = row.report | {"failed": True}
            still_ours(row).update(
                state=State.FAILED, finished_at=now, leased_until=None, sealed_report=row.sealed_report
            )
    return True


def _place_of(wrong: BaseException) -> str:
    frame = wrong.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else "?"
    return f"{type(wrong).__name__} at {place}"


def check(*, sheet_import: SheetImport, now: dt.datetime, tell: Tell) -> SheetImport:
    """Make the dry run: what is wrong, or who would be added and what would change; nothing is written."""
    source = sheet_import.sheet
    table = sheets.table(source["text"])
    cohort, what = sheet_import.cohort, sheet_import.what
    report = {key: value for key, value in sheet_import.report.items() if key in _KEPT}
    if what == What.TIES:
        found, pairs = ties.check_ties(cohort, table, sheet_import.mapping)
        report |= _paired(cohort, pairs)
    else:
        found = reading.check_people(
            cohort.program, what, table, sheet_import.mapping, sheet_import.values, lambda call, x: _run(call, x, tell)
        )
        _said(tell, sheet_import.rows // 2)
        if not found.faults:
            plan = changes.plan(cohort, what, found.entries)
            report |= _told(plan)
            if "consent" in sheet_import.mapping:
                report["consent"] = _agreed(found.entries)
            report["open"] = _open(plan)
            found.notices += plan.notices
    left_out = _left_out(sheet_import)
    unread = [f"“{header}”" for header in report["confidential"] if header in left_out]
    if unread:
        told = _("Not read, because only each person can say it, here: %(headers)s.")
        found.notices.insert(0, told % {"headers": ", ".join(unread)})
    report |= {"faults": found.faults, "spellings": found.spellings, "left_out": left_out,
               "notices": source["notices"] + found.notices}  # fmt: skip
    sheet_import.report = report
    sheet_import.sheet = source | {"entries": [] if found.faults else found.entries}
    _finish(sheet_import, state=State.CHECKED, progress=sheet_import.rows, leased_until=None,
            sealed_report=sheet_import.sealed_report, sealed_sheet=sheet_import.sealed_sheet)  # fmt: skip
    return sheet_import


def _run(call: Callable[[Any], Any], argument: Any, tell: Tell) -> Any:
    """Call the engine in a thread, which knows no database, and give signs of life until it has answered."""
    language = translation.get_language()  # it is one of this thread alone

    def called() -> Any:
        with translation.override(language):
            return call(argument)

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(called)
        while True:
            try:
                return answer.result(timeout=SIGN)
            except TimeoutError:
                _said(tell, 0)


#: What of a report stays when a sheet is checked anew.
_KEPT = ("headers", "samples", "choices", "confidential", "remembered")


def _left_out(sheet_import: SheetImport) -> list[str]:
    used = {header for headers in sheet_import.mapping.values() for header in headers}
    return [header for header in sheet_import.report["headers"] if header not in used]


def _agreed(entries: list[dict[str, Any]]) -> dict[str, int]:
    """Return how many rows say yes, no and nothing of being matched."""
    said = [entry.get("consent") for entry in entries]
    return {"yes": said.count(True), "no": said.count(False), "blank": said.count(None)}


def _open(plan: changes.Plan) -> int:
    """Return of how many people of an earlier sheet something can still be stated: agreement, or commitment."""
    people = [(person, person.participant) for person in plan.same if person.participant is not None]
    return sum(
        changes.came_by_sheet(part)
        and ((not part.may_be_matched and person.entry.get("consent", True))
             or (part.is_mentor and part.committed_at is None))
        for person, part in people
    )  # fmt: skip


def _told(plan: changes.Plan) -> dict[str, Any]:
    """Return a plan as the report keeps it."""
    changed = [
        [person.entry["row"], person.entry["email"], person.user.name if person.user else "", person.changes]
        for person in plan.changed
    ]
    return {
        "added": [[p.entry["row"], p.entry["email"], p.entry.get("name", "")] for p in plan.added],
        "changed": changed,
        "set_aside": plan.set_aside,
        "digest": plan.digest,
        "counts": {
            "added": len(plan.added),
            "changed": len(plan.changed),
            "same": len(plan.same),
            "set_aside": len(plan.set_aside),
        },
    }


def apply(*, sheet_import: SheetImport, now: dt.datetime, tell: Tell) -> SheetImport:
    """Write a confirmed sheet, in one transaction; then queue the invitations, each once.

    Where what would be written is not what was confirmed, because somebody joined or changed
    something meanwhile, nothing is written and the import goes back to be looked at again.
    """
    report = sheet_import.report
    _said(tell, 0)
    if sheet_import.what == What.TIES:
        with transaction.atomic():
            _record(sheet_import, report, now)
        return sheet_import
    if "new" not in report:
        entries = sheet_import.sheet["entries"]
        with transaction.atomic():
            report = _write(sheet_import, report, entries, now)
        if "new" not in report:
            return sheet_import
    for start in range(0, len(report["new"]), BATCH):
        _said(tell, sheet_import.rows)
        with transaction.atomic():
            _invite(sheet_import, report["new"][start : start + BATCH], now)
    _close(sheet_import, report, now)
    return sheet_import


def _write(sheet_import: SheetImport, report: dict[str, Any], entries: list[dict[str, Any]], now: dt.datetime) -> Any:
    """Write the people, inside the caller's transaction; returns the new report."""
    cohort = Cohort.objects.select_for_update().select_related("program", "society").get(pk=sheet_import.cohort_id)
    plan = changes.plan(cohort, sheet_import.what, entries, lock=True)
    if plan.digest != report["digest"]:
        return _look_again(sheet_import, report | _told(plan))
    stated = report["stated"]
    committed = dt.date.fromisoformat(stated["committed_on"]) if stated["committed_on"] else None
    choices = applying.Choices(agreed=stated["agreed"], committed_at=_noon(committed, cohort.society.timezone))
    new = applying.write(cohort, changes.role_of(sheet_import.what), plan, choices, now)
    report = report | {"new": [person.code for person in new] if stated["invite"] else []}
    sheet_import.report = report
    audit.record(
        society=cohort.society, by=None, act="people.import", subject=sheet_import.code, now=now,
        words=f"Wrote an import of {sheet_import.what}: {len(plan.added)} added, {len(plan.changed)} changed, "
        f"{len(plan.same)} as they were.",
    )  # fmt: skip
    _finish(sheet_import, progress=sheet_import.rows, sealed_report=sheet_import.sealed_report)
    return report


def _record(sheet_import: SheetImport, report: dict[str, Any], now: dt.datetime) -> None:
    """Have existing relationships recorded and end the import, inside the caller's transaction."""
    cohort = Cohort.objects.select_for_update().select_related("program", "society").get(pk=sheet_import.cohort_id)
    found, pairs = ties.check_ties(cohort, sheets.table(sheet_import.sheet["text"]), sheet_import.mapping)
    paired = _paired(cohort, pairs)
    if found.faults or paired["pairs"] != report["pairs"]:
        _look_again(sheet_import, report | paired | {"faults": found.faults})
        return
    people = {person.code: person for person in Participant.objects.filter(cohort=cohort).select_related("user")}
    ties.kept().record(cohort=cohort, pairs=[(people[one], people[two]) for one, two in paired["pairs"]], by=None,
                       now=now)  # fmt: skip
    _close(sheet_import, report, now)


def _paired(cohort: Cohort, pairs: list[list[str]]) -> dict[str, Any]:
    """Return pairs as the report keeps them: those that are new, and how many are known."""
    together = ties.kept().together(cohort)
    new = [pair for pair in pairs if tuple(pair) not in together]
    return {"pairs": new, "counts": {"added": len(new), "same": len(pairs) - len(new)}}


def _look_again(sheet_import: SheetImport, report: dict[str, Any]) -> dict[str, Any]:
    """Give an import back to be looked at and confirmed once more; returns its report."""
    moved = _("Something changed since the last check: somebody joined, or changed an answer. Nothing was written. "
              "Look at it again, and confirm again.")  # fmt: skip
    report |= {"notices": [moved, *(text for text in report["notices"] if text != moved)]}
    sheet_import.report = report
    _finish(sheet_import, state=State.CHECKED, leased_until=None, sealed_report=sheet_import.sealed_report)
    return report


def _noon(day: dt.date | None, zone: str) -> dt.datetime | None:
    return dt.datetime.combine(day, dt.time(12), ZoneInfo(zone)) if day else None


def _invite(sheet_import: SheetImport, codes: list[str], now: dt.datetime) -> None:
    """Queue the mails of some new people; the key of each is the participant, so that none is queued twice."""
    cohort, society = sheet_import.cohort, sheet_import.cohort.society
    for person in Participant.objects.filter(code__in=codes).select_related("user"):
        commits = person.is_mentor and person.committed_at is None
        context = {"person": person.user, "society": society, "program": cohort.program, "commits": commits,
                   "is_mentor": person.is_mentor}  # fmt: skip
        mail.queue(to=person.user.email, kind="imported", key=f"imported:{person.code}", context=context,
                   language=person.user.language, now=now, society=society, about=cohort.code)  # fmt: skip


def _close(sheet_import: SheetImport, report: dict[str, Any], now: dt.datetime) -> None:
    """End an import; what was uploaded is erased, and what people's rows said with it."""
    sheet_import.report = {key: report[key] for key in ("headers", "counts", "notices") if key in report}
    _finish(sheet_import, state=State.DONE, finished_at=now, leased_until=None, progress=sheet_import.rows,
            sealed_sheet=b"", sealed_report=sheet_import.sealed_report)  # fmt: skip


def _finish(sheet_import: SheetImport, **given: Any) -> None:
    """Write the state of the import, unless another worker has it."""
    if not still_ours(sheet_import).update(**given):
        raise LostLease
    sheet_import.refresh_from_db()


def _said(tell: Tell, done: int) -> None:
    if not tell(done):
        raise LostLease
