"""Where everything of a constellation stands: pure geometry, no markup.

The middle is (0, 0), x grows to the right and y downwards, as on a screen. Needs stand on
directions around the middle, nearer where less was asked; their labels stand outside the
rim, so that they can only meet each other, and are then moved outwards, away from the
horizontal. Names of mentors stand inside, at a free place near their star; where there is
none, the star gets a number and the name moves to a line under the picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from introducer.report.letters import width, wrap
from introducer.saying import say, worded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["FONT", "WIDTH", "Box", "Direction", "Label", "Layout", "Place", "Star", "lay_out"]

#: Width of a picture with labels, in its own units; on a phone a unit is about .85 pixels.
WIDTH = 420.0
#: Size of a label's letters, and the height of its lines.
FONT, LINE = 14.0, 17.0
#: Where a need stands on its direction, by level asked: part of the way to the rim.
REACH = {1: 0.56, 2: 0.72, 3: 0.88}
#: Where stars stand: part of the way to the rim.
STARS_AT = 0.34
#: Half the width of the rim; its height grows with the number of needs.
RIM_X = 92.0
NODE = 8.5
MIDDLE = 7.0
#: Space between a label and what is nearest to it.
_AIR = 6.0
_LINES = 3
NOBODY = worded("nobody yet")
#: At a cosine below it a direction counts as upright, and its label is centered.
_UPRIGHT = 0.16
#: Stars are kept so far apart, in radians, where there is room.
_APART = 1.15


@dataclass(frozen=True, slots=True)
class Direction:
    """One need of a mentee.

    Attributes
    ----------
    name : str
        What people read.
    level : int
        How much was asked, 1 to 3.
    fit : float
        Best fit of the team, in [0, 1]; 0 is a need that nobody covers.
    veiled : bool
        A private need: drawn as covered or not, at one length, tied to nobody.
    """

    name: str
    level: int
    fit: float
    veiled: bool = False


@dataclass(frozen=True, slots=True)
class Star:
    """One mentor: a name, and the fit in (0, 1] for each direction (by index) that they cover."""

    name: str
    covers: Mapping[int, float]


class Place(NamedTuple):
    """A disk: its middle and its radius."""

    x: float
    y: float
    r: float


class Box(NamedTuple):
    """A rectangle, by its sides."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box, air: float = 0.0) -> bool:
        """Tell whether two boxes come nearer than ``air``."""
        return (
            self.left < other.right + air
            and other.left < self.right + air
            and self.top < other.bottom + air
            and other.top < self.bottom + air
        )

    def moved(self, dy: float) -> Box:
        """Return the box moved downwards."""
        return Box(self.left, self.top + dy, self.right, self.bottom + dy)


