"""Which ties stay: what cannot change does not, what is gone is not counted, and the same seed says the same."""

from dataclasses import replace

import numpy as np
import pytest
from accounts import roster
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from societies import random_policy, random_society, refusing

from introducer.advice import differences as module
from introducer.advice.differences import KINDS
from introducer.advice.robustness import robustness
from introducer.errors import Infeasible
from introducer.pipeline import match
from introducer.policy import Policy
from introducer.roster import GivenTie, Mentee, Mentor, Roster
from introducer.solve import Watch

SEEDS = st.integers(0, 100_000)
few = settings(max_examples=10, deadline=None, derandomize=True)


def cohort(people, policy):
    try:
        return match(people, policy)
    except Infeasible:
        reject()


def by_kind(found):
    return {kind.kind: kind for kind in found.kinds}


@few
@given(SEEDS)
def test_a_tie_that_cannot_change_survives_all(seed):
    people, policy = random_society(seed), random_policy(seed, continuity=0.0)
    pairs = [(i, j) for i in people.mentees for j in people.mentors if not refusing(people, policy, i, j)]
    size = {one.id: policy.team_size if one.team_size is None else one.team_size for one in people.mentees}
    free = [(i, j) for i, j in pairs if size[i.id] and j.capacity and i.keep_seat == "" and not j.quotas]
    if not free:
        reject()
    i, j = free[seed % len(free)]
    pin = GivenTie(kind="pin", mentee=i.id, mentor=j.id)
    outcome = cohort(replace(people, ties=(*people.ties, pin)), policy)
    found = robustness(outcome, rounds=2)
    (tie,) = [tie for tie in found.ties if (tie.mentee, tie.mentor) == (i.id, j.id)]
    assert tie.stayed == tie.rounds > 0
    assert tie.part == 1.0
    assert tie not in found.fragile


@few
@given(SEEDS)
def test_the_same_seed_says_the_same_whatever_the_order_of_people(seed):
    outcome = cohort(random_society(seed), random_policy(seed))
    people = outcome.roster
    turned = Roster(people.program, people.vocabulary, people.mentees[::-1], people.mentors[::-1], people.ties[::-1])
    first = robustness(outcome, rounds=2, seed=seed)
    assert robustness(match(turned, outcome.policy), rounds=2, seed=seed) == first
    assert first.seed == seed
    assert first.continuity == outcome.policy.continuity


@few
@given(SEEDS)
def test_parts_are_what_was_counted(seed):
    outcome = cohort(random_society(seed), random_policy(seed))
    found = robustness(outcome, rounds=3)
    assert tuple(by_kind(found)) == KINDS
    assert {(tie.mentee, tie.mentor) for tie in found.ties} == {
        (outcome.roster.mentees[tie.mentee].id, outcome.roster.mentors[tie.mentor].id) for tie in outcome.ties
    }
    made = sum(kind.rounds for kind in found.kinds) - by_kind(found)["nothing"].rounds
    assert all(0 <= tie.stayed <= tie.rounds <= made for tie in found.ties)
    assert all(0 <= kind.least <= kind.mean <= 1 + 1e-12 for kind in found.kinds)
    assert list(found.ties) == sorted(found.ties, key=lambda tie: (tie.part, tie.mentee, tie.mentor))
    assert found.finished
    tied = {tie.mentor for tie in found.ties}
    assert {mentor for mentor, _moved in found.leavers} <= tied


# By hand


def people(*ties, **fields):
    mentees = [Mentee(id="cai", needs={"contracts": 3}), Mentee(id="cleo", needs={"contracts": 3, "talk": 1})]
    mentors = [
        Mentor(id="bea", offers={"contracts": 3}, capacity=1),
        Mentor(id="ben", offers={"contracts": 2}, capacity=1),
    ]
    return replace(roster(mentees, mentors, *ties), **fields)


PLAIN = Policy(team_size=1, pair_terms={"stage": 0.0}, continuity=0.0)


def test_who_leaves_takes_their_ties_along_and_others_move_into_what_is_left():
    outcome = match(people(), PLAIN)
    found = robustness(outcome, rounds=5)
    # Cai has Bea and Cleo has Ben. Where Bea leaves, Cai is worth more to Ben than Cleo is; not the other way round.
    assert by_kind(found)["mentor"].rounds == 2
    assert found.leavers == (("bea", 1), ("ben", 0))
    assert by_kind(found)["mentor"].least == 0.0
    assert by_kind(found)["nothing"].mean == 1.0


def test_a_round_in_which_a_tie_could_not_stay_is_not_counted_for_it():
    outcome = match(people(), PLAIN)
    found = robustness(outcome, rounds=2)
    made = sum(kind.rounds for kind in found.kinds) - 1
    assert {tie.rounds for tie in found.ties} == {made - 1}


def test_a_larger_bonus_moves_less():
    outcome = match(people(), PLAIN)
    assert (
        by_kind(robustness(outcome, rounds=9, continuity=1.0))["answer"].mean
        > by_kind(robustness(outcome, rounds=9, continuity=0.0))["answer"].mean
    )
    assert robustness(outcome, rounds=1, continuity=1.0).continuity == 1.0


