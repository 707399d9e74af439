"""A lottery among near-ties: every draw feasible, every probability what the outcome says."""

import itertools
import json
from dataclasses import replace

import numpy as np
import pytest
from commands import command, contents, small
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import broken_rules, changed, random_problem, value_of
from scipy.stats import binom
from societies import broken, random_policy, random_society, teams_of

from introducer import lottery, rules
from introducer.certify import certify, faults
from introducer.conclude import conclude
from introducer.errors import Refused
from introducer.fit import market
from introducer.io import documents
from introducer.outcome import Draw, Prices, Swap
from introducer.pipeline import match, rematched
from introducer.policy import Lottery, Policy
from introducer.solve import solve

SEEDS = st.integers(0, 2**20)
#: Wide open: whatever is legal may be put to chance.
WIDE = Lottery(loss=0.1, each=1.0)


def solved(seed, mentees=14, mentors=9, **choices):
    problem = random_problem(np.random.default_rng(seed), mentees, mentors, **choices)
    found = solve(problem, Policy(solver="greedy"))
    return problem, found.teams, found.prices


def wide(seed, **choices):
    problem, teams, prices = solved(seed, **choices)
    return problem, lottery.hold(problem, teams, prices, WIDE, seed)


def fallen(draw, coins):
    return replace(draw, swaps=tuple(replace(s, came=bool(c)) for s, c in zip(draw.swaps, coins, strict=True)))


def holm(p_values, level=0.001):
    """Return whether Holm's procedure rejects any of these."""
    ordered = sorted(p_values)
    return any(p * (len(ordered) - k) <= level for k, p in enumerate(ordered))


def two_sided(seen, draws, chance):
    """Return the exact two-sided p-value of a binomial count: twice the smaller tail."""
    return min(1.0, 2 * min(binom.cdf(seen, draws, chance), binom.sf(seen - 1, draws, chance)))


# What is listed


@given(SEEDS)
@settings(max_examples=60, deadline=None)
def test_every_draw_is_feasible_under_every_rule(seed):
    problem, draw = wide(seed)
    many = np.random.default_rng(seed).random((20, len(draw.swaps))) < 0.5
    for coins in [*many, np.ones(len(draw.swaps)), np.zeros(len(draw.swaps))]:
        drawn = fallen(draw, coins)
        assert faults(problem, drawn.teams, _free(problem)) == []
        assert broken_rules(problem, drawn.teams) == []


def _free(problem):
    mentors = problem.shape[1]
    return Prices((0.0,) * mentors, (0.0,) * mentors, (0.0,) * len(problem.arrays.quota_limits))


def test_the_cases_put_swaps_and_moves_to_chance_where_every_rule_is_at_work():
    draws = [wide(seed)[1] for seed in range(40)]
    swaps = [swap for draw in draws for swap in draw.swaps]
    assert sum(swap.partner is not None for swap in swaps) > 40
    assert sum(swap.partner is None for swap in swaps) > 15


def test_two_who_could_take_one_free_seat_are_not_both_put_to_chance():
    gains = [[0.5, 0.45], [0.5, 0.44]]
    assert _moves(gains, ((0,), (0,)), capacities=[2, 1]) == [(0, 0, 1, None)]
    assert _moves(gains, ((0,), (0,)), capacities=[2, 2]) == [(0, 0, 1, None), (1, 0, 1, None)]


def test_moves_never_leave_a_mentor_below_the_lower_load():
    gains = [[0.5, 0.45], [0.5, 0.44]]
    assert _moves(gains, ((0,), (0,)), capacities=[2, 2], min_loads=[1, 0]) == [(0, 0, 1, None)]
    assert _moves(gains, ((0,), (0,)), capacities=[2, 2], min_loads=[2, 0]) == []


