"""Is there any feasible outcome at all? If not: who and which rules stand in the way.

Pins and the rules that say "at most" can be checked one by one: if none is broken by the
pins, the pins alone meet them all. What is left are the lower loads. Their shortfall, made as
small as it can be, names the mentors; solved again without one rule, it names the rules that
bind.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

import numpy as np
from scipy import sparse

from introducer.errors import Infeasible
from introducer.saying import say, worded
from introducer.solve.model import FAMILIES, as_teams, owners, run, singles, teams_only

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from introducer.problem import Problem, Teams
    from introducer.solve.model import Model

    Ints = NDArray[np.int64]

__all__ = ["feasible_start", "raise_infeasible", "refuse_large", "refuse_pins", "refuse_plain"]

#: More candidates than this are not given to HiGHS.
_MOST_CANDIDATES = 600_000
#: A start need not be the best of its kind.
_START_GAP = 0.01
#: Rules that may bind when lower loads cannot be met, in words.
_RULES = {
    "team size": worded("the team sizes of mentees"),
    "kept seat": worded("the seats kept in teams"),
    "institution limit": worded("the limit of teammates from one institution"),
    "quota": worded("quotas"),
    "pin": worded("pinned ties"),
}


def feasible_start(problem: Problem) -> Teams | None:
    """Return teams that meet every rule, good by the worth of single ties; None if there are none.

    Raises
    ------
    Infeasible
        When the problem is too large to tell.
    """
    refuse_large(len(problem.arrays.mentors))
    found = run(teams_only(problem, -singles(problem)), gap=_START_GAP)
    return None if found is None else as_teams(problem, found[0])


def refuse_plain(problem: Problem) -> None:
    """Raise ``Infeasible`` if pins by themselves break a rule, or a mentor lacks mentees for its lower load."""
    causes = [*_pin_causes(problem), *_load_causes(problem)]
    if causes:
        raise Infeasible(causes, np.flatnonzero(_eligible(problem) < problem.arrays.min_loads).tolist())


def refuse_pins(problem: Problem) -> None:
    """Raise ``Infeasible`` if pins by themselves break a rule."""
    causes = list(_pin_causes(problem))
    if causes:
        raise Infeasible(causes)


def raise_infeasible(problem: Problem) -> NoReturn:
    """Raise ``Infeasible`` with what stands in the way of a problem without an outcome."""
    refuse_plain(problem)
    refuse_large(len(problem.arrays.mentors))
    short = _shortfall(problem)
    raise Infeasible(_shortfalls(problem, short), np.flatnonzero(short).tolist())


def _eligible(problem: Problem) -> Ints:
    """Return how many mentees each mentor may be tied to, shape (N,)."""
    a = problem.arrays
    return np.bincount(a.mentors[a.team_sizes[owners(problem)] > 0], minlength=problem.shape[1])


def refuse_large(count: int) -> None:
    """Raise ``Infeasible``, and say that it is not known why, if so many possible ties are too many to tell."""
    if count > _MOST_CANDIDATES:
        cause = say(
            "No outcome that meets all rules was found. Whether there is one, and which rules are in the way, "
            "was not computed: {count:,} possible ties are more than {most_candidates:,}.",
            count=count,
            most_candidates=_MOST_CANDIDATES,
        )
        raise Infeasible([cause])


def _pin_causes(problem: Problem) -> Iterator[str]:
    """Yield a sentence for every rule that the pins break by themselves."""
    a = problem.arrays
    mentees, mentors = problem.shape
    pinned = a.pinned
    owner = owners(problem)
    for i in np.unique(owner[pinned]).tolist():
        yield from _team_causes(problem, i)
    ties = np.bincount(a.mentors[pinned], minlength=mentors)
    for j in np.flatnonzero(ties > a.capacities):
        yield say(
            "{{mentor:{j}}} has {ties} pinned ties and a capacity of {capacities}.",
            j=j,
            ties=ties[j],
            capacities=a.capacities[j],
        )
    mentee = np.repeat(np.arange(mentees), np.diff(a.quota_starts))
    counted = pinned[a.starts[mentee] + a.quota_places]
    used = np.bincount(a.quota_ids[counted], minlength=len(a.quota_limits))
    for g in np.flatnonzero(used > a.quota_limits):
        yield say(
            "{{mentor:{quota_mentors}}} has {used} pinned ties under a quota of {quota_limits}.",
            quota_mentors=a.quota_mentors[g],
            used=used[g],
            quota_limits=a.quota_limits[g],
        )
    eligible = _eligible(problem)
    for j in np.flatnonzero(eligible < a.min_loads):
        yield (
            say(
                "{{mentor:{j}}} should have at least {min_loads} mentees and may be tied to {eligible} only.",
                j=j,
                min_loads=a.min_loads[j],
                eligible=eligible[j],
            )
        )


def _team_causes(problem: Problem, i: int) -> Iterator[str]:
    a = problem.arrays
    pins = problem.pins(i)
    size = int(a.team_sizes[i])
    if len(pins) > size:
        yield say("{{mentee:{i}}} has {pins} pinned mentors and a team size of {size}.", i=i, pins=len(pins), size=size)
        return
    homes = a.institutions[pins]
    mates = np.bincount(homes[homes >= 0])
    if a.institution_limit and mates.max(initial=0) > a.institution_limit:
        named = ", ".join(f"{{mentor:{j}}}" for j in pins[homes == mates.argmax()])
        yield (
            say(
                "{{mentee:{i}}} has pinned mentors of one institution, {named}, "
                "more than the limit of {institution_limit}.",
                i=i,
                named=named,
                institution_limit=a.institution_limit,
            )
        )
    here = slice(a.starts[i], a.starts[i + 1])
    others = int((a.pinned[here] & ~a.kept[here]).sum())
    if others > max(size - 1, 0):
        yield say(
            "{{mentee:{i}}} has pinned mentors in all {size} seats, and none of them may take the seat that is kept.",
            i=i,
            size=size,
        )


def _load_causes(problem: Problem) -> Iterator[str]:
    a = problem.arrays
    seats = int(np.minimum(a.team_sizes, np.diff(a.starts)).sum())
    duty = int(a.min_loads.sum())
    if duty > seats:
        yield say(
            "The lower loads of mentors are {duty} together, and the teams of mentees have {seats} seats.",
            duty=duty,
            seats=seats,
        )


def _shortfalls(problem: Problem, short: Ints) -> list[str]:
    """Return sentences that name the mentors whose lower loads cannot all be met, and the rules that bind."""
    a = problem.arrays
    causes = [
        say(
            "{{mentor:{j}}} should have at least {min_loads} mentees and can have {number}, "
            "with the lower loads of all others met as far as possible.",
            j=j,
            min_loads=a.min_loads[j],
            number=a.min_loads[j] - short[j],
        )
        for j in np.flatnonzero(short)
    ]
    binding = [words for rule, words in _RULES.items() if _shortfall(problem, rule).sum() < short.sum()]
    if binding:
        causes.append(say("Fewer would be missing without {rules}.", rules=say(" or without ").join(map(say, binding))))
    return causes


def _shortfall(problem: Problem, without: str = "") -> Ints:
    """Return by how much each mentor stays below its lower load when the sum of that is least, shape (N,)."""
    found = run(_elastic(problem, without))
    assert found is not None  # noqa: S101 - the pins alone meet every row
    return np.rint(found[0][-problem.shape[1] :]).astype(np.int64)


def _elastic(problem: Problem, without: str) -> Model:
    """Return the model of x with a column per mentor for its missing load, whose sum is minimized."""
    a = problem.arrays
    base = teams_only(problem, np.zeros(len(a.mentors)), (without,))
    mentors = problem.shape[1]
    duty = base.families[FAMILIES[-1]]
    missing = sparse.csr_array(
        (np.ones(mentors), (np.arange(duty.start, duty.stop), np.arange(mentors))),
        shape=(base.rows.shape[0], mentors),
    )
    return replace(
        base,
        costs=np.concatenate([base.costs, np.ones(mentors)]),
        least=np.concatenate([base.least, np.zeros(mentors)]),
        most=np.concatenate([base.most, a.min_loads.astype(np.float64)]),
        whole=np.concatenate([base.whole, np.zeros(mentors, bool)]),
        rows=sparse.hstack([base.rows, missing], format="csr"),
    )
