"""The restricted master: the best mix of the teams seen so far [1]_, and the teams that it lacks.

1. **Columns.** Every team that a pass or a sweep picked, and for every mentee the pins alone.
2. **Program.** With x_t the part of team t that its mentee gets::

       maximize    sum v_t x_t - penalty * shortfall of lower loads
       subject to  one team for each mentee, loads and quotas within their limits

   by interior points without crossover [2]_: their duals lie in the middle of all that are
   optimal, where the next passes learn most; and the shortfall keeps it feasible.
3. **Prices.** Its duals: one pass at these prices over all eligible pairs gives a bound, and
   the columns that the mix lacks. A few sweeps from there add teams that look to the loads,
   which more than halves the number of repetitions.
4. Until bound and program agree.

.. [1] Dantzig G. B., Wolfe P., Decomposition principle for linear programs, Operations
   Research 8 (1960) 101-111; Lübbecke M. E., Desrosiers J., Selected topics in column
   generation, Operations Research 53 (2005) 1007-1023.
.. [2] Schork L., Gondzio J., Implementation of an interior point method with basis
   preconditioning, Math. Prog. Comput. 12 (2020) 603-635.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from introducer.runs import runs
from introducer.solve.above import merits, merits_of
from introducer.solve.model import Model, run
from introducer.solve.room import MOST
from introducer.solve.state import excess, price, sweep_once
from introducer.solve.sweeps import moved

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from introducer.problem import Arrays
    from introducer.solve import Stop
    from introducer.solve.state import State

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Mix", "Pool", "choose", "closed", "generate", "limits", "mix", "program"]

#: Rounds that move neither bound nor mix, after which no more are tried.
_STILL = 4
#: Bound and program agree when they differ by less than this part.
_AGREED = 2e-5
_SWEEPS = 3
_SWEEP_STEP = 0.01
#: What a full mentor costs.
_NEVER = 1e6
#: What telling equal pairs apart may add to a team, and more.
_BLUR = 1e-4
#: More teams than this are not chosen from in whole numbers; gap and nodes at which that search ends.
_CHOICES, _WHOLE_GAP, _WHOLE_NODES = 1_500, 1e-5, 200


@dataclass
class Pool:
    """Teams seen so far, each once: the columns of the master, in order of arrival.

    Rows are mentors (0 to N - 1), then quotas.

    Attributes
    ----------
    a : Arrays
    owners : list of int
        Mentee of each column.
    places : list of tuple of int
        Team of each column: places among the mentee's candidates, ascending.
    worths : list of float
        Its value.
    entries, ends : list of int
        Rows that the column counts towards: ``entries[ends[t]:ends[t + 1]]``. Pinned ties
        count towards none: their seats are taken off the limits.
    """

    a: Arrays
    owners: list[int] = field(default_factory=list)
    places: list[tuple[int, ...]] = field(default_factory=list)
    worths: list[float] = field(default_factory=list)
    entries: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=lambda: [0])
    _seen: dict[tuple[int, tuple[int, ...]], int] = field(default_factory=dict)
    _last: Ints = field(default_factory=lambda: np.zeros((0, MOST), np.int64))

    def __post_init__(self) -> None:
        a = self.a
        self._last = np.full((len(a.widths), MOST), -2, np.int64)
        pins = [np.flatnonzero(_pinned(a, i)) for i in range(len(a.widths))]
        teams = np.zeros((len(pins), MOST), np.int64)
        for i, own in enumerate(pins):
            teams[i, : len(own)] = own
        self._add(np.arange(len(pins)), teams, np.array([len(own) for own in pins], np.int64))

    def add(self, state: State, who: Ints | None = None) -> None:
        """Add the present teams of these mentees (None: of all) as far as they are new."""
        self._add(np.arange(len(state.sizes)) if who is None else who, state.teams, state.sizes)

    def _add(self, who: Ints, teams: Ints, sizes: Ints) -> None:
        new = []
        # Most stand still from sweep to sweep: only who has another team than last time is looked up.
        now = np.sort(np.where(np.arange(MOST)[None, :] < sizes[who, None], teams[who], -1), axis=1)
        moved = (now != self._last[who]).any(axis=1)
        self._last[who] = now
        who = who[moved]
        for i, team, size in zip(who.tolist(), teams[who].tolist(), sizes[who].tolist(), strict=True):
            key = i, tuple(sorted(team[:size]))
            if key not in self._seen:
                self._seen[key] = len(self.owners)
                new.append(key)
                self._append(*key)
        own = np.array([i for i, _team in new], np.int64)
        self.worths += merits(self.a, own, teams, sizes).tolist()

    def _append(self, i: int, team: tuple[int, ...]) -> None:
        pinned = _pinned(self.a, i)
        self.owners.append(i)
        self.places.append(team)
        self.entries += _counted(self.a, i, [c for c in team if not pinned[c]])
        self.ends.append(len(self.entries))

    def on(self, a: Arrays) -> Pool:
        """Return the teams as places among the candidates of another problem; those that it lacks are left out."""
        owners, (teams, sizes) = np.array(self.owners, np.int64), self._teams()
        places = moved(self.a, a, owners, teams, sizes)
        return self._some(a, np.flatnonzero((places >= 0).all(axis=1)), owners, places)

    def among(self, who: Ints, a: Arrays) -> Pool:
        """Return the teams of some mentees, ascending, as those of a problem that has no one else."""
        number = np.full(len(self.a.widths), -1)
        number[who] = np.arange(len(who))
        owners = number[np.array(self.owners, np.int64)]
        return self._some(a, np.flatnonzero(owners >= 0), owners, self._teams()[0])

    def _teams(self) -> tuple[Ints, Ints]:
        """Return the teams of all columns, shape (T, 5), and their sizes, shape (T,)."""
        sizes = np.array([len(team) for team in self.places], np.int64)
        teams = np.zeros((len(sizes), MOST), np.int64)
        teams[np.arange(MOST)[None, :] < sizes[:, None]] = [c for team in self.places for c in team]
        return teams, sizes

    def _some(self, a: Arrays, columns: Ints, owners: Ints, teams: Ints) -> Pool:
        """Return a pool of some columns, with these owners and teams as those of a problem."""
        ends, at = runs(np.array(self.ends, np.int64), columns)
        who = owners[columns].tolist()
        sizes = [len(self.places[t]) for t in columns.tolist()]
        places = [tuple(team[:size]) for team, size in zip(teams[columns].tolist(), sizes, strict=True)]
        return Pool(
            a,
            owners=who,
            places=places,
            worths=np.array(self.worths)[columns].tolist(),
            entries=np.array(self.entries, np.int64)[at].tolist(),
            ends=ends.tolist(),
            _seen={key: number for number, key in enumerate(zip(who, places, strict=True))},
        )

    def some(self, columns: Ints, a: Arrays) -> Pool:
        """Return a pool of some columns, ascending and the first M among them, with other floors."""
        owners, (teams, sizes) = np.array(self.owners, np.int64), self._teams()
        copy = self._some(a, columns, owners, teams)
        copy.worths = merits_of(a, owners[columns], teams[columns], sizes[columns]).tolist()
        return copy

    def take(self, other: Pool, columns: Ints) -> None:
        """Add columns of another pool of the same candidates, as far as they are new."""
        for c in columns.tolist():
            key = other.owners[c], other.places[c]
            if key not in self._seen:
                self._seen[key] = len(self.owners)
                self._append(*key)
                self.worths.append(other.worths[c])

    def write(self, state: State, columns: Ints) -> None:
        """Make the teams of these columns the present ones of their mentees."""
        for column in columns.tolist():
            i, team = self.owners[column], self.places[column]
            state.sizes[i] = len(team)
            state.teams[i, : len(team)] = team

    def column(self, i: int, team: tuple[int, ...]) -> int:
        """Return the column of a mentee's team, places ascending, that was added."""
        return self._seen[i, team]

    def costs(self, prices: Floats) -> Floats:
        """Return what each column costs, with its pins, at prices of mentors and quotas, shapes (T,) and (N + Q,)."""
        a = self.a
        pins = [_counted(a, i, np.flatnonzero(_pinned(a, i)).tolist()) for i in range(len(a.widths))]
        paid = np.array([prices[own].sum() for own in pins])
        costs: Floats = paid[self.owners] + self.matrix().T @ prices
        return costs

    def rows(self, column: int) -> list[int]:
        """Return the rows that a column counts towards."""
        return self.entries[self.ends[column] : self.ends[column + 1]]

    def matrix(self) -> sparse.csc_array:
        """Return which column counts towards which row, shape (N + Q, T)."""
        shape = len(self.a.capacities) + len(self.a.quota_limits), len(self.owners)
        return sparse.csc_array((np.ones(len(self.entries)), self.entries, self.ends), shape=shape)


