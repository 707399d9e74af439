"""Several answers in one cell: where one ends and the next begins."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from introducer.io.spelling import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["answers", "may_go_on", "openings"]

#: Pieces of an answer that holds separators itself, at most.
LONGEST = 8

# What is left of a text that holds one, however it is evened out.
_WORD = re.compile("[A-Za-z0-9]")

# Where the name in an answer may end and its level begin.
_LEVEL = re.compile("[(:=]")


def answers(
    text: str, separators: str, may_open: Callable[[str, str], bool], is_known: Callable[[str], bool]
) -> list[str]:
    """Return the answers in one cell. One that holds a separator itself is recognized whole, the longest first.

    Parameters
    ----------
    separators : str
        Each character separates answers, and so does a line's end.
    may_open : callable
        Whether some known text may begin with these two pieces; a yes costs time, a wrong no an answer.
    is_known : callable
        Whether a text is one answer.
    """
    pieces = re.split(f"([{re.escape(separators)}\n])", text)
    found = []
    start = 0
    while start < len(pieces):
        stop = start + 1
        first = pieces[start].strip()
        if first:
            if stop < len(pieces) and may_open(first, pieces[start + 2]):
                for end in range(min(len(pieces), start + 2 * LONGEST - 1), stop, -2):
                    if is_known("".join(pieces[start:end]).strip()):
                        stop = end
                        break
            found.append("".join(pieces[start:stop]).strip())
        start = stop + 1
    return found


def openings(words: Iterable[str]) -> frozenset[str]:
    """Return what folded texts of several words begin with: one word, two ... all."""
    return frozenset(text[: end.start()] for text in words if " " in text for end in re.finditer(r" |\Z", text))


def may_go_on(first: str, second: str, openings: frozenset[str]) -> bool:
    """Tell whether a text that begins with these two pieces may, folded, be one of those with these openings.

    A separator becomes a space when a text is folded. Pieces without plain letters and digits may leave nothing.
    """
    name = _LEVEL.split(second, maxsplit=1)[0]
    if not _WORD.search(first) or not _WORD.search(name):
        return True
    return (fold(first) if name != second else f"{fold(first)} {fold(second)}") in openings
