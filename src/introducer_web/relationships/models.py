"""Ties that are lived: published, introduced, answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from introducer_web.lib.crypto import Sealed
from introducer_web.matching.models import MatchRun, Tie
from introducer_web.people.models import Participant, Role
from introducer_web.programs.models import Cohort
from introducer_web.tenants.models import Owned, User

__all__ = [
    "Farewell",
    "Introduction",
    "Onward",
    "OrganicTie",
    "Publication",
    "Relationship",
    "Renewal",
    "SaidRoles",
    "SwapRequest",
    "Thanks",
]


class Publication(Owned):
    """One wave of a run's ties that became relationships, at once and for good."""

    run = models.ForeignKey(MatchRun, models.PROTECT, related_name="publications")
    wave = models.PositiveSmallIntegerField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    ties = models.PositiveIntegerField()
    left_out = models.JSONField(default=list)  # {mentee, mentor (codes), why}

    class Meta:
        constraints = (models.UniqueConstraint(fields=["run", "wave"], name="publication_wave_once"),)

    def __str__(self) -> str:
        return f"{self.run}, wave {self.wave}"


class Relationship(Owned):
    """A mentee and a mentor, from the introduction on."""

    class State(models.TextChoices):
        """Where it stands."""

        INTRODUCED = "introduced", _("introduced")
        ACTIVE = "active", _("both agreed")
        DECLINED = "declined", _("did not begin")
        ENDED = "ended", _("ended")
        RECALLED = "recalled", _("introduction withdrawn")
        EXPIRED = "expired", _("not answered in time")

    #: The two are together, or may be soon; they were, or it was not to be: nobody proposes them to each other anew.
    TOGETHER = (State.INTRODUCED, State.ACTIVE)
    OVER = (State.DECLINED, State.ENDED, State.EXPIRED)

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="relationships")
    mentee = models.ForeignKey(Participant, models.CASCADE, related_name="as_mentee")
    mentor = models.ForeignKey(Participant, models.CASCADE, related_name="as_mentor")
    tie = models.OneToOneField(Tie, models.SET_NULL, null=True, blank=True, related_name="relationship")
    publication = models.ForeignKey(Publication, models.PROTECT, null=True, blank=True, related_name="relationships")
    state = models.CharField(max_length=10, choices=State.choices, default=State.INTRODUCED)
    needs = models.JSONField(default=list)  # keys of open needs
    seat = models.PositiveSmallIntegerField(null=True, blank=True)  # the mentor's, from 1, while both agree
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)  # meant to last until; null: as the cohort says. Nothing ends by it
    last_contact_on = models.DateField(null=True, blank=True)  # the latest conversation; null: not met yet
    signed_at = models.DateTimeField(null=True, blank=True)  # when both had signed the agreement that stands
    version = models.PositiveIntegerField(default=1)
    mentee_keeps_at = models.DateTimeField(null=True, blank=True)  # since when they ask to keep it; null: they do not
    mentor_keeps_at = models.DateTimeField(null=True, blank=True)
    sealed_about = models.BinaryField(default=bytes)

    #: keys of the domains that one of the two says it is about: of both SaidRoles, so that a home need not ask
    about = Sealed("sealed_about", empty=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["mentee", "mentor"],
                condition=Q(state__in=("introduced", "active")),
                name="one_relationship_of_two",
            ),
            # Two who accept the last seat at the same moment: the database lets one of them have it.
            models.UniqueConstraint(
                fields=["mentor", "seat"], condition=Q(seat__isnull=False), name="seat_is_taken_once"
            ),
            models.CheckConstraint(
                condition=Q(state="active", seat__isnull=False) | ~Q(state="active") & Q(seat__isnull=True),
                name="active_has_a_seat",
            ),
        )

    def __str__(self) -> str:
        return f"{self.mentee}, {self.mentor}: {self.get_state_display()}"


class Introduction(Owned):
    """The mail that one side got, its link, and what that side answered."""

    class Answer(models.TextChoices):
        """What was answered."""

        NONE = "none", _("no answer yet")
        ACCEPTED = "accepted", _("accepted")
        ASKED = "asked", _("asked first")
        DECLINED = "declined", _("declined")

    relationship = models.ForeignKey(Relationship, models.CASCADE, related_name="introductions")
    side = models.CharField(max_length=6, choices=Role.choices)
    digest = models.CharField(max_length=64, unique=True)
    answer = models.CharField(max_length=8, choices=Answer.choices, default=Answer.NONE)
    sent_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    sealed = models.BinaryField(default=bytes)

    #: token (to show the link again in a digest), first_message (the mentee's), question (asked first)
    words = Sealed("sealed")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["relationship", "side"], name="introduction_once_a_side"),)

    def __str__(self) -> str:
        return f"{self.side}: {self.get_answer_display()}"


class SwapRequest(Owned):
    """A mentee would like another mentor instead. Seen by coordinators; the mentor is told nothing."""

    relationship = models.ForeignKey(Relationship, models.CASCADE, related_name="swap_requests")
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["relationship"], condition=Q(settled_at__isnull=True), name="swap_open_once"
            ),
        )

    def __str__(self) -> str:
        return "swap request"


