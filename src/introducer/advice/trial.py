"""What a newcomer adds when it is there: the cohort is matched again with it.

1. **Match**: the mentor joins the roster and the cohort is matched again, as ``introducer match
   --previous`` would.
2. **Parts**: old and new teams differ in parts that share no mentor whose seats they move
   (``introducer.rematch``); each can be had without the others.
3. **Increase**: the gain of the part that the newcomer is in. What the other parts gain could be
   had without it, and is told apart; parts that lose stay as they were.
4. The independent checker finds the value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from introducer import certify, fit, rules
from introducer.advice.newcomers import joined, new_ids
from introducer.outcome import Prices
from introducer.rematch import parts_of
from introducer.runs import starts_of
from introducer.solve import Watch, solve_market

if TYPE_CHECKING:
    from introducer.advice.profiles import Profile
    from introducer.fit import Market
    from introducer.outcome import Outcome
    from introducer.problem import Teams

__all__ = ["Check", "tried"]


@dataclass(frozen=True, slots=True)
class Check:
    """What came out with the mentor there.

    Attributes
    ----------
    increase : float
        Of the total, by the newcomer: 0 or more, exact.
    besides : float
        What matching again gained apart from the newcomer: 0 or more.
    seats : int
        Seats of the newcomer that were taken.
    begun, ended : int
        Other ties that begin and end with that.
    finished : bool
        False when matching again was stopped before its own end: more may be possible.
    """

    increase: float
    besides: float
    seats: int
    begun: int
    ended: int
    finished: bool = True


def tried(outcome: Outcome, profile: Profile, seats: int, watch: Watch) -> Check:
    """Add a mentor of a profile and match again.

    Parameters
    ----------
    seats : int
        Of the mentor, at least 1.
    watch : Watch
        Whether to stop early; what was found by then is still an outcome.
    """
    roster = joined(outcome.roster, [profile.mentor(new_ids(outcome.roster, 1)[0], seats)])
    policy, newcomer = outcome.policy, len(outcome.roster.mentors)
    old = outcome.teams
    refused = rules.refusals(roster, policy)
    ids = [mentor.id for mentor in roster.mentors]
    held = frozenset((roster.mentees[i].id, ids[j]) for i, team in enumerate(old) for j in team)
    biased = fit.market(roster, policy, refused, outcome.previous | held)
    _problem, solution = solve_market(biased, policy, Watch(stop=watch.stop))
    market = fit.market(roster, policy, refused, outcome.previous)
    before, after = _values(market, old), _values(market, solution.teams)
    teams, increase, besides = list(old), 0.0, 0.0
    for part in parts_of(old, solution.teams):
        gain = sum(after[i] - before[i] for i in part)
        if gain <= 0:
            continue
        teams = [
            new if i in set(part) else team for i, (team, new) in enumerate(zip(teams, solution.teams, strict=True))
        ]
        if any(newcomer in solution.teams[i] for i in part):
            increase = gain
        else:
            besides += gain
    prices = Prices((*outcome.prices.capacity, 0.0), (*outcome.prices.min_load, 0.0), outcome.prices.quota)
    proof = certify.certify(market, tuple(teams), prices)
    assert proof.value == outcome.certificate.value + increase + besides  # noqa: S101 - sums on the grid are exact
    begun = [j for was, now in zip(old, teams, strict=True) for j in set(now) - set(was)]
    ended = sum(len(set(was) - set(now)) for was, now in zip(old, teams, strict=True))
    taken = begun.count(newcomer)
    return Check(increase, besides, taken, len(begun) - taken, ended, solution.finished)


def _values(market: Market, teams: Teams) -> list[float]:
    """Return the value of every team."""
    starts = starts_of(np.array([len(team) for team in teams], np.int64))
    problem = market.problem((starts, np.array([j for team in teams for j in team], np.int64)))
    return [problem.value(i, team) for i, team in enumerate(teams)]
