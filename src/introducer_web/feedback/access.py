"""The only way to feedback: one's own, and what the other one of the two told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from introducer_web.conversations.access import own_place, together
from introducer_web.feedback.models import Feedback

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from introducer_web.people.models import Participant
    from introducer_web.relationships.models import Relationship
    from introducer_web.tenants.models import Society

__all__ = ["given_by", "kept_of", "of_two", "own_feedback", "own_place", "together", "told_to", "told_to_me"]


def of_two(relationship: Relationship) -> QuerySet[Feedback]:
    """Return all of two people's feedback: to count, and to choose from; not to show."""
    return Feedback.objects.filter(relationship=relationship, relationship_code=relationship.code)


def given_by(person: Participant) -> QuerySet[Feedback]:
    """Return all that a person has said, in every relationship, those that are gone among them."""
    return Feedback.objects.filter(author=person, left_out=False)


def told_to(person: Participant, relationship: Relationship) -> QuerySet[Feedback]:
    """Return what the other one told a person. Of these rows ``told`` is theirs to read, and nothing else."""
    rows = of_two(relationship).filter(told_at__isnull=False).exclude(author=person)
    return rows.select_related("author").defer("sealed")


def own_feedback(
    request: HttpRequest, society: Society, code: str, relationship: str, feedback: str
) -> tuple[Participant, Relationship, Feedback]:
    """Return a person's own place, a relationship that they live or lived, and what they said of it once."""
    person, lived = together(request, society, code, relationship)
    mine = of_two(lived).filter(author=person, left_out=False, code=feedback)
    found = mine.select_related("author").first()
    if found is None:
        raise Http404
    return person, lived, found


def told_to_me(
    request: HttpRequest, society: Society, code: str, relationship: str, told: str
) -> tuple[Participant, Relationship, Feedback]:
    """Return a person's own place, a relationship that they live or lived, and what the other one told them."""
    person, lived = together(request, society, code, relationship)
    found = told_to(person, lived).filter(code=told).first()
    if found is None:
        raise Http404
    return person, lived, found


def kept_of(request: HttpRequest, society: Society, code: str, feedback: str) -> Feedback:
    """Return what a person said once, in a relationship that is gone."""
    person = own_place(request, society, code)
    found = given_by(person).filter(relationship__isnull=True, code=feedback).first()
    if found is None:
        raise Http404
    return found
