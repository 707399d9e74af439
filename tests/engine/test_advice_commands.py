"""Advice on the command line: what a coordinator reads, and the same as JSON."""

import csv
import json
from dataclasses import replace

import pytest
from accounts import WORDS, roster, words
from commands import command, contents, small

from introducer.advice import documents, printed
from introducer.advice.profiles import Profile
from introducer.advice.recruit import Recruit, Recruits, recruit
from introducer.advice.robustness import Kind, Robustness, Strength, robustness
from introducer.advice.stability import Blocking, Stability
from introducer.advice.trial import Check
from introducer.pipeline import match
from introducer.policy import Policy
from introducer.roster import Mentee, Mentor
from introducer.vocabulary import Term

RANKED = [
    {"kind": "prefer", "mentee": "cai", "mentor": "ben", "by": "mentee", "rank": 1},
    {"kind": "prefer", "mentee": "cai", "mentor": "ben", "by": "mentor", "rank": 1},
]


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    """A simulated cohort and its outcome."""
    place = tmp_path_factory.mktemp("advice")
    command("simulate", "--mentees", 30, "--mentors", 12, "--seats", 0.4, "--seed", 3, "--out", place / "in")
    assert command("match", place / "in", "--out", place / "out").code == 0
    return place / "in", place / "out"


# Whom to look for


def test_recruit_says_in_words_what_it_writes_as_json(cohort, tmp_path):
    before = contents(cohort[1])
    file = tmp_path / "there" / "recruit.json"
    said = command("recruit", *cohort, "--profiles", 1, "--capacity", 3, "--out", file)
    assert said.code == 0, said.err
    told = json.loads(file.read_text(encoding="utf-8"))
    assert (told["seats"], told["finished"], len(told["profiles"])) == (3, True, 1)
    assert said.out.startswith(f"1 kind of mentor would help, of {told['tried']} compared; with 3 seats.")
    for one in told["profiles"]:
        assert 0 < one["estimate"] <= one["most"]
        assert f"estimate: adds {one['estimate']:.3f}" in said.out
        assert one["check"]["increase"] <= one["most"]
        assert f"{one['check']['seats']} of 3 seats taken" in said.out
    as_json = command("recruit", *cohort, "--profiles", 1, "--capacity", 3, "--json")
    assert json.loads(as_json.out) == told
    assert contents(cohort[1]) == before


def test_recruit_does_not_write_over_a_file_of_the_input_or_the_outcome(cohort):
    for file in (cohort[0] / "mentors.csv", cohort[1] / "outcome.json"):
        before = file.read_bytes()
        said = command("recruit", *cohort, "--out", file)
        assert said.code == 2
        assert "choose another file" in said.words
        assert file.read_bytes() == before


def test_recruit_without_time_gives_estimates_and_says_so(cohort):
    said = command("recruit", *cohort, "--profiles", 1, "--time-budget", 0)
    assert said.code == 0
    assert "not tried out" in said.out
    assert "what was not tried out is no promise" in said.out


def lines(found, outcome):
    return list(printed.of_recruits(found, outcome))


@pytest.fixture(scope="module")
def small_outcome():
    return match(roster([Mentee(id="cai", needs={"talk": 1})], [Mentor(id="bea", offers={"talk": 3})]), Policy())


def test_nobody_to_look_for_is_a_sentence(small_outcome):
    assert lines(Recruits(1, 4, ()), small_outcome) == [
        "No mentor who can be described by what was asked for openly would add anything."
    ]


def test_what_a_profile_leaves_open_is_said(small_outcome):
    stage, setting = WORDS.stages[0], Term(id="clinic", name="Small clinic")
    people = replace(small_outcome.roster, vocabulary=words(settings=(setting,)))
    outcome = replace(small_outcome, roster=people)

    def who(**fields):
        one = Recruit(Profile(domains=("talk",), **fields), 0.5, 0.5, None, {})
        return lines(Recruits(1, 1, (one,)), outcome)[3]

    assert who() == "1. Any stage or setting or region"
    assert (
        who(stage=stage.id, region="North") == f"1. {stage.name[0].upper()}{stage.name[1:]}, region North, any setting"
    )
    full = who(stage=stage.id, setting=setting.id, region="North")
    assert full.endswith(f"{setting.name}, region North")


