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
   does worse on an earlier one. Where all affinities are multiples of a step, shortfalls of whole
   ties are too, and the limit is rounded up to the next.
4. Where ties came out in parts: of few candidates the same is done again in whole ties, which
   proves it. Of many, whole ties are sought only for those mentees, with the seats that are left and
   the candidates of step 3: at once some that keep all limits, or else level after level.
5. It is proved as far up as the whole ties have the shortfalls of step 3: of no assignment are they smaller.

The programs begin with a few candidates of each mentee. Whoever has a negative reduced cost at the duals
joins, until nobody has: what is best of them is best of all [2]_.

.. [1] Ogryczak W., Śliwiński T., On direct methods for lexicographic min-max optimization,
   ICCSA 2006, LNCS 3982, 802-811, doi:10.1007/11751595_85.
.. [2] Lübbecke M. E., Desrosiers J., Selected topics in column generation, Operations Research
   53 (2005) 1007-1023.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from introducer.solve.model import owners, run, teams_only

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from introducer.problem import Problem
    from introducer.solve.model import Method, Model

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
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
#: So near to a multiple, as a part of a step, it is that multiple.
_ROUNDING = 1e-3
#: Candidates of each mentee that a program begins with: by affinity, for each seat; spread; and how many join at once.
_LARGEST, _SPREAD, _JOIN = 4, 8, 12


@dataclass
class _Search:
    """The assignments that are still in question: the model, with what was settled so far.

    ``active`` are the candidates in the program, ``owners`` whose they are, shapes (P,). Of whole ties every
    shortfall is a multiple of ``step``; 0 where they are multiples of nothing.
    """

    model: Model
    sums: sparse.csr_array
    method: Method
    columns: Floats
    active: Mask
    owners: Ints
    step: float
    shortfalls: list[float] = field(default_factory=list)


