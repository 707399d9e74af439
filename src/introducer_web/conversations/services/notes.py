"""Notes: for oneself, or for both of two; nobody else ever reads them.

What is written here stands in no record of acts: that somebody wrote a note, and when, is between the two as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from introducer_web.conversations.models import Conversation, Letter, Note
from introducer_web.conversations.services.talks import NotTogether
from introducer_web.conversations.services.words import held, trimmed
from introducer_web.lib.errors import DomainError
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from datetime import datetime

    from introducer_web.people.models import Participant

__all__ = ["ChangedMeanwhile", "NotShared", "edit_note", "remove_kept", "remove_note", "write_note"]

State = Relationship.State


class NotShared(DomainError):
    """What one writes after an end is for oneself: nobody is written to who has gone."""


class ChangedMeanwhile(DomainError):
    """The note was changed in another window."""


@transaction.atomic
def write_note(
    *, relationship: Relationship, person: Participant, text: str, now: datetime, is_shared: bool = False,
    conversation: Conversation | None = None,
) -> Note:  # fmt: skip
    """Write a note, on a conversation or on the relationship.

    Parameters
    ----------
    is_shared : bool
        The other one of the two may read it; else it is for the person alone.

    Raises
    ------
    NotTogether, NotShared, NothingWritten, TooMuchWritten
    """
    lived = held(relationship)
    if lived.state not in (State.ACTIVE, State.ENDED):
        raise NotTogether(_("You can write notes once both of you have agreed."))
    if is_shared and lived.state != State.ACTIVE:
        raise NotShared(_("Your mentoring has ended: what you note now is for you alone."))
    note = Note(
        society=lived.society, author=person, relationship=lived, relationship_code=lived.code,
        conversation=conversation, is_shared=is_shared, written_at=now,
    )  # fmt: skip
    note.words = trimmed(text)
    note.save(force_insert=True)
    return note


@transaction.atomic
def edit_note(*, note: Note, text: str, is_shared: bool, seen: int, now: datetime) -> Note:
    """Change one's own note, and who may read it.

    Parameters
    ----------
    seen : int
        The version that the writer had before them.

    Raises
    ------
    ChangedMeanwhile
        If another window saved it since: nothing is written over that its writer has not seen.
    NotShared, NothingWritten, TooMuchWritten
    """
    text = trimmed(text)
    note = _mine(note)
    if note.version != seen:
        raise ChangedMeanwhile(
            _("This note was changed in another window. What stands there now is below; your words are in the field.")
        )
    lives = note.relationship is not None and note.relationship.state == State.ACTIVE
    if is_shared and not lives and not (note.is_shared and note.words == text):
        raise NotShared(
            _("Your mentoring has ended: a shared note stays as it was. Keep this one for yourself, or delete it.")
        )
    if text != note.words:
        note.words, note.changed_at = text, now
    note.is_shared, note.version = is_shared, note.version + 1
    note.save(update_fields=["sealed", "is_shared", "changed_at", "version"])
    return note


def _mine(note: Note) -> Note:
    found = (
        Note.objects.select_for_update(of=("self",)).select_related("author", "relationship").filter(pk=note.pk).first()
    )
    if found is None:
        raise ChangedMeanwhile(_("This note was deleted in another window. What you wrote is still in the field."))
    return found


@transaction.atomic
def remove_note(*, note: Note) -> None:
    """Delete one's own note, for both where it was shared."""
    Note.objects.filter(pk=note.pk).delete()


@transaction.atomic
def remove_kept(*, written: Note | Letter) -> None:
    """Delete a note or a letter that one has kept of a relationship that is not there any more."""
    type(written).objects.filter(pk=written.pk, relationship__isnull=True).delete()
