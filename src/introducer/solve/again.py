"""Price decomposition from prices and teams that are nearly right: a part of a cohort is solved again.

The steps of ``introducer.solve.prices`` but for its start:

1. **Columns.** The teams so far, the best teams at the prices so far, and those of a few sweeps from there.
2. **Master** (``introducer.solve.master``): teams that the mix lacks, a few times.
3. **Dive** (``introducer.solve.dive``), then repair. What is returned is no worse than the teams so far.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from introducer.solve.above import merits
from introducer.solve.dive import dive
from introducer.solve.master import Pool, generate
from introducer.solve.rounds import best_found
from introducer.solve.state import as_teams, begin, excess, keep, price, put, sweep_once

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from introducer.policy import Policy
    from introducer.problem import Problem, Teams
    from introducer.solve import Solution, Watch

    Floats = NDArray[np.float64]

__all__ = ["settled", "solve_again"]

#: Step mu of each sweep before the master.
_STEPS = (0.02,) * 4 + (0.01,) * 4
#: Part of the open mentees that one step of the dive settles.
_DIVE = 0.2
#: Master programs that are solved before the dive: each later one adds little.
_PROGRAMS = 3


def solve_again(
    problem: Problem, policy: Policy, start: Teams, prices: Floats, quota_prices: Floats, watch: Watch
) -> Solution:
    """Solve a problem of at most a few thousand mentees.

    Parameters
    ----------
    start : tuple of tuple of int
        Feasible teams.
    prices, quota_prices : (N,), (Q,)
        Of mentors, negative where a lower load binds, and of quotas.
    """
    state = begin(problem, policy.seed)
    pool = Pool(state.apart)
    put(problem, state, start)
    pool.add(state)
    worths = merits(state.a, np.arange(len(start)), state.teams, state.sizes)
    state.best, state.best_teams = float(worths.sum()), (state.teams.copy(), state.sizes.copy())
    state.prices, state.quota_prices = prices, quota_prices
    price(state, prices, quota_prices)
    pool.add(state)
    put(problem, state, start)
    loads, used = excess(state)
    for mu in _STEPS:
        sweep_once(state, mu, loads, used)
        pool.add(state)
    if not watch.stop():
        left = iter(range(_PROGRAMS - 1))
        generate(state, pool, lambda: watch.stop() or next(left, None) is None)
        dive(state, pool, _DIVE, watch.stop)
        keep(problem, state)
    return best_found(problem, state, finished=not watch.stop())


def settled(problem: Problem, policy: Policy, prices: Floats, quota_prices: Floats) -> Teams:
    """Return feasible teams near the best ones at these prices: repaired, and no more.

    Raises
    ------
    Infeasible
        When no outcome meets the rules.
    """
    state = begin(problem, policy.seed)
    price(state, prices, quota_prices)
    state.bound_prices = prices, quota_prices
    keep(problem, state)
    return as_teams(problem, *state.landed)
