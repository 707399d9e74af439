"""The record of acts: appended to, never changed, each entry chained to the one before."""

from __future__ import annotations

from django.db import models

from introducer_web.tenants.models import Owned

__all__ = ["Entry"]


class Entry(Owned):
    """One recorded act, in words without names. People stand in it by their code, which outlives their name."""

    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=22, blank=True)  # a user's code; empty: the platform itself
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=22, blank=True)
    words = models.TextField()
    digest = models.CharField(max_length=64)

    #: The database refuses to change or remove a row: see ``tenants.guards``.
    append_only = True

    class Meta:
        constraints = (models.UniqueConstraint(fields=["society", "number"], name="entry_number_is_unique"),)

    def __str__(self) -> str:
        return f"{self.number}: {self.words}"
