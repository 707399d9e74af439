"""The only way to the conversations of two people, and to what they write: as one of the two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import Http404

from introducer_web.conversations.models import Conversation, Letter, Note
from introducer_web.people.access import own_participant
from introducer_web.relationships.access import own_side
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from introducer_web.people.models import Participant
    from introducer_web.tenants.models import Society

__all__ = [
    "conversations_of",
    "kept_by",
    "letters_between",
    "new_letters_to",
    "notes_between",
    "own_conversation",
    "own_kept",
    "own_letter",
    "own_note",
    "own_place",
    "together",
]

#: Two people who have not both agreed have nothing to note yet.
_LIVED = (Relationship.State.ACTIVE, Relationship.State.ENDED)


def together(request: HttpRequest, society: Society, code: str, relationship: str) -> tuple[Participant, Relationship]:
    """Return a person's own place, and a relationship that they live or lived."""
    person, found = own_side(request, society, code, relationship)
    if found.state not in _LIVED:
        raise Http404
    return person, found


def own_conversation(
    request: HttpRequest, society: Society, code: str, relationship: str, conversation: str
) -> tuple[Participant, Conversation]:
    """Return a person's own place, and a conversation of a relationship that they live or lived."""
    person, lived = together(request, society, code, relationship)
    found = Conversation.objects.filter(relationship=lived, code=conversation).first()
    if found is None:
        raise Http404
    return person, found


def own_place(request: HttpRequest, society: Society, code: str) -> Participant:
    """Return a person's own place."""
    return own_participant(request, society, code)


def conversations_of(relationship: Relationship) -> QuerySet[Conversation]:
    """Return what two people noted that they talked, the latest first."""
    return Conversation.objects.filter(relationship=relationship).order_by("-held_on", "-number")


def notes_between(person: Participant, relationship: Relationship) -> QuerySet[Note]:
    """Return what a person may read of two people's notes: their own, and what the other one shares."""
    mine_or_ours = Q(author=person) | Q(is_shared=True)
    return Note.objects.filter(mine_or_ours, relationship=relationship, relationship_code=relationship.code)


def own_note(
    request: HttpRequest, society: Society, code: str, relationship: str, note: str
) -> tuple[Participant, Relationship, Note]:
    """Return a person's own place, a relationship that they live or lived, and a note of theirs on it."""
    person, lived = together(request, society, code, relationship)
    mine = notes_between(person, lived).filter(author=person, code=note)
    found = mine.select_related("author", "conversation").first()
    if found is None:
        raise Http404
    return person, lived, found


def letters_between(relationship: Relationship) -> QuerySet[Letter]:
    """Return what two people wrote to each other."""
    return Letter.objects.filter(relationship=relationship, relationship_code=relationship.code)


def new_letters_to(person: Participant, relationship: Relationship) -> QuerySet[Letter]:
    """Return what the other one wrote that a person has not read."""
    return letters_between(relationship).filter(read_at__isnull=True).exclude(author=person)


def own_letter(
    request: HttpRequest, society: Society, code: str, relationship: str, letter: str
) -> tuple[Participant, Relationship, Letter]:
    """Return a person's own place, a relationship that they live or lived, and a letter of theirs in it."""
    person, lived = together(request, society, code, relationship)
    found = letters_between(lived).filter(author=person, code=letter).first()
    if found is None:
        raise Http404
    return person, lived, found


def own_kept(request: HttpRequest, society: Society, code: str, written: str) -> tuple[Participant, Note | Letter]:
    """Return a person's own place, and a note or a letter of theirs whose relationship is gone."""
    person = own_participant(request, society, code)
    notes, letters = kept_by(person)
    found = notes.filter(code=written).first() or letters.filter(code=written).first()
    if found is None:
        raise Http404
    return person, found


def kept_by(person: Participant) -> tuple[QuerySet[Note], QuerySet[Letter]]:
    """Return what a person wrote in relationships that went with the other one of the two."""
    mine = {"author": person, "relationship__isnull": True}
    return Note.objects.filter(**mine), Letter.objects.filter(**mine)
