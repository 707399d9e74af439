"""The words of a program: domains, stages, settings, experiences, attributes.

A vocabulary is data. Shipped ones are the templates (``introducer.templates``); a society
adds to them or overrides them in its ``program.toml`` without a release.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, model_validator

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["KINDS", "Domain", "Stage", "Term", "Vocabulary", "inside"]

CODE = r"^[a-z0-9][a-z0-9_]*$"

#: The lists of a vocabulary, in the order in which documents show them.
KINDS = ("domains", "stages", "routes", "settings", "procedures", "roles", "experiences", "attributes", "poles")


class Term(BaseModel):
    """One word of a vocabulary.

    Parameters
    ----------
    id : str
        Stable code: lower-case letters, digits and underscores.
    name : str
        What people read.
    text : str
        One sentence that says what is meant.
    aliases : tuple of str
        Other spellings that a cell or a header may use.
    sensitive : bool
        Never shown in browse lists, never counted under the suppression threshold.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=CODE)
    name: str = Field(min_length=1)
    text: str = ""
    aliases: tuple[str, ...] = ()
    sensitive: bool = False


class Domain(Term):
    """A named area of help and its topics. ``code`` is its number in the literature, if any."""

    code: str = ""
    topics: tuple[Term, ...] = ()

    @model_validator(mode="after")
    def _topics_are_distinct(self) -> Domain:
        _distinct("topics of " + self.id, [topic.id for topic in self.topics])
        return self


class Stage(Term):
    """A step of a career. ``rank`` orders the stages; a difference of 1 is about a year of training."""

    rank: int


class Vocabulary(BaseModel):
    """All the words that a roster may use.

    Parameters
    ----------
    template : str
        ``name/version`` of the template it began with, or empty.
    domains, stages, routes, settings, procedures, roles, experiences, attributes, poles : tuple
        The lists of terms. ``attributes`` are private attributes for shared background;
        ``poles`` are the directions of a professional identity, which a person divides
        100 points among.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    template: str = ""
    domains: tuple[Domain, ...] = ()
    stages: tuple[Stage, ...] = ()
    routes: tuple[Term, ...] = ()
    settings: tuple[Term, ...] = ()
    procedures: tuple[Term, ...] = ()
    roles: tuple[Term, ...] = ()
    experiences: tuple[Term, ...] = ()
    attributes: tuple[Term, ...] = ()
    poles: tuple[Term, ...] = ()

    @model_validator(mode="after")
    def _ids_are_distinct(self) -> Vocabulary:
        for kind in KINDS:
            _distinct(kind, [term.id for term in self.terms(kind)])
        return self

    def terms(self, kind: str) -> tuple[Term, ...]:
        """Return the terms of one of ``KINDS``, in the order of the template."""
        found: tuple[Term, ...] = getattr(self, kind)
        return found

    @cached_property
    def needs(self) -> Mapping[str, Term]:
        """Keys of needs and offers (``domain`` or ``domain.topic``) and their terms, in order."""
        keys: dict[str, Term] = {}
        for domain in self.domains:
            keys[domain.id] = domain
            for topic in domain.topics:
                keys[f"{domain.id}.{topic.id}"] = topic
        return keys

    @cached_property
    def wishes(self) -> Mapping[str, Term]:
        """Keys of wishes (``experience`` or ``same:attribute``) and their terms, in order."""
        keys: dict[str, Term] = {term.id: term for term in self.experiences}
        keys |= {f"same:{term.id}": term for term in self.attributes}
        return keys

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """Rank of each stage by its code."""
        return {stage.id: stage.rank for stage in self.stages}

    def name(self, key: str) -> str:
        """Return what people read for a key of a need or of a wish."""
        if key.startswith("same:"):
            return f"shared {inside(self.wishes[key].name)}"
        if key in self.needs:
            domain, _, topic = key.partition(".")
            return f"{self.needs[domain].name}: {inside(self.needs[key].name)}" if topic else self.needs[key].name
        return self.wishes[key].name

    def is_sensitive(self, key: str) -> bool:
        """Tell whether the domain of a need's key, or the topic itself, is sensitive."""
        return self.needs[key].sensitive or self.needs[key.partition(".")[0]].sensitive


def inside(name: str) -> str:
    """Return a name as it stands inside a line: its first letter small, unless its first word is no plain word."""
    first = name.partition(" ")[0]
    return name if first[1:] != first[1:].lower() else name[:1].lower() + name[1:]


def _distinct(what: str, ids: list[str]) -> None:
    twice = sorted({x for x in ids if ids.count(x) > 1})
    if twice:
        raise ValueError(f"{what}: {', '.join(twice)} stands there twice")
