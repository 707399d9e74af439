"""What the worker does for plans: asks calendars, reminds, ends what is over. One piece at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django_scopes import scopes_disabled

from introducer_web.lib.leases import claim, still_ours
from introducer_web.mail import services as mail
from introducer_web.people.models import Participant
from introducer_web.plans import fetch, reading
from introducer_web.plans.fetch import Why
from introducer_web.plans.models import Availability, Plan, Proposal
from introducer_web.plans.services.agreed import cancel, end_series
from introducer_web.plans.services.calendars import outside
from introducer_web.plans.services.mails import tell_of_calendar, tell_of_tomorrow
from introducer_web.plans.times import HORIZON
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

__all__ = ["TROUBLES", "ask_calendars", "end_what_is_over", "look_after", "remind"]

#: How often a calendar is asked at most, and one whose trouble does not pass by itself.
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
#: What is read of a calendar: what times are suggested for, and some more.
_READ = HORIZON + timedelta(days=8)
#: Pieces of one kind done at once.
_MOST = 50
#: What is wrong with a calendar, for whose it is.
TROUBLES: dict[str, StrPromise] = {
    Why.NOT_HTTPS: _("Its address does not begin with https://."),
    Why.NOT_OUTSIDE: _("Its address leads to a place that is not open to everybody, so it is not asked."),
    Why.NO_SUCH_NAME: _("There is no such address."),
    Why.NO_ANSWER: _("It does not answer."),
    Why.NOT_THERE: _("There is no calendar at this address any more, or it is not shared."),
    Why.NOT_TRUSTED: _("Whoever answers there cannot prove to be who the address says."),
    Why.TOO_LARGE: _("It is larger than five megabytes. Share a smaller one, or only when you are busy."),
    Why.TOO_MANY_REDIRECTS: _("Its address leads from one to another, and to no calendar."),
    Why.NO_CALENDAR: _("What is at this address is no calendar that can be read."),
}


def look_after(now: datetime) -> bool:
    """Do what is due for plans: end, remind, ask one calendar. Tells whether there was a calendar to ask."""
    end_what_is_over(now)
    remind(now)
    return ask_calendars(now)


def ask_calendars(now: datetime, way: fetch.Outside | None = None) -> bool:
    """Ask one calendar that is due; False when there is none."""
    with scopes_disabled():
        lives = Participant.objects.filter(
            user=OuterRef("user"), society=OuterRef("society"), state=Participant.State.ACTIVE
        )
        waiting = Availability.objects.filter(Exists(lives), ask_at__lte=now).order_by("ask_at", "pk")
        row = claim(waiting, now=now)
        if row is None:
            return False
        try:
            content = fetch.fetch(row.said.get("address", ""), way or outside())
            host = settings.ORIGIN.partition("://")[2].partition(":")[0]
            spans = reading.apart(content, begin=now - _DAY, end=now + _READ, zone=row.timezone, ours=f"@{host}")
        except fetch.Refused as refused:
            _failed(row, refused.why, now)
        except reading.NoCalendar:
            _failed(row, Why.NO_CALENDAR, now)
        else:
            row.busy = [[left.isoformat(), right.isoformat()] for left, right in spans]
            still_ours(row).update(
                sealed_busy=row.sealed_busy, ask_at=now + _HOUR, asked_at=now, failing_since=None, trouble="",
                leased_until=None,
            )  # fmt: skip
        return True


@transaction.atomic
def _failed(row: Availability, why: Why, now: datetime) -> None:
    """Note what is wrong. Its owner is told once, and only if it does not pass by itself within a day."""
    row.failing_since = row.failing_since or now
    ours = still_ours(row).update(
        ask_at=now + (_HOUR if why.may_pass else _DAY), failing_since=row.failing_since, trouble=why.value,
        leased_until=None,
    )  # fmt: skip
    if ours and (not why.may_pass or row.failing_since <= now - _DAY):
        place = Participant.objects.filter(society_id=row.society_id, user_id=row.user_id).order_by("-pk").first()
        path = reverse("availability", args=[row.society.slug, place.code]) if place else "/"
        with override(row.user.language):
            tell_of_calendar(row, str(TROUBLES[why]), path, now)


def remind(now: datetime) -> int:
    """Queue the mails of the day before; each once. Who agreed on it within the day needs none."""
    with scopes_disabled():
        due = Plan.objects.filter(
            state=Plan.State.AGREED, reminded_at=None, starts_at__gt=now, starts_at__lte=now + _DAY,
            changed_at__lte=F("starts_at") - _DAY, relationship__state=Relationship.State.ACTIVE,
        ).select_related(
            "society", "relationship__mentee__user", "relationship__mentee__society", "relationship__mentor__user",
            "relationship__mentor__society",
        ).order_by("starts_at", "pk")[:_MOST]  # fmt: skip
        done = 0
        for plan in due:
            with transaction.atomic():
                if not Plan.objects.filter(pk=plan.pk, reminded_at=None).update(reminded_at=now):
                    continue
                for person in (plan.relationship.mentee, plan.relationship.mentor):
                    row = Availability.objects.filter(society_id=plan.society_id, user_id=person.user_id).first()
                    if row is None or row.wants_brief:
                        tell_of_tomorrow(plan, person, now)
                done += 1
        return done


def end_what_is_over(now: datetime) -> None:
    """Let proposals expire, and cancel what was planned by two whose mentoring has ended."""
    with scopes_disabled():
        apart = ~Q(relationship__state=Relationship.State.ACTIVE)
        open_ = Proposal.objects.filter(state=Proposal.State.OPEN)
        for row in open_.filter(apart | Q(expires_at__lte=now))[:_MOST]:
            state = Proposal.State.EXPIRED if row.expires_at <= now else Proposal.State.WITHDRAWN
            if Proposal.objects.filter(pk=row.pk, state=Proposal.State.OPEN).update(state=state, settled_at=now):
                mail.drop(keys=[f"proposal:{row.code}"])
        for plan in Plan.objects.filter(apart, state=Plan.State.AGREED, starts_at__gt=now).order_by("pk")[:_MOST]:
            (end_series if plan.series_id else cancel)(plan=plan, now=now)
