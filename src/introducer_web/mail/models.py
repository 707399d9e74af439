"""The outbox: every e-mail is a row before it is a mail."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from introducer_web.lib.codes import new_code
from introducer_web.lib.crypto import Sealed
from introducer_web.lib.leases import Leased
from introducer_web.tenants.models import Society

__all__ = ["Message"]


class Messages(models.QuerySet["Message"]):
    """Verbs."""

    def due(self, now: object) -> Messages:
        """Return what should be on its way, the oldest first."""
        return self.filter(state__in=("queued", "sending"), not_before__lte=now).order_by("not_before", "pk")


class Message(Leased):
    """One e-mail. ``key`` names its effect: the same effect is queued once."""

    class State(models.TextChoices):
        """Where it is on its way."""

        QUEUED = "queued", _("waits to be sent")
        SENDING = "sending", _("is being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("could not be sent")
        DROPPED = "dropped", _("taken back before it was sent")

    # Codes for signing in belong to no society.
    society = models.ForeignKey(Society, models.CASCADE, null=True, blank=True, related_name="+")
    code = models.CharField(max_length=22, unique=True, default=new_code, editable=False)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120, unique=True)
    to = models.EmailField()
    about = models.CharField(max_length=22, blank=True)  # the code of a cohort whose coordinators see that it went out
    sealed = models.BinaryField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)

    #: subject, text, html, headers; of an invitation the calendar: its method and text
    content = Sealed("sealed")

    objects: ClassVar[Messages] = ScopedManager(_manager_class=Messages.as_manager().__class__, society="society")

    class Meta:
        indexes = (
            models.Index(fields=["state", "not_before"], name="message_due"),
            models.Index(fields=["about", "state"], name="message_about"),
        )

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"
