"""Who takes part, what they ask and offer, and what they said in confidence."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from introducer_web.lib.crypto import Sealed
from introducer_web.lib.leases import Leased
from introducer_web.lib.nights import zone_named
from introducer_web.programs.models import Cohort, Domain, Experience, Question, Topic, TrainingSite
from introducer_web.tenants.models import Owned, User

if TYPE_CHECKING:
    from datetime import date, datetime

__all__ = [
    "Answer",
    "Block",
    "Claim",
    "Conflict",
    "Consent",
    "Invitation",
    "Need",
    "Offer",
    "Participant",
    "PrivateAnswers",
    "Role",
    "SheetImport",
]


class Role(models.TextChoices):
    """What a participant is in a cohort; one person may be both, as two participants."""

    MENTEE = "mentee", _("mentee")
    MENTOR = "mentor", _("mentor")


class Participant(Owned):
    """A person's place in one cohort, in one role."""

    class State(models.TextChoices):
        """How far they are."""

        DRAFT = "draft", _("has begun to join")
        APPLIED = "applied", _("waits for approval")
        WAITING = "waiting", _("on the waiting list")
        ACTIVE = "active", _("takes part")
        DECLINED = "declined", _("was not taken")
        WITHDRAWN = "withdrawn", _("has withdrawn")

    class Within(models.IntegerChoices):
        """How soon a mentor usually answers, in days."""

        DAY = 1, _("a day")
        THREE_DAYS = 3, _("three days")
        WEEK = 7, _("a week")
        TWO_WEEKS = 14, _("two weeks")

    user = models.ForeignKey(User, models.CASCADE, related_name="participants")
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="participants")
    role = models.CharField(max_length=6, choices=Role.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    kind = models.CharField(max_length=20, default="member")  # or a guest kind: adviser, industry ...
    stage = models.CharField(_("where you are in your career"), max_length=60, blank=True)
    # Codes. Of a mentee: where, which way, what and whom they look for; of a mentor: what they bring.
    settings = models.JSONField(_("kind of practice"), default=list, blank=True)
    routes = models.JSONField(_("ways of training"), default=list, blank=True)
    procedures = models.JSONField(_("lines of procedures"), default=list, blank=True)
    roles = models.JSONField(_("what a mentor is for somebody"), default=list, blank=True)
    site = models.ForeignKey(TrainingSite, models.PROTECT, null=True, blank=True, related_name="+")
    institution = models.CharField(_("institution"), max_length=160, blank=True)
    region = models.CharField(_("region"), max_length=80, blank=True)
    timezone = models.CharField(_("time zone"), max_length=60, blank=True)
    languages = models.JSONField(_("languages, the preferred one first"), default=list, blank=True)
    rural = models.BooleanField(_("I work or train in a rural place"), default=False)
    no_home_program = models.BooleanField(_("there is no program of my specialty where I am"), default=False)
    team_size = models.PositiveSmallIntegerField(null=True, blank=True)  # mentee; None: the program's
    capacity = models.PositiveSmallIntegerField(null=True, blank=True)  # mentor; None: the program's
    min_load = models.PositiveSmallIntegerField(null=True, blank=True)
    answers_within = models.PositiveSmallIntegerField(choices=Within.choices, null=True, blank=True)  # mentor; days
    paused_until = models.DateField(null=True, blank=True)
    may_be_matched = models.BooleanField(default=False)
    wants_digest = models.BooleanField(default=True)  # a weekly reminder of what waits
    wants_news = models.BooleanField(default=True)  # what a coordinator writes to many at once
    committed_at = models.DateTimeField(null=True, blank=True)  # mentor: commitment to cultural humility
    joined_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)  # the form, for the first time
    decided_at = models.DateTimeField(null=True, blank=True)  # by a coordinator
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    imported_as = models.CharField(max_length=160, blank=True)  # the id of a sheet
    # Their place in a cohort before, whose answers are offered again; nothing of it counts before it is said again.
    earlier = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["cohort", "user", "role"], name="participant_role_once"),
            models.CheckConstraint(condition=Q(team_size__isnull=True) | Q(team_size__lte=5), name="team_at_most_5"),
            models.CheckConstraint(
                condition=Q(answers_within__isnull=True) | Q(answers_within__gte=1, answers_within__lte=14),
                name="answers_within_two_weeks",
            ),
            models.CheckConstraint(
                condition=~Q(role="mentor", state="active", committed_at__isnull=True),
                name="mentor_commits_before_taking_part",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}"

    @property
    def is_mentor(self) -> bool:
        """Whether they offer; else they ask."""
        return self.role == Role.MENTOR

    @property
    def zone(self) -> ZoneInfo:
        """The time zone that they live in: their own, else the society's. A name that is none is passed over."""
        return zone_named(self.timezone) or zone_named(self.society.timezone) or ZoneInfo("UTC")

    def day(self, now: datetime) -> date:
        """Return the day that it is where they are."""
        return now.astimezone(self.zone).date()


class Need(Owned):
    """How much a mentee wants help, 1 to 3; said openly. Private needs stand sealed in PrivateAnswers."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="needs")
    domain = models.ForeignKey(Domain, models.PROTECT, related_name="+")
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+")
    level = models.PositiveSmallIntegerField()
    urgent = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["participant", "domain", "topic"], name="need_once"),
            models.UniqueConstraint(
                fields=["participant", "domain"], condition=Q(topic__isnull=True), name="need_of_domain_once"
            ),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="need_level_1_to_3"),
        )

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """The engine's key: ``domain`` or ``domain.topic``."""
        return f"{self.domain.key}.{self.topic.key}" if self.topic else self.domain.key


