"""Texts and figures as pages say them: what stands in rows, in the language of the reader."""

from __future__ import annotations

import math

from django.utils.formats import number_format
from django.utils.translation import gettext

from introducer_web.lib import engine

__all__ = ["gap", "translated"]


def gap(part: float) -> str:
    """Say a gap, rounded up to hundredths of a percent, so that "at most" stays true."""
    return f"{number_format(math.ceil(part * 10_000 - 1e-9) / 100, 2)}\u202f%"


def translated(text: object) -> str:
    """Return a text in the active language where a catalog has it.

    A catalog has the words of the shipped templates and the sentences of the engine. What a
    society wrote itself stands in none, and is returned as it is.
    """
    if not text:
        return ""  # an empty message is the head of a catalog
    said = gettext(str(text))
    return _compound(said) if said == text else said


def _compound(name: str) -> str:
    """Return what the engine calls a topic, or a wish for a shared attribute, made of translated words."""
    found = engine.compound_names().get(name, ()) if ": " in name or name.startswith("shared ") else ()
    if len(found) == 2:
        return f"{gettext(found[0])}: {gettext(found[1])}"
    return gettext("shared %(name)s") % {"name": gettext(found[0]).lower()} if found else name
