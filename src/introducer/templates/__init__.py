"""Shipped vocabularies: the words, the policy and the form headers that a program starts from.

A template is one file, ``<name>/<version>.toml``, and is never edited once released: a
program names the version it began with, and its own tables add to it or override it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from introducer.policy import Policy
from introducer.vocabulary import KINDS, Domain, Stage, Term, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["EMPTY", "Template", "TemplateError", "load_template", "override", "shipped_templates"]

#: Families of fields whose headers are written once, with ``*`` for a term: the list each runs over.
FAMILIES = {
    "need": "domains",
    "offer": "domains",
    "wish": "experiences",
    "wish:same": "attributes",
    "quota": "experiences",
    "attr": "attributes",
    "consent": "attributes",
    "pole": "poles",
}

#: What an entry of each list becomes; a plain ``Term`` where none stands here.
MODELS: Mapping[str, type[Term]] = {"domains": Domain, "stages": Stage}

Problem = tuple[str, str, str]


class TemplateError(ValueError):
    """A template that is not there, or tables that cannot be laid over one.

    Attributes
    ----------
    problems : tuple of (str, str, str)
        All that is wrong, in the order of the tables, as list, entry and sentence. The list is one
        of ``KINDS``, or as it was spelled, or ``template`` when the template itself is unknown.
        The entry is its id (``domain.topic`` for a topic), its place from 1 where it has none, or
        empty when the whole list is meant.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(f"{kind} {entry}: {reason}" for kind, entry, reason in self.problems))


