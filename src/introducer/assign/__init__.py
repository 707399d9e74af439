"""Plain matrices: who reviews, teaches or mentors whom, when all that is known is a number for each pair.

The problem in words: give each mentee (a paper, a student) at most k of the mentors (reviewers,
teachers) without a conflict, so that no mentor has more than u or fewer than l mentees, and

``total``
    the sum of the affinities of all ties is largest;
``fair``
    the smallest sum of any mentee is as large as it can be, then the next smallest, and so on
    (leximin, ``introducer.assign.fair``);
``cap``
    no tie is made with a probability above Q: the sum of *expected* affinities is largest, and
    one assignment is drawn (``introducer.assign.lottery``).

Affinities add up here: there are no needs to cover, so that the whole is a transportation
problem [1]_, whose linear program has corners of whole numbers. For needs and teams there is
``introducer.match``.

.. [1] Hitchcock F. L., The distribution of a product from several sources to numerous
   localities, J. Math. Phys. 20 (1941) 224-230.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from introducer.assign.fair import leximin
from introducer.assign.lottery import draw, marginals
from introducer.assign.transport import best_total, plain
from introducer.errors import Infeasible
from introducer.solve.elastic import raise_infeasible, refuse_plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["Assignment", "Objective", "assign"]

Objective = Literal["total", "fair"]


@dataclass(frozen=True)
class Assignment:
    """What came out.

    Attributes
    ----------
    ties : tuple of (int, int)
        Mentee and mentor, ascending.
    total : float
        Sum of the affinities of the ties.
    best_total : float
        The largest sum that any assignment has under these limits, without a cap: the linear
        program's optimum.
    least : float
        The smallest sum of any mentee; 0 where there are none.
    marginals : ndarray of float64, shape (M, N), or None
        With a cap: the probability of each tie. Their expected total is
        ``(affinity * marginals).sum()``.
    proved_to : float
        Up to which sum of a mentee the objective ``fair`` is proved: no assignment does better on
        any level to it before it does worse on an earlier one. Infinite where all is proved.
    """

    ties: tuple[tuple[int, int], ...]
    total: float
    best_total: float
    least: float
    marginals: Floats | None = None
    proved_to: float = np.inf

    @property
    def proved(self) -> bool:
        """Whether the objective is proved to be the best possible, on all levels."""
        return self.proved_to == np.inf


def assign(
    affinity: Floats,
    *,
    team: int,
    capacity: int,
    min_load: int = 0,
    conflict: Mask | None = None,
    objective: Objective = "total",
    cap: float | None = None,
    seed: int = 1,
) -> Assignment:
    """Assign mentors to mentees.

    Parameters
    ----------
    affinity : ndarray of float64, shape (M, N)
        Finite. A tie that would lower the sum is not made; one that costs nothing is, while the
        team is not full.
    team : int
        Mentors of a mentee, at most. At least 1.
    capacity, min_load : int
        Mentees of a mentor, at most and at least. ``0 <= min_load <= capacity``.
    conflict : ndarray of bool, shape (M, N), optional
        Pairs that are never tied.
    objective : {"total", "fair"}
    cap : float, optional
        Largest probability of a tie, in (0, 1]. With the objective ``total`` alone.
    seed : int
        Of the draw that a cap asks for.

    Raises
    ------
    ValueError
        If shapes or numbers are out of range.
    Infeasible
        If the lower loads cannot be met; names the mentors, by index, and what stands in the way.

    Examples
    --------
    >>> import numpy as np
    >>> found = assign(np.array([[0.9, 0.5], [0.8, 0.1]]), team=1, capacity=1)
    >>> found.ties, round(found.total, 3)
    (((0, 1), (1, 0)), 1.3)
    """
    _refuse_out_of_range(affinity, team, capacity, min_load, conflict, objective, cap)
    problem = plain(affinity, team, capacity, min_load, conflict)
    refuse_plain(problem)
    best = best_total(problem)
    if best is None:
        raise_infeasible(problem)
    taken, proved, chances = best, np.inf, None
    if objective == "fair":
        taken, proved = leximin(problem, best)
    elif cap is not None:
        found = marginals(problem, cap)
        if found is None:
            raise Infeasible([f"With no tie above a probability of {cap:g}, the lower loads cannot be met."])
        chances = np.zeros(affinity.shape)
        owners = np.repeat(np.arange(len(affinity)), np.diff(problem.arrays.starts))
        chances[owners, problem.arrays.mentors] = found
        taken = draw(problem, found, np.random.default_rng(seed))
    owners = np.repeat(np.arange(len(affinity)), np.diff(problem.arrays.starts))
    ties = tuple(zip(owners[taken].tolist(), problem.arrays.mentors[taken].tolist(), strict=True))
    sums = np.bincount(owners[taken], problem.arrays.pairs[taken], minlength=len(affinity))
    return Assignment(
        ties=ties,
        total=float(sums.sum()),
        best_total=float(problem.arrays.pairs[best].sum()),
        least=float(sums.min(initial=np.inf)) if len(sums) else 0.0,
        marginals=chances,
        proved_to=proved,
    )


def _refuse_out_of_range(
    affinity: Floats, team: int, capacity: int, min_load: int, conflict: Mask | None, objective: str, cap: float | None
) -> None:
    """Raise ``ValueError`` for what cannot be meant."""
    wrong = []
    if affinity.ndim != 2 or not np.isfinite(affinity).all():
        wrong.append("affinity is a table of finite numbers, mentees by mentors")
    if conflict is not None and conflict.shape != affinity.shape:
        wrong.append(f"conflict has the shape {conflict.shape}, affinity {affinity.shape}")
    if team < 1 or capacity < 0 or not 0 <= min_load <= capacity:
        wrong.append("team is at least 1, and min_load from 0 to capacity")
    if objective not in ("total", "fair"):
        wrong.append(f"the objective is total or fair, not {objective!r}")
    if cap is not None and (not 0 < cap <= 1 or objective != "total"):
        wrong.append("cap is above 0 and at most 1, and goes with the objective total")
    if wrong:
        raise ValueError("; ".join(wrong))
