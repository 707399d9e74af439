"""Price decomposition: the default solver.

Price the mentors. For any prices ``alpha, beta, lambda >= 0`` of capacity, lower loads and
quotas no outcome is worth more than [1]_

    sum_j u_j alpha_j - sum_j l_j beta_j + sum_g q_g lambda_g + sum_i max_S [ f_i(S) - p_i(S) ]

The steps:

1. **Start.** One price for all, so chosen that what is asked for about equals the seats.
2. **Ascent.** A few passes that raise the prices of mentors asked too often and lower the
   others, each by a step of its own that grows while the sign stays and shrinks when it
   turns [2]_.
3. **Rounds.** Sweeps (``introducer.solve.sweeps``) with smaller and smaller steps; the mean
   of the prices of a round, and its last ones, each give a bound by one pass.
4. **Landing.** From the teams of each round, a few sweeps with larger steps, then repair:
   a feasible outcome. The best is kept.
5. Stop when the gap is the policy's target, or after the last round. A small cohort is
   then finished by column generation (``introducer.solve.master``).

.. [1] Fisher M. L., The Lagrangian relaxation method for solving integer programming
   problems, Management Science 27 (1981) 1-18.
.. [2] Riedmiller M., Braun H., A direct adaptive method for faster backpropagation learning:
   the RPROP algorithm, IEEE Int. Conf. Neural Networks (1993) 586-591.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from introducer.errors import Infeasible
from introducer.outcome import Prices
from introducer.problem import on_grid
from introducer.solve import Solution
from introducer.solve.elastic import feasible_start, raise_infeasible, refuse_plain
from introducer.solve.repair import repair
from introducer.solve.sweeps import loads_of, price_pass, sweep
from introducer.solve.teams import MOST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from introducer.policy import Policy
    from introducer.problem import Arrays, Problem, Teams
    from introducer.solve import Watch

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["solve"]

#: Step mu of each sweep, round by round; finer where a round before did not reach the target.
ROUNDS = (
    (0.02,) * 10 + (0.01,) * 20,
    (0.006,) * 40,
    (0.004,) * 60,
    (0.0025,) * 80,
    (0.0015,) * 120,
    (0.001,) * 160,
)
#: Steps of a landing.
LANDING = (0.01,) * 8 + (0.03,) * 6 + (0.1,) * 4
_ASCENT_PASSES = 24
_FIRST_STEP = 0.03
_PRICE_STEP = 0.5
_CHAIN_PASSES = 6
#: Blocks of a sweep: many small ones follow the loads more closely.
_BLOCKS = 64


@dataclass
class State:
    """What the rounds carry along. Shapes as in ``introducer.solve.sweeps``."""

    a: Arrays
    order: Ints
    prices: Floats
    quota_prices: Floats
    v: Floats
    teams: Ints
    sizes: Ints
    values: Floats
    bound: float = np.inf
    bound_prices: tuple[Floats, Floats] | None = None
    best: float = -np.inf
    best_teams: tuple[Ints, Ints] | None = None

    @property
    def gap(self) -> float:
        """Gap so far; 1 before anything is known."""
        if not np.isfinite(self.best) or not np.isfinite(self.bound):
            return 1.0
        return (self.bound - self.best) / self.bound if self.bound > 0 else 0.0


def solve(problem: Problem, policy: Policy, watch: Watch) -> Solution:
    """Solve by price decomposition. See the module for the steps.

    Raises
    ------
    Infeasible
        When no outcome meets the rules.
    """
    # A best team takes its pins without asking whether they meet the rules.
    refuse_plain(problem)
    state = _begin(problem, policy)
    watch.tell("start", 0.0, None)

    _ascend(state)
    stopped = False
    for number, steps in enumerate(ROUNDS):
        _round(state, steps)
        _land(problem, state)
        watch.tell("rounds", (number + 1) / len(ROUNDS), state.gap)
        stopped = watch.stop()
        if stopped or state.gap <= policy.gap_target:
            break
    assert state.best_teams is not None  # noqa: S101 - a landing either finds teams or raises
    assert state.bound_prices is not None  # noqa: S101 - every round prices
    return Solution(_as_teams(problem, *state.best_teams), _as_prices(*state.bound_prices), finished=not stopped)


def _begin(problem: Problem, policy: Policy) -> State:
    a = problem.arrays
    mentees, mentors = problem.shape
    width = max(1, int(a.widths.max(initial=1)))
    return State(
        a=a,
        order=np.random.default_rng(policy.seed).permutation(mentees).astype(np.int64),
        prices=np.zeros(mentors),
        quota_prices=np.zeros(len(a.quota_limits)),
        v=np.zeros((mentees, width)),
        teams=np.zeros((mentees, MOST), np.int64),
        sizes=np.zeros(mentees, np.int64),
        values=np.zeros(mentees),
    )


def _price(state: State, prices: Floats, quota_prices: Floats) -> float:
    """Let all pick at prices on the grid; keep them if their bound is the lowest so far."""
    a = state.a
    prices, quota_prices = on_grid(prices), on_grid(quota_prices)
    price_pass(a, prices, quota_prices, state.v, state.teams, state.sizes, state.values)
    duty = float(a.capacities @ np.maximum(prices, 0.0) + a.min_loads @ np.minimum(prices, 0.0))
    bound = float(state.values.sum()) + duty + float(a.quota_limits @ quota_prices)
    if bound < state.bound:
        state.bound, state.bound_prices = bound, (prices, quota_prices)
    return bound


def _excess(state: State) -> tuple[Ints, Ints]:
    loads = np.zeros(len(state.prices), np.int64)
    used = np.zeros(len(state.quota_prices), np.int64)
    loads_of(state.a, state.teams, state.sizes, loads, used)
    return loads, used


def _ascend(state: State) -> None:
    a = state.a
    seats = int(a.capacities.sum())
    low, high = 0.0, 1.0
    _price(state, state.prices, state.quota_prices)
    if state.sizes.sum() > seats:
        for _ in range(8):
            middle = (low + high) / 2
            _price(state, np.full_like(state.prices, middle), state.quota_prices)
            low, high = (middle, high) if state.sizes.sum() > seats else (low, middle)
        state.prices = np.full_like(state.prices, (low + high) / 2)
    step = np.full_like(state.prices, _FIRST_STEP)
    before = np.zeros_like(step)
    scale = np.maximum(1.0, 0.5 * np.sqrt(a.capacities))
    for _ in range(_ASCENT_PASSES):
        _price(state, state.prices, state.quota_prices)
        loads, used = _excess(state)
        over = np.where(state.prices > 0, loads - a.capacities, np.maximum(loads - a.capacities, 0))
        under = np.where(state.prices < 0, loads - a.min_loads, np.minimum(loads - a.min_loads, 0))
        slope = np.where(over != 0, over, under)
        sign = np.sign(slope)
        step = np.where(sign * before > 0, np.minimum(step * 1.2, 0.1), np.where(sign * before < 0, step * 0.6, step))
        moved = state.prices + step * sign * np.minimum(1.0, np.abs(slope) / scale)
        # A price stops at 0 on its way from one side to the other.
        state.prices = np.where((a.min_loads == 0) | (state.prices > 0), np.maximum(moved, 0.0), np.minimum(moved, 0.0))
        state.prices = np.where((state.prices == 0) & (under < 0), moved, state.prices)
        state.quota_prices = np.maximum(0.0, state.quota_prices + 0.02 * (used - a.quota_limits))
        before = sign


def _sweep(state: State, mu: float, loads: Ints, used: Ints) -> None:
    a = state.a
    block = max(8, -(-len(state.order) // _BLOCKS))
    sweep(a, state.order, block, state.prices, state.quota_prices, mu, state.v, state.teams, state.sizes, loads, used)
    pace = _PRICE_STEP * mu
    state.prices = np.maximum(0.0, state.prices + pace * (loads - a.capacities)) + np.minimum(
        0.0, state.prices + pace * (loads - a.min_loads)
    )
    state.quota_prices = np.maximum(0.0, state.quota_prices + pace * (used - a.quota_limits))


def _round(state: State, steps: tuple[float, ...]) -> None:
    """Sweep, and price the mean and the last prices of the round; teams and prices are carried on."""
    loads, used = _excess(state)
    mean, quota_mean = np.zeros_like(state.prices), np.zeros_like(state.quota_prices)
    for mu in steps:
        _sweep(state, mu, loads, used)
        mean += state.prices / len(steps)
        quota_mean += state.quota_prices / len(steps)
    teams, sizes = state.teams.copy(), state.sizes.copy()
    _price(state, mean, quota_mean)
    _price(state, state.prices, state.quota_prices)
    state.teams, state.sizes = teams, sizes


def _land(problem: Problem, state: State) -> None:
    """Make a feasible outcome of the present teams and keep it if it is the best; teams and prices stay."""
    kept = state.teams.copy(), state.sizes.copy(), state.prices, state.quota_prices
    loads, used = _excess(state)
    for mu in LANDING:
        _sweep(state, mu, loads, used)
    prices = state.prices if state.bound_prices is None else state.bound_prices[0]
    if not repair(state.a, state.order, prices, state.v, state.teams, state.sizes, _CHAIN_PASSES):
        start = feasible_start(problem)
        if start is None:
            raise_infeasible(problem)
        for i, team in enumerate(start):
            state.sizes[i] = len(team)
            state.teams[i, : len(team)] = np.searchsorted(problem.candidates(i), team)
        repair(state.a, state.order, prices, state.v, state.teams, state.sizes, _CHAIN_PASSES)
    teams = _as_teams(problem, state.teams, state.sizes)
    value = sum(problem.value(i, team) for i, team in enumerate(teams))
    if value > state.best:
        state.best, state.best_teams = value, (state.teams.copy(), state.sizes.copy())
    state.teams, state.sizes, state.prices, state.quota_prices = kept


def _as_teams(problem: Problem, teams: Ints, sizes: Ints) -> Teams:
    return tuple(tuple(sorted(int(j) for j in problem.candidates(i)[teams[i, : sizes[i]]])) for i in range(len(sizes)))


def _as_prices(prices: Floats, quota_prices: Floats) -> Prices:
    return Prices(
        capacity=tuple(np.maximum(prices, 0.0).tolist()),
        min_load=tuple(np.maximum(-prices, 0.0).tolist()),
        quota=tuple(quota_prices.tolist()),
    )