def test_what_a_profile_is_worth_is_never_rounded_up_nor_its_bound_down(small_outcome):
    among = {"stage": {f"s{k}": 30 - k for k in range(7)}, "region": {}}
    one = Recruit(Profile(experiences=("rural_path",)), 1.2346, 1.2341, 150, among, Check(1.2339, 0.0009, 1, 1, 0))
    told = "\n".join(lines(Recruits(2, 9, (one,), finished=False), small_outcome))
    assert "estimate: adds 1.235, by the prices of seats; never more than 1.235" in told
    assert "tried out: adds 1.233" in told
    assert "1 of 2 seats taken; 1 other tie would begin and 0 end" in told
    assert "matching again would gain 0.000 without such a mentor" in told
    assert "150 mentees would be better off with a seat (by stage: s0 30, s1 29, s2 28, s3 27, s4 26)" in told
    assert "offers" not in told
    few = "\n".join(lines(Recruits(2, 9, (Recruit(Profile(), 1.0, 1.0, None, {}),)), small_outcome))
    assert "fewer than 10 mentees would be better off" in few


# What stays


def test_robustness_says_which_ties_stay_and_as_json_all_of_them(cohort):
    asked = ("robustness", *cohort, "--rounds", 2, "--seed", 5, "--continuity", 0)
    said = command(*asked)
    assert said.code == 0, said.err
    told = json.loads(command(*asked, "--json").out)
    assert said.out.startswith("Matched again 7 times, each with one small thing different (seed 5).")
    assert "A tie gives way to any gain" in said.out
    assert (told["seed"], told["continuity"], told["finished"]) == (5, 0.0, True)
    assert [kind["rounds"] for kind in told["kinds"]] == [1, 2, 2, 2]
    with (cohort[1] / "ties.csv").open(newline="", encoding="utf-8") as rows:
        tied = {(row["mentee"], row["mentor"]) for row in csv.DictReader(rows)}
    assert {(tie["mentee"], tie["mentor"]) for tie in told["ties"]} == tied
    always = sum(tie["stayed"] == tie["rounds"] for tie in told["ties"])
    assert f"{always} of {len(tied)} ties stayed every time" in said.out
    assert len(told["leavers"]) == 2
    assert all(set(row) == {"mentor", "moved"} for row in told["leavers"])


def test_robustness_without_time_says_so(cohort):
    said = command("robustness", *cohort, "--time-budget", 0)
    assert "The time budget ended this before all was tried." in said.out
    assert "–         –" in said.out


def test_what_moves_is_named_and_a_part_is_never_rounded_up(small_outcome, monkeypatch):
    monkeypatch.setattr(printed, "LISTED", 1)
    kinds = (Kind("nothing", 1, 1.0, 1.0, 0), Kind("weights", 3, 0.9999, 0.5, 2), Kind("mentor", 0, 1.0, 1.0, 0))
    ties = (Strength("cai", "bea", 1, 3), Strength("cai", "bea", 2, 3), Strength("cai", "bea", 3, 3))
    found = Robustness(1, 0.03, kinds, ties, (("bea", 2), ("bea", 0)), finished=True)
    told = list(printed.of_robustness(found, small_outcome))
    assert told[1] == "A tie gives way to a gain of more than 0.03; 1 is all that one mentee asks for, met in full."
    assert " ".join(told[4].split()) == "nothing was different 1 100.0 % 100.0 %"
    assert " ".join(told[5].split()).endswith(" 3 99.9 % 50.0 %")
    assert told[6] == "    and 2 times more: no outcome would meet the rules then"
    assert "1 of 3 ties stayed every time that they could." in told
    assert "  cai and bea: stayed 1 of 3 times" in told
    assert "  and 1 more (all of them with --json)" in told
    assert "  bea: 2 ties" in told
    assert documents.of_robustness(found)["ties"][0] == {"mentee": "cai", "mentor": "bea", "stayed": 1, "rounds": 3}


