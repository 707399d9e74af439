"""What a pair is worth by itself: each term on numbers worked out by hand."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from accounts import random_roster, words
from hypothesis import given
from hypothesis import strategies as st

from introducer.pairs import UNKNOWN, PairWorths, pair_terms
from introducer.policy import PAIR_TERMS, Policy, StageRule
from introducer.problem import GRID
from introducer.roster import GivenTie, Mentee, Mentor, Roster
from introducer.vocabulary import Term

WORDS = words(poles=tuple(Term(id=key, name=key.title()) for key in ("open", "modern", "calm")))
CLEO, BEN = Mentee(id="cleo"), Mentor(id="ben")


def term(name, mentee=None, mentor=None, *ties, **policy):
    """Return one term of Cleo and Ben."""
    roster = Roster("A society", WORDS, (replace(CLEO, **(mentee or {})),), (replace(BEN, **(mentor or {})),), ties)
    return float(pair_terms(roster, Policy(pair_terms={name: 1.0}, **policy))[name].at(0, 0))


@pytest.mark.parametrize(
    ("mentee", "mentor", "worth"),
    [
        ("resident", "attending", 1 - (5 - 4) / 8),  # ranks 3 and 8: one above the best
        ("resident", "resident", 1 - (1 - 0) / 8),
        ("attending", "resident", 1 - (1 + 5) / 8),
        ("resident", "", UNKNOWN),
        ("", "attending", UNKNOWN),
    ],
)
def test_stage_is_one_inside_the_best_and_fades_outside(mentee, mentor, worth):
    assert term("stage", {"stage": mentee}, {"stage": mentor}) == pytest.approx(worth)


def test_stage_does_not_fall_below_nothing():
    rule = StageRule(least=None, best=(0, 1), fade=2)
    assert term("stage", {"stage": "resident"}, {"stage": "attending"}, stage=rule) == 0.0
    assert term("stage", {"stage": "resident"}, {"stage": "resident"}, stage=rule) == 1.0


@pytest.mark.parametrize(
    ("name", "field"),
    [("setting", "settings"), ("route", "routes"), ("procedures", "procedures"), ("roles", "roles")],
)
def test_a_list_counts_the_part_of_what_the_mentee_looks_for(name, field):
    def of(left, right):
        return term(name, {field: frozenset(left)}, {field: frozenset(right)})

    assert of("ab", "bcd") == 0.5
    assert of("b", "bcd") == 1.0
    assert of("a", "bcd") == 0.0
    assert of("", "bcd") == of("ab", "") == UNKNOWN


def test_outlook_is_one_less_half_the_distance_of_the_shares():
    left, right = {"open": 0.5, "modern": 0.5}, {"open": 0.25, "modern": 0.25, "calm": 0.5}
    assert term("outlook", {"outlook": left}, {"outlook": right}) == pytest.approx(0.5)
    assert term("outlook", {"outlook": left}, {"outlook": left}) == 1.0
    assert term("outlook", {"outlook": {"open": 1.0}}, {"outlook": {"calm": 1.0}}) == 0.0
    assert term("outlook", {"outlook": left}) == term("outlook", None, {"outlook": left}) == UNKNOWN


@pytest.mark.parametrize(
    ("name", "field", "equal"),
    [("region", "region", 1.0), ("same_institution", "institution", 1.0), ("other_institution", "institution", 0.0)],
)
def test_a_place_counts_by_being_equal_or_not(name, field, equal):
    assert term(name, {field: "New  York"}, {field: "new york"}) == equal
    assert term(name, {field: "New York"}, {field: "Ohio"}) == 1.0 - equal
    assert term(name, {field: "New York"}) == UNKNOWN


@pytest.mark.parametrize(
    ("mentee", "mentor", "hours"),
    [
        ("America/New_York", "America/Los_Angeles", 3),
        ("Asia/Tokyo", "America/Los_Angeles", 7),  # 17 the long way round
        ("Asia/Kolkata", "UTC", 5.5),
        ("Pacific/Auckland", "Pacific/Honolulu", 1),  # the date line: 13 ahead and 10 behind
        ("UTC", "UTC", 0),
    ],
)
def test_time_zones_count_by_hours_apart_the_shorter_way(mentee, mentor, hours):
    assert term("timezone", {"timezone": mentee}, {"timezone": mentor}) == pytest.approx(1 - hours / 12)
    assert term("timezone", {"timezone": mentor}, {"timezone": mentee}) == pytest.approx(1 - hours / 12)


@pytest.mark.parametrize(
    ("mentee", "mentor", "hours"),
    [
        ("America/New_York", "America/Phoenix", 2),  # 3 in summer, which Phoenix does not keep
        ("America/New_York", "America/Sao_Paulo", 2),  # 1 in summer
        ("Europe/London", "UTC", 0),  # 1 in summer
        ("Australia/Sydney", "Asia/Tokyo", 2),  # 1 in the southern winter
    ],
)
def test_clocks_are_those_of_january_where_one_side_keeps_summer_time(mentee, mentor, hours):
    assert term("timezone", {"timezone": mentee}, {"timezone": mentor}) == pytest.approx(1 - hours / 12)


def test_a_zone_that_is_not_given_counts_half():
    assert term("timezone", {"timezone": "UTC"}) == UNKNOWN


def test_languages_count_the_preferred_one_most():
    def of(left, right):
        return term("language", {"languages": left}, {"languages": right}, shared_language="prefer")

    assert of(("es", "en"), ("en", "es")) == 1.0
    assert of(("es", "en"), ("en",)) == 0.5
    assert of(("es",), ("en",)) == 0.0
    assert of((), ("en",)) == of(("en",), ()) == UNKNOWN


@pytest.mark.parametrize("side", ["mentee", "mentor"])
def test_a_preference_counts_by_rank_and_for_its_own_side(side):
    def prefer(rank):
        return GivenTie(kind="prefer", mentee="cleo", mentor="ben", by=side, rank=rank)

    other = {"mentee": "mentor", "mentor": "mentee"}[side]
    assert [term(f"preferred_by_{side}", None, None, prefer(rank)) for rank in (1, 2, 4)] == [1.0, 0.5, 0.25]
    assert term(f"preferred_by_{other}", None, None, prefer(1)) == 0.0
    assert term(f"preferred_by_{side}") == 0.0


def test_every_term_of_the_policy_is_bounded_for_people_who_answered_and_who_did_not():
    full: dict[str, Any] = {
        "stage": "resident",
        "settings": frozenset("a"),
        "outlook": {"open": 1.0},
        "region": "x",
        "institution": "y",
        "timezone": "Asia/Tokyo",
        "languages": ("en",),
    }
    roster = Roster("A", WORDS, (CLEO, Mentee(id="cai", **full)), (BEN, Mentor(id="bea", **full)))
    found = pair_terms(roster, Policy(pair_terms=dict.fromkeys(PAIR_TERMS, 1.0)))
    assert set(found) == set(PAIR_TERMS)
    for name, term in found.items():
        table = np.array([term.row(0), term.row(1)])
        assert table.shape == (2, 2), name
        assert ((table >= 0) & (table <= 1)).all(), name


def test_terms_without_a_weight_are_not_computed():
    roster = Roster("A", WORDS, (CLEO,), (BEN,))
    assert set(pair_terms(roster, Policy(pair_terms={"stage": 1.0, "region": 0.0}))) == {"stage"}


PREFER = {"preferred_by_mentee": 1.0, "preferred_by_mentor": 3.0}
BOTH = tuple(GivenTie(kind="prefer", mentee="cleo", mentor="ben", by=by, rank=1) for by in ("mentee", "mentor"))


def test_terms_share_the_weight_of_pairs_and_equity_multiplies_the_mentees_part_alone():
    rural = replace(CLEO, flags=frozenset({"rural"}))
    policy = Policy(pair_terms=PREFER, equity={"rural": 1.5})
    for mentee, times in ((CLEO, 1.0), (rural, 1.5)):
        parts = PairWorths(Roster("A", WORDS, (mentee,), (BEN,), BOTH), policy).parts(0)
        assert parts["preferred_by_mentee"][0] == pytest.approx(times * 0.15 / 4, abs=GRID)
        assert parts["preferred_by_mentor"][0] == pytest.approx(0.15 * 3 / 4, abs=GRID)


def test_the_parts_of_a_pair_are_on_the_grid_and_sum_to_it_exactly():
    worths = PairWorths(Roster("A", WORDS, (CLEO,), (BEN, Mentor(id="bea")), BOTH), Policy())
    parts = np.array(list(worths.parts(0).values()))
    assert (worths.row(0) == parts.sum(axis=0)).all()
    assert (parts / GRID == np.rint(parts / GRID)).all()
    assert (worths.row(0) <= 0.15 + 1e-6).all()


@given(
    st.dictionaries(st.sampled_from(sorted(PAIR_TERMS)), st.floats(0.01, 100), min_size=1),
    st.floats(0, 1),
    st.integers(0, 10_000),
)
def test_all_terms_together_are_worth_no_more_than_the_weight_of_pairs(terms, weight, seed):
    roster = random_roster(np.random.default_rng(seed), 3, 4)
    plain = replace(roster, ties=tuple(tie for tie in roster.ties if tie.kind == "prefer"))
    worths = PairWorths(plain, Policy(pair_terms=terms, weights={"pair": weight}))
    for i in range(3):
        assert (worths.row(i) >= 0).all()
        assert (worths.row(i) <= weight + len(terms) * GRID).all()


def test_a_weight_of_one_term_leaves_its_share_of_the_others_as_their_weights_say():
    near: dict[str, Any] = {"region": "west", "languages": ("en",)}
    roster = Roster("A", WORDS, (replace(CLEO, **near),), (replace(BEN, **near),))
    parts = PairWorths(roster, Policy(pair_terms={"region": 1.0, "language": 3.0}, weights={"pair": 0.2})).parts(0)
    assert {name: part[0] for name, part in parts.items()} == pytest.approx(
        {"region": 0.05, "language": 0.15}, abs=GRID
    )


def test_without_terms_or_weight_a_pair_is_worth_nothing():
    roster = Roster("A", WORDS, (CLEO,), (BEN,))
    for policy in (Policy(pair_terms={}), Policy(weights={"pair": 0.0})):
        assert PairWorths(roster, policy).row(0).tolist() == [0.0]


def test_a_tie_that_exists_or_was_there_before_earns_the_bonus_once_and_without_equity():
    rural = replace(CLEO, flags=frozenset({"rural"}))
    existing = GivenTie(kind="existing", mentee="cleo", mentor="ben")
    policy = Policy(pair_terms={}, continuity=0.04, equity={"rural": 2.0})
    before = frozenset({("cleo", "ben"), ("cleo", "gone"), ("gone", "ben")})
    for ties, previous in (((existing,), frozenset()), ((), before), ((existing,), before)):
        worths = PairWorths(Roster("A", WORDS, (rural,), (BEN, Mentor(id="bea")), ties), policy, previous)
        assert worths.row(0).tolist() == pytest.approx([0.0, 0.04], abs=GRID)  # bea, then ben
        assert set(worths.parts(0)) == {"continuity"}
