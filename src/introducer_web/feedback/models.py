"""Feedback: what one of two people says of how it goes, for themselves, and what of it they tell the other one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from introducer_web.conversations.models import Written
from introducer_web.lib.crypto import SealedUnder

__all__ = ["Feedback"]


class Feedback(Written):
    """What one of two said at a time, sealed under their own key; and, apart from it, what they tell the other one.

    Nobody but its author opens the first. It never reaches a coordinator, let alone anybody who evaluates: not in
    words, not as a number, not in a count.
    """

    class Useful(models.IntegerChoices):
        """How useful it is to whoever says it, in words."""

        NOT_YET = 0, _("not yet")
        A_LITTLE = 1, _("a little")
        QUITE = 2, _("quite")
        VERY = 3, _("very")

    class GoesOn(models.TextChoices):
        """Whether they would like to go on."""

        YES = "yes", _("yes, as it is")
        CHANGED = "changed", _("yes, with something changed")
        UNSURE = "unsure", _("I am not sure")
        NO = "no", _("rather not")

    given_at = models.DateTimeField()
    left_out = models.BooleanField(default=False)  # "not this time": nothing was said, and it is asked again later
    sealed_told = models.BinaryField(default=bytes)
    told_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    #: helped, different (words), useful and goes_on (values of the two above); what was not said is not there
    words = SealedUnder("sealed", dict)
    #: what the author tells the other one
    told = SealedUnder("sealed_told", str)

    class Meta:
        indexes = (models.Index(fields=["relationship", "author", "given_at"], name="feedback_latest"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(read_at__isnull=True) | Q(told_at__isnull=False), name="feedback_is_told_before_it_is_read"
            ),
        )

    def __str__(self) -> str:
        return "feedback"
