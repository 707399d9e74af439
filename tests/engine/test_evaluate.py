"""What another outcome would have led to: estimates that hold their coverage, bounds, and refusals."""

import csv
import itertools
import json
import math
from dataclasses import replace

import numpy as np
import pytest
from commands import command, small
from problems import random_problem

from introducer import lottery
from introducer.errors import RosterError, Unsupported
from introducer.evaluate import evaluated
from introducer.evaluate.design import Possible, Units, units
from introducer.evaluate.estimators import difference, mean
from introducer.evaluate.printed import sentences
from introducer.io.results import Results, read_results
from introducer.outcome import Draw
from introducer.policy import Lottery, Policy
from introducer.solve import solve

RUNS = 500
LEVEL = 0.95


def design(seed, coins=150, certain=60, *, both=False):
    """Return units of a made-up lottery: two ties on each coin, one a side, and ties that no coin touches.

    The target would do what one side of each coin does; with ``both``, part of it on either side.
    """
    rng = np.random.default_rng(seed)
    p = rng.integers(200, 501, coins) / 1000
    chances = np.column_stack([p, 1 - p]).ravel()
    part = rng.random(coins) if both else (rng.random(coins) < 0.5).astype(float)
    targets = np.column_stack([part, 1 - part]).ravel()
    results = 2 + rng.gamma(2.0, 1.0, 2 * coins + certain)
    return Units(
        propensities=np.concatenate([chances, np.ones(certain)]),
        targets=np.concatenate([targets, np.ones(certain)]),
        coins=np.concatenate([np.repeat(np.arange(coins), 2), np.full(certain, -1)]),
        happened=np.ones(2 * coins + certain, bool),
        results=results,
        beyond=0.0,
    )


def draws(whole, seed, runs=RUNS):
    """Yield what would be known after each of many draws."""
    rng = np.random.default_rng([seed, 1])
    coins = int(whole.coins.max()) + 1
    p = whole.propensities[: 2 * coins : 2]
    for _run in range(runs):
        came = rng.random(coins) < p
        sides = np.column_stack([came, ~came]).ravel()
        happened = np.concatenate([sides, np.ones(len(whole.coins) - 2 * coins, bool)])
        yield replace(whole, happened=happened, results=np.where(happened, whole.results, np.nan))


def coverage(estimates, truth):
    return np.mean([low <= truth <= high for low, high in (each.interval for each in estimates)])


def truth_of(whole, weights):
    return float(weights @ whole.results / weights.sum())


# Coverage


@pytest.mark.parametrize("estimator", ["horvitz_thompson", "hajek"])
@pytest.mark.parametrize("seed", [1, 2])
def test_intervals_of_a_target_hold_it_in_93_to_97_of_100_runs(seed, estimator):
    whole = design(seed)
    found = [mean(each, "target", estimator, None, LEVEL) for each in draws(whole, seed)]
    truth = truth_of(whole, whole.targets)
    assert 0.93 <= coverage(found, truth) <= 0.97
    values = np.array([each.low for each in found])
    assert abs(values.mean() - truth) < 4 * values.std() / math.sqrt(RUNS)
    assert np.mean([each.errors[0] ** 2 for each in found]) == pytest.approx(values.var(), rel=0.15)


@pytest.mark.parametrize("estimator", ["horvitz_thompson", "hajek"])
@pytest.mark.parametrize("of", ["target", "own", "difference"])
def test_intervals_hold_more_often_and_not_less_where_two_results_are_never_seen_together(of, estimator):
    whole = design(3, both=True)
    weights = {"target": whole.targets, "own": whole.propensities}
    if of == "difference":
        found = [difference(each, estimator, None, LEVEL) for each in draws(whole, 3)]
        truth = truth_of(whole, weights["target"]) - truth_of(whole, weights["own"])
    else:
        found = [mean(each, of, estimator, None, LEVEL) for each in draws(whole, 3)]
        truth = truth_of(whole, weights[of])
    assert coverage(found, truth) >= 0.93
    values = np.array([each.low for each in found])
    assert np.mean([each.errors[0] ** 2 for each in found]) > 0.95 * values.var()


