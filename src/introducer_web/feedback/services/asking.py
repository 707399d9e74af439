"""When it is time to ask how it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Max, Min, OuterRef, Subquery

from introducer_web.conversations.models import Conversation
from introducer_web.feedback.models import Feedback
from introducer_web.people.models import Participant
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from introducer_web.programs.models import Cohort

__all__ = ["FIRST", "OFTEN", "Due", "due", "is_due"]

State = Relationship.State
#: The first time: when the two have talked, and so long after they began if they have not.
FIRST = timedelta(days=30)
#: Every other time, so long after the last one.
OFTEN = timedelta(days=90)


@dataclass(frozen=True)
class Due:
    """Somebody whom it is time to ask how it goes, of which relationship, and since when."""

    person: Participant
    relationship: Relationship
    since: datetime
    after: datetime  # what came before: they began, or said how it goes; steady, whatever is noted meanwhile


def is_due(*, relationship: Relationship, last: datetime | None, now: datetime) -> bool:
    """Tell whether it is time to ask one of two people, who answered or left it out last at a time; None: never."""
    if relationship.state != State.ACTIVE:
        return False
    if last is not None:
        return last + OFTEN <= now
    return relationship.last_contact_on is not None or relationship.began_at + FIRST <= now


def due(*, now: datetime, cohort: Cohort) -> list[Due]:
    """Return whom of a cohort it is time to ask how it goes, the longest due first. For whoever sends reminders.

    Who has withdrawn, or pauses, is not asked. It says nothing of what anybody has answered, and is no page's.
    """
    rows = (
        Relationship.objects.filter(cohort=cohort, state=State.ACTIVE)
        .select_related("society", "mentee__user", "mentor__user")
        .annotate(
            by_mentee=_latest("mentee"),
            by_mentor=_latest("mentor"),
            met_on=Subquery(_of(Conversation).annotate(it=Min("held_on")).values("it")),
        )
    )
    found = []
    for row in rows:
        for person, last in ((row.mentee, row.by_mentee), (row.mentor, row.by_mentor)):
            since = last + OFTEN if last is not None else _first(row)
            if since <= now and _may_be_asked(person, now):
                found.append(Due(person, row, since, last if last is not None else row.began_at))
    return sorted(found, key=lambda each: (each.since, each.relationship.pk, each.person.pk))


def _of(model: Any) -> Any:
    return model.objects.filter(relationship=OuterRef("pk")).order_by().values("relationship")


def _latest(side: str) -> Subquery:
    mine = _of(Feedback).filter(author=OuterRef(side))
    return Subquery(mine.annotate(it=Max("given_at")).values("it"))


def _first(row: Any) -> datetime:
    """Return when the two are asked for the first time."""
    latest: datetime = row.began_at + FIRST
    if row.met_on is None:
        return latest
    met = datetime.combine(row.met_on, time(), tzinfo=ZoneInfo(row.society.timezone))
    return min(latest, max(met, row.began_at))


def _may_be_asked(person: Participant, now: datetime) -> bool:
    pauses = person.paused_until is not None and person.paused_until > now.date()
    return person.state == Participant.State.ACTIVE and not pauses
