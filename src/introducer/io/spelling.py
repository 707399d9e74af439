"""When two texts are the same, and what numbers, levels and yes or no look like in words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "ANY",
    "LEVELS",
    "NO",
    "NUMBERS",
    "YES",
    "alike",
    "count_in",
    "fold",
    "folded_id",
    "level_in",
    "plain",
]

NUMBERS = {
    word: number
    for number, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    )
}

#: Spellings of a level.
LEVELS: Mapping[str, int] = {
    "none": 0,
    "no": 0,
    "not at all": 0,
    "nothing": 0,
    "a little": 1,
    "little": 1,
    "a bit": 1,
    "low": 1,
    "some": 2,
    "somewhat": 2,
    "medium": 2,
    "moderate": 2,
    "quite a bit": 2,
    "a lot": 3,
    "very much": 3,
    "a great deal": 3,
    "high": 3,
    **{word: number for word, number in NUMBERS.items() if number <= 3},
}

YES = frozenset({"yes", "y", "true", "t", "1", "x", "on", "checked", "✓", "✔", "si", "sí", "ja", "oui"})
NO = frozenset({"no", "n", "false", "f", "0", "off", "unchecked", "nein", "non"})

#: Counts without a number.
ANY = frozenset({"any", "any number", "no limit", "unlimited", "as many as needed"})

_TYPED = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-"})

_AT_MOST = re.compile(r"\b(up to|at most|(?:a )?max(?:imum)?\.?(?: of)?|(?:no|not) more than)\b\.?")

# A sentence around a count may hold these words and no others, so that nothing in it can turn its meaning round.
_AROUND = frozenset(
    re.findall(
        r"\S+",
        "i i'm i'd i'll im am will would could can be able willing happy glad ready prepared like want prefer to take "
        "on have mentor accept support mentee mentees mentors person people only just please",
    )
)


def plain(text: str) -> str:
    """Return a text for comparing cells: compatibility forms, case, spaces and typeset marks evened out."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_TYPED).casefold().split())


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """Return a text for comparing names and headers: as ``plain``, and without accents and punctuation."""
    apart = unicodedata.normalize("NFKD", plain(text).replace("'", ""))
    kept = "".join(
        mark if unicodedata.category(mark)[0] in "LNM" else " " for mark in apart if not "\u0300" <= mark <= "\u036f"
    )
    return unicodedata.normalize("NFC", " ".join(kept.split())) or plain(text)


def folded_id(text: str) -> str:
    """Return an id as it is compared: exactly as written, but an e-mail address in lower case."""
    return text.casefold() if "@" in text else text


def alike(text: str) -> str:
    """Return what an id looks like: equal for ids that a reader would take for one another."""
    if not text.isascii():
        text = "".join(mark for mark in unicodedata.normalize("NFKC", text) if unicodedata.category(mark) != "Cf")
    return " ".join(text.casefold().split())


def level_in(text: str) -> int | None:
    """Return the level that a plain text states in one of the documented forms, else None.

    ``2``, ``2.0``, ``two``, a spelling of ``LEVELS``, ``3 - a lot`` and ``a lot (3)``. A number and a
    spelling that contradict each other state nothing.
    """
    if re.fullmatch(r"[0-3](\.0+)?", text):
        return int(text[0])
    if text in LEVELS:
        return LEVELS[text]
    both = re.fullmatch(r"\(?(?P<n>[0-3])\)?\s*[-:.=)]?\s+(?P<word>[^\d\W].*)", text) or re.fullmatch(
        r"(?P<word>[^\d\W].*?)\s*\((?P<n>[0-3])\)", text
    )
    if both is None:
        return None
    number = int(both["n"])
    return number if LEVELS.get(both["word"], number) == number else None


def count_in(text: str) -> int | None:
    """Return the count that a plain text states in one of the documented forms, else None.

    ``2``, ``2.0``, ``two``, ``none``, ``5+``, ``5 or more``, ``up to 3``, ``at most two``, ``max 3``, and a
    sentence that holds one number and else only words of ``_AROUND``.
    """
    if text == "none":
        return 0
    if re.fullmatch(r"[0-9]+(\.0+)?", text):
        return int(text.partition(".")[0])
    rest = _AT_MOST.sub(" ", text, count=1)
    rest = re.sub(r"(?<=\w)(\+| or more\b)", " ", rest, count=1)
    if not re.fullmatch(r"[a-z0-9' ]+[.!]?", rest):
        return None
    words = re.findall(r"[a-z0-9']+", rest)
    numbers = [word for word in words if word not in _AROUND]
    if len(numbers) != 1:
        return None
    word = numbers[0]
    return NUMBERS[word] if word in NUMBERS else int(word) if re.fullmatch("[0-9]+", word) else None
