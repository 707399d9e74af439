"""From teams to constellations: what each tie is worth, what is covered, what is not and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from introducer.criteria import Fits, need_shares
from introducer.cross import starts_of
from introducer.outcome import CODES, Constellation, Gap, Reason, Tie

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from introducer.fit import Market
    from introducer.pairs import PairWorths
    from introducer.policy import Policy
    from introducer.problem import Problem, Teams
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


def constellations(account: Account, alone: NDArray[np.float64]) -> tuple[Constellation, ...]:
    """Return one constellation for every mentee, in order of the roster.

    Parameters
    ----------
    alone : ndarray of float64, shape (M,)
        Value of every mentee's best team if nobody else were in the cohort.
    """
    return tuple(_constellation(account, i, float(alone[i])) for i in range(len(account.teams)))


def _constellation(account: Account, i: int, alone: float) -> Constellation:
    team = account.teams[i]
    needs = account.roster.mentees[i].needs
    shares = need_shares(needs)
    fits = {key: max((float(account.fits.of(i, f"need:{key}")[j]) for j in team), default=0.0) for key in shares}
    covered = sum(share * fits[key] for key, share in shares.items())
    open_needs = [key for key in shares if fits[key] == 0.0]
    return Constellation(
        mentee=i,
        ties=_ties(account, i),
        value=account.problem.value(i, team),
        alone=alone,
        coverage=min(1.0, covered) if needs else 1.0,
        fits=fits,
        gaps=tuple(_gap(account, i, key) for key in sorted(open_needs, key=lambda key: (-shares[key], key))),
    )


def _ties(account: Account, i: int) -> tuple[Tie, ...]:
    problem, team = account.problem, account.teams[i]
    if not team:
        return ()
    places = np.searchsorted(problem.candidates(i), team)
    gains = problem.gain_block(i)[:, places]
    pairs = problem.pair_worths(i)[places]
    winners = gains.argmax(axis=1)  # the first of equals: the lower index in the roster
    value = problem.value(i, team)
    ties = []
    for q, j in enumerate(team):
        won = {
            key: float(gains[d, q]) for d, key in enumerate(problem.criteria[i]) if winners[d] == q and gains[d, q] > 0
        }
        own = {_code(name): worth for name, worth in account.worths.of(i, j).items()}
        reasons = [Reason(code, worth) for code, worth in (won | own).items()]
        ties.append(
            Tie(
                mentee=i,
                mentor=j,
                worth=sum(won.values()) + float(pairs[q]),
                marginal=value - problem.value(i, team[:q] + team[q + 1 :]),
                pair=float(pairs[q]),
                needs=tuple(key.removeprefix("need:") for key in won if key.startswith("need:")),
                wishes=tuple(key.removeprefix("wish:") for key in won if key.startswith("wish:")),
                reasons=tuple(sorted(reasons, key=lambda reason: (-reason.worth, reason.code))),
            )
        )
    return tuple(ties)


def _code(part: str) -> str:
    return part if part == "continuity" else f"pair:{part}"


def _gap(account: Account, i: int, key: str) -> Gap:
    """Return why nobody of the team covers a need: the first cause that applies."""
    offering = account.offering(key)
    twin = account.roster.mentor_index.get(account.roster.mentees[i].id)
    if twin is not None and offering[twin]:
        offering = offering.copy()
        offering[twin] = False
    if not offering.any():
        return Gap(key, "no_offer")
    allowed = offering & account.market.allowed(i)
    for mask in team_refused(account, i).values():
        allowed &= ~mask
    if not allowed.any():
        return Gap(key, "refused", _refused_most(account, i, offering))
    free = allowed & (account.loads < account.market.arrays.capacities)
    if not free.any():
        return Gap(key, "full")
    here = free & seated(account, i)
    if not here.any():
        return Gap(key, "team_spent")
    counts = account.fits.of(i, f"need:{key}")[here] > 0
    return Gap(key, "passed_over" if counts.any() else "below_floor")


def _refused_most(account: Account, i: int, offering: NDArray[np.bool_]) -> str:
    """Return the code that refuses most of those who offer, where all are refused; of equals the first by name."""
    codes = account.refused.row(i)
    counts = np.bincount(codes[offering], minlength=len(CODES) + 1)[1:]
    refused = {code: count for code, count in zip(CODES, counts.tolist(), strict=True) if count}
    left = offering & (codes == 0)
    for code, mask in team_refused(account, i).items():
        refused[code] = refused.get(code, 0) + int((left & mask).sum())
        left &= ~mask
    return min(refused, key=lambda code: (-refused[code], code))


def seated(account: Account, i: int) -> NDArray[np.bool_]:
    """Tell for whom the team has a seat left, whatever else forbids the tie, shape (N,).

    The last seat of a team that keeps one for a local or an outside mentor is for nobody else.
    """
    a, team, kept = account.market.arrays, account.teams[i], account.market.kept(i)
    has_seat = np.full(len(account.loads), len(team) < a.team_sizes[i])
    if (~kept[list(team)]).sum() >= a.team_sizes[i] - 1:
        has_seat[~kept] = False
    return has_seat


def team_refused(account: Account, i: int) -> Mapping[str, NDArray[np.bool_]]:
    """Return whom the team as it stands refuses, by code in their order, shape (N,)."""
    a = account.market.arrays
    institution = np.zeros(len(a.institutions), np.bool_)
    homes = a.institutions[list(account.teams[i])]
    homes, mates = np.unique(homes[homes >= 0], return_counts=True)
    for home in homes[mates >= a.institution_limit] if a.institution_limit else ():
        institution |= a.institutions == home
    quota = np.zeros(len(a.institutions), np.bool_)
    holders, numbers = account.market.quotas(i)
    quota[holders[account.used[numbers] >= a.quota_limits[numbers]]] = True
    return {"institution": institution, "quota": quota}
