"""The doors of this app on the homes of mentees and mentors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from introducer_web.finding.models import FirstTalk, Request, Round
from introducer_web.lib.doors import Door
from introducer_web.people.models import Participant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

__all__ = ["home_asks", "on_a_home"]


def home_asks(*, person: Participant, now: datetime) -> dict[str, Any]:
    """Ask of a person how many requests wait, and whether the program asks for marks or first conversations."""
    waiting = Request.objects.filter(**{person.role: OuterRef("pk")}, state=Request.State.OPEN, expires_at__gt=now)
    counted = waiting.order_by().values(person.role).annotate(n=Count("pk")).values("n")
    asks = Round.objects.filter(cohort=OuterRef("cohort"), opened_at__isnull=False, closed_at__isnull=True)
    talks = FirstTalk.objects.filter(**{person.role: OuterRef("pk")})
    talks = talks.filter(
        mentee__cohort__round__talks_opened_at__isnull=False, mentee__cohort__round__talks_closed_at__isnull=True
    )
    return {"requests_open": Coalesce(Subquery(counted), 0), "round_asks": Exists(asks), "talks_now": Exists(talks)}


def on_a_home(*, person: Participant, now: datetime, found: dict[str, Any]) -> Iterator[Door]:
    """Lead a mentee to whom they might ask, a mentor to who asked; both to where the program asks them."""
    if person.state != Participant.State.ACTIVE:
        return
    n = found["requests_open"]
    if n and person.is_mentor:  # what the mentor is not to know of stands sealed
        n = sum(
            not row.is_held
            for row in Request.objects.filter(mentor=person, state=Request.State.OPEN, expires_at__gt=now)
        )
    yield from _to_requests(person, n)
    asks_now = found["round_asks"]
    if found["talks_now"]:
        yield Door(_("First conversations"), reverse("talk_list", args=[person.society.slug, person.code]))
    if asks_now and person.is_mentor:
        yield Door(_("Whom you would like to mentor"), reverse("marks", args=[person.society.slug, person.code]))
    elif asks_now:
        yield Door(_("Whom you would like best"), reverse("ranking", args=[person.society.slug, person.code]))


def _to_requests(person: Participant, n: int) -> Iterator[Door]:
    if not person.cohort.program.requests:
        return
    address = [person.society.slug, person.code]
    if person.is_mentor:
        says = ngettext("%(n)s mentee asked you.", "%(n)s mentees asked you.", n) % {"n": n} if n else ""
        yield Door(_("Requests"), reverse("request_list", args=address), says, waits=n > 0)
        yield Door(_("How mentees find you"), reverse("find_me", args=address))
    else:
        says = (
            ngettext("%(n)s of your requests waits.", "%(n)s of your requests wait.", n) % {"n": n} if n else
            _("Recommendations, the directory, dates.")
        )  # fmt: skip
        yield Door(_("Find a mentor"), reverse("find", args=address), says)
        if n:
            yield Door(_("What is open"), reverse("request_list", args=address))
