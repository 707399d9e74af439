"""The sky: a whole cohort as marks in bands, every person one mark.

Mentees are rings, fuller where more of what they asked for is covered; mentors are stars.
Bands lie from the best above to the horizon below, with their name and number beside them,
so that nothing has to be counted and nothing is told by color alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from introducer.report.constellation import star_path
from introducer.report.layout import FONT, LINE, WIDTH
from introducer.report.letters import wrap
from introducer.saying import say

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Band", "draw"]

#: Where the marks of a band begin, and the distance between two of them.
_START, _STEP = 176.0, 16.0
_PER_LINE = int((WIDTH - _START) // _STEP)
#: More marks than this in one band, and each mark stands for several people.
_MOST = 25 * _PER_LINE
_PAD = 9.0
_MARKS = {
    "full": '<circle class="ring" cx="{x:g}" cy="{y:g}" r="5.2"/><circle class="in" cx="{x:g}" cy="{y:g}" r="5.2"/>',
    "part": '<circle class="ring" cx="{x:g}" cy="{y:g}" r="5.2"/><circle class="in" cx="{x:g}" cy="{y:g}" r="3"/>',
    "little": '<circle class="ring" cx="{x:g}" cy="{y:g}" r="5.2"/>',
    "open": '<circle class="open" cx="{x:g}" cy="{y:g}" r="5.2"/>',
    "star": '<path class="star" d="{star}"/>',
    "pale": '<path class="star pale" d="{star}"/>',
}


@dataclass(frozen=True, slots=True)
class Band:
    """One band of the sky.

    Attributes
    ----------
    label : str
        What its people have in common.
    mark : str
        ``full``, ``part``, ``little``, ``open`` (mentees), ``star`` or ``pale`` (mentors).
    names : tuple of str
        Everybody in it; shown when a mark is pointed at.
    """

    label: str
    mark: str
    names: tuple[str, ...]


def draw(bands: Sequence[Band], *, title: str) -> str:
    """Draw one half of the sky; empty bands are kept, since an empty band says something."""
    each = max(1, -(-max((len(band.names) for band in bands), default=0) // _MOST))
    parts, top = [], 4.0
    for band in bands:
        drawn, top = _band(band, top, each)
        parts.append(drawn)
    if each > 1:
        told = escape(say("Each mark stands for {each} people.", each=each))
        parts.append(f'<text class="l" x="{_START - 6:g}" y="{top + 14:g}">{told}</text>')
        top += 22
    return (
        f'<svg class="pic sky" viewBox="0 0 {WIDTH:g} {top:g}" direction="ltr" role="img" '
        f'aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )


def _band(band: Band, top: float, each: int) -> tuple[str, float]:
    """Draw one band; return it and where the next begins."""
    marks = -(-len(band.names) // each)
    lines = wrap(band.label, FONT, _START - 56, 3)
    tall = max(LINE * len(lines), _STEP * (-(-marks // _PER_LINE))) + 2 * _PAD
    parts = [f'<path class="on" d="M2 {top + tall:g}H{WIDTH - 2:g}"/>']
    first = top + _PAD + 12
    parts.append(f'<text class="l n e" x="36" y="{first:g}">{len(band.names):,}</text>')
    parts += [f'<text class="l" x="46" y="{first + LINE * k:g}">{escape(line)}</text>' for k, line in enumerate(lines)]
    for k in range(marks):
        x, y = _START + _STEP * (k % _PER_LINE), top + _PAD + 8 + _STEP * (k // _PER_LINE)
        mark = _MARKS[band.mark].format(x=x, y=y, star=star_path(x, y, 7.5))
        parts.append(f"<g><title>{escape(band.names[k])}</title>{mark}</g>" if each == 1 else mark)
    return "".join(parts), top + tall