def test_swaps_fit_into_a_quota_however_the_coins_fall():
    # Mentees 0 and 1 count towards a quota of Bea, who has 2 and 3; each could change with either.
    gains = [[0.5, 0.45], [0.5, 0.44], [0.45, 0.5], [0.44, 0.5]]
    teams = ((0,), (0,), (1,), (1,))
    both = [(0, 0, 1, 2), (1, 0, 1, 3)]
    assert _moves(gains, teams, capacities=[2, 2], quota=(1, 2, [0, 1])) == both
    assert _moves(gains, teams, capacities=[2, 2], quota=(1, 1, [0, 1])) == both[:1]
    assert _moves(gains, teams, capacities=[2, 2], quota=(1, 2, [0, 1, 2, 3])) == both
    assert _moves(gains, teams, capacities=[2, 2], quota=(1, 0, [0, 1])) == []


def _moves(gains, teams, *, capacities, min_loads=(0, 0), quota=None):
    """Return mentee, mentor given, mentor got and partner of all that is listed for mentees who get one mentor each."""
    problem = _little(gains, capacities, min_loads, quota)
    prices = Prices((0.0,) * len(capacities), (0.0,) * len(capacities), (0.0,) * len(problem.arrays.quota_limits))
    swaps, _value = lottery.listed(problem, teams, prices, Lottery(loss=0.1, each=0.1))
    return [(s.mentee, s.gives, s.gets, s.partner) for s in swaps]


def _little(gains, capacities, min_loads=(0, 0), quota=None):
    """Return the problem in which each mentee has one need and all mentors for candidates; at most one quota."""
    gains = np.array(gains)
    count, mentors = gains.shape
    base = random_problem(np.random.default_rng(0), count, mentors, rules=frozenset(), eligible=1.1)
    holder, most, members = quota or (0, 0, [])
    return changed(
        base,
        team_sizes=np.ones(count, np.int64),
        capacities=np.array(capacities),
        min_loads=np.array(min_loads),
        starts=np.arange(count + 1) * mentors,
        mentors=np.tile(np.arange(mentors), count),
        pairs=np.zeros(gains.size),
        widths=np.ones(count, np.int64),
        gain_starts=np.arange(count + 1) * mentors,
        gains=gains.ravel(),
        kept=np.ones(gains.size, bool),
        pinned=np.zeros(gains.size, bool),
        quota_mentors=np.array([holder] if quota else [], np.int64),
        quota_limits=np.array([most] if quota else [], np.int64),
        quota_starts=np.cumsum([0, *(i in members for i in range(count))]),
        quota_places=np.full(len(members), holder),
        quota_ids=np.zeros(len(members), np.int64),
    )


@given(SEEDS)
@settings(max_examples=60, deadline=None)
def test_nobody_is_in_two_swaps_and_losses_are_what_the_teams_lose(seed):
    problem, draw = wide(seed)
    members = [i for swap in draw.swaps for i, *_ in swap.sides]
    assert len(members) == len(set(members))
    assert draw.value_before == value_of(problem, draw.before)
    for number, swap in enumerate(draw.swaps):
        coins = np.arange(len(draw.swaps)) == number
        alone = fallen(draw, coins).teams
        assert draw.value_before - value_of(problem, alone) == pytest.approx(swap.loss, abs=1e-12)
        for (i, gives, gets), loss in zip(swap.sides, swap.losses, strict=False):
            assert problem.value(i, draw.before[i]) - problem.value(i, alone[i]) == loss <= WIDE.each
            assert gives in draw.before[i]
            assert gets not in draw.before[i]


@given(SEEDS, st.sampled_from([0.001, 0.01, 0.05]), st.sampled_from([0.02, 0.1, 0.5]))
@settings(max_examples=60, deadline=None)
def test_expected_loss_and_what_each_may_lose_keep_their_limits(seed, loss, each):
    problem, teams, prices = solved(seed)
    held = Lottery(loss=loss, each=each)
    swaps, value = lottery.listed(problem, teams, prices, held)
    assert sum(s.thousandths * max(s.loss, 0.0) for s in swaps) <= 1000 * loss * value * (1 + 1e-12)
    assert all(200 <= s.thousandths <= 500 for s in swaps)
    assert all(lost <= each for s in swaps for lost in s.losses)


