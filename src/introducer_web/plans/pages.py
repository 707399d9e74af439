"""What pages say of plans: moments in words, for whoever reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from introducer_web.plans.models import AgendaPoint, Availability
from introducer_web.plans.saying import day_said, moment_said

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from introducer_web.people.models import Participant
    from introducer_web.plans.models import Plan, Proposal
    from introducer_web.relationships.models import Relationship

__all__ = ["Offered", "Said", "agenda_of", "offered", "said_of", "two_zones"]


@dataclass(frozen=True)
class Said:
    """A plan, and when it is in words: in the zone of who reads, and the other's."""

    plan: Plan
    day: str
    when: str
    place: str


@dataclass(frozen=True)
class Offered:
    """A time of a proposal."""

    value: str
    said: str
    is_over: bool


def two_zones(person: Participant, other: Participant) -> tuple[str, str]:
    """Return the zones of who reads and of the other; one query."""
    rows: Iterable[Availability] = Availability.objects.filter(user_id__in=(person.user_id, other.user_id))
    kept = {row.user_id: row.timezone for row in rows}
    return tuple(kept.get(each.user_id) or each.timezone or person.society.timezone for each in (person, other))  # type: ignore[return-value]  # two


def said_of(plan: Plan, zones: tuple[str, str]) -> Said:
    """Say a plan."""
    return Said(plan, day_said(plan.starts_at, zones[0]), moment_said(plan.starts_at, *zones),
                plan.words.get("place", ""))  # fmt: skip


def offered(proposal: Proposal, zones: tuple[str, str], now: datetime) -> list[Offered]:
    """Say the times of a proposal."""
    return [Offered(each.isoformat(), moment_said(each, *zones), each <= now) for each in proposal.moments]


def agenda_of(relationship: Relationship) -> list[AgendaPoint]:
    """Return the points that are open or suggested, in the order in which they came."""
    rows = AgendaPoint.objects.filter(relationship=relationship).exclude(state=AgendaPoint.State.DONE)
    return list(rows.select_related("society", "by__user").order_by("made_at", "pk"))
