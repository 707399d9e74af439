"""What large cohorts are read and counted by gives what looking at each cell and each pair would."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from accounts import random_roster
from folders import PROGRAM, write_folder
from societies import random_policy, random_society

from introducer import cohorts, fit, rules
from introducer.cohorts.pairs import Juniors, Pairs, ranks
from introducer.cohorts.people import draw_mentees, draw_mentors
from introducer.cohorts.places import draw_places
from introducer.cross import kinds_of_rows
from introducer.errors import Infeasible
from introducer.io import lists, people, read, sheets, suggest
from introducer.io.spelling import fold
from introducer.outcome import CODES
from introducer.roster import GivenTie
from introducer.templates import load_template

PINNED = range(12)


def pinned_society(seed: int) -> Any:
    """Return a society of few institutions in which several mentees have one or two pins."""
    society, rng = random_society(seed, 8, 9), np.random.default_rng(seed)
    homes = ("A", "B", "")
    mentors = tuple(replace(mentor, institution=homes[rng.integers(3)], site="") for mentor in society.mentors)
    ties = [
        GivenTie(kind="pin", mentee=society.mentees[i].id, mentor=mentors[j].id)
        for i in range(4)
        for j in rng.permutation(9)[: rng.integers(3)].tolist()
    ]
    return replace(society, mentors=mentors, ties=(*(tie for tie in society.ties if tie.kind != "pin"), *ties))


def full_homes(society: Any, limit: int) -> list[set[str]]:
    """Return the institutions that the pins of each mentee use up."""
    found = []
    for mentee in society.mentees:
        pins = {tie.mentor for tie in society.ties if tie.kind == "pin" and tie.mentee == mentee.id}
        used = [mentor.institution for mentor in society.mentors if mentor.id in pins and mentor.institution]
        found.append({home for home in used if limit and used.count(home) >= limit})
    return found


@pytest.mark.parametrize("seed", PINNED)
def test_institutions_are_shut_to_all_but_the_pinned(seed: int) -> None:
    society, policy = pinned_society(seed), random_policy(seed, institution_limit=seed % 3)
    found: Any = rules.RULES["institution"](society, policy)
    pins = {(i, j) for i, j, _tie in society.pairs("pin")}
    expected = np.array([
        [mentor.institution in own and (i, j) not in pins for j, mentor in enumerate(society.mentors)]
        for i, own in enumerate(full_homes(society, policy.institution_limit))
    ])  # fmt: skip
    assert np.array([found.row(i) for i in range(8)]).tolist() == expected.tolist()
    assert np.array([found.column(j) for j in range(9)]).T.tolist() == expected.tolist()
    assert [[bool(found.at(i, j)) for j in range(9)] for i in range(8)] == expected.tolist()
    i, j = (places.ravel() for places in np.indices((8, 9)))
    assert found.among(i, j).reshape(8, 9).tolist() == expected.tolist()


@pytest.mark.parametrize("seed", PINNED)
def test_refusals_with_pins_are_the_first_of_each_rule_and_a_market_allows_what_is_left(seed: int) -> None:
    society, policy = pinned_society(seed), random_policy(seed, same_site="forbid", institution_limit=1 + seed % 2)
    while True:
        try:
            refused = rules.refusals(society, policy)
            break
        except Infeasible:  # leave out a pin, until none is refused
            pins = [tie for tie in society.ties if tie.kind == "pin"]
            society = replace(society, ties=tuple(tie for tie in society.ties if tie is not pins[0]))
    by_rule = {code: rules.RULES[code](society, policy) for code in CODES}
    expected = [
        [next((place + 1 for place, code in enumerate(CODES) if by_rule[code].at(i, j)), 0) for j in range(9)]
        for i in range(8)
    ]
    assert refused.codes.tolist() == expected
    assert [[refused.number(i, j) for j in range(9)] for i in range(8)] == expected
    flat = [CODES[number - 1] for row in expected for number in row if number]
    assert refused.counts() == {code: flat.count(code) for code in CODES if code in flat}
    market = fit.market(society, policy, refused)
    allowed = [[number == 0 for number in row] for row in expected]
    assert [market.allowed(i).tolist() for i in range(8)] == allowed
    assert [[j in market.view(i, [j]).mentors for j in range(9)] for i in range(8)] == allowed
    none = np.zeros(9), np.zeros(len(market.arrays.quota_limits))
    assert [np.isfinite(market.sight(i, *none).net).tolist() for i in range(8)] == allowed
    assert market.eligible == sum(map(sum, allowed))


def test_some_of_these_societies_have_an_institution_that_is_shut() -> None:
    shut = [full_homes(pinned_society(seed), 1 + seed % 2) for seed in PINNED]
    assert sum(any(own) for own in shut) >= len(PINNED) / 2


def test_different_rows_of_a_table_stand_in_order() -> None:
    table = np.random.default_rng(1).integers(0, 4, (3, 50))
    rows, kinds = kinds_of_rows(list(table))
    expected, numbers = np.unique(table.T, axis=0, return_inverse=True)
    assert rows.tolist() == expected.tolist()
    assert kinds.tolist() == numbers.ravel().tolist()


@pytest.mark.parametrize("few", [1, 2, 1024])
@pytest.mark.parametrize("mentors", [0, 12])
def test_fits_are_told_apart_however_many_are_looked_at_first(
    few: int, mentors: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    society = random_roster(np.random.default_rng(3), 5, 12)
    society = replace(society, mentors=society.mentors[:mentors], ties=())
    policy = random_policy(3, privacy="background")
    expected = fit.market(society, policy, rules.refusals(society, policy)).tables
    monkeypatch.setattr(fit, "_FEW", few)
    found = fit.market(society, policy, rules.refusals(society, policy)).tables
    for name, one, other in zip(found._fields, found, expected, strict=True):
        np.testing.assert_array_equal(one, other, err_msg=name)


@pytest.mark.parametrize("among", ["all", "some", "none"])
def test_juniors_are_those_whom_a_mentor_may_be_tied_to(among: str) -> None:
    rng, words = np.random.Generator(np.random.PCG64(4)), load_template("ir/1").vocabulary
    places = draw_places(rng, 60, 40, clustered=True)
    ours = draw_mentees(rng, places, 60)
    theirs = draw_mentors(rng, places, 40, ours)
    pairs = Pairs(
        mentees=ours,
        mentors=theirs,
        rank_mentee=ranks(ours.stage, words.ranks),
        rank_mentor=ranks(theirs.stage, words.ranks),
        active_mentee=rng.random(60) < 0.8,
        active_mentor=rng.random(40) < 0.8,
        capacity=np.ones(40, np.int64),
        limited=np.zeros(40, np.bool_),
        sizes=np.ones(60, np.int64),
    )
    mask = {"all": np.ones(60, np.bool_), "some": rng.random(60) < 0.5, "none": np.zeros(60, np.bool_)}[among]
    juniors = Juniors(pairs, mask)
    free = np.array([pairs.free(i, np.arange(40)) for i in range(60)]) & mask[:, None]
    for j in range(40):
        expected = np.flatnonzero(free[:, j]).tolist()
        assert juniors.count(j) == len(expected)
        assert [juniors.at(j, place) for place in range(len(expected))] == expected


def test_rows_are_read_alike_in_blocks_of_any_size(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cohorts.write(cohorts.simulate(30, 20, seed=5), tmp_path)
    expected = read(tmp_path)
    monkeypatch.setattr(sheets, "BLOCK", 7)
    monkeypatch.setattr(people, "BLOCK", 5)
    assert read(tmp_path) == expected


def test_equal_answers_are_one_object(tmp_path: Any) -> None:
    same = {"need:contracts": "2", "languages": "english; spanish", "region": "West", "setting": "academic"}
    found = read(write_folder(tmp_path, [{"id": "ada", **same}, {"id": "ben", **same}], [{"id": "cai"}])).roster
    one, other = found.mentees
    for name in ("needs", "wishes", "settings", "languages", "region", "outlook", "attributes", "flags"):
        assert getattr(one, name) is getattr(other, name), name


def test_a_remark_of_many_blocks_is_told_once_in_the_order_of_the_rows(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "BLOCK", 2)
    rows = [
        {"id": f"m{k}", "capacity": capacity, "min_load": least}
        for k, (capacity, least) in enumerate([("2", ""), ("up to 3", "max 1"), ("2", "max 1"), ("up to 3", "max 1")])
    ]
    folder = write_folder(tmp_path, [{"id": "ada"}], rows, program=PROGRAM)
    assert [notice for notice in read(folder).notices if "was read as" in notice] == [
        "mentors.csv, column 'capacity': 'up to 3' was read as 3 (in 2 cells).",
        "mentors.csv, column 'min_load': 'max 1' was read as 1 (in 3 cells).",
    ]


def test_no_answer_that_holds_a_separator_is_ruled_out_too_soon() -> None:
    """Pieces are put together at random; where they are one of the known texts, none may have been ruled out."""
    known = [
        "private, academic",
        "one; two, three",
        "it's (so); they say",
        "-; plain",
        "plain",
        "2 of 3/ each",
        "één, twee",
    ]
    words = {fold(text) for text in known}
    opening = lists.openings(words)
    pieces = [
        "private",
        "academic",
        "one",
        "two",
        " three",
        "Plain",
        "-",
        "IT'S (so)",
        "they say",
        "é",
        "één",
        "twee",
        "",
    ]
    rng = np.random.default_rng(2)
    ruled_out = 0
    for _try in range(20_000):
        first, second, *rest = (pieces[k] for k in rng.integers(len(pieces), size=rng.integers(2, 4)))
        text = ", ".join([first, second, *rest])
        level = rng.random() < 0.3
        going_on = lists.may_go_on(first, f"{second} (2)" if level and not rest else second, opening)
        ruled_out += not going_on
        assert going_on or fold(text) not in words
    assert ruled_out > 1_000


def test_a_wish_that_the_program_gives_to_all_is_counted_where_the_profile_leaves_it_unread(tmp_path: Any) -> None:
    extra = '[constants.mentees]\n"wish:parent" = "2"\n[policy]\nprivacy = "neutral"\n'
    rows = [{"id": f"m{k:02}"} for k in range(12)]
    found = read(write_folder(tmp_path, rows, [{"id": "ben"}], extra=extra))
    assert "mentees.csv: wishes were not read under the profile 'neutral': wish:parent. They concern 12 people." in (
        found.notices
    )
    assert not any(mentee.wishes for mentee in found.roster.mentees)


def test_one_spelling_in_another_case_is_proposed_once(tmp_path: Any) -> None:
    rows = [{"id": "ada", "paused": "Perhaps"}, {"id": "ben", "paused": "perhaps"}]
    found = suggest(write_folder(tmp_path, rows, [{"id": "cai"}]))
    assert [(spelling.kind, spelling.text) for spelling in found.spellings] == [("bool", "Perhaps")]
