"""The one way through: a roster and a policy in, a certified and explained outcome out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from introducer import certify, fit, rules
from introducer.errors import Infeasible, Refused
from introducer.explain import Account, constellations
from introducer.outcome import Outcome
from introducer.solve import Solution, Watch, solve

if TYPE_CHECKING:
    from introducer.outcome import Prices
    from introducer.policy import Policy
    from introducer.problem import Teams
    from introducer.roster import Roster

__all__ = ["account_of", "conclude", "match"]

_NONE: frozenset[tuple[str, str]] = frozenset()


def match(
    roster: Roster,
    policy: Policy,
    *,
    previous: frozenset[tuple[str, str]] = _NONE,
    watch: Watch | None = None,
) -> Outcome:
    """Match a cohort.

    Parameters
    ----------
    roster : Roster
    policy : Policy
    previous : frozenset of (str, str)
        Ties (mentee id, mentor id) of an earlier outcome that earn the continuity bonus.
    watch : Watch, optional
        Whom to tell of progress, and whether to stop early.

    Returns
    -------
    Outcome
        Feasible, certified over all eligible pairs, explained.

    Raises
    ------
    Infeasible
        If no outcome meets the rules.

    Examples
    --------
    >>> from introducer import Domain, Mentee, Mentor, Policy, Roster, Vocabulary, match
    >>> words = Vocabulary(domains=(Domain(id="contracts", name="Contracts"),))
    >>> cleo = Mentee(id="cleo", needs={"contracts": 3})
    >>> ben = Mentor(id="ben", offers={"contracts": 2})
    >>> outcome = match(Roster("A society", words, (cleo,), (ben,)), Policy())
    >>> [round(tie.worth, 3) for tie in outcome.ties], outcome.certificate.gap
    ([0.705], 0.0)
    """
    watch = watch or Watch()
    refused = rules.refusals(roster, policy)
    problem = fit.problem(roster, policy, refused, previous)
    try:
        solution = solve(problem, policy, watch)
    except Infeasible as error:
        raise error.worded([m.id for m in roster.mentees], [m.id for m in roster.mentors]) from error
    account = Account.of(roster, policy, refused, problem, solution.teams, previous)
    return _conclude(account, solution, previous)


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
    return _conclude(account, Solution(teams, prices, reproducible), previous)


def _conclude(account: Account, solution: Solution, previous: frozenset[tuple[str, str]]) -> Outcome:
    problem = account.problem
    return Outcome(
        roster=account.roster,
        policy=account.policy,
        constellations=constellations(account, certify.alone(problem)),
        loads=tuple(account.loads.tolist()),
        capacities=tuple(problem.arrays.capacities.tolist()),
        prices=solution.prices,
        certificate=certify.certify(problem, solution.teams, solution.prices),
        refusals=account.refused.counts(),
        previous=previous,
        reproducible=solution.finished,
    )
