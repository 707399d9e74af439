"""How well: shares, fits, weights and the arrays, on numbers worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from accounts import random_roster, words
from hypothesis import given, settings
from hypothesis import strategies as st

from introducer import criteria, fit, rules
from introducer.policy import Policy
from introducer.problem import GRID
from introducer.roster import GivenTie, Mentee, Mentor, Roster

WORDS = words()
CLEO = Mentee(id="cleo", needs={"contracts": 3})
BEN = Mentor(id="ben", offers={"contracts": 3})


def society(mentee=CLEO, *mentors):
    return Roster("A society", WORDS, (mentee,), mentors or (BEN,))


def fits(mentee, *mentors, **policy):
    return criteria.Fits(society(mentee, *mentors), Policy(**policy))


def built(roster, policy=None):
    policy = policy or Policy()
    return fit.problem(roster, policy, rules.refusals(roster, policy))


def test_needs_share_one_by_level():
    assert criteria.need_shares({"contracts": 3, "talk": 1}) == {"contracts": 0.75, "talk": 0.25}
    assert criteria.need_shares({}) == {}


def test_a_domain_weighs_by_its_highest_level_and_its_topics_share_that():
    needs = {"contracts": 3, "research": 1, "research.grants": 2, "talk": 1}
    expected = {"contracts": 3 / 6, "research": 2 / 18, "research.grants": 4 / 18, "talk": 1 / 6}
    assert criteria.need_shares(needs) == pytest.approx(expected)
    assert criteria.need_shares(dict(reversed(needs.items()))) == pytest.approx(expected)


@given(st.dictionaries(st.sampled_from(sorted(WORDS.needs)), st.integers(1, 3), min_size=1))
def test_shares_sum_to_one_and_are_in_order(needs):
    shares = criteria.need_shares(needs)
    assert sum(shares.values()) == pytest.approx(1.0)
    assert list(shares) == sorted(needs)
    assert all(share > 0 for share in shares.values())


@pytest.mark.parametrize(("level", "worth"), [(1, 1 / 3), (2, 2 / 3), (3, 1.0)])
def test_a_need_is_met_as_far_as_help_is_offered(level, worth):
    assert fits(CLEO, replace(BEN, offers={"contracts": level})).of(0, "need:contracts").tolist() == [worth]


def test_who_offers_something_else_meets_nothing():
    assert fits(CLEO, replace(BEN, offers={"talk": 3})).of(0, "need:contracts").tolist() == [0.0]


def test_a_domain_and_its_topic_stand_in_for_each_other_in_part():
    both = replace(BEN, offers={"research": 1, "research.grants": 3})
    domain, topic = replace(BEN, offers={"research": 3}), replace(BEN, id="bo", offers={"research.grants": 3})
    asks = Mentee(id="cleo", needs={"research": 1, "research.grants": 1})
    found = fits(asks, domain, topic, replace(both, id="by"), topic_share=0.5)
    assert found.of(0, "need:research").tolist() == [1.0, 0.5, 0.5]
    assert found.of(0, "need:research.grants").tolist() == [0.5, 1.0, 1.0]


def test_a_fit_below_the_floor_is_none():
    weak, fair = replace(BEN, id="a", offers={"contracts": 1}), replace(BEN, id="b", offers={"contracts": 2})
    assert fits(CLEO, weak, fair, fit_floor=0.5).of(0, "need:contracts").tolist() == [0.0, 2 / 3]
    assert fits(CLEO, weak, fair, fit_floor=1 / 3).of(0, "need:contracts").tolist() == [1 / 3, 2 / 3]


def test_a_wish_for_a_path_is_met_by_who_walked_it():
    walked = replace(BEN, experiences=frozenset({"rural_path"}))
    found = fits(CLEO, walked, Mentor(id="cy"))
    assert found.of(0, "wish:rural_path").tolist() == [1.0, 0.0]
    assert found.of(0, "wish:loss").tolist() == [0.0, 0.0]


def test_a_shared_attribute_is_the_overlap_of_both_lists():
    mentee = replace(CLEO, attributes={"culture": frozenset({"Andean", "Baltic"})})
    lists = [{"Andean", "Celtic"}, {"Andean", "Baltic"}, {"Celtic"}, set()]
    mentors = [replace(BEN, id=f"b{k}", attributes={"culture": frozenset(own)}) for k, own in enumerate(lists)]
    assert fits(mentee, *mentors).of(0, "wish:same:culture").tolist() == pytest.approx([1 / 3, 1.0, 0.0, 0.0])


def test_an_attribute_that_neither_gave_is_no_overlap():
    assert fits(CLEO, BEN).of(0, "wish:same:culture").tolist() == [0.0]
    assert fits(replace(CLEO, attributes={"culture": frozenset({"Andean"})}), BEN).of(0, "wish:same:culture")[0] == 0.0


@pytest.mark.parametrize(
    ("wishes", "weights"),
    [
        ({"rural_path": 3}, {"rural_path": 0.5}),
        ({"rural_path": 1}, {"rural_path": 0.5 / 3}),
        ({"rural_path": 3, "loss": 1}, {"rural_path": 0.375, "loss": 0.125}),
    ],
)
def test_wishes_weigh_by_level_and_together_no_more_than_the_policy_says(wishes, weights):
    found = fits(replace(CLEO, wishes=wishes)).criteria(0)
    assert found == pytest.approx({"need:contracts": 1.0} | {f"wish:{key}": w for key, w in weights.items()})


@pytest.mark.parametrize(
    ("privacy", "read"),
    [("neutral", set()), ("experience", {"wish:rural_path"}), ("background", {"wish:rural_path", "wish:same:culture"})],
)
def test_only_wishes_of_the_profile_are_criteria(privacy, read):
    wishing = replace(CLEO, wishes={"rural_path": 3, "same:culture": 3})
    assert set(fits(wishing, privacy=privacy).criteria(0)) - {"need:contracts"} == read


@pytest.mark.parametrize(
    ("equity", "weight"),
    [({}, 1.0), ({"rural": 1.25}, 1.25), ({"rural": 2.0, "no_home_program": 2.0}, 2.0), ({"rural": 0.5}, 0.5)],
)
def test_equity_multiplies_criteria_and_stays_in_its_range(equity, weight):
    mentee = replace(CLEO, flags=frozenset({"rural", "no_home_program"}))
    assert fits(mentee, equity=equity).criteria(0) == pytest.approx({"need:contracts": weight})


def test_equity_multiplies_wishes_as_it_does_needs():
    mentee = replace(CLEO, flags=frozenset({"rural"}), wishes={"rural_path": 3})
    assert fits(mentee, equity={"rural": 1.5}).criteria(0) == pytest.approx(
        {"need:contracts": 1.5, "wish:rural_path": 0.75}
    )


@given(
    st.dictionaries(st.sampled_from(["rural", "no_home_program", "late"]), st.floats(0.5, 2)),
    st.dictionaries(st.sampled_from(sorted(WORDS.wishes)), st.integers(1, 3)),
    st.floats(0, 1),
)
def test_needs_weigh_one_and_wishes_at_most_their_weight_times_equity_in_its_range(equity, wishes, weight):
    mentee = replace(CLEO, needs={"contracts": 3, "talk": 1}, flags=frozenset(equity), wishes=wishes)
    policy = Policy(equity=equity, weights={"wish": weight}, privacy="background")
    found = criteria.Fits(society(mentee), policy).criteria(0)
    needs = sum(worth for key, worth in found.items() if key.startswith("need:"))
    assert 0.5 - 1e-9 <= needs <= 2 + 1e-9
    assert sum(found.values()) - needs <= weight * needs + 1e-9


def test_lists_of_a_quota_name_its_mentor_among_those_who_are_allowed():
    hosts = [Mentor(id=f"b{k}", quotas={"rural_path": k + 1}) for k in range(3)]
    asks = replace(CLEO, wishes={"rural_path": 1}, avoid=frozenset({"b0", "b2"}))
    other = Mentee(id="dan", wishes={"loss": 1})
    a = built(Roster("A", WORDS, (asks, other), (*hosts, Mentor(id="by")))).arrays
    assert a.quota_mentors.tolist() == [0, 1, 2]
    assert a.quota_limits.tolist() == [1, 2, 3]
    assert a.quota_starts.tolist() == [0, 1, 1]
    assert a.quota_places.tolist() == [0]  # b1 is the first whom Cleo may have
    assert a.quota_ids.tolist() == [1]


@pytest.mark.parametrize(
    ("keep", "kept"),
    [
        ("", [True, True, True, True, True]),
        ("local", [True, False, False, False, False]),
        ("outside", [False, True, True, True, False]),
    ],
)
def test_a_kept_seat_is_for_one_of_the_region_or_of_another_institution(keep, kept):
    mentors = (
        Mentor(id="a", region="west", institution="hill"),
        Mentor(id="b", region="East", institution="Dale"),
        Mentor(id="c", institution="Hill", kind="adviser"),
        Mentor(id="d"),
        Mentor(id="e", region="South", institution="Hill"),
    )
    a = built(society(replace(CLEO, region="West", institution="Hill", keep_seat=keep), *mentors)).arrays
    assert a.kept.tolist() == kept


def test_pins_stand_with_their_candidate():
    pin = GivenTie(kind="pin", mentee="cleo", mentor="by")
    roster = replace(
        society(replace(CLEO, avoid=frozenset({"ben"})), BEN, Mentor(id="bo"), Mentor(id="by")), ties=(pin,)
    )
    assert built(roster).pins(0).tolist() == [2]
    assert built(roster).arrays.pinned.tolist() == [False, True]


def test_sizes_and_loads_are_the_persons_own_or_the_policys():
    policy = Policy(team_size=2, capacity=4, min_load=1)
    mentors = (
        Mentor(id="a"),
        Mentor(id="b", capacity=5, min_load=2),
        Mentor(id="c", paused=True),
        Mentor(id="d", consent=False),
    )
    roster = Roster("A", WORDS, (CLEO, Mentee(id="d", team_size=0)), mentors)
    a = built(roster, policy).arrays
    assert a.team_sizes.tolist() == [2, 0]
    assert a.capacities.tolist() == [4, 5, 4, 4]
    assert a.min_loads.tolist() == [1, 2, 0, 0]


def test_a_problem_holds_allowed_pairs_alone_with_gains_and_weights():
    mentors = (BEN, replace(BEN, id="bo", paused=True), replace(BEN, id="by", offers={"talk": 2}))
    asks = replace(CLEO, needs={"contracts": 3, "talk": 1}, wishes={"rural_path": 3})
    problem = built(society(asks, *mentors))
    assert problem.candidates(0).tolist() == [0, 2]
    assert problem.criteria[0] == ("need:contracts", "need:talk", "wish:rural_path")
    assert problem.weights[0] == (0.75, 0.25, 0.5)
    assert problem.gain_block(0) == pytest.approx(np.array([[0.75, 0], [0, 1 / 6], [0, 0]]), abs=GRID)
    assert problem.value(0, ()) == 0.0
    pair = problem.pair_worths(0).sum()
    assert problem.value(0, (0, 2)) == pytest.approx(0.75 + 1 / 6 + pair, abs=4 * GRID)


def test_a_team_counts_the_best_of_each_criterion_once():
    problem = built(society(CLEO, BEN, replace(BEN, id="bo", offers={"contracts": 2})), Policy(pair_terms={}))
    assert problem.value(0, (0, 1)) == problem.value(0, (0,)) == 1.0


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_every_number_of_a_problem_is_on_the_grid_and_within_its_range(seed):
    roster = random_roster(np.random.default_rng(seed), 5, 6)
    policy = Policy(privacy="background", equity={"rural": 2.0})
    a = built(roster, policy).arrays
    for numbers in (a.gains, a.pairs):
        assert (numbers / GRID == np.rint(numbers / GRID)).all()
    assert (a.gains >= 0).all()
    assert (a.gains <= 2.0).all()
    assert (a.min_loads <= a.capacities).all()
    assert len(a.mentors) == len(a.pairs) == len(a.kept) == len(a.pinned) == a.starts[-1]
    assert len(a.gains) == a.gain_starts[-1] == (np.diff(a.starts) * a.widths).sum()
    assert len(a.quota_places) == len(a.quota_ids) == a.quota_starts[-1]
