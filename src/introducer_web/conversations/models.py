"""The conversation: the atom of the record. Everything else about a relationship is optional on top of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from introducer_web.people.models import Participant
from introducer_web.relationships.models import Relationship
from introducer_web.tenants.models import Owned

__all__ = ["Conversation"]


class Conversation(Owned):
    """Two people talked, on a day. Noted by one of them; the other may say so too."""

    class Minutes(models.IntegerChoices):
        """How long, where somebody said it."""

        TEN = 10, _("10 minutes")
        TWENTY = 20, _("20 minutes")
        THIRTY = 30, _("half an hour")
        FORTY_FIVE = 45, _("45 minutes")
        SIXTY = 60, _("an hour")
        NINETY = 90, _("an hour and a half")

    relationship = models.ForeignKey(Relationship, models.CASCADE, related_name="conversations")
    held_on = models.DateField()
    number = models.PositiveSmallIntegerField(default=1)  # of those of that day
    minutes = models.PositiveSmallIntegerField(choices=Minutes.choices, null=True, blank=True)
    noted_by = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    noted_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)  # when the other side said so too

    class Meta:
        constraints = (
            # Two taps on one button, or both sides at the same moment: the day has it once.
            models.UniqueConstraint(fields=["relationship", "held_on", "number"], name="conversation_once"),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__gte=10, minutes__lte=90),
                name="conversation_of_10_to_90_minutes",
            ),
        )

    def __str__(self) -> str:
        return f"{self.relationship_id}, {self.held_on}"
