"""Lists of everybody one after the other: where each begins, and what stands in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

__all__ = ["lists_of", "runs", "starts_of"]


def runs(starts: NDArray[np.int64], who: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the runs of some begin when they stand one after the other, and the places that they have now.

    Parameters
    ----------
    starts : (M + 1,)
        Run i is at the places ``starts[i]:starts[i + 1]``.
    who : (n,)
        Whose runs.
    """
    begin = starts_of(np.diff(starts)[who])
    return begin, np.repeat(starts[who] - begin[:-1], np.diff(begin)) + np.arange(begin[-1])


def starts_of(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each of several runs begins, and where the last ends, shape (n + 1,)."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])


def lists_of(teams: Iterable[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return teams as lists of mentors: where each begins, and the mentors."""
    every = list(teams)
    return starts_of(np.array([len(team) for team in every], np.int64)), np.array(
        [j for team in every for j in team], np.int64
    )
