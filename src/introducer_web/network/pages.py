"""What the page of a network says, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from introducer_web.lib.disclosure import at_least_a_crowd
from introducer_web.lib.doors import Door
from introducer_web.network.figures import closeness
from introducer_web.network.forms import RATINGS
from introducer_web.people.models import Offer, Participant, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from introducer_web.network.figures import Figures
    from introducer_web.network.gathering import Row
    from introducer_web.relationships.pages import NeedLine
    from introducer_web.relationships.vocabulary import Named

__all__ = ["KINDS", "Axes", "GapLine", "PersonLine", "gaps", "line_of", "network_door", "shown"]

#: The four kinds of network, in the order of the paper's figure, with what each is. None is better than another.
KINDS = {
    "receptive": (
        gettext_lazy("receptive"),
        gettext_lazy("few ties, not close yet, and much alike. It is how most networks begin."),
    ),
    "traditional": (
        gettext_lazy("traditional"),
        gettext_lazy("close ties of one world. They know you well, and hear of the same things."),
    ),
    "opportunistic": (
        gettext_lazy("opportunistic"),
        gettext_lazy("ties of many worlds, none of them close yet. Much is heard of, and little is asked."),
    ),
    "entrepreneurial": (
        gettext_lazy("entrepreneurial"),
        gettext_lazy("close ties of many worlds. It gives most views, and takes most time to keep."),
    ),
}
#: Names of closeness, from the least on, each up to the part beside it.
_BANDS = (
    (0.25, gettext_lazy("loose")),
    (0.5, gettext_lazy("a little close")),
    (0.75, gettext_lazy("close")),
    (1.0, gettext_lazy("very close")),
)


@dataclass(frozen=True)
class PersonLine:
    """Somebody in the table."""

    row: Row
    band: str
    rating: str


@dataclass(frozen=True)
class Axes:
    """The two axes in words; empty where too little is known."""

    kinds: list[tuple[str, str, bool]]  # name, what it is, whether it is this one
    strength: str
    parts: list[tuple[str, str]]


@dataclass(frozen=True)
class GapLine:
    """A need that nobody is there for, and what it would take."""

    need: NeedLine
    offered: int | None  # mentors of the cohort who offer it openly, from ten on


def line_of(row: Row) -> PersonLine:
    """Return somebody as the table shows them."""
    rating = row.person.rating
    return PersonLine(row, _banded(closeness(row.person)), str(RATINGS[rating]) if rating in RATINGS else "")


def _banded(part: float | None) -> str:
    if part is None:
        return _("not known yet")
    return str(next(name for most, name in _BANDS if part <= most))


def shown(found: Figures, people: int) -> Axes:
    """Return the figures of a network in words, each with what it is of."""
    kinds = [(str(name), str(meaning), code == found.kind) for code, (name, meaning) in KINDS.items()]
    strength = ""
    if found.strength is not None:
        strength = _("%(band)s on the whole, from what is known of %(known)s of %(people)s people") % {
            "band": _banded(found.strength), "known": found.known, "people": people,
        }  # fmt: skip
    parts = [
        (_("What they help with"), _differ(found.domains)),
        (_("What they are for you"), _differ(found.roles)),
        (_("Where you know them from"), _differ(found.places)),
        (_("Who knows whom"), _dense(found.density)),
    ]
    return Axes(kinds, strength, parts)


def _differ(part: float | None) -> str:
    if part is None:
        return _("not known of two people yet")
    if part < 1 / 3:
        return _("much alike")
    return _("partly different") if part < 2 / 3 else _("very different")


def _dense(part: float | None) -> str:
    if part is None:
        return _("not said yet")
    if part < 1 / 3:
        return _("few know each other")
    return _("some know each other") if part < 2 / 3 else _("most know each other")


def gaps(person: Participant, needs: Iterable[NeedLine], words: Mapping[str, Named]) -> list[GapLine]:
    """Return the needs that nobody is there for, with how many offer that in the cohort, where these are a crowd."""
    missing = [need for need in needs if not need.fit]
    if not missing:
        return []
    counts = dict(
        Offer.objects.filter(
            participant__cohort_id=person.cohort_id, participant__role=Role.MENTOR,
            participant__state=Participant.State.ACTIVE, domain__sensitive=False,
        )
        .order_by().values_list("domain__key").annotate(n=Count("participant", distinct=True))
    )  # fmt: skip
    return [GapLine(need, at_least_a_crowd(counts.get(need.key.partition(".")[0], 0))) for need in missing]


def network_door(*, person: Participant, **_given: Any) -> Iterator[Door]:
    """Lead from a mentee's home to their network. No query."""
    if person.role == Role.MENTEE:
        yield Door(
            _("Your network: who is there, how close, what is missing"),
            reverse("network_show", args=[person.society.slug, person.code]),
        )
