"""What reading leaves behind beside the roster: faults and notices, gathered while it goes on."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from introducer.errors import Fault
from introducer.saying import say

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Notes", "SetAside", "nearest", "one_of"]


@dataclass(frozen=True, slots=True, order=True)
class SetAside:
    """A row that is not used: its file, its row as a spreadsheet counts it, and why."""

    file: str
    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class Notes:
    """A mutable notebook that one reading passes from hand to hand.

    Attributes
    ----------
    faults : list of Fault
        All that is wrong, in the order in which it was found.
    notices : list of str
        What a coordinator should know although nothing is wrong.
    set_aside : list of SetAside
        Rows that are not used.
    """

    faults: list[Fault] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)

    def fault(
        self, file: str, reason: str, suggestion: str = "", *, row: int = 0, column: str = "", value: str = ""
    ) -> None:
        """Write a fault down. A long value is cut to 200 characters."""
        shown = value if len(value) <= 200 else value[:199] + "…"
        self.faults.append(Fault(file, row, column, shown, reason, suggestion))

    def notice(self, text: str) -> None:
        """Write a notice down, once."""
        if text not in self.notices:
            self.notices.append(text)


def nearest(text: str, known: Iterable[str]) -> str:
    """Return the known text that looks most like another, case aside, or an empty text if none is near."""
    names = {name.casefold(): name for name in sorted(known, reverse=True)}
    found = difflib.get_close_matches(text.casefold(), sorted(names), n=1, cutoff=0.6)
    return names[found[0]] if found else ""


def one_of(text: str, known: Iterable[str]) -> str:
    """Return a suggestion: the nearest of the known texts, else the list itself while it is short."""
    names = list(known)
    near = nearest(text, names)
    if near:
        return say("Did you mean {near!r}?", near=near)
    return say("Known are {join}.", join=", ".join(names)) if 0 < len(names) <= 12 else ""
