"""Plans as calendars are told of them: invitations for each of the two, and the feed of one person."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from introducer_web.plans.ical import Appointment, Person, Repetition, written
from introducer_web.plans.models import Plan, Series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from introducer_web.people.models import Participant
    from introducer_web.relationships.models import Relationship
    from introducer_web.tenants.models import Society, User

__all__ = ["feed", "gone", "invitation", "of_series", "other_of", "path_of"]

#: How long a plan that is over stays in a feed.
_BACK = timedelta(days=30)


def other_of(relationship: Relationship, person: Participant) -> Participant:
    """Return the other one of two."""
    return relationship.mentee if person.pk == relationship.mentor_id else relationship.mentor


def path_of(plan: Plan, person: Participant) -> str:
    """Return the page of a plan, as one of the two has it."""
    return reverse("plan_show", args=[person.society.slug, person.code, plan.relationship.code, plan.code])


def _host() -> str:
    return settings.ORIGIN.partition("://")[2].partition(":")[0]


def _organizer() -> Person:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return Person(name or "Introducer", address)


def _people(relationship: Relationship) -> Sequence[Person]:
    return [Person(str(each.user), each.user.email) for each in (relationship.mentee, relationship.mentor)]


def _summary(other: User) -> str:
    return _("Mentoring conversation with %(name)s") % {"name": other}


def _place(plan: Plan) -> str:
    return plan.words.get("place", "") or str(plan.get_where_display())


def _one(plan: Plan, person: Participant, *, is_cancelled: bool = False) -> Appointment:
    """Return one plan; one of a series as that one of its series."""
    series = plan.series
    return Appointment(
        uid=f"{series.code if series else plan.code}@{_host()}",
        sequence=series.sequence if series else plan.sequence,
        starts_at=plan.starts_at, minutes=plan.minutes, zone=series.zone if series else plan.zone,
        summary=_summary(other_of(plan.relationship, person).user), stamp=plan.changed_at, place=_place(plan),
        url=f"{settings.ORIGIN}{path_of(plan, person)}", organizer=_organizer(), people=_people(plan.relationship),
        instead_of=plan.instead_of if series else None, is_cancelled=is_cancelled,
    )  # fmt: skip


def invitation(plan: Plan, person: Participant, *, method: str) -> tuple[str, str]:
    """Return what the calendar of one of the two is told of one plan: the method, and the text."""
    with override(person.user.language):
        return method, written([_one(plan, person, is_cancelled=method == "CANCEL")], method=method)


def gone(plan: Plan, reader: Participant) -> tuple[str, str]:
    """Return what takes a plan, or the whole of its series, out of a calendar; it names nobody but the reader."""
    series = plan.series
    with override(reader.user.language):
        one = Appointment(
            uid=f"{series.code if series else plan.code}@{_host()}",
            sequence=series.sequence if series else plan.sequence,
            starts_at=series.starts_at if series else plan.starts_at, minutes=plan.minutes,
            zone=series.zone if series else plan.zone, summary=_("Mentoring conversation"), stamp=plan.changed_at,
            organizer=_organizer(), people=[Person(str(reader.user), reader.user.email)], is_cancelled=True,
            repetition=Repetition(series.weeks, series.number) if series else None,
        )  # fmt: skip
        return "CANCEL", written([one], method="CANCEL")


def of_series(series: Series, plans: Sequence[Plan], person: Participant, *, method: str) -> tuple[str, str]:
    """Return what a calendar is told of a whole series: the rule, what of it is dropped, what stands elsewhere.

    Parameters
    ----------
    plans : sequence of Plan
        All of the series, those that are dropped too, in order.
    """
    with override(person.user.language):
        first = plans[0]
        dropped = [each.instead_of for each in plans if each.state == Plan.State.CANCELLED and each.instead_of]
        cancelled = method == "CANCEL"
        master = Appointment(
            uid=f"{series.code}@{_host()}", sequence=series.sequence, starts_at=series.starts_at,
            minutes=series.minutes, zone=series.zone,
            summary=_summary(other_of(series.relationship, person).user), stamp=series.changed_at,
            place=_place(first), url=f"{settings.ORIGIN}{path_of(first, person)}", organizer=_organizer(),
            people=_people(series.relationship), is_cancelled=cancelled,
            repetition=Repetition(series.weeks, series.number, [] if cancelled else dropped),
        )  # fmt: skip
        moved = [] if cancelled else [
            _one(each, person) for each in plans
            if each.state != Plan.State.CANCELLED and each.starts_at != each.instead_of
        ]  # fmt: skip
        return method, written([master, *moved], method=method)


def feed(user: User, society: Society, now: datetime) -> str:
    """Return all that a person has agreed on in a society, as a calendar that they may look at elsewhere.

    Least content: whom they meet when, and the address of the page that says more to whoever is signed in.
    """
    mine = Q(relationship__mentee__user=user) | Q(relationship__mentor__user=user)
    plans = (
        Plan.objects.filter(mine, state__in=(Plan.State.AGREED, Plan.State.HELD), starts_at__gte=now - _BACK)
        .select_related("society", "relationship__mentee__user", "relationship__mentor__user",
                        "relationship__mentee__society", "relationship__mentor__society")
        .order_by("starts_at", "pk")
    )  # fmt: skip
    with override(user.language):
        told = []
        for plan in plans:
            two = plan.relationship
            person = two.mentee if two.mentee.user_id == user.pk else two.mentor
            told.append(
                Appointment(
                    uid=f"{plan.code}@{_host()}",
                    sequence=plan.sequence,
                    starts_at=plan.starts_at,
                    minutes=plan.minutes,
                    zone=plan.zone,
                    summary=_summary(other_of(two, person).user),
                    stamp=plan.changed_at,
                    url=f"{settings.ORIGIN}{path_of(plan, person)}",
                )
            )
        return written(told, method="PUBLISH", name=_("Mentoring, %(society)s") % {"society": society.name})
