"""How the worth is spread: the figures, what may be told of groups, and floors on their way through files."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from commands import command, contents, small
from folders import write_folder
from hypothesis import given, settings
from hypothesis import strategies as st
from outcomes import VOCABULARY, cast, many, outcome
from pydantic import ValidationError
from societies import random_society

import introducer
from introducer import certify, fairness, fit, floors, rules
from introducer.errors import RosterError
from introducer.io import documents
from introducer.io.fair import StoredFloors
from introducer.outcome import Fairness, Group, Plain, Prices, Raised, Step
from introducer.pipeline import rematched
from introducer.policy import Lottery, Policy
from introducer.report import page
from introducer.roster import Mentee, Mentor, Roster

FLOORS = ("total", "leximin", 0.25)


def spread(shares, mentees=None):
    people = mentees or tuple(Mentee(id=f"c{i:03}") for i in range(len(shares)))
    by = np.where(np.isnan(shares), 0.0, 1.0)
    return fairness._spread(Roster("Made up", VOCABULARY, people, ()), np.array(shares), by)


# Figures


def test_the_figures_of_a_spread_are_those_of_who_has_a_share():
    found = spread([0.5, np.nan, 1.0, 0.75])
    assert found.shares == (0.5, None, 1.0, 0.75)
    assert found.left_out == (1,)
    assert (found.minimum, found.fifth) == (0.5, 0.5)
    differences = [abs(x - y) for x in (0.5, 1.0, 0.75) for y in (0.5, 1.0, 0.75)]
    assert found.gini == pytest.approx(sum(differences) / 9 / (2 * 0.75))


def test_one_in_twenty_has_less_than_the_fifth_percentile():
    assert spread([i / 40 for i in range(1, 41)]).fifth == 3 / 40


def test_equal_shares_have_a_gini_coefficient_of_0_and_no_shares_have_none():
    assert spread([0.5] * 7).gini == 0.0
    assert spread([0.0] * 7).gini == 0.0
    nobody = spread([np.nan])
    assert (nobody.minimum, nobody.fifth, nobody.gini, nobody.groups) == (None, None, None, ())


# Groups


def people(*groups):
    """Return mentees: so many, with these flags, at this stage."""
    numbered = [(flags, stage) for number, flags, stage in groups for _ in range(number)]
    return tuple(
        Mentee(id=f"c{i:03}", flags=frozenset(flags), stage=stage) for i, (flags, stage) in enumerate(numbered)
    )


def test_groups_have_the_mean_of_their_shares_and_its_interval():
    mentees = people((10, {"rural"}, "resident"), (12, (), "resident"))
    shares = [0.4 + 0.02 * (i % 2) for i in range(10)] + [0.8] * 12
    rural, others = sorted(spread(shares, mentees).groups, key=lambda group: group.members)
    assert (rural.name, rural.members, others.name, others.members) == ("flag:rural", 10, "flag:not rural", 12)
    assert rural.mean == pytest.approx(0.41)
    # 2.262 is Student's 97.5 % point for nine degrees of freedom.
    assert rural.high - rural.mean == pytest.approx(2.262 * np.std(shares[:10], ddof=1) / np.sqrt(10), rel=1e-3)
    assert (others.low, others.high) == (pytest.approx(0.8), pytest.approx(0.8))


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ((10, 11), [10, 11]),
        ((9, 11), []),
        ((9, 11, 12), []),  # the nine could be told from the rest
        ((9, 11, 12, 13), [12, 13]),
        ((5, 6, 12, 13), [12, 13]),  # eleven are left out together
        ((10,), []),  # one group is everybody
    ],
)
def test_small_groups_are_left_out_and_cannot_be_told_from_the_rest(sizes, shown):
    mentees = people(*((size, (), f"s{place}") for place, size in enumerate(sizes)))
    assert sorted(group.members for group in spread([0.5] * len(mentees), mentees).groups) == shown


# Measures


def test_nobody_is_measured_by_a_larger_team_than_the_policy_gives():
    roster, policy = cast(), Policy(team_size=1)
    wide = replace(roster, mentees=tuple(replace(mentee, team_size=2) for mentee in roster.mentees))
    own = [fairness.measures(fit.market(r, policy, rules.refusals(r, policy)), policy) for r in (roster, wide)]
    assert own[0].tolist() == own[1].tolist()
    market = fit.market(wide, policy, rules.refusals(wide, policy))
    assert fairness.measures(market, policy, certify.alone(market)).tolist() == own[0].tolist()


# The policy


@pytest.mark.parametrize("floor", ["most", -0.1, 1.5, True, None, float("nan"), [0.5]])
def test_a_floor_that_is_none_is_refused_with_what_it_may_be(floor):
    with pytest.raises(ValidationError, match=r'this must be "total", "leximin" or a number from 0 to 1'):
        Policy(floor=floor)


def test_the_baseline_knows_no_floors():
    assert Policy(solver="greedy").floor == "total"
    with pytest.raises(ValidationError, match='the solver "greedy" knows no floor'):
        Policy(solver="greedy", floor=0.5)


def test_a_lottery_and_a_floor_are_a_choice():
    with pytest.raises(ValidationError, match="the coins of a lottery could break a floor"):
        Policy(floor=0.5, lottery=Lottery(loss=0.01))


@pytest.mark.parametrize(("floor", "kept"), [(1, 1.0), (0, 0.0), (0.5, 0.5), ("leximin", "leximin")])
def test_a_floor_is_a_number_or_a_word(floor, kept):
    assert Policy(floor=floor).floor == kept


# The way through


@pytest.mark.parametrize("floor", ['"most"', "1.5", "true"])
def test_a_wrong_floor_in_a_folder_is_a_fault_of_its_line(tmp_path, floor):
    said = command("match", small(tmp_path / "in", policy=f"floor = {floor}"), "--out", tmp_path / "out")
    assert said.code == 3
    assert "policy.floor" in said.words
    assert 'this must be "total", "leximin" or a number from 0 to 1' in said.words


def test_a_cohort_too_large_for_floors_by_the_exact_solver_is_told_so(tmp_path, monkeypatch):
    monkeypatch.setattr(floors, "LARGE", 5)
    folder = small(tmp_path / "in", policy='floor = 0.2\nsolver = "exact"')
    said = command("match", folder, "--out", tmp_path / "out")
    assert said.code == 3
    assert "with the solver 'exact' needs a cohort of at most 5 allowed pairs, and this one has 6" in said.words


def test_matching_again_with_few_changes_knows_no_floor():
    with pytest.raises(RosterError, match="knows no floor but 'total'"):
        rematched(cast(), Policy(floor=0.5), {}, most=1)


@pytest.fixture(scope="module", params=["leximin", 0.3, "total"])
def floored(request, tmp_path_factory):
    """Return a folder with a floor, its outcome, and the part of it that says how the worth is spread."""
    floor = json.dumps(request.param)
    folder = small(tmp_path_factory.mktemp("floored") / "in", policy=f"floor = {floor}")
    out = folder.parent / "out"
    assert command("match", folder, "--out", out).code == 0
    return folder, out, json.loads((out / "outcome.json").read_text("utf-8"))["fairness"]


def test_an_outcome_with_a_floor_is_verified(floored):
    folder, out, _part = floored
    assert command("verify", folder, out).code == 0


def test_the_shares_of_an_outcome_are_worth_by_what_the_best_team_alone_is_worth(floored):
    _folder, out, part = floored
    document = json.loads((out / "outcome.json").read_text("utf-8"))
    assert sorted(part["shares"]) + part["left_out"] == sorted(document["teams"])
    assert part["minimum"] == min(part["shares"].values())
    if document["policy"]["floor"] == "total":
        assert "levels" not in part
        return
    assert all(part["shares"][mentee] >= level for mentee, level in part["levels"].items())
    plain = part["without_floor"]
    assert plain["cost"] == plain["value"] - document["value"] >= 0
    assert plain["cost_at_most"] >= plain["cost"]
    assert plain["minimum"] <= part["minimum"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda part: part["levels"].update(cai=0.0), "The floors are not those of the policy."),
        (lambda part: part["levels"].update(cai=1.0, cleo=1.0, cy=1.0), "the floor is"),
        (lambda part: part.pop("levels"), "The floors are not those of the policy."),
        (lambda part: part["without_floor"]["teams"].update(cai=["ghost"]), "is no mentor of the input"),
        (lambda part: part["without_floor"]["prices"]["capacity"].update(ben=-1.0), "A price is negative"),
        (lambda part: part["without_floor"].update(value=9.0), "outcome.json, line"),
        (lambda part: part["shares"].update(cai=0.9), "outcome.json, line"),
        (lambda part: part.pop("without_floor"), "outcome.json is no outcome: KeyError"),
    ],
)
def test_a_floor_that_was_edited_is_refused(floored, tmp_path, change, words):
    folder, out, part = floored
    if "levels" not in part:
        return
    copy = shutil.copytree(out, tmp_path / "out")
    document = json.loads((copy / "outcome.json").read_text("utf-8"))
    change(document["fairness"])
    document.pop("sha256")
    (copy / "outcome.json").write_text(documents.sealed(document), encoding="utf-8")
    said = command("verify", folder, copy)
    assert said.code == 5
    assert words in said.words


def scarce(folder, floor, ties=()):
    """Write a cohort in which four ask for what the one seat of one mentor and the weak offers of another can give."""
    mentees = [{"id": f"c{i}", "stage": "resident", "need:contracts": 3} for i in range(4)]
    mentors = [
        {"id": "bea", "stage": "attending", "offer:contracts": 3, "capacity": 1},
        {"id": "ben", "stage": "attending", "offer:contracts": 1, "capacity": 3},
    ]
    return write_folder(folder, mentees, mentors, ties, extra=f"[policy]\nteam_size = 1\nfloor = {floor}\n")


def test_a_floor_out_of_reach_is_refused_with_proof_and_names(tmp_path):
    said = command("match", scarce(tmp_path / "in", 0.9), "--out", tmp_path / "out")
    assert said.code == 4
    assert "The floor is 0.9, and no outcome gives everybody a share of 0." in said.words
    assert "below the floor are c" in said.words
    assert not (tmp_path / "out").exists()


def test_prices_that_prove_nothing_are_refused(tmp_path):
    folder, out = scarce(tmp_path / "in", '"leximin"'), tmp_path / "out"
    assert command("match", folder, "--out", out).code == 0
    document = json.loads((out / "outcome.json").read_text("utf-8"))
    steps = document["fairness"]["steps"]
    assert document["fairness"]["ceiling"] == steps[0]["impossible"] > steps[0]["level"]
    capacity = steps[0]["prices"]["capacity"]
    for price, words in ((0.0, "The prices do not prove"), (-1.0, "A price is negative or no number.")):
        steps[0]["prices"]["capacity"] = dict.fromkeys(capacity, price)
        document.pop("sha256", None)
        (out / "outcome.json").write_text(documents.sealed(document), encoding="utf-8")
        said = command("verify", folder, out)
        assert said.code == 5
        assert words in said.words


def test_who_cannot_have_more_whatever_others_do_is_proved_to_be_stuck(tmp_path):
    folder = scarce(tmp_path / "in", '"leximin"', [{"kind": "pin", "mentee": "c3", "mentor": "bea"}])
    assert command("match", folder, "--out", tmp_path / "out").code == 0
    part = json.loads((tmp_path / "out" / "outcome.json").read_text("utf-8"))["fairness"]
    assert part["stuck"] == ["c0", "c1", "c2"]
    assert part["shares"]["c3"] == part["levels"]["c3"] == 1.0
    assert command("verify", folder, tmp_path / "out").code == 0


def test_a_redacted_outcome_says_nothing_of_shares(tmp_path):
    assert command("match", scarce(tmp_path / "in", 0.1), "--out", tmp_path / "out", "--redacted").code == 0
    assert "fairness" not in json.loads((tmp_path / "out" / "outcome.json").read_text("utf-8"))
    assert 'id="spread"' not in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_the_same_floor_gives_the_same_bytes(tmp_path):
    folder = scarce(tmp_path / "in", '"leximin"')
    for name in ("one", "two"):
        assert command("match", folder, "--out", tmp_path / name).code == 0
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def followed(roster, floor):
    """Return the ties under a floor, or why there are none."""
    try:
        return introducer.match(roster, Policy(floor=floor)).ties
    except introducer.Infeasible as error:
        return error.causes


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False), st.sampled_from(["leximin", 0.1]))
def test_the_order_of_rows_changes_nothing_under_a_floor(seed, chance, floor):
    one = random_society(seed)
    mentees, mentors, ties = list(one.mentees), list(one.mentors), list(one.ties)
    for rows in (mentees, mentors, ties):
        chance.shuffle(rows)
    other = Roster(one.program, one.vocabulary, tuple(mentees), tuple(mentors), tuple(ties))
    assert followed(one, floor) == followed(other, floor)


def test_equity_weights_and_quotas_hold_under_a_floor():
    mentees = tuple(
        Mentee(
            id=f"c{i}", needs={"contracts": 3}, wishes={"rural_path": 3}, flags=frozenset({"rural"} if i < 2 else ())
        )
        for i in range(4)
    )
    mentors = (
        Mentor(
            id="bea",
            offers={"contracts": 3},
            capacity=4,
            experiences=frozenset({"rural_path"}),
            quotas={"rural_path": 2},
        ),
        Mentor(id="ben", offers={"contracts": 2}, capacity=4),
    )
    roster = Roster("Made up", VOCABULARY, mentees, mentors)
    found = introducer.match(roster, Policy(team_size=1, floor="leximin", equity={"rural": 2.0}, gap_target=0.0))
    assert found.loads == (2, 2)
    assert {tie.mentee for tie in found.ties if tie.mentor == 0} == {0, 1}
    assert found.fairness.minimum == pytest.approx(min(share or 0.0 for share in found.fairness.shares))


# The report


GROUPS = tuple(
    Group(name, 12, 0.6, 0.5, 0.7) for name in ("flag:not rural", "flag:rural", "stage:", "stage:resident", "stage:x")
)
ZEROS = Prices((0.0,) * 2, (0.0,) * 2)


def told(floor, *steps, **plain):
    """Return the report of an outcome with a floor: Cleo gained, and Cai has no share."""
    raised = Raised((0.5, 0.0), steps, ((), ()), ZEROS)
    against = replace(Plain(2.0, 2.1, 0.1, (0,), ()), **plain)
    fair = Fairness((0.5, None), (1,), 0.5, 0.5, 0.1, GROUPS, raised, (0,), against)
    return page(outcome(cast(), {"cleo": ["bea"]}, policy=Policy(floor=floor), fairness=fair))


def test_the_report_says_what_a_floor_cost_and_who_gained():
    text = told("leximin", Step(0.5, 0.51, ZEROS))
    assert "raised as far as it was found to go, to 50.0000\u202f%" in text
    assert "a least share of 51.0000\u202f% is impossible" in text
    assert "1 mentee cannot have more than their level, proved one by one." in text
    assert "of the total: without the floor all together would have 2.000" in text
    assert "Who gained.</b> 1 mentee: " in text
    assert "not rural" in text
    assert "no stage given" in text
    assert "Without a share" in text


def test_the_report_says_what_was_not_proved_and_what_a_number_promises():
    assert "to 50.0000\u202f%. Then the next" in told("leximin", Step(0.5, np.inf, None))
    text = told(0.5, value=0.0, bound=0.0, minimum=None, gained=(), lost=())
    assert "Everybody has a share of at least 50.00\u202f%, as the policy asks." in text
    assert "Nothing: no outcome without the floor was found that is worth more." in text
    assert "Who gained.</b> Nobody." in text


def test_the_report_of_a_total_shows_the_spread_alone():
    text = page(outcome(cast(), {"cleo": ["bea"]}))
    assert "How evenly it is spread" in text
    assert "What it cost" not in text
    assert "no two groups" in text
    nobody = Fairness((None,) * 2, (0, 1), None, None, None, ())
    assert "Nobody in this cohort has a share" in page(outcome(cast(), {}, fairness=nobody))


def test_many_who_gained_are_folded():
    crowd = many(40, 3)
    zeros = Prices((0.0,) * 3, (0.0,) * 3)
    raised = Raised((0.5,) * 40, (), ((),) * 40, zeros)
    fair = Fairness((1.0,) * 40, (), 1.0, 1.0, 0.0, (), raised, (), Plain(99.0, 99.0, 0.1, tuple(range(30)), ()))
    assert "The other 18" in page(replace(crowd, policy=Policy(floor=0.5), fairness=fair))


def test_stored_floors_without_a_lottery_have_none():
    prices = Prices((0.0,), (0.0,), ())
    stored = StoredFloors(levels={"a": 0.5}, steps=((0.5, 0.6, None),), teams={"a": ("b",)}, prices={}, lottery=None)
    raised = stored.on(["a", "c"], lambda _teams, _prices: (((0,), ()), prices))
    assert raised.lottery is None
    assert raised.levels == (0.5, 0.0)
    assert raised.steps[0].prices is None
