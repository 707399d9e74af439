"""Price decomposition: the default solver.

Price the mentors. For any prices ``alpha, beta, lambda >= 0`` of capacity, lower loads and
quotas no outcome is worth more than [1]_

    sum_j u_j alpha_j - sum_j l_j beta_j + sum_g q_g lambda_g + sum_i max_S [ f_i(S) - p_i(S) ]

The steps:

1. **Start.** One price for all, so chosen that what is asked for about equals the seats.
2. **Ascent.** A few passes that raise the prices of mentors asked too often and lower the
   others, each by a step of its own that grows while the sign stays and shrinks when it
   turns [2]_.
3. **Round.** Sweeps (``introducer.solve.sweeps``) with smaller and smaller steps; the mean
   of the prices of a round, and its last ones, each give a bound by one pass.
4. **Landing.** A few sweeps with larger steps, then repair: a first feasible outcome.
5. **Master.** The teams seen so far become the columns of a linear program, whose duals are
   the next prices (``introducer.solve.master``); from its solution a dive
   (``introducer.solve.dive``) lands better: of those who lose most first
   (``introducer.solve.cores``), then of all. A cohort too large for a master goes on with finer
   rounds instead.
6. **Finish.** The whole numbers that are best among the teams seen
   (``introducer.solve.master``); the smallest cohorts by the whole model
   (``introducer.solve.model``).
7. Stop when the gap is the policy's target, or when nothing is left to try.

.. [1] Fisher M. L., The Lagrangian relaxation method for solving integer programming
   problems, Management Science 27 (1981) 1-18.
.. [2] Riedmiller M., Braun H., A direct adaptive method for faster backpropagation learning:
   the RPROP algorithm, IEEE Int. Conf. Neural Networks (1993) 586-591.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from introducer.solve.cores import mend_part
from introducer.solve.dive import dive
from introducer.solve.elastic import refuse_plain
from introducer.solve.master import Pool, choose, generate
from introducer.solve.model import as_teams as whole_teams
from introducer.solve.model import run, whole
from introducer.solve.rounds import ROUNDS, ascend, best_found, constant_price, land, sweep_round
from introducer.solve.state import begin, keep, put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from introducer.policy import Policy
    from introducer.problem import Problem, Teams
    from introducer.solve import Solution, Stop, Watch
    from introducer.solve.state import State

__all__ = ["improve", "solve", "steps"]

#: Part of the open mentees that one step of a dive settles; the next dive where the one before missed the target.
DIVES = (0.1, 0.05)
#: Part of the mentees, those who lose most, who dive by themselves first.
PART = 0.4
#: More mentees than this have too large a master program.
MASTER_MOST = 4_000
_ASCENT_PASSES = 12
#: So few candidates are given to the whole model, which ends at this gap, or after so many nodes.
WHOLE_MOST, WHOLE_GAP, WHOLE_NODES = 1_500, 1e-6, 2_000


def solve(problem: Problem, policy: Policy, watch: Watch) -> Solution:
    """Solve by price decomposition. See the module for the steps.

    Raises
    ------
    Infeasible
        When no outcome meets the rules.
    """
    return improve(problem, policy, watch)


def improve(problem: Problem, policy: Policy, watch: Watch, start: Teams | None = None) -> Solution:
    """Solve as ``solve`` does, from feasible teams if given: what is returned is no worse than they are."""
    # A best team takes its pins without asking whether they meet the rules.
    refuse_plain(problem)
    watch.tell("start", 0.0, None)
    state = begin(problem, policy.seed)
    if start is not None:
        put(problem, state, start)
        keep(problem, state)
    finished = True
    for part in steps(problem, state, watch):
        watch.tell("prices", part, state.gap)
        finished = not watch.stop()
        if not finished or state.gap <= policy.gap_target:
            break
    return best_found(problem, state, finished=finished)


def steps(problem: Problem, state: State, watch: Watch) -> Iterator[float]:
    """Narrow the gap step by step; yield the part of the steps that is done."""
    pool = Pool(state.apart) if problem.shape[0] <= MASTER_MOST else None
    constant_price(state)
    ascend(state, _ASCENT_PASSES, watch.stop)
    _round(problem, state, ROUNDS[0], pool, watch.stop)
    if pool is None:
        for number, sizes in enumerate(ROUNDS[1:], start=2):
            yield (number - 1) / len(ROUNDS)
            _round(problem, state, sizes, None, watch.stop)
    else:
        for number, share in enumerate(DIVES, start=1):
            yield number / (len(DIVES) + 1)
            generate(state, pool, watch.stop)
            mend_part(state, pool, PART, share, watch.stop)
            yield (number + 1 / 2) / (len(DIVES) + 1)
            dive(state, pool, share, watch.stop)
            keep(problem, state)
        yield (number + 2 / 3) / (len(DIVES) + 1)
        choose(state, pool)
        keep(problem, state)
        if len(state.a.mentors) <= WHOLE_MOST:
            yield (number + 5 / 6) / (len(DIVES) + 1)
            found = run(whole(problem), gap=WHOLE_GAP, nodes=WHOLE_NODES)
            if found is not None:
                put(problem, state, whole_teams(problem, found[0]))
                keep(problem, state)
    yield 1.0


def _round(problem: Problem, state: State, sizes: tuple[float, ...], pool: Pool | None, stop: Stop) -> None:
    """Sweep, price, and land."""
    sweep_round(state, sizes, pool, stop)
    land(problem, state, pool)