def test_the_list_knows_no_seed_and_no_coin():
    problem, teams, prices = solved(11, mentees=40, mentors=24)
    one, two = (lottery.hold(problem, teams, prices, WIDE, seed) for seed in (1, 2))
    assert [replace(s, came=False) for s in one.swaps] == [replace(s, came=False) for s in two.swaps]
    assert one.commitment != two.commitment
    assert one.teams != two.teams


def test_the_cheapest_swap_of_two_is_the_one_that_is_listed():
    # Ben helps 0 a little more than Bea does; 1 and 2 have Bea. The swap with 2 takes less.
    problem, teams, prices = _three()
    swaps, _value = lottery.listed(problem, teams, prices, Lottery(loss=0.1, each=0.2))
    assert [(s.mentee, s.gives, s.gets, s.partner) for s in swaps] == [(0, 0, 1, 2)]


def test_what_one_mentee_would_lose_too_much_of_is_not_listed_though_another_gains():
    problem, teams, prices = _three()
    assert lottery.listed(problem, teams, prices, Lottery(loss=0.1, each=0.01))[0] == ()


def test_a_pinned_mentor_is_not_given_away():
    problem, teams, prices = _three()
    pinned = np.zeros(len(problem.arrays.pinned), bool)
    pinned[0] = True
    assert lottery.listed(changed(problem, pinned=pinned), teams, prices, WIDE)[0] == ()


def _three():
    """Return three mentees, Ben (0) with a seat and Bea (1) with two, all of which are taken."""
    problem = _little([[0.5, 0.45], [0.1, 0.3], [0.25, 0.3]], [1, 2])
    return problem, ((0,), (1,), (1,)), Prices((0.0, 0.0), (0.0, 0.0))


# Probabilities


def test_free_swaps_have_the_largest_probability_and_dear_ones_smaller_ones_or_none():
    losses = np.array([-0.1, 0.0, 0.01, 0.02, 0.05, 1.0])
    found = lottery.probabilities(losses, 0.02, (200, 500))
    assert found[:2].tolist() == [500, 500]
    assert list(found) == sorted(found, reverse=True)
    assert found[-1] == 0
    assert 0 < found @ np.maximum(losses, 0) <= 20


@given(st.lists(st.floats(0.001, 1.0), min_size=1, max_size=6), st.floats(0.0, 1.0))
@settings(max_examples=100, deadline=None)
def test_no_other_probabilities_within_the_budget_vary_more(losses, part):
    losses = np.array(losses)
    budget = part * 0.5 * losses.sum()
    found = lottery.probabilities(losses, budget, (200, 500)) / 1000
    assert found @ losses <= budget + 1e-12
    choices = np.array(list(itertools.product([0.0, 0.2, 0.3, 0.4, 0.5], repeat=len(losses))))
    allowed = choices[choices @ losses <= budget]
    best = (allowed * (1 - allowed)).sum(axis=1).max()
    # What is left of the budget is less than the next swap needs at its least: .8 / L a unit, .2 L at most.
    assert (found * (1 - found)).sum() >= best - 0.16 - 0.001 * len(losses)


def test_nothing_is_put_to_chance_without_a_budget_but_what_is_free():
    assert lottery.probabilities(np.array([0.0, 0.1]), 0.0, (200, 500)).tolist() == [500, 0]
    assert lottery.probabilities(np.zeros(0), 0.0, (200, 500)).tolist() == []


# The draw


