"""Random societies in which every hard rule is at work, and a plain reading of the rules for what came out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from accounts import random_roster

from introducer.policy import Policy
from introducer.roster import GivenTie

if TYPE_CHECKING:
    from introducer.outcome import Outcome

__all__ = ["broken", "random_policy", "random_society", "refusing", "teams_of"]


def random_policy(seed: int, **choices: Any) -> Policy:
    """Return a policy with each of its switches thrown one way or the other."""
    rng = np.random.default_rng([seed, 1])

    def one(*values: Any) -> Any:
        return values[rng.integers(len(values))]

    drawn = {
        "team_size": one(1, 2, 3),
        "capacity": one(1, 2),
        "privacy": one("neutral", "experience", "background"),
        "same_site": one("forbid", "allow"),
        "institution_limit": one(0, 1, 1, 2),
        "guests": one("allow", "forbid"),
        "shared_language": one("require", "prefer"),
        "stage": {"least": one(None, 0, 1), "most": one(None, None, 4)},
        "equity": {"rural": one(0.8, 1.25, 2.0)},
        "fit_floor": one(0.0, 0.5),
    }
    return Policy(**(drawn | choices))


def random_society(seed: int, mentees: int = 6, mentors: int = 7) -> Any:
    """Return a roster: one person is both, some evaluate others, prefer others, or are owed a mentee."""
    rng = np.random.default_rng([seed, 2])
    people = random_roster(rng, mentees, mentors)
    left, right = list(people.mentees), list(people.mentors)
    left[0] = replace(left[0], evaluators=frozenset({right[1].id}))
    right[2] = replace(right[2], evaluators=frozenset({left[1].id}))
    if rng.random() < 0.5:
        right[3] = replace(right[3], id=left[2].id)
    if rng.random() < 0.3:
        right[4] = replace(right[4], min_load=min(1, right[4].capacity or 0))
    ids = {person.id for person in right}
    known = [tie for tie in people.ties if tie.mentor in ids]
    for by, rank in (("mentee", 2), ("mentor", 1), ("mentor", 2)):
        i, j = left[rng.integers(mentees)].id, right[rng.integers(mentors)].id
        known.append(GivenTie(kind="prefer", mentee=i, mentor=j, by=by, rank=rank))  # type: ignore[arg-type]  # a side
    return replace(people, mentees=tuple(left), mentors=tuple(right), ties=tuple(known))


def teams_of(outcome: Outcome) -> dict[str, set[str]]:
    """Return the ids of each mentee's mentors."""
    people = outcome.roster
    return {
        people.mentees[c.mentee].id: {people.mentors[tie.mentor].id for tie in c.ties} for c in outcome.constellations
    }


def broken(outcome: Outcome) -> list[str]:
    """Return which rules an outcome breaks, read from roster and policy in plain loops."""
    people, policy = outcome.roster, outcome.policy
    mentees, mentors = {p.id: p for p in people.mentees}, {p.id: p for p in people.mentors}
    teams = teams_of(outcome)
    found = [
        f"{i}-{j}: {code}"
        for i, team in teams.items()
        for j in sorted(team)
        for code in refusing(people, policy, mentees[i], mentors[j])
    ]
    for i, team in teams.items():
        chosen = mentees[i].team_size
        size = policy.team_size if chosen is None else chosen
        if len(team) > size:
            found.append(f"{i}: team size")
        homes = [_same(mentors[j].institution) for j in team if mentors[j].institution]
        if policy.institution_limit and any(homes.count(home) > policy.institution_limit for home in homes):
            found.append(f"{i}: institution")
        if size and sum(not _may_keep(mentees[i], mentors[j]) for j in team) >= size:
            found.append(f"{i}: kept seat")
        found += [
            f"{i}: pin" for tie in people.ties if tie.kind == "pin" and tie.mentee == i and tie.mentor not in team
        ]
    for j, mentor in mentors.items():
        own = [mentees[i] for i, team in teams.items() if j in team]
        capacity = policy.capacity if mentor.capacity is None else mentor.capacity
        if len(own) > capacity:
            found.append(f"{j}: capacity")
        if len(own) < (mentor.min_load or 0) and mentor.consent and not mentor.paused:
            found.append(f"{j}: lower load")
        for key, most in mentor.quotas.items():
            if sum(key in _read(mentee, policy) for mentee in own) > most:
                found.append(f"{j}: quota")
    return found


def refusing(people, policy, mentee, mentor):
    """Return the codes of all rules that forbid a pair."""
    given = {tie.kind for tie in people.ties if (tie.mentee, tie.mentor) == (mentee.id, mentor.id)}
    ranks = {stage.id: stage.rank for stage in people.vocabulary.stages}
    least, most = policy.stage.least, policy.stage.most
    ahead = ranks[mentor.stage] - ranks[mentee.stage] if mentee.stage and mentor.stage else None
    tests = {
        "self": mentee.id == mentor.id,
        "conflict": "conflict" in given,
        "evaluator": mentor.id in mentee.evaluators or mentee.id in mentor.evaluators,
        "avoid": mentor.id in mentee.avoid or mentee.id in mentor.avoid,
        "veto": "veto" in given,
        "same_site": policy.same_site == "forbid" and mentee.site != "" and _same(mentee.site) == _same(mentor.site),
        "stage": ahead is not None and ((least is not None and ahead < least) or (most is not None and ahead > most)),
        "language": policy.shared_language == "require"
        and bool(mentee.languages and mentor.languages)
        and not set(mentee.languages) & set(mentor.languages),
        "consent": not (mentee.consent and mentor.consent),
        "paused": mentee.paused or mentor.paused,
        "guest": policy.guests == "forbid" and mentor.kind != "member",
        "quota": any(most == 0 and key in _read(mentee, policy) for key, most in mentor.quotas.items()),
    }
    return [code for code, forbids in tests.items() if forbids]


def _may_keep(mentee, mentor):
    if mentee.keep_seat == "local":
        return mentee.region != "" and _same(mentee.region) == _same(mentor.region)
    if mentee.keep_seat == "outside":
        inside = mentee.institution != "" and _same(mentee.institution) == _same(mentor.institution)
        return not inside or mentor.kind != "member"
    return True


def _read(mentee, policy):
    profiles = {"neutral": (), "experience": ("experience",), "background": ("experience", "same")}
    kinds = profiles[policy.privacy]
    return {key for key in mentee.wishes if ("same" if key.startswith("same:") else "experience") in kinds}


def _same(place):
    return " ".join(place.lower().split())