class Template(BaseModel):
    """What a program starts from.

    Parameters
    ----------
    vocabulary : Vocabulary
    policy : dict
        Defaults under the program's own ``[policy]`` table; checked as a ``Policy`` when the
        template is built.
    patterns : dict of str to tuple of str
        Header texts by field, as the file has them. A field may end in ``*`` (every term of a
        list) or ``*.*`` (every topic); its texts then hold ``{name}``, and ``{domain}`` for a
        topic.

    Raises
    ------
    pydantic.ValidationError
        (a ``ValueError``) if the policy is not one, or a pattern's field is no family.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    vocabulary: Vocabulary = Vocabulary()
    policy: dict[str, Any] = Field(default_factory=dict)
    patterns: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        Policy(**self.policy)
        for field in self.patterns:
            family, star, _ = field.partition(":*")
            if star and family not in FAMILIES:
                raise ValueError(f"headers: {field} is none of {', '.join(f'{name}:*' for name in FAMILIES)}")
        return self

    @cached_property
    def headers(self) -> Mapping[str, tuple[str, ...]]:
        """Header texts by field (``stage``, ``need:contracts``, ``offer:contracts.negotiation`` ...).

        Patterns are written out for every term, and once more for each of its aliases. Texts
        that a field has of its own come first.
        """
        found: dict[str, list[str]] = {}
        for field in sorted(self.patterns, key=lambda field: "*" in field):
            family, star, topic = field.partition(":*")
            if not star:
                found[field] = list(self.patterns[field])
                continue
            for key, spellings in self._spelled(FAMILIES[family], topics=bool(topic)):
                texts = [
                    text.replace("{domain}", domain).replace("{name}", name)
                    for domain, name in spellings
                    for text in self.patterns[field]
                ]
                found.setdefault(f"{family}:{key}", []).extend(texts)
        return {field: tuple(dict.fromkeys(texts)) for field, texts in found.items()}

    def _spelled(self, kind: str, *, topics: bool) -> Iterable[tuple[str, list[tuple[str, str]]]]:
        """Yield the key of each term (or topic) and its spellings as (domain's name, own name)."""
        if topics:
            for domain in self.vocabulary.domains:
                for topic in domain.topics:
                    yield f"{domain.id}.{topic.id}", [(domain.name, name) for name in (topic.name, *topic.aliases)]
            return
        for term in self.vocabulary.terms(kind):
            yield term.id, [(name, name) for name in (term.name, *term.aliases)]


#: For a program that names no template: no words, the policy's own defaults, no headers.
EMPTY = Template()


def shipped_templates() -> tuple[str, ...]:
    """Return the names of the templates of this release, ``name/version``, in order."""
    root = resources.files(__name__)
    return tuple(
        sorted(
            f"{folder.name}/{file.name.removesuffix('.toml')}"
            for folder in root.iterdir()
            if folder.is_dir()
            for file in folder.iterdir()
            if file.name.endswith(".toml")
        )
    )


def load_template(name: str) -> Template:
    """Read a shipped template.

    Parameters
    ----------
    name : str
        ``name/version``, for instance ``ir/1``.

    Raises
    ------
    TemplateError
        If no shipped template has that name; says which there are and which is nearest.
    """
    known = shipped_templates()
    if name not in known:
        near = get_close_matches(name, known, n=1, cutoff=0.0)[0]
        reason = f"is no shipped template; there are {', '.join(known)}, and the nearest is {near!r}"
        raise TemplateError([("template", name, reason)])
    folder, _, version = name.partition("/")
    content = tomllib.loads(resources.files(__name__).joinpath(folder, f"{version}.toml").read_text("utf-8"))
    policy, patterns = content.pop("policy"), content.pop("headers")
    return Template(vocabulary=Vocabulary(template=name, **content), policy=policy, patterns=patterns)


def override(template: Template, tables: Mapping[str, Any]) -> Template:
    """Lay a program's own tables over a template.

    An entry whose id is known changes the keys that it gives and leaves the others; topics
    are merged in the same way. An entry with a new id is added at the end of its list.

    Parameters
    ----------
    template : Template
        Is not changed.
    tables : mapping of str to list of mappings
        The arrays of tables of ``program.toml`` whose names are ``KINDS``, as ``tomllib``
        returns them.

    Raises
    ------
    TemplateError
        With every bad entry: no id, an id given twice, an unknown or missing key, a value of
        the wrong kind, a spelling that two terms of a list would share.
    """
    problems: list[Problem] = []
    lists: dict[str, tuple[Term, ...]] = {kind: template.vocabulary.terms(kind) for kind in KINDS}
    for kind, entries in tables.items():
        if kind in KINDS:
            lists[kind] = _merged(_Place(kind), lists[kind], entries, problems)
        else:
            problems.append((kind, "", f"is no list of a vocabulary; there are {', '.join(KINDS)}"))
    if problems:
        raise TemplateError(problems)
    # Built anew, not copied: a copy would keep the cached keys of the old words.
    words = Vocabulary.model_validate({"template": template.vocabulary.template, **lists})
    return Template(vocabulary=words, policy=template.policy, patterns=template.patterns)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an entry stands: a list of the vocabulary, or the topics of one domain."""

    kind: str
    domain: str = ""

    @property
    def model(self) -> type[Term]:
        return Term if self.domain else MODELS.get(self.kind, Term)

    def problem(self, entry: object, reason: str) -> Problem:
        return self.kind, f"{self.domain}.{entry}".strip("."), reason


def _merged(place: _Place, known: Sequence[Term], entries: Any, problems: list[Problem]) -> tuple[Term, ...]:
    """Return the terms with the entries laid over them; append what is wrong to ``problems``."""
    terms = {term.id: term for term in known}
    if not isinstance(entries, list):
        problems.append(place.problem("", "needs a list of tables, each with an id"))
        return tuple(known)
    given: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, Mapping) or not isinstance(entry.get("id"), str):
            problems.append(place.problem(number, "has no id"))
        elif entry["id"] in given:
            problems.append(place.problem(entry["id"], "stands there twice"))
        else:
            given.add(entry["id"])
            term = _built(place, terms.get(entry["id"]), entry, problems)
            if term is not None:
                terms[term.id] = term
    problems += [place.problem(term, reason) for term, reason in _clashes(terms.values())]
    return tuple(terms.values())


def _built(place: _Place, old: Term | None, entry: Mapping[str, Any], problems: list[Problem]) -> Term | None:
    fields = dict(entry)
    if place.model is Domain and "topics" in entry:
        topics = old.topics if isinstance(old, Domain) else ()
        fields["topics"] = _merged(_Place(place.kind, entry["id"]), topics, entry["topics"], problems)
    try:
        return place.model.model_validate(fields if old is None else {**dict(old), **fields})
    except ValidationError as error:
        problems += [place.problem(entry["id"], _sentence(place.model, fault)) for fault in error.errors()]
        return None


def _sentence(model: type[Term], fault: Mapping[str, Any]) -> str:
    key = str(fault["loc"][0])
    if fault["type"] == "missing":
        return f"a new entry needs {key!r}"
    if fault["type"] == "extra_forbidden":
        near = get_close_matches(key, model.model_fields, n=1)
        return f"has an unknown key {key!r}" + (f"; did you mean {near[0]!r}?" if near else "")
    if fault["type"] == "string_pattern_mismatch":
        return f"{key}: only lower-case letters, digits and underscores"
    return f"{key}: {fault['msg'][0].lower()}{fault['msg'][1:]}"


def _clashes(terms: Iterable[Term]) -> Iterable[tuple[str, str]]:
    """Yield the id of each term with a spelling that an earlier one has, and a sentence."""
    owners: dict[str, str] = {}
    for term in terms:
        for text in (term.id, term.name, *term.aliases):
            owner = owners.setdefault(" ".join(text.split()).casefold(), term.id)
            if owner != term.id:
                yield term.id, f"{text!r} is a spelling of {owner!r} already"
