"""The problem as rows and columns, and HiGHS to solve them.

Columns: one x per candidate (is it in the team), then, for the whole model, one y per
candidate and criterion with a positive gain (does it cover that criterion)::

    maximize    sum a x + sum g y
    subject to  y <= x,  sum_c y_dc <= 1 per mentee and criterion,  and the rules on x,
                sum a x + sum g y >= F_i for a mentee with a floor

With x whole, the largest gain takes the whole y: no y needs to be whole.
HiGHS [1]_ minimizes here, with costs of the opposite sign.

.. [1] Huangfu Q., Hall J. A. J., Parallelizing the dual revised simplex method, Math. Prog.
   Comput. 10 (2018) 119-142, doi:10.1007/s12532-017-0130-5.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import highspy
import numpy as np
from scipy import sparse

from introducer.problem import NO_FLOOR

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from introducer.problem import Problem, Teams

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["FAMILIES", "Method", "Model", "as_teams", "owners", "run", "singles", "teams_only", "whole"]

Method = Literal["whole", "corner", "middle"]
_Status = highspy.HighsModelStatus

#: Families of rows on x, in the order in which they stand in a model.
FAMILIES = ("team size", "kept seat", "institution limit", "capacity", "quota", "lower load")


@dataclass(frozen=True)
class Model:
    """Minimize ``costs @ z`` with ``low <= rows @ z <= high`` and ``least <= z <= most``.

    Attributes
    ----------
    costs, least, most : ndarray of float64, shape (n,)
    whole : ndarray of bool, shape (n,)
        Which columns are whole numbers.
    rows : sparse array, shape (m, n)
    low, high : ndarray of float64, shape (m,)
    families : mapping of str to slice
        Where the rows of each family of rules stand.
    """

    costs: Floats
    least: Floats
    most: Floats
    whole: NDArray[np.bool_]
    rows: sparse.csr_array
    low: Floats
    high: Floats
    families: dict[str, slice]


@dataclass(frozen=True)
class _Block:
    """Rows of one family: entry e puts a 1 into row ``row[e]`` and column ``column[e]``."""

    row: Ints
    column: Ints
    low: Floats
    high: Floats


def owners(problem: Problem) -> Ints:
    """Return the mentee of every candidate, shape (P,)."""
    starts = problem.arrays.starts
    return np.repeat(np.arange(len(starts) - 1), np.diff(starts))


def singles(problem: Problem) -> Floats:
    """Return what every candidate is worth as a team of its own, shape (P,)."""
    blocks = [problem.gain_block(i).sum(axis=0) for i in range(problem.shape[0])]
    worths: Floats = problem.arrays.pairs + np.concatenate([*blocks, np.zeros(0)])
    return worths


def _at_most(row: Ints, column: Ints, high: NDArray[np.int64]) -> _Block:
    return _Block(row, column, np.full(len(high), -np.inf), high.astype(np.float64))


def _kept_rows(problem: Problem) -> _Block:
    a = problem.arrays
    others = np.flatnonzero(~a.kept)
    mentees, row = np.unique(owners(problem)[others], return_inverse=True)
    return _at_most(row, others, np.maximum(a.team_sizes[mentees] - 1, 0))


def _institution_rows(problem: Problem) -> _Block:
    a = problem.arrays
    homes = a.institutions[a.mentors]
    known = np.flatnonzero(homes >= 0) if a.institution_limit > 0 else np.zeros(0, np.int64)
    keys = owners(problem)[known] * (int(homes.max(initial=0)) + 1) + homes[known]
    groups, row = np.unique(keys, return_inverse=True)
    return _at_most(row, known, np.full(len(groups), a.institution_limit))


def _quota_rows(problem: Problem) -> _Block:
    a = problem.arrays
    mentee = np.repeat(np.arange(problem.shape[0]), np.diff(a.quota_starts))
    return _at_most(a.quota_ids, a.starts[mentee] + a.quota_places, a.quota_limits)


def _blocks(problem: Problem) -> dict[str, _Block]:
    a = problem.arrays
    every = np.arange(len(a.mentors))
    return {
        "team size": _at_most(owners(problem), every, a.team_sizes),
        "kept seat": _kept_rows(problem),
        "institution limit": _institution_rows(problem),
        "capacity": _at_most(a.mentors, every, a.capacities),
        "quota": _quota_rows(problem),
        "lower load": _Block(a.mentors, every, a.min_loads.astype(np.float64), np.full(len(a.min_loads), np.inf)),
    }


def teams_only(problem: Problem, costs: Floats, without: Collection[str] = ()) -> Model:
    """Return the model of x alone: all rules, and modular costs, shape (P,).

    Parameters
    ----------
    without : collection of str
        Families of rules to leave out; ``pin`` frees the pins.
    """
    blocks = {name: block for name, block in _blocks(problem).items() if name not in without}
    families, rows, columns, first = {}, [], [], 0
    for name, block in blocks.items():
        families[name] = slice(first, first + len(block.low))
        rows.append(block.row + first)
        columns.append(block.column)
        first += len(block.low)
    row, column = np.concatenate(rows), np.concatenate(columns)
    count = len(costs)
    pinned = problem.arrays.pinned & ("pin" not in without)
    return Model(
        costs=costs,
        least=pinned.astype(np.float64),
        most=np.ones(count),
        whole=np.ones(count, bool),
        rows=sparse.csr_array((np.ones(len(row)), (row, column)), shape=(first, count)),
        low=np.concatenate([block.low for block in blocks.values()]),
        high=np.concatenate([block.high for block in blocks.values()]),
        families=families,
    )


def whole(problem: Problem) -> Model:
    """Return the whole model: x and y, all rules, what teams are worth."""
    a = problem.arrays
    base = teams_only(problem, -a.pairs)
    count = len(a.mentors)
    used = np.flatnonzero(a.gains > 0)
    # Row-major blocks: entry e of mentee i's block is criterion e // C_i, candidate e % C_i.
    mentee = np.searchsorted(a.gain_starts, used, side="right") - 1
    criterion, place = np.divmod(used - a.gain_starts[mentee], np.diff(a.starts)[mentee])
    candidate = a.starts[mentee] + place
    _, group = np.unique(mentee * (int(a.widths.max(initial=0)) + 1) + criterion, return_inverse=True)
    groups = int(group.max(initial=-1)) + 1
    ones, each = np.ones(len(used)), np.arange(len(used))
    cover = sparse.csr_array((ones, (group, each)), shape=(groups, len(used)))
    tie = sparse.csr_array((-ones, (each, candidate)), shape=(len(used), count))
    rows = sparse.block_array(
        [
            [base.rows, sparse.csr_array((base.rows.shape[0], len(used)))],
            [sparse.csr_array((groups, count)), cover],
            [tie, sparse.eye_array(len(used))],
        ],
        format="csr",
    )
    owed = np.flatnonzero(a.floors != NO_FLOOR)
    at = np.full(len(a.floors), -1)
    at[owed] = np.arange(len(owed))
    of = np.concatenate([at[owners(problem)], at[mentee]])
    counts = np.flatnonzero(of >= 0)
    worth = np.concatenate([a.pairs, a.gains[used]])[counts]
    floors = sparse.csr_array((worth, (of[counts], counts)), shape=(len(owed), count + len(used)))
    return replace(
        base,
        costs=np.concatenate([base.costs, -a.gains[used]]),
        least=np.concatenate([base.least, np.zeros(len(used))]),
        most=np.concatenate([base.most, ones]),
        whole=np.concatenate([base.whole, np.zeros(len(used), bool)]),
        rows=sparse.vstack([rows, floors], format="csr"),
        low=np.concatenate([base.low, np.full(groups + len(used), -np.inf), a.floors[owed]]),
        high=np.concatenate([base.high, np.ones(groups), np.zeros(len(used)), np.full(len(owed), np.inf)]),
    )


def run(
    model: Model, method: Method = "whole", *, gap: float = 1e-9, nodes: int | None = None
) -> tuple[Floats, Floats] | None:
    """Solve a model with HiGHS on one thread; None when it has, or a limit left it, no solution.

    Parameters
    ----------
    method : {"whole", "corner", "middle"}
        With whole numbers; relaxed, by the simplex method, at a corner of what is best; or
        relaxed, by interior points without crossover, in the middle of it and not to the last
        digit (where that does not converge, at a corner).
    gap : float
        Relative gap at which to end. In [0, 1].
    nodes : int, optional
        Nodes of the search after which the best so far is taken.

    Returns
    -------
    columns, duals : ndarray of float64
        Shapes (n,) and (m,). Duals mean something for a relaxed model only: what one more
        on the right side adds to the costs.

    Raises
    ------
    RuntimeError
        When HiGHS ends with neither a solution nor a proof that there is none.
    """
    options = highspy.HighsOptions()
    options.output_flag = False
    options.threads = 1
    options.mip_rel_gap = options.mip_abs_gap = gap
    options.presolve = "on"
    if nodes is not None:
        options.mip_max_nodes = nodes
    if method == "middle":
        options.solver, options.run_crossover = "ipm", "off"
    solver = highspy._Highs()  # noqa: SLF001 - Highs() prints a line before it can be told not to
    solver.passOptions(options)
    solver.passModel(_for_highs(model, whole=method == "whole"))
    solver.run()
    status = solver.getModelStatus()
    if status in (_Status.kInfeasible, _Status.kUnboundedOrInfeasible):
        return None
    if method == "middle" and status != _Status.kOptimal:
        return run(model, "corner")
    if status == _Status.kModelEmpty:  # without columns, and so each row is 0
        if np.any(model.low > 0) or np.any(model.high < 0):
            return None
        return np.zeros(len(model.costs)), np.zeros(len(model.low))
    if status not in (_Status.kOptimal, _Status.kSolutionLimit):
        raise RuntimeError(f"HiGHS ended with: {solver.modelStatusToString(status)}")
    solution = solver.getSolution()
    if not solution.value_valid:
        return None
    return np.array(solution.col_value), np.array(solution.row_dual)


def _for_highs(model: Model, *, whole: bool) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = model.rows.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = model.costs, model.least, model.most
    lp.row_lower_, lp.row_upper_ = model.low, model.high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_row_, lp.a_matrix_.num_col_ = model.rows.shape
    lp.a_matrix_.start_ = model.rows.indptr
    lp.a_matrix_.index_ = model.rows.indices
    lp.a_matrix_.value_ = model.rows.data
    if whole:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[bool(each)] for each in model.whole]
    return lp


def as_teams(problem: Problem, columns: Floats) -> Teams:
    """Return the teams that x, the first P columns, stands for."""
    a = problem.arrays
    chosen = columns[: len(a.mentors)] > 1 / 2
    return tuple(
        tuple(a.mentors[first:last][chosen[first:last]].tolist())
        for first, last in zip(a.starts[:-1], a.starts[1:], strict=True)
    )
