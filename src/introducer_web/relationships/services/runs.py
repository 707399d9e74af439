"""What a run must know of relationships, and relationships that began before the platform."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.lib.errors import DomainError
from introducer_web.matching import services as matching
from introducer_web.matching.models import MatchRun
from introducer_web.matching.roster import Known
from introducer_web.people.models import Participant, Role
from introducer_web.people.services import pairs_apart
from introducer_web.relationships.models import Relationship
from introducer_web.relationships.services.keeping import locked_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from introducer_web.programs.models import Cohort, Program
    from introducer_web.tenants.models import User

__all__ = [
    "FrontierIsStale",
    "NothingDiffers",
    "NothingToChange",
    "effects",
    "known_of",
    "record_existing",
    "request_few_changes",
    "request_frontier",
    "request_run",
    "request_trial",
    "together_in",
]

State = Relationship.State
#: Around so many changes a frontier is looked at most closely.
_AROUND = 10
#: Cohorts for which the effect of a policy is counted at once, the newest first.
_COHORTS = 4


class NothingToChange(DomainError):
    """Few changes are changes of a proposal."""


class FrontierIsStale(DomainError):
    """Changes are counted from the newest proposal."""


class NothingDiffers(DomainError):
    """A trial of the policy that stands is no trial."""


def known_of(cohort: Cohort) -> Known:
    """Return who is together in a cohort, who was, and the seats that its people have taken in other cohorts."""
    here = Relationship.objects.filter(cohort=cohort)
    over = here.filter(state__in=Relationship.OVER)
    elsewhere = (
        Relationship.objects.exclude(cohort=cohort)
        .filter(state__in=Relationship.TOGETHER)
        .values("mentor__user__code")
        .annotate(taken=Count("pk"))
    )
    return Known(
        existing=frozenset(together_in(cohort)),
        locked=locked_in(cohort),
        ended=frozenset(over.values_list("mentee__code", "mentor__code")),
        loads={row["mentor__user__code"]: row["taken"] for row in elsewhere},
    )


@transaction.atomic
def request_run(*, cohort: Cohort, by: User, now: datetime) -> MatchRun:
    """Freeze the cohort with all that is known of its relationships, and queue a run."""
    return matching.request_run(cohort=cohort, known=known_of(cohort), by=by, now=now)


@transaction.atomic
def request_trial(*, cohort: Cohort, policy: Mapping[str, Any], by: User, now: datetime) -> MatchRun:
    """Queue a run of the cohort under another policy; the one that stands stays as it is.

    Raises
    ------
    NothingDiffers
        If a match under it would be the same.
    """
    if not matching.changed_choices(cohort.program, policy):
        raise NothingDiffers(_("Nothing that a match depends on differs from the policy that stands."))
    return matching.request_run(
        cohort=cohort, known=known_of(cohort), by=by, now=now, kind=MatchRun.Kind.TRIAL, policy=policy
    )


@transaction.atomic
def request_frontier(*, cohort: Cohort, by: User, now: datetime) -> MatchRun:
    """Queue a run that shows what numbers of changes from the newest proposal would buy.

    Raises
    ------
    NothingToChange
        If there is no proposal yet.
    """
    if _newest_proposal(cohort) is None:
        raise NothingToChange(_("There is no proposal yet. Run the match first; then it can be changed a little."))
    return matching.request_run(
        cohort=cohort, known=known_of(cohort), by=by, now=now, kind=MatchRun.Kind.CHANGES, most_changes=_AROUND
    )


@transaction.atomic
def request_few_changes(*, frontier: MatchRun, most: int, by: User, now: datetime) -> MatchRun:
    """Queue a run for a proposal that changes at most so many ties of the one that a frontier was counted from.

    Raises
    ------
    FrontierIsStale
        If another proposal has come since: changes would be counted from that one.
    """
    if _newest_proposal(frontier.cohort) != frontier.previous_id:
        raise FrontierIsStale(_("A newer proposal is there by now. Look at changes from that one."))
    cohort = frontier.cohort
    return matching.request_run(cohort=cohort, known=known_of(cohort), by=by, now=now, most_changes=most)


def _newest_proposal(cohort: Cohort) -> int | None:
    done = MatchRun.objects.filter(cohort=cohort, state=MatchRun.State.DONE, kind=MatchRun.Kind.PROPOSAL)
    return done.order_by("-number").values_list("pk", flat=True).first()


def effects(*, program: Program, policy: Mapping[str, Any], now: datetime) -> list[matching.Effect]:
    """Return what a policy would do to each cohort of a program that is open and has people on both sides."""
    roles = Participant.objects.filter(cohort__program=program, cohort__is_closed=False, state="active")
    sides: dict[int, set[str]] = defaultdict(set)
    for cohort, role in roles.values_list("cohort", "role").distinct():
        sides[cohort].add(role)
    whole = [key for key, both in sides.items() if len(both) == len(Role)]
    cohorts = program.cohorts.filter(pk__in=whole).select_related("program", "society").order_by("-pk")[:_COHORTS]
    return [matching.effect(cohort=cohort, policy=policy, known=known_of(cohort), now=now) for cohort in cohorts]


def together_in(cohort: Cohort) -> set[tuple[str, str]]:
    """Return who is together in a cohort, or was introduced: codes of mentee and mentor."""
    together = Relationship.objects.filter(cohort=cohort, state__in=Relationship.TOGETHER)
    return set(together.values_list("mentee__code", "mentor__code"))


@transaction.atomic
def record_existing(
    *, cohort: Cohort, pairs: Sequence[tuple[Participant, Participant]], by: User | None, now: datetime
) -> list[Relationship]:
    """Record relationships that began before the platform: active, with nobody told. Known ones stay as they are.

    Each takes a seat of its mentor, also one above the capacity: it is a fact. Two who are kept apart are left out,
    and nothing says so: whoever keeps the other away is nobody's to know. Six queries.
    """
    mentors = sorted({mentor.pk for _mentee, mentor in pairs})
    list(Participant.objects.select_for_update().filter(pk__in=mentors).order_by("pk"))
    together = together_in(cohort)
    apart = pairs_apart({person.user_id for pair in pairs for person in pair})
    taken = defaultdict(set)
    seated = Relationship.objects.filter(mentor__in=mentors, seat__isnull=False)
    for key, seat in seated.values_list("mentor", "seat"):
        taken[key].add(seat)
    new = []
    for mentee, mentor in dict.fromkeys(pairs):
        if (mentee.code, mentor.code) in together or frozenset((mentee.user_id, mentor.user_id)) in apart:
            continue
        seat = _free(taken[mentor.pk])
        taken[mentor.pk].add(seat)
        new.append(
            Relationship(
                society=cohort.society, cohort=cohort, mentee=mentee, mentor=mentor, state=State.ACTIVE, seat=seat,
                began_at=now,
            )
        )  # fmt: skip
    made = Relationship.objects.bulk_create(new, batch_size=500)
    if made:
        audit.record(
            society=cohort.society, by=by, act="relationships.record_existing", subject=cohort.code, now=now,
            words=f"Recorded {len(made)} relationships that existed before.",
        )  # fmt: skip
    return made


def free_seat(mentor: Participant) -> int:
    """Return the lowest number of a seat of this participant that nobody has, from 1."""
    return _free(set(Relationship.objects.filter(mentor=mentor, seat__isnull=False).values_list("seat", flat=True)))


def _free(taken: set[int]) -> int:
    return next(number for number in range(1, len(taken) + 2) if number not in taken)
