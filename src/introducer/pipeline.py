"""The one way through: a roster and a policy in, a certified and explained outcome out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from introducer import fit, rules
from introducer.conclude import concluded
from introducer.errors import Infeasible
from introducer.explain import Account
from introducer.solve import Watch, solve

if TYPE_CHECKING:
    from introducer.outcome import Outcome
    from introducer.policy import Policy
    from introducer.roster import Roster

__all__ = ["match"]

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
    ([0.707], 0.0)
    """
    watch = watch or Watch()
    refused = rules.refusals(roster, policy)
    problem = fit.problem(roster, policy, refused, previous)
    try:
        solution = solve(problem, policy, watch)
    except Infeasible as error:
        told = Infeasible([*error.causes, *refused.told(error.mentors)])
        raise told.worded([m.id for m in roster.mentees], [m.id for m in roster.mentors]) from error
    account = Account.of(roster, policy, refused, problem, solution.teams, previous)
    return concluded(account, solution.prices, previous=previous, reproducible=solution.finished)
