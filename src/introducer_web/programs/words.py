"""A program's own words: adding, editing, ordering, retiring domains, topics, experiences and questions."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.lib.errors import DomainError
from introducer_web.programs.models import Domain, Experience, Program, Question, Topic, TrainingSite
from introducer_web.programs.services import changed_fields

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from introducer_web.tenants.models import Owned, User

__all__ = ["KINDS", "NameIsThere", "add_topic", "add_word", "edit_word", "key_from", "move_word", "retire_word"]

#: Kinds of words of a program, as addresses name them.
KINDS: dict[str, type[Any]] = {"domains": Domain, "experiences": Experience, "questions": Question}


class NameIsThere(DomainError):
    """Two words of a list have one name."""


def key_from(name: str, taken: set[str]) -> str:
    """Return a key that files use for a name: lower-case letters, digits and underscores, unlike those taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:50] or "own"
    key, number = base, 2
    while key in taken:
        key, number = f"{base}_{number}", number + 1
    return key


@transaction.atomic
def add_word(*, program: Program, kind: str, by: User, now: datetime, **fields: Any) -> Owned:
    """Add a domain, an experience or a question at the end of its list. The next run knows it."""
    model = KINDS[kind]
    Program.objects.select_for_update().get(pk=program.pk)
    rows = model.objects.filter(program=program)
    fields["place"] = (rows.aggregate(last=Max("place"))["last"] or 0) + 1
    if kind != "questions":
        if rows.filter(name__iexact=fields["name"]).exists():
            raise NameIsThere(_("“%(name)s” is in the list already, perhaps retired.") % {"name": fields["name"]})
        fields["key"] = key_from(fields["name"], set(rows.values_list("key", flat=True)))
    word = model.objects.create(society=program.society, program=program, **fields)
    _record(word, program, by, now, f"Added to the {kind} of a program.")
    return word


@transaction.atomic
def add_topic(*, domain: Domain, name: str, by: User, now: datetime, text: str = "", sensitive: bool = False) -> Topic:
    """Add a topic at the end of a domain."""
    Domain.objects.select_for_update().get(pk=domain.pk)
    rows = Topic.objects.filter(domain=domain)
    if rows.filter(name__iexact=name).exists():
        raise NameIsThere(_("“%(name)s” is in the list already, perhaps retired.") % {"name": name})
    topic = Topic.objects.create(
        society=domain.society, domain=domain, name=name, text=text, sensitive=sensitive,
        key=key_from(name, set(rows.values_list("key", flat=True))),
        place=(rows.aggregate(last=Max("place"))["last"] or 0) + 1,
    )  # fmt: skip
    _record(topic, domain.program, by, now, "Added a topic to a domain.")
    return topic


@transaction.atomic
def edit_word(*, word: Owned, program: Program, by: User, now: datetime, **fields: Any) -> Owned:
    """Change what people read of a word. Its key stays."""
    others = _siblings(word).exclude(pk=word.pk)
    if "name" in fields and others.filter(name__iexact=fields["name"]).exists():
        raise NameIsThere(_("“%(name)s” is in the list already, perhaps retired.") % {"name": fields["name"]})
    changed = changed_fields(word, fields)
    if changed:
        _record(word, program, by, now, f"Edited a word of a program: {', '.join(changed)}.")
    return word


def _siblings(word: Any) -> QuerySet[Any]:
    """Return the list that a word stands in: the topics of its domain, or its kind in the program."""
    rows = type(word).objects
    return rows.filter(domain=word.domain_id) if isinstance(word, Topic) else rows.filter(program=word.program_id)


@transaction.atomic
def retire_word(*, word: Owned, program: Program, retired: bool, by: User, now: datetime) -> Owned:
    """Stop asking a word, or ask it again. What people said of it is kept."""
    if not changed_fields(word, {"retired": retired}):
        return word
    _record(word, program, by, now, "Retired a word of a program." if retired else "Brought a word of a program back.")
    return word


@transaction.atomic
def move_word(*, word: Any, up: bool) -> None:
    """Let a word change places with its neighbor; at the end of the list nothing moves."""
    model = type(word)
    siblings = list(_siblings(word).select_for_update().order_by("place", "pk"))
    at = next(k for k, each in enumerate(siblings) if each.pk == word.pk)
    other = at - 1 if up else at + 1
    if 0 <= other < len(siblings):
        siblings[at], siblings[other] = siblings[other], siblings[at]
    for place, each in enumerate(siblings):
        each.place = place
    model.objects.bulk_update(siblings, ["place"])


def _record(word: Owned, program: Program, by: User, now: datetime, words: str) -> None:
    audit.record(society=program.society, by=by, act="programs.words", subject=word.code, now=now, words=words)


@transaction.atomic
def save_site(
    *, program_society: Any, by: User, now: datetime, site: TrainingSite | None = None, **fields: Any
) -> TrainingSite:
    """Add a training site, or change one."""
    rows = TrainingSite.objects.filter(society=program_society, name__iexact=fields["name"])
    if rows.exclude(pk=site.pk if site else None).exists():
        raise NameIsThere(_("“%(name)s” is in the list already, perhaps closed.") % {"name": fields["name"]})
    if site is None:
        site = TrainingSite(society=program_society)
        for name, value in fields.items():
            setattr(site, name, value)
        site.save(force_insert=True)
        words = "Added a training site."
    else:
        changed = changed_fields(site, fields)
        if not changed:
            return site
        words = f"Edited a training site: {', '.join(changed)}."
    audit.record(society=program_society, by=by, act="programs.site", subject=site.code, now=now, words=words)
    return site
