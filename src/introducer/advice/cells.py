"""Which counts of people may be shown: none that is small, nor one that tells a small one by subtraction."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LEAST", "at_least", "shown"]

#: Fewer people than this are never counted for what is private, sensitive or confidential.
LEAST = 10


def at_least(number: int) -> int | None:
    """Return a count of people, or None where it is too small to be shown; 0 is."""
    return number if number == 0 or number >= LEAST else None


def shown(cells: Mapping[str, int], total: int) -> dict[str, int]:
    """Return the cells of a total that may stand beside it, the largest first (equals by name).

    Small cells are left out; and while the rest that they leave is small itself, the smallest of
    the others too, since the total would tell it (complementary suppression [1]_).

    Parameters
    ----------
    cells : mapping of str to int
        Counts of people, at least 0, each of whom is in one cell at most.
    total : int
        Of how many people.

    References
    ----------
    .. [1] Hundepool A. et al., Statistical Disclosure Control, Wiley (2012), section 4.2.

    Examples
    --------
    >>> shown({"north": 30, "south": 12, "west": 3}, 45)
    {'north': 30}
    """
    kept = sorted(((name, n) for name, n in cells.items() if n >= LEAST), key=lambda cell: (-cell[1], cell[0]))
    while kept and 0 < total - sum(n for _name, n in kept) < LEAST:
        kept.pop()
    return dict(kept)