def leximin(problem: Problem, start: Mask) -> tuple[Mask, float]:
    """Return which candidates a leximin assignment takes, shape (P,), and up to which sum that is proved (inf: all).

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
    began = start.astype(np.float64)
    step = _step(a.pairs, marks)
    relaxed = _search(_Search(model, sums, "corner", began, _promising(problem, start), of, step), marks)
    x = relaxed.columns[: len(of)]
    parts = np.abs(x - np.rint(x)) > _SLACK
    if not parts.any():
        return x > 1 / 2, np.inf
    everyone = np.ones(len(of), np.bool_)
    if len(of) <= _FEW:
        exact = _search(_Search(model, sums, "whole", began, everyone, of, step), marks)
        return exact.columns[: len(of)] > 1 / 2, np.inf
    whole = ~np.isin(of, of[parts])
    within = _within(relaxed, x, ~whole)
    if within is not None:
        return within, np.inf
    fixed = replace(model, least=np.where(whole, np.rint(x), model.least), most=np.where(whole, np.rint(x), model.most))
    # Candidates that are settled not to be taken are left out.
    found = _search(_Search(fixed, sums, "whole", began, relaxed.active & (fixed.most > 0), of, step), marks)
    more = np.array(found.shortfalls) > np.array(relaxed.shortfalls) + 10 * _SLACK
    proved = np.inf if not more.any() else float(marks[more.argmax() - 1]) if more.argmax() else 0.0
    return found.columns[: len(of)] > 1 / 2, proved


def _within(relaxed: _Search, x: Floats, free: Mask) -> Mask | None:
    """Return whole ties that keep every limit of the relaxed search, shape (P,); None where none are found.

    Parameters
    ----------
    x : (P,)
        Parts of ties that keep them.
    free : (P,)
        Candidates of the mentees who may have others than those, of the candidates in the program.
    """
    model, count = relaxed.model, len(x)
    held = np.ones(len(model.costs), np.bool_)
    held[:count] = np.where(free, relaxed.active, x > 1 / 2)
    here = np.flatnonzero(held)
    least = model.least.copy()
    least[:count] = np.where(free, least[:count], np.rint(x))
    some = replace(
        model,
        costs=model.costs[here],
        least=least[here],
        most=model.most[here],
        whole=model.whole[here],
        rows=model.rows[:, here],
    )
    found = run(some, "whole", gap=_GAP, nodes=_NODES)
    if found is None:
        return None
    taken = np.zeros(count, np.bool_)
    taken[here[here < count]] = found[0][: int(held[:count].sum())] > 1 / 2
    return taken


def _promising(problem: Problem, start: Mask) -> Mask:
    """Return the candidates that a program begins with: of the start, of the largest affinity, and some others."""
    a = problem.arrays
    active = start.copy()
    for i, (low, high) in enumerate(pairwise(a.starts.tolist())):
        order = np.argsort(-a.pairs[low:high], kind="stable")
        active[low + order[: _LARGEST * int(a.team_sizes[i])]] = True
        # Others for each mentee, so that seats of all mentors are there.
        active[low + (i + np.arange(_SPREAD) * max(1, (high - low) // _SPREAD)) % max(1, high - low)] = high > low
    return active


def _search(search: _Search, marks: Floats) -> _Search:
    first = _owed(search, marks)
    for mark in marks[first:]:
        _raise(search, float(mark))
    search.columns = _settle(search, search.model)
    return search


def levels(affinities: Floats, most: float) -> Floats:
    """Return the levels at which shortfalls are counted, ascending, none above ``most``."""
    for parts in _PARTS:
        wholes = affinities * parts
        if most * parts <= 4 * LEVELS and np.abs(wholes - np.rint(wholes)).max(initial=0.0) < _NEAR:
            return np.arange(1, int(most * parts + _NEAR) + 1) / parts
    return most * np.arange(1, LEVELS + 1) / LEVELS


def _step(affinities: Floats, marks: Floats) -> float:
    """Return what every level and every sum is a multiple of; 0 if it is nothing."""
    wholes = affinities / marks[0] if len(marks) else np.full(1, 1 / 2)
    return float(marks[0]) if np.abs(wholes - np.rint(wholes)).max(initial=0.0) < _NEAR else 0.0


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
        mark = float(marks[middle - 1])
        if _short(search, _settle(search, _with_shortfalls(search, mark)), mark) <= _SLACK:
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
        low=np.concatenate([search.model.low, np.full(mentees, floor - _SLACK)]),
        high=np.concatenate([search.model.high, np.full(mentees, np.inf)]),
    )


def _raise(search: _Search, mark: float) -> None:
    """Make the shortfall below a level as small as it can be, and keep it so."""
    model, mentees = search.model, search.sums.shape[0]
    before = model.rows.shape[1]
    wider = _with_shortfalls(search, mark)
    search.columns = _settle(search, wider)
    short = _short(search, search.columns, mark)
    if search.step:
        # No whole ties have less.
        short = max(short, float(np.ceil(short / search.step - _ROUNDING)) * search.step)
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


def _short(search: _Search, columns: Floats, mark: float) -> float:
    """Return what sums lack to a level, all together."""
    return float(np.maximum(mark - search.sums @ columns[: search.sums.shape[1]], 0.0).sum())


def _with_shortfalls(search: _Search, mark: float) -> Model:
    """Return the model in which the shortfall below a level is made as small as it can be."""
    model, (mentees, count) = search.model, search.sums.shape
    before = model.rows.shape[1]
    sums = sparse.hstack([search.sums, sparse.csr_array((mentees, before - count)), sparse.eye_array(mentees)])
    return replace(
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


def _settle(search: _Search, model: Model) -> Floats:
    """Return the columns that solve a model, of which the start is a solution."""
    nodes = _NODES if search.sums.shape[1] > _FEW else None
    while True:
        here = np.flatnonzero(np.concatenate([search.active, np.ones(len(model.costs) - len(search.active), np.bool_)]))
        some = replace(
            model,
            costs=model.costs[here],
            least=model.least[here],
            most=model.most[here],
            whole=model.whole[here],
            rows=model.rows[:, here],
        )
        found = run(some, search.method, gap=_GAP, nodes=nodes)
        if found is None:  # the limit of nodes came first
            return np.concatenate([search.columns, np.zeros(len(model.costs))])[: len(model.costs)]
        lacking = _lacking(search, model, found[1])
        if search.method == "whole" or not lacking.any():
            columns: Floats = np.zeros(len(model.costs))
            columns[here] = found[0]
            return columns
        search.active |= lacking


def _lacking(search: _Search, model: Model, duals: Floats) -> Mask:
    """Return who is not in the program and has a negative reduced cost, some of each mentee, shape (P,)."""
    count = len(search.active)
    reduced = (model.costs - duals @ model.rows)[:count]
    out = np.flatnonzero((reduced < -_NEAR) & ~search.active)
    order = out[np.lexsort((out, reduced[out], search.owners[out]))]
    own = search.owners[order]
    first = np.searchsorted(own, own)
    lacking = np.zeros(count, np.bool_)
    lacking[order[np.arange(len(order)) - first < _JOIN]] = True
    return lacking
