"""Times that one side proposes, and what the other answers: one of them, none of them, or others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from introducer_web.lib.codes import digest, new_token
from introducer_web.lib.errors import DomainError
from introducer_web.mail import services as mail
from introducer_web.plans.models import Plan, Proposal, Series, Where
from introducer_web.plans.services.calendars import zone_of
from introducer_web.plans.services.mails import tell_declined, tell_of_plan, tell_of_proposal, tell_of_series
from introducer_web.plans.zones import repeated
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from collections.abc import Sequence

    from introducer_web.people.models import Participant

__all__ = [
    "AlreadyPlanned",
    "AlreadySettled",
    "NoSuchTime",
    "NotTogether",
    "NotYours",
    "accept",
    "decline",
    "propose",
    "withdraw",
]

State = Proposal.State
#: Most times that are proposed at once.
MOST = 5
#: How long a proposal waits, and not beyond its last time.
_WAITS = timedelta(days=14)
#: How far ahead one may propose.
_AHEAD = timedelta(days=366)
#: Most letters of where two meet.
_PLACE = 300


class NotTogether(DomainError):
    """Only two people who both agreed, and have not ended, plan conversations."""


class NoSuchTime(DomainError):
    """The times are too many, over, or none of those that were proposed."""


class AlreadySettled(DomainError):
    """The proposal was answered, taken back, replaced, or has expired."""


class AlreadyPlanned(DomainError):
    """The two have a conversation at that time already."""


class NotYours(DomainError):
    """Who proposed waits for the other side; who was asked takes nothing back."""


@transaction.atomic
def propose(
    *, relationship: Relationship, person: Participant, times: Sequence[datetime], minutes: int, now: datetime,
    where: str = Where.VIDEO, place: str = "", weeks: int | None = None, number: int | None = None,
    moves: Plan | None = None,
) -> Proposal:  # fmt: skip
    """Propose up to five times to the other side. What was open between the two before is replaced.

    Parameters
    ----------
    place : str
        A number, an address for video, a room: only the two read it.
    weeks, number : int, optional
        A series instead of one conversation: so many weeks apart, so many in all.
    moves : Plan, optional
        What is to be moved to one of the times.

    Raises
    ------
    NotTogether, NoSuchTime
    """
    two = _locked(relationship)
    chosen = sorted({each.astimezone(UTC) for each in times})
    if not chosen or len(chosen) > MOST:
        raise NoSuchTime(_("Choose at least one time, and at most five."))
    if chosen[0] <= now or chosen[-1] > now + _AHEAD:
        raise NoSuchTime(_("Choose times that are still to come, within a year."))
    if moves is not None and (moves.state != Plan.State.AGREED or moves.starts_at <= now):
        raise AlreadySettled(_("That conversation is over or was cancelled. Plan a new one."))
    _replace(two, now)
    token = new_token()
    proposal = Proposal(
        society=two.society, relationship=two, by=person, times=[each.isoformat() for each in chosen],
        zone=zone_of(person), minutes=minutes, where=where, moves=moves, digest=digest(token), made_at=now,
        expires_at=min(now + _WAITS, chosen[-1]), weeks=None if moves else weeks,
        number=None if moves or not weeks else number or 1,
    )  # fmt: skip
    proposal.words = {"place": place.strip()[:_PLACE]}
    proposal.save()
    tell_of_proposal(proposal, token, now)
    return proposal


def _locked(relationship: Relationship) -> Relationship:
    """Lock what the two have together: one answer at a time."""
    two = (
        Relationship.objects.select_for_update(of=("self",))
        .select_related("society", "mentee__user", "mentee__society", "mentor__user", "mentor__society")
        .get(pk=relationship.pk)
    )
    if two.state != Relationship.State.ACTIVE:
        raise NotTogether(_("You can plan conversations while both of you are in this mentoring."))
    return two


def _replace(two: Relationship, now: datetime) -> None:
    for row in Proposal.objects.filter(relationship=two, state=State.OPEN):
        _settle(row, State.REPLACED, now)


def _settle(proposal: Proposal, state: str, now: datetime, plan: Plan | None = None) -> None:
    """End a proposal; what was written of it and has not left is taken back."""
    proposal.state, proposal.settled_at, proposal.plan = state, now, plan
    proposal.save(update_fields=["state", "settled_at", "plan"])
    mail.drop(keys=[f"proposal:{proposal.code}"])


def _open(proposal: Proposal, now: datetime) -> Proposal:
    """Return the proposal as it stands now, locked, with the two whose it is."""
    two = _locked(proposal.relationship)
    row = Proposal.objects.select_related("society", "by", "plan", "moves").get(pk=proposal.pk)
    row.relationship = two
    return row


def _refuse_settled(row: Proposal, now: datetime) -> None:
    if row.state != State.OPEN or row.expires_at <= now:
        raise AlreadySettled(
            _("This proposal was settled already, or has expired. Look at what you have planned, or propose times.")
        )


@transaction.atomic
def accept(*, proposal: Proposal, person: Participant, at: datetime, now: datetime) -> Plan:
    """Agree on one of the times; both get it for their calendars. The same tap twice is one.

    Raises
    ------
    NotTogether, NotYours, AlreadySettled, NoSuchTime, AlreadyPlanned
    """
    row = _open(proposal, now)
    if person.pk == row.by_id:
        raise NotYours(_("You proposed these times; the other side chooses one."))
    held = row.moves or row.plan
    if row.state == State.ACCEPTED and held is not None and held.starts_at == at:
        return held
    _refuse_settled(row, now)
    if at not in row.moments:
        raise NoSuchTime(_("Choose one of the times that were proposed."))
    if at <= now:
        raise NoSuchTime(_("That time is over. Choose a later one, or propose others."))
    try:
        with transaction.atomic():
            plan = _moved(row, at, now) if row.moves else _made(row, at, now)
    except IntegrityError:
        raise AlreadyPlanned(_("The two of you have a conversation at that time already.")) from None
    _settle(row, State.ACCEPTED, now, None if row.moves else plan)
    return plan


def _made(row: Proposal, at: datetime, now: datetime) -> Plan:
    """Make the plan, or all of a series."""
    common = {"society": row.society, "relationship": row.relationship, "zone": row.zone, "minutes": row.minutes}
    if not row.weeks or not row.number:
        plan = _plan(row, common, at, now)
        tell_of_plan(plan, "plan_agreed", now)
        return plan
    series = Series.objects.create(**common, starts_at=at, weeks=row.weeks, number=row.number, changed_at=now)
    moments = repeated(at, row.zone, row.weeks, row.number)
    plans = [_plan(row, common, each, now, series=series, instead_of=each) for each in moments]
    tell_of_series(series, plans, "plan_agreed", now)
    return plans[0]


def _plan(row: Proposal, common: dict[str, object], at: datetime, now: datetime, **more: object) -> Plan:
    plan = Plan(**common, **more, starts_at=at, where=row.where, agreed_at=now, changed_at=now)
    plan.words = {"place": row.words.get("place", "")}
    plan.save()
    return plan


def _moved(row: Proposal, at: datetime, now: datetime) -> Plan:
    """Move a plan, and tell the calendars that have it."""
    plan = Plan.objects.select_for_update(of=("self",)).select_related("series", "society").get(pk=row.moves_id)
    plan.relationship = row.relationship
    if plan.state != Plan.State.AGREED or plan.starts_at <= now:
        raise AlreadySettled(_("That conversation is over or was cancelled. Plan a new one."))
    mail.drop(keys=[f"plan-tomorrow:{plan.code}"])
    plan.starts_at, plan.minutes, plan.zone, plan.where = at, row.minutes, row.zone, row.where
    plan.words = {"place": row.words.get("place", "")}
    plan.sequence, plan.changed_at, plan.reminded_at = plan.sequence + 1, now, None
    plan.save()
    if plan.series:
        count_change(plan.series, now)
    tell_of_plan(plan, "plan_moved", now)
    return plan


def count_change(series: Series, now: datetime) -> None:
    """Count a change that calendars are told of."""
    series.sequence, series.changed_at = series.sequence + 1, now
    series.save(update_fields=["sequence", "changed_at"])


@transaction.atomic
def decline(*, proposal: Proposal, person: Participant, now: datetime) -> Proposal:
    """Say that none of the times fits; no reason is asked for. What was planned stays as it was.

    Raises
    ------
    NotTogether, NotYours, AlreadySettled
    """
    row = _open(proposal, now)
    if person.pk == row.by_id:
        raise NotYours(_("You proposed these times; the other side answers."))
    if row.state == State.DECLINED:
        return row
    _refuse_settled(row, now)
    _settle(row, State.DECLINED, now)
    tell_declined(row, now)
    return row


@transaction.atomic
def withdraw(*, proposal: Proposal, person: Participant, now: datetime) -> Proposal:
    """Take one's own proposal back.

    Raises
    ------
    NotTogether, NotYours, AlreadySettled
    """
    row = _open(proposal, now)
    if person.pk != row.by_id:
        raise NotYours(_("The other side proposed these times."))
    if row.state == State.WITHDRAWN:
        return row
    _refuse_settled(row, now)
    _settle(row, State.WITHDRAWN, now)
    return row
