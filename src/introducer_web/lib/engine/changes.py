"""What numbers of changes from an earlier outcome buy, in values that a platform keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Changes", "Moved", "Point", "changes_of"]


@dataclass(frozen=True)
class Moved:
    """One mentee whose team differs from the outcome without any change, by ids.

    Attributes
    ----------
    gains, loses : tuple of str
        Names of open needs that somebody in the team helps with now and nobody did, and the reverse.
    """

    mentee: str
    came: tuple[str, ...]
    went: tuple[str, ...]
    gains: tuple[str, ...]
    loses: tuple[str, ...]


@dataclass(frozen=True)
class Point:
    """The best that was found with at most so many changes. No outcome with so many is worth more than the bound."""

    changes: int
    value: float
    bound: float
    moved: tuple[Moved, ...]


@dataclass(frozen=True)
class Changes:
    """A frontier. ``forced`` are ties (ids of mentee and mentor) that cannot stay, whatever is chosen."""

    points: tuple[Point, ...]
    forced: tuple[tuple[str, str], ...]


def changes_of(found: Any, roster: Any) -> Changes:
    """Return what a ``introducer.Rematch`` found, by ids.

    Points that are worth no more than one with fewer changes are left out: nobody would choose them.
    """
    base = found.points[0].teams
    points: list[Point] = []
    for point in found.points:
        if points and point.value <= points[-1].value:
            continue
        moved = tuple(
            _moved(roster, i, old, new)
            for i, (old, new) in enumerate(zip(base, point.teams, strict=True))
            if old != new
        )
        made = point.changes if not points else min(point.changes, sum(len(m.came) + len(m.went) for m in moved))
        points.append(Point(made, point.value, point.bound, moved))
    return Changes(tuple(points), found.forced)


def _moved(roster: Any, i: int, old: Sequence[int], new: Sequence[int]) -> Moved:
    mentee = roster.mentees[i]
    met = [{key for j in team for key in _helped(mentee.needs, roster.mentors[j].offers)} for team in (old, new)]
    shown = [key for key in roster.vocabulary.needs if key in mentee.needs and key not in mentee.private]
    return Moved(
        mentee.id,
        came=tuple(roster.mentors[j].id for j in sorted(set(new) - set(old))),
        went=tuple(roster.mentors[j].id for j in sorted(set(old) - set(new))),
        gains=tuple(roster.vocabulary.name(key) for key in shown if key in met[1] - met[0]),
        loses=tuple(roster.vocabulary.name(key) for key in shown if key in met[0] - met[1]),
    )


def _helped(needs: Mapping[str, int], offers: Mapping[str, int]) -> set[str]:
    """Return the needs that offers help with: of the same word, of its domain, or of a topic of it."""
    given = {key for key, level in offers.items() if level > 0}
    domains = {key.partition(".")[0] for key in given}
    whole = {key for key in given if "." not in key}
    return {
        key for key in needs if key in given or key.partition(".")[0] in whole or ("." not in key and key in domains)
    }
