"""Blocking pairs: as the definition has them, where both said so, and never where a rule stands between."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from accounts import explained, roster
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from societies import broken, random_policy, random_society, teams_of

from introducer.advice.stability import Blocking, stability
from introducer.conclude import account_of, conclude
from introducer.errors import Infeasible, Refused
from introducer.pipeline import match
from introducer.policy import Policy
from introducer.roster import GivenTie, Mentee, Mentor

SEEDS = st.integers(0, 100_000)
few = settings(max_examples=25, deadline=None, derandomize=True)
PLAIN = Policy(team_size=1, capacity=1)


def ranks(by, **rows):
    """Return preferences: whom each of them ranks, the first first."""
    found = []
    for who, others in rows.items():
        for rank, other in enumerate(others.split(), start=1):
            pair = {"mentee": who, "mentor": other} if by == "mentee" else {"mentee": other, "mentor": who}
            found.append(GivenTie(kind="prefer", by=by, rank=rank, **pair))
    return found


def people(*ties, mentees=(), mentors=()):
    left = {
        one.id: one for one in [Mentee(id="cai", needs={"talk": 1}), Mentee(id="cleo", needs={"talk": 1}), *mentees]
    }
    right = {one.id: one for one in [Mentor(id="bea", offers={"talk": 1}), Mentor(id="ben"), *mentors]}
    return roster(left.values(), right.values(), *ties)


def of(given_people, teams, policy=PLAIN):
    account, _outcome = explained(given_people, teams, policy=policy)
    return stability(account)


MUTUAL = (*ranks("mentee", cai="bea ben", cleo="bea ben"), *ranks("mentor", bea="cleo cai", ben="cleo cai"))


def test_two_who_would_rather_have_each_other_block():
    found = of(people(*MUTUAL), {"cai": ["bea"], "cleo": ["ben"]})
    assert (found.mutual, found.tied) == (4, 2)
    assert found.blocking == (Blocking(mentee=1, mentor=0, ranks=(1, 1), leaves_team=1, leaves_mentor=0),)


def test_a_stable_outcome_has_no_blocking_pair():
    assert of(people(*MUTUAL), {"cai": ["ben"], "cleo": ["bea"]}).blocking == ()


def test_free_seats_on_both_sides_block_and_the_best_ranked_stand_first():
    found = of(people(*MUTUAL), {})
    assert [(pair.mentee, pair.mentor, pair.ranks) for pair in found.blocking] == [
        (1, 0, (1, 1)),
        (0, 0, (1, 2)),
        (1, 1, (2, 1)),
        (0, 1, (2, 2)),
    ]
    assert all(pair.leaves_team is None and pair.leaves_mentor is None for pair in found.blocking)


def test_a_preference_of_one_side_alone_blocks_nothing():
    found = of(people(*ranks("mentee", cai="bea")), {})
    assert (found.mutual, found.tied, found.blocking) == (0, 0, ())


def test_who_was_not_ranked_stands_behind_who_was():
    ties = [*ranks("mentee", cai="bea"), *ranks("mentor", bea="cai")]
    found = of(people(*ties), {"cai": ["ben"], "cleo": ["bea"]})
    assert found.blocking == (Blocking(0, 0, (1, 1), leaves_team=1, leaves_mentor=1),)


def test_the_lowest_ranked_leaves():
    third = Mentor(id="bo")
    ties = [*ranks("mentee", cai="bea ben bo"), *ranks("mentor", bea="cai")]
    teams = {"cai": ["ben", "bo"]}
    found = of(people(*ties, mentors=[third]), teams, Policy(team_size=2, capacity=2))
    assert [(pair.leaves_team, pair.leaves_mentor) for pair in found.blocking] == [(2, None)]


def test_the_better_of_two_ranks_holds():
    twice = [*MUTUAL, GivenTie(kind="prefer", mentee="cai", mentor="bea", by="mentee", rank=7)]
    assert of(people(*twice), {}).blocking == of(people(*MUTUAL), {}).blocking


@pytest.mark.parametrize(
    "rule",
    [
        {"ties": [GivenTie(kind="veto", mentee="cleo", mentor="bea")]},
        {"ties": [GivenTie(kind="pin", mentee="cleo", mentor="ben")]},
        {"ties": [GivenTie(kind="pin", mentee="cai", mentor="bea")]},
        {"mentors": [Mentor(id="ben", min_load=1)]},
        {"mentors": [Mentor(id="bea", offers={"talk": 1}, quotas={"rural_path": 0})]},
        {"mentees": [Mentee(id="cleo", needs={"talk": 1}, wishes={"rural_path": 1}, avoid=frozenset({"bea"}))]},
    ],
)
def test_a_pair_that_a_rule_keeps_apart_blocks_nothing(rule):
    wishing = Mentee(id="cleo", needs={"talk": 1}, wishes={"rural_path": 1})
    given_people = people(
        *MUTUAL, *rule.get("ties", []), mentees=[wishing, *rule.get("mentees", [])], mentors=rule.get("mentors", [])
    )
    assert of(given_people, {"cai": ["bea"], "cleo": ["ben"]}).blocking == ()


def test_a_quota_is_free_again_where_one_who_counts_leaves():
    def found(first_wishes):
        left = [
            Mentee(id="cai", needs={"talk": 1}, wishes=first_wishes),
            Mentee(id="cleo", needs={"talk": 1}, wishes={"rural_path": 1}),
            Mentee(id="cy", needs={"talk": 1}, wishes={"rural_path": 1}),
        ]
        right = [Mentor(id="bea", offers={"talk": 1}, capacity=2, quotas={"rural_path": 1})]
        ties = [*ranks("mentee", cleo="bea"), *ranks("mentor", bea="cleo cy cai")]
        teams = {"cy": ["bea"], "cai": ["bea"]}
        return of(people(*ties, mentees=left, mentors=right), teams).blocking

    # Cai, who is ranked last, does not count towards the quota: Cleo can come for Cy alone.
    assert [pair.leaves_mentor for pair in found({})] == [2]


def test_somebody_may_leave_for_a_quota_where_a_seat_is_free():
    left = [Mentee(id=name, needs={"talk": 1}, wishes={"rural_path": 1}) for name in ("cai", "cleo")]
    right = [Mentor(id="bea", offers={"talk": 1}, capacity=2, quotas={"rural_path": 1})]
    ties = [*ranks("mentee", cleo="bea"), *ranks("mentor", bea="cleo cai")]
    found = of(people(*ties, mentees=left, mentors=right), {"cai": ["bea"]})
    assert [pair.leaves_mentor for pair in found.blocking] == [0]


def test_a_place_of_its_own_is_taken_before_a_teammate_leaves():
    found = of(people(*MUTUAL), {"cai": ["bea"], "cleo": ["ben"]}, Policy(team_size=2, capacity=2))
    assert [(pair.mentee, pair.leaves_team, pair.leaves_mentor) for pair in found.blocking] == [
        (1, None, None),
        (0, None, None),
    ]


@few
@given(SEEDS)
def test_as_the_definition_has_it_in_plain_loops(seed):
    rng = np.random.default_rng(seed)
    society, policy = random_society(seed), random_policy(seed)
    prefer = [
        GivenTie(kind="prefer", mentee=i.id, mentor=j.id, by=by, rank=int(rng.integers(1, 4)))
        for i, j in product(society.mentees, society.mentors)
        for by in ("mentee", "mentor")
        if rng.random() < 0.5
    ]
    others = [tie for tie in society.ties if tie.kind != "prefer"]
    society = replace(society, ties=(*others, *prefer))
    try:
        outcome = match(society, policy)
    except Infeasible:
        reject()
    teams = teams_of(outcome)
    account = account_of(society, policy, tuple(tuple(t.mentor for t in c.ties) for c in outcome.constellations))
    found = stability(account)
    told = {(society.mentees[pair.mentee].id, society.mentors[pair.mentor].id) for pair in found.blocking}
    assert told == set(blocking(outcome, society, policy, prefer, teams))


def blocking(outcome, society, policy, prefer, teams):
    rank = {(tie.by, tie.mentee, tie.mentor): tie.rank for tie in prefer}
    for i, j in product([one.id for one in society.mentees], [one.id for one in society.mentors]):
        if j in teams[i] or ("mentee", i, j) not in rank or ("mentor", i, j) not in rank:
            continue
        worse = [t for t in teams[i] if rank.get(("mentee", i, t), 99) > rank["mentee", i, j]]
        lower = [k for k in teams if j in teams[k] and rank.get(("mentor", k, j), 99) > rank["mentor", i, j]]
        load = sum(j in team for team in teams.values())
        mentor = society.mentors[society.mentor_index[j]]
        full = load >= (policy.capacity if mentor.capacity is None else mentor.capacity)
        if any(
            legal(outcome, i, j, leaves, leaver)
            for leaves in (None, *worse)
            for leaver in ([] if full else [None]) + lower
        ):
            yield i, j


def legal(outcome, i, j, leaves, leaver):
    """Tell whether the teams after the change break no rule, by the plain reading of the rules and by the checker."""
    people, index = outcome.roster, outcome.roster.mentor_index
    teams = teams_of(outcome)
    teams[i] = (teams[i] - {leaves}) | {j}
    if leaver is not None:
        teams[leaver] = teams[leaver] - {j}
    chosen = tuple(tuple(sorted(index[k] for k in teams[one.id])) for one in people.mentees)
    try:
        after = conclude(people, outcome.policy, chosen, outcome.prices)
    except Refused:
        return False
    return broken(after) == []
