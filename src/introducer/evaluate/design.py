"""What could have come about and what did, as arrays: the design that estimators go by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from introducer.io.chances import Chances
    from introducer.io.results import Results

__all__ = ["Possible", "Units", "units"]


class Possible(NamedTuple):
    """A team that a mentee could get: its mentors, how probable it was, the coin that decided (-1: none), its fate."""

    team: tuple[str, ...]
    propensity: float
    coin: int
    drawn: bool


@dataclass(frozen=True)
class Units:
    """Every tie, or every team, that could have come about, shapes (K,), and what the target would do with it.

    Attributes
    ----------
    propensities : in (0, 1]
    targets : probabilities under the target
    coins : number of the coin that decided, -1 where none did
    happened : whether it came about
    results : not a number where none is known
    beyond : float
        Sum of the target's probabilities of what could not have come about.
    """

    propensities: NDArray[np.float64]
    targets: NDArray[np.float64]
    coins: NDArray[np.int64]
    happened: NDArray[np.bool_]
    results: NDArray[np.float64]
    beyond: float

    @property
    def supported(self) -> float:
        """Part of what the target would do that could have come about, in [0, 1]."""
        inside = float(self.targets.sum())
        return inside / (inside + self.beyond) if inside else 0.0


def units(
    possible: Mapping[str, Sequence[Possible]],
    target: Chances,
    results: Results,
) -> Units:
    """Lay out ties or teams, as the results are of.

    Parameters
    ----------
    possible : mapping of str to sequence of Possible
        By mentee. A unit of all teams of a mentee is certain.
    target : Chances
    """
    rows: list[tuple[float, float, int, bool, float]] = []
    beyond = 0.0
    for mentee in sorted({*possible, *target}):
        aims: dict[Hashable, float] = {}
        for team, chance in target.get(mentee, ()):
            for unit in _units(mentee, team, results.unit):
                aims[unit] = aims.get(unit, 0.0) + chance
        held: dict[Hashable, tuple[float, int, bool]] = {}
        for each in possible.get(mentee, ()):
            for unit in _units(mentee, each.team, results.unit):
                both = unit in held
                held[unit] = (1.0, -1, True) if both else (each.propensity, each.coin, each.drawn)
        for unit, (chance, coin, happened) in held.items():
            result = results.values.get(unit, np.nan) if happened else np.nan
            rows.append((chance, aims.pop(unit, 0.0), coin, happened, result))
        beyond += sum(aims.values())
    columns = list(zip(*rows, strict=True)) or [()] * 5
    return Units(
        propensities=np.array(columns[0], np.float64),
        targets=np.array(columns[1], np.float64),
        coins=np.array(columns[2], np.int64),
        happened=np.array(columns[3], np.bool_),
        results=np.array(columns[4], np.float64),
        beyond=beyond,
    )


def _units(mentee: str, team: Sequence[str], unit: str) -> Iterator[Hashable]:
    """Yield a team's ties, or the team by its mentee and mentors; a team of nobody is none."""
    if unit == "tie":
        yield from ((mentee, mentor) for mentor in team)
    elif team:
        yield mentee, tuple(team)
