"""The only way to an agreement: as one of the two whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from introducer_web.agreements.clauses import Clause, clause_of
from introducer_web.relationships.access import own_side
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from django.http import HttpRequest

    from introducer_web.people.models import Participant
    from introducer_web.tenants.models import Society

__all__ = ["clause_for", "together"]

#: Two people who have not both said yes have nothing to sign yet.
_LIVED = (Relationship.State.ACTIVE, Relationship.State.ENDED)


def together(request: HttpRequest, society: Society, code: str, relationship: str) -> tuple[Participant, Relationship]:
    """Return a person's own place, and a relationship that they live or lived."""
    person, found = own_side(request, society, code, relationship)
    if found.state not in _LIVED:
        raise Http404
    return person, found


def clause_for(
    request: HttpRequest, society: Society, code: str, relationship: str, clause: str
) -> tuple[Participant, Relationship, Clause]:
    """Return a person's own place, a relationship that they live or lived, and a clause."""
    person, found = together(request, society, code, relationship)
    said = clause_of(clause)
    if said is None:
        raise Http404
    return person, found, said
