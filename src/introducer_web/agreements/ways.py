"""The doors of agreements: on the page of two people, and on the home where one waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from introducer_web.agreements.models import Agreement, Signature
from introducer_web.lib.doors import Door
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from introducer_web.people.models import Participant

__all__ = ["between", "home"]

State = Relationship.State


def between(*, person: Participant, relationship: Relationship, now: datetime) -> Iterable[Door]:
    """Open the agreement: it waits where the program is formal, the other side signed, or the day has come."""
    other = relationship.mentee if person.is_mentor else relationship.mentor
    url = reverse("agreement_show", args=[relationship.society.slug, person.code, relationship.code])
    of_newest = Signature.objects.filter(version__agreement=OuterRef("pk"), version__number=OuterRef("newest"))
    found = (
        Agreement.objects.filter(relationship=relationship)
        .annotate(
            mine=Exists(of_newest.filter(participant=person)), theirs=Exists(of_newest.filter(participant=other))
        ).first()
    )  # fmt: skip
    mine, theirs = (found.mine, found.theirs) if found else (False, False)
    name = other.user.name
    if mine and theirs and found is not None:
        due = found.review_on is not None and found.review_on <= now.date()
        says = _("The day to look at it again has come.") if due else _("Both of you signed it.")
    elif mine:
        due, says = False, _("You signed it; %(name)s has not yet.") % {"name": name}
    elif theirs:
        due, says = True, _("%(name)s signed it, and waits for you.") % {"name": name}
    else:
        due = person.cohort.program.formal
        says = _("Your program asks both of you to sign it.") if due else _("How the two of you do this, if you like.")
    return [Door(_("Your agreement"), url, says, waits=due and relationship.state == State.ACTIVE)]


def home(*, person: Participant, now: datetime) -> Iterable[Door]:
    """Open the first agreement that a formal program waits for. Signed ones cost no query elsewhere."""
    if not person.cohort.program.formal:
        return []
    side = {"mentor": person} if person.is_mentor else {"mentee": person}
    signed = Signature.objects.filter(
        version__agreement__relationship=OuterRef("pk"), version__number=F("version__agreement__newest"),
        participant=person,
    )  # fmt: skip
    waiting = (
        Relationship.objects.filter(**side, state=State.ACTIVE, signed_at=None)
        .exclude(Exists(signed)).select_related("mentee__user", "mentor__user").order_by("began_at", "pk").first()
    )  # fmt: skip
    if waiting is None:
        return []
    other = waiting.mentee if person.is_mentor else waiting.mentor
    url = reverse("agreement_show", args=[person.society.slug, person.code, waiting.code])
    title = _("Sign your agreement with %(name)s") % {"name": other.user.name}
    return [Door(title, url, date_format(waiting.began_at, "DATE_FORMAT"), waits=True)]
