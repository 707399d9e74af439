"""What two people say they are for each other, and the way there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from introducer_web.lib.doors import Door
from introducer_web.relationships.models import SaidRoles
from introducer_web.relationships.vocabulary import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from introducer_web.people.models import Participant
    from introducer_web.relationships.models import Relationship
    from introducer_web.relationships.vocabulary import Named

__all__ = ["SaidLine", "roles_door", "roles_in", "said_lines", "said_of"]


@dataclass(frozen=True)
class SaidLine:
    """One role or domain, and which of the two says it."""

    name: str
    meaning: str
    by_me: bool
    by_other: bool


def said_of(relationship: Relationship, person: Participant) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a person said of a relationship, and what the other side did. One query."""
    mine: dict[str, Any] = {"roles": [], "domains": []}
    theirs = dict(mine)
    for row in SaidRoles.objects.filter(relationship=relationship).select_related("society"):
        if row.person_id == person.pk:
            mine = row.said
        else:
            theirs = row.said
    return mine, theirs


def roles_in(relationships: Iterable[Relationship]) -> dict[int, set[str]]:
    """Return by primary key the roles that at least one of the two says. One query."""
    roles: dict[int, set[str]] = defaultdict(set)
    for row in SaidRoles.objects.filter(relationship__in=relationships).select_related("society"):
        roles[row.relationship_id].update(row.said["roles"])
    return roles


def said_lines(
    mine: Mapping[str, Any], theirs: Mapping[str, Any], words: Mapping[str, Named]
) -> tuple[list[SaidLine], list[SaidLine]]:
    """Return the roles, and the domains, that one of the two says, and who does."""
    roles = [
        SaidLine(str(name), str(meaning), code in mine["roles"], code in theirs["roles"])
        for code, (name, meaning) in ROLES.items()
    ]
    domains = [
        SaidLine(named.title, "", key in mine["domains"], key in theirs["domains"])
        for key, named in words.items()
        if not named.topic
    ]
    return _said(roles), _said(domains)


def _said(lines: Iterable[SaidLine]) -> list[SaidLine]:
    return [line for line in lines if line.by_me or line.by_other]


def roles_door(*, person: Participant, relationship: Relationship, **_given: Any) -> Iterator[Door]:
    """Lead from the page of two to what they are for each other."""
    mine, theirs = said_of(relationship, person)
    held = [str(name) for code, (name, _meaning) in ROLES.items() if code in {*mine["roles"], *theirs["roles"]}]
    url = reverse("roles", args=[person.society.slug, person.code, relationship.code])
    yield Door(_("What you are for each other"), url, ", ".join(held))
