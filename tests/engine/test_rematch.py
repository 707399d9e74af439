"""Matching again with few changes: within the budget, never above the bound, and nothing moves for nothing."""

import csv
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from accounts import random_roster
from commands import command
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from problems import broken_rules, brute_force, changed, random_problem, value_of
from societies import broken, random_policy, random_society, teams_of

from introducer import rematched
from introducer.errors import Infeasible
from introducer.pipeline import match
from introducer.policy import Policy
from introducer.rematch import base_of, changes
from introducer.rematch.cold import frontier, without
from introducer.solve import Watch, solve

SEEDS = st.integers(0, 100_000)
POLICY = Policy(privacy="background", team_size=2)
few = settings(max_examples=15, deadline=None, derandomize=True)
TIGHT = 1e-9


def before_of(outcome):
    return {i: tuple(sorted(team)) for i, team in teams_of(outcome).items()}


def ties(before):
    return {(i, j) for i, team in before.items() for j in team}


def every_tie_that_came_or_went_is_listed(found, before, most):
    assert len(found.ended) + len(found.begun) <= most
    now = {(i, j) for i, j in ties(before_of(found.outcome)) if i in before}
    assert now == (ties(before) - set(found.forced) - set(found.ended)) | set(found.begun)
    assert not set(found.ended) & set(found.forced)


def shaken(people, seed):
    """Return the same people of whom some ask for something else, one left, and one mentor has no seat."""
    rng = np.random.default_rng([seed, 9])
    asked = sorted({key for mentee in people.mentees for key in mentee.needs})
    mentees = [
        replace(mentee, needs={str(key): 3 for key in rng.choice(asked, 2)}, private=frozenset())
        if rng.random() < 0.4
        else mentee
        for mentee in people.mentees
    ]
    gone = people.mentors[-1].id
    mentors = [replace(mentor, capacity=0, min_load=0) if k == 0 else mentor for k, mentor in enumerate(people.mentors)]
    kept = [tie for tie in people.ties if gone not in (tie.mentor, tie.mentee) and tie.kind != "pin"]
    return replace(people, mentees=tuple(mentees), mentors=tuple(mentors[:-1]), ties=tuple(kept))


# On problems


def begun(seed, rules=frozenset()):
    """Return a small problem, the outcome of an earlier one of the same people, and whose changes count."""
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, 4, 4, rules=rules)
    earlier = changed(problem, gains=np.roll(problem.arrays.gains, 1))
    before = solve(earlier, POLICY).teams
    had = [i != 3 for i in range(4)]
    return problem, before, had


@few
@given(SEEDS, st.integers(0, 5))
def test_within_the_budget_and_between_the_best_possible_and_the_bound(seed, budget):
    problem, before, had = begun(seed)
    base = base_of(problem, POLICY, before, had)
    assert changes(base, before, had) == 0
    found = frontier(problem, POLICY, base, had, budget)
    best = brute_force(problem, lambda teams: changes(teams, base, had) <= budget)
    assert broken_rules(problem, found.chosen.teams) == []
    assert changes(found.chosen.teams, base, had) <= budget == found.chosen.changes
    assert found.chosen.value == value_of(problem, found.chosen.teams)
    assert found.chosen.value <= best + TIGHT <= found.chosen.bound + 2 * TIGHT


@few
@given(SEEDS)
def test_more_changes_buy_no_less_and_an_open_budget_is_as_good_as_matching_anew(seed):
    problem, before, had = begun(seed)
    base = base_of(problem, POLICY, before, had)
    found = frontier(problem, POLICY, base, had, 1000)
    values = [point.value for point in found.points]
    assert values == sorted(values)
    assert all(point.value <= point.bound + TIGHT for point in found.points)
    assert found.points[0].changes == 0
    assert found.chosen.value >= 0.999 * value_of(problem, solve(problem, POLICY).teams)
    assert found.finished


@few
@given(SEEDS)
def test_every_rule_holds_and_what_must_change_changes(seed):
    """Lower loads may demand a change: the base is then what changes least."""
    problem, before, had = begun(seed, frozenset({"lower loads", "institutions", "kept seat", "quotas"}))
    least = changed(problem, min_loads=np.minimum(1, problem.arrays.capacities))
    with suppress(Infeasible):
        base = base_of(least, POLICY, before, had)
        assert broken_rules(least, base) == []
        found = frontier(least, POLICY, base, had, 2)
        assert all(broken_rules(least, point.teams) == [] for point in found.points)


def test_people_who_are_new_are_matched_and_do_not_count():
    problem, before, had = begun(7)
    base = base_of(problem, POLICY, (*before[:3], ()), had)
    assert base[3], "there is room for them"
    found = frontier(problem, POLICY, base, had, 0)
    assert found.chosen.teams[:3] == base[:3]


def test_a_run_that_is_stopped_says_so_and_is_still_an_outcome():
    problem, before, had = begun(3)
    base = base_of(problem, POLICY, before, had)
    told = []
    watch = Watch(tell=lambda *said: told.append(said[1]), stop=lambda: True)
    found = frontier(problem, POLICY, base, had, 4, watch)
    assert not found.finished
    assert broken_rules(problem, found.chosen.teams) == []
    assert all(0 <= done <= 1 for done in told)


def test_a_tie_that_nobody_is_to_get_is_left_out_unless_somebody_is_owed_it():
    """A solver that was stopped early may have made it."""
    problem = random_problem(np.random.default_rng(2), 3, 3, rules=frozenset(), seats=2.0, eligible=1.0)
    problem = changed(problem, min_loads=np.array([1, 0, 0]))
    closed = np.ones(9, dtype=bool)
    closed[0] = False
    assert without(((0, 1), (0,), (2,)), problem, closed) == ((0,), (), ())
    assert without(((1,), (0,), ()), problem, closed) == ((), (0,), ())


