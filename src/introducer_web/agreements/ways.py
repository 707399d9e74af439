"""The door of an agreement, on the page of two people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from introducer_web.agreements.models import Agreement, Signature
from introducer_web.lib.doors import Door
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from introducer_web.people.models import Participant

__all__ = ["between", "between_asks"]

State = Relationship.State


def between_asks(*, person: Participant, relationship: Relationship, now: datetime) -> dict[str, Any]:
    """Ask of a relationship who signed the version that stands, and when the two look at it again."""
    del now
    other = relationship.mentee if person.is_mentor else relationship.mentor
    signed = Signature.objects.filter(
        version__agreement__relationship=OuterRef("pk"), version__number=F("version__agreement__newest")
    )
    review = Agreement.objects.filter(relationship=OuterRef("pk")).values("review_on")
    return {
        "agreement_mine": Exists(signed.filter(participant=person)),
        "agreement_theirs": Exists(signed.filter(participant=other)),
        "agreement_review": Subquery(review[:1]),
    }


def between(*, person: Participant, relationship: Relationship, now: datetime, found: dict[str, Any]) -> Iterable[Door]:
    """Open the agreement: it waits where the program is formal, the other side signed, or the day has come."""
    other = relationship.mentee if person.is_mentor else relationship.mentor
    url = reverse("agreement_show", args=[relationship.society.slug, person.code, relationship.code])
    mine, theirs, review = found["agreement_mine"], found["agreement_theirs"], found["agreement_review"]
    name = other.user.name
    if mine and theirs:
        due = review is not None and review <= now.date()
        says = _("The day to look at it again has come.") if due else _("Both of you signed it.")
    elif mine:
        due, says = False, _("You signed it; %(name)s has not yet.") % {"name": name}
    elif theirs:
        due, says = True, _("%(name)s signed it, and waits for you.") % {"name": name}
    else:
        due = person.cohort.program.formal
        says = _("Your program asks both of you to sign it.") if due else _("How the two of you do this, if you like.")
    return [Door(_("Your agreement"), url, says, waits=due and relationship.state == State.ACTIVE)]