@dataclass(frozen=True, slots=True)
class Label:
    """Lines of text in a box.

    ``anchor`` is ``start``, ``middle`` or ``end``; ``kind`` is ``need``, ``open`` or ``name``.
    """

    lines: tuple[str, ...]
    anchor: str
    box: Box
    kind: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Places of directions and stars (in the order given), where each direction ends, the labels, the box of all.

    Attributes
    ----------
    owners : tuple of int or None
        Index of the star that covers each direction best.
    labels : tuple of Label
        Those of the directions first, in the order given.
    """

    needs: tuple[Place, ...]
    rim: tuple[tuple[float, float], ...]
    stars: tuple[Place, ...]
    owners: tuple[int | None, ...]
    labels: tuple[Label, ...]
    box: Box


def lay_out(directions: Sequence[Direction], stars: Sequence[Star], *, labels: bool) -> Layout:
    """Place a mentee's needs and mentors, in the order given where nothing speaks against it.

    Needs are grouped by the mentor who covers them best (equals: the earlier one), the open
    ones last, so that lines seldom cross.
    """
    owners = tuple(_owner(k, direction, stars) for k, direction in enumerate(directions))
    order = sorted(range(len(directions)), key=lambda k: (owners[k] is None, owners[k] or 0, k))
    count = max(1, len(directions))
    # With an even number no need stands upright, so that both sides carry as many labels.
    turn = 0.0 if count % 2 else 0.5
    slots = {k: slot for slot, k in enumerate(order)}
    angles = [2 * math.pi * (slots[k] + turn) / count - math.pi / 2 for k in range(len(directions))]
    rim_x, rim_y = (RIM_X, 112.0 + 5.0 * len(directions)) if labels else (RIM_X, RIM_X)
    rim = tuple((rim_x * math.cos(a), rim_y * math.sin(a)) for a in angles)
    node = NODE if labels else 2 * NODE
    needs = tuple(
        Place(x * REACH[direction.level], y * REACH[direction.level], node)
        for direction, (x, y) in zip(directions, rim, strict=True)
    )
    turned = _apart([_star_angle(j, star, owners, angles, slots) for j, star in enumerate(stars)])
    placed = tuple(
        Place(STARS_AT * rim_x * math.cos(a), STARS_AT * rim_y * math.sin(a), _size(star, labels=labels))
        for a, star in zip(turned, stars, strict=True)
    )
    written: list[Label] = []
    if labels:
        below: list[str] = []
        written = _need_labels(directions, rim)
        rim = tuple(_end(point, label.box) for point, label in zip(rim, written, strict=True))
        solid = [_around(place) for place in (*needs, *placed, Place(0, 0, MIDDLE))]
        lines = [(place, needs[k]) for j, place in enumerate(placed) for k in stars[j].covers if owners[k] == j]
        for j, star in enumerate(stars):
            found = _name_near(star.name, placed[j], [*solid, *(label.box for label in written)], lines)
            if found is None:
                below.append(star.name)
                number = str(len(below))
                found = _name_near(number, placed[j], [*solid, *(label.box for label in written)], lines)
                found = found or _on_star(number, placed[j])
            written.append(found)
        written += _names_below(below, written, needs, placed)
    return Layout(needs, rim, placed, owners, tuple(written), _all_of(needs, placed, written, labels=labels))


def _owner(k: int, direction: Direction, stars: Sequence[Star]) -> int | None:
    if direction.veiled:
        return None
    fits = [star.covers.get(k, 0.0) for star in stars]
    best = max(fits, default=0.0)
    return fits.index(best) if best > 0 else None


def _size(star: Star, *, labels: bool) -> float:
    """Return the radius of a star: larger where it covers more."""
    return (8.5 + 2.2 * min(3.0, sum(star.covers.values()))) * (1 if labels else 1.5)


def _star_angle(
    j: int, star: Star, owners: Sequence[int | None], angles: Sequence[float], slots: Mapping[int, int]
) -> float:
    """Return the direction of a star: the middle of what it covers best, or what it covers at all."""
    own = sorted((k for k, owner in enumerate(owners) if owner == j), key=slots.__getitem__)
    if own:
        return (angles[own[0]] + angles[own[-1]]) / 2
    if star.covers:
        return angles[max(star.covers, key=lambda k: (star.covers[k], -k))]
    return math.pi / 2


def _apart(angles: Sequence[float]) -> list[float]:
    """Turn stars away from each other until neighbors are apart."""
    turned = list(angles)
    count = len(turned)
    if count < 2:
        return turned
    least = min(_APART, 0.9 * 2 * math.pi / count)
    order = sorted(range(count), key=lambda j: (turned[j], j))
    for _ in range(40):
        for here, there in zip(order, [*order[1:], order[0]], strict=True):
            whole = 2 * math.pi if there == order[0] else 0.0
            short = least - (turned[there] + whole - turned[here])
            if short > 0:
                turned[here] -= short / 2
                turned[there] += short / 2
    return turned


def _need_labels(directions: Sequence[Direction], rim: Sequence[tuple[float, float]]) -> list[Label]:
    """Label the needs outside the rim; labels of one side are moved outwards until none meet."""
    found: dict[int, Label] = {}
    upright = [k for k, (x, _) in enumerate(rim) if abs(x) < _UPRIGHT * RIM_X]
    for side in (1, -1):
        mine = [k for k, (x, _) in enumerate(rim) if k not in upright and x * side > 0]
        for direction in (-1, 1):  # upwards from the middle, then downwards
            half = [k for k in mine if (rim[k][1] <= 0) == (direction < 0)]
            for k in sorted(half, key=lambda k: (abs(rim[k][1]), k)):
                found[k] = _cleared(_side_label(directions[k], rim[k], side), found.values(), direction)
    for k in upright:
        found[k] = _cleared(_upright_label(directions[k], rim[k]), found.values(), -1 if rim[k][1] < 0 else 1)
    return [found[k] for k in sorted(found)]


def _cleared(label: Label, others: Iterable[Label], direction: int) -> Label:
    """Move a label up (-1) or down (1) until it meets no other."""
    box = label.box
    moved = True
    while moved:
        moved = False
        for other in others:
            if box.meets(other.box, 3):
                box = box.moved(other.box.top - 3.5 - box.bottom if direction < 0 else other.box.bottom + 3.5 - box.top)
                moved = True
    return Label(label.lines, label.anchor, box, label.kind)


def _text_of(direction: Direction, room: float) -> tuple[str, ...]:
    lines = wrap(direction.name, FONT, room, _LINES)
    # Says without color, and to whoever reads the text alone, what the open ring says.
    return lines if direction.fit > 0 else (*lines, say(NOBODY))


def _side_label(direction: Direction, at: tuple[float, float], side: int) -> Label:
    x, y = at[0] + side * _AIR, at[1]
    lines = _text_of(direction, WIDTH / 2 - abs(x) - 1)
    wide, tall = max(width(line, FONT) for line in lines), LINE * len(lines)
    top = y - tall / 2 + math.copysign(tall / 2, y) * min(1.0, abs(y) / RIM_X)
    box = Box(min(x, x + side * wide), top, max(x, x + side * wide), top + tall)
    return Label(lines, "start" if side > 0 else "end", box, "need" if direction.fit > 0 else "open")


def _upright_label(direction: Direction, at: tuple[float, float]) -> Label:
    lines = _text_of(direction, WIDTH * 0.45)
    wide, tall = max(width(line, FONT) for line in lines), LINE * len(lines)
    top = at[1] - _AIR - tall if at[1] < 0 else at[1] + _AIR
    box = Box(-wide / 2, top, wide / 2, top + tall)
    return Label(lines, "middle", box, "need" if direction.fit > 0 else "open")


def _name_near(name: str, star: Place, taken: Sequence[Box], lines: Sequence[tuple[Place, Place]]) -> Label | None:
    """Return a free place for a name near its star, with the fewest lines under it; None if there is none."""
    best: tuple[int, int, Label] | None = None
    for room, most in ((110.0, 2), (72.0, 2)):
        text = wrap(name, FONT, room, most)
        wide, tall = max((width(line, FONT) for line in text), default=0.0), LINE * len(text)
        for anchor, left, top in _spots(star, wide, tall):
            box = Box(left, top, left + wide, top + tall)
            if abs(left) > WIDTH / 2 or abs(left + wide) > WIDTH / 2 or any(box.meets(other, 1.5) for other in taken):
                continue
            crossed = sum(_crosses(box, here, there) for here, there in lines)
            cut = text[-1].endswith("…")
            rank = (cut, crossed)
            if best is None or rank < best[:2]:
                best = (*rank, Label(text, anchor, box, "name"))
            if rank == (False, 0):
                return best[2]
    return None if best is None else best[2]


def _spots(star: Place, wide: float, tall: float) -> list[tuple[str, float, float]]:
    """Return anchors and upper left corners around a star, the nearest and most usual first."""
    off = star.r * 0.8
    spots = []
    for away in (0.0, 9.0, 20.0):
        above, below = star.y - star.r - 1 - away - tall, star.y + star.r + 1 + away
        right, left = star.x + star.r + 3 + away, star.x - star.r - 3 - away - wide
        spots += [
            ("middle", star.x - wide / 2, above),
            ("middle", star.x - wide / 2, below),
            ("start", right, star.y - tall / 2),
            ("end", left, star.y - tall / 2),
            ("start", right, star.y - tall * 0.8),
            ("end", left, star.y - tall * 0.8),
            ("start", right, star.y - tall * 0.2),
            ("end", left, star.y - tall * 0.2),
            ("start", star.x + off * 0.5, star.y - off * 0.5 - away - tall),
            ("end", star.x - off * 0.5 - wide, star.y - off * 0.5 - away - tall),
            ("start", star.x + off * 0.5, star.y + off * 0.5 + away),
            ("end", star.x - off * 0.5 - wide, star.y + off * 0.5 + away),
        ]
    return spots


def _crosses(box: Box, here: Place, there: Place) -> bool:
    """Tell whether a line passes under a box, by nine points of it."""
    for k in range(1, 10):
        x, y = here.x + (there.x - here.x) * k / 10, here.y + (there.y - here.y) * k / 10
        if box.left < x < box.right and box.top < y < box.bottom:
            return True
    return False


def _on_star(number: str, star: Place) -> Label:
    """Return a number in the middle of a star, where no other label may be."""
    wide = width(number, FONT)
    return Label(
        (number,), "middle", Box(star.x - wide / 2, star.y - LINE / 2, star.x + wide / 2, star.y + LINE / 2), "name"
    )


def _names_below(
    names: Sequence[str], written: Sequence[Label], needs: Sequence[Place], stars: Sequence[Place]
) -> list[Label]:
    """Write the names that found no place, with their numbers, under everything else."""
    top = _all_of(needs, stars, written, labels=True).bottom + _AIR
    rows = []
    for k, name in enumerate(names):
        lines = wrap(f"{k + 1}: {name}", FONT, WIDTH - 16, 2)
        wide, tall = max(width(line, FONT) for line in lines), LINE * len(lines)
        rows.append(Label(lines, "middle", Box(-wide / 2, top, wide / 2, top + tall), "name"))
        top += tall + 3
    return rows


def _end(point: tuple[float, float], box: Box) -> tuple[float, float]:
    """Return where a direction ends: on the rim, or farther out beside a label that was moved."""
    x, y = point
    if box.left < x < box.right:
        return x, (min(y, box.bottom + _AIR) if y < 0 else max(y, box.top - _AIR))
    return x, min(max(y, box.top + LINE / 2), box.bottom - LINE / 2)


def _around(place: Place) -> Box:
    return Box(place.x - place.r, place.y - place.r, place.x + place.r, place.y + place.r)


def _all_of(needs: Sequence[Place], stars: Sequence[Place], written: Sequence[Label], *, labels: bool) -> Box:
    """Return the box of the picture: as wide as every other with labels, as high as it must be."""
    boxes = [_around(place) for place in (*needs, *stars, Place(0, 0, 14))] + [label.box for label in written]
    if not labels:
        edge = RIM_X + 2 * NODE
        return Box(-edge, -edge, edge, edge)
    return Box(-WIDTH / 2, min(b.top for b in boxes) - 4, WIDTH / 2, max(b.bottom for b in boxes) + 4)
