"""The directory: mentors whom a mentee may look for, by words and by plain facts; never by anything private."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery, TextField
from django.db.models.functions import Cast, Coalesce

from introducer_web.finding.models import CareerMove
from introducer_web.finding.text import found_by
from introducer_web.people.models import Block, Claim, Need, Offer, Participant, Role
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from django.db.models import QuerySet

__all__ = ["askable", "listed", "searched"]

_DAY_H = 24


def listed(mentee: Participant) -> QuerySet[Participant]:
    """Return the mentors in the directory of a mentee's program, whether they have a seat now or not."""
    found = Participant.objects.filter(
        Q(listing__isnull=True) | Q(listing__is_listed=True),
        role=Role.MENTOR, state=Participant.State.ACTIVE, may_be_matched=True,
        cohort__program=mentee.cohort.program_id, cohort__is_closed=False,
    ).exclude(user=mentee.user_id)  # fmt: skip
    # Who keeps somebody away, or is kept away, is not shown to them: read with the rest, without a query of its own.
    for own, other in (("by", "other"), ("other", "by")):
        found = found.exclude(user__in=Block.objects.filter(**{own: mentee.user_id}).values(other))
    if mentee.cohort.program.guests == mentee.cohort.program.Guests.FORBID:
        found = found.filter(kind="member")
    return found


def askable(mentee: Participant, today: date) -> QuerySet[Participant]:
    """Return the mentors of the directory who have a free seat, are not paused, and are not with this mentee."""
    taken = (
        Relationship.objects.filter(mentor__user=OuterRef("user"), state__in=Relationship.TOGETHER)
        .order_by().values("mentor__user").annotate(n=Count("pk")).values("n")
    )  # fmt: skip
    mine = Relationship.objects.filter(mentee=mentee, state__in=Relationship.TOGETHER)
    return (
        listed(mentee)
        .filter(Q(paused_until__isnull=True) | Q(paused_until__lte=today))
        .exclude(pk__in=mine.values("mentor"))
        .annotate(
            seats=Coalesce("capacity", "cohort__program__capacity", output_field=IntegerField())
            - Coalesce(Subquery(taken, output_field=IntegerField()), 0)
        )
        .filter(seats__gt=0)
    )


def searched(mentee: Participant, asked: Mapping[str, Any], now: datetime) -> QuerySet[Participant]:
    """Return the askable mentors whom a question finds, those first who help with more of what the mentee asked for.

    Parameters
    ----------
    asked : mapping
        As ``forms.SearchForm`` cleans it.
    """
    found = askable(mentee, now.date())
    if asked.get("q"):
        found = found.filter(found_by(asked["q"]))
    for name in ("settings", "procedures", "languages"):
        if asked.get(name):  # lists of codes: no database compares them in the same way, their texts all do
            found = found.annotate(**{f"{name}_text": Cast(name, TextField())})
            found = found.filter(**{f"{name}_text__contains": f'"{asked[name]}"'})
    if asked.get("domain"):
        plain = Offer.objects.filter(domain__key=asked["domain"], domain__sensitive=False)
        found = found.filter(pk__in=plain.exclude(topic__sensitive=True).values("participant"))
    if asked.get("experience"):
        told = Claim.objects.filter(experience__key=asked["experience"], experience__sensitive=False)
        found = found.filter(pk__in=told.values("participant"))
    if asked.get("stage"):
        found = found.filter(stage=asked["stage"])
    ends = {name: asked[name] for name in ("left", "came") if asked.get(name)}
    if ends:
        found = found.filter(pk__in=CareerMove.objects.filter(**ends).values("participant"))
    if asked.get("within"):
        found = found.filter(answers_within__lte=asked["within"])
    if asked.get("hours") is not None and mentee.timezone:
        zones = found.order_by().values_list("timezone", flat=True).distinct()
        found = found.filter(timezone__in=_near(zones, mentee.timezone, asked["hours"], now))
    return found.annotate(helps=_helps(mentee)).order_by("-helps", "user__name", "pk")


def _near(zones: Iterable[str], own: str, hours: int, now: datetime) -> list[str]:
    """Return the time zones that differ from one's own by so many hours or less, at this moment."""
    here = _offset_h(own, now)
    return [zone for zone in zones if zone and _apart_h(here, _offset_h(zone, now)) <= hours]


def _apart_h(here: float, there: float) -> float:
    """Return the hours between two clocks, the shorter way round the day."""
    apart = abs(here - there) % _DAY_H
    return min(apart, _DAY_H - apart)


def _offset_h(zone: str, now: datetime) -> float:
    offset = now.astimezone(ZoneInfo(zone)).utcoffset()
    return offset.total_seconds() / 3600 if offset else 0.0


def _helps(mentee: Participant) -> Any:
    """Return how many of the domains that a mentee asked for openly a mentor offers."""
    needs = Need.objects.filter(participant=mentee, domain__sensitive=False).exclude(topic__sensitive=True)
    offers = (
        Offer.objects.filter(participant=OuterRef("pk"), domain__in=needs.values("domain"))
        .exclude(topic__sensitive=True)
        .order_by().values("participant").annotate(n=Count(F("domain"), distinct=True)).values("n")
    )  # fmt: skip
    return Coalesce(Subquery(offers, output_field=IntegerField()), 0)
