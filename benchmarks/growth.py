"""How seconds and memory grow with the number of mentees, at one gap on one family."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from common import kept, median, spread, table, told
from sides import OURS, Side, cohort, matched

if TYPE_CHECKING:
    from collections.abc import Sequence

    from common import Asked

__all__ = ["GAP", "SIZES", "exponent", "measured", "section"]

NAME = "growth"
#: Mentees; .6 mentors for each.
SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
#: What the policy asks of all of them.
GAP = 0.001


def measured(asked: Asked) -> None:
    """Measure the sizes that are not too large, in turn: every turn holds all of them."""
    sides = {size: Side(OURS) for size in SIZES if size <= asked.largest}
    for _turn in range(asked.runs):
        for size, side in sides.items():
            matched(side, cohort("clustered", size, size * 3 // 5, asked, gap_target=GAP), asked)
    lines = [[size, side.seconds, side.memory, side.gap] for size, side in sides.items() if side.seconds]
    kept(asked.bench, NAME, {"lines": lines, "runs": asked.runs})


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Return the power of the size with which seconds grow: least squares on logarithms; nan of fewer than two."""
    if len(sizes) < 2:
        return math.nan
    x, y = [math.log(own) for own in sizes], [math.log(own) for own in seconds]
    middle, level = sum(x) / len(x), sum(y) / len(y)
    return sum((a - middle) * (b - level) for a, b in zip(x, y, strict=True)) / sum((a - middle) ** 2 for a in x)


def section(asked: Asked) -> str:
    """Return what was found as text; nothing if it was not measured."""
    found = told(asked.bench, NAME)
    if found is None:
        return ""
    lines = [
        [f"{size:,} x {size * 3 // 5:,}", spread(seconds), f"{gap:.4%}", f"{median(memory):.0f}"]
        for size, seconds, memory, gap in found["lines"]
    ]
    sizes = [size for size, *_rest in found["lines"]]
    grown = exponent(sizes, [median(seconds) for _size, seconds, *_rest in found["lines"]])
    if math.isnan(grown):
        power = "One size has no growth."
    else:
        how = f"least squares on logarithms, {len(sizes)} sizes"
        power = f"Seconds grow with the mentees to the power {grown:.2f} ({how})."
    text = table(("cohort, clustered", "seconds", "gap proved", "MiB"), lines)
    return f"""### Growth

One gap target, {GAP:.1%}, for all sizes. {power}

{text}"""
