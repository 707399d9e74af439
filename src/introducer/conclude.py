"""What follows from teams and prices, wherever they come from: all of ``match`` but the solver.

``verify`` goes this way and so shares nothing with the solvers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from introducer import certify, fit, rules
from introducer.errors import Refused
from introducer.explain import Account, constellations
from introducer.outcome import Outcome

if TYPE_CHECKING:
    from introducer.outcome import Prices
    from introducer.policy import Policy
    from introducer.problem import Teams
    from introducer.roster import Roster

__all__ = ["account_of", "conclude", "concluded"]

_NONE: frozenset[tuple[str, str]] = frozenset()


def account_of(roster: Roster, policy: Policy, teams: Teams, previous: frozenset[tuple[str, str]] = _NONE) -> Account:
    """Return all that reasons are drawn from, for teams that are known."""
    refused = rules.refusals(roster, policy)
    problem = fit.problem(roster, policy, refused, previous)
    return Account.of(roster, policy, refused, problem, teams, previous)


def conclude(
    roster: Roster,
    policy: Policy,
    teams: Teams,
    prices: Prices,
    *,
    previous: frozenset[tuple[str, str]] = _NONE,
    reproducible: bool = True,
) -> Outcome:
    """Certify and explain teams and prices that came from elsewhere: all of ``match`` but the solver.

    Raises
    ------
    Refused
        If the teams break a rule.
    """
    refused = rules.refusals(roster, policy)
    problem = fit.problem(roster, policy, refused, previous)
    findings = certify.faults(problem, teams, prices)
    if findings:
        raise Refused(findings)
    account = Account.of(roster, policy, refused, problem, teams, previous)
    return concluded(account, prices, previous=previous, reproducible=reproducible)


def concluded(account: Account, prices: Prices, *, previous: frozenset[tuple[str, str]], reproducible: bool) -> Outcome:
    """Certify and explain what is known to break no rule."""
    problem = account.problem
    return Outcome(
        roster=account.roster,
        policy=account.policy,
        constellations=constellations(account, certify.alone(problem)),
        loads=tuple(account.loads.tolist()),
        capacities=tuple(problem.arrays.capacities.tolist()),
        prices=prices,
        certificate=certify.certify(problem, account.teams, prices),
        refusals=account.refused.counts(),
        previous=previous,
        reproducible=reproducible,
    )
