"""When a person can be asked for, and where their own plans can be read: one for each society they take part in."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.lib.codes import digest, new_token
from introducer_web.lib.errors import DomainError
from introducer_web.plans import fetch
from introducer_web.plans.models import Availability, Plan
from introducer_web.plans.times import USUAL, Hours

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from introducer_web.people.models import Participant
    from introducer_web.tenants.models import User

__all__ = [
    "AddressRefused",
    "availability_of",
    "end_feed",
    "hours_of",
    "outside",
    "renew_feed",
    "save_availability",
    "zone_of",
]


class AddressRefused(DomainError):
    """That is no address at which a calendar outside can be read."""


def outside() -> fetch.Outside:
    """Return what may be reached: what is not this platform."""
    host = settings.ORIGIN.partition("://")[2].partition(":")[0]
    return fetch.Outside(own_names=frozenset({host.casefold(), *(each.casefold() for each in settings.ALLOWED_HOSTS)}))


def availability_of(person: Participant) -> Availability:
    """Return what somebody said of when they can be asked for; a row that is not saved where they said nothing."""
    found = Availability.objects.filter(user_id=person.user_id).select_related("society").first()
    return found or Availability(
        society=person.society, user=person.user, timezone=person.timezone or person.society.timezone
    )


def zone_of(person: Participant) -> str:
    """Return the zone on whose wall somebody's times are said."""
    return availability_of(person).timezone


def hours_of(person: Participant, *, now: datetime, but: Plan | None = None) -> Hours:
    """Return when somebody can be asked for: what they said, their calendar, and what they have agreed on here.

    Parameters
    ----------
    but : Plan, optional
        One that is to be moved, and keeps no time.
    """
    row = availability_of(person)
    said: Mapping[str, Any] = row.said
    week = {int(day): (time.fromisoformat(each[0]), time.fromisoformat(each[1])) for day, each in said["hours"].items()
            } if "hours" in said else USUAL  # fmt: skip
    away = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in said.get("away", [])]
    busy = [(datetime.fromisoformat(left), datetime.fromisoformat(right)) for left, right in row.busy]
    mine = Q(relationship__mentee__user=person.user_id) | Q(relationship__mentor__user=person.user_id)
    plans = Plan.objects.filter(mine, state=Plan.State.AGREED, starts_at__gt=now - timedelta(hours=3))
    if but is not None:
        plans = plans.exclude(pk=but.pk)
    return Hours(
        zone=row.timezone, week=week, away=away, busy=busy + [(each.starts_at, each.ends_at) for each in plans],
        is_assumed="hours" not in said,
    )  # fmt: skip


@transaction.atomic
def save_availability(
    *, person: Participant, timezone: str, week: Mapping[int, tuple[time, time]], away: Sequence[tuple[date, date]],
    address: str | None, wants_brief: bool, by: User, now: datetime,
) -> Availability:  # fmt: skip
    """Keep when somebody can be asked for, and the address of their calendar.

    A calendar that is taken away, or changed for another, is forgotten with what was read in it.

    Parameters
    ----------
    address : str, optional
        Empty: forget it. None: the one that is there stays.

    Raises
    ------
    AddressRefused
    """
    row = _locked(person, now)
    before = row.said.get("address", "")
    address = before if address is None else address.strip()
    if address.casefold().startswith("webcal://"):
        address = f"https://{address[9:]}"
    row.timezone, row.wants_brief = timezone, wants_brief
    row.said = {
        "hours": {str(day): [left.isoformat("minutes"), right.isoformat("minutes")] for day, (left, right)
                  in week.items()},
        "away": [[first.isoformat(), last.isoformat()] for first, last in away if last >= now.date()],
        "address": address,
    }  # fmt: skip
    if address != before:
        if address:
            try:
                fetch.looked_at(address, outside())
            except fetch.Refused:
                raise AddressRefused(
                    _("Give the address of a calendar, as your calendar gives it to share: it begins with https://.")
                ) from None
        row.busy = []
        row.ask_at, row.asked_at, row.failing_since, row.trouble = (now if address else None), None, None, ""
        row.turn, row.leased_until = row.turn + 1, None  # whoever is reading the one before writes nothing any more
        audit.record(
            society=row.society, by=by, act="plans.calendar", subject=row.code, now=now,
            words="Somebody gave the address of a calendar." if address else "Somebody took a calendar away.",
        )  # fmt: skip
    row.save()
    return row


def _locked(person: Participant, now: datetime) -> Availability:
    """Return the row of a person, made where there was none, and nobody else's for the while."""
    rows = Availability.objects.select_for_update(of=("self",)).select_related("society")
    found = rows.filter(user_id=person.user_id).first()
    if found is not None:
        return found
    made = availability_of(person)
    made.said = {}  # bound to its row, which has its code by now
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:  # of two tabs the other one was first
        return rows.get(user_id=person.user_id)
    return made


@transaction.atomic
def renew_feed(*, person: Participant, by: User, now: datetime) -> str:
    """Give a person a new address for their feed, and return its token: it is kept nowhere. The one before is dead."""
    row = _locked(person, now)
    token = new_token()
    row.feed_digest, row.feed_made_at = digest(token), now
    row.save()
    audit.record(
        society=row.society, by=by, act="plans.feed", subject=row.code, now=now,
        words="Somebody made a new address for the feed of their plans.",
    )  # fmt: skip
    return token


@transaction.atomic
def end_feed(*, person: Participant, by: User, now: datetime) -> None:
    """Take the feed away."""
    row = _locked(person, now)
    row.feed_digest, row.feed_made_at = None, None
    row.save(update_fields=["feed_digest", "feed_made_at"])
    audit.record(
        society=row.society, by=by, act="plans.feed", subject=row.code, now=now,
        words="Somebody ended the feed of their plans.",
    )  # fmt: skip
