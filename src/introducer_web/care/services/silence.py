"""Quiet on request: for a while and of one relationship, or for good."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from introducer_web.care.models import Silence
from introducer_web.relationships.services import stop_digests

if TYPE_CHECKING:
    from datetime import datetime

    from introducer_web.people.models import Participant
    from introducer_web.relationships.models import Relationship

__all__ = ["FOR", "keep_quiet", "remind_again", "silence"]

#: How long one press keeps the reminders of a relationship away.
FOR = timedelta(days=30)


@transaction.atomic
def silence(*, person: Participant, relationship: Relationship, now: datetime) -> Silence:
    """Send somebody no reminder of a relationship for a month from now."""
    found, _new = Silence.objects.update_or_create(
        person=person, relationship=relationship, defaults={"until": now + FOR},
        create_defaults={"society": person.society, "until": now + FOR},
    )  # fmt: skip
    return found


@transaction.atomic
def remind_again(*, person: Participant, relationship: Relationship) -> None:
    """Take both kinds of quiet back."""
    Silence.objects.filter(person=person, relationship=relationship).delete()
    stop_digests(participant=person, wanted=True)


def keep_quiet(*, old: Relationship, new: Relationship, now: datetime) -> None:
    """Let quiet that somebody asked for go along when the two go on in a later cohort."""
    for earlier, place in ((old.mentee_id, new.mentee), (old.mentor_id, new.mentor)):
        Silence.objects.filter(relationship=old, person=earlier).update(relationship=new, person=place)