# On societies


def again(people, policy, before, most):
    try:
        return rematched(people, policy, before, most=most)
    except Infeasible:
        reject()


@few
@given(SEEDS, st.integers(0, 6))
def test_a_rematch_lists_every_tie_that_came_or_went(seed, most):
    policy = random_policy(seed)
    people = random_society(seed)
    try:
        before = before_of(match(people, policy))
    except Infeasible:
        reject()
    after = shaken(people, seed)
    found = again(after, policy, before, most)
    assert broken(found.outcome) == []
    every_tie_that_came_or_went_is_listed(found, before, most)


@few
@given(SEEDS)
def test_no_change_allowed_keeps_what_can_stay_and_lists_what_cannot(seed):
    people = random_roster(np.random.default_rng(seed), 8, 7)
    try:
        before = before_of(match(people, POLICY))
    except Infeasible:
        reject()
    found = again(shaken(people, seed), POLICY, before, 0)
    assert (found.ended, found.begun) == ((), ())
    gone = people.mentors[-1].id
    assert {pair for pair in ties(before) if pair[1] == gone} <= set(found.forced)
    assert again(people, POLICY, before, 0).forced == ()


def test_what_is_in_the_way_is_said_by_name():
    people = random_roster(np.random.default_rng(5), 4, 4)
    mentors = [replace(mentor, min_load=4, capacity=4) for mentor in people.mentors]
    with pytest.raises(Infeasible, match=people.mentors[0].id):
        rematched(replace(people, mentors=tuple(mentors), ties=()), POLICY, {}, most=1)


# On the command line


@pytest.fixture(scope="module")
def cohorts(tmp_path_factory):
    """A simulated cohort with its outcome, and the same cohort with a few other needs and a mentor less."""
    place = tmp_path_factory.mktemp("rematch")
    command("simulate", "--mentees", 24, "--mentors", 16, "--seed", 5, "--out", place / "one")
    assert command("match", place / "one", "--out", place / "first").code == 0
    (place / "two").mkdir()
    for name in ("program.toml", "ties.csv", "mentors.csv", "mentees.csv"):
        if (place / "one" / name).exists():
            (place / "two" / name).write_text((place / "one" / name).read_text())
    with (place / "first" / "ties.csv").open(newline="") as lines:
        tied = {row["mentor"] for row in csv.DictReader(lines)}
    rows = list(csv.reader((place / "two" / "mentors.csv").read_text().splitlines()))
    gone = next(row[0] for row in rows[1:] if row[0] in tied)
    edited(place / "two" / "mentors.csv", [row for row in rows if row[0] != gone])
    rows = list(csv.reader((place / "two" / "mentees.csv").read_text().splitlines()))
    needs = [k for k, name in enumerate(rows[0]) if name.startswith("need:")]
    for row in rows[1:4]:
        for k in needs:
            row[k] = ""
        row[needs[0]] = row[needs[5]] = "3"
        row[rows[0].index("private")] = ""
    edited(place / "two" / "mentees.csv", rows)
    return place, gone


def edited(path, rows):
    with path.open("w", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)


def test_the_command_writes_what_changed_and_what_more_would_buy(cohorts, tmp_path):
    place, gone = cohorts
    words = ("rematch", place / "two", "--previous", place / "first", "--max-changes", 4, "--out", tmp_path / "out")
    said = command(*words, "--frontier")
    assert said.code == 0, said.err
    assert "worth more than none" in said.out
    assert "cannot stay" in said.out
    with (tmp_path / "out" / "changes.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["mentor"] for row in rows if row["change"] == "forced"} >= {gone}
    made = [row for row in rows if row["change"] in ("ends", "begins")]
    assert len(made) <= 4
    with (tmp_path / "out" / "frontier.csv").open(newline="") as lines:
        points = [(int(row["changes"]), float(row["value"]), float(row["bound"])) for row in csv.DictReader(lines)]
    assert points[0][0] == 0
    assert 4 in [changes for changes, _value, _bound in points]
    assert all(value <= bound + TIGHT for _changes, value, bound in points)
    assert command("verify", place / "two", tmp_path / "out").code == 0


def test_the_same_outcome_again_changes_nothing(cohorts, tmp_path):
    place, _gone = cohorts
    words = ("rematch", place / "one", "--previous", place / "first", "--max-changes", 0, "--out", tmp_path / "out")
    said = command(*words)
    assert said.out.startswith("0 changes: ")
    assert (tmp_path / "out" / "ties.csv").read_bytes() == (place / "first" / "ties.csv").read_bytes()


def test_many_changes_are_counted_where_they_are_too_many_to_name(cohorts, tmp_path, monkeypatch):
    monkeypatch.setattr("introducer.cli._LISTED", 0)
    place, _gone = cohorts
    words = ("rematch", place / "two", "--previous", place / "first", "--max-changes", 9, "--out", tmp_path / "out")
    assert "more: cannot stay (all of them are in changes.csv)" in command(*words).out


def test_a_budget_of_no_time_still_writes_an_outcome(cohorts, tmp_path):
    place, _gone = cohorts
    words = ("rematch", place / "two", "--previous", place / "first", "--max-changes", 2, "--out", tmp_path / "out")
    said = command(*words, "--time-budget", 0)
    assert said.code == 0
    assert "The time budget ended the run" in said.out


def test_a_previous_outcome_that_is_none_is_bad_input(cohorts, tmp_path):
    place, _gone = cohorts
    words = ("rematch", place / "one", "--previous", place / "one", "--max-changes", 0, "--out", tmp_path / "out")
    assert command(*words).code == 3
