"""Where people are: regions, the institutions in them, and the training sites in these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from introducer.cohorts import figures, names
from introducer.cohorts.chance import one_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from introducer.cohorts.chance import Floats, Ints, Texts

    Mask = NDArray[np.bool_]

__all__ = ["SITES", "ZONES", "Places", "draw_places"]

#: Zones of each region; the first is where most live. Uncalibrated and without consequence beyond an hour.
ZONES = {
    "Northeast": ("America/New_York",),
    "South": ("America/New_York", "America/Chicago"),
    "Central": ("America/Chicago", "America/Detroit"),
    "West": ("America/Los_Angeles", "America/Denver"),
}

#: What a training site is called after the name of its institution, by track.
SITES = {
    "integrated": "integrated IR residency",
    "independent": "independent IR residency",
    "esir": "DR/ESIR residency",
}

_SUFFIXES = {
    "program": ("University Hospital", "Medical Center"),
    "school": ("College of Medicine",),
    "practice": ("Vascular Group", "Interventional Partners", "Imaging Associates"),
    "company": ("Advisers", "Devices", "Health System"),
}


@dataclass(frozen=True, slots=True)
class Places:
    """All institutions of a cohort.

    Attributes
    ----------
    name : array of str, shape (K,)
    region : array of str, shape (K,)
    kind : array of str, shape (K,)
        ``program``, ``school``, ``practice`` or ``company``.
    tracks : array of frozenset of str, shape (K,)
        Tracks that have a training site there; empty but for programs.
    weight : array of float, shape (K,)
        How many of a cohort are there, relative to others of its kind.
    clustered : bool
        Without, people are spread evenly over all places, whatever their region.
    """

    name: Texts
    region: Texts
    kind: Texts
    tracks: Texts
    weight: Floats
    clustered: bool

    def having(self, track: str) -> Mask:
        """Tell which places have a training site of a track, shape (K,)."""
        return np.array([track in own for own in self.tracks], dtype=np.bool_)

    def settle(self, rng: np.random.Generator, regions: Texts, who: Mask, where: Mask, out: Ints) -> None:
        """Write the place of each person of ``who`` into ``out``, chosen among ``where``, in their own region."""
        for region in figures.REGIONS.value:
            there = np.flatnonzero(who & (regions == region))
            near = np.flatnonzero(where & (self.region == region)) if self.clustered else np.flatnonzero(where)
            weights = self.weight[near] if self.clustered else np.ones(len(near))
            out[there] = near[rng.choice(len(near), len(there), p=weights / weights.sum())]

    def sites(self, place: Ints, track: Texts) -> Texts:
        """Return the training site of each person: of their track at their place, or blank without a track."""
        return np.array(
            [f"{self.name[k]} {SITES[own]}" if own else "" for k, own in zip(place, track, strict=True)], dtype=object
        )


def draw_places(rng: np.random.Generator, mentees: int, mentors: int, *, clustered: bool) -> Places:
    """Draw institutions for so many people: every region has at least one of each kind.

    One program in every region has all tracks, so that every resident finds a site.
    """
    wanted = {
        "program": min(figures.PROGRAMS.value, round((mentees + mentors) / figures.PEOPLE_PER_INSTITUTION.value)),
        "school": round(mentees / (2 * figures.PEOPLE_PER_INSTITUTION.value)),
        "practice": round(mentors * figures.SETTINGS.value["private"] / figures.PEOPLE_PER_PRACTICE.value),
        "company": round(mentors * figures.GUESTS.value),
    }
    regions = list(figures.REGIONS.value)
    combinations = [f"{first} {second}" for first in names.PLACES for second in names.KINDS_OF_PLACE]
    name: list[str] = []
    kind: list[str] = []
    region: list[str] = []
    tracks: list[frozenset[str]] = []
    for what, count in wanted.items():
        number = max(count, len(regions))
        name += _named(rng, what, combinations, number)
        kind += [what] * number
        region += [*regions, *one_of(rng, figures.REGIONS.value, number - len(regions))]
        types = ["all"] * len(regions) + list(one_of(rng, figures.PROGRAM_TYPES.value, number - len(regions)))
        tracks += [_tracks(own) if what == "program" else frozenset() for own in types]
    weight = rng.gamma(figures.INSTITUTION_SPREAD.value, size=len(name)) + 0.05
    told = np.empty(len(tracks), dtype=object)
    told[:] = tracks
    return Places(
        name=np.array(name, dtype=object),
        region=np.array(region, dtype=object),
        kind=np.array(kind, dtype=object),
        tracks=told,
        weight=weight,
        clustered=clustered,
    )


def _named(rng: np.random.Generator, what: str, combinations: list[str], number: int) -> list[str]:
    order = rng.permutation(len(combinations))
    suffixes = _SUFFIXES[what]
    found = []
    for k in range(number):
        turn, at = divmod(k, len(combinations))
        again, suffix = divmod(turn, len(suffixes))
        count = f" {again + 1}" if again else ""
        found.append(f"{combinations[order[at]]} {suffixes[suffix]}{count}")
    return found


def _tracks(kind: str) -> frozenset[str]:
    """Return the tracks of a type of program; where there is any residency there is DR with ESIR."""
    own = {"integrated": {"integrated"}, "independent": {"independent"}, "esir": set()}
    return frozenset(own.get(kind, {"integrated", "independent"}) | {"esir"})
