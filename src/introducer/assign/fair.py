"""Leximin: the worst off as well as can be, then the next worst off, and so on.

With r_i the sum of mentee i and levels ``v_1 < v_2 < ...``, the shortfall below a level is

    D_k = sum_i max(0, v_k - r_i).

Making D_1 as small as possible, then D_2 without raising D_1, and so on, is leximin over all
values that a sum can have [1]_. Each step is a linear program with one column for each mentee
and level.

1. Levels are all multiples of the largest step that all affinities are multiples of, up to
   the largest sum; where they are multiples of nothing useful, ``LEVELS`` even ones: then it
   is leximin to that resolution.
2. The highest level without any shortfall is found by halving: everybody is owed it.
3. Level after level, the least shortfall becomes a limit; last comes the largest total. All
   this in parts of ties: no assignment of whole ones can do better on any level before it
   does worse on an earlier one.
4. Where ties came out in parts, the same is done again in whole ties: of few candidates for
   everybody, which proves it; of many only for those mentees, with the seats that are left.
5. Then it is proved where the whole ties have the shortfalls of step 3.

.. [1] Ogryczak W., Śliwiński T., On direct methods for lexicographic min-max optimization,
   ICCSA 2006, LNCS 3982, 802-811, doi:10.1007/11751595_85.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from introducer.solve.model import owners, run, teams_only

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from introducer.problem import Problem
    from introducer.solve.model import Method, Model

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["LEVELS", "levels", "leximin"]

#: Levels where affinities are multiples of no useful step.
LEVELS = 32
#: Steps that are tried, as parts of 1.
_PARTS = (1, 2, 3, 4, 5, 8, 10, 12, 16, 20)
_NEAR = 1e-9
#: Nodes and gap at which a search for whole numbers takes its best.
_NODES, _GAP = 20, 1e-5
#: So few candidates are searched to the end.
_FEW = 2_000
#: A shortfall may pass its limit by this, for rounding.
_SLACK = 1e-6


@dataclass
class _Search:
    """The assignments that are still in question: the model, with what was settled so far."""

    model: Model
    sums: sparse.csr_array
    method: Method
    columns: Floats
    shortfalls: list[float] = field(default_factory=list)


def leximin(problem: Problem, start: Mask) -> tuple[Mask, bool]:
    """Return which candidates a leximin assignment takes, shape (P,), and whether that is proved.

    Parameters
    ----------
    start : (P,) bool
        Any assignment.
    """
    a = problem.arrays
    of = owners(problem)
    model = teams_only(problem, -a.pairs)
    sums = sparse.csr_array((a.pairs, (of, np.arange(len(of)))), shape=(problem.shape[0], len(of)))
    marks = levels(a.pairs, float(_best_alone(problem).max(initial=0.0)))
    relaxed = _search(_Search(model, sums, "corner", start.astype(np.float64)), marks)
    x = relaxed.columns[: len(of)]
    parts = np.abs(x - np.rint(x)) > _SLACK
    if not parts.any():
        return x > 1 / 2, True
    if len(of) <= _FEW:
        exact = _search(_Search(model, sums, "whole", start.astype(np.float64)), marks)
        return exact.columns[: len(of)] > 1 / 2, True
    whole = ~np.isin(of, of[parts])
    fixed = replace(model, least=np.where(whole, np.rint(x), model.least), most=np.where(whole, np.rint(x), model.most))
    found = _search(_Search(fixed, sums, "whole", start.astype(np.float64)), marks)
    proved = len(found.shortfalls) == len(relaxed.shortfalls) and bool(
        np.all(np.array(found.shortfalls) <= np.array(relaxed.shortfalls) + 10 * _SLACK)
    )
    return found.columns[: len(of)] > 1 / 2, proved


def _search(search: _Search, marks: Floats) -> _Search:
    first = _owed(search, marks)
    for mark in marks[first:]:
        _raise(search, float(mark))
    _settle(search, search.model)
    return search


def levels(affinities: Floats, most: float) -> Floats:
    """Return the levels at which shortfalls are counted, ascending, none above ``most``."""
    for parts in _PARTS:
        wholes = affinities * parts
        if most * parts <= 4 * LEVELS and np.abs(wholes - np.rint(wholes)).max(initial=0.0) < _NEAR:
            return np.arange(1, int(most * parts + _NEAR) + 1) / parts
    return most * np.arange(1, LEVELS + 1) / LEVELS


def _best_alone(problem: Problem) -> Floats:
    """Return the largest sum that each mentee could have alone, shape (M,)."""
    sizes = problem.arrays.team_sizes
    sums = [np.sort(problem.pair_worths(i))[::-1][: sizes[i]].clip(min=0.0).sum() for i in range(problem.shape[0])]
    return np.array(sums)


def _owed(search: _Search, marks: Floats) -> int:
    """Find the highest level that everybody can have, and make it a limit; return the place of the next one."""
    low, high = 0, len(marks)
    while low < high:
        middle = (low + high + 1) // 2
        if _settle(search, _with_floor(search, float(marks[middle - 1])), keep=False):
            low = middle
        else:
            high = middle - 1
    if low:
        search.model = _with_floor(search, float(marks[low - 1]))
    search.shortfalls += [0.0] * low
    return low


def _with_floor(search: _Search, floor: float) -> Model:
    mentees = search.sums.shape[0]
    return replace(
        search.model,
        rows=sparse.vstack([search.model.rows, search.sums], format="csr"),
        low=np.concatenate([search.model.low, np.full(mentees, floor - _NEAR)]),
        high=np.concatenate([search.model.high, np.full(mentees, np.inf)]),
    )


def _raise(search: _Search, mark: float) -> None:
    """Make the shortfall below a level as small as it can be, and keep it so."""
    model, (mentees, count) = search.model, search.sums.shape
    before = model.rows.shape[1]
    sums = sparse.hstack([search.sums, sparse.csr_array((mentees, before - count)), sparse.eye_array(mentees)])
    wider = replace(
        model,
        costs=np.concatenate([np.zeros(before), np.ones(mentees)]),
        least=np.concatenate([model.least, np.zeros(mentees)]),
        most=np.concatenate([model.most, np.full(mentees, np.inf)]),
        whole=np.concatenate([model.whole, np.zeros(mentees, np.bool_)]),
        rows=sparse.vstack(
            [sparse.hstack([model.rows, sparse.csr_array((model.rows.shape[0], mentees))]), sums], format="csr"
        ),
        low=np.concatenate([model.low, np.full(mentees, mark)]),
        high=np.concatenate([model.high, np.full(mentees, np.inf)]),
    )
    _settle(search, wider)
    short = float(np.maximum(mark - search.sums @ search.columns[:count], 0.0).sum())
    search.shortfalls.append(short)
    limit = sparse.csr_array(
        (np.ones(mentees), (np.zeros(mentees, np.int64), np.arange(mentees) + before)), shape=(1, before + mentees)
    )
    search.model = replace(
        wider,
        costs=np.concatenate([model.costs, np.zeros(mentees)]),
        rows=sparse.vstack([wider.rows, limit], format="csr"),
        low=np.append(wider.low, -np.inf),
        high=np.append(wider.high, short + _SLACK),
    )


def _settle(search: _Search, model: Model, *, keep: bool = True) -> bool:
    """Solve a model and take what it finds; False where it has no solution."""
    nodes = _NODES if search.sums.shape[1] > _FEW else None
    found = run(model, search.method, gap=_GAP, nodes=nodes)
    if found is None:
        return False
    if keep:
        search.columns = found[0]
    return True
