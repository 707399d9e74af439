"""Draws that several modules need. Chance comes in as one generator; the order of draws is part of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Texts = NDArray[np.object_]

__all__ = ["fill", "levels", "one_of", "rows_of", "spread"]


def one_of(rng: np.random.Generator, shares: Mapping[Any, float], size: int) -> Texts:
    """Draw ``size`` keys, each with its share of the sum of all."""
    found: Texts = np.array(list(shares), dtype=object)[rng.choice(len(shares), size, p=_normal(shares.values()))]
    return found


def levels(rng: np.random.Generator, shares: Sequence[float], shape: tuple[int, ...]) -> Ints:
    """Draw levels from 1 on."""
    return 1 + rng.choice(len(shares), shape, p=_normal(shares)).astype(np.int64)


def _normal(weights: Any) -> Floats:
    found = np.array(list(weights), dtype=np.float64)
    shares: Floats = found / found.sum()
    return shares


def rows_of(mask: NDArray[np.bool_], words: Sequence[str]) -> list[list[str]]:
    """Return for every row of a mask the words of its true columns, in order."""
    return [[words[column] for column in np.flatnonzero(row).tolist()] for row in mask]


def spread(rng: np.random.Generator, shares: Mapping[int, float], size: int, total: int) -> Ints:
    """Draw whole numbers that sum to a total, distributed as near to the shares as that allows.

    The shares are tilted, ``share * exp(t * number)``, until their mean is the one needed, numbers are drawn,
    and the few that are missing or too many are added to or taken from people chosen by chance. Where no tilt
    reaches the mean, the range is widened downwards to 0 or upwards.

    Parameters
    ----------
    shares : mapping of int to float
        Positive weights of consecutive numbers.
    size : int
        At least 1.
    total : int
        At least 0.
    """
    mean = total / size
    low, high = min(shares), max(shares)
    if mean < low:
        low = 0
    if mean > high - 0.25:  # a tilt to the very end would give everybody the same
        high = int(np.ceil(mean)) + 1
    numbers = np.arange(low, high + 1)
    least = min(shares.values())
    log_shares = np.log([shares.get(int(number), least) for number in numbers])
    tilt = _tilt(log_shares, numbers.astype(np.float64), mean)
    drawn = numbers[rng.choice(len(numbers), size, p=_tilted(log_shares, numbers, tilt))].astype(np.int64)
    return fill(rng, drawn, low, high, total)


def _tilt(log_shares: Floats, numbers: Floats, mean: float) -> float:
    low, high = -50.0, 50.0
    for _ in range(100):
        middle = (low + high) / 2.0
        if float(_tilted(log_shares, numbers, middle) @ numbers) < mean:
            low = middle
        else:
            high = middle
    return low


def _tilted(log_shares: Floats, numbers: Any, tilt: float) -> Floats:
    weights = log_shares + tilt * numbers
    return _normal(np.exp(weights - weights.max()))


def fill(rng: np.random.Generator, drawn: Ints, low: int, high: int, total: int) -> Ints:
    """Add to or take from numbers chosen by chance until they sum to the total; each stays within its limits.

    Raises
    ------
    ValueError
        If no such numbers sum to the total.
    """
    if not low * len(drawn) <= total <= high * len(drawn):
        raise ValueError(f"{len(drawn)} numbers from {low} to {high} cannot sum to {total}")
    found = drawn.copy()
    while (missing := total - int(found.sum())) != 0:
        step = 1 if missing > 0 else -1
        free = np.flatnonzero(found < high) if step > 0 else np.flatnonzero(found > low)
        found[rng.permutation(free)[: abs(missing)]] += step
    return found
