"""Advice on a finished run: asked for, worked out by a worker outside any transaction, written in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from introducer_web.audit import services as audit
from introducer_web.lib import engine
from introducer_web.lib.errors import DomainError
from introducer_web.lib.faults import crash_point
from introducer_web.lib.leases import claim, still_ours
from introducer_web.matching.models import Advice, MatchRun
from introducer_web.matching.services.watching import signs_of_life

if TYPE_CHECKING:
    from datetime import datetime

    from introducer_web.tenants.models import User

__all__ = ["NoAdvice", "advise_due", "ask_advice", "claim_advice", "perform_advice", "stop_advice"]

State, Kind = Advice.State, Advice.Kind
_UNDER_WAY = (State.QUEUED, State.RUNNING)


class NoAdvice(DomainError):
    """A run that advice cannot be asked of."""


@transaction.atomic
def ask_advice(*, run: MatchRun, kind: str, by: User, now: datetime) -> Advice:
    """Queue advice on a run; what is there, or under way, stays. The same run always gives the same.

    Raises
    ------
    NoAdvice
        If the run is no proposal that is done, or promised a floor: matching again would break it.
    """
    run = MatchRun.objects.select_for_update().select_related("society").defer(*_SEALED).get(pk=run.pk)
    if run.state != MatchRun.State.DONE or run.kind != MatchRun.Kind.PROPOSAL:
        raise NoAdvice(_("Only a proposal that is done gives advice."))
    if kind != Kind.STABILITY and run.policy.get("floor", "total") != "total":
        raise NoAdvice(
            _("This run promises everybody a share. This advice matches again without that promise, and would "
              "mislead; run a match that is after the most for all together, and ask there.")
        )  # fmt: skip
    found = Advice.objects.filter(run=run, kind=kind).first()
    if found is not None and found.state in (*_UNDER_WAY, State.DONE):
        return found
    advice = found or Advice(society=run.society, run=run, kind=kind)
    advice.state, advice.requested_by, advice.requested_at = State.QUEUED, by, now
    advice.finished_at, advice.progress, advice.stop_asked, advice.message = None, 0.0, False, ""
    advice.leased_until = None
    advice.save()
    audit.record(
        society=run.society, by=by, act="matching.ask_advice", subject=run.code, now=now,
        words=f"Asked for advice on match run {run.number}: {Kind(kind).value}.",
    )  # fmt: skip
    return advice


_SEALED = ("sealed_folder", "sealed_outcome")


@transaction.atomic
def stop_advice(*, advice: Advice, by: User, now: datetime) -> Advice:
    """End advice that nobody waits for any more; what it found by then is not kept."""
    advice = Advice.objects.select_for_update().select_related("society", "run").get(pk=advice.pk)
    if advice.state == State.QUEUED:
        advice.state, advice.finished_at = State.STOPPED, now
    elif advice.state == State.RUNNING:
        advice.stop_asked = True
    else:
        raise NoAdvice(_("It has ended already."))
    advice.save(update_fields=["state", "finished_at", "stop_asked"])
    audit.record(
        society=advice.society, by=by, act="matching.stop_advice", subject=advice.run.code, now=now,
        words=f"Stopped advice on match run {advice.run.number}.",
    )  # fmt: skip
    return advice


def advise_due(now: datetime) -> bool:
    """Work out one piece of advice that waits, or that a worker left; False when there is none."""
    advice = claim_advice(now)
    if advice is None:
        return False
    perform_advice(advice)
    return True


def claim_advice(now: datetime) -> Advice | None:
    """Claim the oldest advice that waits, or whose worker has said nothing for a lease."""
    with scopes_disabled():
        waiting = Advice.objects.filter(state__in=_UNDER_WAY).order_by("requested_at", "pk")
        return claim(waiting, now=now, state=State.RUNNING)


def perform_advice(advice: Advice) -> None:
    """Work out claimed advice; a worker that dies on the way leaves it to the next one, which begins anew."""
    with scope(society=advice.society):
        run = MatchRun.objects.get(pk=advice.run_id)
        crash_point("advice-claimed")
        try:
            with signs_of_life(advice) as watch:
                result = engine.advised(advice.kind, run.folder, run.outcome, watch.tell, watch.stop)
        except engine.CannotReopen as error:
            _end(advice, state=State.FAILED, message=str(error))
        except Exception as error:  # nothing may wait for ever; a page says only what kind it was, the log says all
            _end(advice, state=State.FAILED, message=type(error).__name__)
            raise
        else:
            if watch.stop():
                _end(advice, state=State.STOPPED)
            else:
                _end(advice, state=State.DONE, result={"schema": 1, **result}, progress=1.0)


def _end(advice: Advice, **what: object) -> None:
    """Write how it ended, unless another worker has it by now."""
    still_ours(advice).update(finished_at=timezone.now(), leased_until=None, **what)
