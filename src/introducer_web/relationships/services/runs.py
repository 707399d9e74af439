"""What a run must know of relationships, and relationships that began before the platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Q

from introducer_web.audit import services as audit
from introducer_web.matching import services as matching
from introducer_web.matching.roster import Known
from introducer_web.people.models import Participant
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from introducer_web.matching.models import MatchRun
    from introducer_web.programs.models import Cohort
    from introducer_web.tenants.models import User

__all__ = ["known_of", "record_existing", "request_run"]

State = Relationship.State


def known_of(cohort: Cohort) -> Known:
    """Return who is together in a cohort, who was, and the seats that its people have taken in other cohorts."""
    here = Relationship.objects.filter(cohort=cohort)
    together = here.filter(state__in=(State.INTRODUCED, State.ACTIVE))
    over = here.filter(state__in=(State.DECLINED, State.ENDED))
    elsewhere = (
        Relationship.objects.exclude(cohort=cohort)
        .filter(state__in=(State.INTRODUCED, State.ACTIVE))
        .values("mentor__user__code")
        .annotate(taken=Count("pk"))
    )
    return Known(
        existing=frozenset(together.values_list("mentee__code", "mentor__code")),
        ended=frozenset(over.values_list("mentee__code", "mentor__code")),
        loads={row["mentor__user__code"]: row["taken"] for row in elsewhere},
    )


@transaction.atomic
def request_run(*, cohort: Cohort, by: User, now: datetime) -> MatchRun:
    """Freeze the cohort with all that is known of its relationships, and queue a run."""
    return matching.request_run(cohort=cohort, known=known_of(cohort), by=by, now=now)


@transaction.atomic
def record_existing(
    *, cohort: Cohort, pairs: Iterable[tuple[Participant, Participant]], by: User, now: datetime
) -> list[Relationship]:
    """Record relationships that began before the platform: active, with nobody told. Known ones stay as they are."""
    made = []
    for mentee, mentor in pairs:
        Participant.objects.select_for_update().get(pk=mentor.pk)
        together = Q(mentee=mentee, mentor=mentor, state__in=(State.INTRODUCED, State.ACTIVE))
        if Relationship.objects.filter(together).exists():
            continue
        made.append(
            Relationship.objects.create(
                society=cohort.society, cohort=cohort, mentee=mentee, mentor=mentor, state=State.ACTIVE,
                seat=free_seat(mentor), began_at=now,
            )
        )  # fmt: skip
    if made:
        audit.record(
            society=cohort.society, by=by, act="relationships.record_existing", subject=cohort.code, now=now,
            words=f"Recorded {len(made)} relationships that existed before.",
        )  # fmt: skip
    return made


def free_seat(mentor: Participant) -> int:
    """Return the lowest number of a seat of this participant that nobody has, from 1."""
    taken = set(Relationship.objects.filter(mentor=mentor, seat__isnull=False).values_list("seat", flat=True))
    return next(number for number in range(1, len(taken) + 2) if number not in taken)
