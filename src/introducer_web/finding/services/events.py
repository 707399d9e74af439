"""What is on: dates of a cohort, for everybody in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from introducer_web.audit import services as audit
from introducer_web.finding.models import Event

if TYPE_CHECKING:
    from datetime import datetime

    from introducer_web.programs.models import Cohort
    from introducer_web.tenants.models import User

__all__ = ["add_event", "remove_event"]


@transaction.atomic
def add_event(*, cohort: Cohort, by: User, now: datetime, **said: Any) -> Event:
    """Announce a date to a cohort: on the pages on which its people look for each other."""
    event = Event.objects.create(society=cohort.society, cohort=cohort, **said)
    audit.record(
        society=cohort.society, by=by, act="finding.add_event", subject=event.code, now=now, words="Announced a date."
    )
    return event


@transaction.atomic
def remove_event(*, event: Event, by: User, now: datetime) -> None:
    """Take a date back."""
    audit.record(
        society=event.society, by=by, act="finding.remove_event", subject=event.code, now=now, words="Took a date back."
    )
    event.delete()
