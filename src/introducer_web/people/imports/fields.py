"""Which fields of the engine a sheet may fill here, what they are called, and which it may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from introducer_web.lib import engine
from introducer_web.lib.texts import translated
from introducer_web.people.models import SheetImport

if TYPE_CHECKING:
    from collections.abc import Mapping

    from introducer_web.programs.models import Program

__all__ = ["KINDS", "Field", "basics", "is_confidential", "label", "levels", "meanings", "named", "term_names"]

What = SheetImport.What

#: A field of the engine, by its name there.
Field = str

_NAMES = {
    "email": gettext_lazy("E-mail address"),
    "id": gettext_lazy("Number or id in this sheet"),
    "name": gettext_lazy("Name"),
    "stage": gettext_lazy("Stage of career"),
    "setting": gettext_lazy("Kind of practice"),
    "route": gettext_lazy("Way of training"),
    "procedures": gettext_lazy("Procedures"),
    "roles": gettext_lazy("What a mentor is to be"),
    "institution": gettext_lazy("Institution"),
    "site": gettext_lazy("Training site"),
    "region": gettext_lazy("Region"),
    "timezone": gettext_lazy("Time zone"),
    "languages": gettext_lazy("Languages"),
    "consent": gettext_lazy("Agreed to be matched"),
    "needs": gettext_lazy("Help asked: a list of domains"),
    "team_size": gettext_lazy("How many mentors"),
    "rural": gettext_lazy("Rural place"),
    "no_home_program": gettext_lazy("No program of the specialty at home"),
    "offers": gettext_lazy("Help offered: a list of domains"),
    "experiences": gettext_lazy("Experiences they can speak to"),
    "capacity": gettext_lazy("How many mentees at most"),
    "min_load": gettext_lazy("How many mentees at least"),
    "kind": gettext_lazy("Member, or kind of guest"),
    "mentee": gettext_lazy("Mentee: e-mail address or id"),
    "mentor": gettext_lazy("Mentor: e-mail address or id"),
}

_BOTH = ("email", "id", "name", "stage", "setting", "route", "procedures", "roles", "institution", "site", "region",
         "timezone", "languages", "consent")  # fmt: skip
_OWN = {
    What.MENTEES: (*_BOTH, "needs", "team_size", "rural", "no_home_program"),
    What.MENTORS: (*_BOTH, "offers", "experiences", "capacity", "min_load", "kind"),
    What.TIES: ("mentee", "mentor", "kind"),
}
_PREFIX = {What.MENTEES: "need:", What.MENTORS: "offer:", What.TIES: ""}

#: What only the person can say here: private attributes, consents to their use, wishes, whom to avoid.
_CONFIDENTIAL = ("attr:", "consent:", "wish:")
_CONFIDENTIAL_NAMES = frozenset({"private", "avoid", "evaluators"})

#: Kinds of cells whose spellings may be given a meaning here.
KINDS = ("level", "bool", "count", "stage", "setting", "route", "procedure", "role", "domain", "experience")
#: Kinds of cells whose words the template has.
_TERMS = ("stage", "setting", "route", "procedure", "role")


def is_confidential(name: Field) -> bool:
    """Tell whether a field says something that a sheet cannot say for a person."""
    return name in _CONFIDENTIAL_NAMES or name.startswith(_CONFIDENTIAL)


def basics(what: str) -> dict[Field, str]:
    """Return the fields that every program has, with what they are called."""
    names = {name: str(_NAMES[name]) for name in _OWN[What(what)]}
    if what == What.TIES:
        names["kind"] = _("Kind of tie (only “existing” is taken)")
    return names


def levels(program: Program, what: str) -> dict[Field, str]:
    """Return the fields of the program's domains and topics, with what they are called; a query or two."""
    prefix = _PREFIX[What(what)]
    if not prefix:
        return {}
    text = _("Help asked: %(name)s") if what == What.MENTEES else _("Help offered: %(name)s")
    return {f"{prefix}{key}": text % {"name": name} for key, name in _terms(program).items()}


def _terms(program: Program) -> dict[str, str]:
    """Return the names of all domains and topics that are still asked, by the engine's key."""
    found = {}
    for domain in program.domains.filter(retired=False).order_by("place", "pk").prefetch_related("topics"):
        found[domain.key] = domain.title
        for topic in sorted(domain.topics.all(), key=lambda topic: (topic.place, topic.pk)):
            if not topic.retired:
                found[f"{domain.key}.{topic.key}"] = f"{domain.title}: {topic.title}"
    return found


def named(program: Program, what: str) -> dict[Field, str]:
    """Return all fields that a sheet may fill, with what they are called."""
    return basics(what) | levels(program, what)


def label(name: Field, known: Mapping[Field, str]) -> str:
    """Return what a field is called; its own name where the program does not ask for it any more."""
    return known.get(name) or str(_NAMES.get(name, name))


def term_names(program: Program) -> dict[str, str]:
    """Return what a person calls each word of the template and of the program, by the engine's key."""
    words = engine.template_vocabulary(program.template)
    named = {term.id: translated(term.name) for kind in _TERMS for term in words.terms(f"{kind}s")}
    return named | _terms(program) | meanings(program, "experience")


def meanings(program: Program, kind: str) -> dict[str, str]:
    """Return what a spelling of a kind may mean: the value and its name."""
    if kind == "level":
        return {"0": _("0: none"), "1": _("1: a little"), "2": _("2: some"), "3": _("3: a lot")}
    if kind == "bool":
        return {"yes": _("yes"), "no": _("no")}
    if kind == "count":
        return {str(number): str(number) for number in range(11)}
    if kind in _TERMS:
        terms = engine.template_vocabulary(program.template).terms(f"{kind}s")
        return {term.id: translated(term.name) for term in terms}
    if kind == "experience":
        experiences = program.experiences.filter(retired=False).order_by("place", "pk")
        return {experience.key: experience.title for experience in experiences}
    return _terms(program)
