"""Ways to what this app has: what needs somebody now, over all cohorts of a coordinator; reminders, to have again."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from introducer_web.care.kinds import BY_KEY
from introducer_web.care.look import agreed_at, coming_plans, days_unanswered
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
    """Count what has waited by each cohort's own days, as the page itself does: pauses are left out."""
    own = {(cohort, kind): days for cohort, kind, days in Rung.objects.filter(ladder__cohort__in=cohorts).values_list(
        "ladder__cohort", "kind", "days")}  # fmt: skip
    rows = (
        Relationship.objects.filter(cohort__in=cohorts, state__in=Relationship.TOGETHER)
        .select_related("mentee", "mentor", "hold")
        .prefetch_related(Prefetch("introductions", Introduction.objects.defer("sealed").order_by("side")))
        .annotate(
            planned=Exists(coming_plans(now).filter(relationship=OuterRef("pk"))),
            swap=Exists(SwapRequest.objects.filter(relationship=OuterRef("pk"), settled_at=None)),
        )
    )
    counts: Counter[tuple[int, str]] = Counter()
    for row in rows:
        if row.swap:
            counts[row.cohort_id, "swaps"] += 1
        elif (waited := _waited(row, now)) is not None:
            kind, days = waited
            counts[row.cohort_id, kind] += days >= own.get((row.cohort_id, kind), BY_KEY[kind].days)
    return counts


def _waited(row: Any, now: datetime) -> tuple[str, int] | None:
    """Return for what two have waited, and how many days; None where somebody is away, or a time is agreed on."""
    if row.state == State.INTRODUCED:
        days = days_unanswered(row, now)
        return None if days is None else ("unanswered", days)
    if row.planned:
        return None
    if row.last_contact_on is None:
        return "first_meeting", (now - agreed_at(row)).days
    return "quiet", (now.date() - row.last_contact_on).days


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
