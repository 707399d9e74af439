"""Which mentor would help most: a bound that holds, a check that is exact, and nothing private in a profile."""

from dataclasses import replace

import numpy as np
import pytest
from accounts import WORDS, explained, roster
from accounts import words as named_words
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from societies import random_policy, random_society

from introducer import certify, fit, rules
from introducer.advice.askable import ENOUGH, words
from introducer.advice.cells import LEAST, at_least, shown
from introducer.advice.newcomers import Newcomers, joined, new_ids
from introducer.advice.profiles import Profile, candidates
from introducer.advice.recruit import recruit
from introducer.advice.trial import Check
from introducer.errors import Infeasible
from introducer.outcome import Prices
from introducer.pipeline import match
from introducer.policy import Policy
from introducer.roster import Mentee, Mentor, Roster
from introducer.solve import Watch

SEEDS = st.integers(0, 100_000)
few = settings(max_examples=20, deadline=None, derandomize=True)
TIGHT = 1e-9


def cohort(seed, **choices):
    """Return an outcome of a random society in which every rule is at work."""
    try:
        return match(random_society(seed), random_policy(seed, **choices))
    except Infeasible:
        reject()


def grown(outcome, mentors):
    """Return the market of an outcome with more mentors."""
    people = joined(outcome.roster, mentors)
    return people, fit.market(people, outcome.policy, rules.refusals(people, outcome.policy), outcome.previous)


def teams_of(outcome):
    return tuple(tuple(tie.mentor for tie in found.ties) for found in outcome.constellations)


def extended(outcome, price=0.0):
    own = outcome.prices
    return Prices((*own.capacity, price), (*own.min_load, 0.0), own.quota)


def gains(outcome, profile, seats):
    """Return what each mentee gains by a newcomer, by the checker: regrets at the same prices, with and without."""
    (name,) = new_ids(outcome.roster, 1)
    _people, market = grown(outcome, [profile.mentor(name, seats)])
    proof = certify.certify(market, teams_of(outcome), extended(outcome))
    return np.array(proof.regrets) - np.array(outcome.certificate.regrets)


@few
@given(SEEDS, st.integers(1, 4))
def test_the_estimate_is_the_sum_of_the_largest_gains_and_no_other_profile_has_more(seed, seats):
    outcome = cohort(seed)
    found = recruit(outcome, most=1, seats=seats, check=False)
    sums = {one: np.sort(gains(outcome, one, seats))[-seats:].sum() for one in candidates(outcome, seats)}
    assert found.tried == len(sums)
    for one in found.found:
        assert one.estimate == sums[one.profile] == max(sums.values())
        assert one.check is None
    assert found.finished
    assert bool(found.found) == (max(sums.values(), default=0.0) > 0)


@few
@given(SEEDS)
def test_what_the_check_finds_is_within_the_estimate_and_the_gap(seed):
    outcome = cohort(seed)
    for one in recruit(outcome, most=2).found:
        assert one.check is not None
        assert 0 <= one.check.increase <= one.most + TIGHT
        assert one.most == one.estimate + outcome.certificate.bound - outcome.certificate.value


@few
@given(SEEDS)
def test_no_outcome_with_the_mentor_is_worth_more_than_is_said(seed):
    outcome = cohort(seed, solver="exact")
    for one in recruit(outcome, most=2).found:
        (name,) = new_ids(outcome.roster, 1)
        people = joined(outcome.roster, [one.profile.mentor(name, max(1, outcome.policy.capacity))])
        best = match(people, outcome.policy)
        assert best.certificate.value <= outcome.certificate.value + one.most + 1e-6
        assert one.check is not None
        assert one.check.increase <= best.certificate.value - outcome.certificate.value + 1e-6


@few
@given(SEEDS, st.floats(0, 1))
def test_one_more_mentor_never_lowers_the_bound(seed, price):
    outcome = cohort(seed)
    (name,) = new_ids(outcome.roster, 1)
    rng = np.random.default_rng(seed)
    offers = {key: int(rng.integers(1, 4)) for key in WORDS.needs if rng.random() < 0.5}
    _people, market = grown(outcome, [Mentor(id=name, offers=offers, capacity=2, min_load=0)])
    proof = certify.certify(market, teams_of(outcome), extended(outcome, price))
    assert proof.value == outcome.certificate.value
    assert proof.bound >= outcome.certificate.bound


