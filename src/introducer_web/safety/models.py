"""Where people turn when something is wrong: confidants outside the reporting line, and what was written to them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from introducer_web.lib.crypto import Sealed
from introducer_web.programs.models import Program
from introducer_web.tenants.models import Owned, User

__all__ = ["Confidant", "Delivery", "HelpWords", "Report"]


class Confidant(Owned):
    """Somebody outside the reporting line to whom people can turn. Without a program: for all of the society's."""

    program = models.ForeignKey(Program, models.CASCADE, null=True, blank=True, related_name="confidants")
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"))
    about = models.CharField(_("who they are"), max_length=300)
    named_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    named_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["society", "program", "email"], condition=Q(until__isnull=True), name="confidant_once"
            ),
            models.UniqueConstraint(
                fields=["society", "email"],
                condition=Q(until__isnull=True, program__isnull=True),
                name="confidant_of_society_once",
            ),
        )

    def __str__(self) -> str:
        return self.name


class HelpWords(Owned):
    """A society's own lines on where to find human help; they stand on a page that everybody may read."""

    words = models.TextField(_("your own lines"), blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["society"], name="help_words_once"),)

    def __str__(self) -> str:
        return "help"


class Report(Owned):
    """What somebody wrote to confidants. Nobody else reads it, and no page counts it."""

    class Kind(models.TextChoices):
        """What it is about."""

        HARASSMENT = "harassment", _("harassment, or a boundary that was crossed")
        UNFAIR = "unfair", _("discrimination, or being treated as less")
        PRESSURE = "pressure", _("pressure, or a threat to my training or my job")
        SOLICITATION = "solicitation", _("somebody sells something, or asks for money or business")
        CONFIDENCE = "confidence", _("something said in confidence was passed on")
        OTHER = "other", _("something else")

    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    sealed = models.BinaryField(default=bytes)

    #: kind (one of Kind), about (a name, or nothing), words, name (of whoever wrote; empty: stays unnamed)
    words = Sealed("sealed")

    def __str__(self) -> str:
        return "report"


class Delivery(Owned):
    """A report on its way to one confidant, the link to it, and what they answered."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="deliveries")
    confidant = models.ForeignKey(Confidant, models.CASCADE, related_name="deliveries")
    digest = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    sealed = models.BinaryField(default=bytes)

    #: answer
    words = Sealed("sealed")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["report", "confidant"], name="delivery_once"),)

    def __str__(self) -> str:
        return "delivery"
