"""The oracle: the whole model by HiGHS, for small cohorts.

The prices are the duals of the relaxed model's rows for capacity, lower loads and quotas. The
bound that they prove is at most the relaxed model's value, and may lie above the optimum.

The watch is asked whether to stop twice, since HiGHS is not interrupted: before the model is
solved (then any feasible outcome is returned) and before the prices are computed (then they
are 0, and prove the bound in which nobody competes).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from introducer.outcome import Prices
from introducer.problem import on_grid
from introducer.solve import Solution
from introducer.solve.elastic import feasible_start, raise_infeasible
from introducer.solve.model import Model, as_teams, run, whole

if TYPE_CHECKING:
    from introducer.policy import Policy
    from introducer.problem import Problem, Teams
    from introducer.solve import Watch

__all__ = ["solve"]


def solve(problem: Problem, policy: Policy, watch: Watch) -> Solution:  # noqa: ARG001 - the contract of solvers
    """Solve to the optimum. See the module for when it can be stopped.

    Raises
    ------
    Infeasible
        When no outcome meets the rules.
    """
    watch.tell("start", 0.0, None)
    if watch.stop():
        return _unfinished(problem, feasible_start(problem))
    model = whole(problem)
    found = run(model)
    if found is None:
        raise_infeasible(problem)
    teams = as_teams(problem, found[0])
    watch.tell("exact", 0.5, None)
    if watch.stop():
        return _unfinished(problem, teams)
    prices = _prices(model)
    watch.tell("prices", 1.0, None)
    return Solution(teams, prices)


def _unfinished(problem: Problem, teams: Teams | None) -> Solution:
    if teams is None:
        raise_infeasible(problem)
    mentors = (0.0,) * problem.shape[1]
    return Solution(teams, Prices(mentors, mentors, (0.0,) * len(problem.arrays.quota_limits)), finished=False)


def _prices(model: Model) -> Prices:
    relaxed = run(model, "corner")
    assert relaxed is not None  # noqa: S101 - the whole model has a solution, so the relaxed one has
    duals = relaxed[1]

    def price(family: str, sign: float) -> tuple[float, ...]:
        return tuple(np.maximum(on_grid(sign * duals[model.families[family]]), 0.0).tolist())

    return Prices(price("capacity", -1.0), price("lower load", 1.0), price("quota", -1.0))
