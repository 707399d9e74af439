"""Going on: until a later day, or in a later cohort. Both of the two say yes, or it stays as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.lib import lives
from introducer_web.lib.errors import DomainError
from introducer_web.mail import services as mail
from introducer_web.matching.models import Order
from introducer_web.people.models import Participant, Role
from introducer_web.people.services import pairs_apart
from introducer_web.programs.closing import refuse_closed
from introducer_web.relationships.models import Relationship, Renewal, SaidRoles
from introducer_web.relationships.services.desk import DayIsOver, chosen_of
from introducer_web.relationships.services.runs import free_seat
from introducer_web.relationships.services.swaps import close
from introducer_web.tenants.models import User

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from django.db.models import QuerySet

    from introducer_web.programs.models import Cohort

__all__ = ["NothingToRenew", "ask_on", "ask_to_continue", "later_of", "may_continue", "open_for", "say_on"]

State = Relationship.State


class NothingToRenew(DomainError):
    """It is settled, is over, or has begun in the later cohort already."""


@transaction.atomic
def ask_on(
    *, cohort: Cohort, until: date, by: User, now: datetime, only: Collection[str] | None = None
) -> int:  # fmt: skip
    """Ask the two of some relationships whether they go on until a later day; returns how many pairs were asked.

    Who was asked and has not settled it is not asked twice.

    Raises
    ------
    DayIsOver, NothingChosen
    """
    if until <= now.date():
        raise DayIsOver(_("Choose a day that is still to come."))
    asked = 0
    for row in chosen_of(cohort, only):
        if row.renewals.filter(settled_at=None).exists():
            continue
        renewal = Renewal.objects.create(society=row.society, relationship=row, until=until, by=by, asked_at=now)
        for own, other in ((row.mentee, row.mentor), (row.mentor, row.mentee)):
            _tell(renewal, row, own, other, "asked_on", now)
        asked += 1
    if asked:
        audit.record(
            society=cohort.society, by=by, act="relationships.ask_on", subject=cohort.code, now=now,
            words=f"Asked the two of {asked} relationships whether they go on.",
        )  # fmt: skip
    return asked


def _tell(
    renewal: Renewal, relationship: Relationship, own: Participant, other: Participant, kind: str, now: datetime
) -> None:
    mail.queue(
        to=own.user.email, kind=kind, key=f"{kind}:{renewal.code}:{own.code}",
        context={"society": relationship.society, "program": relationship.cohort.program, "person": own.user,
                 "other": other.user, "until": renewal.until, "later": renewal.cohort,
                 "path": f"/s/{relationship.society.slug}/me/{own.code}/on/{renewal.code}/"},
        language=own.user.language, now=now, society=relationship.society,
        # Where one of the two began it, the mail would tell who.
        about=own.cohort.code if renewal.cohort_id is None else "",
    )  # fmt: skip


def may_continue(person: Participant) -> QuerySet[Relationship]:
    """Return what somebody lives in other cohorts with people who take part in this one too, and not yet here."""
    mine, theirs = ("mentor", "mentee") if person.is_mentor else ("mentee", "mentor")
    other = Participant.objects.filter(
        cohort=person.cohort_id, role=theirs, state=Participant.State.ACTIVE, user=OuterRef(f"{theirs}__user")
    )
    here = Relationship.objects.filter(
        Q(**{mine: person.pk}), state__in=Relationship.TOGETHER, **{f"{theirs}__user": OuterRef(f"{theirs}__user")}
    )
    asked = Renewal.objects.filter(relationship=OuterRef("pk"), settled_at=None)
    return (
        Relationship.objects.filter(state=State.ACTIVE, **{f"{mine}__user": person.user_id})
        .exclude(cohort=person.cohort_id)
        .filter(Exists(other), ~Exists(here), ~Exists(asked))
    )


@transaction.atomic
def ask_to_continue(*, relationship: Relationship, person: Participant, now: datetime) -> Renewal:
    """Say that one would like to go on with somebody in the cohort of a later place; the other side is asked.

    Parameters
    ----------
    person : Participant
        The later place of one of the two.

    Raises
    ------
    NothingToRenew, CohortIsClosed
    """
    refuse_closed(person.cohort)
    row = _locked(relationship)
    if person.state != Participant.State.ACTIVE or not may_continue(person).filter(pk=row.pk).exists():
        raise NothingToRenew(_("You were asked already, or one of you does not take part in this cohort yet."))
    renewal = Renewal(society=row.society, relationship=row, cohort=person.cohort, asked_at=now)
    setattr(renewal, _says(person), True)
    renewal.save(force_insert=True)
    for each in _places(renewal, row):
        if each.pk != person.pk:
            _tell(renewal, row, each, person, "asked_on", now)
    audit.record(
        society=row.society, by=None, act="relationships.continue", subject=row.code, now=now,
        words="One of two people would like to go on in a later cohort.",
    )  # fmt: skip
    return renewal


def _says(person: Participant) -> str:
    return "mentor_says" if person.role == Role.MENTOR else "mentee_says"


def _locked(relationship: Relationship) -> Relationship:
    """Lock the mentor as a person, then the relationship: as seats are."""
    User.objects.select_for_update().get(pk=relationship.mentor.user_id)
    return (
        Relationship.objects.select_for_update(of=("self",))
        .select_related(
            "society", "cohort__program", "mentee__user", "mentor__user", "mentee__cohort", "mentor__cohort"
        )
        .get(pk=relationship.pk)
    )


def _places(renewal: Renewal, row: Relationship) -> list[Participant]:
    """Return the places of mentee and mentor in the cohort in which they would go on; fewer where one has none."""
    if renewal.cohort_id is None:
        return [row.mentee, row.mentor]
    here = Participant.objects.filter(cohort=renewal.cohort_id, state=Participant.State.ACTIVE)
    pair = Q(role=Role.MENTEE, user=row.mentee.user_id) | Q(role=Role.MENTOR, user=row.mentor.user_id)
    found = here.filter(pair).select_related("user", "cohort__program", "society")
    return sorted(found, key=lambda each: each.role)  # mentee before mentor


@transaction.atomic
def say_on(*, renewal: Renewal, person: Participant, yes: bool, now: datetime) -> Renewal:
    """Take what one of the two says. Two yes: they go on, and are told. A no settles it, and it stays as it was.

    Raises
    ------
    NothingToRenew
    """
    row = _locked(renewal.relationship)
    renewal = Renewal.objects.select_for_update(of=("self",)).select_related("society", "cohort__program").get(
        pk=renewal.pk
    )  # fmt: skip
    if renewal.settled_at is not None or row.state != State.ACTIVE:
        raise NothingToRenew(_("This is settled already. Nothing is left to do."))
    setattr(renewal, _says(person), yes)
    if not yes:
        renewal.settled_at = now
    elif renewal.goes_on:
        _go_on(renewal, row, now)
    renewal.save(update_fields=["mentee_says", "mentor_says", "settled_at", "became"])
    audit.record(
        society=row.society, by=None, act="relationships.say_on", subject=row.code, now=now,
        words="One of two people answered whether they go on.",
    )  # fmt: skip
    return renewal


def _go_on(renewal: Renewal, row: Relationship, now: datetime) -> None:
    renewal.settled_at = now
    places = _places(renewal, row)
    if len(places) != 2:
        raise NothingToRenew(_("One of you does not take part in that cohort any more."))
    mentee, mentor = places
    if renewal.cohort is None:
        row.until = renewal.until
        row.version += 1
        row.save(update_fields=["until", "version"])
    else:
        refuse_closed(renewal.cohort)
        renewal.became = _record(renewal, row, mentee, mentor, now)
    for own, other in ((mentee, mentor), (mentor, mentee)):
        _tell(renewal, row, own, other, "goes_on", now)


def _record(
    renewal: Renewal, row: Relationship, mentee: Participant, mentor: Participant, now: datetime
) -> Relationship:
    """End it in the earlier cohort and let it begin in the later one, as both agreed; the seat moves along."""
    here = Relationship.objects.filter(mentee=mentee, mentor=mentor, state__in=Relationship.TOGETHER)
    apart = pairs_apart({mentee.user_id, mentor.user_id})
    vetoed = Order.objects.filter(mentee=mentee, mentor=mentor, kind=Order.Kind.VETO, lifted_at=None)
    if here.exists() or apart or vetoed.exists():
        raise NothingToRenew(_("It cannot begin there now. Your coordinator can help."))
    close(row, now)
    asked = {need.key for need in mentee.needs.select_related("domain", "topic")}
    later = Relationship.objects.create(
        society=row.society, cohort_id=renewal.cohort_id, mentee=mentee, mentor=mentor, state=State.ACTIVE,
        seat=free_seat(mentor), needs=[key for key in row.needs if key in asked], began_at=now,
        last_contact_on=row.last_contact_on,
    )  # fmt: skip
    _take_along_roles(row, later)
    lives.went_on(old=row, new=later, now=now)
    return later


def _take_along_roles(row: Relationship, later: Relationship) -> None:
    """Take along what the two say of themselves; what they read of the past stays where it was."""
    for earlier, place in ((row.mentee_id, later.mentee), (row.mentor_id, later.mentor)):
        SaidRoles.objects.filter(relationship=row, person=earlier).update(relationship=later, person=place)
    later.about = row.about
    later.save(update_fields=["sealed_about"])


def open_for(person: Participant) -> QuerySet[Renewal]:
    """Return what somebody is asked and has not answered, in this place of theirs."""
    side = "mentor" if person.is_mentor else "mentee"
    here = Q(cohort=person.cohort_id) | Q(cohort=None, **{f"relationship__{side}": person.pk})
    mine: dict[str, Any] = {f"relationship__{side}__user": person.user_id, f"{side}_says": None}
    return Renewal.objects.filter(here, settled_at=None, relationship__state=State.ACTIVE, **mine)


def later_of(relationship: Relationship) -> Relationship | None:
    """Return what a relationship became in a later cohort; None: it did not go on in one."""
    renewals = Renewal.objects.filter(relationship=relationship, became__isnull=False).order_by("-pk")
    found = renewals.select_related("became__mentee", "became__mentor", "became__cohort", "became__society").first()
    return None if found is None else found.became
