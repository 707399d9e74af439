"""Asking for a run or for a trial, stopping one, and who could come in instead."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.lib.errors import DomainError
from introducer_web.matching.models import Constellation, MatchRun
from introducer_web.matching.roster import CHOICES, freeze, under
from introducer_web.matching.services.orders import carry_vetoes
from introducer_web.people.models import Participant, Role
from introducer_web.programs.closing import refuse_closed
from introducer_web.programs.models import Cohort

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from django.db.models import QuerySet

    from introducer_web.matching.roster import Known
    from introducer_web.tenants.models import User

__all__ = ["NobodyToMatch", "NotRunning", "RunIsUnderWay", "TooManyTrials", "instead", "request_run", "stop_run"]

State, Kind = MatchRun.State, MatchRun.Kind
#: Trials of one coordinator within a day: who tries on and on could find out what people keep private (promises, P26).
_TRIALS = 20
_DAY = timedelta(days=1)


class RunIsUnderWay(DomainError):
    """A cohort has one run at a time."""


class NobodyToMatch(DomainError):
    """A run needs a mentee and a mentor."""


class TooManyTrials(DomainError):
    """A coordinator tries so much a day and no more."""


class NotRunning(DomainError):
    """A run that has ended cannot be stopped."""


@transaction.atomic
def request_run(
    *,
    cohort: Cohort,
    known: Known,
    by: User,
    now: datetime,
    kind: str = Kind.PROPOSAL,
    policy: Mapping[str, Any] | None = None,
    most_changes: int | None = None,
) -> MatchRun:
    """Freeze the cohort as it is now, and queue a run; a worker performs it.

    The newest finished proposal of the cohort is the one that this run stays near to.

    Parameters
    ----------
    policy : mapping, optional
        Choices of the program that a trial obeys instead of those that stand, which stay as they are.
    most_changes : int, optional
        Ties that may come or go since the run before.
    """
    refuse_closed(Cohort.objects.select_for_update().get(pk=cohort.pk))
    carry_vetoes(cohort=cohort, now=now)
    runs = MatchRun.objects.filter(cohort=cohort)
    if runs.filter(state__in=(State.QUEUED, State.RUNNING)).exists():
        raise RunIsUnderWay(_("A run of this cohort is under way. Wait for it, or stop it first."))
    _somebody_on_both_sides(cohort)
    if kind != Kind.PROPOSAL:
        tried = MatchRun.objects.filter(requested_by=by, requested_at__gt=now - _DAY).exclude(kind=Kind.PROPOSAL)
        if tried.count() >= _TRIALS:
            raise TooManyTrials(
                _("You tried %(n)s times within a day. That is the limit, because of what people keep private; "
                  "tomorrow you can go on.") % {"n": _TRIALS}
            )  # fmt: skip
    held = under(cohort, policy or {})
    last = runs.order_by("-number").first()
    run = MatchRun(
        society=cohort.society,
        cohort=cohort,
        number=last.number + 1 if last else 1,
        kind=kind,
        policy={name: getattr(held.program, name) for name in CHOICES},
        most_changes=most_changes,
        requested_by=by,
        requested_at=now,
        previous=runs.filter(state=State.DONE, kind=Kind.PROPOSAL).order_by("-number").first(),
        summary={"versions": dict(_active(cohort).values_list("code", "version"))},
    )
    run.folder = freeze(held, known, now.date())
    if kind == Kind.TRIAL:
        standing = freeze(cohort, known, now.date())
        run.summary |= {
            "stood": {name: getattr(cohort.program, name) for name in CHOICES},
            "same_people": run.previous is not None and run.previous.folder == standing,
        }
    run.save(force_insert=True)
    words = {Kind.TRIAL: "a trial of another policy", Kind.CHANGES: "what changes would buy"}.get(
        Kind(kind), "match run"
    )
    audit.record(
        society=cohort.society, by=by, act="matching.request_run", subject=run.code, now=now,
        words=f"Asked for {words} {run.number}." if kind == Kind.PROPOSAL else f"Asked for {words}, run {run.number}.",
    )  # fmt: skip
    return run


def _active(cohort: Cohort) -> QuerySet[Participant]:
    return Participant.objects.filter(cohort=cohort, state=Participant.State.ACTIVE)


def _somebody_on_both_sides(cohort: Cohort) -> None:
    active = _active(cohort)
    for role, sentence in (
        (Role.MENTEE, _("Nobody in this cohort asks for a mentor yet. Invite or import mentees first.")),
        (Role.MENTOR, _("Nobody in this cohort mentors yet. Invite or import mentors first.")),
    ):
        if not active.filter(role=role).exists():
            raise NobodyToMatch(sentence)


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
