"""Who they are: kinds, stages, places and genders of mentees and mentors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from introducer.cohorts import figures, names
from introducer.cohorts.chance import one_of
from introducer.cohorts.places import ZONES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from introducer.cohorts.chance import Ints, Texts
    from introducer.cohorts.places import Places

    Mask = NDArray[np.bool_]

__all__ = ["Crowd", "draw_mentees", "draw_mentors"]

_INTEGRATED = ("pgy2", "pgy3", "pgy4", "pgy5", "pgy6")
_SENIOR = ("pgy4", "pgy5", "pgy6", "pgy7")


@dataclass(frozen=True, slots=True)
class Crowd:
    """The mentees or the mentors of a cohort, a column each.

    Attributes
    ----------
    identity, name, stage, route, setting, region, zone, site : array of str
        As the file has them; ``setting`` is where a mentor works, blank for a mentee.
    kind : array of str
        ``student``, ``resident``, ``early``, ``established``, or of mentors ``attending``,
        ``near_peer`` and the kinds of guests.
    place : array of int
        Index among the places.
    woman : array of bool
    also : array of int
        For a mentor who is a mentee too: the index there; else -1.
    """

    identity: Texts
    name: Texts
    stage: Texts
    route: Texts
    setting: Texts
    region: Texts
    zone: Texts
    site: Texts
    kind: Texts
    place: Ints
    woman: Mask
    also: Ints

    def __len__(self) -> int:
        return len(self.identity)


def draw_mentees(rng: np.random.Generator, places: Places, number: int) -> Crowd:
    """Draw students, residents and a few attendings."""
    region = one_of(rng, figures.REGIONS.value, number)
    kind = one_of(rng, figures.MENTEE_KINDS.value, number)
    student, resident = kind == "student", kind == "resident"
    track = np.where(resident, one_of(rng, figures.TRACKS.value, number), "").astype(object)
    stage = _pick(number, {"early": "attending_early", "established": "attending_mid"}, kind)
    stage[student] = one_of(rng, figures.STUDENT_YEARS.value, number)[student]
    _residents(rng, track, stage)
    place = np.zeros(number, dtype=np.int64)
    programs = places.kind == "program"
    homeless = student & (rng.random(number) < figures.NO_HOME_PROGRAM.value)
    places.settle(rng, region, student & homeless, places.kind == "school", place)
    places.settle(rng, region, student & ~homeless, programs, place)
    for own in figures.TRACKS.value:
        places.settle(rng, region, track == own, programs & places.having(own), place)
    attending = ~student & ~resident
    away = attending & (rng.random(number) < figures.SETTINGS.value["private"])
    places.settle(rng, region, away, places.kind == "practice", place)
    places.settle(rng, region, attending & ~away, programs, place)
    route = _pick(number, {"integrated": "integrated_ir", "independent": "independent_ir", "esir": "dr_esir"}, track)
    route[student] = "integrated_ir"
    share = _pick(
        number,
        {
            "student": figures.WOMEN_STUDENTS.value,
            "resident": figures.WOMEN_RESIDENTS.value,
            "early": figures.WOMEN_EARLY.value,
            "established": _women_later(),
        },
        kind,
    ).astype(np.float64)
    return Crowd(
        identity=_identities(0, number),
        name=_names(rng, number),
        stage=stage,
        route=route,
        setting=np.full(number, "", dtype=object),
        region=region,
        zone=_zones(rng, region),
        site=places.sites(place, track),
        kind=kind,
        place=place,
        woman=rng.random(number) < share,
        also=np.full(number, -1, dtype=np.int64),
    )


def draw_mentors(rng: np.random.Generator, places: Places, number: int, mentees: Crowd) -> Crowd:
    """Draw attendings, some senior residents and a few guests; half of the residents are mentees as well."""
    region = one_of(rng, figures.REGIONS.value, number)
    rest = 1.0 - figures.GUESTS.value - figures.NEAR_PEERS.value
    shares = {"guest": figures.GUESTS.value, "near_peer": figures.NEAR_PEERS.value, "attending": rest}
    kind = one_of(rng, shares, number)
    guest, near_peer, attending = kind == "guest", kind == "near_peer", kind == "attending"
    kind[guest] = one_of(rng, figures.GUEST_KINDS.value, number)[guest]
    stage = one_of(rng, figures.MENTOR_STAGES.value, number)
    stage[guest] = ""
    stage[near_peer] = one_of(rng, dict.fromkeys(_SENIOR[:3], 1.0), number)[near_peer]
    setting = one_of(rng, figures.SETTINGS.value, number)
    private = attending & (setting == "private")
    setting[near_peer] = "academic"
    setting[guest] = np.where(kind == "industry", "industry", "")[guest]
    place = np.zeros(number, dtype=np.int64)
    programs = places.kind == "program"
    faculty = attending & ~private
    places.settle(rng, region, private, places.kind == "practice", place)
    places.settle(rng, region, faculty, programs, place)
    places.settle(rng, region, near_peer, programs & places.having("integrated"), place)
    places.settle(rng, region, guest, places.kind == "company", place)
    setting[private] = one_of(rng, figures.PRIVATE_SETTINGS.value, number)[private]
    early = stage == "attending_early"
    share = np.where(
        near_peer, figures.WOMEN_RESIDENTS.value, np.where(early, figures.WOMEN_EARLY.value, _women_later())
    )
    mentors = Crowd(
        identity=_identities(len(mentees), number),
        name=_names(rng, number),
        stage=stage,
        route=_mentor_routes(rng, kind, stage),
        setting=setting,
        region=region,
        zone=_zones(rng, region),
        site=places.sites(place, _faculty_tracks(places, place, faculty, near_peer)),
        kind=kind,
        place=place,
        woman=rng.random(number) < share,
        also=_also(rng, near_peer, mentees),
    )
    _copy(mentees, mentors)
    return mentors


def _women_later() -> float:
    """Return the share of women among later attendings that gives the share among all."""
    early = figures.MENTOR_STAGES.value["attending_early"]
    return (figures.WOMEN_ATTENDINGS.value - early * figures.WOMEN_EARLY.value) / (1.0 - early)


def _pick(number: int, values: dict[str, object], keys: Texts) -> Texts:
    found = np.full(number, "", dtype=object)
    for key, value in values.items():
        found[keys == key] = value
    return found


def _residents(rng: np.random.Generator, track: Texts, stage: Texts) -> None:
    """Write the year of every resident. The class that began last is the largest."""
    growth = 1.0 + figures.CLASS_GROWTH.value
    classes = {year: growth**-age for age, year in enumerate(_INTEGRATED)}
    interns = figures.INTERNS.value / figures.TRACKS.value["integrated"] * sum(classes.values())
    years = one_of(rng, {"pgy1": interns} | classes, len(track))
    stage[track == "integrated"] = years[track == "integrated"]
    stage[track == "esir"] = "pgy5"
    last = figures.ESIR_BEFORE_INDEPENDENT.value
    final = one_of(rng, {"pgy6": (1.0 - last) / 2.0, "pgy7": (1.0 + last) / 2.0}, len(track))
    stage[track == "independent"] = final[track == "independent"]


def _faculty_tracks(places: Places, place: Ints, faculty: Mask, near_peer: Mask) -> Texts:
    """Return the track of the site where a mentor teaches or trains: the first that is there."""
    found = np.full(len(place), "", dtype=object)
    for track in ("esir", "independent", "integrated"):
        found[faculty & places.having(track)[place]] = track
    found[near_peer] = "integrated"
    return found


def _mentor_routes(rng: np.random.Generator, kind: Texts, stage: Texts) -> Texts:
    """Return how mentors trained: by the residencies since these exist, before that by the fellowship."""
    since = one_of(rng, figures.TRACKS.value, len(kind))
    found = _pick(len(kind), {"integrated": "integrated_ir", "independent": "independent_ir", "esir": "dr_esir"}, since)
    found[np.isin(stage, ("attending_mid", "attending_late", "retired"))] = "vir_fellowship"
    found[np.isin(kind, list(figures.GUEST_KINDS.value))] = ""
    found[kind == "near_peer"] = "integrated_ir"
    return found


def _also(rng: np.random.Generator, near_peer: Mask, mentees: Crowd) -> Ints:
    found = np.full(len(near_peer), -1, dtype=np.int64)
    mentors = np.flatnonzero(near_peer & (rng.random(len(near_peer)) < figures.BOTH.value))
    senior = rng.permutation(np.flatnonzero(np.isin(mentees.stage, _SENIOR)))
    number = min(len(mentors), len(senior))
    found[mentors[:number]] = senior[:number]
    return found


def _copy(mentees: Crowd, mentors: Crowd) -> None:
    """Make mentors who are mentees too the same person in both lists."""
    twice = np.flatnonzero(mentors.also >= 0)
    for name in ("identity", "name", "stage", "route", "region", "zone", "site", "place", "woman"):
        getattr(mentors, name)[twice] = getattr(mentees, name)[mentors.also[twice]]


def _identities(start: int, number: int) -> Texts:
    return np.array([f"P{start + i + 1:05d}" for i in range(number)], dtype=object)


def _names(rng: np.random.Generator, number: int) -> Texts:
    given = np.array(names.GIVEN, dtype=object)[rng.integers(len(names.GIVEN), size=number)]
    family = np.array(names.FAMILY, dtype=object)[rng.integers(len(names.FAMILY), size=number)]
    found: Texts = given + " " + family
    return found


def _zones(rng: np.random.Generator, region: Texts) -> Texts:
    second = rng.random(len(region)) < 1 / 3
    return np.array(
        [ZONES[own][-1] if other else ZONES[own][0] for own, other in zip(region, second, strict=True)], dtype=object
    )
