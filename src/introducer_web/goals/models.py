"""What a mentee wants to reach and decides, the first hundred days somewhere, and what changes for them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from introducer_web.lib.crypto import Sealed
from introducer_web.matching.models import MatchRun
from introducer_web.people.models import Participant
from introducer_web.relationships.models import Relationship
from introducer_web.tenants.models import Owned, User

__all__ = ["MOST_ACTIVE", "Decision", "FreshLook", "Goal", "GoalChange", "Track", "Transition"]

#: Active goals of a relationship, and of a mentee alone: a cap that keeps them looked at.
MOST_ACTIVE = 3


class Goal(Owned):
    """Something that a mentee wants to reach: with one mentor, or alone. The mentee's, whoever helps."""

    class State(models.TextChoices):
        """Where it stands. None of them is a failure."""

        ACTIVE = "active", _("on the way")
        REACHED = "reached", _("reached")
        CHANGED = "changed", _("became another one")
        LET_GO = "let_go", _("let go")

    class Kind(models.TextChoices):
        """What part of a life it is of."""

        PROFESSIONAL = "professional", _("professional")
        PERSONAL = "personal", _("personal")

    mentee = models.ForeignKey(Participant, models.CASCADE, related_name="goals")
    #: null: seen by the mentee alone
    relationship = models.ForeignKey(Relationship, models.CASCADE, null=True, blank=True, related_name="goals")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.PROFESSIONAL)
    state = models.CharField(max_length=7, choices=State.choices, default=State.ACTIVE)
    slot = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 to 3 while it is active
    newest = models.PositiveIntegerField(default=1)  # number of the latest change
    review_weeks = models.PositiveSmallIntegerField(default=4)
    review_on = models.DateField(null=True, blank=True)
    begun_at = models.DateTimeField()

    class Meta:
        constraints = (
            # Two tabs that begin a fourth goal: the database lets none of them.
            models.UniqueConstraint(
                fields=["relationship", "slot"],
                condition=Q(relationship__isnull=False, slot__isnull=False),
                name="goal_slot_of_two_once",
            ),
            models.UniqueConstraint(
                fields=["mentee", "slot"],
                condition=Q(relationship__isnull=True, slot__isnull=False),
                name="goal_slot_alone_once",
            ),
            models.CheckConstraint(
                condition=Q(state="active", slot__isnull=False, slot__gte=1, slot__lte=MOST_ACTIVE)
                | ~Q(state="active") & Q(slot__isnull=True),
                name="goal_active_has_one_of_three_slots",
            ),
            models.CheckConstraint(
                condition=Q(review_weeks__gte=1, review_weeks__lte=26), name="goal_review_within_half_a_year"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.get_state_display()}"


class GoalChange(Owned):
    """One step in the history of a goal. Rows are added, never changed."""

    class Sort(models.TextChoices):
        """What happened."""

        BEGUN = "begun", _("begun")
        WORDED = "worded", _("said otherwise")
        PROGRESS = "progress", _("how it goes")
        CLOSED = "closed", _("closed")

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="changes")
    number = models.PositiveIntegerField()
    sort = models.CharField(max_length=8, choices=Sort.choices)
    state = models.CharField(max_length=7, choices=Goal.State.choices)  # from then on
    by = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    sealed = models.BinaryField(default=bytes)

    #: begun, worded: what, measure, by_when, why, barrier, support, confidence; progress, closed: note, confidence
    words = Sealed("sealed")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["goal", "number"], name="goal_change_once"),)

    def __str__(self) -> str:
        return f"{self.get_sort_display()}, {self.number}"


class Decision(Owned):
    """Something that a mentee decided, kept for the day when they wonder why."""

    mentee = models.ForeignKey(Participant, models.CASCADE, related_name="decisions")
    #: null: seen by the mentee alone
    relationship = models.ForeignKey(Relationship, models.CASCADE, null=True, blank=True, related_name="decisions")
    decided_on = models.DateField()
    look_on = models.DateField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    sealed = models.BinaryField(default=bytes)

    #: what, options, why; later: how it looks when it is looked at again
    words = Sealed("sealed")

    def __str__(self) -> str:
        return f"decision, {self.decided_on}"


class Track(Owned):
    """The first hundred days of a mentee somewhere, in steps. Theirs alone: which one it is can be private."""

    mentee = models.ForeignKey(Participant, models.CASCADE, related_name="tracks")
    began_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    sealed = models.BinaryField(default=bytes)

    #: key; steps: by key what became of it (done, skipped) and on which day
    words = Sealed("sealed")

    def __str__(self) -> str:
        return f"track since {self.began_on}"


class Transition(Owned):
    """Something that changes for a mentee, on a day or now. What it is stands sealed."""

    mentee = models.ForeignKey(Participant, models.CASCADE, related_name="transitions")
    on = models.DateField(null=True, blank=True)  # null: now
    noted_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)  # when a mail asked for needs once more
    settled_at = models.DateTimeField(null=True, blank=True)  # the mentee has looked at their needs since

    sealed = models.BinaryField(default=bytes)

    #: kind
    words = Sealed("sealed")

    def __str__(self) -> str:
        return f"transition, {self.on}"


class FreshLook(Owned):
    """A mentee asks that the match be looked at once more for them, with as few changes as can be."""

    mentee = models.ForeignKey(Participant, models.CASCADE, related_name="fresh_looks")
    asked_at = models.DateTimeField()
    run = models.ForeignKey(MatchRun, models.SET_NULL, null=True, blank=True, related_name="fresh_looks")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["mentee"], condition=Q(settled_at__isnull=True), name="fresh_look_open_once"
            ),
        )

    def __str__(self) -> str:
        return "fresh look"