# Who would rather have each other


def test_stability_names_who_would_rather_have_each_other(tmp_path):
    folder, out = small(tmp_path / "in", ties=RANKED, policy="capacity = 1"), tmp_path / "out"
    assert command("match", folder, "--out", out).code == 0
    told = json.loads(command("stability", folder, out, "--json").out)
    assert told["mutual"] == 1
    assert told["tied"] + len(told["blocking"]) <= 1
    said = command("stability", folder, out)
    assert said.code == 0
    assert said.out.startswith("1 pair ranked each other; ")


def test_nobody_who_ranked_anybody_is_a_sentence(cohort):
    assert command("stability", *cohort).out.startswith("No mentee and mentor ranked each other")


def test_who_gives_up_whom_is_said():
    people = roster([Mentee(id="cai"), Mentee(id="cleo")], [Mentor(id="bea"), Mentor(id="ben")])
    outcome = match(people, Policy())
    pairs = (Blocking(0, 0, (1, 2), None, 1), Blocking(1, 1, (3, 1), 0, None))
    told = list(printed.of_stability(Stability(5, 2, pairs), outcome))
    assert told[:2] == [
        "5 pairs ranked each other; 2 of them tied.",
        "2 pairs not tied would rather have each other than what they have, and no rule forbids it.",
    ]
    assert told[4:6] == [
        "  cai (ranks the mentor 1, has a place left) and bea (ranks the mentee 2, would give up cleo)",
        "  cleo (ranks the mentor 3, would give up bea) and ben (ranks the mentee 1, has a seat left)",
    ]
    assert documents.of_stability(Stability(5, 2, pairs), outcome)["blocking"] == [
        {
            "mentee": mentee,
            "mentor": mentor,
            "rank_by_mentee": ranks[0],
            "rank_by_mentor": ranks[1],
            "leaves_team": team,
            "leaves_mentor": other,
        }
        for mentee, mentor, ranks, team, other in (
            ("cai", "bea", (1, 2), None, "cleo"),
            ("cleo", "ben", (3, 1), "bea", None),
        )
    ]
    calm = list(printed.of_stability(Stability(2, 1, ()), outcome))
    assert calm[1] == "No other pair would rather have each other, as far as the rules allow it: the outcome is stable."


# What cannot be advised on


@pytest.mark.parametrize("name", ["recruit", "robustness", "stability"])
def test_a_redacted_outcome_is_refused_and_says_why(cohort, tmp_path, name):
    assert command("match", cohort[0], "--out", tmp_path / "out", "--redacted").code == 0
    said = command(name, cohort[0], tmp_path / "out")
    assert said.code == 5
    assert "redacted" in said.err


@pytest.mark.parametrize("name", ["recruit", "robustness", "stability"])
def test_an_outcome_of_other_people_is_refused(cohort, tmp_path, name):
    folder = small(tmp_path / "in")
    assert command(name, folder, cohort[1]).code == 5


def test_the_documents_hold_all_that_was_found(small_outcome):
    found = recruit(match(roster([Mentee(id="cai", needs={"talk": 3})], []), Policy()))
    (one,) = documents.of_recruits(found)["profiles"]
    assert one["profile"] == {
        "stage": found.found[0].profile.stage,
        "setting": "",
        "region": "",
        "domains": ("talk",),
        "experiences": (),
        "level": 2,
    }
    assert one["check"]["increase"] > 0
    kept = documents.of_robustness(robustness(small_outcome, rounds=1))
    assert [kind["kind"] for kind in kept["kinds"]] == ["nothing", "weights", "mentor", "answer"]
