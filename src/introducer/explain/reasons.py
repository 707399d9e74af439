"""From teams to constellations: what each tie is worth, what is covered, what is not and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from introducer.fit import Fits, need_shares
from introducer.outcome import Constellation, Gap, Reason, Tie
from introducer.pairs import PairWorths
from introducer.rules import Refusals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from introducer.policy import Policy
    from introducer.problem import Problem, Teams
    from introducer.roster import Roster

__all__ = ["Account", "constellations"]


@dataclass(frozen=True)
class Account:
    """All that reasons are drawn from: the input, the problem it became, and the teams."""

    roster: Roster
    policy: Policy
    refused: Refusals
    problem: Problem
    teams: Teams
    fits: Fits
    worths: PairWorths
    loads: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        roster: Roster,
        policy: Policy,
        refused: Refusals,
        problem: Problem,
        teams: Teams,
        previous: frozenset[tuple[str, str]],
    ) -> Account:
        """Gather an account."""
        return cls(
            roster=roster,
            policy=policy,
            refused=refused,
            problem=problem,
            teams=teams,
            fits=Fits(roster, policy),
            worths=PairWorths(roster, policy, previous),
            loads=problem.loads(teams),
        )


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
    parts = account.worths.parts(i)
    value = problem.value(i, team)
    ties = []
    for q, j in enumerate(team):
        won = {
            key: float(gains[d, q])
            for d, key in enumerate(problem.criteria[i])
            if winners[d] == q and gains[d, q] > 0
        }
        own = {_code(name): float(part[j]) for name, part in parts.items() if part[j] != 0}
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
    offering = [j for j in np.flatnonzero(offers(account, key)) if j != _twin(account, i)]
    if not offering:
        return Gap(key, "no_offer")
    refused = [account.refused.code(i, j) or team_refusal(account, i, int(j)) for j in offering]
    if all(refused):
        most = Counter(refused).most_common()
        code = min(code for code, count in most if count == most[0][1])
        return Gap(key, "refused", code)
    allowed = [j for j, code in zip(offering, refused, strict=True) if not code]
    free = [j for j in allowed if account.loads[j] < account.problem.arrays.capacities[j]]
    if not free:
        return Gap(key, "full")
    if len(account.teams[i]) >= account.problem.arrays.team_sizes[i]:
        return Gap(key, "team_spent")
    return Gap(key, "below_floor")


def _twin(account: Account, i: int) -> int:
    """Return the mentee's own index among the mentors, or -1."""
    return account.roster.mentor_index.get(account.roster.mentees[i].id, -1)


def offers(account: Account, key: str) -> NDArray[np.bool_]:
    """Tell which mentors offer a need at all, whatever the policy's floor, shape (N,)."""
    domain, _, topic = key.partition(".")

    def helps(given: Mapping[str, int]) -> bool:
        if topic:
            return key in given or domain in given
        return any(other.partition(".")[0] == domain for other in given)

    return np.array([helps(mentor.offers) for mentor in account.roster.mentors], dtype=np.bool_)


def team_refusal(account: Account, i: int, j: int) -> str:
    """Return the code by which the team as it stands, or a quota that is used up, refuses a mentor."""
    a = account.problem.arrays
    team = account.teams[i]
    if a.institution_limit and a.institutions[j] >= 0:
        mates = sum(a.institutions[mate] == a.institutions[j] for mate in team)
        if mates >= a.institution_limit:
            return "institution"
    own = account.problem.candidates(i)
    for r in range(a.quota_starts[i], a.quota_starts[i + 1]):
        g = int(a.quota_ids[r])
        if own[a.quota_places[r]] == j and quota_used(account, g) >= a.quota_limits[g]:
            return "quota"
    return ""


def quota_used(account: Account, quota: int) -> int:
    """Return the ties that count towards a quota."""
    a = account.problem.arrays
    j = int(a.quota_mentors[quota])
    total = 0
    for i in range(len(account.teams)):
        rows = a.quota_ids[a.quota_starts[i] : a.quota_starts[i + 1]]
        total += bool((rows == quota).any()) and j in account.teams[i]
    return total


