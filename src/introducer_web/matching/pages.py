"""What the pages of a run show, gathered in a few queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from introducer_web.lib.texts import gap, translated
from introducer_web.matching.models import Constellation, MatchRun, Order, Tie

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

    from introducer_web.people.models import Participant

__all__ = [
    "LoadRow",
    "NeedRow",
    "as_drawn",
    "constellations_by_need",
    "counts",
    "in_language",
    "loads",
    "needs_of",
    "orders_of",
    "proof",
    "ties_of",
]


@dataclass(frozen=True)
class NeedRow:
    """One open need of a mentee, and who covers it."""

    key: str
    name: str
    level: int
    fit: float
    by: tuple[str, ...]
    why: str

    @property
    def band(self) -> int:
        """0 nobody, 1 in part, 2 well, 3 very well."""
        return 0 if self.fit <= 0 else 1 + (self.fit > 1 / 3) + (self.fit > 2 / 3)


@dataclass(frozen=True)
class LoadRow:
    """One mentor: seats taken of seats offered by a run."""

    mentor: Participant
    load: int
    capacity: int


def constellations_by_need(run: MatchRun) -> QuerySet[Constellation]:
    """Return what a run proposes, the smallest covered part first; who takes no part in the run stands last."""
    return (
        Constellation.objects.filter(run=run)
        .select_related("mentee__user")
        .only("code", "mentee__code", "mentee__user__name", "mentee__user__email", "mentee__stage", "size", "most",
              "asked", "covered", "share", "needs", "note", "private_asked", "private_covered", "run_id")
        .order_by("note", "share", "covered", "mentee__user__name", "pk")
    )  # fmt: skip


def needs_of(found: Constellation, names: dict[str, str]) -> list[NeedRow]:
    """Return the open needs of a mentee with the names of mentors."""
    return [
        NeedRow(
            need["key"], translated(need["name"]), need["level"], need["fit"],
            tuple(names[code] for code in need["by"] if code in names), translated(need["why"]),
        )
        for need in found.needs
    ]  # fmt: skip


def in_language(texts: Mapping[str, str] | str) -> str:
    """Return the text in the language of the page, or the English one; rows of older versions hold that one alone."""
    if isinstance(texts, str):
        return texts
    return texts.get(get_language() or "en") or texts.get("en", "")


def proof(run: MatchRun) -> str:
    """Return the certificate of a finished run as a sentence; runs of older versions hold theirs."""
    if "scope" not in run.summary:
        return str(run.summary.get("proof", ""))
    over = {
        "all": _("proved over all eligible pairs"),
        "shortlist": _("over a shortlist of pairs, which is no proof for all of them"),
    }.get(run.summary["scope"], _("estimated from a sample, which is no proof"))
    if run.summary["gap"] <= 0:
        return _("No other outcome is better, %(over)s.") % {"over": over}
    return _("This outcome is at most %(gap)s from the best possible, %(over)s.") % {
        "gap": gap(run.summary["gap"]), "over": over,
    }  # fmt: skip


def as_drawn(found: Constellation, mentors: list[Participant]) -> tuple[list[tuple[str, int, float, bool]], Any]:
    """Return directions (name, level, fit, veiled) and stars (name, fit by index of direction) of the picture."""
    directions = [(translated(need["name"]), need["level"], need["fit"], False) for need in found.needs]
    covered = found.private_covered
    directions += [(_("A private need"), 2, 1.0 if k < covered else 0.0, True) for k in range(found.private_asked)]
    stars = [
        (str(mentor.user), {k: need["fit"] for k, need in enumerate(found.needs) if mentor.code in need["by"]})
        for mentor in mentors
    ]
    return directions, stars


def loads(run: MatchRun, mentors: Iterable[Participant]) -> list[LoadRow]:
    """Return those mentors of a cohort who were in a run, the fullest first."""
    held = run.summary.get("loads", {})
    rows = [LoadRow(mentor, *held[mentor.user.code]) for mentor in mentors if mentor.user.code in held]
    return sorted(rows, key=lambda row: (row.load - row.capacity, -row.load, str(row.mentor.user)))


def counts(run: MatchRun) -> tuple[int, int]:
    """Return how many constellations a run has, and how many of them are empty though somebody could be there."""
    nobody = Q(size=0, most__gt=0, note="")
    found = Constellation.objects.filter(run=run).aggregate(every=Count("pk"), empty=Count("pk", filter=nobody))
    return found["every"], found["empty"]


def ties_of(run: MatchRun, mentees: Iterable[int]) -> list[Tie]:
    """Return the ties of some mentees, and all that a pin holds."""
    found = Tie.objects.filter(Q(mentee__in=mentees) | Q(pinned=True), run=run)
    return list(found.select_related("mentor__user").order_by("pk"))


def orders_of(run: MatchRun, ties: Iterable[Tie] | None = None) -> list[tuple[Order, float | None]]:
    """Return the orders that stand in a cohort, with what each cost in a run (None: it was not in force).

    Parameters
    ----------
    ties : iterable of Tie, optional
        The run's ties, the pinned ones among them, where they are read already.
    """
    orders = (
        Order.objects.filter(cohort=run.cohort, lifted_at=None)
        .select_related("mentee__user", "mentor__user", "by")
        .order_by("kind", "-at")
    )
    held = ties_of(run, ()) if ties is None else ties
    costs = {(tie.mentee_id, tie.mentor.code): tie.cost for tie in held if tie.pinned}
    vetoed = [order.mentee_id for order in orders if order.kind == Order.Kind.VETO]
    for found in Constellation.objects.filter(run=run, mentee__in=vetoed).select_related("society"):
        costs |= {(found.mentee_id, mentor): cost for mentor, cost in found.words.get("vetoes", {}).items()}
    return [(order, costs.get((order.mentee_id, order.mentor.code))) for order in orders]
