"""By what people are known: their name and their address, however they are written."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from introducer_web.people.models import Participant

__all__ = ["folded", "known_as"]


def folded(text: str) -> str:
    """Return a name or an address without case, accents and doubled spaces."""
    parts = unicodedata.normalize("NFKD", " ".join(text.split()).casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def known_as(people: Iterable[Participant]) -> Mapping[str, set[str]]:
    """Return the codes of users by folded name and address; two of one name are both meant by it."""
    found: dict[str, set[str]] = {}
    for person in people:
        for text in (person.user.name, person.user.email):
            if text:
                found.setdefault(folded(text), set()).add(person.user.code)
    return found
