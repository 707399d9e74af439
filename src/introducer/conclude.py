"""What follows from teams and prices, wherever they come from: all of ``match`` but the solver.

``verify`` goes this way and so shares nothing with the solvers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from introducer import certify, fairness, fit, lottery, rules
from introducer.errors import Refused
from introducer.explain import Account, constellations
from introducer.outcome import Outcome
from introducer.runs import lists_of
from introducer.sample import drawn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from introducer.certify import Looks
    from introducer.fit import Market
    from introducer.outcome import Certificate, Draw, Prices, Raised
    from introducer.policy import Policy
    from introducer.problem import Teams
    from introducer.roster import Roster
    from introducer.rules import Refusals

__all__ = ["STORED", "account_of", "conclude", "concluded"]

_NONE: frozenset[tuple[str, str]] = frozenset()


#: A cohort with more allowed pairs is not stored whole: reasons are then drawn from the pairs that are tied.
STORED = 2_000_000


def account_of(roster: Roster, policy: Policy, teams: Teams, previous: frozenset[tuple[str, str]] = _NONE) -> Account:
    """Return all that reasons are drawn from, for teams that are known and break no rule."""
    refused = rules.refusals(roster, policy)
    return _account(roster, policy, refused, fit.market(roster, policy, refused, previous), teams)


def _account(
    roster: Roster,
    policy: Policy,
    refused: Refusals,
    market: Market,
    teams: Teams,
) -> Account:
    problem = market.problem(None if market.eligible <= STORED else lists_of(teams))
    return Account.of(roster, policy, refused, market, problem, teams)


def conclude(
    roster: Roster,
    policy: Policy,
    teams: Teams,
    prices: Prices,
    *,
    previous: frozenset[tuple[str, str]] = _NONE,
    reproducible: bool = True,
    chance: bool = False,
    raised: Raised | None = None,
) -> Outcome:
    """Certify and explain teams and prices that came from elsewhere: all of ``match`` but the solver.

    Parameters
    ----------
    chance : bool
        Hold the lottery of the policy first, from these teams.

    Raises
    ------
    Refused
        If the teams break a rule or are below the floors, or a proof does not hold.
    """
    refused = rules.refusals(roster, policy)
    market = fit.market(roster, policy, refused, previous)
    if raised is not None:
        by = fairness.measures(market, policy)
        market = fairness.with_floors(market, fairness.floors_at(np.array(raised.levels), by))
    draw = None
    if chance:
        findings = certify.faults(market, teams, prices)
        if findings:
            raise Refused(findings)
        draw = lottery.hold(market, teams, prices, policy.lottery, policy.seed)
        teams = draw.teams
    whom = _whom(roster, policy)
    certificate = certify.certify(market, teams, prices, whom=whom)
    account = _account(roster, policy, refused, market, teams)
    return _outcome(account, prices, certificate, previous, draw, raised, whom, reproducible=reproducible)


def concluded(
    account: Account,
    prices: Prices,
    *,
    previous: frozenset[tuple[str, str]],
    reproducible: bool,
    chance: bool = False,
    raised: Raised | None = None,
    looks: Looks = certify,
    by: NDArray[np.float64] | None = None,
) -> Outcome:
    """Certify and explain what is known to break no rule; parameters as of ``conclude``.

    With floors, the market of the account has them.

    Parameters
    ----------
    looks : Looks, optional
        Who looks at the mentees for the certificate.
    by : (M,), optional
        What worths are measured by (``introducer.fairness``), where it is known.
    """
    draw = None
    if chance:
        policy = account.policy
        draw = lottery.hold(account.market, account.teams, prices, policy.lottery, policy.seed)
        account = _account(account.roster, policy, account.refused, account.market, draw.teams)
    whom = _whom(account.roster, account.policy)
    certificate = certify.certify(account.market, account.teams, prices, looks, whom=whom)
    return _outcome(
        account, prices, certificate, previous, draw, raised, whom, reproducible=reproducible, looks=looks, by=by
    )


def _whom(roster: Roster, policy: Policy) -> bool | NDArray[np.bool_]:
    """Return whose best teams are looked for among all mentors."""
    return drawn([mentee.id for mentee in roster.mentees], len(roster.mentors), policy.seed)


def _outcome(
    account: Account,
    prices: Prices,
    certificate: Certificate,
    previous: frozenset[tuple[str, str]],
    draw: Draw | None,
    raised: Raised | None,
    whom: bool | NDArray[np.bool_],
    *,
    reproducible: bool,
    looks: Looks = certify,
    by: NDArray[np.float64] | None = None,
) -> Outcome:
    alone = looks.alone(account.market, whom=whom)
    found = constellations(account, alone)
    if by is None:
        by = fairness.measures(account.market, account.policy, alone)
    return Outcome(
        roster=account.roster,
        policy=account.policy,
        teams=account.teams,
        constellations=found,
        loads=tuple(account.loads.tolist()),
        capacities=tuple(account.market.arrays.capacities.tolist()),
        prices=prices,
        certificate=certificate,
        fairness=fairness.account_for(account.roster, account.policy, account.market, found.values, by, raised),
        refusals=account.refused.counts(),
        previous=previous,
        reproducible=reproducible,
        draw=draw,
    )
