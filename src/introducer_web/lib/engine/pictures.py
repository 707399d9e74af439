"""Pictures, drawn by the engine."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from django.utils.safestring import mark_safe

from introducer_web.lib.engine.language import spoken_here

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["picture", "skies", "thumbnail"]


def picture(
    directions: Sequence[tuple[str, int, float, bool]],
    stars: Sequence[tuple[str, Mapping[int, float]]],
    title: str,
    *,
    alone: bool = False,
) -> str:
    """Draw a constellation as one SVG element.

    Parameters
    ----------
    directions : sequence of (name, level, fit, veiled)
        The needs; a veiled one is private and drawn without a name.
    stars : sequence of (name, {index of a direction: fit})
        The mentors.
    title : str
        What somebody who cannot see the picture is told.
    alone : bool
        Whether it carries its own styles, for a mail.
    """
    import introducer

    with spoken_here():
        svg: str = introducer.draw(
            [introducer.Direction(name, level, fit, veiled=veiled) for name, level, fit, veiled in directions],
            [introducer.Star(name, dict(covers)) for name, covers in stars],
            title=title,
            alone=alone,
        )
    return mark_safe(svg)  # noqa: S308 - made by the engine, which escapes every name


def thumbnail(
    directions: Sequence[tuple[str, int, float, bool]], stars: Sequence[tuple[str, Mapping[int, float]]]
) -> str:
    """Draw a constellation small and without words, beside a row that says the same; arguments as ``picture``."""
    import introducer

    svg: str = introducer.draw(
        [introducer.Direction(name, level, fit, veiled=veiled) for name, level, fit, veiled in directions],
        [introducer.Star(name, dict(covers)) for name, covers in stars],
        title="", labels=False,
    )  # fmt: skip
    return mark_safe(svg)  # noqa: S308 - made by the engine, which escapes every name


def skies(mentees: Iterable[tuple[str, int, int]], mentors: Iterable[tuple[str, int, int]]) -> tuple[str, str]:
    """Draw the whole cohort: mentees by open needs, mentors by seats taken.

    Parameters
    ----------
    mentees : iterable of (name, size of the team, needs that nobody covers)
    mentors : iterable of (name, load, capacity)
    """
    import introducer

    asking = [SimpleNamespace(name=name, team=size, open=missing) for name, size, missing in mentees]
    offering = [SimpleNamespace(name=name, load=load, capacity=most) for name, load, most in mentors]
    with spoken_here():
        first, second = introducer.skies(asking, offering)
    return mark_safe(first), mark_safe(second)  # noqa: S308 - made by the engine, which escapes every name
