"""Asking for a run, stopping one, and who could come in instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.lib.errors import DomainError
from introducer_web.matching.models import Constellation, MatchRun
from introducer_web.matching.roster import freeze
from introducer_web.people.models import Participant, Role
from introducer_web.programs.models import Cohort

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from introducer_web.matching.roster import Known
    from introducer_web.tenants.models import User

__all__ = ["NobodyToMatch", "NotRunning", "RunIsUnderWay", "instead", "request_run", "stop_run"]

State = MatchRun.State


class RunIsUnderWay(DomainError):
    """A cohort has one run at a time."""


class NobodyToMatch(DomainError):
    """A run needs a mentee and a mentor."""


class NotRunning(DomainError):
    """A run that has ended cannot be stopped."""


@transaction.atomic
def request_run(*, cohort: Cohort, known: Known, by: User, now: datetime) -> MatchRun:
    """Freeze the cohort as it is now, and queue a run; a worker performs it.

    The newest finished run of the cohort is the one that this run stays near to.
    """
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    runs = MatchRun.objects.filter(cohort=cohort)
    if runs.filter(state__in=(State.QUEUED, State.RUNNING)).exists():
        raise RunIsUnderWay(_("A run of this cohort is under way. Wait for it, or stop it first."))
    active = Participant.objects.filter(cohort=cohort, state=Participant.State.ACTIVE)
    for role, sentence in (
        (Role.MENTEE, _("Nobody in this cohort asks for a mentor yet. Invite or import mentees first.")),
        (Role.MENTOR, _("Nobody in this cohort mentors yet. Invite or import mentors first.")),
    ):
        if not active.filter(role=role).exists():
            raise NobodyToMatch(sentence)
    last = runs.order_by("-number").first()
    run = MatchRun(
        society=cohort.society,
        cohort=cohort,
        number=last.number + 1 if last else 1,
        requested_by=by,
        requested_at=now,
        previous=runs.filter(state=State.DONE).order_by("-number").first(),
        summary={"versions": dict(active.values_list("code", "version"))},
    )
    run.folder = freeze(cohort, known, now.date())
    run.save(force_insert=True)
    audit.record(
        society=cohort.society, by=by, act="matching.request_run", subject=run.code, now=now,
        words=f"Asked for match run {run.number}.",
    )  # fmt: skip
    return run


@transaction.atomic
def stop_run(*, run: MatchRun, by: User, now: datetime, keep: bool = False) -> MatchRun:
    """End a run that nobody waits for any more.

    Parameters
    ----------
    keep : bool
        Whether what it has found so far becomes its outcome, with its honest gap; of a run that
        still waits there is nothing to keep.
    """
    run = MatchRun.objects.select_for_update().get(pk=run.pk)
    if run.state == State.QUEUED:
        run.state, run.finished_at = State.STOPPED, now
    elif run.state == State.RUNNING:
        run.stop_asked, run.keeps = True, keep
    else:
        raise NotRunning(_("The run has ended already."))
    run.save(update_fields=["state", "finished_at", "stop_asked", "keeps"])
    audit.record(
        society=run.society, by=by, act="matching.stop_run", subject=run.code, now=now,
        words=f"Stopped match run {run.number}{' and took what it had' if run.keeps else ''}.",
    )  # fmt: skip
    return run


def instead(run: MatchRun, wanted: Mapping[int, Collection[str]]) -> dict[int, Participant]:
    """Return the mentor who could come at the least cost, for several mentees at once.

    Parameters
    ----------
    wanted : mapping of int to collection of str
        By primary key of a mentee: codes of mentors to leave out.
    """
    others = {
        row.mentee_id: [other["mentor"] for other in row.others if other["mentor"] not in wanted[row.mentee_id]]
        for row in Constellation.objects.filter(run=run, mentee__in=wanted).only("mentee_id", "others")
    }
    active = Participant.objects.filter(
        code__in={code for codes in others.values() for code in codes}, state=Participant.State.ACTIVE
    )
    mentors = {mentor.code: mentor for mentor in active.select_related("user")}
    first = {mentee: next((mentors[code] for code in codes if code in mentors), None)
             for mentee, codes in others.items()}  # fmt: skip
    return {mentee: mentor for mentee, mentor in first.items() if mentor is not None}