def test_rounds_that_no_outcome_meets_are_counted_apart():
    outcome = match(people(mentors=(Mentor(id="bea", offers={"contracts": 3}, capacity=2, min_load=2),)), PLAIN)
    pinned = replace(
        outcome.roster,
        mentors=(*outcome.roster.mentors, Mentor(id="ben", offers={"contracts": 1}, capacity=1, min_load=1)),
        mentees=(*outcome.roster.mentees, Mentee(id="cy", needs={"contracts": 1}, avoid=frozenset({"bea"}))),
    )
    found = robustness(match(pinned, PLAIN), rounds=3)
    assert by_kind(found)["mentor"].impossible == 0
    # Whoever must have a mentee can have one in every round but that in which nobody is left to have.
    few_people = replace(pinned, mentees=pinned.mentees[:2], mentors=pinned.mentors[:1])
    alone = match(few_people, PLAIN)
    broken = replace(alone, roster=replace(few_people, mentors=(replace(few_people.mentors[0], min_load=3),)))
    found = robustness(replace(broken, policy=PLAIN), rounds=1)
    assert by_kind(found)["nothing"].impossible == 1
    assert (by_kind(found)["nothing"].rounds, by_kind(found)["nothing"].mean) == (0, 1.0)
    assert found.ties[0].part in (0.0, 1.0)


def test_a_cohort_without_a_tie_has_nothing_to_lose():
    found = robustness(match(roster([Mentee(id="cai", needs={"talk": 1})], []), PLAIN), rounds=2)
    assert (found.ties, found.leavers) == ((), ())
    assert [kind.mean for kind in found.kinds] == [1.0] * 4
    assert by_kind(found)["mentor"].rounds == 0
    assert by_kind(found)["answer"].rounds == 1


def stopped_in(phase, *, before):
    """Return what was told, and what robustness finds if time is up in a round, before or within it."""
    told: list[str] = []
    asked: list[str] = []

    def stop():
        asked.append(told[-1])
        return told[-1] == phase and (before or asked.count(phase) > 1)

    return told, robustness(
        match(people(), PLAIN), rounds=2, watch=Watch(tell=lambda kind, *_rest: told.append(kind), stop=stop)
    )


@pytest.mark.parametrize("before", [True, False])
def test_who_is_stopped_says_so_and_counts_no_round_that_was_cut_short(before):
    told, found = stopped_in("mentor", before=before)
    assert told == ["nothing", "weights", "mentor"]
    assert not found.finished
    assert [kind.rounds for kind in found.kinds] == [1, 1, 0, 0]
    assert {tie.rounds for tie in found.ties} == {1}


def test_kinds_take_turns_so_that_a_short_look_sees_all():
    told, found = stopped_in("", before=True)
    assert told == ["nothing", "weights", "mentor", "answer", "weights", "mentor", "answer"]
    assert found.finished


def test_each_weight_is_a_tenth_larger_or_smaller_and_inside_its_range():
    chance = np.random.default_rng(3)
    policy = Policy(equity={"rural": 2.0, "far": 0.5, "near": 1.0}, weights={"wish": 1.0, "pair": 0.5})
    seen = [module._shifted(policy, chance) for _ in range(30)]

    def among(of):
        return sorted({round(of(one), 9) for one in seen})

    assert among(lambda one: one.weights.pair) == [0.45, 0.55]
    assert among(lambda one: one.weights.wish) == [0.9, 1.0]
    assert among(lambda one: one.equity["rural"]) == [1.8, 2.0]
    assert among(lambda one: one.equity["far"]) == [0.5, 0.55]
    for name, weight in policy.pair_terms.items():
        assert among(lambda one, name=name: one.pair_terms[name]) == [round(0.9 * weight, 9), round(1.1 * weight, 9)]
    kept = {"weights", "pair_terms", "equity"}
    assert all(one.model_dump(exclude=kept) == policy.model_dump(exclude=kept) for one in seen)


def test_one_answer_is_missing_and_no_other():
    whole = roster(
        [Mentee(id="cai", needs={"talk": 1, "clinic": 2}, wishes={"rural_path": 1, "same:culture": 2})],
        [Mentor(id="bea", offers={"talk": 3}, experiences=frozenset({"rural_path"}))],
    )
    answers = list(module._answers(whole, Policy()))
    assert [(side, name, key) for side, _place, name, key in answers] == [
        ("mentees", "needs", "clinic"),
        ("mentees", "needs", "talk"),
        ("mentees", "wishes", "rural_path"),
        ("mentors", "offers", "talk"),
        ("mentors", "experiences", "rural_path"),
    ]
    assert module._unanswered(whole, *answers[0]).mentees[0].needs == {"talk": 1}
    assert module._unanswered(whole, *answers[2]).mentees[0].wishes == {"same:culture": 2}
    assert module._unanswered(whole, *answers[4]).mentors[0].experiences == frozenset()
    assert module._unanswered(whole, *answers[3]).mentors[0].offers == {}
    assert module._unanswered(whole, *answers[3]).mentees == whole.mentees
