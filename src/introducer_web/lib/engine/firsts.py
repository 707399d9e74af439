"""Whom each mentee might ask first: five mentors each, matched like teams, so that few stand in everybody's list."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

__all__ = ["FIRSTS", "TIMES", "First", "allowed_two", "firsts"]

#: Mentors in a list.
FIRSTS = 5
#: A mentor stands in at most so many lists for each free seat.
TIMES = 3
#: Pair terms that rest on what two people said openly.
_OPEN = frozenset({
    "stage", "setting", "route", "procedures", "roles", "region", "same_institution", "other_institution", "timezone",
    "language",
})  # fmt: skip


@dataclass(frozen=True)
class First:
    """A mentor in the list of a mentee, by ids.

    Attributes
    ----------
    needs : tuple of str
        Keys of the mentee's needs, private ones left out, that this mentor meets.
    common : tuple of str
        Names of pair terms that speak for the two, the weightiest first.
    """

    mentee: str
    mentor: str
    needs: tuple[str, ...]
    common: tuple[str, ...]


def allowed_two(folder: Mapping[str, str]) -> bool:
    """Tell whether the rules allow the one pair of a folder; a folder that cannot be read allows nothing."""
    import introducer

    try:
        reading = _read(folder)
    except introducer.RosterError:
        return False
    found = introducer.refusals(reading.roster, reading.policy).allowed
    return found.shape == (1, 1) and bool(found[0, 0])


def firsts(
    folder: Mapping[str, str],
    full: Collection[str] = (),
    apart: Collection[tuple[str, str]] = (),
    beat: Callable[[], None] = lambda: None,
) -> list[First]:
    """Return the first five of each mentee, the first of the list first.

    1. Everybody is matched to a team as large as the policy says, as if each mentor had three seats for each
       that is free: together these mentors cover much of what the mentee asked for.
    2. What is left of the lists is filled one place at a time: each time everybody is matched to one more mentor,
       with the seats that are left. So nobody has a fourth before all have a third, as far as there are mentors.

    A mentor who helps with nothing that the mentee asked for is left out. So that a list tells nothing that is
    hidden, it rests on needs that are not sensitive, on wishes for experiences that are not, and on what two people
    said openly: not on private attributes, nor on who chose whom. The rules about pairs hold, the confidential too.

    Parameters
    ----------
    folder : mapping of str to str
        As for a match. A mentor's capacity is the number of free seats.
    full : collection of str
        Ids of mentees who look for nobody.
    apart : collection of (str, str)
        Ids of mentee and mentor who are not listed for each other: they are together already, or were.
    beat : callable
        Called between the steps.

    Returns
    -------
    list of First
        None where the folder cannot be read: the next match says what is wrong with it.
    """
    import introducer

    try:
        reading = _read(folder)
    except introducer.RosterError:
        return []
    policy, roster = _plain(reading)
    words = roster.vocabulary
    vetoed = {(tie.mentee, tie.mentor) for tie in reading.roster.ties if tie.kind == "veto"}
    left = {mentor.id: TIMES * _seats(mentor, policy) for mentor in roster.mentors}
    lists: dict[str, list[First]] = {mentee.id: [] for mentee in roster.mentees}
    tried = {(mentee, mentor) for mentee, mentor in {*apart, *vetoed} if mentee in lists and mentor in left}
    for size in (min(policy.team_size, FIRSTS), *[1] * FIRSTS):
        if size:
            beat()
            wanted = {mentee: min(size, FIRSTS - len(found)) for mentee, found in lists.items()}
            found = introducer.match(_with(roster, left, wanted, tried, full), policy)
            tried |= {(roster.mentees[tie.mentee].id, roster.mentors[tie.mentor].id) for tie in found.ties}
            used = Counter(each.mentor for each in _chosen(found, words, lists))
            left = {mentor: seats - used[mentor] for mentor, seats in left.items()}
    return [first for mentee in roster.mentees for first in lists[mentee.id]]


def _read(folder: Mapping[str, str]) -> Any:
    import introducer

    with tempfile.TemporaryDirectory(prefix="introducer-firsts-") as place:
        for name, text in folder.items():
            (Path(place) / name).write_text(text, encoding="utf-8")
        return introducer.read(Path(place))


def _plain(reading: Any) -> tuple[Any, Any]:
    """Return policy and roster with what a list may rest on, and nothing that has to be reached."""
    policy, roster = reading.policy, reading.roster
    terms = {name: weight for name, weight in policy.pair_terms.items() if name in _OPEN}
    weights = policy.weights.model_copy(update={} if terms else {"pair": 0.0})
    privacy = "experience" if policy.privacy == "background" else policy.privacy
    policy = policy.model_copy(
        update={"pair_terms": terms, "weights": weights, "privacy": privacy, "floor": "total", "min_load": 0}
    )
    words = roster.vocabulary
    open_needs = {key for key in words.needs if not _is_sensitive(words, key)}
    open_paths = {term.id for term in words.experiences if not term.sensitive}
    mentees = [
        replace(
            mentee,
            needs={key: level for key, level in mentee.needs.items() if key in open_needs},
            private=mentee.private & open_needs,
            wishes={key: level for key, level in mentee.wishes.items() if key in open_paths},
            attributes={},
            keep_seat="",
        )
        for mentee in roster.mentees
    ]
    mentors = [
        replace(
            mentor,
            offers={key: level for key, level in mentor.offers.items() if key in open_needs},
            experiences=mentor.experiences & open_paths,
            attributes={},
            min_load=0,
            quotas={},
        )
        for mentor in roster.mentors
    ]
    kept = tuple(tie for tie in roster.ties if tie.kind == "conflict")
    return policy, replace(roster, mentees=tuple(mentees), mentors=tuple(mentors), ties=kept)


def _is_sensitive(words: Any, key: str) -> bool:
    return words.needs[key].sensitive or words.needs[key.partition(".")[0]].sensitive


def _seats(mentor: Any, policy: Any) -> int:
    return policy.capacity if mentor.capacity is None else mentor.capacity


def _with(
    roster: Any, left: Mapping[str, int], wanted: Mapping[str, int], tried: Collection[tuple[str, str]],
    full: Collection[str],
) -> Any:  # fmt: skip
    """Return the roster with the seats that are left, the places that are free, and a veto for who was tried."""
    import introducer

    vetoes = tuple(introducer.GivenTie(kind="veto", mentee=mentee, mentor=mentor) for mentee, mentor in sorted(tried))
    return replace(
        roster,
        mentees=tuple(replace(each, team_size=0 if each.id in full else wanted[each.id]) for each in roster.mentees),
        mentors=tuple(replace(each, capacity=left[each.id]) for each in roster.mentors),
        ties=roster.ties + vetoes,
    )


def _chosen(found: Any, words: Any, lists: dict[str, list[First]]) -> Iterator[First]:
    """Put the ties that help with something at the end of the lists, the greatest worth first; yields them."""
    roster = found.roster
    for tie in sorted(found.ties, key=lambda tie: (tie.mentee, -tie.worth, tie.mentor)):
        mentee, mentor = roster.mentees[tie.mentee], roster.mentors[tie.mentor]
        if not tie.needs and not tie.wishes:
            continue
        said = tuple(key for key in words.needs if key in tie.needs and key not in mentee.private)
        common = tuple(
            name
            for each in tie.reasons
            if each.code.startswith("pair:") and (name := each.code.removeprefix("pair:")) in _OPEN and each.worth > 0
        )
        first = First(mentee.id, mentor.id, said, common)
        lists[mentee.id].append(first)
        yield first
