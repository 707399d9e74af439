"""From teams to constellations: what each tie is worth, what is covered, what is not and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from introducer.criteria import Fits
from introducer.explain.causes import Offers, Walls, causes, tally
from introducer.explain.constellations import Constellations
from introducer.runs import lists_of, starts_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from introducer.fit import Market
    from introducer.pairs import PairWorths
    from introducer.policy import Policy
    from introducer.problem import Arrays, Problem, Teams
    from introducer.roster import Roster
    from introducer.rules import Refusals

__all__ = ["Account", "constellations"]


@dataclass(frozen=True)
class Account:
    """All that reasons are drawn from: the input, the market and the problem it became, and the teams.

    ``problem`` stores at least the pairs that are tied.
    ``loads`` has the ties of each mentor, shape (N,), ``used`` those that count towards each
    quota, shape (Q,).
    """

    roster: Roster
    policy: Policy
    refused: Refusals
    market: Market
    problem: Problem
    teams: Teams
    fits: Fits
    worths: PairWorths
    loads: NDArray[np.int64]
    used: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        roster: Roster,
        policy: Policy,
        refused: Refusals,
        market: Market,
        problem: Problem,
        teams: Teams,
    ) -> Account:
        """Gather an account."""
        return cls(
            roster=roster,
            policy=policy,
            refused=refused,
            market=market,
            problem=problem,
            teams=teams,
            fits=Fits(roster, policy),
            worths=market.worths,
            loads=problem.loads(teams),
            used=_used(problem, teams),
        )

    def focused(self, i: int, market: Market | None = None) -> Account:
        """Return the account whose problem stores all pairs of a mentee, if this one does not.

        Parameters
        ----------
        market : Market, optional
            The market to take the pairs from; the account's own unless given.
        """
        problem, known = self.problem, self.problem.candidates(i)
        own = np.flatnonzero((market or self.market).allowed(i))
        if market is None and len(own) == len(known):
            return self
        lists = [np.array(team, np.int64) for team in self.teams]
        lists[i] = own
        starts = starts_of(np.array([len(each) for each in lists], np.int64))
        problem = (market or self.market).problem((starts, np.concatenate(lists)))
        return replace(self, problem=problem)

    @cached_property
    def offered(self) -> Mapping[str, NDArray[np.bool_]]:
        """Which mentors offer each key, whatever the policy's floor, shape (N,)."""
        table: dict[str, NDArray[np.bool_]] = {}
        for j, mentor in enumerate(self.roster.mentors):
            for key in mentor.offers:
                table.setdefault(key, np.zeros(len(self.roster.mentors), np.bool_))[j] = True
        return table

    def offering(self, key: str) -> NDArray[np.bool_]:
        """Return which mentors offer a need at all, whatever the policy's floor, shape (N,); not to be written."""
        known = self._offering.get(key)
        if known is None:
            domain, _, topic = key.partition(".")
            known = np.zeros(len(self.roster.mentors), np.bool_)
            for other, has in self.offered.items():
                if other in (key, domain) or (not topic and other.startswith(f"{domain}.")):
                    known |= has
            self._offering[key] = known
        return known

    @cached_property
    def _offering(self) -> dict[str, NDArray[np.bool_]]:
        return {}

    @cached_property
    def together(self) -> frozenset[tuple[int, int]]:
        """Pairs that were together before the run, by index of mentee and mentor."""
        return frozenset((i, j) for i, j, _tie in self.roster.pairs("existing"))


def _used(problem: Problem, teams: Teams) -> NDArray[np.int64]:
    a = problem.arrays
    used = np.zeros(len(a.quota_limits), np.int64)
    for i, team in enumerate(teams):
        rows = slice(a.quota_starts[i], a.quota_starts[i + 1])
        counted = np.isin(problem.candidates(i)[a.quota_places[rows]], team)
        used[a.quota_ids[rows][counted]] += 1
    return used


def constellations(account: Account, alone: NDArray[np.float64]) -> Constellations:
    """Return one constellation for every mentee, in order of the roster, each made when it is asked for.

    Parameters
    ----------
    alone : ndarray of float64, shape (M,)
        Value of every mentee's best team if nobody else were in the cohort.
    """
    market, tables = account.market, account.market.tables
    tied = market.problem(lists_of(account.teams)).arrays
    ties, rows = len(tied.mentors), len(tables.rows)
    values, worths, marginals = np.empty(len(account.teams)), np.empty(ties), np.empty(ties)
    winners, fits = np.empty(rows, np.int8), np.empty(rows)
    tally(tables, tied, values, worths, marginals, winners, fits)
    found, codes = np.empty(rows, np.int8), np.empty(rows, np.int8)
    causes(tables, tied, _walls(account.refused), _offers(account, tied), fits, found, codes)
    owners = np.repeat(np.arange(len(account.teams)), np.diff(tied.starts))
    names, parts = account.worths.each(owners, tied.mentors)
    return Constellations(
        roster=account.roster,
        criteria=market.criteria,
        row_starts=tables.row_starts,
        tied=tied,
        alone=alone,
        values=values,
        worths=worths,
        marginals=marginals,
        part_names=tuple(name if name == "continuity" else f"pair:{name}" for name in names),
        parts=parts,
        winners=winners,
        fits=fits,
        causes=found,
        codes=codes,
    )


def _walls(refused: Refusals) -> Walls:
    kinds, sites, pairs = refused.kinds, refused.sites, refused.pairs
    return Walls(
        left=kinds.left,
        right=kinds.right,
        table=kinds.table,
        left_sites=sites.left,
        right_sites=sites.right,
        starts=pairs.starts,
        mentors=pairs.mentors,
        codes=pairs.values,
        closed=np.logical_and.reduce(kinds.table > 0, axis=1),
    )


def _offers(account: Account, tied: Arrays) -> Offers:
    """Return who offers the need of each row of fits, and who of them has a seat."""
    tables = account.market.tables
    rows, first = np.unique(tables.rows, return_index=True)
    asking = np.searchsorted(tables.row_starts, first, side="right") - 1
    offering: list[NDArray[np.int64]] = [np.zeros(0, np.int64)] * len(tables.fits)
    for row, i, d in zip(rows.tolist(), asking.tolist(), (first - tables.row_starts[asking]).tolist(), strict=True):
        kind, _, key = account.market.criteria[i][d].partition(":")
        if kind == "need":
            offering[row] = np.flatnonzero(account.offering(key))
    kinds = account.refused.kinds
    # Who is refused to all kinds of mentees is free for nobody: no pair that is named is allowed.
    is_free = (account.loads < tied.capacities) & (kinds.table == 0).any(axis=0)[kinds.right]
    count = kinds.table.shape[1]
    of_kinds = [np.bincount(kinds.right[own], minlength=count) for own in offering]
    index = account.roster.mentor_index
    return Offers(
        *_flat(offering),
        *_flat([own[is_free[own]] for own in offering]),
        kinds=np.array(of_kinds, np.int64).reshape(len(offering), count),
        twins=np.array([index.get(mentee.id, -1) for mentee in account.roster.mentees], np.int64),
        used=account.used,
        limits=tied.quota_limits,
    )


def _flat(lists: Sequence[NDArray[np.int64]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each list begins, and the lists one after the other."""
    return starts_of(np.array([len(own) for own in lists], np.int64)), np.concatenate([np.zeros(0, np.int64), *lists])