@dataclass(frozen=True)
class Mix:
    """A solution of the master program.

    Attributes
    ----------
    parts : (n,) part of each active column, in [0, 1]
    prices, quota_prices : (N,), (Q,) duals; a price is negative where a lower load binds
    value : float
        Of the mix, less the penalty for lower loads that it does not meet.
    """

    parts: Floats
    prices: Floats
    quota_prices: Floats
    value: float


def limits(a: Arrays) -> tuple[Floats, Floats]:
    """Return the least and the most of each row of a pool, less what the pins take, shapes (N + Q,)."""
    least = np.concatenate([a.min_loads, np.zeros_like(a.quota_limits)])
    most = np.concatenate([a.capacities, a.quota_limits])
    taken = [row for i in range(len(a.widths)) for row in _counted(a, i, np.flatnonzero(_pinned(a, i)).tolist())]
    pins = np.bincount(taken, minlength=len(most))
    return np.maximum(least - pins, 0).astype(np.float64), (most - pins).astype(np.float64)


def closed(prices: Floats, quota_prices: Floats, most: Floats) -> tuple[Floats, Floats]:
    """Return prices at which nobody asks for what is full: for who may pick among the seats left.

    Parameters
    ----------
    most : (N + Q,)
        What is left of each row of a pool.
    """
    mentors = len(prices)
    return np.where(most[:mentors] <= 0, _NEVER, prices), np.where(most[mentors:] <= 0, _NEVER, quota_prices)