class SaidRoles(Owned):
    """What one of two people says of their relationship: its roles and its domains. Both read it, nobody else."""

    relationship = models.ForeignKey(Relationship, models.CASCADE, related_name="said_roles")
    person = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    said_at = models.DateTimeField()
    sealed = models.BinaryField(default=bytes)

    #: roles (codes), domains (keys)
    said = Sealed("sealed")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["relationship", "person"], name="said_roles_once_a_side"),)

    def __str__(self) -> str:
        return "what they are for each other"


class OrganicTie(Owned):
    """Somebody who helps a mentee already: seen by the mentee alone, until the other side confirms.

    Nothing of it is told to coordinators or to a match: it stands in no list of theirs, no count and no record.
    """

    class State(models.TextChoices):
        """Where it stands."""

        CLAIMED = "claimed", _("yours")
        CONFIRMED = "confirmed", _("confirmed")
        LEFT = "left", _("has stepped out")
        ENDED = "ended", _("ended")

    mentee = models.ForeignKey(Participant, models.CASCADE, related_name="organic_ties")
    state = models.CharField(max_length=9, choices=State.choices, default=State.CLAIMED)
    digest = models.CharField(max_length=64, unique=True, null=True, blank=True)  # null: there is no link
    expires_at = models.DateTimeField(null=True, blank=True)  # the link, while nobody has confirmed
    claimed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    sealed = models.BinaryField(default=bytes)
    sealed_link = models.BinaryField(default=bytes)
    sealed_words = models.BinaryField(default=bytes)

    #: name, kind, place, domains (keys), roles (codes), since (a year), days (of conversations, the latest last)
    facts = Sealed("sealed")
    #: token, so that the mentee can show the link again
    link = Sealed("sealed_link")
    #: what the other side says: kind, reach, sells, paid_by, agreed_at
    words = Sealed("sealed_words")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="confirmed", confirmed_at__isnull=True), name="organic_confirmed_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"organic tie: {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        """Whether the two are in touch, as far as the mentee says."""
        return self.state in (self.State.CLAIMED, self.State.CONFIRMED)


class Renewal(Owned):
    """The two are asked whether they go on: until a later day, or in a later cohort. Both have to say yes."""

    relationship = models.ForeignKey(Relationship, models.CASCADE, related_name="renewals")
    cohort = models.ForeignKey(Cohort, models.CASCADE, null=True, blank=True, related_name="+")  # a later one
    until = models.DateField(null=True, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")  # null: one of the two
    asked_at = models.DateTimeField()
    mentee_says = models.BooleanField(null=True, blank=True)
    mentor_says = models.BooleanField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    became = models.ForeignKey(Relationship, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["relationship"], condition=Q(settled_at__isnull=True), name="renewal_open_once"
            ),
            models.CheckConstraint(
                condition=Q(cohort__isnull=False) | Q(until__isnull=False), name="renewal_of_a_day_or_a_cohort"
            ),
        )

    def __str__(self) -> str:
        return "renewal"

    @property
    def goes_on(self) -> bool:
        """Whether both said yes."""
        return self.mentee_says is True and self.mentor_says is True


class Farewell(Owned):
    """What one of two people said at the end: for themselves, but for whether they are glad to stay in touch."""

    class Reason(models.TextChoices):
        """Why, if they like; nobody but them reads it."""

        FINISHED = "finished", _("we finished what we set out to do")
        NEEDS = "needs", _("I need something else now")
        TIME = "time", _("I have too little time")
        FIT = "fit", _("it was not the right fit")
        OTHER = "other", _("something else")

    relationship = models.ForeignKey(Relationship, models.CASCADE, related_name="farewells")
    person = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    ended_it = models.BooleanField(default=False)
    glad = models.BooleanField(null=True, blank=True)  # to stay in touch; null: has not said
    at = models.DateTimeField()
    sealed = models.BinaryField(default=bytes)

    #: reason (one of Reason, or nothing)
    words = Sealed("sealed")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["relationship", "person"], name="farewell_once_a_side"),
            models.UniqueConstraint(fields=["relationship"], condition=Q(ended_it=True), name="one_of_two_ended_it"),
        )

    def __str__(self) -> str:
        return "farewell"


class Thanks(Owned):
    """One thanks the other, in words that nobody else reads: one a day."""

    relationship = models.ForeignKey(Relationship, models.CASCADE, related_name="thanks")
    by = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    on = models.DateField()
    sealed = models.BinaryField(default=bytes)

    #: text
    words = Sealed("sealed")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["relationship", "by", "on"], name="thanks_once_a_day"),)

    def __str__(self) -> str:
        return f"thanks, {self.on}"


class Onward(Owned):
    """A mentee lets a mentor know how it goes on with them, for as long as they like. No row: they do not."""

    relationship = models.OneToOneField(Relationship, models.CASCADE, related_name="onward")
    since = models.DateTimeField()
    said_on = models.DateField(null=True, blank=True)
    sealed = models.BinaryField(default=bytes)

    #: line, stage (a code of the template's)
    words = Sealed("sealed")

    def __str__(self) -> str:
        return "onward"
