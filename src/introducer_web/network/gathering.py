"""Everybody who helps a mentee, of all their places in a society, gathered in a few queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from introducer_web.conversations.models import Conversation
from introducer_web.network.figures import Person
from introducer_web.network.models import Sketch
from introducer_web.people.known import folded
from introducer_web.people.models import Role
from introducer_web.relationships.models import OrganicTie, Relationship
from introducer_web.relationships.pages_between import roles_in
from introducer_web.relationships.vocabulary import FROM, KINDS, ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from introducer_web.people.models import Participant

__all__ = ["Network", "Row", "gathered", "sketch_of"]

State = Relationship.State
#: What a mentor is of whom nobody said anything else.
_MENTOR = frozenset({"mentor"})


@dataclass(frozen=True)
class Row:
    """Somebody who helps, or helped, a mentee."""

    person: Person
    name: str
    past: bool
    organic: OrganicTie | None
    relationship: Relationship | None
    kind: str  # code of a kind; empty: a mentor of a program
    last: date | None
    url: str

    @property
    def role_names(self) -> list[str]:
        """What they are, in words."""
        return [str(name) for code, (name, _meaning) in ROLES.items() if code in self.person.roles]

    @property
    def kind_name(self) -> str:
        """Who they are, in words; of a mentor of a program nothing."""
        return str(KINDS.get(self.kind, ""))


@dataclass(frozen=True)
class Network:
    """A mentee's people, and what the mentee says of them."""

    rows: tuple[Row, ...]
    together: tuple[Relationship, ...]  # introduced or lived, of any of the mentee's cohorts
    organic: tuple[OrganicTie, ...]
    said: Mapping[str, Any]

    @property
    def now(self) -> list[Row]:
        """Those who help now."""
        return [row for row in self.rows if not row.past]

    @property
    def past(self) -> list[Row]:
        """Those who helped."""
        return [row for row in self.rows if row.past]


def sketch_of(person: Participant) -> dict[str, Any]:
    """Return what a mentee says of their network. One query."""
    found = Sketch.objects.filter(user_id=person.user_id).select_related("society").first()
    said: dict[str, Any] = found.said if found else {}
    return {"close": said.get("close", {}), "knows": said.get("knows", {})}


def gathered(person: Participant, today: date) -> Network:
    """Return a mentee's network: relationships of all their cohorts, those that ended as past, and organic ties."""
    mine = Relationship.objects.filter(mentee__user_id=person.user_id, mentee__role=Role.MENTEE)
    relationships = list(
        mine.filter(state__in=(State.INTRODUCED, State.ACTIVE, State.ENDED))
        .select_related("mentor__user", "mentor__site", "mentee")
        .order_by("began_at", "pk")
    )
    lived = [row for row in relationships if row.state != State.INTRODUCED]
    organic = list(
        OrganicTie.objects.filter(mentee__user_id=person.user_id)
        .exclude(state=OrganicTie.State.LEFT).select_related("society").order_by("claimed_at", "pk")
    )  # fmt: skip
    said = sketch_of(person)
    days = _days(lived)
    roles = roles_in(lived)
    slug = person.society.slug
    rows = []
    for each in lived:
        own = days[each.pk]
        known = Person(
            each.code, _ago(own, today), said["close"].get(each.code),
            frozenset(key.partition(".")[0] for key in each.needs) | frozenset(each.about),
            frozenset(roles.get(each.pk, ())) or _MENTOR, _places(person, each.mentor),
        )  # fmt: skip
        url = reverse("conversation_list", args=[slug, each.mentee.code, each.code])
        rows.append(
            Row(known, str(each.mentor.user), each.state == State.ENDED, None, each, "", max(own, default=None), url)
        )
    for tie in organic:
        facts = tie.facts
        kind = tie.words.get("kind") or facts["kind"]
        own = [date.fromisoformat(day) for day in facts["days"]]
        place = facts["place"] or FROM.get(kind, "")
        known = Person(
            tie.code, _ago(own, today), said["close"].get(tie.code), frozenset(facts["domains"]),
            frozenset(facts["roles"]), frozenset({place} if place else ()),
        )  # fmt: skip
        url = reverse("organic_tie", args=[slug, person.code, tie.code])
        rows.append(Row(known, facts["name"], not tie.is_open, tie, None, kind, max(own, default=None), url))
    together = tuple(row for row in relationships if row.state != State.ENDED)
    return Network(tuple(rows), together, tuple(organic), said)


def _days(lived: Iterable[Relationship]) -> dict[int, list[date]]:
    """Return by relationship the days on which they talked."""
    found: dict[int, list[date]] = defaultdict(list)
    rows = Conversation.objects.filter(relationship__in=lived).values_list("relationship", "held_on")
    for relationship, day in rows.distinct():
        found[relationship].append(day)
    return found


def _ago(days: Iterable[date], today: date) -> tuple[int, ...]:
    return tuple(sorted((today - day).days for day in days))


def _places(mentee: Participant, mentor: Participant) -> frozenset[str]:
    """Return the social systems that a mentor of a program is known from: the field, and their institution."""
    where = mentor.institution or (mentor.site.institution if mentor.site else "")
    own = mentee.institution or (mentee.site.institution if mentee.site else "")
    if where and folded(where) == folded(own):
        return frozenset({"work"})
    return frozenset({"field", f"at {folded(where)}"} if where else {"field"})
