"""What the price decomposition carries from step to step, and the verbs that move it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from introducer.problem import NO_FLOOR, on_grid
from introducer.solve.above import merits
from introducer.solve.elastic import feasible_start, raise_infeasible
from introducer.solve.passes import HERE
from introducer.solve.repair import repair
from introducer.solve.room import MOST
from introducer.solve.sweeps import loads_of, moved

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from introducer.problem import Arrays, Problem, Teams
    from introducer.solve.passes import Passes

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["State", "as_teams", "begin", "excess", "keep", "price", "price_some", "put", "sweep_once", "with_arrays"]

_PRICE_STEP = 0.5
#: Part of its last move that a price makes again.
_MOMENTUM = 0.8
#: Equal pairs are told apart by up to this much: far below a gap that counts, far above what a program resolves.
_APART = 4e-6
_CHAIN_PASSES = 6
#: Blocks of a sweep: many small ones follow the loads more closely.
_BLOCKS = 64


@dataclass
class State:
    """Where the search stands. Shapes as in ``introducer.solve.sweeps``.

    Attributes
    ----------
    apart : ``a``, with equal pairs told apart at random; what a mix is made of, since among
        many equals it would be made of all of them
    order : (M,) the order in which mentees pick
    prices, quota_prices : (N,), (Q,)
    v : (M, A) shares of the last pass
    teams, sizes : (M, 5), (M,) teams of the last pass or sweep, feasible or not
    values : (M,) bounds of the priced values of the last pass
    bound, bound_prices : the lowest bound so far, and the prices that prove it
    best, best_teams, short : the best feasible outcome so far, and how many are below their floor in it
    still, turn : (M,) for how many picks each mentee has kept its team (None: all pick in every
        sweep), and the number of sweeps
    passes : carries out passes over the mentees
    missed : what best teams over the candidates fall short of those over all mentors, by estimate; bounds count it
    """

    a: Arrays
    apart: Arrays
    order: Ints
    prices: Floats
    quota_prices: Floats
    v: Floats
    teams: Ints
    sizes: Ints
    values: Floats
    bound: float
    bound_prices: tuple[Floats, Floats]
    best: float = -np.inf
    best_teams: tuple[Ints, Ints] | None = None
    short: int = 0
    still: Ints | None = None
    turn: int = 0
    passes: Passes = HERE
    missed: float = 0.0

    @property
    def gap(self) -> float:
        """Gap so far, once an outcome is known."""
        return (self.bound - self.best) / self.bound if self.bound > 0 else 0.0

    @property
    def landed(self) -> tuple[Ints, Ints]:
        """Teams and sizes of the best outcome so far, for whoever comes after a landing."""
        assert self.best_teams is not None  # noqa: S101 - a landing finds teams or raises
        return self.best_teams


def begin(problem: Problem, seed: int, passes: Passes = HERE) -> State:
    """Return the state in which nothing has a price yet."""
    a = problem.arrays
    mentees, mentors = problem.shape
    free = np.zeros(mentors), np.zeros(len(a.quota_limits))
    chance = np.random.default_rng(seed)
    state = State(
        a=a,
        apart=blurred(a, chance),
        order=chance.permutation(mentees).astype(np.int64),
        prices=free[0],
        quota_prices=free[1],
        v=np.zeros((mentees, max(1, int(a.widths.max(initial=1))))),
        teams=np.zeros((mentees, MOST), np.int64),
        sizes=np.zeros(mentees, np.int64),
        values=np.zeros(mentees),
        bound=np.inf,
        bound_prices=free,
        passes=passes,
    )
    price(state, *free)
    return state


def blurred(a: Arrays, chance: int | np.random.Generator) -> Arrays:
    """Return the arrays with equal pairs told apart at random."""
    blur = _APART * np.random.default_rng(chance).random(len(a.pairs))
    # A blurred worth could pass a floor that the true one does not.
    blur[np.repeat(a.floors != NO_FLOOR, np.diff(a.starts))] = 0.0
    return a._replace(pairs=a.pairs + blur)


def with_arrays(state: State, problem: Problem) -> State:
    """Return the state on another problem of the same market, whose candidates hold the teams of the state."""
    a = problem.arrays
    everybody = np.arange(len(state.sizes))
    best = state.best_teams
    if best is not None:
        best = moved(state.a, a, everybody, *best), best[1]
    teams = moved(state.a, a, everybody, state.teams, state.sizes)
    return replace(state, a=a, apart=blurred(a, 0), teams=teams, best_teams=best)


def price(state: State, prices: Floats, quota_prices: Floats) -> float:
    """Let all pick at prices on the grid; return the bound, and keep the prices if it is the lowest so far."""
    a = state.a
    prices, quota_prices = on_grid(prices), on_grid(quota_prices)
    everybody = np.arange(len(state.sizes))
    state.passes.price(state, everybody, prices, quota_prices)
    duty = float(a.capacities @ np.maximum(prices, 0.0) + a.min_loads @ np.minimum(prices, 0.0))
    bound = float(state.values.sum()) + duty + float(a.quota_limits @ quota_prices) + state.missed
    if bound < state.bound:
        state.bound, state.bound_prices = bound, (prices, quota_prices)
    return bound


def price_some(state: State, who: Ints, prices: Floats) -> None:
    """Let some mentees pick at prices on the grid and the present prices of quotas."""
    state.passes.price(state, who, on_grid(prices), on_grid(state.quota_prices))


def excess(state: State) -> tuple[Ints, Ints]:
    """Return the loads of mentors, shape (N,), and the ties counted towards quotas, shape (Q,)."""
    loads = np.zeros(len(state.prices), np.int64)
    used = np.zeros(len(state.quota_prices), np.int64)
    loads_of(state.a, state.teams, state.sizes, loads, used)
    return loads, used


def sweep_once(state: State, mu: float, loads: Ints, used: Ints, drift: Floats | None = None) -> None:
    """Let every mentee pick again, then move prices by half of ``mu`` for each mentee too many or too few.

    Parameters
    ----------
    drift : (N,), optional
        By how much prices above 0 move on before, from the sweeps so far [1]_; written.

    References
    ----------
    .. [1] Polyak B. T., Some methods of speeding up the convergence of iteration methods, USSR
       Comput. Math. Math. Phys. 4 (1964) 1-17.
    """
    a = state.a
    before = state.prices
    if drift is not None:
        state.prices = before + np.where(before > 0, _MOMENTUM * drift, 0.0)
    block = max(8, -(-len(state.order) // _BLOCKS))
    turn = -1 if state.still is None else state.turn
    still = np.zeros_like(state.sizes) if state.still is None else state.still
    state.passes.sweep(state, block, mu, loads, used, still, turn)
    state.turn += 1
    pace = _PRICE_STEP * mu
    state.prices = np.maximum(0.0, state.prices + pace * (loads - a.capacities)) + np.minimum(
        0.0, state.prices + pace * (loads - a.min_loads)
    )
    state.quota_prices = np.maximum(0.0, state.quota_prices + pace * (used - a.quota_limits))
    if drift is not None:
        drift[:] = state.prices - before


def keep(problem: Problem, state: State) -> None:
    """Repair the present teams, and keep them if no outcome so far is better: fewer below their floors, or worth more.

    Raises
    ------
    Infeasible
        When no outcome meets the rules.
    """
    prices = state.bound_prices[0]
    # Chains spoil the shares for passes to come: they get a copy.
    if not repair(state.a, state.order, prices, state.v.copy(), state.teams, state.sizes, _CHAIN_PASSES):
        start = feasible_start(problem)
        if start is None:
            raise_infeasible(problem)
        put(problem, state, start)
        repair(state.a, state.order, prices, state.v.copy(), state.teams, state.sizes, _CHAIN_PASSES)
    worths = merits(state.a, np.arange(len(state.sizes)), state.teams, state.sizes)
    short, value = int((worths < state.a.floors).sum()), float(worths.sum())
    if state.best_teams is None or (-short, value) > (-state.short, state.best):
        state.best, state.short, state.best_teams = value, short, (state.teams.copy(), state.sizes.copy())


def put(problem: Problem, state: State, teams: Teams) -> None:
    """Make these teams the present ones."""
    for i, team in enumerate(teams):
        state.sizes[i] = len(team)
        state.teams[i, : len(team)] = np.searchsorted(problem.candidates(i), team)


def as_teams(problem: Problem, teams: Ints, sizes: Ints) -> Teams:
    """Return teams of mentors, ascending, from places among the candidates, shapes (M, 5) and (M,)."""
    return tuple(tuple(sorted(int(j) for j in problem.candidates(i)[teams[i, : sizes[i]]])) for i in range(len(sizes)))
