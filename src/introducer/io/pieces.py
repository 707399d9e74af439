"""Texts that are made piece by piece, so that no file of a large outcome is ever held whole."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from io import TextIOWrapper
    from pathlib import Path

__all__ = ["SIZE", "Pieces", "difference", "gathered", "sealed"]

#: Smaller pieces are joined until they have so many characters.
SIZE = 1 << 16
#: So many characters before the first difference are shown, and in all.
_BEFORE, _SHOWN = 40, 100


@dataclass(frozen=True)
class Pieces:
    """A text that is made anew whenever it is read.

    Attributes
    ----------
    make : callable
        Returns the text in pieces, the same ones every time.
    """

    make: Callable[[], Iterable[str]]

    def __iter__(self) -> Iterator[str]:
        return gathered(self.make())

    def __str__(self) -> str:
        return "".join(self)


def gathered(pieces: Iterable[str]) -> Iterator[str]:
    """Join small pieces until each but the last has ``SIZE`` characters or more."""
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= SIZE:
            yield "".join(held)
            held.clear()
            size = 0
    if size:
        yield "".join(held)


def sealed(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield a JSON document with a digest of itself, so that a later edit shows."""
    digest = hashlib.sha256()
    body = json.JSONEncoder(sort_keys=True, ensure_ascii=False, allow_nan=False).iterencode(document)
    for piece in gathered(body):
        digest.update(piece.encode())
    yield from gathered(
        json.JSONEncoder(indent=1, ensure_ascii=False).iterencode({**document, "sha256": digest.hexdigest()})
    )
    yield "\n"


def difference(path: Path, expected: Iterable[str]) -> list[str]:
    """Return a sentence for the first line of a file that is not what it should be; nothing if all of them are."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return _first(path.name, file, expected)
    except OSError:
        return [f"{path.name} is missing."]
    except UnicodeDecodeError:
        return [f"{path.name} is not UTF-8."]


def _first(name: str, file: TextIOWrapper, expected: Iterable[str]) -> list[str]:
    pieces = iter(expected)
    number, line = 1, ""  # the end of what was alike of the line
    while True:
        piece = next((piece for piece in pieces if piece), "")
        found = file.read(len(piece) or 1)
        if piece != found:
            break
        if not piece:
            return []
        number += piece.count("\n")
        line = (line + piece).rpartition("\n")[2][-_BEFORE:]
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(piece, found, strict=False)))
    number += piece[:alike].count("\n")
    line = (line + piece[:alike]).rpartition("\n")[2][-_BEFORE:]
    is_there = _line(line, found[alike:] + file.read(_SHOWN))
    should_be = _line(line, piece[alike:] + "".join(islice(pieces, _SHOWN)))
    return [f"{name}, line {number}: holds {is_there}, and {should_be} follows from the input."]


def _line(begin: str, rest: str) -> str:
    """Return a piece of a line around its first difference: a line of the report is long."""
    head, end, _others = rest.partition("\n")
    text = begin + head + end
    return repr(text[:_SHOWN]) if text else "nothing"
