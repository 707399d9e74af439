"""How close and how diverse a network is: the two axes of Higgins and Kram (2001), from plain values.

A description and never a grade: none of the four kinds is better than another. Formulas, and what is our own
convention and not the paper's, are in ``docs/explanation/network.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

__all__ = [
    "CLOSE",
    "DIVERSE",
    "HALF_DAYS",
    "MOST_CLOSE",
    "Figures",
    "Person",
    "closeness",
    "contact",
    "density",
    "figures",
    "kind_of",
    "variety",
]

#: After how many days a conversation counts half. Our convention: a quarter, the longest cadence that programs use.
HALF_DAYS = 90
#: The mentee's own rating goes from 1 to this.
MOST_CLOSE = 5
#: From where on ties are called strong, and a network diverse: the middle of the axes. Our convention.
CLOSE = DIVERSE = 0.5


@dataclass(frozen=True)
class Person:
    """Somebody who helps a mentee, as far as the figures need it.

    Attributes
    ----------
    code : str
    days_ago : tuple of int
        How many days ago there was a conversation, each day once.
    rating : int or None
        How close the mentee says that they are, 1 to ``MOST_CLOSE``; None: not said.
    domains, roles, places : frozenset of str
        What they help with, what they are for the mentee, which social systems they are known from.
    """

    code: str
    days_ago: tuple[int, ...] = ()
    rating: int | None = None
    domains: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Figures:
    """What the page says of a network; None where too little is known. All parts in [0, 1].

    Attributes
    ----------
    strength : float or None
        Mean closeness of those of whom something is known.
    known : int
        How many these are.
    domains, roles, places : float or None
        How different any two people are in these.
    density : float or None
        How many of the pairs of whom something was said know each other.
    diversity : float or None
    kind : str
        receptive, traditional, opportunistic, entrepreneurial; empty where an axis is not known.
    """

    strength: float | None
    known: int
    domains: float | None
    roles: float | None
    places: float | None
    density: float | None
    diversity: float | None
    kind: str


def contact(days_ago: Iterable[int]) -> float:
    """Return how much two people are in contact, in [0, 1): ``a / (1 + a)``, ``a`` the sum of ``2 ** (-d / 90)``.

    One conversation today is 1/2; once a month for long, about 5/6.
    """
    weight = sum(2.0 ** (-max(0, days) / HALF_DAYS) for days in days_ago)
    return weight / (1 + weight)


def closeness(person: Person) -> float | None:
    """Return how close somebody is, in [0, 1]: the mean of contact and of the mentee's rating, or the one there is.

    Of whom nothing was noted and nothing said, nothing is known: that they never talked would be a guess.
    """
    rated = None if person.rating is None else (person.rating - 1) / (MOST_CLOSE - 1)
    talked = contact(person.days_ago) if person.days_ago else None
    return _mean([part for part in (rated, talked) if part is not None])


def variety(kinds: Sequence[frozenset[str]]) -> float | None:
    """Return how different people are, in [0, 1]: the mean Jaccard distance over all pairs of whom something is known.

    0: all are the same; 1: no two have anything in common. None for fewer than two people.
    """
    known = [each for each in kinds if each]
    return _mean([1 - len(a & b) / len(a | b) for a, b in combinations(known, 2)])


def density(codes: Collection[str], knows: Mapping[str, Collection[str]]) -> float | None:
    """Return the part of the pairs that know each other, of those pairs of which the mentee said something.

    Parameters
    ----------
    codes : collection of str
        Who is in the network now.
    knows : mapping of str to collection of str
        Of whom the mentee said it: who of the others they know. Either of the two is enough.
    """
    said = [
        b in knows.get(a, ()) or a in knows.get(b, ())
        for a, b in combinations(sorted(codes), 2)
        if a in knows or b in knows
    ]
    return _mean([float(each) for each in said])


def kind_of(strength: float | None, diversity: float | None) -> str:
    """Return which of the four kinds a network is of; empty where one of the axes is not known."""
    if strength is None or diversity is None:
        return ""
    if diversity >= DIVERSE:
        return "entrepreneurial" if strength >= CLOSE else "opportunistic"
    return "traditional" if strength >= CLOSE else "receptive"


def figures(people: Sequence[Person], knows: Mapping[str, Collection[str]]) -> Figures:
    """Return all figures of a network of those who help now."""
    close = [each for each in map(closeness, people) if each is not None]
    domains, roles, places = (
        variety([getattr(person, name) for person in people]) for name in ("domains", "roles", "places")
    )
    dense = density([person.code for person in people], knows)
    range_ = _mean([each for each in (domains, roles, places) if each is not None])
    parts = [each for each in (range_, None if dense is None else 1 - dense) if each is not None]
    diversity = _mean(parts) if range_ is not None else None
    strength = _mean(close)
    return Figures(strength, len(close), domains, roles, places, dense, diversity, kind_of(strength, diversity))


def _mean(parts: Sequence[float]) -> float | None:
    return sum(parts) / len(parts) if parts else None
