"""Finding a mentor oneself: who is in the directory, who is recommended to whom, who asked whom; what is on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from introducer_web.lib.crypto import Sealed
from introducer_web.lib.leases import Leased
from introducer_web.people.models import Participant
from introducer_web.programs.models import Cohort
from introducer_web.relationships.models import Relationship
from introducer_web.tenants.models import Owned

if TYPE_CHECKING:
    from datetime import datetime

__all__ = [
    "OPEN_FOR",
    "CareerMove",
    "Event",
    "FirstTalk",
    "Listing",
    "Preference",
    "Recommendation",
    "Recommending",
    "Request",
    "Round",
]

#: A request waits so long for an answer (features.md: mentors never answer).
OPEN_FOR = timedelta(days=14)


class Listing(Owned):
    """A mentor in the directory, unless they would rather not be, and the words by which they are found."""

    participant = models.OneToOneField(Participant, models.CASCADE, related_name="listing")
    is_listed = models.BooleanField(default=True)
    #: Folded, and made of what everybody in the program may read of them: see ``finding.words``. Searched as it is.
    words = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)  # of the participant when the words were made; 0: never
    made_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.participant_id}: {'listed' if self.is_listed else 'not listed'}"


class CareerMove(Owned):
    """A move that a mentor made, from one kind of practice or region to another."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="moves")
    left = models.CharField(max_length=60, blank=True)  # codes of kinds of practice
    came = models.CharField(max_length=60, blank=True)
    left_region = models.CharField(max_length=80, blank=True)
    came_region = models.CharField(max_length=80, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(left="", left_region="") & ~Q(came="", came_region=""), name="move_has_both_ends"
            ),
            models.CheckConstraint(
                condition=Q(year__isnull=True) | Q(year__gte=1940, year__lte=2100), name="move_in_a_year_of_a_career"
            ),
        )

    def __str__(self) -> str:
        return f"{self.left or self.left_region} to {self.came or self.came_region}"


class Recommending(Owned, Leased):
    """When the recommendations of a cohort were made, and from what; a worker makes them again."""

    cohort = models.OneToOneField(Cohort, models.CASCADE, related_name="recommending")
    seats = models.CharField(max_length=64, blank=True)  # digests of what they were made from
    answers = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.cohort}: {self.made_at or 'not yet'}"


class Recommendation(Owned):
    """A mentor in the first five of a mentee. The mentee alone sees it."""

    mentee = models.ForeignKey(Participant, models.CASCADE, related_name="recommended")
    mentor = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField()
    #: Keys of open needs that the mentor covers, and pair terms of the engine that both said openly.
    needs = models.JSONField(default=list)
    common = models.JSONField(default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["mentee", "mentor"], name="recommended_once"),
            models.UniqueConstraint(fields=["mentee", "place"], name="recommended_in_one_place"),
            models.CheckConstraint(condition=Q(place__gte=1, place__lte=5), name="recommended_among_five"),
        )

    def __str__(self) -> str:
        return f"{self.mentee_id}: {self.place}"


class Request(Owned):
    """A mentee asks a mentor, who accepts or declines; after a while it expires."""

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", _("waits for an answer")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("expired")
        WITHDRAWN = "withdrawn", _("taken back")

    mentee = models.ForeignKey(Participant, models.CASCADE, related_name="requests_made")
    mentor = models.ForeignKey(Participant, models.CASCADE, related_name="requests_got")
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    digest = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    relationship = models.OneToOneField(Relationship, models.SET_NULL, null=True, blank=True, related_name="request")
    sealed = models.BinaryField(default=bytes)

    #: token (to show the link again at home), message (the mentee's), answer (the mentor's, with a no), held (0 or 1)
    words = Sealed("sealed")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["mentee", "mentor"], condition=Q(state="open"), name="request_open_once"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | ~Q(state="open") & Q(closed_at__isnull=False),
                name="request_is_open_until_closed",
            ),
        )

    def __str__(self) -> str:
        return f"request: {self.get_state_display()}"

    @property
    def waits_since(self) -> datetime:
        """Since when it waits for an answer, pauses left out: after one it has its whole time anew."""
        return self.expires_at - OPEN_FOR

    @property
    def is_held(self) -> bool:
        """Whether it cannot begin, for a reason that is nobody's to know.

        The mentor is told nothing, and for the mentee it is one that is not answered. No query can ask for it.
        """
        return bool(self.words.get("held"))


class Event(Owned):
    """A date of a cohort: a lecture, a meeting, an hour in which mentors can be met."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="events")
    name = models.CharField(max_length=120)
    begins_at = models.DateTimeField()
    place = models.CharField(max_length=160, blank=True)
    link = models.URLField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.name


class Round(Owned):
    """Whether a cohort is asked whom its people would rather have, and whether short first conversations are on.

    What was said counts after either is closed.
    """

    cohort = models.OneToOneField(Cohort, models.CASCADE, related_name="round")
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    talks_opened_at = models.DateTimeField(null=True, blank=True)
    talks_closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(opened_at__isnull=False), name="round_closes_after_it_opened"
            ),
            models.CheckConstraint(
                condition=Q(talks_closed_at__isnull=True) | Q(talks_opened_at__isnull=False),
                name="talks_close_after_they_opened",
            ),
        )

    def __str__(self) -> str:
        return f"{self.cohort}: {'open' if self.is_open else 'closed'}"

    @property
    def is_open(self) -> bool:
        """Whether it takes answers."""
        return self.opened_at is not None and self.closed_at is None

    @property
    def talks_open(self) -> bool:
        """Whether first conversations are on."""
        return self.talks_opened_at is not None and self.talks_closed_at is None


class Preference(Owned):
    """Whom somebody would rather have; the match reads it, and nobody else."""

    participant = models.OneToOneField(Participant, models.CASCADE, related_name="preference")
    sealed = models.BinaryField(default=bytes)

    #: of a mentee: ranked, a list of {mentor (code of a user), why}; of a mentor: especially (codes of users)
    words = Sealed("sealed")

    def __str__(self) -> str:
        return "preference"


class FirstTalk(Owned):
    """A short first conversation that the round proposes to two people, and what each said of it in confidence."""

    class View(models.TextChoices):
        """What one side says afterwards."""

        GLAD = "glad", _("I would be glad to go on")
        RATHER_NOT = "rather_not", _("I would rather not")
        NONE = "none", _("I have no view")

    mentee = models.ForeignKey(Participant, models.CASCADE, related_name="first_talks")
    mentor = models.ForeignKey(Participant, models.CASCADE, related_name="first_talks_asked")
    proposed_at = models.DateTimeField()
    mentee_ready_at = models.DateTimeField(null=True, blank=True)  # they would like to talk
    mentor_ready_at = models.DateTimeField(null=True, blank=True)
    sealed_mentee = models.BinaryField(default=bytes)
    sealed_mentor = models.BinaryField(default=bytes)

    #: view
    mentee_said = Sealed("sealed_mentee")
    mentor_said = Sealed("sealed_mentor")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["mentee", "mentor"], name="first_talk_once"),)

    def __str__(self) -> str:
        return "first conversation"

    @property
    def both_ready(self) -> bool:
        """Whether each would like to talk: then they have each other's address."""
        return self.mentee_ready_at is not None and self.mentor_ready_at is not None
