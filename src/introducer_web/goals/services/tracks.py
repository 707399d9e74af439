"""The first hundred days: begun, ticked step by step, ended. For the mentee alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from introducer_web.goals.models import Track
from introducer_web.goals.texts import track_of
from introducer_web.lib.errors import DomainError
from introducer_web.people.models import Participant

if TYPE_CHECKING:
    from datetime import date, datetime

__all__ = ["AlreadyBegun", "begin_track", "end_track", "tick"]


class AlreadyBegun(DomainError):
    """One at a time of each."""


@transaction.atomic
def begin_track(*, mentee: Participant, key: str, began_on: date) -> Track:
    """Begin the first hundred days of one kind, from a day on.

    Raises
    ------
    AlreadyBegun
    """
    Participant.objects.select_for_update().get(pk=mentee.pk)
    if track_of(key) is None:
        raise DomainError(_("Choose one of the tracks."))
    if any(row.words.get("key") == key for row in Track.objects.filter(mentee=mentee, ended_at=None)):
        raise AlreadyBegun(_("You are on this track already."))
    made = Track(society=mentee.society, mentee=mentee, began_on=began_on)
    made.words = {"key": key, "steps": {}}
    made.save()
    return made


@transaction.atomic
def tick(*, track: Track, step: str, what: str, on: date) -> Track:
    """Say of a step that it is done, or skipped; anything else takes that back."""
    track = Track.objects.select_for_update().get(pk=track.pk)
    known = track_of(track.words["key"])
    if known is None or step not in {each.key for each in known.steps}:
        raise DomainError(_("Choose one of the steps."))
    steps = {key: said for key, said in track.words["steps"].items() if key != step}
    if what in ("done", "skipped"):
        steps[step] = {"state": what, "on": on.isoformat()}
    track.words = track.words | {"steps": steps}
    track.save(update_fields=["sealed"])
    return track


@transaction.atomic
def end_track(*, track: Track, now: datetime) -> Track:
    """End a track, whatever is left of it."""
    track = Track.objects.select_for_update().get(pk=track.pk)
    track.ended_at = track.ended_at or now
    track.save(update_fields=["ended_at"])
    return track
