"""Letting the engine speak a language that the platform has texts in."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.utils import translation

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["spoken", "spoken_here"]


@contextmanager
def spoken(language: str) -> Iterator[None]:
    """Let the engine speak a language that the platform has texts in."""
    with translation.override(language), spoken_here():
        yield


@contextmanager
def spoken_here() -> Iterator[None]:
    """Let the engine speak the active language."""
    import introducer
    from introducer_web.lib.texts import translated  # it imports this module

    with introducer.spoken(translated):
        yield
