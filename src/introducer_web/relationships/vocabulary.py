"""Words of a program by key, in one query; and the words for what people are: roles, kinds, places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from introducer_web.lib.texts import translated
from introducer_web.programs.models import Domain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from introducer_web.people.models import Participant

__all__ = [
    "FROM",
    "INTERESTED",
    "KINDS",
    "PLACES",
    "ROLES",
    "Named",
    "asked_domains",
    "domain_choices",
    "open_names",
    "titles",
    "words_of",
]

#: What two people can be for each other: name, and what it is in a sentence.
ROLES = {
    "mentor": (_("mentor"), _("listens, advises and looks at the whole path, over years")),
    "coach": (_("coach"), _("helps with one skill or one task, for a while")),
    "sponsor": (_("sponsor"), _("speaks up for the other where decisions are made, and puts their name forward")),
    "connector": (_("connector"), _("knows people, and introduces them")),
    "peer": (_("peer"), _("stands at the same point; the two help each other")),
    "near_peer": (_("near-peer"), _("was there a short while ago, and remembers how it was")),
    "reverse": (
        _("reverse mentor"),
        _("the mentee teaches the mentor something: artificial intelligence, social media, a new device"),
    ),
}

#: Who somebody is that a mentee has already.
KINDS = {
    "own_field": _("of my own field, somewhere else"),
    "other_physician": _("a physician of another field"),
    "co_trainee": _("somebody I train with"),
    "teacher": _("a teacher, or a supervisor of research"),
    "administrator": _("runs a hospital or a practice"),
    "adviser": _("a financial adviser or accountant"),
    "lawyer": _("a lawyer"),
    "industry": _("works in industry"),
    "friend": _("a friend"),
    "family": _("of my family"),
    "other": _("somebody else"),
}
#: Those who may have something to sell: asked for their interests first.
INTERESTED = frozenset({"adviser", "lawyer", "industry"})

#: The social systems that people are known from.
PLACES = {
    "work": _("where I train or work"),
    "earlier": _("where I was before"),
    "field": _("my field: meetings, societies"),
    "outside": _("another world of work"),
    "life": _("family, friends, where I live"),
}
#: Where somebody of a kind is known from, while nobody says otherwise.
FROM = {
    "own_field": "field", "other_physician": "work", "co_trainee": "work", "teacher": "earlier",
    "administrator": "work", "adviser": "outside", "lawyer": "outside", "industry": "outside", "friend": "life",
    "family": "life",
}  # fmt: skip


@dataclass(frozen=True)
class Named:
    """The name of a domain or a topic."""

    domain: str
    topic: str
    sensitive: bool
    retired: bool

    @property
    def title(self) -> str:
        """The name in the reader's language."""
        domain = translated(self.domain)
        return f"{domain}: {translated(self.topic)}" if self.topic else domain


def words_of(program_id: int) -> dict[str, Named]:
    """Return the domains and topics of a program by the engine's key, in their order. One query."""
    rows = (
        Domain.objects.filter(program_id=program_id)
        .order_by("place", "pk", "topics__place", "topics__pk")
        .values_list("key", "name", "sensitive", "retired", "topics__key", "topics__name", "topics__sensitive")
    )
    found: dict[str, Named] = {}
    for key, name, sensitive, retired, topic, topic_name, topic_sensitive in rows:
        found.setdefault(key, Named(name, "", sensitive, retired))
        if topic:
            found[f"{key}.{topic}"] = Named(name, topic_name, sensitive or topic_sensitive, retired)
    return found


def open_names(words: Mapping[str, Named], keys: Iterable[str]) -> dict[str, str]:
    """Return, by key of a domain or topic, the name of the domain; a sensitive domain has none."""
    domains = {key: words.get(key.partition(".")[0]) for key in keys}
    return {key: translated(named.domain) for key, named in domains.items() if named and not named.sensitive}


def asked_domains(person: Participant) -> dict[str, bool]:
    """Return the keys of the domains that a mentee asked for, and whether it was in confidence alone."""
    held = getattr(person, "private_answers", None)
    private = held.answers.get("needs", {}) if held else {}
    found = {key.partition(".")[0]: True for key, level in private.items() if level}
    return found | dict.fromkeys(person.needs.values_list("domain__key", flat=True), False)


def domain_choices(
    words: Mapping[str, Named], first: Iterable[str]
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return choices of domains: those of ``first``, and all others that are still asked."""
    first = set(first)
    domains = [(key, named) for key, named in words.items() if not named.topic]
    ahead = [(key, named.title) for key, named in domains if key in first]
    return ahead, [(key, named.title) for key, named in domains if key not in first and not named.retired]


def titles(words: Mapping[str, Named], keys: Iterable[str]) -> list[str]:
    """Return the names of domains; of those that a program no longer has, nothing."""
    return [words[key].title for key in keys if key in words]
