"""What a society offers: programs with their words and policy, cohorts, and who runs them."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from introducer_web.lib.texts import translated
from introducer_web.tenants.models import Owned, User

__all__ = ["Cohort", "Domain", "Experience", "Program", "Question", "Staff", "Topic", "TrainingSite"]


#: Steps between two stages; a template has fewer stages than that.
_STEPS = [MinValueValidator(-30), MaxValueValidator(30)]
#: Equity weights in percent: the engine takes .5 to 2.
_TIMES = [MinValueValidator(50), MaxValueValidator(200)]


class Program(Owned):
    """A mentoring offer of a society; lasts for years. Its policy is printed for everybody who takes part."""

    class Privacy(models.TextChoices):
        """What the engine may see beside needs and offers."""

        NEUTRAL = "neutral", _("Needs alone: no wishes, nothing private")
        EXPERIENCE = "experience", _("Needs, and wishes for shared experiences")
        BACKGROUND = "background", _("Also shared private attributes, by wish and mutual consent")

    class SameSite(models.TextChoices):
        """Whether people of one training site may be tied."""

        FORBID = "forbid", _("never tied")
        ALLOW = "allow", _("may be tied")

    class Guests(models.TextChoices):
        """Whether mentors who are no members may be tied."""

        ALLOW = "allow", _("may be tied")
        FORBID = "forbid", _("never tied")

    class Language(models.TextChoices):
        """Whether two people must share a language."""

        REQUIRE = "require", _("never tied")
        PREFER = "prefer", _("may be tied; a language in common counts")

    class Floor(models.TextChoices):
        """What a match is after: a share is a team's worth by that of the own best team, were nobody else there."""

        TOTAL = "total", _("the most for all mentees together")
        LEXIMIN = "leximin", _("raise who has least as far as it goes, then the next; then the most together")
        SHARE = "share", _("nobody below a share that you name; then the most together")

    name = models.CharField(_("name"), max_length=120)
    template = models.CharField(max_length=40, default="ir/1")
    about = models.TextField(_("what it is, for people who think of joining"), blank=True)
    privacy = models.CharField(
        _("what the match may use"), max_length=12, choices=Privacy.choices, default="experience"
    )
    team_size = models.PositiveSmallIntegerField(
        _("mentors for each mentee"), default=3, validators=[MaxValueValidator(5)]
    )
    capacity = models.PositiveSmallIntegerField(_("mentees for each mentor, unless they say otherwise"), default=2)
    same_site = models.CharField(
        _("people of one training site"), max_length=8, choices=SameSite.choices, default="forbid"
    )
    institution_limit = models.PositiveSmallIntegerField(
        _("mentors from one institution in one team (0: no limit)"), default=1
    )
    guests = models.CharField(
        _("mentors from outside the society"), max_length=8, choices=Guests.choices, default="allow"
    )
    shared_language = models.CharField(
        _("two people who share no language"), max_length=8, choices=Language.choices, default="require"
    )
    wish_weight = models.PositiveSmallIntegerField(
        _("how much all wishes of a mentee count, in percent of all their needs"), default=50,
        validators=[MaxValueValidator(100)],
    )  # fmt: skip
    floor = models.CharField(_("what the match is after"), max_length=8, choices=Floor.choices, default="total")
    least_share = models.PositiveSmallIntegerField(
        _("the share that nobody is to be below, in percent"), default=50,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )  # fmt: skip
    pair_weight = models.PositiveSmallIntegerField(
        _("how much all that two people have in common counts, in percent of all needs"), default=15,
        validators=[MaxValueValidator(100)],
    )  # fmt: skip
    #: name of a pair term of the engine: its weight among the others; of the template at first
    pair_terms = models.JSONField(_("what two people may have in common"), default=dict, blank=True)
    # Stages in steps: a mentor's less a mentee's; null is no limit.
    stage_least = models.SmallIntegerField(
        _("steps that a mentor must be ahead, at least"), null=True, blank=True, default=0, validators=_STEPS
    )
    stage_most = models.SmallIntegerField(
        _("steps that a mentor may be ahead, at most"), null=True, blank=True, validators=_STEPS
    )
    stage_best_from = models.SmallIntegerField(_("best so many steps ahead, from"), default=1, validators=_STEPS)
    stage_best_to = models.SmallIntegerField(_("best so many steps ahead, to"), default=4, validators=_STEPS)
    stage_fade = models.PositiveSmallIntegerField(
        _("so many steps outside of that, a stage counts for nothing"), default=8,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )  # fmt: skip
    equity_rural = models.PositiveSmallIntegerField(
        _("how much a rural mentee counts, in percent of the others"), default=100, validators=_TIMES
    )
    equity_no_home_program = models.PositiveSmallIntegerField(
        _("how much a mentee without a home program counts, in percent of the others"), default=100, validators=_TIMES
    )
    approves = models.BooleanField(_("a coordinator approves everybody who joins"), default=True)
    formal = models.BooleanField(
        _("formal: an agreement waits for two people until both have signed it"), default=False
    )
    is_open = models.BooleanField(_("anybody with the address may ask to join"), default=False)
    ending_words = models.TextField(_("what two people read when their mentoring ends"), blank=True)
    letters = models.BooleanField(_("mentors may make letters of recognition"), default=True)
    requests = models.BooleanField(_("mentees look for mentors themselves, and ask them"), default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["society", "name"], name="program_name_is_unique"),
            models.CheckConstraint(condition=Q(team_size__lte=5), name="program_team_size_at_most_5"),
            models.CheckConstraint(condition=Q(wish_weight__lte=100), name="program_wish_weight_at_most_100"),
            models.CheckConstraint(condition=Q(pair_weight__lte=100), name="program_pair_weight_at_most_100"),
            models.CheckConstraint(
                condition=Q(least_share__gte=1, least_share__lte=100), name="program_least_share_from_1_to_100"
            ),
            models.CheckConstraint(
                condition=Q(stage_best_from__lte=models.F("stage_best_to"), stage_fade__gte=1),
                name="program_best_stages_in_order",
            ),
            models.CheckConstraint(
                condition=Q(equity_rural__gte=50, equity_rural__lte=200)
                & Q(equity_no_home_program__gte=50, equity_no_home_program__lte=200),
                name="program_equity_from_50_to_200",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Cohort(Owned):
    """One intake of a program: the unit that is matched and evaluated."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="cohorts")
    name = models.CharField(_("name"), max_length=80)
    starts = models.DateField(_("starts"), null=True, blank=True)
    joining_ends = models.DateField(_("people may join until"), null=True, blank=True)
    ends = models.DateField(_("relationships are meant to last until"), null=True, blank=True)
    is_closed = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["program", "name"], name="cohort_name_is_unique"),)

    def __str__(self) -> str:
        return f"{self.program.name}, {self.name}"


class Staff(Owned):
    """Somebody who runs programs of a society, or researches one. Without a program: all of them."""

    class Role(models.TextChoices):
        """What they may do."""

        COORDINATOR = "coordinator", _("coordinator")
        RESEARCHER = "researcher", _("researcher")

    user = models.ForeignKey(User, models.CASCADE, related_name="staff")
    program = models.ForeignKey(Program, models.CASCADE, null=True, blank=True, related_name="staff")
    role = models.CharField(max_length=12, choices=Role.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["user", "program", "role"], condition=Q(until__isnull=True), name="staff_role_once"
            ),
            models.UniqueConstraint(
                fields=["user", "society", "role"],
                condition=Q(until__isnull=True, program__isnull=True),
                name="staff_of_society_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


class Word(Owned):
    """A term of a program's vocabulary. ``key`` is the engine's id and never changes."""

    key = models.SlugField(max_length=60)
    name = models.CharField(_("name"), max_length=120)
    text = models.CharField(_("what is meant, in one sentence"), max_length=300, blank=True)
    sensitive = models.BooleanField(_("sensitive: never in lists that others browse"), default=False)
    place = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField(_("no longer asked"), default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The name in the reader's language, where it is still the template's."""
        return translated(self.name)

    @property
    def meaning(self) -> str:
        """What is meant, in the reader's language, where it is still the template's."""
        return translated(self.text)


class Domain(Word):
    """A named area of help."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="domains")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["program", "key"], name="domain_key_is_unique"),)


class Topic(Word):
    """A part of a domain."""

    domain = models.ForeignKey(Domain, models.CASCADE, related_name="topics")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["domain", "key"], name="topic_key_is_unique"),)


class Experience(Word):
    """A path that a mentor can say "I can speak to"."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="experiences")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["program", "key"], name="experience_key_is_unique"),)


class Question(Owned):
    """A question of the program's own. Its answers are read by people; the match reads domains and experiences."""

    class Audience(models.TextChoices):
        """Who is asked."""

        MENTEE = "mentee", _("mentees")
        MENTOR = "mentor", _("mentors")
        BOTH = "both", _("everybody")

    class Seen(models.TextChoices):
        """Who reads the answer."""

        COORDINATOR = "coordinator", _("coordinators alone")
        PARTNERS = "partners", _("coordinators, and partners after the introduction")

    program = models.ForeignKey(Program, models.CASCADE, related_name="questions")
    text = models.CharField(_("question"), max_length=200)
    help = models.CharField(_("help"), max_length=300, blank=True)
    audience = models.CharField(_("asked of"), max_length=8, choices=Audience.choices, default="both")
    choices = models.TextField(_("answers to choose from, one a line (none: free text)"), blank=True)
    seen_by = models.CharField(_("read by"), max_length=12, choices=Seen.choices, default="coordinator")
    required = models.BooleanField(_("must be answered"), default=False)
    place = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField(_("no longer asked"), default=False)

    def __str__(self) -> str:
        return self.text

    @property
    def answers_offered(self) -> list[str]:
        """The answers to choose from; empty for free text."""
        return [line.strip() for line in self.choices.splitlines() if line.strip()]


class TrainingSite(Owned):
    """The residency or fellowship where a mentee trains."""

    name = models.CharField(_("name"), max_length=160)
    institution = models.CharField(_("institution"), max_length=160, blank=True)
    region = models.CharField(_("region"), max_length=80, blank=True)
    rural = models.BooleanField(_("rural"), default=False)
    retired = models.BooleanField(_("closed"), default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["society", "name"], name="site_name_is_unique"),)

    def __str__(self) -> str:
        return self.name
