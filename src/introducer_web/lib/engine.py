"""The one door to the engine. Names are loaded on first use: a web process that needs none pays nothing."""

from __future__ import annotations

import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.safestring import mark_safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from introducer import Reading, Vocabulary

__all__ = [
    "Checked",
    "OpenlyAllowed",
    "Performed",
    "causes_of",
    "check",
    "compound_names",
    "openly_allowed",
    "perform",
    "picture",
    "proposals",
    "read",
    "refused",
    "shipped_templates",
    "simulated",
    "skies",
    "spoken",
    "suggest",
    "template_vocabulary",
    "thumbnail",
]


@lru_cache
def template_vocabulary(name: str) -> Vocabulary:
    """Return the words of a shipped template, ``name/version``."""
    import introducer

    return introducer.load_template(name).vocabulary


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


@contextmanager
def spoken(language: str) -> Iterator[None]:
    """Let the engine speak a language that the platform has texts in."""
    with translation.override(language), _spoken_here():
        yield


@contextmanager
def _spoken_here() -> Iterator[None]:
    """Let the engine speak the active language."""
    import introducer
    from introducer_web.lib.texts import translated  # it imports this module

    with introducer.spoken(translated):
        yield


def read(folder: Path) -> Reading:
    """Read a folder in the open format; raises ``introducer.RosterError`` with all its faults."""
    import introducer

    return introducer.read(folder)


def suggest(folder: Path) -> Any:
    """Propose a mapping for the headers and the cells of a folder that are not known yet."""
    import introducer

    return introducer.suggest(folder)


@dataclass(frozen=True)
class Performed:
    """What a match run returned, as plain values.

    Attributes
    ----------
    files : mapping of str to str
        The outcome's files, as ``introducer verify`` checks them.
    review : introducer.Review
        In English, as the language of none of its readers.
    words : mapping of str to tuple of (str, str)
        By language: what is said of each mentee, for coordinators and for the mentee.
    mentees, mentors : tuple of str
        Ids in the roster's order, which the review's numbers index.
    ties : tuple of (str, str)
        Ids of mentee and mentor.
    together : frozenset of (str, str)
        Those who were together before the run.
    bonus : float
        Part of the value that ties have for having been there before.
    """

    files: Mapping[str, str]
    review: Any
    words: Mapping[str, tuple[tuple[str, str], ...]]
    mentees: tuple[str, ...]
    mentors: tuple[str, ...]
    ties: tuple[tuple[str, str], ...]
    together: frozenset[tuple[str, str]]
    certificate: Any
    bonus: float


def perform(
    folder: Mapping[str, str],
    previous: Iterable[tuple[str, str]],
    tell: Callable[[str, float, float | None], None],
    stop: Callable[[], bool],
    language: str = "en",
) -> Performed:
    """Match a frozen folder, certify and explain the outcome; what is in the way is said in the given language.

    Raises
    ------
    introducer.RosterError, introducer.Infeasible
        As ``introducer match``.
    """
    import introducer

    with tempfile.TemporaryDirectory(prefix="introducer-run-") as place:
        for name, text in folder.items():
            (Path(place) / name).write_text(text, encoding="utf-8")
        reading = introducer.read(Path(place))
    begin, phases = time.perf_counter(), dict[str, float]()

    def heard(phase: str, done: float, gap: float | None) -> None:
        phases[phase] = round(time.perf_counter() - begin, 3)
        tell(phase, done, gap)

    watch = introducer.Watch(tell=heard, stop=stop)
    with spoken(language):
        outcome = introducer.match(reading.roster, reading.policy, previous=frozenset(previous), watch=watch)
    seconds = time.perf_counter() - begin
    tell("explaining", 1.0, outcome.certificate.gap)
    review = introducer.reviewed(outcome)
    words = {}
    for each, _name in settings.LANGUAGES:
        with spoken(each):
            told = review if each == "en" else introducer.reviewed(outcome)
        words[each] = tuple((mentee.for_coordinator, mentee.for_participant) for mentee in told.mentees)
    mentees = tuple(mentee.id for mentee in reading.roster.mentees)
    mentors = tuple(mentor.id for mentor in reading.roster.mentors)
    return Performed(
        files=dict(introducer.bundled(outcome, reading, seconds=seconds, phases=phases)),
        review=review,
        words=words,
        mentees=mentees,
        mentors=mentors,
        ties=tuple((mentees[tie.mentee], mentors[tie.mentor]) for tie in outcome.ties),
        together=frozenset((tie.mentee, tie.mentor) for tie in reading.roster.ties if tie.kind == "existing"),
        certificate=outcome.certificate,
        bonus=sum(each.worth for tie in outcome.ties for each in tie.reasons if each.code == "continuity"),
    )


