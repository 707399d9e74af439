"""What is shown of an outcome: whole, true to it, and what orders cost."""

from dataclasses import replace
from pathlib import Path

import pytest
from societies import random_society

from introducer import GivenTie, Mentee, Mentor, Policy, match, reviewed, skies
from introducer.conclude import account_of
from introducer.explain.costs import alternatives, cost_of_pin, cost_of_veto

ROOT = Path(__file__).parents[2]
NO_PAIRS = Policy(team_size=1, pair_terms={}, solver="exact")


def account(outcome):
    teams = tuple(tuple(tie.mentor for tie in found.ties) for found in outcome.constellations)
    return account_of(outcome.roster, outcome.policy, teams, outcome.previous)


def two_for_cleo(*ties, **mentee):
    """Return Cleo, and Bea and Ben: Ben helps a little less. There is room for one."""
    mentors = (Mentor(id="bea", offers={"contracts": 3}), Mentor(id="ben", offers={"contracts": 2}))
    cleo = Mentee(id="cleo", needs={"contracts": 3}, **mentee)
    return replace(random_society(3), mentees=(cleo,), mentors=mentors, ties=tuple(GivenTie(**tie) for tie in ties))


def tie(kind, mentor):
    return {"kind": kind, "mentee": "cleo", "mentor": mentor}


def test_each_mentee_is_shown_with_both_explanations():
    outcome = match(random_society(3), Policy(privacy="background", team_size=2))
    review = reviewed(outcome)
    assert len(review.mentees) == len(outcome.constellations)
    assert "best possible" in review.proof
    for shown, found in zip(review.mentees, outcome.constellations, strict=True):
        assert shown.facts.index == found.mentee
        assert shown.for_coordinator
        assert shown.for_participant


def test_private_needs_are_told_with_those_who_cover_them():
    roster = two_for_cleo(private=frozenset({"contracts"}))
    assert reviewed(match(roster, NO_PAIRS)).mentees[0].private == {"contracts": (0,)}
    nobody = replace(roster, mentors=())
    assert reviewed(match(nobody, NO_PAIRS)).mentees[0].private == {"contracts": ()}


def test_a_pin_costs_what_is_lost_against_the_best():
    outcome = match(two_for_cleo(tie("pin", "ben")), NO_PAIRS)
    assert [t.mentor for t in outcome.ties] == [1]
    free = match(two_for_cleo(), NO_PAIRS)
    lost = free.certificate.value - outcome.certificate.value
    assert lost > 0
    assert cost_of_pin(account(outcome), outcome.prices, 0, 1) == pytest.approx(lost)
    assert reviewed(outcome).mentees[0].pins == {1: pytest.approx(lost)}


def test_a_pin_of_the_best_costs_nothing():
    outcome = match(two_for_cleo(tie("pin", "bea")), NO_PAIRS)
    assert reviewed(outcome).mentees[0].pins == {0: 0.0}


def test_a_veto_costs_what_is_lost_against_the_best():
    outcome = match(two_for_cleo(tie("veto", "bea")), NO_PAIRS)
    lost = match(two_for_cleo(), NO_PAIRS).certificate.value - outcome.certificate.value
    assert reviewed(outcome).mentees[0].vetoes == {0: pytest.approx(lost)}


def test_a_veto_of_somebody_not_wanted_costs_nothing_and_neither_does_one_that_did_not_hold():
    outcome = match(two_for_cleo(tie("veto", "ben")), NO_PAIRS)
    assert reviewed(outcome).mentees[0].vetoes == {1: 0.0}
    free = match(two_for_cleo(), NO_PAIRS)
    assert cost_of_veto(account(free), free.prices, 0, 0) == 0.0


def test_nobody_else_to_name_where_all_are_in_the_team_or_pinned():
    both = match(two_for_cleo(), NO_PAIRS.model_copy(update={"team_size": 2}))
    assert alternatives(account(both), both.prices, 0, 5) == ()
    pinned = match(two_for_cleo(tie("pin", "bea")), NO_PAIRS)
    assert alternatives(account(pinned), pinned.prices, 0, 5) == ()


def test_alternatives_name_the_place_and_the_cost():
    outcome = match(two_for_cleo(), NO_PAIRS)
    (other,) = alternatives(account(outcome), outcome.prices, 0, 5)
    assert (other.mentor, other.leaves) == (1, 0)
    assert other.cost == pytest.approx(cost_of_pin(account(match(two_for_cleo(tie("pin", "ben")), NO_PAIRS)),
                                                   outcome.prices, 0, 1))  # fmt: skip


def test_one_more_is_named_where_there_is_room():
    roster = two_for_cleo()
    outcome = match(replace(roster, mentees=(Mentee(id="cleo", needs={"research": 1}),)),
                    NO_PAIRS.model_copy(update={"team_size": 2}))  # fmt: skip
    assert {other.leaves for other in alternatives(account(outcome), outcome.prices, 0, 5)} <= {None}


def test_the_sky_is_drawn_from_a_few_values_of_each_person():
    facts = reviewed(match(two_for_cleo(), NO_PAIRS)).facts
    mentees, mentors = skies(facts.mentees, facts.mentors)
    assert "all covered 1" in mentees
    assert "no mentee 1" in mentors
