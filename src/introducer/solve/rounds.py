"""What the price decomposition repeats: the ascent, a round of sweeps, and a landing.

**Ascent**: from one constant price, a few passes that raise the prices of mentors asked too
often and lower the others, each by a step of its own that grows while the sign stays and
shrinks when it turns [1]_. **Round**: sweeps (``introducer.solve.sweeps``), then one pass at the mean
of their prices and one at the last. **Landing**: a few sweeps with larger steps, then repair.

.. [1] Riedmiller M., Braun H., A direct adaptive method for faster backpropagation learning:
   the RPROP algorithm, IEEE Int. Conf. Neural Networks (1993) 586-591.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from introducer.outcome import Prices
from introducer.solve import Solution
from introducer.solve.state import as_teams, excess, keep, price, price_some, sweep_once

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from introducer.problem import Problem
    from introducer.solve import Stop
    from introducer.solve.master import Pool
    from introducer.solve.state import State

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["ROUNDS", "Round", "ascend", "best_found", "constant_price", "land", "level", "sweep_round"]

#: Step mu of each sweep, round by round; finer where a round before did not reach the target.
ROUNDS: tuple[tuple[float, ...], ...] = (
    (0.02,) * 6 + (0.01,) * 8,
    (0.006,) * 40,
    (0.004,) * 60,
    (0.0025,) * 80,
    (0.0015,) * 120,
    (0.001,) * 160,
)
#: Steps of a landing.
LANDING = (0.01,) * 8 + (0.03,) * 6 + (0.1,) * 4
#: Once it is time to stop, one of so many of its steps is taken.
HASTE = 10
_FIRST_STEP = 0.03
#: Mentees of whom demand is asked, and steps in which a shift is found.
_SAMPLE, _HALVINGS = 4_000, 8


def constant_price(state: State) -> None:
    """Set one price for all at which what is asked for about equals the seats, unless they suffice for all."""
    asked, seats = _sample(state)
    price_some(state, asked, state.prices)
    if state.sizes[asked].sum() > seats:
        state.prices = _shifted(state, asked, seats, 0.0, 1.0)


def level(state: State, reach: float) -> None:
    """Shift all prices but negative ones by one amount, so that what is asked for about equals the seats.

    By ``reach`` at most. Demand hardly answers to a common shift: sweeps, which look at one mentor
    at a time, are slow to find it.
    """
    asked, seats = _sample(state)
    state.prices = _shifted(state, asked, seats, -reach, reach)


def _sample(state: State) -> tuple[Ints, float]:
    """Return some mentees, and their part of the seats."""
    asked = state.order[:_SAMPLE]
    sizes = state.a.team_sizes
    return asked, float(state.a.capacities.sum() * sizes[asked].sum() / max(1, sizes.sum()))


def _shifted(state: State, asked: Ints, seats: float, low: float, high: float) -> Floats:
    """Return the prices shifted by that amount between two at which these mentees ask for so many seats."""
    start = state.prices
    shifts = start >= 0

    def at(shift: float) -> Floats:
        return np.where(shifts, np.maximum(0.0, start + shift), start)

    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        price_some(state, asked, at(middle))
        low, high = (middle, high) if state.sizes[asked].sum() > seats else (low, middle)
    return at((low + high) / 2)


def ascend(state: State, passes: int, stop: Stop, first: float = _FIRST_STEP) -> None:
    """Move all prices towards those at which loads fit, until it is time to stop."""
    a = state.a
    step = np.full_like(state.prices, first)
    before = np.zeros_like(step)
    scale = np.maximum(1.0, 0.5 * np.sqrt(a.capacities))
    for _ in range(passes):
        if stop():
            break
        price(state, state.prices, state.quota_prices)
        loads, used = excess(state)
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


def sweep_round(state: State, steps: Sequence[float], pool: Pool | None, stop: Stop) -> None:
    """Sweep, and price the mean and the last prices of the round; the teams and prices of the sweeps are left.

    When it is time to stop, what is left of the sweeps is left out.
    """
    begun = Round.of(state)
    begun.sweep(state, steps, pool, stop)
    begun.end(state)


@dataclass
class Round:
    """A round of sweeps that may go on with other shortlists.

    Attributes
    ----------
    loads, used : what mentors and quotas are asked for
    means : sums of the prices after each sweep
    drift : by how much prices moved; None where they do not move on
    swept : sweeps so far
    """

    loads: Ints
    used: Ints
    means: tuple[Floats, Floats]
    drift: Floats | None
    swept: int = 0

    @classmethod
    def of(cls, state: State) -> Round:
        """Return a round that begins at the teams and prices of a state."""
        means = np.zeros_like(state.prices), np.zeros_like(state.quota_prices)
        return cls(*excess(state), means, None if state.still is None else np.zeros_like(state.prices))

    def sweep(self, state: State, steps: Sequence[float], pool: Pool | None, stop: Stop) -> None:
        """Sweep with these steps, until it is time to stop; teams are added to those seen after each."""
        for mu in steps:
            if stop():
                break
            sweep_once(state, mu, self.loads, self.used, self.drift)
            self.swept += 1
            self.means[0][:] += state.prices
            self.means[1][:] += state.quota_prices
            if pool is not None:
                pool.add(state)

    def end(self, state: State) -> None:
        """Price the mean and the last prices; the teams and prices of the sweeps are left."""
        carried = state.teams.copy(), state.sizes.copy()
        if self.swept:
            price(state, self.means[0] / self.swept, self.means[1] / self.swept)
        price(state, state.prices, state.quota_prices)
        state.teams[:], state.sizes[:] = carried


def land(
    problem: Problem,
    state: State,
    pool: Pool | None = None,
    steps: Sequence[float] = LANDING,
    every: int = 1,
    stop: Stop = bool,
) -> None:
    """Bring the teams of the last sweep down to feasible ones; teams and prices are carried on as they were.

    Parameters
    ----------
    pool : Pool, optional
        Where the teams of every so many sweeps are added.
    steps : sequence of float
        Step mu of each sweep: the slower they grow, the better the teams.
    stop : callable
        Once it is time to stop, one of ``HASTE`` steps is taken: what is left of the landing is short, not left out.
    """
    carried = state.teams.copy(), state.sizes.copy(), state.prices, state.quota_prices
    loads, used = excess(state)
    for number, mu in enumerate(steps, start=1):
        if number % HASTE and stop():
            continue
        sweep_once(state, mu, loads, used)
        if pool is not None and number % every == 0:
            pool.add(state)
    keep(problem, state)
    state.teams, state.sizes, state.prices, state.quota_prices = carried


def best_found(problem: Problem, state: State, *, finished: bool) -> Solution:
    """Return the best outcome found, and the prices of the lowest bound."""
    prices, quota_prices = state.bound_prices
    dual = Prices(
        capacity=tuple(np.maximum(prices, 0.0).tolist()),
        min_load=tuple(np.maximum(-prices, 0.0).tolist()),
        quota=tuple(quota_prices.tolist()),
    )
    return Solution(as_teams(problem, *state.landed), dual, finished=finished)
