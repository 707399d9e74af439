"""Conversations to come: when somebody can be asked for, what is proposed, what was agreed on, what to talk of."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from introducer_web.conversations.models import Conversation
from introducer_web.lib.crypto import Sealed
from introducer_web.lib.leases import Leased
from introducer_web.people.models import Participant
from introducer_web.relationships.models import Relationship
from introducer_web.tenants.models import Owned, User

__all__ = ["AgendaPoint", "Availability", "Plan", "Proposal", "Series", "Weeks", "Where"]


class Where(models.TextChoices):
    """How two people meet."""

    VIDEO = "video", _("by video")
    PHONE = "phone", _("on the phone")
    PLACE = "place", _("in person")


class Weeks(models.IntegerChoices):
    """How many weeks lie between two of a series."""

    ONE = 1, _("every week")
    TWO = 2, _("every two weeks")
    FOUR = 4, _("every four weeks")
    EIGHT = 8, _("every eight weeks")
    THIRTEEN = 13, _("every three months (13 weeks)")


class Availability(Owned, Leased):
    """When somebody can be asked for, for all their places in one society; and where their own plans can be read."""

    user = models.ForeignKey(User, models.CASCADE, related_name="availabilities")
    timezone = models.CharField(max_length=60)
    wants_brief = models.BooleanField(default=True)  # a mail on the day before
    sealed = models.BinaryField(default=bytes)
    sealed_busy = models.BinaryField(default=bytes)
    ask_at = models.DateTimeField(null=True, blank=True)  # when their calendar is asked next; null: there is none
    asked_at = models.DateTimeField(null=True, blank=True)  # when it last answered
    failing_since = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=20, blank=True)  # why it did not answer: a code
    feed_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    feed_made_at = models.DateTimeField(null=True, blank=True)

    #: hours ({weekday: [from, to]}), away ([[first, last]]), address (of a calendar)
    said = Sealed("sealed")
    #: moments from and to, as their calendar has them
    busy = Sealed("sealed_busy", list)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["society", "user"], name="availability_once"),)
        indexes = (models.Index(fields=["ask_at"], name="availability_due"),)

    def __str__(self) -> str:
        return self.timezone


class Series(Owned):
    """Conversations that come again at the same time on the wall. Each of them is a plan of its own."""

    relationship = models.ForeignKey(Relationship, models.CASCADE, related_name="series")
    starts_at = models.DateTimeField()  # the first
    zone = models.CharField(max_length=60)
    minutes = models.PositiveSmallIntegerField(choices=Conversation.Minutes.choices)
    weeks = models.PositiveSmallIntegerField(choices=Weeks.choices)
    number = models.PositiveSmallIntegerField()  # how many, dropped ones too
    sequence = models.PositiveIntegerField(default=0)  # of changes that calendars were told
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=53), name="series_of_at_most_53"),
            models.CheckConstraint(condition=Q(weeks__gte=1, weeks__lte=13), name="series_within_a_quarter"),
        )

    def __str__(self) -> str:
        return f"{self.relationship_id}: {self.get_weeks_display()}"


class Plan(Owned):
    """One conversation that two people agreed to have."""

    class State(models.TextChoices):
        """What became of it."""

        AGREED = "agreed", _("agreed")
        HELD = "held", _("held")
        MISSED = "missed", _("did not happen")
        CANCELLED = "cancelled", _("cancelled")

    relationship = models.ForeignKey(Relationship, models.CASCADE, related_name="plans")
    series = models.ForeignKey(Series, models.CASCADE, null=True, blank=True, related_name="plans")
    instead_of = models.DateTimeField(null=True, blank=True)  # of a series: when its rule says it is
    starts_at = models.DateTimeField()
    zone = models.CharField(max_length=60)  # where it was made
    minutes = models.PositiveSmallIntegerField(choices=Conversation.Minutes.choices)
    where = models.CharField(max_length=5, choices=Where.choices, default=Where.VIDEO)
    sealed = models.BinaryField(default=bytes)
    state = models.CharField(max_length=9, choices=State.choices, default=State.AGREED)
    sequence = models.PositiveIntegerField(default=0)
    agreed_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)  # on the day before

    #: place (words, an address for video, a number)
    words = Sealed("sealed")

    class Meta:
        constraints = (
            # Two who accept at the same moment: the two people meet once.
            models.UniqueConstraint(
                fields=["relationship", "starts_at"], condition=Q(state="agreed"), name="plan_once_at_a_time"
            ),
            models.UniqueConstraint(fields=["series", "instead_of"], name="plan_once_of_a_series"),
            models.CheckConstraint(condition=Q(minutes__gte=10, minutes__lte=90), name="plan_of_10_to_90_minutes"),
            models.CheckConstraint(
                condition=Q(series__isnull=True, instead_of__isnull=True)
                | Q(series__isnull=False, instead_of__isnull=False),
                name="plan_of_a_series_knows_which",
            ),
        )
        indexes = (models.Index(fields=["state", "starts_at"], name="plan_coming"),)

    def __str__(self) -> str:
        return f"{self.relationship_id}, {self.starts_at:%Y-%m-%d}: {self.get_state_display()}"

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(minutes=self.minutes)


class Proposal(Owned):
    """Up to five times that one side proposes; the other takes one, declines, or proposes others."""

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", _("waits for an answer")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("none of them fits")
        REPLACED = "replaced", _("other times were proposed")
        WITHDRAWN = "withdrawn", _("taken back")
        EXPIRED = "expired", _("nobody answered in time")

    relationship = models.ForeignKey(Relationship, models.CASCADE, related_name="proposals")
    by = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    times = models.JSONField(default=list)  # moments in UTC, as text
    zone = models.CharField(max_length=60)
    minutes = models.PositiveSmallIntegerField(choices=Conversation.Minutes.choices)
    where = models.CharField(max_length=5, choices=Where.choices, default=Where.VIDEO)
    weeks = models.PositiveSmallIntegerField(choices=Weeks.choices, null=True, blank=True)  # null: once
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    moves = models.ForeignKey(Plan, models.CASCADE, null=True, blank=True, related_name="moves")
    sealed = models.BinaryField(default=bytes)
    digest = models.CharField(max_length=64, unique=True)  # of the link in the mail
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    plan = models.OneToOneField(Plan, models.SET_NULL, null=True, blank=True, related_name="proposal")

    #: place
    words = Sealed("sealed")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["relationship"], condition=Q(state="open"), name="proposal_open_once"),
            models.CheckConstraint(
                condition=Q(weeks__isnull=True, number__isnull=True) | Q(weeks__isnull=False, number__isnull=False),
                name="proposal_of_a_series_says_how_many",
            ),
        )

    def __str__(self) -> str:
        return f"{self.relationship_id}: {self.get_state_display()}"

    @property
    def moments(self) -> list[datetime]:
        """The times, as times."""
        return [datetime.fromisoformat(each) for each in self.times]


class AgendaPoint(Owned):
    """Something to talk about: the mentee's list; a mentor suggests, and the mentee takes it in or leaves it."""

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", _("on the agenda")
        SUGGESTED = "suggested", _("suggested by the mentor")
        DONE = "done", _("talked about")

    relationship = models.ForeignKey(Relationship, models.CASCADE, related_name="agenda")
    by = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    sealed = models.BinaryField(default=bytes)

    #: text
    words = Sealed("sealed")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | ~Q(state="done") & Q(done_at__isnull=True),
                name="agenda_point_done_when",
            ),
        )

    def __str__(self) -> str:
        return self.get_state_display()
