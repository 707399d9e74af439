"""A cap on the probability of each tie, and one assignment drawn from the capped probabilities.

Marginals: the linear program of the best total with each x_ij at most Q [1]_. Nobody can then
be sure of being tied to anybody, however strong a bid.

The draw keeps every marginal exactly, and every sum at its whole-number neighbours (dependent
rounding [2]_):

1. Ties with a probability strictly between 0 and 1 are edges between mentees and mentors.
2. Find a cycle among them, or, where there is none, a longest path.
3. Along it, alternately raise and lower probabilities by the largest amount that leaves all
   in [0, 1], one way or the other with chances that keep every expectation.
4. At least one edge is settled. Repeat.

.. [1] Jecmen S. et al., Mitigating manipulation in peer review via randomized reviewer
   assignments, NeurIPS 2020.
.. [2] Gandhi R. et al., Dependent rounding and its applications to approximation algorithms,
   J. ACM 53 (2006) 324-360, doi:10.1145/1147954.1147956.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from introducer.assign.transport import filled
from introducer.solve.model import owners, teams_only

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from introducer.problem import Problem

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["draw", "marginals"]

#: Nearer than this to 0 or 1 is 0 or 1.
_SETTLED = 1e-9


def marginals(problem: Problem, cap: float) -> Floats | None:
    """Return the probability of each candidate, shape (P,), none above ``cap``; None if no limits allow it."""
    model = teams_only(problem, -problem.arrays.pairs)
    columns = filled(replace(model, most=model.most * cap))
    return None if columns is None else np.clip(columns, 0.0, cap)


def draw(problem: Problem, chances: Floats, chance: np.random.Generator) -> Mask:
    """Draw an assignment: each candidate with its own probability, all limits kept; shape (P,) bool."""
    mentees = problem.shape[0]
    ends = np.stack([owners(problem), mentees + problem.arrays.mentors], axis=1).tolist()
    x = np.where(chances < _SETTLED, 0.0, np.where(chances > 1 - _SETTLED, 1.0, chances)).tolist()
    around: dict[int, dict[int, None]] = {}  # edges of each end that are open, in order
    for edge, part in enumerate(x):
        if 0.0 < part < 1.0:
            for end in ends[edge]:
                around.setdefault(end, {})[edge] = None
    for end in range(mentees + problem.shape[1]):
        while around.get(end):
            walk = _walk(end, ends, around)
            _push(walk, x, chance)
            for edge in walk:
                if not 0.0 < x[edge] < 1.0:
                    for other in ends[edge]:
                        del around[other][edge]
    return np.array(x) > 1 / 2


def _walk(start: int, ends: list[list[int]], around: dict[int, dict[int, None]]) -> list[int]:
    """Return the edges of a cycle, or of a path that goes on at neither end."""
    last, path = _steps(start, ends, around)
    # A path may have begun in the middle: it is walked anew from where nothing goes on.
    return path if last is None else _steps(last, ends, around)[1]


def _steps(start: int, ends: list[list[int]], around: dict[int, dict[int, None]]) -> tuple[int | None, list[int]]:
    """Walk along open edges: (None, the edges of a cycle), or (where nothing goes on, the edges to there)."""
    here, came, path, place = start, -1, list[int](), {start: 0}
    while True:
        edge = next((each for each in around[here] if each != came), None)
        if edge is None:
            return here, path
        path.append(edge)
        left, right = ends[edge]
        here, came = (right if here == left else left), edge
        if here in place:
            return None, path[place[here] :]
        place[here] = len(path)


def _push(walk: list[int], x: list[float], chance: np.random.Generator) -> None:
    """Raise every other edge of a walk and lower the rest, one way or the other, so that one is settled."""
    odd, even = walk[::2], walk[1::2]
    up = min([1.0 - x[edge] for edge in odd] + [x[edge] for edge in even])
    down = min([x[edge] for edge in odd] + [1.0 - x[edge] for edge in even])
    step = up if chance.random() < down / (up + down) else -down
    for edge in odd:
        x[edge] = _snapped(x[edge] + step)
    for edge in even:
        x[edge] = _snapped(x[edge] - step)


def _snapped(part: float) -> float:
    return 0.0 if part < _SETTLED else 1.0 if part > 1.0 - _SETTLED else part
