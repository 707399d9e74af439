"""What holds for pairs, from small tables: the same as said pair by pair."""

from dataclasses import replace

import numpy as np
import pytest
from societies import random_policy, random_society

from introducer import cross, fit, rules
from introducer.cross import Alike, Common, Cross, grouped
from introducer.fill import ones
from introducer.outcome import CODES
from introducer.pairs import PairWorths
from introducer.policy import PAIR_TERMS
from introducer.vocabulary import Term


def many_procedures(people, seed, count):
    """Return people with lists out of so many procedures, some of them empty."""
    chance = np.random.default_rng(seed)
    names = [f"procedure{number}" for number in range(count)]

    def drawn():
        return frozenset(np.array(names)[chance.random(count) < chance.choice([0.0, 0.3, 0.9])].tolist())

    return replace(
        people,
        vocabulary=people.vocabulary.model_copy(
            update={"procedures": tuple(Term(id=name, name=name) for name in names)}
        ),
        mentees=tuple(replace(person, procedures=drawn()) for person in people.mentees),
        mentors=tuple(replace(person, procedures=drawn()) for person in people.mentors),
    )


@pytest.mark.parametrize("count", [1, 63, 64, 150])
@pytest.mark.parametrize("seed", range(3))
def test_worths_from_the_tables_of_a_market_are_those_of_its_terms(count, seed):
    people = many_procedures(random_society(seed, 9, 7), seed, count)
    policy = random_policy(seed, pair_terms=dict.fromkeys(PAIR_TERMS, 1.0))
    refused = rules.refusals(people, policy)
    market = fit.market(people, policy, refused)
    worths = PairWorths(people, policy)
    free = np.zeros(market.shape[1]), np.zeros(len(market.arrays.quota_limits))
    for i in range(market.shape[0]):
        row, allowed = worths.row(i), market.allowed(i)
        np.testing.assert_array_equal(market.sight(i, *free).net, np.where(allowed, row, -np.inf))
        np.testing.assert_array_equal(market.view(i).pairs, row[allowed])
        np.testing.assert_array_equal(allowed, [not refused.code(i, j) for j in range(market.shape[1])])


@pytest.mark.parametrize("seed", range(6))
def test_refusals_are_counted_as_if_pair_by_pair(seed):
    people, policy = random_society(seed, 12, 9), random_policy(seed, same_site="forbid")
    refused = rules.refusals(people, policy)
    some = next((i, j) for i in range(12) for j in range(9) if refused.code(i, j))
    for found in (refused, refused.lifted(*some)):
        codes = [found.code(i, j) for i in range(12) for j in range(9)]
        assert found.counts() == {code: codes.count(code) for code in CODES if code in codes}
        assert [CODES[n - 1] if n else "" for n in found.codes.ravel().tolist()] == codes


def test_tables_are_joined_while_they_are_small(monkeypatch):
    chance = np.random.default_rng(1)
    crosses = [
        Cross(chance.integers(0, k, 30), chance.integers(0, k, 20), chance.random((k, k)).round(3)) for k in (2, 3, 5)
    ]

    def total(parts):
        return [[sum(part.at(i, j) for part in parts) for j in range(20)] for i in range(30)]

    joined = grouped(crosses)
    assert len(joined) == 1
    np.testing.assert_allclose(total(joined), total(crosses))
    monkeypatch.setattr(cross, "_CELLS", 100)
    assert [part.table.size for part in grouped(crosses)] == [36, 25]
    monkeypatch.setattr(cross, "_CELLS", 0)
    assert grouped(crosses) == crosses


def test_what_lists_have_in_common():
    mine, theirs = np.array([[1, 1, 0], [0, 0, 0]], bool), np.array([[1, 1, 1], [0, 0, 1], [0, 0, 0]], bool)
    table = np.array([[9.0, 0.0, 1.0, 2.0, 3.0]])
    common = Common(mine, theirs, np.zeros(2, np.int64), table)
    assert common.row(0).tolist() == [2.0, 0.0, 9.0]
    assert common.row(1).tolist() == [0.0, 0.0, 9.0]
    assert [common.at(0, j) for j in range(3)] == [2.0, 0.0, 9.0]


def test_people_of_no_group_are_alike_to_nobody():
    alike = Alike(np.array([0, 2, -1]), np.array([-1, 2, 0, 2]))
    assert [alike.row(i).tolist() for i in range(3)] == [
        [False, False, True, False],
        [False, True, False, True],
        [False] * 4,
    ]
    assert [[bool(alike.at(i, j)) for i in range(3)] for j in range(4)] == [alike.column(j).tolist() for j in range(4)]
    starts, mentors = alike.groups
    assert [mentors[starts[k] : starts[k + 1]].tolist() for k in range(3)] == [[2], [], [1, 3]]


def test_bits_are_counted():
    words = np.random.default_rng(0).integers(0, 2**64, 50, dtype=np.uint64)
    assert [int(ones(word)) for word in words] == [int(word).bit_count() for word in words]


@pytest.mark.parametrize("seed", range(4))
def test_values_of_some_pairs_are_those_of_each(seed, monkeypatch):
    monkeypatch.setattr(cross, "_PAIRS", 3)
    people, policy = random_society(seed, 6, 8), random_policy(seed)
    worths = PairWorths(people, policy, frozenset({(people.mentees[0].id, people.mentors[1].id)}))
    chance = np.random.default_rng(seed)
    who, whom = chance.integers(0, 6, 20), chance.integers(0, 8, 20)
    names, parts = worths.each(who, whom)
    for i, j, own in zip(who.tolist(), whom.tolist(), parts.tolist(), strict=True):
        assert {name: part for name, part in zip(names, own, strict=True) if part} == worths.of(i, j)
    assert worths.each(who[:0], whom[:0])[1].shape == (0, len(names))
