"""The one door to the engine. Names are loaded on first use: a web process that needs none pays nothing."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from introducer_web.lib.engine.advice import CannotReopen, advised
from introducer_web.lib.engine.changes import Changes, Point
from introducer_web.lib.engine.firsts import FIRSTS, TIMES, First, allowed_two, firsts
from introducer_web.lib.engine.language import spoken, spoken_here
from introducer_web.lib.engine.pictures import picture, skies, thumbnail
from introducer_web.lib.engine.rules import OpenlyAllowed, openly_allowed, refused
from introducer_web.lib.engine.runs import Performed, perform
from introducer_web.lib.engine.spread import FloorDid, Spread, refused_floor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from introducer import Reading, Vocabulary

__all__ = [
    "FIRSTS",
    "TIMES",
    "CannotReopen",
    "Changes",
    "Checked",
    "First",
    "FloorDid",
    "OpenlyAllowed",
    "Performed",
    "Point",
    "Spread",
    "advised",
    "allowed_two",
    "causes_of",
    "check",
    "compound_names",
    "firsts",
    "openly_allowed",
    "perform",
    "picture",
    "proposals",
    "read",
    "refused",
    "refused_floor",
    "shipped_templates",
    "simulated",
    "skies",
    "spoken",
    "suggest",
    "template_pair_terms",
    "template_vocabulary",
    "thumbnail",
]


@lru_cache
def template_vocabulary(name: str) -> Vocabulary:
    """Return the words of a shipped template, ``name/version``."""
    import introducer

    return introducer.load_template(name).vocabulary


@lru_cache
def template_pair_terms(name: str) -> Mapping[str, float]:
    """Return the weights of the pair terms of a shipped template, by name of the term."""
    import introducer

    return dict(introducer.Policy.model_validate(introducer.load_template(name).policy).pair_terms)


@lru_cache
def compound_names() -> Mapping[str, tuple[str, ...]]:
    """Return the words that a topic's name, or a wish's for a shared attribute, is made of, by that name.

    Of the shipped templates: domain and topic, or the attribute alone.
    """
    found: dict[str, tuple[str, ...]] = {}
    for words in map(template_vocabulary, shipped_templates()):
        topics = (key for key in words.needs if "." in key)
        found |= {words.name(key): (words.needs[key.partition(".")[0]].name, words.needs[key].name) for key in topics}
        found |= {words.name(f"same:{term.id}"): (term.name,) for term in words.attributes}
    return found


def shipped_templates() -> tuple[str, ...]:
    """Return the names of the shipped templates."""
    import introducer

    return introducer.shipped_templates()


def read(folder: Path) -> Reading:
    """Read a folder in the open format; raises ``introducer.RosterError`` with all its faults."""
    import introducer

    return introducer.read(folder)


def suggest(folder: Path) -> Any:
    """Propose a mapping for the headers and the cells of a folder that are not known yet."""
    import introducer

    return introducer.suggest(folder)


def causes_of(error: Exception) -> tuple[str, ...]:
    """Return the sentences of a refusal by the engine, infeasible or faulty input; they name ids."""
    return tuple(getattr(error, "causes", ())) or tuple(str(fault) for fault in getattr(error, "faults", ()))


@dataclass(frozen=True)
class Checked:
    """What the engine found in a folder of people: the people, or what is wrong with them.

    Attributes
    ----------
    faults : tuple of introducer.Fault
        File, row, column, value, reason and suggestion each; when there are any, nobody is in the others.
    notices : tuple of str
    mentees, mentors, ties : tuple
        As in ``introducer.Roster``.
    columns : mapping
        By side and field: the header texts that feed it.
    """

    faults: tuple[Any, ...] = ()
    notices: tuple[str, ...] = ()
    mentees: tuple[Any, ...] = ()
    mentors: tuple[Any, ...] = ()
    ties: tuple[Any, ...] = ()
    columns: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)


def check(folder: Mapping[str, str]) -> Checked:
    """Read people from the texts of a folder's files; faults are returned, all at once, in the active language."""
    import introducer

    with tempfile.TemporaryDirectory(prefix="introducer-read-") as place:
        for name, text in folder.items():
            (Path(place) / name).write_text(text, encoding="utf-8", newline="")
        try:
            with spoken_here():
                reading = introducer.read(Path(place))
        except introducer.RosterError as wrong:
            return Checked(faults=wrong.faults)
    roster = reading.roster
    return Checked((), reading.notices, roster.mentees, roster.mentors, roster.ties, reading.columns)


def proposals(folder: Mapping[str, str]) -> Any:
    """Propose fields for headers and meanings for cells, from the texts of a folder's files."""
    import introducer

    with tempfile.TemporaryDirectory(prefix="introducer-read-") as place:
        for name, text in folder.items():
            (Path(place) / name).write_text(text, encoding="utf-8", newline="")
        return introducer.suggest(Path(place))


def simulated(mentees: int, mentors: int, seed: int, profile: str) -> Reading:
    """Return a simulated society of interventional radiologists: nobody in it exists."""
    import introducer
    from introducer import cohorts

    with tempfile.TemporaryDirectory(prefix="introducer-demo-") as place:
        cohorts.write(cohorts.simulate(mentees, mentors, seats=0.6, seed=seed, profile=profile), Path(place))
        return introducer.read(Path(place))
