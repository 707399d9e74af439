"""What a worker, or a page, knows when it goes through the reminders of one cohort: read once, in a few queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from introducer_web.care.models import Hold, Reminder, Silence
from introducer_web.finding.models import Request
from introducer_web.people.models import Participant, Role
from introducer_web.people.services import pairs_apart
from introducer_web.plans.models import Plan
from introducer_web.relationships.models import Introduction, Relationship

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.db.models import QuerySet

    from introducer_web.programs.models import Cohort

__all__ = ["Due", "Look", "agreed_at", "away_until", "coming_plans", "days_unanswered", "held", "may_be_reminded",
           "other_of", "side_of", "start_of", "subject_of", "waited_since", "waiting_sides"]  # fmt: skip

State = Relationship.State
Answer = Introduction.Answer
_TAKES_PART = Participant.State.ACTIVE


@dataclass(frozen=True)
class Due:
    """One thing to say to one person.

    Attributes
    ----------
    person : Participant
        Who reads it; user and society are loaded.
    relationship : Relationship or None
    occurrence : str
        Which time it came to that, as a day: the same thing is said again only for another one.
    since : datetime
        Since when it has been so.
    request : Request or None
        What a mentee asked this mentor.
    """

    person: Participant
    relationship: Relationship | None
    occurrence: str
    since: datetime
    request: Request | None = None

    @property
    def subject(self) -> str:
        """Of whom and of what it is, as codes."""
        return subject_of(self.person, self.request or self.relationship)

    @property
    def other(self) -> Participant | None:
        """The other of the two."""
        if self.request is not None:
            return self.request.mentee
        return other_of(self.relationship, self.person) if self.relationship is not None else None


def subject_of(person: Participant, of: Relationship | Request | None) -> str:
    """Return the codes of a person and of a relationship or a request of theirs; of a draft, of the person alone."""
    return person.code if of is None else f"{person.code}.{of.code}"


def other_of(relationship: Relationship, person: Participant) -> Participant:
    """Return the other of the two."""
    return relationship.mentee if person.pk == relationship.mentor_id else relationship.mentor


def side_of(relationship: Relationship, side: str) -> Participant:
    """Return the mentee or the mentor of the two."""
    return relationship.mentor if side == Role.MENTOR else relationship.mentee


def away_until(person: Participant, today: date) -> date | None:
    """Return the day until which somebody is paused; None: they are not."""
    return person.paused_until if person.paused_until is not None and person.paused_until > today else None


def may_be_reminded(person: Participant, subject: str) -> bool:
    """Tell whether somebody is there for it, and has not stopped all reminders."""
    state = _TAKES_PART if "." in subject else Participant.State.DRAFT
    return person.state == state and person.wants_digest and person.user.is_active


def waiting_sides(relationship: Relationship) -> list[Introduction]:
    """Return the sides of an introduction that have not said yes or no."""
    return [each for each in relationship.introductions.all() if each.answer in (Answer.NONE, Answer.ASKED)]


def waited_since(relationship: Relationship) -> datetime:
    """Return since when nothing has moved in an introduction: it was sent, or somebody asked first."""
    moved = [each.answered_at if each.answer == Answer.ASKED and each.answered_at else each.sent_at
             for each in relationship.introductions.all()]  # fmt: skip
    return max(moved, default=relationship.began_at)


def agreed_at(relationship: Relationship) -> datetime:
    """Return when the second of the two said yes; of what began elsewhere, when it was recorded."""
    answers = [each.answered_at for each in relationship.introductions.all() if each.answered_at]
    return max(answers, default=relationship.began_at)


def held(relationship: Relationship, since: datetime, now: datetime) -> timedelta:
    """Return how much of the time since then an introduction waited for somebody who was paused."""
    hold: Hold | None = getattr(relationship, "hold", None)
    if hold is None:
        return timedelta()
    over = hold.held if hold.ended_at is not None and hold.ended_at > since else timedelta()
    return over + (now - max(hold.since, since) if hold.since is not None else timedelta())


def days_unanswered(relationship: Relationship, now: datetime) -> int | None:
    """Return how many days an introduction has waited, pauses left out; None while it waits for somebody paused."""
    today = now.date()
    if any(away_until(side_of(relationship, each.side), today) for each in waiting_sides(relationship)):
        return None
    since = waited_since(relationship)
    return (now - since - held(relationship, since, now)).days


def coming_plans(now: datetime) -> QuerySet[Plan]:
    """Return conversations that are agreed on; of what was to be within the last day it may not have been said yet."""
    return Plan.objects.filter(state=Plan.State.AGREED, starts_at__gt=now - timedelta(days=1))


class Look:
    """One cohort, now; ``only`` one relationship of it where that is all that is asked."""

    def __init__(
        self, cohort: Cohort, now: datetime, days: Mapping[str, int], on: Mapping[str, bool],
        only: Relationship | None = None,
    ) -> None:  # fmt: skip
        self.cohort, self.now, self.days, self.on, self.only = cohort, now, days, on, only
        self.today = now.date()

    @cached_property
    def drafts(self) -> list[Participant]:
        """Who has begun to join and has not sent the form."""
        found = Participant.objects.filter(cohort=self.cohort, state=Participant.State.DRAFT)
        return list(found.select_related("user", "society").order_by("pk"))

    @cached_property
    def pairs(self) -> list[Relationship]:
        """What is introduced and what is lived, with both people."""
        found = Relationship.objects.filter(cohort=self.cohort, state__in=(State.INTRODUCED, State.ACTIVE))
        if self.only is not None:
            found = found.filter(pk=self.only.pk)
        sides = Introduction.objects.defer("sealed").order_by("side")
        return list(
            found.select_related("mentee__user", "mentor__user", "mentee__society", "mentor__society", "hold")
            .prefetch_related(Prefetch("introductions", sides)).order_by("pk")
        )  # fmt: skip

    @cached_property
    def waiting(self) -> list[Relationship]:
        """Introductions that both have not agreed to yet."""
        return [row for row in self.pairs if row.state == State.INTRODUCED]

    @cached_property
    def lived(self) -> list[Relationship]:
        """What both agreed to."""
        return [row for row in self.pairs if row.state == State.ACTIVE]

    @cached_property
    def requests(self) -> list[Request]:
        """What mentees asked that waits for a mentor's answer, and that the mentor knows of."""
        if self.only is not None:
            return []
        found = Request.objects.filter(mentee__cohort=self.cohort, state=Request.State.OPEN, expires_at__gt=self.now)
        rows = list(found.select_related("society", "mentee__user", "mentor__user", "mentor__society").order_by("pk"))
        apart = pairs_apart({each.user_id for row in rows for each in (row.mentee, row.mentor)})
        return [
            row for row in rows if not row.is_held and frozenset((row.mentee.user_id, row.mentor.user_id)) not in apart
        ]

    @cached_property
    def planned(self) -> set[int]:
        """Relationships, by primary key, of which a conversation is agreed on that is to come, or was within a day."""
        coming = coming_plans(self.now).filter(relationship__cohort=self.cohort)
        return set(coming.values_list("relationship", flat=True))

    @cached_property
    def reminded(self) -> dict[tuple[str, str, str], datetime]:
        """When somebody was reminded, by rung, subject and occurrence; what is written now is put there too."""
        rows = Reminder.objects.filter(cohort=self.cohort)
        return {row[:3]: row[3] for row in rows.values_list("rung", "subject", "occurrence", "at")}

    @cached_property
    def reminded_last(self) -> dict[str, datetime]:
        """When somebody was last reminded of a subject, whatever the rung."""
        last: dict[str, datetime] = {}
        for (_rung, subject, _occurrence), at in self.reminded.items():
            last[subject] = max(at, last.get(subject, at))
        return last

    @cached_property
    def reminded_people(self) -> dict[str, datetime]:
        """When somebody was last reminded of anything, by their code."""
        last: dict[str, datetime] = {}
        for (_rung, subject, _occurrence), at in self.reminded.items():
            code = subject.partition(".")[0]
            last[code] = max(at, last.get(code, at))
        return last

    def note(self, rung: str, due: Due) -> None:
        """Know of a reminder that was written just now."""
        self.reminded[rung, due.subject, due.occurrence] = self.now
        self.reminded_last[due.subject] = self.reminded_people[due.person.code] = self.now

    @cached_property
    def silences(self) -> Mapping[str, datetime]:
        """Until when somebody wants no reminder of a relationship, by subject."""
        rows = Silence.objects.filter(relationship__cohort=self.cohort, until__gt=self.now)
        return {subject_of(row.person, row.relationship): row.until
                for row in rows.select_related("person", "relationship")}  # fmt: skip

    def keeps_quiet(self, due: Due) -> bool:
        """Tell whether somebody is not to be reminded of this now: stopped, paused, silenced, or one of two is gone."""
        person, other = due.person, due.other
        if not may_be_reminded(person, due.subject) or away_until(person, self.today):
            return True
        return (other is not None and other.state != _TAKES_PART) or self.silences.get(due.subject, self.now) > self.now

    def waited(self, relationship: Relationship) -> timedelta:
        """Return how long an introduction has waited, pauses left out."""
        since = waited_since(relationship)
        return self.now - since - held(relationship, since, self.now)


def start_of(day: date, now: datetime) -> datetime:
    """Return the beginning of a day."""
    return datetime.combine(day, time(), now.tzinfo)
