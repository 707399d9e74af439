"""The only way to a relationship or an introduction: as its coordinator, as one of the two, or with the mailed link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import Http404
from django_scopes import scopes_disabled

from introducer_web.lib.codes import digest
from introducer_web.mail.models import Message
from introducer_web.people.access import own_participant
from introducer_web.people.models import Block, Participant, Role
from introducer_web.programs.access import cohort_for
from introducer_web.relationships.links import code_in
from introducer_web.relationships.models import Introduction, OrganicTie, Relationship, Renewal, SwapRequest

if TYPE_CHECKING:
    from django.http import HttpRequest

    from introducer_web.tenants.models import Society

__all__ = [
    "introduction_by",
    "message_for",
    "met_by",
    "met_person",
    "organic_by",
    "own_block",
    "own_mentee",
    "own_organic",
    "own_relationship",
    "own_renewal",
    "own_side",
    "relationship_for",
    "reminded_by",
    "swap_for",
    "together",
]


def introduction_by(token: str) -> Introduction:
    """Return the introduction whose link this is. The mailed link is the permission: there is no sign-in."""
    with scopes_disabled():
        found = (
            Introduction.objects.filter(digest=digest(token))
            .select_related(
                "society", "relationship__mentee__user", "relationship__mentor__user", "relationship__tie",
                "relationship__cohort__program", "relationship__mentee__cohort__program", "relationship__mentee__site",
                "relationship__mentor__cohort__program", "relationship__mentor__site",
            )
            .first()
        )  # fmt: skip
    if found is None:
        raise Http404
    return found


def reminded_by(token: str) -> Participant:
    """Return the person whose reminders a mailed link ends."""
    with scopes_disabled():
        found = Participant.objects.filter(code=code_in(token)).select_related("society", "user").first()
    if found is None:
        raise Http404
    return found


def organic_by(token: str) -> OrganicTie:
    """Return the tie whose link this is: whoever holds it is the other side. There is no sign-in."""
    with scopes_disabled():
        found = (
            OrganicTie.objects.filter(digest=digest(token))
            .select_related("society", "mentee__user", "mentee__cohort__program", "mentee__private_answers")
            .first()
        )
    if found is None:
        raise Http404
    return found


def own_mentee(request: HttpRequest, society: Society, code: str) -> Participant:
    """Return a person's own place as a mentee."""
    person = own_participant(request, society, code)
    if person.role != Role.MENTEE:
        raise Http404
    return person


def own_organic(request: HttpRequest, society: Society, code: str, organic: str) -> tuple[Participant, OrganicTie]:
    """Return a mentee's own place, and somebody whom they added, in this place or in another of the society."""
    person = own_mentee(request, society, code)
    found = OrganicTie.objects.filter(mentee__user=person.user_id, code=organic).select_related("society").first()
    if found is None:
        raise Http404
    return person, found


def relationship_for(request: HttpRequest, society: Society, code: str, relationship: str) -> Relationship:
    """Return a relationship of a cohort that somebody coordinates."""
    cohort = cohort_for(request, society, code)
    found = (
        Relationship.objects.filter(cohort=cohort, code=relationship)
        .select_related("society", "cohort__program", "mentee__user", "mentor__user")
        .first()
    )
    if found is None:
        raise Http404
    return found


def swap_for(request: HttpRequest, society: Society, code: str, swap: str) -> SwapRequest:
    """Return a swap request of a cohort that somebody coordinates."""
    cohort = cohort_for(request, society, code)
    found = SwapRequest.objects.filter(relationship__cohort=cohort, code=swap).first()
    if found is None:
        raise Http404
    return found


def message_for(request: HttpRequest, society: Society, code: str, message: str) -> Message:
    """Return an e-mail of a cohort that somebody coordinates."""
    cohort = cohort_for(request, society, code)
    found = Message.objects.filter(about=cohort.code, code=message).first()
    if found is None:
        raise Http404
    return found


def own_relationship(request: HttpRequest, society: Society, code: str, relationship: str) -> Relationship:
    """Return a mentee's own relationship."""
    person = own_participant(request, society, code)
    found = Relationship.objects.filter(mentee=person, code=relationship).select_related("society").first()
    if found is None:
        raise Http404
    return found


def own_side(request: HttpRequest, society: Society, code: str, relationship: str) -> tuple[Participant, Relationship]:
    """Return a person's own place, and a relationship of which they are one of the two."""
    person = own_participant(request, society, code)
    side = {"mentor": person} if person.is_mentor else {"mentee": person}
    found = (
        Relationship.objects.filter(**side, code=relationship)
        .select_related("society", "mentee__user", "mentor__user")
        .first()
    )
    if found is None:
        raise Http404
    return person, found


def together(request: HttpRequest, society: Society, code: str, relationship: str) -> tuple[Participant, Relationship]:
    """Return a person's own place, and a relationship that they live or lived."""
    person, found = own_side(request, society, code, relationship)
    if found.state not in (Relationship.State.ACTIVE, Relationship.State.ENDED):
        raise Http404
    return person, found


def own_renewal(request: HttpRequest, society: Society, code: str, renewal: str) -> tuple[Participant, Renewal]:
    """Return a person's own place, and what they are asked in it about going on with somebody."""
    person = own_participant(request, society, code)
    side = "mentor" if person.is_mentor else "mentee"
    mine = Q(cohort=person.cohort_id, **{f"relationship__{side}__user": person.user_id})
    mine |= Q(cohort=None, **{f"relationship__{side}": person.pk})
    found = (
        Renewal.objects.filter(mine, code=renewal)
        .select_related("society", "cohort", "relationship__mentee__user", "relationship__mentor__user")
        .first()
    )
    if found is None:
        raise Http404
    return person, found


def met_by(person: Participant) -> list[Participant]:
    """Return whom a person met in this place: everybody to whom they were introduced, each once."""
    side, other = ("mentor", "mentee") if person.is_mentor else ("mentee", "mentor")
    rows = Relationship.objects.filter(**{side: person}).select_related(f"{other}__user").order_by("-began_at", "-pk")
    return list({each.user_id: each for each in (getattr(row, other) for row in rows)}.values())


def met_person(request: HttpRequest, society: Society, code: str, other: str) -> tuple[Participant, Participant]:
    """Return a person's own place, and somebody of the same cohort, or whom they were introduced to."""
    person = own_participant(request, society, code)
    side, far = ("mentor", "mentee") if person.is_mentor else ("mentee", "mentor")
    introduced = Relationship.objects.filter(**{side: person}).values(far)
    here = Q(cohort=person.cohort, state=Participant.State.ACTIVE) | Q(pk__in=introduced)
    found = Participant.objects.filter(here, society=society, code=other).exclude(user=person.user)
    row = found.select_related("user").first()
    if row is None:
        raise Http404
    return person, row


def own_block(request: HttpRequest, society: Society, code: str, block: str) -> Block:
    """Return whom a person keeps away, for nobody but that person."""
    person = own_participant(request, society, code)
    found = Block.objects.filter(society=society, by=person.user, code=block).select_related("society").first()
    if found is None:
        raise Http404
    return found
