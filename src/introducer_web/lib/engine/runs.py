"""Matching a frozen folder, anew or with few changes."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from introducer_web.lib.engine.changes import Changes, changes_of
from introducer_web.lib.engine.hushed import hushed
from introducer_web.lib.engine.language import spoken
from introducer_web.lib.engine.spread import Spread, spread_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = ["Performed", "perform"]


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
    spread : Spread
        How evenly it is spread, and what a floor did.
    changes : Changes or None
        What numbers of changes buy, where few were asked for.
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
    spread: Spread
    changes: Changes | None = None


def perform(
    folder: Mapping[str, str],
    previous: Iterable[tuple[str, str]],
    tell: Callable[[str, float, float | None], None],
    stop: Callable[[], bool],
    language: str = "en",
    before: Mapping[str, Sequence[str]] | None = None,
    most_changes: int | None = None,
    proved: str | None = None,
) -> Performed:
    """Match a frozen folder, certify and explain the outcome; what is in the way is said in the given language.

    Parameters
    ----------
    before, most_changes
        Mentors of each mentee in an earlier outcome, by id, and how many ties may come or go
        since then; both or none.
    proved
        ``outcome.json`` of that outcome, if it is still there whole: a large cohort is matched from its prices.

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
    proof = None if proved is None else _proof(proved)
    begin, phases = time.perf_counter(), dict[str, float]()

    def heard(phase: str, done: float, gap: float | None) -> None:
        phases[phase] = round(time.perf_counter() - begin, 3)
        tell(phase, done, gap)

    watch = introducer.Watch(tell=heard, stop=stop)
    changes: Changes | None = None
    with spoken(language):
        if before is None or most_changes is None:
            outcome = introducer.match(reading.roster, reading.policy, previous=frozenset(previous), watch=watch)
        else:
            found = introducer.rematched(
                reading.roster, reading.policy, before, most=most_changes, proof=proof, watch=watch
            )
            outcome, changes = found.outcome, changes_of(found, reading.roster)
    seconds = time.perf_counter() - begin
    tell("explaining", 1.0, outcome.certificate.gap)
    review = introducer.reviewed(outcome)
    words = {}
    chose = any(tie.kind == "prefer" for tie in reading.roster.ties)
    for each, _name in settings.LANGUAGES:
        with spoken(each):
            told = review if each == "en" else introducer.reviewed(outcome)
            words[each] = tuple(
                (hushed(mentee.for_coordinator) if chose else mentee.for_coordinator, mentee.for_participant)
                for mentee in told.mentees
            )
    mentees = tuple(mentee.id for mentee in reading.roster.mentees)
    mentors = tuple(mentor.id for mentor in reading.roster.mentors)
    return Performed(
        files={
            name: str(pieces)
            for name, pieces in introducer.bundled(outcome, reading, seconds=seconds, phases=phases).items()
        },
        review=review,
        words=words,
        mentees=mentees,
        mentors=mentors,
        ties=tuple((mentees[tie.mentee], mentors[tie.mentor]) for tie in outcome.ties),
        together=frozenset((tie.mentee, tie.mentor) for tie in reading.roster.ties if tie.kind == "existing"),
        certificate=outcome.certificate,
        bonus=sum(each.worth for tie in outcome.ties for each in tie.reasons if each.code == "continuity"),
        spread=spread_of(outcome, mentees),
        changes=changes,
    )


def _proof(document: str) -> Any:
    """Return what proved an earlier outcome."""
    import introducer

    with tempfile.TemporaryDirectory(prefix="introducer-proof-") as place:
        (Path(place) / "outcome.json").write_text(document, encoding="utf-8")
        return introducer.proof_of(Path(place))
