"""The baseline: the most valuable tie next, as a careful person would do it by hand.

1. Pinned ties.
2. While a mentor is below its lower load: the tie of such a mentor that adds most.
3. The tie that adds most, as long as it adds anything.

No tie is ever taken back. A tie that breaks a rule now breaks it later, and what a tie adds
only falls while teams grow; so each waits in a heap with what it added when last looked at,
and is looked at again only when it comes to the top [1]_. Equal ties: the lower mentee, then
the lower mentor. If step 2 ends with a mentor below its lower load, teams from
``feasible_start`` take its place. The prices are 0.

.. [1] Minoux M., Accelerated greedy algorithms for maximizing submodular set functions,
   Optimization Techniques, LNCIS 7 (1978) 234-243, doi:10.1007/BFb0006528.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from introducer.outcome import Prices
from introducer.solve import Solution
from introducer.solve.elastic import feasible_start, raise_infeasible
from introducer.solve.model import owners, singles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from introducer.policy import Policy
    from introducer.problem import Problem, Teams
    from introducer.solve import Watch

__all__ = ["solve"]

#: Ties between two questions to the watch.
_ASK_EVERY = 256


@dataclass
class _Hand:
    """Teams so far, and what counts towards the rules. Candidates are places in ``Arrays.mentors``."""

    problem: Problem
    owner: NDArray[np.int64]
    quotas: dict[int, list[int]]
    teams: list[list[int]]
    cover: list[NDArray[np.float64]]
    loads: NDArray[np.int64]
    used: NDArray[np.int64]

    def adds(self, p: int) -> float:
        """Return what candidate p adds to the value."""
        a = self.problem.arrays
        i = self.owner[p]
        gains = self.problem.gain_block(i)[:, p - a.starts[i]]
        return float(np.maximum(gains - self.cover[i], 0.0).sum() + a.pairs[p])

    def fits(self, p: int) -> bool:
        """Whether candidate p breaks no rule."""
        a = self.problem.arrays
        i, j = self.owner[p], a.mentors[p]
        team = self.teams[i]
        if p in team or len(team) >= a.team_sizes[i] or self.loads[j] >= a.capacities[j]:
            return False
        if any(self.used[g] >= a.quota_limits[g] for g in self.quotas.get(p, ())):
            return False
        home = a.institutions[j]
        mates = sum(a.institutions[a.mentors[q]] == home for q in team)
        if a.institution_limit and home >= 0 and mates >= a.institution_limit:
            return False
        return bool(a.kept[p]) or sum(not a.kept[q] for q in team) < a.team_sizes[i] - 1

    def take(self, p: int) -> None:
        """Put candidate p into its mentee's team."""
        a = self.problem.arrays
        i = self.owner[p]
        self.teams[i].append(p)
        self.cover[i] = np.maximum(self.cover[i], self.problem.gain_block(i)[:, p - a.starts[i]])
        self.loads[a.mentors[p]] += 1
        for g in self.quotas.get(p, ()):
            self.used[g] += 1


def solve(problem: Problem, policy: Policy, watch: Watch) -> Solution:  # noqa: ARG001 - the contract of solvers
    """Solve greedily. See the module for the steps; stopped, it leaves out the rest of step 3.

    Raises
    ------
    Infeasible
        When no outcome meets the rules.
    """
    watch.tell("start", 0.0, None)
    hand = _meet_duties(problem)
    if hand is None:
        start = feasible_start(problem)
        if start is None:
            raise_infeasible(problem)
        hand = _dealt(problem, start)
    finished = _fill(hand, watch)
    watch.tell("greedy", 1.0, None)
    mentors = problem.arrays.mentors
    zeros = (0.0,) * problem.shape[1]
    return Solution(
        tuple(tuple(sorted(mentors[team].tolist())) for team in hand.teams),
        Prices(zeros, zeros, (0.0,) * len(problem.arrays.quota_limits)),
        finished,
    )


def _deal(problem: Problem) -> _Hand:
    """Return empty teams."""
    a = problem.arrays
    quotas: dict[int, list[int]] = {}
    mentee = np.repeat(np.arange(problem.shape[0]), np.diff(a.quota_starts))
    for p, g in zip((a.starts[mentee] + a.quota_places).tolist(), a.quota_ids.tolist(), strict=True):
        quotas.setdefault(p, []).append(g)
    return _Hand(
        problem=problem,
        owner=owners(problem),
        quotas=quotas,
        teams=[[] for _ in range(problem.shape[0])],
        cover=[np.zeros(width) for width in a.widths],
        loads=np.zeros(problem.shape[1], np.int64),
        used=np.zeros(len(a.quota_limits), np.int64),
    )


def _dealt(problem: Problem, teams: Teams) -> _Hand:
    """Return the hand that holds these teams."""
    hand = _deal(problem)
    for i, team in enumerate(teams):
        for p in problem.arrays.starts[i] + np.searchsorted(problem.candidates(i), team):
            hand.take(int(p))
    return hand


def _heap(problem: Problem, candidates: Sequence[int]) -> list[tuple[float, int]]:
    """Return a heap of candidates; what one is worth alone bounds what it adds to any team."""
    worths = singles(problem)
    heap = [(-float(worths[p]), p) for p in candidates]
    heapq.heapify(heap)
    return heap


def _next(hand: _Hand, heap: list[tuple[float, int]]) -> tuple[float, int] | None:
    """Take the fitting candidate that adds most off the heap: (what it adds, candidate); None when none fits."""
    while heap:
        bound, p = heapq.heappop(heap)
        if not hand.fits(p):
            continue
        entry = (-hand.adds(p), p)
        if entry == (bound, p) or not heap or entry <= heap[0]:
            return -entry[0], p
        heapq.heappush(heap, entry)
    return None


def _meet_duties(problem: Problem) -> _Hand | None:
    """Return the hand after steps 1 and 2, None where they fail."""
    a = problem.arrays
    hand = _deal(problem)
    if not all(_taken(hand, np.flatnonzero(a.pinned).tolist())):
        raise_infeasible(problem)
    heap = _heap(problem, np.flatnonzero(a.min_loads[a.mentors] > 0).tolist())
    while (found := _next(hand, heap)) is not None:
        if hand.loads[a.mentors[found[1]]] < a.min_loads[a.mentors[found[1]]]:
            hand.take(found[1])
    return hand if (hand.loads >= a.min_loads).all() else None


def _taken(hand: _Hand, candidates: Iterable[int]) -> Iterable[bool]:
    """Take candidates in turn; yield whether each fitted."""
    for p in candidates:
        fits = hand.fits(p)
        if fits:
            hand.take(p)
        yield fits


def _fill(hand: _Hand, watch: Watch) -> bool:
    """Do step 3; return whether it came to its end."""
    heap = _heap(hand.problem, range(len(hand.problem.arrays.mentors)))
    count = 0
    while True:
        if count % _ASK_EVERY == 0 and watch.stop():
            return False
        found = _next(hand, heap)
        if found is None or found[0] <= 0.0:
            return True
        hand.take(found[1])
        count += 1
