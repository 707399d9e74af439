"""Numbers and names as they are printed: parts that add up to the total beside them."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING

from introducer.words import names_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from introducer.roster import Person

    #: One line of a table: what it says, and its numbers as thousandths.
    Row = tuple[str, Sequence[int]]

#: Columns of a line of text; a table may be wider.
_COLUMNS = 96

__all__ = ["called", "figure", "is_nothing", "plain", "short", "table", "thousandths", "wrapped"]


def thousandths(parts: Sequence[float], total: int | None = None) -> list[int]:
    """Round parts so that they sum to their rounded total.

    Each is rounded down; what is missing to the total goes to the parts that lost most, equals
    in order. So no part is further than .001 from what it is.

    Parameters
    ----------
    parts : sequence of float
        At least 0, on the grid.
    total : int, optional
        Their sum as it is printed elsewhere, rounded either way. Default: the nearest.

    Examples
    --------
    >>> thousandths([0.25, 0.125, 0.0625])
    [250, 125, 63]
    >>> thousandths([0.0625, 0.0625])
    [63, 62]
    """
    scaled = [1000.0 * part for part in parts]
    down = [math.floor(part) for part in scaled]
    missing = (round(sum(scaled)) if total is None else total) - sum(down)
    order = sorted(range(len(parts)), key=lambda place: down[place] - scaled[place])
    return [number + (place in order[:missing]) for place, number in enumerate(down)]


def is_nothing(number: float) -> bool:
    """Tell whether a number is printed as 0.000."""
    return round(1000.0 * abs(number)) == 0


def figure(number: float) -> str:
    """Return a number with three digits, without its sign."""
    return f"{abs(number):.3f}"


def plain(text: str) -> str:
    """Return a text on one line, without characters that steer a terminal."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def short(people: Sequence[Person], place: int) -> str:
    """Return the name of one of several people, with the id only where another has the same name."""
    return plain(names_of(people)[place])


def called(person: Person) -> str:
    """Return the name and id of a person, or the id alone where there is no name."""
    name, identity = plain(person.name), plain(person.id)
    return f"{name} ({identity})" if name else identity


def table(head: Sequence[str], rows: Sequence[Row]) -> list[str]:
    """Return lines with their numbers below each other; a row without numbers stands as it is, wrapped."""
    width = max((len(label) for label, numbers in rows if numbers), default=0)
    lines = ["".join([" " * width, *(f"  {word}" for word in head)])] if head else []
    for label, numbers in rows:
        widths = [len(word) for word in head] or [0] * len(numbers)
        cells = [f"  {number / 1000:>{wide}.3f}" for number, wide in zip(numbers, widths, strict=False)]
        lines += ["".join([f"{label:<{width}}", *cells])] if numbers else wrapped(label) or [""]
    return lines


def wrapped(line: str) -> list[str]:
    """Return a line as lines that fit a page, the later ones indented."""
    return textwrap.wrap(line, _COLUMNS, subsequent_indent="        ", break_long_words=False, break_on_hyphens=False)