def test_frequencies_of_ties_and_teams_agree_with_the_logged_propensities():
    problem, teams, prices = solved(11, mentees=40, mentors=24)
    draw = lottery.hold(problem, teams, prices, Lottery(loss=0.02, each=1.0), 0)
    assert len(draw.swaps) >= 8
    assert len({swap.thousandths for swap in draw.swaps}) >= 4
    draws = 20_000
    came = np.array([lottery.toss(draw.swaps, seed) for seed in range(draws)])
    p_values = []
    for own in draw.chances:
        ties = dict.fromkeys(draw.ties(own[0].mentee), 0)
        for chance in own:
            here = came[:, chance.coin] if chance.coin is not None else np.zeros(draws, bool)
            seen = int((here if chance is own[-1] and len(own) > 1 else ~here).sum())
            p_values.append(two_sided(seen, draws, chance.thousandths / 1000))
            for j in chance.team:
                ties[j] += seen
        for j, thousandths in draw.ties(own[0].mentee).items():
            p_values.append(two_sided(ties[j], draws, thousandths / 1000))
    for one, two in itertools.combinations(range(len(draw.swaps)), 2):
        both = draw.swaps[one].thousandths * draw.swaps[two].thousandths / 1e6
        p_values.append(two_sided(int((came[:, one] & came[:, two]).sum()), draws, both))
    assert not holm(p_values)


def test_a_wrong_propensity_would_be_found():
    seen = int((lottery.toss([Swap(0, 0, 1, 1, 300, (0.0, 0.0))] * 20_000, 1)).sum())
    assert not holm([two_sided(seen, 20_000, 0.3)])
    assert holm([two_sided(seen, 20_000, 0.32)])


def test_a_coin_is_exact_at_its_ends():
    for thousandths, all_came in ((0, False), (1000, True)):
        assert set(lottery.toss([Swap(0, 0, 1, 1, thousandths, (0.0, 0.0))] * 20_000, 3).tolist()) == {all_came}


def test_probabilities_of_ties_sum_to_the_size_of_the_team():
    problem, draw = wide(5)
    for i, own in enumerate(draw.chances):
        assert sum(chance.thousandths for chance in own) == 1000
        assert sum(chance.drawn for chance in own) == 1
        assert sum(draw.ties(i).values()) == 1000 * len(draw.before[i])
    assert len(draw.teams) == problem.shape[0]


def test_the_expected_loss_is_the_mean_over_all_draws():
    problem, draw = wide(8)
    draw = replace(draw, swaps=draw.swaps[:4])
    mean = 0.0
    for coins in itertools.product([False, True], repeat=len(draw.swaps)):
        chance = np.prod(
            [s.thousandths / 1000 if c else 1 - s.thousandths / 1000 for s, c in zip(draw.swaps, coins, strict=True)]
        )
        mean += chance * (draw.value_before - value_of(problem, fallen(draw, coins).teams))
    assert len(draw.swaps) == 4
    assert mean == pytest.approx(draw.expected_loss, abs=1e-9)


def test_the_commitment_binds_the_seed():
    assert lottery.commitment(1) == "633a8c3dcfb90e5608854652f09e0b01536578c49cbd3197ab64a61301fa64b9"
    assert lottery.commitment(1) != lottery.commitment(2)


# Through the whole way


@pytest.mark.parametrize("seed", range(6))
def test_a_society_with_every_rule_keeps_them_after_the_coins(seed):
    held = {"loss": 0.1, "each": 1.0}
    policy = random_policy(seed, lottery=held, solver="greedy")
    people = random_society(seed, 12, 9)
    plain = match(people, policy.model_copy(update={"lottery": Lottery()}))
    found = match(people, policy)
    assert broken(found) == []
    assert plain.draw is None
    assert isinstance(found.draw, Draw)
    ids = [mentor.id for mentor in people.mentors]
    before = {mentee.id: {ids[j] for j in team} for mentee, team in zip(people.mentees, found.draw.before, strict=True)}
    assert before == teams_of(plain)
    # The certificate is of what was drawn, under the bound of the prices.
    whole = market(people, policy, rules.refusals(people, policy))
    assert found.certificate == certify(whole, found.draw.teams, found.prices)
    assert found.certificate.bound == plain.certificate.bound
    lost = sum(swap.loss for swap in found.draw.swaps if swap.came)
    assert found.certificate.value == pytest.approx(plain.certificate.value - lost, abs=1e-9)
    assert sum(found.certificate.regrets) + sum(found.certificate.slacks) == pytest.approx(
        found.certificate.bound - found.certificate.value, abs=1e-9
    )


