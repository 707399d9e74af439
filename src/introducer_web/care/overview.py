"""Ways to what this app has: what needs somebody now, over all cohorts of a coordinator; reminders, to have again."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from introducer_web.care.kinds import BY_KEY
from introducer_web.care.look import coming_plans
from introducer_web.care.models import Rung
from introducer_web.lib.doors import Door
from introducer_web.relationships.links import reminder_link
from introducer_web.relationships.models import Introduction, Relationship, SwapRequest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from introducer_web.people.models import Participant
    from introducer_web.programs.models import Cohort

__all__ = ["doors_of", "way_back"]

State = Relationship.State


def doors_of(*, cohorts: Iterable[Cohort], now: datetime) -> dict[int, Door]:
    """Return the way to what needs somebody now, by primary key of a cohort, with how much of it there is."""
    found = {cohort.pk: cohort for cohort in cohorts if not cohort.is_closed}
    counts = _counted(list(found), now)
    return {
        key: Door(
            _("What needs you now"), reverse("care_now", args=[cohort.society.slug, cohort.code]), _said(counts, key)
        )
        for key, cohort in found.items()
    }


def _counted(cohorts: list[int], now: datetime) -> Counter[tuple[int, str]]:
    """Count what has waited by each cohort's own days; who waits for somebody paused is left out."""
    own = {(cohort, kind): days for cohort, kind, days in Rung.objects.filter(ladder__cohort__in=cohorts).values_list(
        "ladder__cohort", "kind", "days")}  # fmt: skip
    sides = Introduction.objects.filter(relationship=OuterRef("pk"))
    coming = coming_plans(now).filter(relationship=OuterRef("pk"))
    live = Relationship.objects.filter(cohort__in=cohorts, state__in=(State.INTRODUCED, State.ACTIVE))
    rows = live.annotate(planned=Exists(coming)).filter(planned=False).values_list(
        "cohort", "state", "began_at", "last_contact_on", "mentor__paused_until",
        Subquery(sides.order_by("-sent_at").values("sent_at")[:1]),
        Subquery(sides.filter(answered_at__isnull=False).order_by("-answered_at").values("answered_at")[:1]),
        Exists(SwapRequest.objects.filter(relationship=OuterRef("pk"), settled_at=None)),
    )  # fmt: skip
    counts: Counter[tuple[int, str]] = Counter()
    for cohort, state, began, talked, paused, sent, answered, swap in rows:
        if swap:
            counts[cohort, "swaps"] += 1
            continue
        if state == State.INTRODUCED:
            kind, days = "unanswered", (now - (sent or began)).days
            if paused is not None and paused > now.date():
                continue
        elif talked is None:
            kind, days = "first_meeting", (now - (answered or began)).days
        else:
            kind, days = "quiet", (now.date() - talked).days
        counts[cohort, kind] += days >= own.get((cohort, kind), BY_KEY[kind].days)
    return counts


def _said(counts: Counter[tuple[int, str]], cohort: int) -> str:
    """Say the counts of a cohort that are not nothing."""
    n = {kind: counts[cohort, kind] for kind in ("swaps", "unanswered", "first_meeting", "quiet")}
    words = {
        "swaps": ngettext("%(n)s asks for somebody else", "%(n)s ask for somebody else", n["swaps"]),
        "unanswered": ngettext("%(n)s not answered", "%(n)s not answered", n["unanswered"]),
        "first_meeting": ngettext("%(n)s not yet met", "%(n)s not yet met", n["first_meeting"]),
        "quiet": ngettext("%(n)s quiet", "%(n)s quiet", n["quiet"]),
    }
    return ", ".join(said % {"n": n[kind]} for kind, said in words.items() if n[kind])


def way_back(*, person: Participant, now: datetime) -> Iterator[Door]:
    """Yield, for whoever stopped all reminders, the way to have them again."""
    if not person.wants_digest:
        yield Door(_("You get no reminders"), reminder_link(person.code), _("Have them again"))
