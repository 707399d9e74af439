"""Match runs and what they proposed; the orders of coordinators that runs obey."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from introducer_web.lib.crypto import Sealed
from introducer_web.lib.leases import Leased
from introducer_web.people.models import Participant
from introducer_web.programs.models import Cohort
from introducer_web.tenants.models import Owned, User

__all__ = ["Advice", "Constellation", "FrontierPoint", "MatchRun", "Order", "Tie"]


class MatchRun(Owned, Leased):
    """One execution: the frozen roster, and what came out. Never edited, only superseded."""

    class State(models.TextChoices):
        """How far it is."""

        QUEUED = "queued", _("waits for a worker")
        RUNNING = "running", _("is running")
        DONE = "done", _("is done")
        STOPPED = "stopped", _("was stopped")
        INFEASIBLE = "infeasible", _("found that no match meets all rules")
        FAILED = "failed", _("failed")

    class Kind(models.TextChoices):
        """What it is for. Only a proposal is published, and only proposals follow on each other."""

        PROPOSAL = "proposal", _("proposal")
        TRIAL = "trial", _("trial of another policy")
        CHANGES = "changes", _("what changes would buy")

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="runs")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.PROPOSAL)
    policy = models.JSONField(default=dict, blank=True)  # the program's choices that it obeys, by field
    most_changes = models.PositiveIntegerField(null=True, blank=True)  # from the run before; None: as many as it takes
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    requested_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    requested_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    previous = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    phase = models.CharField(max_length=60, blank=True)
    progress = models.FloatField(default=0)  # in [0, 1]
    gap = models.FloatField(null=True, blank=True)  # while it computes: at most so far from the best, in [0, 1]
    stop_asked = models.BooleanField(default=False)
    keeps = models.BooleanField(default=False)  # what it has when it is stopped is kept
    message = models.TextField(blank=True)  # why it ended otherwise than done; without what is confidential
    summary = models.JSONField(default=dict, blank=True)  # figures that a coordinator may see; schema 1
    sealed_folder = models.BinaryField(default=bytes)
    sealed_outcome = models.BinaryField(default=bytes)

    #: name of a file: its text; the folder that ``introducer match`` replays
    folder = Sealed("sealed_folder")
    #: name of a file: its text; the folder that ``introducer verify`` checks
    outcome = Sealed("sealed_outcome")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["cohort", "number"], name="run_number_is_unique"),
            models.UniqueConstraint(
                fields=["cohort"], condition=Q(state__in=("queued", "running")), name="one_run_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.cohort}: run {self.number}"


class Constellation(Owned):
    """What a run proposes to one mentee, as far as a coordinator may see it."""

    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="constellations")
    mentee = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    size = models.PositiveSmallIntegerField()
    most = models.PositiveSmallIntegerField()  # mentors they may have
    asked = models.PositiveSmallIntegerField()  # open needs
    covered = models.PositiveSmallIntegerField()  # of these
    share = models.FloatField()  # level-weighted part of the open needs that is covered, in [0, 1]
    needs = models.JSONField(default=list)  # open needs: {key, name, level, urgent, fit, by: [codes of mentors], why}
    private_asked = models.PositiveSmallIntegerField(default=0)
    private_covered = models.PositiveSmallIntegerField(default=0)
    others = models.JSONField(default=list)  # {mentor, leaves (codes), cost}: who could be here, the least cost first
    note = models.CharField(max_length=120, blank=True)  # why they take no part
    sealed = models.BinaryField(default=bytes)

    #: coordinator, participant (texts), private: {key: [codes of mentors]}
    words = Sealed("sealed")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["run", "mentee"], name="constellation_once"),)

    def __str__(self) -> str:
        return f"{self.mentee}: {self.size} of {self.most}"


class Tie(Owned):
    """One mentor proposed to one mentee by a run."""

    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="ties")
    mentee = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    mentor = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    needs = models.JSONField(default=list)  # keys of open needs that this mentor covers best, else can also help with
    fits = models.JSONField(default=dict)  # by key of these needs: how well this mentor meets it, in [0, 1]
    pinned = models.BooleanField(default=False)
    kept = models.BooleanField(default=False)  # they were together, or introduced, before the run
    cost = models.FloatField(null=True, blank=True)  # of the pin that holds it, estimated; 1 is all a mentee asks for

    class Meta:
        constraints = (models.UniqueConstraint(fields=["run", "mentee", "mentor"], name="tie_once"),)

    def __str__(self) -> str:
        return f"{self.mentee}, {self.mentor}"


class FrontierPoint(Owned):
    """What a number of changes from an earlier proposal would buy."""

    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="points")
    changes = models.PositiveIntegerField()
    value = models.FloatField()
    bound = models.FloatField()  # no proposal with so many changes is worth more
    moved = models.JSONField(default=list)  # {mentee, came, went (codes of users), gains, loses (names of open needs)}

    class Meta:
        constraints = (models.UniqueConstraint(fields=["run", "changes"], name="frontier_point_once"),)

    def __str__(self) -> str:
        return f"{self.run}: {self.changes} changes"


class Advice(Owned, Leased):
    """What a finished run says by itself: asked for once, worked out by a worker."""

    class Kind(models.TextChoices):
        """What is asked."""

        RECRUIT = "recruit", _("whom to look for")
        ROBUSTNESS = "robustness", _("which introductions stand")
        STABILITY = "stability", _("who would rather have each other")

    class State(models.TextChoices):
        """How far it is."""

        QUEUED = "queued", _("waits for a worker")
        RUNNING = "running", _("is worked out")
        DONE = "done", _("is done")
        STOPPED = "stopped", _("was stopped")
        FAILED = "failed", _("failed")

    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="advice")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    requested_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    requested_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    progress = models.FloatField(default=0)  # in [0, 1]
    stop_asked = models.BooleanField(default=False)
    message = models.CharField(max_length=60, blank=True)  # why it failed: the name of an error
    result = models.JSONField(default=dict, blank=True)  # as ``lib.engine.advised`` returns it; schema 1

    class Meta:
        constraints = (models.UniqueConstraint(fields=["run", "kind"], name="advice_once"),)

    def __str__(self) -> str:
        return f"{self.run}: {self.get_kind_display()}"


class Order(Owned):
    """A pin or a veto: the next run must hold, or must not hold, a tie. With a note and a name."""

    class Kind(models.TextChoices):
        """What is ordered."""

        PIN = "pin", _("pinned")
        VETO = "veto", _("vetoed")

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="orders")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    mentee = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    mentor = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    sealed = models.BinaryField(default=bytes)

    #: words: why
    note = Sealed("sealed")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["mentee", "mentor"], condition=Q(lifted_at__isnull=True), name="order_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.mentee}, {self.mentor}"