def test_a_rematch_tosses_no_coin():
    people = random_society(1, 12, 9)
    policy = random_policy(1, lottery={"loss": 0.1, "each": 1.0})
    assert match(people, policy).draw is not None
    assert rematched(people, policy, {}, most=5).outcome.draw is None


TWINS = [
    {"id": f"m{i}", "stage": "resident", "need:contracts": 3, "need:billing": 1 + i % 2, "rural": "yes" if i else ""}
    for i in range(6)
]
MENTORS = [
    {"id": f"o{j}", "stage": "attending", "offer:contracts": 3 - j % 2, "offer:billing": 1 + j % 3, "capacity": 2}
    for j in range(4)
]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Return an input folder with a lottery and its outcome."""
    policy = "lottery = { loss = 0.05, each = 0.5 }\nseed = 4\ninstitution_limit = 0"
    folder = small(tmp_path_factory.mktemp("drawn") / "in", mentees=TWINS, mentors=MENTORS, policy=policy)
    said = command("match", folder, "--out", folder.parent / "out")
    assert said.code == 0, said
    assert "put to chance" in said.words
    return folder, folder.parent / "out"


def test_the_outcome_logs_list_probabilities_and_commitment(drawn):
    held = json.loads((drawn[1] / "outcome.json").read_text("utf-8"))["lottery"]
    assert held["commitment"] == lottery.commitment(4)
    assert len(held["list_sha256"]) == 64
    assert len(held["swaps"]) >= 2
    assert held["expected_loss"] <= 0.05 * held["value_before"]
    for swap in held["swaps"]:
        assert set(swap) == {"mentee", "gives", "gets", "partner", "probability", "loss", "losses", "came"}
        assert len(swap["losses"]) == (1 if swap["partner"] is None else 2)
        assert 0.2 <= swap["probability"] <= 0.5
    members = {i for swap in held["swaps"] for i in (swap["mentee"], swap["partner"]) if i}
    assert {entry["mentee"] for entry in held["teams"]} == members
    assert len(held["teams"]) == 2 * len(members)


def test_propensities_name_every_tie_that_could_be_and_those_that_are(drawn):
    lines = (drawn[1] / "propensities.csv").read_text("utf-8").splitlines()
    assert lines[0] == "mentee,mentor,propensity,coin,tied"
    table = [line.split(",") for line in lines[1:]]
    ties = [line.split(",")[:2] for line in (drawn[1] / "ties.csv").read_text("utf-8").splitlines()[1:]]
    assert [row[:2] for row in table if row[4] == "yes"] == ties
    assert sum(float(row[2]) for row in table) == pytest.approx(len(ties))
    assert {row[3] == "" for row in table if row[2] == "1.0"} == {True}
    assert all(row[3] for row in table if row[2] != "1.0")


def test_the_same_seed_writes_the_same_bytes_and_another_one_tosses_others(drawn, tmp_path):
    for name, *words in (("again",), ("one", "--threads", 1), ("other", "--seed", 5)):
        assert command("match", drawn[0], "--out", tmp_path / name, *words).code == 0
    assert contents(tmp_path / "again") == contents(drawn[1]) == contents(tmp_path / "one")
    swaps = [
        json.loads((path / "outcome.json").read_text("utf-8"))["lottery"]["swaps"]
        for path in (drawn[1], tmp_path / "other")
    ]
    assert [swap["came"] for swap in swaps[0]] != [swap["came"] for swap in swaps[1]]


def test_a_drawn_outcome_is_verified(drawn):
    assert command("verify", *drawn).code == 0


def put(place, value):
    def change(held):
        *path, last = place
        for step in path:
            held = held[step]
        held[last] = value

    return change


def coin_turned(held):
    held["swaps"][0]["came"] = not held["swaps"][0]["came"]


def no_list(held):
    held["swaps"], held["teams"] = [], []


@pytest.mark.parametrize(
    "change",
    [
        put(["commitment"], "0" * 64),
        put(["list_sha256"], "0" * 64),
        put(["expected_loss"], 0.0),
        put(["value_before"], 1.0),
        put(["swaps", 0, "probability"], 0.25),
        put(["swaps", 0, "loss"], 9.0),
        put(["swaps", 0, "gets"], "o9"),
        put(["teams", 0, "team"], ["o3"]),
        coin_turned,
        no_list,
        lambda held: held["swaps"].pop(),
        lambda held: held["teams"].reverse(),
    ],
)
def test_an_edit_of_the_lottery_is_refused(drawn, change, tmp_path):
    said = _edited(drawn, tmp_path, lambda document: change(document["lottery"]))
    assert said.code == 5, said
    assert "Unexpected" not in said.words


def _edited(drawn, tmp_path, change):
    document = json.loads((drawn[1] / "outcome.json").read_text("utf-8"))
    change(document)
    document.pop("sha256")
    for name, content in contents(drawn[1]).items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "run.json").write_bytes((drawn[1] / "run.json").read_bytes())
    (tmp_path / "outcome.json").write_text(documents.sealed(document), "utf-8")
    return command("verify", drawn[0], tmp_path)


@pytest.mark.parametrize("value", [[], {}, {"teams": 3}, {"teams": [{"mentee": "m0"}]}])
def test_what_is_no_lottery_is_said_to_be_none(drawn, value, tmp_path):
    said = _edited(drawn, tmp_path, lambda document: document.update(lottery=value))
    assert said.code == 5
    assert "outcome.json is no outcome" in said.words


def test_propensities_that_are_no_probabilities_are_refused(drawn, tmp_path):
    said = _edited(drawn, tmp_path, lambda document: document["lottery"]["teams"][0].update(propensity=0.9))
    assert said.code == 5
    assert "are no probabilities" in said.words


def test_an_illegal_team_before_the_coins_is_refused(drawn, tmp_path):
    def change(document):
        for entry in document["lottery"]["teams"]:
            entry["team"] = ["o0", "o1", "o2"]

    said = _edited(drawn, tmp_path, change)
    assert said.code == 5
    assert "may have 2" in said.words


def test_a_lottery_that_the_policy_does_not_hold_is_refused(drawn, tmp_path):
    folder = small(tmp_path / "in", mentees=TWINS, mentors=MENTORS, policy="seed = 4\ninstitution_limit = 0")
    said = command("verify", folder, drawn[1])
    assert said.code == 5


@pytest.mark.parametrize("name", ["propensities.csv"])
def test_an_edit_of_the_propensities_is_refused_by_name(drawn, name, tmp_path):
    for each, content in contents(drawn[1]).items():
        (tmp_path / each).write_bytes(content.replace(b"0.5", b"0.4") if each == name else content)
    (tmp_path / "run.json").write_bytes((drawn[1] / "run.json").read_bytes())
    said = command("verify", drawn[0], tmp_path)
    assert said.code == 5
    assert name in said.words


def test_a_redacted_outcome_tells_nothing_of_the_lottery(drawn, tmp_path):
    assert command("match", drawn[0], "--out", tmp_path / "out", "--redacted").code == 0
    assert not (tmp_path / "out" / "propensities.csv").exists()
    assert "lottery" not in {*json.loads((tmp_path / "out" / "outcome.json").read_text("utf-8"))} - {"policy"}


def test_check_gives_the_commitment_before_the_match(drawn, tmp_path):
    assert lottery.commitment(4) in command("check", drawn[0]).words
    plain = small(tmp_path / "in")
    assert "Commitment" not in command("check", plain).words


def test_a_later_match_takes_the_ties_after_the_coins_for_earlier_ones(drawn, tmp_path):
    assert command("match", drawn[0], "--out", tmp_path / "next", "--previous", drawn[1]).code == 0
    stored = documents.read_outcome(tmp_path / "next")
    earlier = documents.read_outcome(drawn[1])
    assert stored.previous == {(i, j) for i, team in earlier.teams.items() for j in team}


def test_report_and_explanation_say_what_coins_decided(drawn):
    held = json.loads((drawn[1] / "outcome.json").read_text("utf-8"))["lottery"]
    report = (drawn[1] / "report.html").read_text("utf-8")
    assert f"Coins decided about {len(held['swaps'])} swaps" in report
    assert "expected to cost at most 5.00" in report
    swap = held["swaps"][0]
    here, instead = (swap["gets"], swap["gives"]) if swap["came"] else (swap["gives"], swap["gets"])
    for words in ((), ("--mentor", here)):
        said = command("explain", *drawn, "--mentee", swap["mentee"], *words)
        assert said.code == 0, said
        assert f"A coin decided between {here} (" in said.words
        assert f" and {instead} (" in said.words
    alone = {f"m{i}" for i in range(6)} - {entry["mentee"] for entry in held["teams"]}
    for mentee in sorted(alone):
        assert "A coin" not in command("explain", *drawn, "--mentee", mentee).words


def test_a_lottery_of_worthless_outcomes_costs_nothing(tmp_path):
    folder = small(
        tmp_path / "in", mentees=[{"id": "cai"}], mentors=[{"id": "ben"}], policy="lottery = { loss = 0.01 }"
    )
    assert command("match", folder, "--out", tmp_path / "out").code == 0
    assert "Coins decided about 0 swaps" in (tmp_path / "out" / "report.html").read_text("utf-8")
    assert command("verify", folder, tmp_path / "out").code == 0


# The policy


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lottery = { loss = 0.2 }", "policy.lottery.loss"),
        ("lottery = { loss = -1 }", "policy.lottery.loss"),
        ("lottery = { each = 2 }", "policy.lottery.each"),
        ("lottery = { probabilities = [0.1, 0.5] }", "policy.lottery.probabilities"),
        ("lottery = { probabilities = [0.2, 0.6] }", "policy.lottery.probabilities"),
        ("lottery = { probabilities = [0.4, 0.3] }", "must not be above the second"),
        ("lottery = { probabilities = [0.2005, 0.3] }", "in thousandths"),
        ("lottery = { lost = 0.01 }", "Did you mean 'loss'?"),
        ("lottery = 0.01", "policy.lottery"),
    ],
)
def test_a_lottery_that_cannot_be_meant_is_a_fault(text, words, tmp_path):
    said = command("check", small(tmp_path / "in", policy=text))
    assert said.code == 3
    assert words in said.words


def test_probabilities_that_the_policy_narrows_are_kept():
    problem, teams, prices = solved(11, mentees=40, mentors=24)
    held = Lottery(loss=0.01, each=1.0, probabilities=(0.3, 0.4))
    swaps, _value = lottery.listed(problem, teams, prices, held)
    assert {swap.thousandths for swap in swaps} <= set(range(300, 401))
    assert len(swaps) > 1


def test_teams_that_break_a_rule_are_refused_before_any_coin():
    people, policy = random_society(1, 6, 7), random_policy(1, lottery={"loss": 0.1})
    with pytest.raises(Refused):
        conclude(people, policy, ((99,),) * 6, Prices((0.0,) * 7, (0.0,) * 7, ()), chance=True)
