"""How wide a text will be, before any browser has seen it.

Widths are upper bounds in hundredths of the font size: the wider of Inter at weight 600 and
DejaVu Sans, each measured, so that a label that fits here fits where Inter is missing too.
"""

from __future__ import annotations

import math
import unicodedata
from itertools import pairwise

__all__ = ["width", "wrap"]

#: From the space to the tilde, in the order of ASCII.
_ASCII = (
    "32 41 46 84 65 96 78 28 40 40 55 84 32 47 32 38 67 64 64 66 67 64 65 64 65 65 34 34 84 84 84 55 100 73 69 75 "
    "78 64 59 78 76 30 57 68 57 91 76 79 65 79 70 65 66 75 73 101 70 71 69 40 38 40 84 50 50 62 64 58 64 62 38 64 "
    "64 28 28 58 28 98 64 62 64 64 42 55 40 64 60 84 60 60 57 64 36 64 84 "
)
_WIDTHS = {chr(32 + k): int(wide) for k, wide in enumerate(_ASCII.split())}
#: For a letter that is not in the table: a capital, a wide (East Asian) one, any other.
_CAPITAL, _WIDE, _OTHER = 84, 106, 72
#: Arabic letters at the end of a word are up to so wide.
_ARABIC = 124
#: Where a word may be broken: after one of these.
_JOINTS = "-/"
_CUT = "…"


def width(text: str, size: float) -> float:
    """Return an upper bound of the width of one line at a font size, in the size's unit."""
    return sum(map(_hundredths, text)) * size / 100


def _hundredths(letter: str) -> int:
    known = _WIDTHS.get(letter)
    if known is not None:
        return known
    if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return _WIDE
    base = unicodedata.normalize("NFD", letter)[0]
    if base != letter:
        return _hundredths(base)
    if unicodedata.bidirectional(letter) == "AL":
        return _ARABIC
    return _CAPITAL if letter.isupper() else _OTHER


def wrap(text: str, size: float, room: float, lines: int) -> tuple[str, ...]:
    """Break a text into at most so many lines that are no wider than the room.

    Words are kept whole where they fit; what is left over ends in an ellipsis.

    Returns
    -------
    tuple of str
        Empty for an empty text.
    """
    broken: list[str] = []
    for word in text.split():
        for piece in _pieces(word, size, room):
            glue = "" if broken and piece.startswith("\0") else " "
            piece_text = piece.removeprefix("\0")
            if broken and width(broken[-1] + glue + piece_text, size) <= room:
                broken[-1] += glue + piece_text
            else:
                broken.append(piece_text)
    if len(broken) <= lines:
        return tuple(broken)
    last = broken[lines - 1]
    while last and width(last + _CUT, size) > room:
        last = last[:-1]
    return (*broken[: lines - 1], last.rstrip() + _CUT)


def _pieces(word: str, size: float, room: float) -> list[str]:
    """Break one word after its joints, and anywhere if need be; a piece that continues begins with NUL."""
    cuts = [0, *(k + 1 for k, letter in enumerate(word[:-1]) if letter in _JOINTS), len(word)]
    pieces = [piece for start, end in pairwise(cuts) for piece in _parts(word[start:end], size, room)]
    return [pieces[0], *("\0" + piece for piece in pieces[1:])]


def _parts(word: str, size: float, room: float) -> list[str]:
    """Break a word that is too wide into about equal parts, with hyphens between the letters of scripts with case."""
    few = max(1, math.ceil(width(word, size) / room))
    for count in range(few, len(word) + 1):
        cuts = [round(len(word) * k / count) for k in range(count + 1)]
        parts = [word[start:end] + _hyphen(word, end) for start, end in pairwise(cuts)]
        if all(width(part, size) <= room for part in parts):
            return parts
    return list(word)


def _hyphen(word: str, at: int) -> str:
    return "-" if at < len(word) and word[at - 1].islower() and word[at].islower() else ""
