"""What numbers of changes would buy, as rows, as a picture, and as people who would get another team."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from introducer_web.lib.texts import translated
from introducer_web.matching.models import FrontierPoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from introducer_web.matching.models import MatchRun

__all__ = ["MovedRow", "PointRow", "drawn", "moved_rows", "point_rows", "suggested"]

#: A number of changes that brings this part of all there is to gain is what is shown first.
_MOST_OF_IT = 0.8
#: Size of the picture, and where its axes stand.
_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _FOOT = 560.0, 250.0, 58.0, 16.0, 16.0, 44.0


@dataclass(frozen=True)
class PointRow:
    """One number of changes.

    Attributes
    ----------
    gain : float
        What it is worth more than no change; 1 is all that one mentee needs.
    part : float
        The same as a part of the most that was found, in [0, 1].
    at_most : float
        No proposal with so many changes has a larger part.
    people : int
        Mentees who would get another team.
    """

    changes: int
    gain: float
    part: float
    at_most: float
    people: int


@dataclass(frozen=True)
class MovedRow:
    """One mentee who would get another team; names of mentors and of open needs."""

    code: str
    name: str
    came: tuple[str, ...]
    went: tuple[str, ...]
    gains: tuple[str, ...]
    loses: tuple[str, ...]


def point_rows(run: MatchRun) -> list[PointRow]:
    """Return the points of a frontier by number of changes, from 0."""
    points = list(FrontierPoint.objects.filter(run=run).order_by("changes"))
    if not points:
        return []
    start = points[0].value
    whole = points[-1].value - start
    return [
        PointRow(
            point.changes, point.value - start, (point.value - start) / whole if whole else 0.0,
            max(point.bound - start, 0.0) / whole if whole else 0.0, len(point.moved),
        )
        for point in points
    ]  # fmt: skip


def suggested(rows: Sequence[PointRow]) -> int:
    """Return the fewest changes that bring most of what there is to gain."""
    return next((row.changes for row in rows if row.part >= _MOST_OF_IT), 0)


def moved_rows(run: MatchRun, changes: int, names: Mapping[str, tuple[str, str]]) -> list[MovedRow]:
    """Return whose team a number of changes would change.

    Parameters
    ----------
    names : mapping of str to (str, str)
        By code of a user: their code as a mentee of the cohort, empty where they are none, and their name.
    """
    point = FrontierPoint.objects.filter(run=run, changes=changes).first()
    rows = [
        MovedRow(
            *names[each["mentee"]],
            *(tuple(names[code][1] for code in each[side] if code in names) for side in ("came", "went")),
            *(tuple(map(translated, each[side])) for side in ("gains", "loses")),
        )
        for each in (point.moved if point else ())
        if each["mentee"] in names
    ]
    return sorted(rows, key=lambda row: (-len(row.gains), len(row.loses), row.name))


def drawn(rows: Sequence[PointRow], chosen: int) -> str:
    """Draw gain against changes: a line of what was found, and a broken one of what is possible at most."""
    last = max(rows[-1].changes, 1)
    top = max(1.0, *(min(row.at_most, 1.2) for row in rows))

    def x(row: PointRow) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * row.changes / last

    def y(part: float) -> float:
        return _HEIGHT - _FOOT - (_HEIGHT - _FOOT - _TOP) * min(part, top) / top

    marks = format_html_join(
        "", '<circle class="{}" cx="{}" cy="{}" r="{}"><title>{}</title></circle>',
        (("point here" if row.changes == chosen else "point", f"{x(row):.1f}", f"{y(row.part):.1f}",
          "6" if row.changes == chosen else "3.5", _told(row)) for row in rows),
    )  # fmt: skip
    ticks = format_html_join(
        "", '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="e" x="{}" y="{}">{}</text>',
        ((f"{_LEFT:g}", f"{_WIDTH - _RIGHT:g}", f"{y(part):.1f}", f"{y(part):.1f}", f"{_LEFT - 8:g}",
          f"{y(part) + 4.5:.1f}", f"{100 * part:.0f}\u202f%") for part in (0.0, 0.5, 1.0)),
    )  # fmt: skip
    below = format_html_join(
        "", '<text class="m" x="{}" y="{}">{}</text>',
        ((f"{x(row):.1f}", f"{_HEIGHT - _FOOT + 20:g}", row.changes) for row in _apart(rows, last)),
    )  # fmt: skip
    return format_html(
        '<svg class="pic frontier" viewBox="0 0 {} {}" role="img" aria-label="{}" direction="ltr">{}{}'
        '<path class="most" d="{}"/><path class="found" d="{}"/>{}<text class="m soft" x="{}" y="{}">{}</text></svg>',
        f"{_WIDTH:g}", f"{_HEIGHT:g}", _("What numbers of changes would bring; the table says the same"), ticks, below,
        _path((x(row), y(row.at_most)) for row in rows), _path((x(row), y(row.part)) for row in rows), marks,
        f"{(_LEFT + _WIDTH - _RIGHT) / 2:g}", f"{_HEIGHT - 6:g}", _("changes"),
    )  # fmt: skip


def _told(row: PointRow) -> str:
    return _("%(n)s changes: %(part)s") % {"n": row.changes, "part": f"{100 * row.part:.0f}\u202f%"}


def _apart(rows: Sequence[PointRow], last: int) -> list[PointRow]:
    """Return the points whose numbers fit below the axis without touching; the last one always does."""
    kept: list[PointRow] = []
    for row in reversed(rows):
        if not kept or (kept[-1].changes - row.changes) / last >= 0.06:
            kept.append(row)
    return kept


def _path(places: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
