"""Reminders that a coordinator approved and who asked for quiet; segments, and what was written to them."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from introducer_web.lib.crypto import Sealed
from introducer_web.lib.leases import Leased
from introducer_web.people.models import Participant
from introducer_web.programs.models import Cohort
from introducer_web.relationships.models import Relationship
from introducer_web.tenants.models import Owned, User

__all__ = [
    "Hold",
    "Ladder",
    "Mailing",
    "Recognition",
    "Reminder",
    "Rung",
    "Segment",
    "Silence",
]


class Ladder(Owned, Leased):
    """The reminders of a cohort. None leaves before a coordinator has approved them; ``care.kinds`` has the rungs."""

    cohort = models.OneToOneField(Cohort, models.CASCADE, related_name="ladder")
    approved_at = models.DateTimeField(null=True, blank=True)  # null: nothing leaves
    approved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    looked_at = models.DateTimeField(null=True, blank=True)  # when a worker last went through all of it

    def __str__(self) -> str:
        return f"reminders of {self.cohort_id}"


class Rung(Owned):
    """One rung of a ladder as a coordinator set it; a rung without a row is as it comes."""

    ladder = models.ForeignKey(Ladder, models.CASCADE, related_name="rungs")
    kind = models.CharField(max_length=20)
    is_on = models.BooleanField(_("sent"), default=True)
    days = models.PositiveSmallIntegerField(_("days"))

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["ladder", "kind"], name="rung_once"),
            models.CheckConstraint(condition=Q(days__lte=365), name="rung_within_a_year"),
        )

    def __str__(self) -> str:
        return f"{self.kind}: {self.days}"


class Reminder(Owned):
    """One thing that one person was reminded of, once. Written in the transaction that queues its mail."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="reminders")
    rung = models.CharField(max_length=20)
    subject = models.CharField(max_length=45)  # codes: of the person, and of the relationship where it is of one
    occurrence = models.CharField(max_length=24)  # which time it came to that: a day, by hand "day+day"
    person = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    relationship = models.ForeignKey(Relationship, models.CASCADE, null=True, blank=True, related_name="reminders")
    by_hand = models.BooleanField(default=False)  # a coordinator asked for it
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["rung", "subject", "occurrence"], name="reminded_once"),)
        indexes = (models.Index(fields=["subject", "at"], name="reminder_of_whom"),)

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """The key of its message: the effect that is had once."""
        return f"reminder:{self.rung}:{self.subject}:{self.occurrence}"

    @property
    def of_day(self) -> str:
        """The day by which it is told apart from the same thing another time."""
        return self.occurrence.partition("+")[0]


class Silence(Owned):
    """Somebody wants no reminder of one relationship for a while."""

    person = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    relationship = models.ForeignKey(Relationship, models.CASCADE, related_name="+")
    until = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "relationship"], name="silence_once"),)

    def __str__(self) -> str:
        return f"silence until {self.until:%Y-%m-%d}"


class Hold(Owned):
    """Time that an introduction waited for somebody who is paused: it does not count."""

    relationship = models.OneToOneField(Relationship, models.CASCADE, related_name="hold")
    since = models.DateTimeField(null=True, blank=True)  # null: nobody is paused now
    held = models.DurationField(default=timedelta)  # in pauses that are over
    ended_at = models.DateTimeField(null=True, blank=True)  # the last of them

    def __str__(self) -> str:
        return f"hold of {self.relationship_id}"


class Segment(Owned):
    """A filter over the people of a cohort with a name. Who is in it is found anew each time."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="segments")
    name = models.CharField(_("name"), max_length=80)
    criteria = models.JSONField(default=dict)  # schema 1: see ``care.segments``
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["cohort", "name"], name="segment_name_is_unique"),)

    def __str__(self) -> str:
        return self.name


class Mailing(Owned, Leased):
    """What a coordinator wrote to everybody who was in a segment then. The text is kept, as it was sent."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("is being put on its way")
        DONE = "done", _("is on its way")

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="mailings")
    segment = models.ForeignKey(Segment, models.SET_NULL, null=True, related_name="mailings")
    name = models.CharField(max_length=80)  # of the segment, then
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    recipients = models.PositiveIntegerField()
    left = models.JSONField(default=list)  # codes of the people whose message is not queued yet
    sealed = models.BinaryField(default=bytes)

    #: subject and body, with what is filled in still in braces
    words = Sealed("sealed")

    def __str__(self) -> str:
        return f"{self.name}, {self.at:%Y-%m-%d}"


class Recognition(Owned):
    """A letter of recognition that a mentor made, with the figures of that day. Mentees are not named in it."""

    mentor = models.ForeignKey(Participant, models.CASCADE, related_name="letters")
    begins = models.DateField()
    ends = models.DateField()  # the last day that counts
    issued_at = models.DateTimeField()
    figures = models.JSONField()  # see services.recognition.figures_of
    digest = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField(default=bytes)

    #: token (of the link that proves it, to print it again)
    words = Sealed("sealed")

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(ends__gte=models.F("begins")), name="letter_of_a_period"),)

    def __str__(self) -> str:
        return f"{self.begins} to {self.ends}"
