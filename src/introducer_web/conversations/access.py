"""The only way to the conversations of two people: as one of the two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from introducer_web.conversations.models import Conversation
from introducer_web.relationships.access import own_side
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from django.http import HttpRequest

    from introducer_web.people.models import Participant
    from introducer_web.tenants.models import Society

__all__ = ["own_conversation", "together"]

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
