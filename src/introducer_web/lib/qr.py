"""A link as a QR code (ISO/IEC 18004), drawn here as one SVG path: no picture is fetched from anywhere."""

from __future__ import annotations

from itertools import groupby

import qrcode
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from qrcode.constants import ERROR_CORRECT_M

__all__ = ["code_of"]

#: Light modules around a code, as the standard asks: a camera finds it by them.
QUIET = 4


def code_of(text: str, title: str) -> str:
    """Return the QR code of a text as an SVG element, dark on light in either theme.

    Parameters
    ----------
    text : str
        What a camera reads; error correction of level M, so that up to 15% may be hidden by a reflection.
    title : str
        What somebody who cannot see it is told.
    """
    made = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    made.add_data(text)
    made.make(fit=True)
    rows = made.get_matrix()
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}"><rect width="{0}" height="{0}" fill="#fff"/>'
        '<path fill="#000" shape-rendering="crispEdges" d="{2}"/></svg>',
        len(rows), title, mark_safe(_path(rows)),  # noqa: S308 - letters and numbers made here
    )  # fmt: skip


def _path(rows: list[list[bool]]) -> str:
    """Return the dark modules as one path, a piece for each run of them in a row."""
    pieces = []
    for y, row in enumerate(rows):
        x = 0
        for dark, run in groupby(row):
            width = len(list(run))
            if dark:
                pieces.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return "".join(pieces)
