"""The one door to the engine. Names are loaded on first use: a web process that needs none pays nothing."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from introducer import Outcome, Reading, Vocabulary

__all__ = ["read", "shipped_templates", "suggest", "template_vocabulary"]


@lru_cache
def template_vocabulary(name: str) -> Vocabulary:
    """Return the words of a shipped template, ``name/version``."""
    import introducer

    return introducer.load_template(name).vocabulary


def shipped_templates() -> tuple[str, ...]:
    """Return the names of the shipped templates."""
    import introducer

    return introducer.shipped_templates()


def read(folder: Path) -> Reading:
    """Read a folder in the open format; raises ``introducer.RosterError`` with all its faults."""
    import introducer

    return introducer.read(folder)


def suggest(folder: Path) -> Any:
    """Propose a mapping for the headers and the cells of a folder that are not known yet."""
    import introducer

    return introducer.suggest(folder)