@few
@given(SEEDS)
def test_the_order_of_people_and_ties_changes_nothing(seed):
    outcome = cohort(seed)
    people = outcome.roster
    turned = Roster(people.program, people.vocabulary, people.mentees[::-1], people.mentors[::-1], people.ties[::-1])
    assert recruit(match(turned, outcome.policy), most=2) == recruit(outcome, most=2)


@few
@given(SEEDS)
def test_a_gain_is_never_above_its_bound(seed):
    outcome = cohort(seed)
    profiles = candidates(outcome, 2)
    ids = new_ids(outcome.roster, len(profiles))
    newcomers = Newcomers.of(outcome, [one.mentor(name, 2) for name, one in zip(ids, profiles, strict=True)])
    for i, look in enumerate(newcomers.looks()):
        own = np.flatnonzero(look.allowed)
        upper = look.lead + look.pairs[own] + look.reduced[:, own].sum(axis=0)
        told = newcomers.gains(i, look.best, own.tolist())
        assert np.all(np.array(told) <= np.maximum(upper, 0.0) + TIGHT)
        assert np.all(np.isneginf(look.pairs[~look.allowed]))


# By hand


def asking(number, needs, **fields):
    return [Mentee(id=f"e{i:02}", name=f"E{i}", stage="resident", needs=needs, **fields) for i in range(number)]


def test_the_mentor_who_is_missing_is_found_and_adds_what_the_needs_weigh():
    people = roster(asking(3, {"contracts": 3, "talk": 3}), [Mentor(id="bea", offers={"talk": 3}, capacity=3)])
    outcome = match(people, Policy(pair_terms={"stage": 0.0}))
    found = recruit(outcome, most=1, seats=2)
    (one,) = found.found
    # Each needs contracts for a half; the cohort offers at level 3, and two seats are offered.
    assert one.profile == Profile(domains=("contracts",), level=3)
    assert (one.estimate, one.most) == (1.0, 1.0)
    assert one.check == Check(increase=1.0, besides=0.0, seats=2, begun=0, ended=0)
    assert one.helped is None
    assert one.among == {"stage": {}, "region": {}}


def test_the_seats_are_the_policys_unless_said_and_one_at_least():
    people = roster(asking(2, {"contracts": 3}), [])
    assert recruit(match(people, Policy(capacity=3)), most=1).seats == 3
    assert recruit(match(people, Policy(capacity=0)), most=1).seats == 1


def test_stage_setting_and_region_are_said_where_they_are_worth_something():
    mentees = asking(3, {"contracts": 3}, settings=frozenset({"rural"}), region=" north  coast")
    policy = Policy(pair_terms={"stage": 1.0, "setting": 1.0, "region": 1.0}, stage={"best": (4, 5)})
    settings_ = (WORDS.experiences[0].model_copy(update={"id": "rural"}),)
    people = Roster(
        "A program",
        named_words(settings=settings_),
        tuple(mentees),
        (Mentor(id="bea", stage="attending", offers={"talk": 1}),),
    )
    (one,) = recruit(match(people, policy), most=1, check=False).found
    assert one.profile == Profile("attending", "rural", "north coast", ("contracts",), (), 1)
    assert recruit(match(people, Policy(pair_terms={"stage": 0.0})), most=1).found[0].profile.region == ""


def test_a_stage_that_a_rule_refuses_is_not_asked_for():
    mentors = [Mentor(id="bea", stage="resident", offers={"talk": 1}), Mentor(id="ben", stage="attending")]
    people = roster([replace(one, stage="attending") for one in asking(2, {"contracts": 3})], mentors)
    outcome = match(people, Policy(stage={"least": 0, "best": (-5, -4)}))
    (one,) = recruit(outcome, most=1, check=False).found
    assert one.profile.stage != "resident"


def test_like_profiles_are_named_once():
    people = roster(asking(6, {"contracts": 3, "talk": 3, "clinic": 3, "research": 3}), [])
    found = recruit(match(people, Policy()), most=3, seats=1)
    named = [{*one.profile.domains} for one in found.found]
    assert [len(own) for own in named] == [3]


def test_whom_it_would_help_is_counted_from_ten_on():
    mentees = [
        replace(one, region="North" if k < 12 else "South") for k, one in enumerate(asking(24, {"contracts": 3}))
    ]
    (one,) = recruit(match(roster(mentees, []), Policy()), most=1, check=False).found
    assert (one.helped, one.among["region"]) == (24, {"North": 12, "South": 12})
    (one,) = recruit(match(roster(mentees[:15], []), Policy()), most=1, check=False).found
    assert (one.helped, one.among["region"]) == (15, {})
    assert one.among["stage"] == {"resident": 15}


