"""What would another outcome have led to? Answered from the results of one that was drawn by lottery.

The lottery says how probable every tie and every team was. A result of one that was improbable
stands for more of those that did not come about:

1. **Units.** Results are of ties (columns ``mentee``, ``mentor``, ``result``) or of mentees, which
   is to say of their teams (``mentee``, ``result``). The result of a tie may depend on nothing but
   the tie, that of a team on nothing but the team.
2. **Target.** Another outcome of the same people, with the probabilities of its own lottery where
   it has one: q_k for unit k. The lottery of the outcome itself has p_k.
3. **Support.** What the target would do and the lottery could not is beyond its support. With none
   of the target inside, nothing is estimated. With a part, bounds are given, if the smallest and
   the largest possible result are known.
4. **Estimates** of the mean result under the target, under the outcome's own lottery, and of their
   difference, with their errors: ``introducer.evaluate.estimators``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from introducer.errors import Fault, Refused, RosterError, Unsupported
from introducer.evaluate.design import Possible, units
from introducer.evaluate.estimators import ESTIMATORS, difference, mean
from introducer.io.documents import read_outcome
from introducer.io.results import read_results
from introducer.policy import THOUSAND
from introducer.verify import verify

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from introducer.evaluate.design import Units
    from introducer.evaluate.estimators import Estimate
    from introducer.io.chances import Chances
    from introducer.io.results import Results
    from introducer.outcome import Outcome

__all__ = ["Evaluation", "evaluate", "evaluated"]


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """What can be said about a target.

    Attributes
    ----------
    unit : {"tie", "team"}
    known, missing : int
        Ties or teams of the outcome with a result, and without one.
    coins : int
        Coins of the lottery that decide about something the target or the outcome would do.
    supported : float
        Part of what the target would do that could have come about, in [0, 1].
    effective : float
        As many results of equal weight would say as much about the target.
    level : float
        How often intervals hold what they are of.
    span : tuple of float or None
        Smallest and largest possible result, if they were given.
    estimates : tuple of Estimate
    notices : tuple of str
        What one should know about the file of results although nothing is wrong.
    """

    unit: str
    known: int
    missing: int
    coins: int
    supported: float
    effective: float
    level: float
    span: tuple[float, float] | None
    estimates: tuple[Estimate, ...]
    notices: tuple[str, ...] = ()


def evaluate(
    folder: Path,
    out: Path,
    results: Path,
    *,
    target: Path | None = None,
    span: tuple[float, float] | None = None,
    level: float = 0.95,
) -> Evaluation:
    """Estimate what another outcome would have led to.

    Parameters
    ----------
    folder, out : Path
        Input and outcome, which is verified first.
    results : Path
        CSV with ``mentee``, ``mentor`` (for results of ties) and ``result``.
    target : Path, optional
        Another outcome of the same people; the outcome's own lottery alone unless given.
    span : tuple of float, optional
        Smallest and largest possible result: asked for where something is not known.
    level : float
        In (0, 1).

    Raises
    ------
    RosterError
        If target or results cannot be read; lists all that is wrong in both at once.
    Refused
        If the outcome does not follow from its input.
    Unsupported
        If nothing can be estimated.
    """
    outcome = verify(folder, out)
    faults: list[Fault] = []
    found, aim = None, None
    try:
        aim = None if target is None else _aimed(target)
    except Refused as error:
        faults += [Fault(f"--target {target}", reason=finding) for finding in error.findings]
    try:
        found = read_results(results, _made(outcome), span)
    except RosterError as error:
        faults += error.faults
    if faults or found is None:
        raise RosterError(faults)
    return evaluated(_possible(outcome), aim, found, span=span, level=level)


def evaluated(
    possible: Mapping[str, Sequence[Possible]],
    target: Chances | None,
    results: Results,
    *,
    span: tuple[float, float] | None = None,
    level: float = 0.95,
) -> Evaluation:
    """Estimate from probabilities and results that are known; parameters as of ``evaluate``.

    Parameters
    ----------
    possible : mapping of str to sequence of Possible
        Every team that each mentee could get.
    target : Chances or None
    results : Results

    Raises
    ------
    Unsupported
        If nothing can be estimated.
    """
    own = {mentee: tuple((each.team, each.propensity) for each in teams) for mentee, teams in possible.items()}
    found = units(possible, own if target is None else target, results)
    _refuse(found, span)
    estimates = [mean(found, "own", name, span, level) for name in ESTIMATORS]
    if target is not None:
        estimates += [mean(found, "target", name, span, level) for name in ESTIMATORS]
        estimates += [difference(found, name, span, level) for name in ESTIMATORS]
    told = found.happened & ~np.isnan(found.results)
    weights = (found.targets / found.propensities)[told]
    return Evaluation(
        unit=results.unit,
        known=int(told.sum()),
        missing=int((found.happened & ~told).sum()),
        coins=len(np.unique(found.coins[found.coins >= 0])),
        supported=found.supported,
        effective=float(weights.sum() ** 2 / (weights @ weights)),
        level=level,
        span=span,
        estimates=tuple(estimates),
        notices=results.notices,
    )


def _aimed(target: Path) -> Chances:
    """Return the teams that a target would make, and how probably."""
    stored = read_outcome(target)
    if stored.chances is not None:
        return stored.chances
    return {mentee: ((tuple(sorted(team)), 1.0),) for mentee, team in stored.teams.items()}


def _refuse(found: Units, span: tuple[float, float] | None) -> None:
    """Refuse where there is nothing to go by."""
    wanted = found.happened & (found.targets > 0)
    if found.supported == 0.0:
        raise Unsupported(["Nothing of what the target would do could have come about."])
    if not wanted.any():
        raise Unsupported(["Nothing of what the target would do came about: the coins fell otherwise."])
    if np.isnan(found.results[wanted]).all():
        raise Unsupported(["There is no result of anything that the target would do."])
    missing = int(np.isnan(found.results[found.happened]).sum())
    if span is None and (missing or found.beyond > 0):
        outside = f"{100 * (1 - found.supported):.1f} % of what the target would do could not have come about"
        raise Unsupported(
            [
                f"{outside}, and {missing} of {int(found.happened.sum())} results are missing.",
                "With the smallest and the largest possible result (--lowest, --highest) there are bounds.",
            ]
        )


def _made(outcome: Outcome) -> Mapping[str, frozenset[str]]:
    """Return the mentors of each mentee, by id."""
    people = outcome.roster
    return {
        mentee.id: frozenset(people.mentors[j].id for j in team)
        for mentee, team in zip(people.mentees, outcome.teams, strict=True)
    }


def _possible(outcome: Outcome) -> Mapping[str, Sequence[Possible]]:
    """Return every team that each mentee could get, by id."""
    if outcome.draw is None:
        return {mentee: [Possible(tuple(sorted(team)), 1.0, -1, True)] for mentee, team in _made(outcome).items()}
    mentors = [mentor.id for mentor in outcome.roster.mentors]
    return {
        mentee.id: [
            Possible(
                tuple(sorted(mentors[j] for j in each.team)),
                each.thousandths / THOUSAND,
                -1 if each.coin is None else each.coin,
                each.drawn,
            )
            for each in own
        ]
        for mentee, own in zip(outcome.roster.mentees, outcome.draw.chances, strict=True)
    }
