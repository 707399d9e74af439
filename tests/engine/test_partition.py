"""The best team by partitions of the criteria is the best of all teams that the rules allow."""

from itertools import combinations

import numpy as np
import pytest
from test_kernels import without_compiler

from introducer.partition import partitioned
from introducer.problem import on_grid


def one(seed):
    """Return candidates of one mentee, many of them equal in something, and the rules of a team."""
    rng = np.random.default_rng(seed)
    count, criteria, most, fixed = 9, int(rng.integers(0, 5)), int(rng.integers(1, 5)), int(rng.integers(0, 2))
    gain = on_grid(rng.integers(0, 4, (criteria, count)) / 8)
    net = on_grid(rng.integers(-3, 3, count) / 16 + rng.random(count) / 100)
    homes = rng.integers(-1, 3, count)
    kept = rng.random(count) < rng.choice([0.3, 1.0])
    kept[:fixed] = True
    return gain, net, homes, int(rng.integers(0, 3)), kept, max(most, fixed), fixed


def found(seed, best=0.0):
    gain, net, homes, limit, kept, most, fixed = one(seed)
    team = np.zeros(most + 1, np.int64)
    cover = gain[:, :fixed].max(axis=1, initial=0.0)
    left = np.arange(fixed, len(net))
    return float(partitioned(gain, net, homes, limit, kept, most, team, fixed, cover, left, best))


def by_trying(seed):
    """Return what the best of all teams adds to the pinned."""
    gain, net, homes, limit, kept, most, fixed = one(seed)
    cover = gain[:, :fixed].max(axis=1, initial=0.0).sum()
    best = 0.0
    for size in range(1, most - fixed + 1):
        for others in combinations(range(fixed, len(net)), size):
            team = [*range(fixed), *others]
            mates = [int(homes[c]) for c in team if homes[c] >= 0]
            if limit and any(mates.count(home) > limit for home in mates):
                continue
            if sum(not kept[c] for c in team) >= max(most, 1):
                continue
            best = max(best, gain[:, team].max(axis=1, initial=0.0).sum() + net[list(others)].sum() - cover)
    return best


def several():
    return [found(seed) for seed in range(25)]


@pytest.mark.parametrize("seed", range(60))
def test_it_is_the_best_of_all_teams(seed):
    assert found(seed) == by_trying(seed)
    assert found(seed, best=by_trying(seed)) == by_trying(seed)
    assert found(seed, best=99.0) == 99.0


def test_it_is_so_compiled_and_not():
    assert several() == without_compiler("several()", __name__)
