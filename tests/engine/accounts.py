"""Accounts for tests: teams are said, all else follows from the roster and the policy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from outcomes import VOCABULARY

from introducer.conclude import account_of, conclude
from introducer.outcome import Prices
from introducer.pipeline import match
from introducer.policy import Policy
from introducer.roster import GivenTie, Mentee, Mentor, Roster
from introducer.vocabulary import KINDS, Term, Vocabulary

_LOSS = Term(id="loss", name="Loss of a patient", sensitive=True)
_PLACES = ("", "North", "South", "West")


def words(**lists):
    """Return the test vocabulary with some of its lists replaced, and a wish that is sensitive."""
    own = {kind: VOCABULARY.terms(kind) for kind in KINDS} | {"experiences": (*VOCABULARY.experiences, _LOSS)}
    return Vocabulary(template="test/1", **own | lists)


WORDS = words()


def roster(mentees, mentors, *ties):
    """Return a roster of these people in the test vocabulary."""
    return Roster("A program", WORDS, tuple(mentees), tuple(mentors), ties)


def explained(people, teams, *, policy=None, prices=None, previous=frozenset()):
    """Return account and outcome for teams given as ids; prices of seats by id."""
    policy = policy or Policy()
    chosen = tuple(tuple(sorted(people.mentor_index[j] for j in teams.get(mentee.id, ()))) for mentee in people.mentees)
    seats = tuple((prices or {}).get(mentor.id, 0.0) for mentor in people.mentors)
    quotas = (0.0,) * sum(len(mentor.quotas) for mentor in people.mentors)
    given = Prices(seats, (0.0,) * len(people.mentors), quotas)
    outcome = conclude(people, policy, chosen, given, previous=previous)
    return account_of(people, policy, chosen, previous), outcome


def random_account(rng, mentees=6, mentors=7):
    """Return account and outcome of a cohort in which every rule is at work."""
    people = random_roster(rng, mentees, mentors)
    policy = Policy(
        solver="greedy",
        team_size=2,
        privacy=str(rng.choice(["neutral", "experience", "background"])),
        equity={"rural": 1.25},
        fit_floor=float(rng.choice([0.0, 0.5])),
        institution_limit=int(rng.integers(0, 3)),
    )
    outcome = match(people, policy)
    teams = tuple(tuple(tie.mentor for tie in found.ties) for found in outcome.constellations)
    return account_of(people, policy, teams), outcome


def random_roster(rng, mentees, mentors):
    """Return people drawn at random, some of whom may not be tied."""
    keys = list(WORDS.needs)

    def some(values, most=3):
        return [values[k] for k in sorted(rng.choice(len(values), size=rng.integers(0, most + 1), replace=False))]

    def person(number, prefix):
        return {
            "id": f"{prefix}{number}",
            "name": f"{prefix.upper()} {number}",
            "stage": str(rng.choice(["resident", "attending", ""])),
            "institution": str(rng.choice(_PLACES)),
            "site": str(rng.choice(_PLACES)) if rng.random() < 0.4 else "",
            "region": str(rng.choice(_PLACES)),
            "languages": tuple(some(["en", "es"], 2)),
            "attributes": {"culture": frozenset(some(["Andean", "Baltic", "Celtic"], 2))},
            "avoid": frozenset({f"{'o' if prefix == 'e' else 'e'}{rng.integers(0, 6)}"})
            if rng.random() < 0.2
            else frozenset(),
            "paused": bool(rng.random() < 0.1),
            "consent": bool(rng.random() < 0.95),
        }

    left = []
    for i in range(mentees):
        needs = {key: int(rng.integers(1, 4)) for key in some(keys, 4)}
        left.append(
            Mentee(
                **person(i, "e"),
                needs=needs,
                private=frozenset(key for key in needs if rng.random() < 0.3),
                wishes={key: int(rng.integers(1, 4)) for key in some(list(WORDS.wishes), 2)},
                team_size=int(rng.integers(0, 6)) if rng.random() < 0.5 else None,
                flags=frozenset(some(["rural"], 1)),
                keep_seat=str(rng.choice(["", "local", "outside"])),  # type: ignore[arg-type]  # one of the three
            )
        )
    right = [
        Mentor(
            **person(j, "o"),
            offers={key: int(rng.integers(1, 4)) for key in some(keys, 5)},
            experiences=frozenset(some([term.id for term in WORDS.experiences])),
            capacity=int(rng.integers(0, 4)),
            quotas={"rural_path": int(rng.integers(0, 2))} if rng.random() < 0.4 else {},
            kind=str(rng.choice(["member", "adviser"])),
        )
        for j in range(mentors)
    ]
    kinds: tuple[tuple[Any, Any, int], ...] = (
        ("veto", "", 0),
        ("conflict", "", 0),
        ("existing", "", 0),
        ("prefer", "mentee", 1),
    )
    ties = tuple(
        GivenTie(
            kind=kind, mentee=f"e{rng.integers(0, mentees)}", mentor=f"o{rng.integers(0, mentors)}", by=by, rank=rank
        )
        for kind, by, rank in kinds
    )
    return Roster("A random program", WORDS, tuple(left), tuple(right), ties)


def swapped(people, **changes):
    """Return the roster with fields of some mentees replaced, by id."""
    return replace(people, mentees=tuple(replace(m, **changes.get(m.id, {})) for m in people.mentees))