def _pinned(a: Arrays, i: int) -> NDArray[np.bool_]:
    return a.pinned[a.starts[i] : a.starts[i + 1]]


def _counted(a: Arrays, i: int, places: list[int]) -> list[int]:
    """Return the rows that ties of mentee i count towards."""
    quotas = range(a.quota_starts[i], a.quota_starts[i + 1])
    return [int(a.mentors[a.starts[i] + c]) for c in places] + [
        len(a.capacities) + int(a.quota_ids[r]) for r in quotas if a.quota_places[r] in places
    ]


def mix(pool: Pool, active: Ints, least: Floats, most: Floats, worths: Floats | None = None) -> Mix:
    """Solve the program over the active columns; every mentee among their owners gets a whole team.

    Parameters
    ----------
    active : (n,) columns of the pool
    least, most : (N + Q,) limits of its rows
    worths : (n,) what the columns count instead of their values
    """
    model = program(pool, active, least, most, worths)
    solution = run(model, "middle")
    assert solution is not None  # noqa: S101 - the shortfall keeps it feasible, and pins alone are teams
    columns, duals = solution
    mentors = len(pool.a.capacities)
    prices = -duals[model.families["row"]]
    return Mix(
        parts=columns[: len(active)],
        prices=np.where((prices[:mentors] < 0) & (least[:mentors] == 0), 0.0, prices[:mentors]),
        quota_prices=np.maximum(prices[mentors:], 0.0),
        value=-float(model.costs @ columns),
    )


def program(pool: Pool, active: Ints, least: Floats, most: Floats, worths: Floats | None = None) -> Model:
    """Return the program over the active columns; parameters as of ``mix``."""
    worth = np.array(pool.worths)[active] if worths is None else worths
    owners, row = np.unique(np.array(pool.owners)[active], return_inverse=True)
    owed = np.flatnonzero(least > 0)
    one = sparse.csr_array((np.ones(len(active)), (row, np.arange(len(active)))), shape=(len(owners), len(active)))
    short = sparse.csr_array((np.ones(len(owed)), (owed, np.arange(len(owed)))), shape=(len(least), len(owed)))
    rows = sparse.block_array(
        [[one, sparse.csr_array((len(owners), len(owed)))], [pool.matrix()[:, active], short]], format="csr"
    )
    # More than any two teams can differ by.
    penalty = 1.0 + 2.0 * float(np.abs(worth).max(initial=0.0))
    count = rows.shape[1]
    return Model(
        costs=np.concatenate([-worth, np.full(len(owed), penalty)]),
        least=np.zeros(count),
        most=np.full(count, np.inf),
        whole=np.arange(count) < len(active),
        rows=rows,
        low=np.concatenate([np.ones(len(owners)), np.where(least > 0, least, -np.inf)]),
        high=np.concatenate([np.ones(len(owners)), most]),
        families={"mentee": slice(0, len(owners)), "row": slice(len(owners), rows.shape[0])},
    )


def choose(state: State, pool: Pool) -> None:
    """Make the best whole choice among the teams seen the present teams, where these are not too many.

    A team whose mentee would lose more by it, at the prices of the bound, than the gap is wide
    cannot be in a better outcome [1]_, and is left out.

    .. [1] Baldacci R., Christofides N., Mingozzi A., An exact algorithm for the vehicle routing
       problem based on the set partitioning formulation, Math. Prog. 115 (2008) 351-385.
    """
    least, most = limits(state.a)
    price(state, *state.bound_prices)
    costs = np.concatenate(state.bound_prices)
    lost = state.values[pool.owners] - np.array(pool.worths) + pool.costs(costs)
    active = np.flatnonzero(lost <= state.bound - state.best + _BLUR)
    if len(active) > _CHOICES:
        return
    found = run(program(pool, active, least, most), "whole", gap=_WHOLE_GAP, nodes=_WHOLE_NODES)
    if found is None:
        return
    pool.write(state, active[found[0][: len(active)] > 1 / 2])


def generate(state: State, pool: Pool, stop: Stop) -> None:
    """Add columns and lower the bound until bound and program agree, nothing moves, or it is time to stop."""
    least, most = limits(state.a)
    value, bound, still = -np.inf, np.inf, 0
    while True:
        found = mix(pool, np.arange(len(pool.owners)), least, most)
        price(state, found.prices, found.quota_prices)
        pool.add(state)
        close = _AGREED * abs(state.bound)
        still = still + 1 if found.value - value + bound - state.bound <= close / 100 else 0
        if state.bound - found.value <= close or still == _STILL or stop():
            break
        value, bound = found.value, state.bound
        state.prices, state.quota_prices = found.prices, found.quota_prices
        loads, used = excess(state)
        for _ in range(_SWEEPS):
            sweep_once(state, _SWEEP_STEP, loads, used)
            pool.add(state)