def test_what_is_gained_without_the_newcomer_is_told_apart():
    people = roster(
        [*asking(1, {"contracts": 3}), Mentee(id="cleo", needs={"talk": 3})], [Mentor(id="bea", offers={"talk": 3})]
    )
    _account, outcome = explained(people, {}, policy=Policy(pair_terms={"stage": 0.0}))
    (one,) = [one for one in recruit(outcome, most=2, seats=1).found if one.profile.domains == ("contracts",)]
    assert one.check == Check(increase=1.0, besides=1.0, seats=1, begun=1, ended=0)


def test_a_part_that_would_lose_is_left_as_it_was():
    # Greedy gives Ben to whom he helps more, and nobody is left for the other: the teams before were better.
    mentees = [
        Mentee(id="cai", needs={"contracts": 3, "talk": 3}, avoid=frozenset({"bea"})),
        Mentee(id="cleo", needs={"contracts": 3}),
        Mentee(id="cy", needs={"clinic": 3}, flags=frozenset({"rural"})),
    ]
    mentors = [
        Mentor(id="bea", offers={"contracts": 2}, capacity=1),
        Mentor(id="ben", offers={"contracts": 3}, capacity=1),
    ]
    policy = Policy(team_size=1, solver="greedy", continuity=0.0, equity={"rural": 2.0}, pair_terms={"stage": 0.0})
    _account, outcome = explained(roster(mentees, mentors), {"cai": ["ben"], "cleo": ["bea"]}, policy=policy)
    assert match(outcome.roster, policy).certificate.value < outcome.certificate.value
    (one,) = recruit(outcome, most=1, seats=1).found
    assert one.check is not None
    assert one.check == Check(increase=one.check.increase, besides=0.0, seats=1, begun=0, ended=0)
    assert one.check.increase == pytest.approx(2 * 2 / 3)


def test_nothing_is_advised_where_nothing_would_help():
    assert recruit(match(roster([], []), Policy())).found == ()
    assert recruit(match(roster([Mentee(id="cai")], [Mentor(id="bea")]), Policy())).tried == 0
    full = match(roster(asking(1, {"talk": 3}), [Mentor(id="bea", offers={"talk": 3})]), Policy(team_size=1))
    found = recruit(full)
    assert (found.tried, found.found, found.finished) == (1, (), True)
    nobody = match(roster(asking(1, {"talk": 3}, team_size=0), []), Policy())
    assert recruit(nobody).found == ()


def test_who_is_stopped_says_so():
    told = []
    watch = Watch(tell=lambda phase, done, gap: told.append((phase, done, gap)), stop=lambda: True)
    found = recruit(match(roster(asking(2, {"talk": 3}), []), Policy()), most=1, watch=watch)
    assert not found.finished
    assert found.found[0].check is None
    assert [phase for phase, _done, _gap in told] == ["profiles", "checking"]


def test_a_check_that_was_cut_short_says_so():
    told: list[str] = []
    asked: list[str] = []

    def stop():
        asked.append(told[-1])
        return asked.count("checking") > 1

    watch = Watch(tell=lambda phase, *_rest: told.append(phase), stop=stop)
    found = recruit(match(roster(asking(2, {"talk": 3}), []), Policy(gap_target=0.0)), most=1, watch=watch)
    (one,) = found.found
    assert one.check is not None
    assert not one.check.finished
    assert not found.finished


# What may be asked for


def test_a_private_need_chooses_no_domain():
    people = roster(asking(12, {"contracts": 3, "talk": 1}, private=frozenset({"contracts"})), [])
    assert words(match(people, Policy())).domains == ("talk",)
    for one in recruit(match(people, Policy())).found:
        assert one.profile.domains == ("talk",)


