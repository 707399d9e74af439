"""The fields of a file of people: their names, what kind of cell they hold, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from introducer.vocabulary import Vocabulary

__all__ = ["CODES", "FLAGS", "KINDS", "PREFIXES", "SIDES", "TEXTS", "Field", "Side", "fields"]

Side = Literal["mentees", "mentors"]
SIDES: tuple[Side, Side] = ("mentees", "mentors")

#: Kinds of cells whose words are a list of the vocabulary, and that list.
CODES = {
    "domain": "domains",
    "stage": "stages",
    "setting": "settings",
    "route": "routes",
    "procedure": "procedures",
    "role": "roles",
    "experience": "experiences",
}

#: Kinds of cells that hold text which is compared with other text.
TEXTS = ("institution", "site", "region", "timezone", "language", "attribute", "kind", "seat")

#: Kinds for which ``[values.<kind>]`` may list spellings.
KINDS = ("level", "bool", "count", *CODES, *TEXTS)

#: Equity flags that every program knows; its policy may name more.
FLAGS = ("rural", "no_home_program")

#: What the names of fields with a key begin with.
PREFIXES = ("need:", "offer:", "wish:", "attr:", "consent:", "quota:", "pole:")


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes
    ----------
    name : str
        As a header may give it exactly.
    kind : str
        How its cells are read: one of ``KINDS``, or ``text``, ``email``, ``id``, ``person``,
        ``size``, ``points``, ``mention`` and ``need``.
    many : bool
        Whether a cell holds a list.
    """

    name: str
    kind: str
    many: bool = False


_BOTH = (
    Field("id", "id"),
    Field("name", "text"),
    Field("email", "email"),
    Field("stage", "stage"),
    Field("setting", "setting", many=True),
    Field("route", "route", many=True),
    Field("procedures", "procedure", many=True),
    Field("roles", "role", many=True),
    Field("institution", "institution"),
    Field("site", "site"),
    Field("region", "region"),
    Field("timezone", "timezone"),
    Field("languages", "language", many=True),
    Field("avoid", "person", many=True),
    Field("evaluators", "person", many=True),
    Field("paused", "bool"),
    Field("consent", "bool"),
)

_OWN: Mapping[Side, tuple[Field, ...]] = {
    "mentees": (
        Field("needs", "mention", many=True),
        Field("private", "need", many=True),
        Field("team_size", "size"),
        Field("keep_seat", "seat"),
        *(Field(flag, "bool") for flag in FLAGS),
    ),
    "mentors": (
        Field("offers", "mention", many=True),
        Field("experiences", "experience", many=True),
        Field("capacity", "count"),
        Field("min_load", "count"),
        Field("kind", "kind"),
    ),
}


def fields(side: Side, vocabulary: Vocabulary, flags: Iterable[str] = ()) -> Mapping[str, Field]:
    """Return the fields that a file may have, by name, in the order in which documents show them.

    Parameters
    ----------
    side : {"mentees", "mentors"}
    vocabulary : Vocabulary
        Gives the keys of needs, offers, wishes, quotas, attributes and poles.
    flags : iterable of str
        Equity flags of the policy beside ``rural`` and ``no_home_program``.
    """
    found = [*_BOTH, *_OWN[side]]
    if side == "mentees":
        found += [Field(f"need:{key}", "level") for key in vocabulary.needs]
        found += [Field(f"wish:{key}", "level") for key in vocabulary.wishes]
        found += [Field(flag, "bool") for flag in flags]
    else:
        found += [Field(f"offer:{key}", "level") for key in vocabulary.needs]
        found += [Field(f"quota:{key}", "count") for key in vocabulary.wishes]
    found += [Field(f"attr:{term.id}", "attribute", many=True) for term in vocabulary.attributes]
    found += [Field(f"consent:{term.id}", "bool") for term in vocabulary.attributes]
    found += [Field(f"pole:{term.id}", "points") for term in vocabulary.poles]
    return {field.name: field for field in found}
