"""The only way to a plan, a proposal or a point of an agenda: as one of the two, or with the link that one has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django_scopes import scopes_disabled

from introducer_web.conversations.access import together
from introducer_web.lib.codes import digest
from introducer_web.people.models import Participant
from introducer_web.plans.models import AgendaPoint, Availability, Plan, Proposal
from introducer_web.relationships.services import later_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from introducer_web.relationships.models import Relationship
    from introducer_web.tenants.models import Society

__all__ = ["answering", "feed_by", "later_plan", "own_plan", "own_point", "own_proposal", "proposal_by"]


def own_plan(
    request: HttpRequest, society: Society, code: str, relationship: str, plan: str
) -> tuple[Participant, Relationship, Plan]:
    """Return a person's own place, a relationship that they live or lived, and a plan of it."""
    person, two = together(request, society, code, relationship)
    found = Plan.objects.filter(relationship=two, code=plan).select_related("society", "series").first()
    if found is None:
        raise Http404
    found.relationship = two
    return person, two, found


def later_plan(two: Relationship, plan: str) -> Plan | None:
    """Return a plan that was of these two here, and went along with them to a later cohort; None: there is none."""
    later = later_of(two)
    if later is None:
        return None
    found = Plan.objects.filter(relationship=later, code=plan).first()
    if found is not None:
        found.relationship = later
    return found


def own_proposal(
    request: HttpRequest, society: Society, code: str, relationship: str, proposal: str
) -> tuple[Participant, Relationship, Proposal]:
    """Return a person's own place, a relationship that they live or lived, and a proposal in it."""
    person, two = together(request, society, code, relationship)
    found = Proposal.objects.filter(relationship=two, code=proposal).select_related("society", "by").first()
    if found is None:
        raise Http404
    found.relationship = two
    return person, two, found


def own_point(
    request: HttpRequest, society: Society, code: str, relationship: str, point: str
) -> tuple[Participant, AgendaPoint]:
    """Return a person's own place, and a point of the agenda of a relationship that they live or lived."""
    person, two = together(request, society, code, relationship)
    found = AgendaPoint.objects.filter(relationship=two, code=point).select_related("society").first()
    if found is None:
        raise Http404
    return person, found


def proposal_by(token: str) -> Proposal:
    """Return the proposal whose mailed link this is. The link is the permission: there is no sign-in."""
    with scopes_disabled():
        found = (
            Proposal.objects.filter(digest=digest(token))
            .select_related("society", "by", "plan", "moves", "relationship__mentee__user",
                            "relationship__mentee__society", "relationship__mentor__user",
                            "relationship__mentor__society", "relationship__society")
            .first()
        )  # fmt: skip
    if found is None:
        raise Http404
    return found


def answering(proposal: Proposal) -> Participant:
    """Return who is asked: the side that did not propose."""
    two = proposal.relationship
    return two.mentee if proposal.by_id == two.mentor_id else two.mentor


def feed_by(token: str) -> Availability:
    """Return whose feed this is. A token that was renewed opens nothing; so does one of somebody who has left."""
    with scopes_disabled():
        found = Availability.objects.filter(feed_digest=digest(token)).select_related("society", "user").first()
        if found is not None:
            places = Participant.objects.filter(society_id=found.society_id, user_id=found.user_id)
            if places.filter(state=Participant.State.ACTIVE).exists():
                return found
    raise Http404