def test_a_domain_is_added_for_what_is_asked_openly():
    # Four ask for contracts in private and one openly, who has it: only the open need may draw it into a profile.
    mentees = [
        *asking(4, {"contracts": 3, "talk": 3}, private=frozenset({"contracts"})),
        Mentee(id="z", stage="resident", needs={"contracts": 1, "clinic": 3}, team_size=1),
    ]
    people = roster(mentees, [Mentor(id="bea", offers={"clinic": 3, "contracts": 3}, capacity=1)])
    policy = Policy(pair_terms={"stage": 0.0})
    _account, outcome = explained(people, {"z": ["bea"]}, policy=policy, prices={"bea": 0.5})
    found = recruit(outcome, most=3, seats=4, check=False)
    assert [one.profile.domains for one in found.found if "talk" in one.profile.domains] == [("talk",)]


@pytest.mark.parametrize(("number", "named"), [(LEAST - 1, ()), (LEAST, ("family",))])
def test_a_sensitive_domain_is_named_where_ten_ask(number, named):
    assert words(match(roster(asking(number, {"family": 2}), []), Policy())).domains == named


def test_a_sensitive_topic_does_not_name_its_domain():
    topics = (WORDS.experiences[0].model_copy(update={"id": "grief", "sensitive": True}),)
    talk = next(domain for domain in WORDS.domains if domain.id == "talk").model_copy(update={"topics": topics})
    people = Roster("A program", named_words(domains=(talk,)), tuple(asking(12, {"talk.grief": 3})), ())
    assert words(match(people, Policy())).domains == ()


@pytest.mark.parametrize(
    ("wish", "number", "privacy", "named"),
    [
        ("rural_path", ENOUGH - 1, "experience", ()),
        ("rural_path", ENOUGH, "experience", ("rural_path",)),
        ("rural_path", 20, "neutral", ()),
        ("loss", LEAST - 1, "experience", ()),
        ("loss", LEAST, "experience", ("loss",)),
        ("same:culture", 20, "background", ()),
    ],
)
def test_an_experience_is_named_where_enough_wish_for_it(wish, number, privacy, named):
    people = roster(asking(number, {}, wishes={wish: 3}, attributes={"culture": frozenset({"Andean"})}), [])
    outcome = match(people, Policy(privacy=privacy))
    assert words(outcome).experiences == named
    assert {one.profile.experiences for one in recruit(outcome, check=False).found} <= {named}


def test_a_newcomer_has_no_private_attribute_and_owes_nothing():
    one = Profile("attending", "rural", "North", ("talk",), ("rural_path",), 2).mentor("x", 3)
    assert (one.attributes, one.min_load, one.quotas, one.capacity) == ({}, 0, {}, 3)
    assert (one.offers, one.settings) == ({"talk": 2}, frozenset({"rural"}))


def test_regions_are_spelled_as_most_spell_them():
    places = ["north", "North", "North ", "south", ""]
    mentees = [replace(one, region=place) for one, place in zip(asking(5, {"talk": 1}), places, strict=True)]
    assert words(match(roster(mentees, []), Policy())).options["region"] == ("North", "south")


def test_no_more_is_asked_of_a_profile_than_somebody_could_bring():
    needs = dict.fromkeys(("contracts", "research", "talk", "clinic"), 3)
    wishes = {"rural_path": 3, "first_in_family": 3, "loss": 3}
    outcome = match(roster(asking(12, needs, wishes=wishes), []), Policy())
    for one in candidates(outcome, 1):
        assert (len(one.domains), len(one.experiences)) == (3, 2)


# Small cells


@pytest.mark.parametrize(
    ("cells", "total", "left"),
    [
        ({"a": 30, "b": 12, "c": 3}, 45, {"a": 30}),
        ({"a": 30, "b": 12, "c": 3}, 60, {"a": 30, "b": 12}),
        ({"b": 12, "a": 12}, 24, {"a": 12, "b": 12}),
        ({"a": 10, "b": 9}, 19, {}),
        ({}, 0, {}),
    ],
)
def test_a_small_cell_cannot_be_subtracted(cells, total, left):
    assert list(shown(cells, total).items()) == list(left.items())


def test_a_small_count_is_not_told():
    assert [at_least(n) for n in (0, 1, LEAST - 1, LEAST)] == [0, None, None, LEAST]


def test_new_ids_stand_last_whatever_the_others_are():
    people = roster([Mentee(id="zz")], [Mentor(id="\U0010ffff")])
    names = new_ids(people, 3)
    assert names == sorted(names)
    assert names[0] > "\U0010ffff"
    assert [mentor.id for mentor in joined(people, [Mentor(id=names[0])]).mentors][-1] == names[0]
    assert new_ids(roster([], []), 1) == ["+00000"]
