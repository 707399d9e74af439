"""Work on everybody by threads: each by itself, so that the result does not depend on their number."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from numba import get_num_threads

if TYPE_CHECKING:
    from collections.abc import Callable

    Found = TypeVar("Found")

__all__ = ["for_each", "stretches"]


def for_each(look: Callable[[int], Found], count: int, some: int = 1) -> list[Found]:
    """Return what is found for each of 0 to ``count - 1``, in order; a thread takes so many at a time."""
    found = stretches(lambda low, high: [look(i) for i in range(low, high)], count, some)
    return [one for own in found for one in own]


def stretches(work: Callable[[int, int], Found], count: int, some: int) -> list[Found]:
    """Return what is made of each stretch ``low`` to ``high - 1``, in order."""
    if count <= some:
        return [work(0, count)]
    with ThreadPoolExecutor(get_num_threads()) as threads:
        return list(threads.map(lambda low: work(low, min(count, low + some)), range(0, count, some)))
