"""Who may be tied: by all rules, or by those that everybody may read."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["OpenlyAllowed", "openly_allowed", "refused"]


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
    tried = type(reading.policy).model_validate(reading.policy.model_dump() | dict(policy))
    after = introducer.refusals(roster, tried).allowed
    alone = [[taking and not row.any() for taking, row in zip(part, mask, strict=True)] for mask in (before, after)]
    return OpenlyAllowed(
        allowed=(int(before.sum()), int(after.sum())),
        now_allowed=int((after & ~before).sum()),
        now_refused=int((before & ~after).sum()),
        alone=(sum(alone[0]), sum(alone[1])),
        left_alone=tuple(mentee.id for mentee, was, now in zip(mentees, *alone, strict=True) if now and not was),
    )
