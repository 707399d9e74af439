"""How evenly an outcome is spread, and what its floor did, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["FloorDid", "Spread", "refused_floor", "spread_of"]


@dataclass(frozen=True)
class FloorDid:
    """What a floor did, against the outcome without it.

    Attributes
    ----------
    level : float
        Least share that everybody was raised to, or owed.
    ceiling : float or None
        A least share that is proved impossible.
    cost, cost_at_most : float
        What all together lose by it, found and proved; 1 is all that one mentee needs.
    without : float
        What all together would have.
    before : float or None
        The least share without it.
    gained, lost : tuple of str
        Ids of mentees whose team is worth more, and less.
    """

    level: float
    ceiling: float | None
    cost: float
    cost_at_most: float
    without: float
    before: float | None
    gained: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True)
class Spread:
    """Shares: how many have one, the least, the 5th percentile; groups of (name, members, mean, low, high)."""

    counted: int
    left_out: int
    least: float | None
    fifth: float | None
    groups: tuple[tuple[str, int, float, float, float], ...]
    floor: FloorDid | None


def spread_of(outcome: Any, mentees: Sequence[str]) -> Spread:
    """Return how evenly a ``introducer.Outcome`` is spread."""
    found = outcome.fairness
    floor = None
    if found.raised is not None and found.plain is not None:
        plain, value = found.plain, outcome.certificate.value
        owed = [level for level in found.raised.levels if level > 0]
        floor = FloorDid(
            level=min(owed, default=0.0),
            ceiling=found.ceiling,
            cost=max(0.0, plain.value - value),
            cost_at_most=max(0.0, plain.bound - value),
            without=plain.value,
            before=plain.minimum,
            gained=tuple(mentees[i] for i in plain.gained),
            lost=tuple(mentees[i] for i in plain.lost),
        )
    return Spread(
        counted=sum(share is not None for share in found.shares),
        left_out=len(found.left_out),
        least=found.minimum,
        fifth=found.fifth,
        groups=tuple((each.name, each.members, each.mean, each.low, each.high) for each in found.groups),
        floor=floor,
    )


def refused_floor(error: Exception) -> tuple[float, float | None] | None:
    """Return what a floor that was refused could be: the least share that was found, and one that is impossible."""
    reached = getattr(error, "reached", None)
    return None if reached is None else (reached, getattr(error, "impossible", None))
