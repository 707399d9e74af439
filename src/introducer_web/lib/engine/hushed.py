"""What is said of an outcome to coordinators, without who chose whom: that was said in confidence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["hushed"]

_NUMBERS = re.compile(r"^(?P<words>.*?)(?P<space>\s+)(?P<worth>\d+\.\d{3})(?P<gap>\s+)(?P<lost>\d+\.\d{3})$")


def hushed(text: str) -> str:
    """Return an explanation in which all that one mentor and the mentee have in common is one number.

    The engine names each part, the mentee's own choice and the mentor's among them. One number in the place of all of
    them still sums. It is done for every tie of a run in which anybody chose, so that it tells nothing by itself.
    The text is in the active language.
    """
    begins = gettext("pair: {pair}").format(pair="")
    return "\n".join(_lines(text.split("\n"), begins))


def _lines(lines: list[str], begins: str) -> Iterator[str]:
    held: list[re.Match[str]] = []
    for line in lines:
        found = _NUMBERS.match(line)
        if found and found["words"].startswith(f"  {begins}"):
            held.append(found)
            continue
        if held:
            yield _one(held, begins)
            held = []
        yield line
    if held:
        yield _one(held, begins)


def _one(held: list[re.Match[str]], begins: str) -> str:
    first = held[0]
    whole = gettext("all that the two have in common")
    words = f"  {begins}{whole}"
    width = len(first["words"]) + len(first["space"]) + len(first["worth"])
    worth, lost = (f"{sum(round(1000 * float(row[name])) for row in held) / 1000:.3f}" for name in ("worth", "lost"))
    return f"{words} {worth.rjust(max(0, width - len(words) - 1))}{first['gap']}{lost}"
