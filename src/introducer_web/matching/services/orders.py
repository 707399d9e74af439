"""Pins and vetoes, which the next run obeys; a mentor's capacity, edited in review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.lib.errors import DomainError
from introducer_web.matching.models import Order
from introducer_web.people.models import Participant, Role
from introducer_web.programs.models import Cohort

if TYPE_CHECKING:
    from datetime import datetime

    from introducer_web.tenants.models import User

__all__ = ["AlreadyOrdered", "NoPair", "WasEdited", "carry_vetoes", "lift_order", "order_tie", "set_capacity"]

#: Most mentees that a mentor may be given on the web.
_MOST_SEATS = 20


class AlreadyOrdered(DomainError):
    """Somebody else's order for these two stands."""


class NoPair(DomainError):
    """An order needs a mentee and a mentor of the cohort who are two people."""


class WasEdited(DomainError):
    """Somebody changed the same thing meanwhile."""


@transaction.atomic
def order_tie(*, kind: str, mentee: Participant, mentor: Participant, words: str, by: User, now: datetime) -> Order:
    """Pin or veto a tie for all runs from now on.

    Raises
    ------
    AlreadyOrdered
        If the opposite order stands. The same order once more changes nothing and returns the one that stands.
    """
    cohort = mentee.cohort
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    pair = mentor.cohort_id == mentee.cohort_id and (mentee.role, mentor.role) == (Role.MENTEE, Role.MENTOR)
    if not pair or mentee.user_id == mentor.user_id:
        raise NoPair(_("Choose a mentee and a mentor of this cohort who are two people."))
    standing = Order.objects.filter(mentee=mentee, mentor=mentor, lifted_at=None).select_related("by").first()
    if standing is not None:
        if standing.kind == kind:
            return standing
        raise AlreadyOrdered(
            _("%(who)s has %(what)s these two. Lift that order first.")
            % {"who": standing.by or _("Somebody"), "what": standing.get_kind_display()}
        )
    order = Order(society=cohort.society, cohort=cohort, kind=kind, mentee=mentee, mentor=mentor, by=by, at=now)
    order.note = {"words": words}
    order.save(force_insert=True)
    audit.record(
        society=cohort.society, by=by, act=f"matching.{kind}", subject=order.code, now=now,
        words="Pinned a tie." if kind == Order.Kind.PIN else "Vetoed a tie.",
    )  # fmt: skip
    return order


@transaction.atomic
def lift_order(*, order: Order, by: User, now: datetime) -> Order:
    """End an order; runs from now on are free again. An order that was lifted stays lifted."""
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.lifted_at is None:
        order.lifted_at = now
        order.save(update_fields=["lifted_at"])
        audit.record(
            society=order.society, by=by, act="matching.lift", subject=order.code, now=now,
            words="Lifted a pin." if order.kind == Order.Kind.PIN else "Lifted a veto.",
        )  # fmt: skip
    return order


@transaction.atomic
def carry_vetoes(*, cohort: Cohort, now: datetime) -> int:
    """Hold apart again, in a later cohort, two people whom a veto holds apart in the one they come from.

    An order of the two that stands here, or was lifted here, is the coordinator's answer already. Returns how many
    came along.
    """
    people = _places_before(cohort)
    mentees = {place: each for place, each in people.items() if not each.is_mentor}
    mentors = {place: each for place, each in people.items() if each.is_mentor}
    if not mentees or not mentors:
        return 0
    answered = set(Order.objects.filter(cohort=cohort).values_list("mentee", "mentor"))
    standing = Order.objects.filter(
        kind=Order.Kind.VETO, lifted_at=None, mentee__in=list(mentees), mentor__in=list(mentors)
    ).select_related("society")
    carried = 0
    for order in standing.order_by("pk"):
        mentee, mentor = mentees[order.mentee_id], mentors[order.mentor_id]
        if (mentee.pk, mentor.pk) in answered:
            continue
        new = Order(society=cohort.society, cohort=cohort, kind=order.kind, mentee=mentee, mentor=mentor,
                    by_id=order.by_id, at=now)  # fmt: skip
        new.note = order.note
        new.save(force_insert=True)
        answered.add((mentee.pk, mentor.pk))
        carried += 1
    if carried:
        audit.record(
            society=cohort.society, by=None, act="matching.veto", subject=cohort.code, now=now,
            words=f"Held {carried} pairs apart as in the cohort before.",
        )  # fmt: skip
    return carried


def _places_before(cohort: Cohort) -> dict[int, Participant]:
    """Return the people of a cohort by each place that they had in the cohorts before, one after the other."""
    at = {each.earlier_id: each for each in Participant.objects.filter(cohort=cohort, earlier__isnull=False)}
    found: dict[int, Participant] = {}
    while at:
        found |= at
        further = Participant.objects.filter(pk__in=list(at), earlier__isnull=False).values_list("pk", "earlier")
        at = {before: at[place] for place, before in further if before not in found}
    return found


@transaction.atomic
def set_capacity(*, mentor: Participant, capacity: int, seen: int, by: User, now: datetime) -> Participant:
    """Set how many mentees a mentor takes.

    Parameters
    ----------
    capacity : int
        0 to 20.
    seen : int
        ``mentor.version`` on the page that was edited.

    Raises
    ------
    WasEdited
        If the mentor was changed since then.
    """
    mentor = Participant.objects.select_for_update().select_related("society").get(pk=mentor.pk)
    if mentor.version != seen:
        raise WasEdited(
            _("Somebody changed this mentor meanwhile: the capacity is %(now)s now. Look again, then decide.")
            % {"now": mentor.capacity if mentor.capacity is not None else _("the program's")}
        )
    if not 0 <= capacity <= _MOST_SEATS:
        raise DomainError(_("A mentor takes 0 to %(most)s mentees.") % {"most": _MOST_SEATS})
    mentor.capacity = capacity
    mentor.version += 1
    mentor.save(update_fields=["capacity", "version"])
    audit.record(
        society=mentor.society, by=by, act="matching.set_capacity", subject=mentor.code, now=now,
        words=f"Set a mentor's capacity to {capacity}.",
    )  # fmt: skip
    return mentor
