"""Which mentor would help most: what a newcomer is worth by price, and what it is worth when it is there.

For a mentor with U seats who is not there, at the prices of an outcome with value V and bound D:

1. **Profiles** of the cohort's own words (``introducer.advice.profiles``).
2. **Estimate**: the sum of the U largest gains of mentees by it (``introducer.advice.newcomers``). By the
   dual of Geoffrion [1]_, with its seats at the price of the next gain, no outcome with that mentor is worth
   more than ``D + estimate``: it adds at most ``estimate + D - V`` to this outcome. Profiles are
   looked at by their bound, largest first, until no other can be among those sought; one that
   offers half or more of what a better one does is left out.
3. **Check**: the mentor joins and the cohort is matched again (``introducer.advice.trial``).

.. [1] Geoffrion A. M., Lagrangean relaxation for integer programming, Mathematical Programming
   Studies 2 (1974) 82-114.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from introducer import floors
from introducer.advice.cells import at_least, shown
from introducer.advice.newcomers import Newcomers, new_ids
from introducer.advice.profiles import candidates
from introducer.advice.trial import tried
from introducer.solve import Watch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from introducer.advice.newcomers import Look
    from introducer.advice.profiles import Profile
    from introducer.advice.trial import Check
    from introducer.outcome import Outcome

    Floats = NDArray[np.float64]

__all__ = ["Recruit", "Recruits", "recruit"]

#: What is told of the mentees whom a profile would help: attribute of a mentee.
_BY = ("stage", "region")


@dataclass(frozen=True, slots=True)
class Recruit:
    """A profile, and what it is worth.

    Attributes
    ----------
    profile : Profile
    estimate : float
        Sum of the largest gains at the prices of the outcome, as many as there are seats.
    most : float
        No mentor of this profile adds more to the outcome: the estimate and the outcome's own gap.
    helped : int or None
        Mentees who would gain by it at these prices; None where they are too few to be counted.
    among : mapping of str to mapping of str to int
        How many of them by stage and by region, small cells left out.
    check : Check or None
        None where it was not checked.
    """

    profile: Profile
    estimate: float
    most: float
    helped: int | None
    among: Mapping[str, Mapping[str, int]]
    check: Check | None = None


@dataclass(frozen=True)
class Recruits:
    """The profiles worth most, the largest estimate first.

    Attributes
    ----------
    seats : int
        Of each.
    tried : int
        Profiles that were compared.
    found : tuple of Recruit
    finished : bool
        False when it was stopped before all checks were at their end.
    """

    seats: int
    tried: int
    found: tuple[Recruit, ...]
    finished: bool = True


@dataclass
class _Exact:
    """Gains by one profile, found when they are needed; ``upper`` (M,) bounds them."""

    newcomers: Newcomers
    number: int
    best: Floats
    upper: Floats
    known: dict[int, float] = field(default_factory=dict)

    def gain(self, i: int) -> float:
        if i not in self.known:
            self.known[i] = self.newcomers.gains(i, float(self.best[i]), [self.number])[0]
        return self.known[i]

    def estimate(self, seats: int) -> float:
        """Return the sum of the largest gains, exactly."""
        order = np.argsort(-self.upper, kind="stable")
        largest: list[float] = []
        for i in order.tolist():
            if self.upper[i] <= 0 or (len(largest) == seats and largest[-1] >= self.upper[i]):
                break
            largest = sorted([*largest, self.gain(i)], reverse=True)[:seats]
        return sum(largest)

    def helped(self) -> list[int]:
        """Return the mentees who gain."""
        return [i for i in np.flatnonzero(self.upper > 0).tolist() if self.gain(i) > 0]


#: Less its estimate, its number, and the gains by it.
_Rank = tuple[float, int, _Exact]


def recruit(
    outcome: Outcome, *, most: int = 3, seats: int | None = None, check: bool = True, watch: Watch | None = None
) -> Recruits:
    """Say which mentors would be worth most to a cohort.

    Parameters
    ----------
    outcome : Outcome
        As ``match`` returned it.
    most : int
        So many profiles at most, at least 1.
    seats : int, optional
        Mentees that such a mentor could take, at least 1. Default: the policy's ``capacity``, or 1.
    check : bool
        Whether to add each mentor and match again.
    watch : Watch, optional
        Whom to tell of progress, and whether to stop early: profiles then stay unchecked.

    Returns
    -------
    Recruits
        The same for the same outcome, whatever the order of people or the number of threads.

    Raises
    ------
    RosterError
        If the policy has a floor: what a mentor adds would have to be said of everybody's share, too.
    """
    floors.refuse(outcome.policy, "what a mentor would add is measured by the total and knows no floor but 'total'")
    watch = watch or Watch()
    seats = max(1, outcome.policy.capacity) if seats is None else seats
    watch.tell("profiles", 0.0, None)
    profiles = candidates(outcome, seats)
    ranked = _ranked(outcome, profiles, seats, most) if profiles else []
    found: list[Recruit] = []
    for place, (profile, exact) in enumerate(ranked):
        watch.tell("checking", (1 + place) / (1 + len(ranked)), None)
        told = _told(outcome, profile, exact, seats)
        if told.estimate == 0:
            break
        checked = tried(outcome, profile, seats, watch) if check and not watch.stop() else None
        found.append(Recruit(told.profile, told.estimate, told.most, told.helped, told.among, checked))
    finished = not check or all(one.check is not None and one.check.finished for one in found)
    return Recruits(seats, len(profiles), tuple(found), finished=finished)


def _ranked(outcome: Outcome, profiles: Sequence[Profile], seats: int, most: int) -> list[tuple[Profile, _Exact]]:
    """Return unlike profiles of the largest estimates, those first: step 2 of the module."""
    ids = new_ids(outcome.roster, len(profiles))
    newcomers = Newcomers.of(outcome, [one.mentor(name, seats) for name, one in zip(ids, profiles, strict=True)])
    looks = newcomers.looks()
    best = np.array([look.best for look in looks])
    upper = np.array([_bounds(look) for look in looks]).reshape(len(looks), len(profiles))
    bounds = np.maximum(np.sort(upper, axis=0)[-seats:], 0.0).sum(axis=0)
    found: list[_Rank] = []
    unlike: list[_Rank] = []
    for number in np.argsort(-bounds, kind="stable").tolist():
        if len(unlike) == most and unlike[-1][0] <= -bounds[number]:
            break
        exact = _Exact(newcomers, number, best, upper[:, number])
        found.append((-exact.estimate(seats), number, exact))
        found.sort(key=lambda row: row[:2])
        unlike = _unlike(found, profiles)[:most]
    return [(profiles[number], exact) for _estimate, number, exact in unlike]


def _unlike(found: Sequence[_Rank], profiles: Sequence[Profile]) -> list[_Rank]:
    """Leave out profiles that share half or more of what either offers with one that is worth as much."""
    kept: list[_Rank] = []
    for row in found:
        own = {*profiles[row[1]].domains, *profiles[row[1]].experiences}
        others = ({*profiles[other[1]].domains, *profiles[other[1]].experiences} for other in kept)
        if all(2 * len(own & other) < len(own | other) for other in others):
            kept.append(row)
    return kept


def _bounds(look: Look) -> Floats:
    """Return the bound of the gain by each newcomer, shape (K,); -inf where there is none."""
    upper: Floats = look.lead + look.pairs + look.reduced.sum(axis=0)
    return upper


def _told(outcome: Outcome, profile: Profile, exact: _Exact, seats: int) -> Recruit:
    proof = outcome.certificate
    mentees = [outcome.roster.mentees[i] for i in exact.helped()]
    among = {}
    for name in _BY:
        cells: dict[str, int] = {}
        for mentee in mentees:
            value = " ".join(getattr(mentee, name).split())
            cells[value] = cells.get(value, 0) + 1
        among[name] = shown({value: n for value, n in cells.items() if value}, len(mentees))
    estimate = exact.estimate(seats)
    return Recruit(profile, estimate, estimate + proof.bound - proof.value, at_least(len(mentees)), among)
