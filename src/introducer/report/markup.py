"""The few pieces of HTML that every section is made of. Whatever comes from people is escaped here."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = [
    "around",
    "bar",
    "dot",
    "fold",
    "fold_pieces",
    "name",
    "no_bar",
    "seats",
    "section",
    "table",
    "table_pieces",
    "text",
]


#: Longer words may be broken after so many letters.
_LONG = 16


def text(value: object) -> str:
    """Return plain text as HTML; a very long word may be broken, so that no page scrolls sideways."""
    words = str(value).split(" ")
    return " ".join("<wbr>".join(escape(word[k : k + _LONG]) for k in range(0, len(word), _LONG)) for word in words)


def name(value: str) -> str:
    """Return a person's name as HTML, kept apart from the direction of the text around it."""
    return f"<bdi>{text(value)}</bdi>"


def section(code: str, title: str, body: str, *, kind: str = "card", lede: str = "") -> str:
    """Return a section with its heading of level 2; lede and body are HTML."""
    begin, end = around(code, title, kind=kind, lede=lede)
    return f"{begin}{body}{end}"


def around(code: str, title: str, *, kind: str = "card", lede: str = "") -> tuple[str, str]:
    """Return what stands before and after the body of a section that is made piece by piece."""
    lead = f'<p class="soft">{lede}</p>' if lede else ""
    heading = f'<h2 id="h-{code}">{text(title)}</h2>'
    return f'<section id="{code}" class="{kind}" aria-labelledby="h-{code}">{heading}{lead}', "</section>"


def table(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: str = "", kind: str = ""
) -> str:
    """Return a table.

    Parameters
    ----------
    caption : str
        Plain text, for those who cannot see what stands around the table.
    head : sequence of str
        Plain text; the first column heads its rows.
    rows : iterable of sequence of str
        HTML cells.
    numbers : str
        One letter a column: ``n`` is set flush and tabular, ``w`` is wide, any other is text.
    kind : str
        Class of the table.
    """
    return "".join(table_pieces(caption, head, rows, numbers=numbers, kind=kind))


def table_pieces(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: str = "", kind: str = ""
) -> Iterator[str]:
    """Yield a long table piece by piece; parameters as of ``table``."""
    kinds = [{"n": ' class="n"', "w": ' class="w"'}.get(mark, "") for mark in numbers.ljust(len(head))]
    heads = "".join(f'<th scope="col"{look}>{text(title)}</th>' for title, look in zip(head, kinds, strict=True))
    # On a phone the style sheet lays these rows out as blocks; the roles keep them a table.
    roles = {part: f' role="{part}"' if kind else "" for part in ("row", "rowheader", "cell")}
    said = [f' data-k="{escape(title)}"' if kind else "" for title in head]
    whole = f' class="{kind}" role="table"' if kind else ""
    yield f"<table{whole}><caption>{text(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>"
    for row in rows:
        cells = (
            f'<th scope="row"{roles["rowheader"]}{look}>{cell}</th>'
            if k == 0
            else f"<td{roles['cell']}{look}{said[k]}>{cell}</td>"
            for k, (cell, look) in enumerate(zip(row, kinds, strict=True))
        )
        yield f"<tr{roles['row']}>{''.join(cells)}</tr>"
    yield "</tbody></table>"


def fold(summary: str, body: str) -> str:
    """Return a part that opens on demand, and in print by itself."""
    return "".join(fold_pieces(summary, [body]))


def fold_pieces(summary: str, body: Iterable[str]) -> Iterator[str]:
    """Yield a part that opens on demand, whose body is made piece by piece."""
    yield f"<details><summary>{text(summary)}</summary>"
    yield from body
    yield "</details>"


def bar(part: float) -> str:
    """Return a bar filled to a part in [0, 1]; the same figure stands beside it as text."""
    return f'<span class="bar" aria-hidden="true"><i style="width:{100 * part:.0f}%"></i></span>'


def no_bar() -> str:
    """Return the broken outline of a bar, where there is nothing to fill it from."""
    return '<span class="bar none" aria-hidden="true"></span>'


def seats(load: int, capacity: int) -> str:
    """Return one mark a seat, filled where it is taken; up to 12, else a bar."""
    most = max(load, capacity)
    if most > 12:
        return bar(load / most)
    marks = "<b></b>" * load + "<i></i>" * (most - load)
    return f'<span class="seats" aria-hidden="true">{marks}</span>'


def dot(band: int) -> str:
    """Return the sign of a band of fit, as in the pictures."""
    return f'<i class="g g{band}" aria-hidden="true"></i>'
