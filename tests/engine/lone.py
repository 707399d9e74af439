"""Problems of one mentee, and all its teams: what searches for one team are held to."""

from itertools import combinations

import numpy as np
from problems import ALL, changed, random_problem, team_breaks

from introducer.problem import on_grid
from introducer.solve.room import MOST


def one(seed, *, candidates=9):
    """Return a problem of one mentee who may have many, and costs of all candidates."""
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, 1, candidates, rules=ALL, eligible=0.9)
    a = problem.arrays
    kept, size = a.kept.copy(), int(rng.integers(1, 5))
    problem = changed(problem, team_sizes=np.array([size]), institution_limit=int(rng.integers(0, 3)), kept=kept)
    return problem, on_grid(0.4 * rng.random(len(a.mentors)) - 0.05), rng


def legal(problem):
    own = problem.candidates(0).tolist()
    sets = [team for size in range(MOST + 1) for team in combinations(own, size)]
    return [team for team in sets if not team_breaks(problem, 0, team)]


def paid(problem, costs, team):
    return float(sum(costs[np.searchsorted(problem.candidates(0), j)] for j in team))
