"""The registry of personal fields: what each holds, why, how long, how it is handed out and how it is erased.

Every app declares the fields of its own models in its ``personal.py``; a test fails for a field
that is not there. Download and erasure of a person walk this registry, so that neither can
forget a table.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.apps import apps

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Class", "Erase", "Personal", "Table", "registry"]


class Class(StrEnum):
    """Who may see a value: from everybody to nobody (promises of privacy, section 2)."""

    C0 = "public"
    C1 = "profile"
    C2 = "inside the program"
    C3 = "special category"
    C4 = "confidential"
    C5 = "secret"


class Erase(StrEnum):
    """What becomes of a row when its person is erased."""

    DELETE = "the row goes"
    KEEP = "the row stays; it names nobody"
    BLANK = "its personal fields are blanked; the row stays for the other side, or for the record"


@dataclass(frozen=True)
class Personal:
    """One field, or several alike."""

    kind: Class
    purpose: str
    exported: bool = True


@dataclass(frozen=True)
class Table:
    """One model.

    Attributes
    ----------
    owner : tuple of str
        Paths from a row to the user whose row it is; empty: nobody's.
    erase : Erase
    retention : str
        How long rows stay, in words.
    fields : mapping of str to Personal
        Personal fields by name, several names joined by a space.
    plain : str
        Names of fields that say nothing about a person, joined by spaces.
    kept_from_others : callable, optional
        ``kept_from_others(row)``: whether the row is handed out to its first owner alone.
    own : callable, optional
        Of a row of two: ``own(row, user)`` returns what of the fields that are not handed out is this user's, by name.
    """

    owner: tuple[str, ...]
    erase: Erase
    retention: str
    fields: Mapping[str, Personal] = field(default_factory=dict)
    plain: str = ""
    kept_from_others: Callable[[Any], bool] | None = None
    own: Callable[[Any, Any], Mapping[str, Any]] | None = None

    def declared(self) -> dict[str, Personal | None]:
        """Return every declared field; None for those that are not personal."""
        found: dict[str, Personal | None] = dict.fromkeys(self.plain.split())
        for names, what in self.fields.items():
            found |= dict.fromkeys(names.split(), what)
        return found


def registry() -> dict[str, Table]:
    """Return the tables of all apps of ours by label, ``app.Model``."""
    found: dict[str, Table] = {}
    for app in apps.get_app_configs():
        if app.name.startswith("introducer_web."):
            try:
                module = import_module(f"{app.name}.personal")
            except ModuleNotFoundError:
                continue
            found |= {f"{app.label}.{name}": table for name, table in module.TABLES.items()}
    return found
