"""Seeded synthetic cohorts: an IR society whose people nobody is.

Calibrated where a source exists and marked where it does not (``introducer.cohorts.figures``);
clustered by region and institution; scarce by default. One generator from one seed draws
everything, in one order: the same seed gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from introducer import templates
from introducer.cohorts import asks, figures, offers, pairs, told
from introducer.cohorts.folder import write_folder
from introducer.cohorts.names import mailbox
from introducer.cohorts.people import draw_mentees, draw_mentors
from introducer.cohorts.places import draw_places

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from introducer.cohorts.people import Crowd
    from introducer.cohorts.places import Places

    Columns = dict[str, list[str]]

__all__ = ["Cohort", "Profile", "simulate", "write"]

Profile = Literal["neutral", "experience", "background"]

#: The template whose words the cohorts use.
TEMPLATE = "ir/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """A synthetic cohort, as its files will have it.

    Attributes
    ----------
    mentees, mentors : mapping of str to sequence of str
        By field: the text of its cell in every row.
    ties : sequence of mapping of str to str
        Rows of ``ties.csv``.
    seats, seed, profile, clustered
        What it was drawn with.
    """

    mentees: Mapping[str, Sequence[str]]
    mentors: Mapping[str, Sequence[str]]
    ties: Sequence[Mapping[str, str]]
    seats: float
    seed: int
    profile: Profile
    clustered: bool

    @property
    def demand(self) -> int:
        """Seats that the mentees ask for together."""
        return sum(map(int, self.mentees["team_size"]))

    @property
    def capacity(self) -> int:
        """Seats that the mentors have together."""
        return sum(map(int, self.mentors["capacity"]))


def simulate(
    mentees: int,
    mentors: int,
    *,
    seats: float = 0.6,
    seed: int = 1,
    profile: Profile = "background",
    clustered: bool = True,
) -> Cohort:
    """Draw a cohort.

    Parameters
    ----------
    mentees, mentors : int
        At least 1.
    seats : float
        Capacity of all mentors over team seats that all mentees ask for, above 0. Met within 2 %
        from about 20 mentees on, and to the nearest whole seat below.
    seed : int
        At least 0.
    profile : {"neutral", "experience", "background"}
        What the form asked: no wishes; wishes for experiences; also private attributes and wishes
        for shared ones. Changes nothing else about the people.
    clustered : bool
        Without, institutions do not lie in regions and people of one institution are not alike.

    Raises
    ------
    ValueError
        If a number is out of its range or there is no such profile.
    """
    _check(mentees, mentors, seats, seed, profile)
    words = templates.load_template(TEMPLATE).vocabulary
    rng = np.random.Generator(np.random.PCG64(seed))
    places = draw_places(rng, mentees, mentors, clustered=clustered)
    ours = draw_mentees(rng, places, mentees)
    theirs = draw_mentors(rng, places, mentors, ours)

    left, right = _person(ours, places), _person(theirs, places)
    left |= asks.draw_looks(rng, mentees)
    setting, rural, solo = offers.draw_settings(rng, theirs)
    right |= setting | offers.draw_bringing(rng, theirs)
    right["kind"] = list(offers.kinds(theirs))
    said_left = _said(rng, ours, figures.ETHNICITY_RESIDENTS.value)
    said_right = _said(rng, theirs, figures.ETHNICITY_ATTENDINGS.value)
    for j in np.flatnonzero(theirs.also >= 0):
        for name, cells in said_right.items():
            cells[j] = said_left[name][theirs.also[j]]

    keys = [term.id for term in words.experiences]
    walked = asks.draw_paths(rng, ours, 0, words)
    homeless = places.kind[ours.place] == "school"
    walked[:, keys.index("no_home_program")] = homeless
    wishes = asks.draw_wishes(rng, walked, said_left, words, profile)
    walked = asks.draw_paths(rng, theirs, 1, words)
    walked[:, keys.index("rural_practice")] = rural
    walked[:, keys.index("only_ir")] = solo
    walked[np.isin(theirs.kind, list(figures.GUEST_KINDS.value))] = False
    speaks, limited = offers.draw_experiences(rng, walked, words)

    left |= asks.draw_needs(rng, ours, words, clustered=clustered)
    right |= offers.draw_offers(rng, theirs, words, clustered=clustered)
    sizes = asks.draw_sizes(rng, mentees, seats)
    capacity = offers.draw_capacities(rng, mentors, round(seats * int(sizes.sum())))
    left["team_size"], right["capacity"] = list(map(str, sizes)), list(map(str, capacity))
    left["keep_seat"] = list(
        np.select(
            [(luck := rng.random(mentees)) < figures.KEEP_LOCAL.value, luck > 1.0 - figures.KEEP_OUTSIDE.value],
            ["local", "outside"],
            "",
        )
    )
    left["rural"] = _yes(rng.random(mentees) < figures.RURAL_MENTEES.value)
    left["no_home_program"] = _yes(homeless)
    for side in (left, right):
        number = len(side["id"])
        side["paused"] = _yes(rng.random(number) < figures.PAUSED.value)
        side["consent"] = ["no" if no else "yes" for no in rng.random(number) < figures.NO_CONSENT.value]

    found = pairs.Pairs(
        mentees=ours,
        mentors=theirs,
        rank_mentee=pairs.ranks(ours.stage, words.ranks),
        rank_mentor=pairs.ranks(theirs.stage, words.ranks),
        active_mentee=_active(left),
        active_mentor=_active(right),
        capacity=capacity,
        limited=limited,
        sizes=sizes,
    )
    left["evaluators"] = pairs.draw_evaluators(rng, found)
    left["avoid"], right["avoid"] = pairs.draw_avoid(rng, found)
    ties = pairs.draw_ties(rng, found)
    right["min_load"] = pairs.draw_lower_loads(rng, found)

    asked_left = wishes | (said_left if profile == "background" else _public(said_left))
    asked_right = speaks | (said_right if profile == "background" else _public(said_right))
    return Cohort(
        mentees=left | asked_left,
        mentors=right | asked_right,
        ties=tuple(ties),
        seats=seats,
        seed=seed,
        profile=profile,
        clustered=clustered,
    )


def write(cohort: Cohort, folder: Path) -> None:
    """Write a cohort as a folder in the open format, and ``calibration.md`` beside it.

    Parameters
    ----------
    folder : Path
        Made if it is not there. Files of the same names are replaced.
    """
    write_folder(cohort, folder, templates.load_template(TEMPLATE).vocabulary)


def _check(mentees: int, mentors: int, seats: float, seed: int, profile: str) -> None:
    for name, number, least in (("mentees", mentees, 1), ("mentors", mentors, 1), ("seed", seed, 0)):
        if number < least:
            raise ValueError(f"{name}: {number} is below {least}")
    if not 0.0 < seats < float("inf"):
        raise ValueError(f"seats: {seats} is no number above 0")
    if profile not in get_args(Profile):
        raise ValueError(f"profile: {profile!r} is none of {', '.join(get_args(Profile))}")


def _person(crowd: Crowd, places: Places) -> Columns:
    number = [int(identity[1:]) for identity in crowd.identity]
    return {
        "id": list(crowd.identity),
        "name": list(crowd.name),
        "email": [mailbox(name, n) for name, n in zip(crowd.name, number, strict=True)],
        "stage": list(crowd.stage),
        "route": list(crowd.route),
        "institution": list(places.name[crowd.place]),
        "site": list(crowd.site),
        "region": list(crowd.region),
        "timezone": list(crowd.zone),
    }


def _said(rng: np.random.Generator, crowd: Crowd, ethnicities: dict[str, float]) -> Columns:
    return told.draw_languages(rng, crowd) | told.draw_attributes(rng, crowd, ethnicities) | told.draw_poles(rng, crowd)


def _public(said: Columns) -> Columns:
    return {name: cells for name, cells in said.items() if not name.startswith(("attr:", "consent:"))}


def _active(columns: Columns) -> NDArray[np.bool_]:
    both = zip(columns["paused"], columns["consent"], strict=True)
    return np.array([paused != "yes" and consent == "yes" for paused, consent in both])


def _yes(mask: NDArray[np.bool_]) -> list[str]:
    return ["yes" if own else "no" for own in mask]
