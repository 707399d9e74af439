"""A program's choices in words, as its form says them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from introducer_web.programs.models import Program

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["told_choices"]


def told_choices(choices: Iterable[tuple[str, Any, Any]]) -> list[tuple[str, str, str]]:
    """Return choices that differ, in words: what is chosen, before, after."""
    return [(_name(field), _value(field, before), _value(field, after)) for field, before, after in choices]


def _name(field: str) -> str:
    return str(getattr(Program._meta.get_field(field), "verbose_name", field))


def _value(field: str, value: Any) -> str:
    return str(dict(Program._meta.get_field(field).flatchoices).get(value, value))
