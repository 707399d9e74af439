"""The one way through: a roster and a policy in, a certified and explained outcome out."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from introducer import certify, fit, floors, rematch, rules, solve
from introducer.certify import Looks
from introducer.conclude import STORED, concluded
from introducer.errors import Fault, Infeasible, RosterError
from introducer.explain import Account
from introducer.rematch import cold, warm
from introducer.rematch.known import Carried, carried, prices_on, still_allowed
from introducer.rematch.warm import Before
from introducer.runs import lists_of
from introducer.sample import is_whole
from introducer.solve import Watch, solve_market
from introducer.solve.passes import Scans

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from introducer.fit import Market
    from introducer.outcome import Outcome
    from introducer.policy import Policy
    from introducer.problem import Teams
    from introducer.rematch import Point, Proof
    from introducer.roster import Roster
    from introducer.rules import Refusals

    Pair = tuple[str, str]

__all__ = ["Machines", "Rematch", "Spread", "match", "rematched"]

_NONE: frozenset[tuple[str, str]] = frozenset()


class Spread(Scans, Looks, Protocol):
    """A market spread over other machines."""


class Machines(Protocol):
    """Other machines that can take a part of the work: ``introducer.cluster``."""

    def over(self, market: Market) -> Spread:
        """Spread a market over them."""
        ...


def match(
    roster: Roster,
    policy: Policy,
    *,
    previous: frozenset[tuple[str, str]] = _NONE,
    watch: Watch | None = None,
    machines: Machines | None = None,
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
    machines : Machines, optional
        Who computes what is computed for each mentee; the outcome is the same.

    Returns
    -------
    Outcome
        Feasible, certified over all eligible pairs, explained; after the coins, where the policy holds a lottery.

    Raises
    ------
    Infeasible
        If no outcome meets the rules.
    RosterError
        If the cohort is too large for the policy's floor.

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
    if policy.floor != "total":
        _refuse_sampled(roster, "a floor", "policy.floor", str(policy.floor))
    refused = rules.refusals(roster, policy)
    market = fit.market(roster, policy, refused, previous)
    spread = None if machines is None else machines.over(market)
    raised = None
    with _named(roster, refused):
        if policy.floor == "total":
            problem, solution = solve_market(market, policy, watch, spread)
        else:
            settled = floors.settle(market, policy, watch)
            market, problem, solution, raised = settled.market, settled.problem, settled.solution, settled.raised
    if market.eligible > STORED:
        problem = market.problem(lists_of(solution.teams))  # what was searched is needed no more
    account = Account.of(roster, policy, refused, market, problem, solution.teams)
    return concluded(
        account,
        solution.prices,
        previous=previous,
        reproducible=solution.finished,
        chance=policy.lottery.loss > 0,
        raised=raised,
        # Shards know no floors: such a cohort is looked at here.
        looks=certify if raised or spread is None else spread,
    )


def _refuse_sampled(roster: Roster, what: str, column: str = "", value: str = "") -> None:
    """Refuse what needs a proof over all pairs where there are too many of them."""
    mentees, mentors = len(roster.mentees), len(roster.mentors)
    if not is_whole(mentees, mentors):
        reason = f"{what} is proved over all pairs, and {mentees:,} mentees and {mentors:,} mentors have too many"
        file = "program.toml" if column else "mentees.csv"
        raise RosterError([Fault(file, column=column, value=value, reason=reason)])


@contextmanager
def _named(roster: Roster, refused: Refusals) -> Iterator[None]:
    """Say by name who and what is in the way."""
    try:
        yield
    except Infeasible as error:
        causes = [*error.causes, *refused.told(error.mentors)]
        told = Infeasible(causes, reached=error.reached, impossible=error.impossible)
        raise told.worded([m.id for m in roster.mentees], [m.id for m in roster.mentors]) from error


@dataclass(frozen=True)
class Rematch:
    """An outcome with few changes from an earlier one, and what more or fewer would buy.

    Attributes
    ----------
    outcome : Outcome
        The best that was found within the budget, certified as any other: its gap is to matching anew.
    chosen : Point
        Its changes, value, and the bound of what so many changes can reach.
    points : tuple of Point
        By number of changes, from 0.
    ended, begun : tuple of (str, str)
        Ties (mentee id, mentor id) that end though they could stay, and new ones of people who had a team.
    forced : tuple of (str, str)
        Earlier ties that cannot stay: somebody left, or a rule or a limit forbids them.
    """

    outcome: Outcome
    chosen: Point
    points: tuple[Point, ...]
    ended: tuple[Pair, ...]
    begun: tuple[Pair, ...]
    forced: tuple[Pair, ...]


def rematched(
    roster: Roster,
    policy: Policy,
    before: Mapping[str, Sequence[str]],
    *,
    most: int,
    proof: Proof | None = None,
    watch: Watch | None = None,
) -> Rematch:
    """Match a cohort again with at most so many changes; no lottery is held, whose coins would be changes.

    Parameters
    ----------
    before : mapping of str to sequence of str
        Mentors of each mentee in the earlier outcome, by id; a mentee who is not in it is new.
    most : int
        Changes allowed, 0 or more; what is forced does not count.
    proof : Proof, optional
        What proved the earlier outcome: a large cohort is matched from its prices. Without it, it is
        matched anew first.

    Raises
    ------
    Infeasible
        If no outcome meets the rules.
    RosterError
        If the policy has a floor: re-matching knows none; or if the cohort is too large.
    """
    if policy.floor != "total":
        reason = "matching again with few changes knows no floor but 'total'"
        raise RosterError([Fault("program.toml", column="policy.floor", value=str(policy.floor), reason=reason)])
    _refuse_sampled(roster, "matching again with few changes")
    watch = watch or Watch()
    refused = rules.refusals(roster, policy)
    market = fit.market(roster, policy, refused)
    index = roster.mentor_index
    had = tuple(mentee.id in before for mentee in roster.mentees)
    named = [[index[j] for j in before.get(mentee.id, ()) if j in index] for mentee in roster.mentees]
    held = still_allowed(market, named)
    with _named(roster, refused):
        if market.eligible <= solve.LARGE:
            problem = market.problem()
            base = rematch.base_of(problem, policy, held, had, watch)
            found = cold.frontier(problem, policy, base, had, most, watch)
        else:
            found = warm.frontier(market, policy, _earlier(market, roster, policy, held, had, proof), most, watch)
            problem = market.problem(None if market.eligible <= STORED else lists_of(found.chosen.teams))
    teams = found.chosen.teams
    account = Account.of(roster, policy, refused, market, problem, teams)
    earlier = {(i, j) for i, team in before.items() for j in team}
    stays, comes = _ties(roster, found.base, had), _ties(roster, teams, had)
    return Rematch(
        outcome=concluded(
            account,
            found.prices,
            previous=_NONE,
            reproducible=found.finished,
            looks=found.looks or certify,
            by=None if found.looks is None else found.looks.measures(policy),
        ),
        chosen=found.chosen,
        points=found.points,
        ended=tuple(sorted(stays - comes)),
        begun=tuple(sorted(comes - stays)),
        forced=tuple(sorted(earlier - stays)),
    )


def _earlier(
    market: Market, roster: Roster, policy: Policy, held: Teams, had: tuple[bool, ...], proof: Proof | None
) -> Before:
    """Return an earlier outcome in the order of a roster, with what proved it."""
    if proof is None:
        return Before(held, had, None, (), Carried.nothing(len(had)))
    prices, new = prices_on(proof, roster)
    return Before(held, had, prices, tuple(new), carried(proof, market, roster, policy, held, prices))


def _ties(roster: Roster, teams: Sequence[Sequence[int]], had: Sequence[bool]) -> set[Pair]:
    """Return the ties of those who had a team, by id."""
    return {
        (mentee.id, roster.mentors[j].id)
        for mentee, team, known in zip(roster.mentees, teams, had, strict=True)
        if known
        for j in team
    }
