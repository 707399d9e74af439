"""Advice as a coordinator reads it on a terminal: whole sentences, and no number that claims more than is known."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from introducer.explain.printed import called
from introducer.terminal import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from introducer.advice.profiles import Profile
    from introducer.advice.recruit import Recruit, Recruits
    from introducer.advice.robustness import Robustness
    from introducer.advice.stability import Blocking, Stability
    from introducer.outcome import Outcome
    from introducer.roster import Person
    from introducer.vocabulary import Vocabulary

__all__ = ["of_recruits", "of_robustness", "of_stability"]

#: So many ties, mentors or pairs are named; and cells of a count.
LISTED, CELLS = 20, 5
_CHANGES = {
    "nothing": "nothing was different",
    "weights": "every weight was 10 % larger or smaller",
    "mentor": "one mentor left",
    "answer": "one answer was missing",
}
_UNIT = "1 is all that one mentee asks for, met in full."


def of_recruits(found: Recruits, outcome: Outcome) -> Iterator[str]:
    """Yield the lines that say whom to look for."""
    if not found.found:
        yield "No mentor who can be described by what was asked for openly would add anything."
        return
    several = len(found.found) > 1
    yield (
        f"{count(len(found.found), 'kind')} of mentor would help{' most' if several else ''}, "
        f"of {found.tried} compared; {'each ' if several else ''}with {_seats(found)}."
    )
    yield f"Gains are in mentees: {_UNIT}"
    for place, one in enumerate(found.found, start=1):
        yield ""
        yield f"{place}. {_who(one.profile, outcome.roster.vocabulary)}"
        yield from (f"   {line}" for line in _worth(one, found, outcome.roster.vocabulary))
    if not found.finished:
        yield ""
        yield "The time budget ended the trials: what was not tried out is no promise, and the last trial may add more."


def _seats(found: Recruits) -> str:
    return count(found.seats, "seat")


def _who(profile: Profile, words: Vocabulary) -> str:
    stages = {stage.id: stage.name for stage in words.stages}
    settings = {term.id: term.name for term in words.settings}
    parts = [stages.get(profile.stage), settings.get(profile.setting), profile.region and f"region {profile.region}"]
    fields = ("stage", "setting", "region")
    open_ones = [name for name in fields if not getattr(profile, name)]
    whatever = [f"any {' or '.join(open_ones)}"] if open_ones else []
    said = ", ".join([part for part in parts if part] + whatever)
    return said[0].upper() + said[1:]


def _worth(one: Recruit, found: Recruits, words: Vocabulary) -> Iterator[str]:
    if one.profile.domains:
        offers = "; ".join(words.name(key) for key in one.profile.domains)
        yield f"offers, at level {one.profile.level} of 3: {offers}"
    if one.profile.experiences:
        yield f"can speak to: {'; '.join(words.name(key) for key in one.profile.experiences)}"
    yield f"estimate: adds {one.estimate:.3f}, by the prices of seats; never more than {_up(one.most)}"
    if one.check is None:
        yield "not tried out"
    else:
        check = one.check
        yield f"tried out: adds {_down(check.increase)}, matched again with such a mentor there"
        yield (
            f"   {check.seats} of {_seats(found)} taken; "
            f"{count(check.begun, 'other tie')} would begin and {check.ended} end"
        )
        if check.besides:
            yield f"   matching again would gain {_down(check.besides)} without such a mentor, too: not counted here"
    helped = "fewer than 10 mentees" if one.helped is None else count(one.helped, "mentee")
    yield f"{helped} would be better off with a seat{_among(one, words)}"


def _among(one: Recruit, words: Vocabulary) -> str:
    stages = {stage.id: stage.name for stage in words.stages}
    told = [
        f"by {name}: " + ", ".join(f"{stages.get(value, value)} {n}" for value, n in list(cells.items())[:CELLS])
        for name, cells in one.among.items()
        if cells
    ]
    return f" ({'; '.join(told)})" if told else ""


def of_robustness(found: Robustness, outcome: Outcome) -> Iterator[str]:
    """Yield the lines that say which ties stay."""
    times = sum(kind.rounds for kind in found.kinds)
    yield f"Matched again {count(times, 'time')}, each with one small thing different (seed {found.seed})."
    gain = f"a gain of more than {found.continuity:g}" if found.continuity else "any gain"
    yield f"A tie gives way to {gain}; {_UNIT}"
    yield ""
    yield f"{'Ties that stayed when':40}  times  on average  at worst"
    for kind in found.kinds:
        figures = f"{_part(kind.mean)}   {_part(kind.least)}" if kind.rounds else "–         –"
        yield f"  {_CHANGES[kind.kind]:38}{kind.rounds:7}{figures:>21}"
        if kind.impossible:
            yield f"    and {count(kind.impossible, 'time')} more: no outcome would meet the rules then"
    yield ""
    fragile = found.fragile
    yield f"{len(found.ties) - len(fragile):,} of {count(len(found.ties), 'tie')} stayed every time that they could."
    names = {person.id: called(person) for person in (*outcome.roster.mentees, *outcome.roster.mentors)}
    yield from _list(
        "The others, the most fragile first:",
        [f"{names[tie.mentee]} and {names[tie.mentor]}: stayed {tie.stayed} of {tie.rounds} times" for tie in fragile],
    )
    yield from _list(
        "Mentors whose leaving would move ties of others:",
        [f"{names[mentor]}: {count(moved, 'tie')}" for mentor, moved in found.leavers if moved],
    )
    if not found.finished:
        yield ""
        yield "The time budget ended this before all was tried."


def of_stability(found: Stability, outcome: Outcome) -> Iterator[str]:
    """Yield the lines that say who would rather have each other."""
    if not found.mutual:
        yield "No mentee and mentor ranked each other, so nothing can be said about who would rather have whom."
        return
    yield f"{count(found.mutual, 'pair')} ranked each other; {found.tied} of them tied."
    if not found.blocking:
        yield "No other pair would rather have each other, as far as the rules allow it: the outcome is stable."
        return
    yield (
        f"{count(len(found.blocking), 'pair')} not tied would rather have each other than what they have, "
        "and no rule forbids it."
    )
    yield from _list("The best ranked first:", [_blocking(pair, outcome) for pair in found.blocking])
    yield ""
    yield "This is told and not enforced: a match is made for the whole cohort. A pin holds a pair in the next one."


def _blocking(pair: Blocking, outcome: Outcome) -> str:
    mentees, mentors = outcome.roster.mentees, outcome.roster.mentors
    mentee, mentor = called(mentees[pair.mentee]), called(mentors[pair.mentor])
    by_mentee, by_mentor = pair.ranks
    return (
        f"{mentee} (ranks the mentor {by_mentee}{_instead(mentors, pair.leaves_team, 'has a place left')}) "
        f"and {mentor} (ranks the mentee {by_mentor}{_instead(mentees, pair.leaves_mentor, 'has a seat left')})"
    )


def _instead(people: Sequence[Person], leaves: int | None, free: str) -> str:
    return f", {free}" if leaves is None else f", would give up {called(people[leaves])}"


def _list(title: str, rows: Sequence[str]) -> Iterator[str]:
    """Yield the first rows of a list, if there are any."""
    if rows:
        yield ""
        yield title
        yield from (f"  {row}" for row in rows[:LISTED])
    if len(rows) > LISTED:
        yield f"  and {len(rows) - LISTED} more (all of them with --json)"


def _down(number: float) -> str:
    """Return what is gained in thousandths, never more than it is."""
    return f"{math.floor(1000 * number) / 1000:.3f}"


def _up(number: float) -> str:
    """Return what cannot be exceeded in thousandths, never less than it is."""
    return f"{math.ceil(1000 * number) / 1000:.3f}"


def _part(number: float) -> str:
    """Return a part in tenths of a percent; all is all."""
    return f"{math.floor(1000 * number + 1e-9) / 10:.1f} %"
