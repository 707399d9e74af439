"""What the pages of a run show, gathered in a few queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from introducer_web.lib import engine
from introducer_web.lib.texts import translated
from introducer_web.matching.models import Constellation, MatchRun, Order, Tie

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

    from introducer_web.people.models import Participant

__all__ = [
    "SHOWS",
    "LoadRow",
    "NeedRow",
    "ReviewRow",
    "as_drawn",
    "constellations_by_need",
    "counts",
    "in_language",
    "loads",
    "mentees_by_code",
    "needs_of",
    "orders_of",
    "review_rows",
    "sought",
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
    urgent: bool = False

    @property
    def band(self) -> int:
        """0 nobody, 1 in part, 2 well, 3 very well."""
        return 0 if self.fit <= 0 else 1 + (self.fit > 1 / 3) + (self.fit > 2 / 3)


@dataclass(frozen=True)
class ReviewRow:
    """One mentee in the review: who they are, what is proposed, what is missing and why."""

    found: Constellation
    about: str
    needs: list[NeedRow]
    ties: list[Tie]
    picture: str

    @property
    def missing(self) -> list[tuple[str, list[NeedRow]]]:
        """The open needs that nobody covers, by cause, urgent ones first; none of who takes no part in the run."""
        found: dict[str, list[NeedRow]] = {}
        if not self.found.note:
            for need in sorted((need for need in self.needs if not need.fit), key=lambda need: not need.urgent):
                found.setdefault(need.why, []).append(need)
        return list(found.items())


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
        .only("code", "mentee__code", "mentee__user__name", "mentee__user__email", "mentee__stage", "mentee__rural",
              "mentee__no_home_program", "size", "most",
              "asked", "covered", "share", "needs", "note", "private_asked", "private_covered", "run_id")
        .order_by("note", "share", "covered", "mentee__user__name", "pk")
    )  # fmt: skip


def needs_of(found: Constellation, names: dict[str, str]) -> list[NeedRow]:
    """Return the open needs of a mentee with the names of mentors."""
    return [
        NeedRow(
            need["key"], translated(need["name"]), need["level"], need["fit"],
            tuple(names[code] for code in need["by"] if code in names), translated(need["why"]),
            need.get("urgent", False),
        )
        for need in found.needs
    ]  # fmt: skip


def review_rows(run: MatchRun, page: Iterable[Constellation], ties: Iterable[Tie]) -> list[ReviewRow]:
    """Return the rows of a page of the review, each with its team and a small picture."""
    teams: dict[int, list[Tie]] = {}
    for tie in ties:
        teams.setdefault(tie.mentee_id, []).append(tie)
    stages = {stage.id: stage.name for stage in engine.template_vocabulary(run.cohort.program.template).stages}
    rows = []
    for found in page:
        team = teams.get(found.mentee_id, [])
        names = {tie.mentor.code: str(tie.mentor.user) for tie in team}
        picture = engine.thumbnail(*as_drawn(found, [tie.mentor for tie in team])) if found.needs else ""
        rows.append(ReviewRow(found, _about(found.mentee, stages), needs_of(found, names), team, picture))
    return rows


def _about(mentee: Participant, stages: Mapping[str, str]) -> str:
    said = [
        translated(stages.get(mentee.stage, mentee.stage)),
        _("rural") if mentee.rural else "",
        _("no home program") if mentee.no_home_program else "",
    ]
    return ", ".join(each for each in said if each)


def in_language(texts: Mapping[str, str] | str) -> str:
    """Return the text in the language of the page, or the English one; rows of older versions hold that one alone."""
    if isinstance(texts, str):
        return texts
    return texts.get(get_language() or "en") or texts.get("en", "")


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


#: Which mentees are shown: what that is called, and the rows.
SHOWS: Mapping[str, tuple[Any, Q]] = {
    "missing": (gettext_lazy("with something missing"), Q(note="", covered__lt=F("asked"))),
    "nobody": (gettext_lazy("with nobody"), Q(note="", size=0)),
    "apart": (gettext_lazy("who take no part"), ~Q(note="")),
}


def sought(run: MatchRun, name: str, show: str) -> Q:
    """Return the rows of mentees with a piece of a name, theirs or that of one of their mentors, and of one kind."""
    rows = SHOWS[show][1] if show in SHOWS else Q()
    if name:
        with_mentor = Tie.objects.filter(run=run, mentor__user__name__icontains=name).values("mentee")
        rows &= Q(mentee__user__name__icontains=name) | Q(mentee__in=with_mentor)
    return rows


def counts(run: MatchRun, rows: Q) -> Mapping[str, int]:
    """Return how many mentees of a run there are in all, take part, have somebody, and are in some rows."""
    found: Mapping[str, int] = Constellation.objects.filter(run=run).aggregate(
        every=Count("pk"), part=Count("pk", filter=Q(note="")), matched=Count("pk", filter=Q(size__gt=0)),
        sought=Count("pk", filter=rows) if rows else Count("pk"),
    )  # fmt: skip
    return found


def mentees_by_code(run: MatchRun, codes: Iterable[str]) -> Mapping[str, Participant]:
    """Return mentees of a run by the code of the user, those whom it still knows."""
    rows = Constellation.objects.filter(run=run, mentee__user__code__in=set(codes)).select_related("mentee__user")
    found = (row.mentee for row in rows.only("mentee__code", "mentee__user"))
    return {mentee.user.code: mentee for mentee in found}


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