class Offer(Owned):
    """How well a mentor can help, 1 to 3."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="offers")
    domain = models.ForeignKey(Domain, models.PROTECT, related_name="+")
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+")
    level = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["participant", "domain", "topic"], name="offer_once"),
            models.UniqueConstraint(
                fields=["participant", "domain"], condition=Q(topic__isnull=True), name="offer_of_domain_once"
            ),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="offer_level_1_to_3"),
        )

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """The engine's key: ``domain`` or ``domain.topic``."""
        return f"{self.domain.key}.{self.topic.key}" if self.topic else self.domain.key


class Claim(Owned):
    """An experience that a mentor can speak to."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="claims")
    experience = models.ForeignKey(Experience, models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["participant", "experience"], name="claim_once"),)

    def __str__(self) -> str:
        return self.experience.key


class Answer(Owned):
    """The answer to a question of the program's own."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    text = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["participant", "question"], name="answer_once"),)

    def __str__(self) -> str:
        return self.question.text


class PrivateAnswers(Owned):
    """What a participant said in confidence, in a store of its own, sealed.

    ``answers`` holds ``needs`` (key: level), ``wishes`` (key of a wish: level), ``attributes``
    (attribute: list of the person's own words), ``avoid`` (codes of users) and ``avoid_named``
    (names or addresses as they were written).
    """

    participant = models.OneToOneField(Participant, models.CASCADE, related_name="private_answers")
    sealed = models.BinaryField(default=bytes)

    answers = Sealed("sealed")

    def __str__(self) -> str:
        return "private answers"


class Consent(Owned):
    """A yes to one use of one private attribute, until it is withdrawn. No row: no."""

    class Purpose(models.TextChoices):
        """What it may be used for."""

        MATCH = "match", _("to match me with people who share it and asked for it")
        FAIRNESS = "fairness", _("to check that the program treats groups alike, in numbers of at least ten")
        RESEARCH = "research", _("for research that an ethics board approved, without my name")

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="consents")
    attribute = models.CharField(max_length=60)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["participant", "attribute", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="consent_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.attribute}: {self.purpose}"


class Conflict(Owned):
    """A fact that forbids a tie between two people, in all programs. The source and its words are sealed."""

    user_a = models.ForeignKey(User, models.CASCADE, related_name="+")
    user_b = models.ForeignKey(User, models.CASCADE, related_name="+")
    sealed = models.BinaryField(default=bytes)
    recorded_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    #: source (evaluator, supervisor, relative, complaint, other), words, by (a user's code)
    facts = Sealed("sealed")

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(user_a=models.F("user_b")), name="conflict_of_two"),)

    def __str__(self) -> str:
        return "conflict"


class Block(Owned):
    """One person keeps another away, in all programs of the society. Nobody else sees it, the other least of all."""

    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    other = models.ForeignKey(User, models.CASCADE, related_name="+")
    sealed = models.BinaryField(default=bytes)
    blocked_at = models.DateTimeField()

    #: note (for whoever blocked alone)
    words = Sealed("sealed")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["society", "by", "other"], name="block_once"),
            models.CheckConstraint(condition=~Q(by=models.F("other")), name="block_of_two"),
        )

    def __str__(self) -> str:
        return "block"


class Invitation(Owned):
    """A link to join, bound to one address and used once; with ``earlier``, to take part again."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=6, choices=Role.choices)
    kind = models.CharField(max_length=20, default="member")
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    earlier = models.ForeignKey(Participant, models.CASCADE, null=True, blank=True, related_name="+")
    declined_at = models.DateTimeField(null=True, blank=True)  # "not this time"

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["cohort", "email", "role"],
                condition=Q(used_at__isnull=True, revoked_at__isnull=True),
                name="invitation_open_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.email}, {self.role}"


class SheetImport(Owned, Leased):
    """An uploaded sheet on its way: read, mapped, checked, confirmed, written. Nothing of it counts before."""

    class State(models.TextChoices):
        """How far it is."""

        MAPPING = "mapping", _("needs a mapping")
        CHECKING = "checking", _("is being checked")
        CHECKED = "checked", _("was checked")
        APPLYING = "applying", _("is being written")
        DONE = "done", _("was written")
        DROPPED = "dropped", _("was dropped")
        FAILED = "failed", _("failed")

    class What(models.TextChoices):
        """What its rows are."""

        MENTEES = "mentees", _("mentees")
        MENTORS = "mentors", _("mentors")
        TIES = "ties", _("existing relationships")

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="imports")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    what = models.CharField(max_length=8, choices=What.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.MAPPING)
    name = models.CharField(max_length=120)
    uploaded_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    rows = models.PositiveIntegerField(default=0)
    progress = models.PositiveIntegerField(default=0)
    sealed_sheet = models.BinaryField(default=bytes)  # {"text": the sheet as CSV}
    sealed_report = models.BinaryField(default=bytes)
    mapping = models.JSONField(default=dict, blank=True)  # field: list of headers
    values = models.JSONField(default=dict, blank=True)  # kind: spelling: meaning

    sheet = Sealed("sealed_sheet")
    #: faults, notices, set_aside, added, changed, same
    report = Sealed("sealed_report")

    def __str__(self) -> str:
        return self.name