def refused(folder: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """Return the pairs of ids of mentee and mentor that a rule forbids.

    A folder that cannot be read forbids nothing here: the run itself says what is wrong with it.
    """
    import introducer

    with tempfile.TemporaryDirectory(prefix="introducer-rules-") as place:
        for name, text in folder.items():
            (Path(place) / name).write_text(text, encoding="utf-8")
        try:
            reading = introducer.read(Path(place))
        except introducer.RosterError:
            return frozenset()
    roster = reading.roster
    found = introducer.refusals(roster, reading.policy).codes.nonzero()
    return frozenset((roster.mentees[i].id, roster.mentors[j].id) for i, j in zip(*map(list, found), strict=True))


@dataclass(frozen=True)
class OpenlyAllowed:
    """Pairs that the open rules allow, under two policies; each pair of numbers is before and after.

    Attributes
    ----------
    now_allowed, now_refused : int
        Pairs that change sides.
    alone : (int, int)
        Mentees whom the rules allow nobody, of those who take part.
    left_alone : tuple of str
        Ids of mentees who are alone after and were not before.
    """

    allowed: tuple[int, int]
    now_allowed: int
    now_refused: int
    alone: tuple[int, int]
    left_alone: tuple[str, ...]


def openly_allowed(folder: Mapping[str, str], policy: Mapping[str, Any]) -> OpenlyAllowed:
    """Count pairs under a folder's policy and under another, without anything that is confidential about a pair.

    Raises
    ------
    introducer.RosterError
        If the folder cannot be read.
    """
    import introducer

    with tempfile.TemporaryDirectory(prefix="introducer-rules-") as place:
        for name, text in folder.items():
            (Path(place) / name).write_text(text, encoding="utf-8")
        reading = introducer.read(Path(place))
    mentees = [replace(mentee, avoid=frozenset()) for mentee in reading.roster.mentees]
    mentors = [replace(mentor, avoid=frozenset()) for mentor in reading.roster.mentors]
    roster = replace(reading.roster, mentees=tuple(mentees), mentors=tuple(mentors), ties=())
    part = [mentee.consent and not mentee.paused for mentee in mentees]
    before = introducer.refusals(roster, reading.policy).allowed
    after = introducer.refusals(roster, reading.policy.model_copy(update=dict(policy))).allowed
    alone = [[taking and not row.any() for taking, row in zip(part, mask, strict=True)] for mask in (before, after)]
    return OpenlyAllowed(
        allowed=(int(before.sum()), int(after.sum())),
        now_allowed=int((after & ~before).sum()),
        now_refused=int((before & ~after).sum()),
        alone=(sum(alone[0]), sum(alone[1])),
        left_alone=tuple(mentee.id for mentee, was, now in zip(mentees, *alone, strict=True) if now and not was),
    )


def causes_of(error: Exception) -> tuple[str, ...]:
    """Return the sentences of a refusal by the engine, infeasible or faulty input; they name ids."""
    return tuple(getattr(error, "causes", ())) or tuple(str(fault) for fault in getattr(error, "faults", ()))


def picture(
    directions: Sequence[tuple[str, int, float, bool]],
    stars: Sequence[tuple[str, Mapping[int, float]]],
    title: str,
    *,
    alone: bool = False,
) -> str:
    """Draw a constellation as one SVG element.

    Parameters
    ----------
    directions : sequence of (name, level, fit, veiled)
        The needs; a veiled one is private and drawn without a name.
    stars : sequence of (name, {index of a direction: fit})
        The mentors.
    title : str
        What somebody who cannot see the picture is told.
    alone : bool
        Whether it carries its own styles, for a mail.
    """
    import introducer

    with _spoken_here():
        svg: str = introducer.draw(
            [introducer.Direction(name, level, fit, veiled=veiled) for name, level, fit, veiled in directions],
            [introducer.Star(name, dict(covers)) for name, covers in stars],
            title=title,
            alone=alone,
        )
    return mark_safe(svg)  # noqa: S308 - made by the engine, which escapes every name


def thumbnail(
    directions: Sequence[tuple[str, int, float, bool]], stars: Sequence[tuple[str, Mapping[int, float]]]
) -> str:
    """Draw a constellation small and without words, beside a row that says the same; arguments as ``picture``."""
    import introducer

    svg: str = introducer.draw(
        [introducer.Direction(name, level, fit, veiled=veiled) for name, level, fit, veiled in directions],
        [introducer.Star(name, dict(covers)) for name, covers in stars],
        title="", labels=False,
    )  # fmt: skip
    return mark_safe(svg)  # noqa: S308 - made by the engine, which escapes every name


def skies(mentees: Iterable[tuple[str, int, int]], mentors: Iterable[tuple[str, int, int]]) -> tuple[str, str]:
    """Draw the whole cohort: mentees by open needs, mentors by seats taken.

    Parameters
    ----------
    mentees : iterable of (name, size of the team, needs that nobody covers)
    mentors : iterable of (name, load, capacity)
    """
    import introducer

    asking = [SimpleNamespace(name=name, team=size, open=missing) for name, size, missing in mentees]
    offering = [SimpleNamespace(name=name, load=load, capacity=most) for name, load, most in mentors]
    with _spoken_here():
        first, second = introducer.skies(asking, offering)
    return mark_safe(first), mark_safe(second)  # noqa: S308 - made by the engine, which escapes every name


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
            with _spoken_here():
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
