"""What the two are written about their plans. No mail of a plan is shown to coordinators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import override

from introducer_web.lib.nights import by_day
from introducer_web.mail import services as mail
from introducer_web.plans.saying import day_said, moment_said
from introducer_web.plans.services.calendars import zone_of
from introducer_web.plans.services.writing import gone, invitation, of_series, other_of, path_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from introducer_web.people.models import Participant
    from introducer_web.plans.models import Availability, Plan, Proposal, Series

__all__ = [
    "tell_declined",
    "tell_of_calendar",
    "tell_of_plan",
    "tell_of_proposal",
    "tell_of_series",
    "tell_of_tomorrow",
    "tell_who_is_left",
]


def tell_of_proposal(proposal: Proposal, token: str, now: datetime) -> None:
    """Send the other side the times, behind a link that answers."""
    reader = other_of(proposal.relationship, proposal.by)
    zone = zone_of(reader)
    with override(reader.user.language):
        times = [moment_said(each, zone, proposal.zone) for each in proposal.moments]
        context = {"times": times, "path": f"/when/{token}/", "minutes": proposal.get_minutes_display(),
                   "weeks": proposal.get_weeks_display() if proposal.weeks else "", "number": proposal.number,
                   "moves": proposal.moves is not None}  # fmt: skip
    _queue("plan_proposed", f"proposal:{proposal.code}", reader, proposal.by, context, now)


def tell_declined(proposal: Proposal, now: datetime) -> None:
    """Tell who proposed that none of the times fits."""
    asked, person = other_of(proposal.relationship, proposal.by), proposal.by
    path = reverse("plan_new", args=[proposal.society.slug, person.code, proposal.relationship.code])
    _queue("plan_declined", f"proposal-declined:{proposal.code}", person, asked, {"path": path}, now)


def tell_of_plan(plan: Plan, kind: str, now: datetime, *, method: str = "REQUEST") -> None:
    """Tell both of one plan, in words and for their calendars."""
    sequence = plan.series.sequence if plan.series else plan.sequence
    for person in (plan.relationship.mentee, plan.relationship.mentor):
        key = f"plan:{plan.code}:{sequence}:{person.code}"
        told = invitation(plan, person, method=method)
        _queue(kind, key, person, other_of(plan.relationship, person), _said(plan, person), now, calendar=told)


def tell_of_series(
    series: Series, plans: Sequence[Plan], kind: str, now: datetime, *, method: str = "REQUEST",
    about: Plan | None = None,
) -> None:  # fmt: skip
    """Tell both of a series; ``about`` is the one from which on it is another, where that is not the first."""
    for person in (series.relationship.mentee, series.relationship.mentor):
        key = f"series:{series.code}:{series.sequence}:{person.code}"
        told = of_series(series, plans, person, method=method)
        context = _said(about or plans[0], person)
        with override(person.user.language):
            context |= {"weeks": series.get_weeks_display(), "number": series.number}
        _queue(kind, key, person, other_of(series.relationship, person), context, now, calendar=told)


def tell_of_tomorrow(plan: Plan, person: Participant, now: datetime) -> None:
    """Remind one of the two on the day before, with the way to what helps to prepare; not at night."""
    at = by_day(now, ZoneInfo(zone_of(person)))
    if at < plan.starts_at:
        key = f"plan-tomorrow:{plan.code}:{plan.sequence}:{person.code}"
        other = other_of(plan.relationship, person)
        _queue("plan_tomorrow", key, person, other, _said(plan, person), now, not_before=at)


def tell_of_calendar(row: Availability, trouble: str, path: str, now: datetime) -> None:
    """Tell somebody, once, that their calendar cannot be read; what is wrong, in words."""
    mail.queue(
        to=row.user.email, kind="calendar_unread", key=f"calendar:{row.code}:{row.failing_since:%Y%m%dT%H%M%S%f}",
        context={"society": row.society, "person": row.user, "trouble": trouble, "path": path},
        language=row.user.language, now=now, society=row.society, not_before=by_day(now, ZoneInfo(row.timezone)),
    )  # fmt: skip


def tell_who_is_left(plan: Plan, reader: Participant, now: datetime) -> None:
    """Tell one of two that the other one is there no more; whoever is forgotten is named nowhere."""
    code, sequence = (plan.series.code, plan.series.sequence) if plan.series else (plan.code, plan.sequence)
    with override(reader.user.language):
        when = moment_said(plan.starts_at, zone_of(reader))
    mail.queue(
        to=reader.user.email, kind="plan_gone", key=f"plan-gone:{code}:{sequence}", language=reader.user.language,
        context={"society": reader.society, "person": reader.user, "when": when, "again": plan.series is not None},
        now=now, society=reader.society, calendar=gone(plan, reader),
    )  # fmt: skip


def _said(plan: Plan, person: Participant) -> dict[str, Any]:
    """Return what a mail says of a plan, on the wall of its reader."""
    zone = zone_of(person)
    other = zone_of(other_of(plan.relationship, person))
    with override(person.user.language):
        return {"when": moment_said(plan.starts_at, zone, other), "day": day_said(plan.starts_at, zone),
                "minutes": plan.get_minutes_display(), "where": plan.get_where_display(),
                "place": plan.words.get("place", ""), "path": path_of(plan, person)}  # fmt: skip


def _queue(
    kind: str, key: str, reader: Participant, other: Participant, context: dict[str, Any], now: datetime,
    calendar: tuple[str, str] | None = None, not_before: datetime | None = None,
) -> None:  # fmt: skip
    mail.queue(
        to=reader.user.email, kind=kind, key=key, language=reader.user.language, now=now, society=reader.society,
        context={"society": reader.society, "person": reader.user, "reader": reader, "other": other.user, **context},
        calendar=calendar, not_before=not_before, headers={"Reply-To": other.user.email},
    )  # fmt: skip
