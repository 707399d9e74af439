"""A program's choices in words, as its form says them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from introducer_web.programs.models import Program
from introducer_web.programs.terms import TERMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["posted_fields", "told_choices"]


def told_choices(choices: Iterable[tuple[str, Any, Any]]) -> list[tuple[str, str, str]]:
    """Return choices that differ, in words: what is chosen, before, after."""
    told = []
    for field, before, after in choices:
        if isinstance(after, dict):
            told += _terms(before, after)
        else:
            told.append((_name(field), _value(field, before), _value(field, after)))
    return told


def _terms(before: Mapping[str, float], after: Mapping[str, float]) -> list[tuple[str, str, str]]:
    """Return the terms whose weights differ."""
    return [
        (str(label), _weight(before.get(name, 0.0)), _weight(after.get(name, 0.0)))
        for name, label in TERMS.items()
        if before.get(name, 0.0) != after.get(name, 0.0)
    ]


def _weight(weight: float) -> str:
    return str(number_format(weight, 0 if weight == int(weight) else 1))


def posted_fields(policy: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return choices as a form would post them: names of inputs and what stands in them."""
    found: list[tuple[str, str]] = []
    for field, value in policy.items():
        if isinstance(value, dict):
            found += [(f"{field}_{name}", str(value.get(name, 0.0))) for name in TERMS]
        else:
            found.append((field, "" if value is None else str(value)))
    return found


def _name(field: str) -> str:
    return str(getattr(Program._meta.get_field(field), "verbose_name", field))


def _value(field: str, value: Any) -> str:
    if value is None:
        return _("no limit")
    return str(dict(Program._meta.get_field(field).flatchoices).get(value, value))