def test_intervals_of_a_difference_hold_it_in_93_to_97_where_a_coin_changes_every_result_alike():
    held = []
    for seed in range(5):
        whole = design(seed)
        results = np.repeat(np.random.default_rng([seed, 2]).normal(3.0, 1.0, 150), 2)
        whole = replace(whole, results=np.concatenate([results, np.full(60, 3.0)]))
        truth = truth_of(whole, whole.targets) - truth_of(whole, whole.propensities)
        found = [difference(each, "hajek", None, LEVEL) for each in draws(whole, seed, RUNS // 5)]
        held.append(coverage(found, truth))
    assert 0.93 <= np.mean(held) <= 0.97


def test_intervals_hold_the_mean_without_a_lottery_over_500_draws_of_one():
    # The whole way: a market, its lottery, the coins of 500 seeds, results of the ties that came about.
    problem = random_problem(np.random.default_rng(21), 260, 150, rules=frozenset({"institutions"}))
    found = solve(problem, Policy(solver="greedy"))
    swaps, value = lottery.listed(problem, found.teams, found.prices, Lottery(loss=0.02, each=0.2))
    assert len(swaps) >= 60
    rng = np.random.default_rng(22)
    results = {(str(i), str(j)): 1 + 4 * rng.random() for i in range(260) for j in range(150)}
    target = {str(i): ((tuple(map(str, team)), 1.0),) for i, team in enumerate(found.teams)}
    ties = [(i, j) for i, ((team, _chance),) in target.items() for j in team]
    truth = sum(results[tie] for tie in ties) / len(ties)
    held = {"horvitz_thompson": 0, "hajek": 0}
    for seed in range(RUNS):
        came = lottery.toss(swaps, seed).tolist()
        draw = Draw(found.teams, tuple(replace(s, came=c) for s, c in zip(swaps, came, strict=True)), value, "")
        possible = {
            str(own[0].mentee): [
                Possible(
                    tuple(map(str, each.team)),
                    each.thousandths / 1000,
                    -1 if each.coin is None else each.coin,
                    each.drawn,
                )
                for each in own
            ]
            for own in draw.chances
        }
        laid = units(possible, target, Results("tie", results))
        for name in held:
            low, high = mean(laid, "target", name, None, LEVEL).interval
            held[name] += low <= truth <= high
    assert {name: 0.93 <= count / RUNS <= 0.97 for name, count in held.items()} == dict.fromkeys(held, True), held


@pytest.mark.parametrize("estimator", ["horvitz_thompson", "hajek"])
def test_intervals_of_few_coins_are_wide_enough(estimator):
    whole = design(6, coins=12)
    found = [mean(each, "target", estimator, None, LEVEL) for each in draws(whole, 6)]
    assert coverage(found, truth_of(whole, whole.targets)) >= 0.93


def test_a_wrong_variance_would_be_found():
    whole = design(1)
    short = [
        (low + 0.35 * (high - low) / 2, high - 0.35 * (high - low) / 2)
        for low, high in (mean(each, "target", "hajek", None, LEVEL).interval for each in draws(whole, 1))
    ]
    assert np.mean([low <= truth_of(whole, whole.targets) <= high for low, high in short]) < 0.93


def test_bounds_off_the_support_hold_the_mean_with_whatever_lies_beyond():
    whole = design(5)
    beyond, total = 40.0, float(whole.targets.sum())
    whole = replace(whole, beyond=beyond)
    inside = truth_of(whole, whole.targets)
    top = float(whole.results.max())
    for worst in (0.0, top):
        truth = (total * inside + beyond * worst) / (total + beyond)
        for estimator in ("horvitz_thompson", "hajek"):
            found = [mean(each, "target", estimator, (0.0, top), LEVEL) for each in draws(whole, 5, 100)]
            assert coverage(found, truth) >= 0.93
            assert all(each.high - each.low == pytest.approx(top * beyond / (total + beyond)) for each in found)


# By hand


def by_hand(happened, results, *, beyond=0.0):
    """Return a coin (tie 0 if it comes, probability .25, else 1) and a certain tie; the target does 1 and 2."""
    return Units(
        np.array([0.25, 0.75, 1.0]),
        np.array([0.0, 1.0, 1.0]),
        np.array([0, 0, -1]),
        np.array(happened),
        np.array(results),
        beyond,
    )


def test_estimates_are_the_formulas():
    stayed = by_hand([False, True, True], [np.nan, 3.0, 5.0])
    found = mean(stayed, "target", "horvitz_thompson", None, LEVEL)
    assert found.low == found.high == pytest.approx((3 / 0.75 + 5) / 2)
    assert found.errors[0] ** 2 == pytest.approx((3 / 2 / 0.75) ** 2 * (1 - 0.75))
    assert found.freedom == (1.0, 1.0)
    hajek = mean(stayed, "target", "hajek", None, LEVEL)
    average, norm = (3 / 0.75 + 5) / (1 / 0.75 + 1), 1 / 0.75 + 1
    assert hajek.low == pytest.approx(average)
    own = 1 / 0.75 / norm
    assert hajek.errors[0] ** 2 == pytest.approx(((3 - average) / (1 - own) / norm / 0.75) ** 2 * 0.25)
    # Student's t with one degree of freedom: Cauchy's distribution.
    half = (found.interval[1] - found.interval[0]) / 2
    assert half == pytest.approx(math.tan(math.pi * LEVEL / 2) * found.errors[0])


def test_a_side_that_the_target_would_not_do_adds_nothing_when_it_comes():
    came = by_hand([True, False, True], [9.0, np.nan, 5.0])
    found = mean(came, "target", "horvitz_thompson", None, LEVEL)
    assert (found.low, found.errors, found.freedom, found.interval) == (2.5, (0.0, 0.0), (0.0, 0.0), (2.5, 2.5))
    assert mean(came, "target", "hajek", None, LEVEL).low == 5.0


def test_missing_results_and_what_lies_beyond_are_as_low_and_as_high_as_can_be():
    found = mean(by_hand([False, True, True], [np.nan, np.nan, 5.0], beyond=2.0), "target", "horvitz_thompson",
                 (1.0, 5.0), LEVEL)  # fmt: skip
    assert found.low == pytest.approx((1 / 0.75 + 5 + 2 * 1) / 4)
    assert found.high == pytest.approx((5 / 0.75 + 5 + 2 * 5) / 4)
    assert found.interval[0] < found.low < found.high < found.interval[1]


def test_a_missing_result_that_counts_against_the_target_is_high_at_the_low_end():
    # It came about and the target would not do it: it counts for the own lottery alone.
    came = by_hand([True, False, True], [np.nan, np.nan, 5.0])
    found = difference(came, "horvitz_thompson", (1.0, 5.0), LEVEL)
    assert found.low == pytest.approx(5 / 2 - (5 + 5) / 2)
    assert found.high == pytest.approx(5 / 2 - (1 + 5) / 2)


# Units


POSSIBLE = {
    "cai": [Possible(("bea", "ben"), 0.6, 0, True), Possible(("ben", "mae"), 0.4, 0, False)],
    "cleo": [Possible(("mae",), 0.6, 0, True), Possible(("bea",), 0.4, 0, False)],
    "cy": [Possible(("ben",), 1.0, -1, True)],
    "dov": [Possible((), 1.0, -1, True)],
}
RESULTS = {("cai", "bea"): 4.0, ("cai", "ben"): 2.0, ("cleo", "mae"): 5.0, ("cy", "ben"): 3.0}
TEAMS = {("cai", ("bea", "ben")): 4.0, ("cleo", ("mae",)): 5.0, ("cy", ("ben",)): 3.0}


def certain(teams):
    return {mentee: ((tuple(team), 1.0),) for mentee, team in teams.items()}


SAME = certain({"cai": ["bea", "ben"], "cleo": ["mae"], "cy": ["ben"]})
OTHER = certain({"cai": ["ben", "mae"], "cleo": ["bea"], "cy": ["ben"]})


def test_a_tie_in_both_teams_is_certain_and_a_team_of_nobody_is_none():
    found = units(POSSIBLE, SAME, Results("tie", RESULTS))
    assert found.propensities.tolist() == [0.6, 1.0, 0.4, 0.6, 0.4, 1.0]
    assert found.coins.tolist() == [0, -1, 0, 0, 0, -1]
    assert found.targets.tolist() == [1, 1, 0, 1, 0, 1]
    assert found.supported == 1.0
    teams = units(POSSIBLE, SAME, Results("team", TEAMS))
    assert teams.propensities.tolist() == [0.6, 0.4, 0.6, 0.4, 1.0]


def test_ties_of_one_swap_share_its_coin():
    found = evaluated(POSSIBLE, SAME, Results("tie", RESULTS))
    [target] = [each for each in found.estimates if each.of == "target" and each.estimator == "horvitz_thompson"]
    assert target.low == pytest.approx((4 / 0.6 + 5 / 0.6 + 2 + 3) / 4)
    assert target.errors[0] ** 2 == pytest.approx(((4 + 5) / 4 / 0.6) ** 2 * 0.4)
    assert (found.known, found.missing, found.coins, found.supported) == (4, 0, 1, 1.0)
    assert found.effective == pytest.approx((2 / 0.6 + 2) ** 2 / (2 / 0.36 + 2))


def test_without_a_target_the_own_lottery_alone_is_estimated():
    found = evaluated(POSSIBLE, None, Results("team", TEAMS))
    assert [each.of for each in found.estimates] == ["own", "own"]
    assert {each.low for each in found.estimates} == {4.0}


def test_a_target_with_a_lottery_of_its_own_weighs_by_its_probabilities():
    aim = {"cai": ((("bea", "ben"), 0.5), (("ben", "mae"), 0.5))}
    found = units(POSSIBLE, aim, Results("tie", RESULTS))
    assert found.targets[:3].tolist() == [0.5, 1.0, 0.5]


# Refusals


@pytest.mark.parametrize(
    ("target", "results", "words"),
    [
        (certain({"cai": ["zoe"], "nobody": ["bea"]}), RESULTS, "could have come about"),
        (certain({}), RESULTS, "could have come about"),
        (certain({"cai": ["mae"]}), RESULTS, "the coins fell otherwise"),
        (SAME, {}, "no result"),
        (SAME, {("cy", "ben"): 3.0}, "3 of 4 results are missing"),
        (certain({"cai": ["bea", "zoe"]}), RESULTS, "50.0 % of what the target would do could not have come about"),
    ],
)
def test_what_the_lottery_says_nothing_about_is_refused(target, results, words):
    with pytest.raises(Unsupported, match=words):
        evaluated(POSSIBLE, target, Results("tie", results))


def test_with_the_range_of_results_there_are_bounds_where_something_is_not_known():
    found = evaluated(
        POSSIBLE, certain({"cai": ["bea", "zoe"]}), Results("tie", {("cai", "bea"): 4.0}), span=(1.0, 5.0)
    )
    assert found.supported == 0.5
    assert found.missing == 3
    hajek = next(each for each in found.estimates if (each.of, each.estimator) == ("target", "hajek"))
    assert (hajek.low, hajek.high) == (2.5, 4.5)


# The file of results


MADE = {"cai": frozenset({"bea", "ben"}), "cleo@example.org": frozenset({"mae"}), "dov": frozenset()}


def test_results_of_ties_and_of_teams_are_read(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text(
        "Mentee;mentor;RESULT;when;\ncai;bea;4;May;\ncai;ben;;May;\nCleo@example.org;mae;-.5;June;\n", "utf-8"
    )
    found = read_results(path, MADE)
    assert (found.unit, found.values) == ("tie", {("cai", "bea"): 4.0, ("cleo@example.org", "mae"): -0.5})
    assert found.notices == ("r.csv: the column 'when' was not read.",)
    path.write_text("mentee,result\ncai,4\n", "utf-8")
    assert read_results(path, MADE) == Results("team", {("cai", ("bea", "ben")): 4.0})


def test_all_that_is_wrong_with_results_is_told_at_once(tmp_path):
    path = tmp_path / "r.csv"
    rows = ["cai,bea,4", "cai,bea,5", "cai,mae,1", "dov,bea,1", "rae,bea,1", "cai,ben,many", "cleo@example.org,mae,nan"]
    path.write_text("\n".join(["mentee,mentor,result", *rows, "cai,ben,9"]), "utf-8")
    with pytest.raises(RosterError) as caught:
        read_results(path, MADE, (1.0, 5.0))
    assert [(fault.row, fault.column, fault.reason) for fault in caught.value.faults] == [
        (3, "", "row 2 has a result of the same"),
        (4, "mentor", "the outcome has no such tie"),
        (5, "mentee", "no mentee with a team in the outcome has this id"),
        (6, "mentee", "no mentee with a team in the outcome has this id"),
        (7, "result", "this is no number"),
        (8, "result", "this is no number"),
        (9, "", "row 7 has a result of the same"),
        (9, "result", "this is not from 1 to 5"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty"),
        ("who,result\n", "the column is missing"),
        ("mentee,mentor\n", "the column is missing"),
    ],
)
def test_a_file_that_cannot_be_read_is_bad_input(text, words, tmp_path):
    path = tmp_path / "r.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(RosterError, match=words):
        read_results(path, MADE)


# The command


MENTEES = [{"id": f"m{i}", "stage": "resident", "need:contracts": 3, "need:billing": 1 + i % 2} for i in range(6)]
MENTORS = [
    {"id": f"o{j}", "stage": "attending", "offer:contracts": 3 - j % 2, "offer:billing": 1 + j % 3, "capacity": 2}
    for j in range(4)
]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Return a folder with ``in``, its outcome with a lottery ``out``, ``plain`` without one, and results."""
    home = tmp_path_factory.mktemp("evaluated")
    for name, policy in (("in", "lottery = { loss = 0.05, each = 0.5 }\n"), ("plain-in", "")):
        small(home / name, mentees=MENTEES, mentors=MENTORS, policy=f"{policy}institution_limit = 0")
    for name, out in (("in", "out"), ("plain-in", "plain")):
        assert command("match", home / name, "--out", home / out, "--seed", 4).code == 0
    with (home / "out" / "ties.csv").open(encoding="utf-8") as opened:
        ties = [(row["mentee"], row["mentor"]) for row in csv.DictReader(opened)]
    lines = [f"{i},{j},{1 + k % 5}" for k, (i, j) in enumerate(ties)]
    (home / "ties.csv").write_text("\n".join(["mentee,mentor,result", *lines]), "utf-8")
    (home / "few.csv").write_text(
        "\n".join(["mentee,mentor,result,when", lines[0] + ",May", lines[1] + ",May"]), "utf-8"
    )
    mentees = sorted({i for i, _j in ties})
    (home / "teams.csv").write_text(
        "\n".join(["mentee,result", *(f"{i},{k % 2}" for k, i in enumerate(mentees))]), "utf-8"
    )
    return home


def test_the_command_prints_and_writes_what_it_found(drawn, tmp_path):
    words = ("evaluate", drawn / "in", drawn / "out", "--results", drawn / "ties.csv", "--target", drawn / "plain")
    said = command(*words, "--json", tmp_path / "a" / "found.json")
    assert said.code == 0, said
    assert "target less own" in said.words
    assert "coins the intervals are rough" in said.words
    document = json.loads((tmp_path / "a" / "found.json").read_text("utf-8"))
    assert (document["format"], document["unit"], document["missing"], document["supported"]) == (1, "tie", 0, 1.0)
    assert [(each["of"], each["estimator"]) for each in document["estimates"]] == list(
        itertools.product(["own", "target", "difference"], ["horvitz_thompson", "hajek"])
    )
    # By hand, from the propensities that were logged.
    with (drawn / "out" / "propensities.csv").open(encoding="utf-8") as opened:
        chances = {(row["mentee"], row["mentor"]): float(row["propensity"]) for row in csv.DictReader(opened)}
    with (drawn / "ties.csv").open(encoding="utf-8") as opened:
        results = {(row["mentee"], row["mentor"]): float(row["result"]) for row in csv.DictReader(opened)}
    with (drawn / "plain" / "ties.csv").open(encoding="utf-8") as opened:
        aims = [(row["mentee"], row["mentor"]) for row in csv.DictReader(opened)]
    value = sum(results[tie] / chances[tie] for tie in aims if tie in results) / len(aims)
    assert document["estimates"][2]["low"] == pytest.approx(value)
    again = command(*words, "--json", tmp_path / "again.json")
    assert again.out == said.out
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "a" / "found.json").read_bytes()


def test_results_of_teams_and_missing_ones_are_evaluated(drawn):
    teams = command("evaluate", drawn / "in", drawn / "out", "--results", drawn / "teams.csv", "--level", 0.8)
    assert teams.code == 0, teams
    assert "constellations" in teams.words
    assert "80 % interval" in teams.words
    few = ("evaluate", drawn / "in", drawn / "out", "--results", drawn / "few.csv")
    refused = command(*few)
    assert refused.code == 5
    assert "results are missing" in refused.words
    assert "Nothing was estimated." in refused.words
    bounds = command(*few, "--lowest", 1, "--highest", 5)
    assert bounds.code == 0, bounds
    assert "the column 'when' was not read" in bounds.words


def test_an_outcome_without_a_lottery_says_that_nothing_is_learned_of_others(drawn, tmp_path):
    with (drawn / "plain" / "ties.csv").open(encoding="utf-8") as opened:
        ties = [(row["mentee"], row["mentor"]) for row in csv.DictReader(opened)]
    (tmp_path / "r.csv").write_text("\n".join(["mentee,mentor,result", *(f"{i},{j},2" for i, j in ties)]), "utf-8")
    said = command("evaluate", drawn / "plain-in", drawn / "plain", "--results", tmp_path / "r.csv")
    assert said.code == 0
    assert "No coin decided anything here" in said.words
    other = command(
        "evaluate", drawn / "plain-in", drawn / "plain", "--results", tmp_path / "r.csv", "--target", drawn / "out"
    )
    assert other.code == 5


def test_faults_of_target_and_results_are_told_together(drawn, tmp_path):
    (tmp_path / "r.csv").write_text("mentee,mentor,result\nrae,o1,2\n", "utf-8")
    said = command(
        "evaluate", drawn / "in", drawn / "out", "--results", tmp_path / "r.csv", "--target", tmp_path
    )  # fmt: skip
    assert said.code == 3
    assert "outcome.json cannot be read" in said.words
    assert "no mentee with a team in the outcome has this id" in said.words


def test_an_outcome_that_was_edited_is_not_evaluated(drawn):
    said = command("evaluate", drawn / "in", drawn / "plain", "--results", drawn / "ties.csv")
    assert said.code == 5
    assert "The outcome does not follow from its input." in said.words


@pytest.mark.parametrize(
    "words", [("--lowest", 1), ("--highest", 1), ("--lowest", 2, "--highest", 1), ("--level", 1), ("--level", 0)]
)
def test_options_that_cannot_be_meant_are_usage(drawn, words):
    said = command("evaluate", drawn / "in", drawn / "out", "--results", drawn / "ties.csv", *words)
    assert said.code == 2


def test_with_many_coins_no_word_is_said_about_few():
    many = {
        f"m{k}": [Possible(("ben",), 0.6, k, k % 2 == 0), Possible(("bea",), 0.4, k, k % 2 == 1)] for k in range(40)
    }
    results = {(i, own[0].team[0] if own[0].drawn else own[1].team[0]): float(len(i)) for i, own in many.items()}
    told = sentences(evaluated(many, None, Results("tie", results)))
    assert "40 coins were tossed" in told
    assert "rough" not in told
