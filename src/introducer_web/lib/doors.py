"""Ways on from a page, opened by the apps that stand above it: a page knows that there are some, and not whose.

Each app opens its doors when the platform starts (``apps.py``); they are shown in that order, which is the order of
the apps in the settings. A door that waits for whoever looks comes first, one that is seldom needed last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = [
    "Door",
    "between",
    "between_of",
    "cohorts",
    "cohorts_of",
    "home",
    "home_of",
    "organic",
    "organic_of",
    "relationships",
    "relationships_of",
    "setup",
    "setup_of",
]


@dataclass(frozen=True)
class Door:
    """One way on.

    Attributes
    ----------
    title : str
        Where it leads; a sentence or less, in the reader's language.
    url : str
        Its path.
    says : str
        How it stands there, in a few words; empty where there is nothing to say.
    waits : bool
        Whether something there waits for whoever looks.
    seldom : int
        The higher, the later on the page, wherever its app stands: 1 for what one does now and then, 2 for what ends
        something.
    """

    title: str
    url: str
    says: str = ""
    waits: bool = False
    seldom: int = 0

    @property
    def order(self) -> tuple[bool, int]:
        """Where it stands among the others."""
        return not self.waits, self.seldom


#: What opens doors, and what it asks of the row that the page is of: expressions by name, all in one query.
_Opener = tuple["Callable[..., Iterable[Door]]", "Callable[..., Mapping[str, Any]] | None"]
_between: list[_Opener] = []
_home: list[_Opener] = []
_cohorts: list[Callable[..., Mapping[int, Door]]] = []
_organic: list[Callable[..., Iterable[Door]]] = []
_setup: list[Callable[..., Iterable[Door]]] = []
_on_relationships: list[Callable[..., Iterable[Door]]] = []


def between(doors: Callable[..., Iterable[Door]], asks: Callable[..., Mapping[str, Any]] | None = None) -> None:
    """Open doors on the page of two people: ``doors(person=..., relationship=..., now=...)``; one query or two.

    With ``asks``, which is given the same and returns expressions on the relationship by name, ``doors`` takes their
    values as ``found`` too: what all ask is one query.
    """
    _between.append((doors, asks))


def home(doors: Callable[..., Iterable[Door]], asks: Callable[..., Mapping[str, Any]] | None = None) -> None:
    """Open doors on a person's home: ``doors(person=..., now=...)``; one query at most; ``asks`` of the person."""
    _home.append((doors, asks))


def cohorts(doors: Callable[..., Mapping[int, Door]]) -> None:
    """Open a door beside each cohort that a coordinator runs: ``doors(cohorts=..., now=...)``, by primary key.

    Two queries at most, however many cohorts there are.
    """
    _cohorts.append(doors)


def organic(doors: Callable[..., Iterable[Door]]) -> None:
    """Open doors on a mentee's page of somebody they had already: ``doors(person=..., tie=..., now=...)``."""
    _organic.append(doors)


def setup(doors: Callable[..., Iterable[Door]]) -> None:
    """Open doors on the page of those who run programs: ``doors(society=..., programs=..., now=...)``; one query."""
    _setup.append(doors)


def relationships(doors: Callable[..., Iterable[Door]]) -> None:
    """Open doors on the relationships of a cohort: ``doors(cohort=..., now=...)``; one query at most."""
    _on_relationships.append(doors)


def between_of(**given: Any) -> list[Door]:
    """Return the ways on from the page of two."""
    return _asked_together(_between, given["relationship"], given)


def home_of(**given: Any) -> list[Door]:
    """Return the ways on from a home."""
    return _asked_together(_home, given["person"], given)


def cohorts_of(**given: Any) -> dict[int, list[Door]]:
    """Return the ways on beside each cohort, by its primary key."""
    found: dict[int, list[Door]] = {}
    for opened in _cohorts:
        for cohort, door in opened(**given).items():
            found.setdefault(cohort, []).append(door)
    return found


def organic_of(**given: Any) -> list[Door]:
    """Return the ways on from the page of somebody whom a mentee had already."""
    return _asked(_organic, given)


def setup_of(**given: Any) -> list[Door]:
    """Return the ways on from the page of those who run programs."""
    return _asked(_setup, given)


def relationships_of(**given: Any) -> list[Door]:
    """Return the ways on from the relationships of a cohort."""
    return _asked(_on_relationships, given)


def _asked(openers: list[Callable[..., Iterable[Door]]], given: dict[str, Any]) -> list[Door]:
    found = [door for opened in openers for door in opened(**given)]
    return sorted(found, key=lambda door: door.order)


def _asked_together(openers: list[_Opener], row: Any, given: dict[str, Any]) -> list[Door]:
    """Return the doors of all, and ask what they ask of a row in one query."""
    asked = [asks(**given) if asks is not None else None for _doors, asks in openers]
    every = {name: what for each in asked if each for name, what in each.items()}
    found = type(row)._default_manager.filter(pk=row.pk).annotate(**every).values(*every).get() if every else {}
    shown: list[Door] = []
    for (doors, _asks), own in zip(openers, asked, strict=True):
        shown += doors(**given) if own is None else doors(**given, found={name: found[name] for name in own})
    return sorted(shown, key=lambda door: door.order)
