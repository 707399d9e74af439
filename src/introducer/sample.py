"""A sample of mentees, where a cohort has more pairs than can be looked at one by one.

What keeps an outcome from its bound are the regrets of mentees and the slacks of mentors. Slacks
follow from loads and prices; a regret asks for a mentee's best team among all mentors. Beyond
``WHOLE`` pairs that is looked for in a sample:

1. **Draw.** Mentees in the order of SHA-256 of the seed and their ids; the first of them, as many as
   have ``LOOKED`` pairs together, and ``FEWEST`` at least. Neither the order of the roster nor
   whoever computes has a say in it.
2. **Estimate.** The mean regret times the mentees of the cohort, with the interval of Student's t and
   the correction for a sample without replacement [1]_:
   ``M (mean +- t_{n-1} s sqrt((1 - n / M) / n))``.
3. The bound that is stated is value and slacks with the upper end: no proof. A few mentees who regret
   much, none of them drawn, would not be seen.

.. [1] Cochran W. G., Sampling Techniques, 3rd ed., New York: Wiley, 1977, chapter 2.
"""

from __future__ import annotations

import hashlib
import heapq
from math import fsum, sqrt
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

from introducer.outcome import Sample

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["drawn", "estimated", "is_whole"]

#: Of a cohort with more pairs, mentees times mentors, a sample is looked at.
WHOLE = 20_000_000_000
#: Pairs that a sample has at least, and mentees.
LOOKED, FEWEST = 6_000_000_000, 2_000
#: Level of the interval.
LEVEL = 0.95


def is_whole(mentees: int, mentors: int) -> bool:
    """Return whether all pairs of a cohort of this size are looked at."""
    return mentees * mentors <= WHOLE or mentees <= FEWEST


def drawn(ids: Sequence[str], mentors: int, seed: int) -> bool | NDArray[np.bool_]:
    """Return who is in the sample, shape (M,); True where all are.

    Parameters
    ----------
    ids : sequence of str
        Of the mentees.
    mentors : int
        How many there are.
    seed : int
        Of the policy.
    """
    if is_whole(len(ids), mentors):
        return True
    count = min(len(ids), max(FEWEST, -(-LOOKED // mentors)))
    lots = [hashlib.sha256(f"{seed} {mentee}".encode()).digest() for mentee in ids]
    marked = np.zeros(len(ids), np.bool_)
    marked[heapq.nsmallest(count, range(len(ids)), key=lots.__getitem__)] = True
    return marked


def estimated(regrets: NDArray[np.float64], mentees: int) -> Sample:
    """Return what a cohort of so many mentees regrets, from the regrets of a sample, shape (n,) with n >= 2."""
    count = len(regrets)
    mean = fsum(regrets.tolist()) / count
    variance = fsum(((regrets - mean) ** 2).tolist()) / (count - 1)
    reach = float(stdtrit(count - 1, (1 + LEVEL) / 2)) * sqrt(variance * (1 - count / mentees) / count)
    low, high = max(0.0, mean - reach), mean + reach
    return Sample(count, mentees * mean, mentees * low, mentees * high, LEVEL)
