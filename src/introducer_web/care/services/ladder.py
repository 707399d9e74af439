"""The ladder of a cohort as a coordinator sets, sees and approves it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from introducer_web.audit import services as audit
from introducer_web.care.kinds import BY_KEY, KINDS
from introducer_web.care.look import Look
from introducer_web.care.models import Ladder, Rung
from introducer_web.care.services.writing import preview_of, ready
from introducer_web.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from introducer_web.care.kinds import Kind
    from introducer_web.programs.models import Cohort
    from introducer_web.relationships.models import Relationship
    from introducer_web.tenants.models import User

__all__ = ["LadderIsStale", "OutOfRange", "Shown", "approve", "ladder_of", "look_at", "reminded_cohorts", "rungs_of",
           "seen_of", "set_rungs", "shown", "stop"]  # fmt: skip

#: Names of first recipients that the page shows for each rung.
_NAMES = 8


class LadderIsStale(DomainError):
    """Somebody changed a rung between the page and the approval."""


class OutOfRange(DomainError):
    """The days of a rung have limits."""


@dataclass(frozen=True)
class Shown:
    """A rung as the page shows it: its first recipients today by name, and its mail to the first of them."""

    kind: Kind
    is_on: bool
    days: int
    names: tuple[str, ...]
    more: int
    subject: str
    text: str


def look_at(cohort: Cohort, now: datetime, rungs: Iterable[Rung], only: Relationship | None = None) -> Look:
    """Return a look at a cohort with its rungs as they were set, and the others as they come."""
    said = {rung.kind: rung for rung in rungs}
    days = {kind.key: said[kind.key].days if kind.key in said else kind.days for kind in KINDS}
    on = {kind.key: said[kind.key].is_on if kind.key in said else True for kind in KINDS}
    return Look(cohort, now, days, on, only)


def rungs_of(cohort: Cohort) -> list[Rung]:
    """Return the rungs of a cohort with their ladder; none while nobody has set or approved them."""
    return list(Rung.objects.filter(ladder__cohort=cohort).select_related("ladder__approved_by"))


def ladder_of(rungs: Sequence[Rung]) -> Ladder | None:
    """Return the ladder of rungs; None where there are none."""
    return rungs[0].ladder if rungs else None


def shown(cohort: Cohort, now: datetime, rungs: Iterable[Rung]) -> list[Shown]:
    """Return every rung with its text and to whom it would go now."""
    look = look_at(cohort, now, rungs)
    found = []
    for kind in KINDS:
        due = [] if kind.between else list(ready(look, kind))
        names = list(dict.fromkeys(str(each.person.user) for each in due))
        mail = preview_of(look, kind, due[0] if due else None)
        found.append(
            Shown(kind, look.on[kind.key], look.days[kind.key], tuple(names[:_NAMES]), max(len(names) - _NAMES, 0),
                  mail["subject"], mail["text"])
        )  # fmt: skip
    return found


def seen_of(rungs: Iterable[Rung]) -> str:
    """Return a digest of how the rungs of a ladder are set."""
    said = {rung.kind: (rung.is_on, rung.days) for rung in rungs}
    told = [[kind.key, *said.get(kind.key, (True, kind.days))] for kind in KINDS]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


@transaction.atomic
def set_rungs(*, cohort: Cohort, said: Mapping[str, tuple[bool, int]], by: User, now: datetime) -> Ladder:
    """Switch rungs on or off, and say after how many days; by key of the kind.

    Raises
    ------
    OutOfRange
    """
    ladder = _locked(cohort)
    for key, (is_on, days) in said.items():
        kind = BY_KEY[key]
        if not kind.least <= days <= kind.most:
            raise OutOfRange(
                _("%(rung)s: between %(least)s and %(most)s days.")
                % {"rung": kind.title, "least": kind.least, "most": kind.most}
            )
        Rung.objects.update_or_create(
            ladder=ladder, kind=key, defaults={"is_on": is_on, "days": days}, create_defaults={
                "society": cohort.society, "is_on": is_on, "days": days},
        )  # fmt: skip
    _record(ladder, by, "care.set_rungs", "Changed the reminders of a cohort.", now)
    return ladder


@transaction.atomic
def approve(*, cohort: Cohort, seen: str, by: User, now: datetime) -> Ladder:
    """Let the reminders of a cohort leave from now on.

    Parameters
    ----------
    seen : str
        ``seen_of`` the rungs on the page that the coordinator looked at.

    Raises
    ------
    LadderIsStale
    """
    ladder = _locked(cohort)
    if seen_of(ladder.rungs.all()) != seen:
        raise LadderIsStale(_("Somebody changed the reminders since you opened the page. Look again, then approve."))
    if ladder.approved_at is None:
        ladder.approved_at, ladder.approved_by, ladder.looked_at = now, by, None
        ladder.save(update_fields=["approved_at", "approved_by", "looked_at"])
        _record(ladder, by, "care.approve", "Approved the reminders of a cohort.", now)
    return ladder


@transaction.atomic
def stop(*, cohort: Cohort, by: User, now: datetime) -> Ladder:
    """Let no reminder leave any more, until the ladder is approved once more."""
    ladder = _locked(cohort)
    if ladder.approved_at is not None:
        ladder.approved_at = ladder.approved_by = None
        ladder.save(update_fields=["approved_at", "approved_by"])
        _record(ladder, by, "care.stop", "Stopped the reminders of a cohort.", now)
    return ladder


def reminded_cohorts() -> list[int]:
    """Return the cohorts, by primary key, in which the ladder says what waits for an answer."""
    with scopes_disabled():
        approved = Ladder.objects.filter(approved_at__isnull=False)
        off = Rung.objects.filter(kind="unanswered", is_on=False).values("ladder")
        return list(approved.exclude(pk__in=off).values_list("cohort", flat=True))


def _locked(cohort: Cohort) -> Ladder:
    ladder, new = Ladder.objects.get_or_create(cohort=cohort, defaults={"society": cohort.society})
    if new:
        Rung.objects.bulk_create(
            Rung(society=cohort.society, ladder=ladder, kind=kind.key, days=kind.days) for kind in KINDS
        )
    return Ladder.objects.select_for_update(of=("self",)).select_related("society").get(pk=ladder.pk)


def _record(ladder: Ladder, by: User, act: str, words: str, now: datetime) -> None:
    audit.record(society=ladder.society, by=by, act=act, subject=ladder.code, now=now, words=words)
