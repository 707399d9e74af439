"""The conversation, the atom of the record; and what two people write: notes, and letters to each other.

Everything else about a relationship is optional on top of the first.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from introducer_web.lib.crypto import SealedUnder
from introducer_web.people.models import Participant
from introducer_web.relationships.models import Relationship
from introducer_web.tenants.models import Owned

__all__ = ["Conversation", "Letter", "Note", "Written"]


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


class Written(Owned):
    """What one of two people wrote, sealed under a key of theirs in that relationship.

    It is its author's: it goes with them, and stays with them when the other one goes and takes the relationship
    along. So the row keeps the code of the relationship that its key is made of.
    """

    author = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    relationship = models.ForeignKey(Relationship, models.SET_NULL, null=True, blank=True, related_name="+")
    relationship_code = models.CharField(max_length=22)
    sealed = models.BinaryField(default=bytes)

    words = SealedUnder("sealed", str)

    class Meta:
        abstract = True


class Note(Written):
    """What one of two people noted, of a conversation or of what is between them; for themselves, or for both."""

    conversation = models.ForeignKey(Conversation, models.SET_NULL, null=True, blank=True, related_name="+")
    is_shared = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return "note"


class Letter(Written):
    """What one of two people wrote to the other."""

    written_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["relationship", "read_at"], name="letter_unread"),)

    def __str__(self) -> str:
        return "letter"
