"""The transportation problem, and its best total."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from introducer.problem import Arrays, Problem, no_floors
from introducer.solve.model import run, teams_only

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from introducer.solve.model import Model

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["best_total", "filled", "plain"]

#: A dual below this is nought.
_NOUGHT = 1e-9


def plain(affinity: Floats, team: int, capacity: int, min_load: int, conflict: Mask | None) -> Problem:
    """Return the problem in which affinities are the worths of pairs, and nobody has a need."""
    mentees, mentors = affinity.shape
    allowed = np.ones(affinity.shape, np.bool_) if conflict is None else ~conflict
    counts = allowed.sum(axis=1)
    owners, own = np.nonzero(allowed)
    nothing, empty = np.zeros(0), np.zeros(0, np.int64)
    arrays = Arrays(
        team_sizes=np.full(mentees, team, np.int64),
        capacities=np.full(mentors, capacity, np.int64),
        min_loads=np.full(mentors, min_load, np.int64),
        starts=np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)]),
        mentors=own.astype(np.int64),
        pairs=affinity[owners, own].astype(np.float64),
        widths=np.zeros(mentees, np.int64),
        gain_starts=np.zeros(mentees + 1, np.int64),
        gains=nothing,
        institutions=np.full(mentors, -1, np.int64),
        institution_limit=0,
        kept=np.ones(len(own), np.bool_),
        pinned=np.zeros(len(own), np.bool_),
        quota_mentors=empty,
        quota_limits=empty,
        quota_starts=np.zeros(mentees + 1, np.int64),
        quota_places=empty,
        quota_ids=empty,
        floors=no_floors(mentees),
    )
    return Problem(arrays=arrays, criteria=((),) * mentees, weights=((),) * mentees)


def best_total(problem: Problem) -> Mask | None:
    """Return which candidates an assignment of the largest total takes, shape (P,); None if there is none.

    A corner of the linear program: whole numbers, since each candidate stands in one row of a
    mentee and in rows of one mentor. Of several of the same total it is one with the most ties.
    """
    columns = filled(teams_only(problem, -problem.arrays.pairs))
    return None if columns is None else columns > 1 / 2


def filled(model: Model) -> Floats | None:
    """Return the columns of a corner that is best and, of all best ones, has the largest sum of columns."""
    found = run(model, "corner")
    if found is None:
        return None
    columns, duals = found
    if columns.sum() > model.high[model.families["team size"]].sum() - _NOUGHT:
        return columns
    # What is best is a face: columns with a cost in it stay, rows with a price stay full.
    reduced = model.costs - duals @ model.rows
    fixed = np.abs(reduced) > _NOUGHT
    held = np.abs(duals) > _NOUGHT
    used = model.rows @ columns
    face = replace(
        model,
        costs=np.full(len(columns), -1.0),
        least=np.where(fixed, columns, model.least),
        most=np.where(fixed, columns, model.most),
        low=np.where(held, used, model.low),
        high=np.where(held, used, model.high),
    )
    most = run(face, "corner")
    return columns if most is None else most[0]
