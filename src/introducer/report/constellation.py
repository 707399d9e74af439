"""The picture of the product: one mentee, what they asked for, and who covers it.

A mentee in the middle; the needs around as directions, longer where more was asked; each
mentor a star placed towards what they cover, larger where they cover more; a need that
nobody covers is an open ring, never hidden. One SVG from plain values, readable without
color: thick, thin and broken lines are the three bands of fit, and so are the fillings of
the rings. It needs no outcome, so that pages and mails draw it too.

Classes are styled by ``style.css``; a picture that stands alone carries the styles itself.
"""

from __future__ import annotations

from html import escape
from importlib import resources
from typing import TYPE_CHECKING

from introducer.report.layout import LINE, MIDDLE, Direction, Star, lay_out
from introducer.words import band

if TYPE_CHECKING:
    from collections.abc import Sequence

    from introducer.report.layout import Label, Layout, Place

__all__ = ["Direction", "Star", "band", "draw", "glyph", "star_path"]

#: Height of the letters above the foot of their line.
_RISE = 12.8


def draw(
    directions: Sequence[Direction], stars: Sequence[Star], *, title: str, labels: bool = True, alone: bool = False
) -> str:
    """Draw a constellation.

    Parameters
    ----------
    directions : sequence of Direction
        The needs. Any number; 12 are still easy to read.
    stars : sequence of Star
        The mentors, with the directions they cover by index.
    title : str
        What somebody who cannot see the picture is told.
    labels : bool
        False draws the small, square picture for a list, which is hidden from readers of the
        page when the title is empty.
    alone : bool
        Whether the picture is a file of its own, with styles and the name of its language.

    Returns
    -------
    str
        One ``svg`` element. Equal values give equal text.
    """
    found = lay_out(directions, stars, labels=labels)
    box = found.box
    parts = [
        *_spokes(directions, found),
        *_ties(stars, found),
        *(_ring(direction, place) for direction, place in zip(directions, found.needs, strict=True)),
        f'<circle class="me" r="{MIDDLE if labels else 2 * MIDDLE:g}"/>',
        *(_star(star, place) for star, place in zip(stars, found.stars, strict=True)),
        *map(_text, found.labels),
    ]
    seen = f'role="img" aria-label="{escape(title)}"' if title else 'aria-hidden="true"'
    frame = f"{box.left:.0f} {box.top:.0f} {box.right - box.left:.0f} {box.bottom - box.top:.0f}"
    kind = "pic" if labels else "pic mini"
    head, style = "", ""
    if alone:
        size = f'width="{box.right - box.left:.0f}" height="{box.bottom - box.top:.0f}"'
        head = f' xmlns="http://www.w3.org/2000/svg" {size}'
        style = f"<style>{alone_style()}</style>"
    return f'<svg{head} class="{kind}" viewBox="{frame}" direction="ltr" {seen}>{style}{"".join(parts)}</svg>'


def alone_style() -> str:
    """Return the part of the style sheet that a picture needs: colors, and what is marked as the picture's."""
    sheet = resources.files(__package__).joinpath("style.css").read_text("utf-8")
    colors, _, rest = sheet.partition("/* page */")
    return colors + rest.partition("/* picture */")[2].partition("/* end of picture */")[0]


def glyph(kind: str) -> str:
    """Return the small sign of a kind (``star``, ``open``, ``b1``, ``b2``, ``b3``), for a legend or a table."""
    inner = f'<path class="star" d="{star_path(0, 0, 11)}"/>' if kind == "star" else _disk(kind, 0, 0, 8.5)
    return f'<svg class="glyph" viewBox="-12 -12 24 24" aria-hidden="true">{inner}</svg>'


def star_path(x: float, y: float, r: float) -> str:
    """Return the path of a star with four points."""
    near = 0.26 * r
    far = r - near
    turns = [(near, far), (far, near), (-far, near), (-near, far), (-near, -far), (-far, -near), (far, -near)]
    return f"M{x:.1f} {y - r:.1f}" + "".join(f"l{dx:.1f} {dy:.1f}" for dx, dy in turns) + "z"


def _spokes(directions: Sequence[Direction], found: Layout) -> list[str]:
    """Draw each direction: whole from the middle where nobody stands between, and on to the label."""
    drawn = []
    for direction, place, (x, y), owner in zip(directions, found.needs, found.rim, found.owners, strict=True):
        if owner is None:
            kind = "spoke" if direction.fit > 0 else "spoke none"
            drawn.append(f'<path class="{kind}" d="M0 0L{place.x:.0f} {place.y:.0f}"/>')
        drawn.append(f'<path class="on" d="M{place.x:.0f} {place.y:.0f}L{x:.0f} {y:.0f}"/>')
    return drawn


def _ties(stars: Sequence[Star], found: Layout) -> list[str]:
    """Draw the lines from the middle to the stars and from there to what they cover."""
    drawn = []
    for j, (star, at) in enumerate(zip(stars, found.stars, strict=True)):
        drawn.append(f'<path class="arm" d="M0 0L{at.x:.0f} {at.y:.0f}"/>')
        for k, fit in sorted(star.covers.items()):
            to = found.needs[k]
            kind = f"tie b{band(fit)}" + ("" if found.owners[k] == j else " also")
            drawn.append(f'<path class="{kind}" d="M{at.x:.0f} {at.y:.0f}L{to.x:.0f} {to.y:.0f}"/>')
    return drawn


def _ring(direction: Direction, at: Place) -> str:
    kind = f"b{band(direction.fit)}" if direction.fit > 0 else "open"
    if direction.veiled and direction.fit > 0:
        kind = "veil"
    return _disk(kind, at.x, at.y, at.r)


def _disk(kind: str, x: float, y: float, r: float) -> str:
    """Draw a need: an open ring, or a ring filled by band."""
    place = f'cx="{x:.0f}" cy="{y:.0f}"'
    if kind == "open":
        return f'<circle class="open" {place} r="{r:g}"/>'
    filled = {"b1": 0.4, "b2": 0.68, "b3": 1.0, "veil": 0.68}[kind]
    tone = " veil" if kind == "veil" else ""
    inner = f'<circle class="in{tone}" {place} r="{filled * r:.1f}"/>'
    return f'<circle class="ring{tone}" {place} r="{r:g}"/>{inner}'


def _star(star: Star, at: Place) -> str:
    best = max((band(fit) for fit in star.covers.values()), default=0)
    return f'<path class="star s{best}" d="{star_path(at.x, at.y, at.r)}"/>'


def _text(label: Label) -> str:
    box = label.box
    x = {"start": box.left, "middle": (box.left + box.right) / 2, "end": box.right}[label.anchor]
    kind = {"need": "l", "open": "l o", "name": "l n"}[label.kind]
    kind += {"start": "", "middle": " m", "end": " e"}[label.anchor]
    weak = 'class="w" '
    last = len(label.lines) - 1 if label.kind == "open" else -1
    lines = [
        f'<tspan {weak if k == last else ""}x="{x:.0f}" y="{box.top + _RISE + LINE * k:.0f}">{escape(line)}</tspan>'
        for k, line in enumerate(label.lines)
    ]
    return f'<text class="{kind}">{"".join(lines)}</text>'
