"""The two explanations: numbers that sum, changes that are true, and nothing that is confidential."""

import re
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from accounts import WORDS, explained, random_account, roster, swapped, words
from commands import command, small

from introducer import fit, rules
from introducer.certify import faults
from introducer.explain import for_coordinator, for_participant
from introducer.explain.changes import difference, why_not
from introducer.explain.moves import MOST, Move, best_instead, best_more, codes, counted_value, moves
from introducer.explain.printed import called, plain, short, table, thousandths, wrapped
from introducer.explain.told import HIDDEN, PAIR, told
from introducer.outcome import Prices
from introducer.policy import PAIR_TERMS, Policy
from introducer.roster import GivenTie, Mentee, Mentor

ROOT = Path(__file__).parents[2]
#: A line of a table with its numbers.
NUMBERS = re.compile(r"^(.*?\S) {2,}(\d+\.\d{3})(?: {2,}(\d+\.\d{3}))?$")
#: Of equally good prices another version may find others: what is said of them.
PRICE = re.compile(r"price of a\s+seat \d\.\d{3}|price,\s+\d\.\d{3}(, more than the \d\.\d{3}\s+gained)?")
SEEDS = range(12)


def mentor(identity, /, **fields):
    return Mentor(id=identity, **({"offers": {"contracts": 3}} | fields))


def figures(text):
    """Return (what is said, worth, lost) of every line with numbers, in thousandths."""
    found = [NUMBERS.match(line) for line in text.splitlines()]
    return [(m[1], round(1000 * float(m[2])), m[3] and round(1000 * float(m[3]))) for m in found if m]


def ties_of(text):
    """Return (worth, lost, parts) of every tie of a text, and the remaining lines with numbers by what they say."""
    ties: list[Any] = []
    rest = {}
    for label, worth, lost in figures(text):
        if label.startswith("  "):
            ties[-1][2].append((label.strip(), worth, lost))
        elif lost is not None:
            ties.append((worth, lost, []))
        else:
            rest[label] = worth
    return ties, rest


def everybody(account):
    return range(len(account.roster.mentees))


# Numbers that sum


@pytest.mark.parametrize("seed", SEEDS)
def test_printed_parts_sum_to_printed_worths_and_these_to_the_value(seed):
    account, outcome = random_account(np.random.default_rng(seed))
    for i in everybody(account):
        found = outcome.constellations[i]
        ties, rest = ties_of(for_coordinator(account, outcome, i))
        assert len(ties) == len(found.ties)
        for worth, lost, parts in ties:
            assert sum(part[1] for part in parts) == worth
            assert sum(part[2] for part in parts) == lost
        held = rest.pop("Wishes and private needs of the whole team", 0)
        assert sum(tie[0] for tie in ties) + held == rest.pop("Value: the sum") == round(1000 * found.value)
        assert rest == {"Alone: the best team if nobody else were here": round(1000 * found.alone)}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_tie_has_the_same_worth_alone_as_in_its_constellation_and_as_in_the_outcome(seed):
    account, outcome = random_account(np.random.default_rng(seed))
    for i in everybody(account):
        ties, _ = ties_of(for_coordinator(account, outcome, i))
        for tie, printed in zip(outcome.constellations[i].ties, ties, strict=True):
            [alone], _ = ties_of(for_coordinator(account, outcome, i, tie.mentor))
            assert alone == printed
            if not told(account, i).held:
                assert abs(printed[0] / 1000 - tie.worth) < 0.001
                assert abs(printed[1] / 1000 - tie.marginal) < 0.001


@pytest.mark.parametrize("seed", SEEDS)
def test_parts_sum_to_the_worth_and_to_the_marginal_exactly(seed):
    account, outcome = random_account(np.random.default_rng(seed))
    for i in everybody(account):
        view = told(account, i)
        for tie in outcome.constellations[i].ties:
            parts = view.parts(tie.mentor)
            if not view.held:
                assert sum(part.worth for part in parts) == tie.worth
                assert sum(part.lost for part in parts) == tie.marginal


def test_parts_are_rounded_so_that_none_is_a_thousandth_off():
    rng = np.random.default_rng(1)
    for _ in range(50):
        parts = rng.random(rng.integers(0, 9)).tolist()
        rounded = thousandths(parts)
        assert sum(rounded) == round(1000 * sum(parts))
        assert all(abs(number - 1000 * part) < 1 for number, part in zip(rounded, parts, strict=True))
    assert thousandths([0.0625, 0.0625], 126) == [63, 63]
    assert thousandths([]) == []


def test_every_pair_term_has_a_short_text():
    assert set(PAIR) == {*PAIR_TERMS, "continuity"}


# Changes that are true


def changed(account, i, move):
    """Return the problem in which all that stops a move is changed, and nothing else."""
    problem = account.problem
    if any(stop in rules.RULES for stop in codes(account, i, move.joins)):
        lifted = account.refused.lifted(i, move.joins)
        problem = fit.problem(account.roster, account.policy, lifted, account.worths.previous)
    a = problem.arrays
    own = slice(a.starts[i], a.starts[i + 1])
    copies = {name: getattr(a, name).copy() for name in ("capacities", "team_sizes", "kept", "pinned", "min_loads")}
    limits = a.quota_limits.copy()
    limit = a.institution_limit
    if "seat" in move.stops:
        copies["capacities"][move.joins] += 1
    if "team_size" in move.stops:
        copies["team_sizes"][i] = len(account.teams[i]) + 1
    if "institution" in move.stops:
        limit += 1
    if "quota" in move.stops:
        limits += 1
    if "kept_seat" in move.stops:
        copies["kept"][own] = True
    if "pin" in move.stops:
        copies["pinned"][own] &= problem.candidates(i) != move.leaves
    if "lower_load" in move.stops:
        copies["min_loads"][move.leaves] -= 1
    return replace(problem, arrays=a._replace(quota_limits=limits, institution_limit=limit, **copies))


def broken(problem, teams):
    a = problem.arrays
    nothing = Prices((0.0,) * len(a.capacities), (0.0,) * len(a.capacities), (0.0,) * len(a.quota_limits))
    return faults(problem, teams, nothing)


def test_a_move_can_be_made_once_what_stops_it_is_changed_and_not_before_and_gains_what_is_said():
    seen = set()
    for seed in range(20):
        account, _ = random_account(np.random.default_rng(seed))
        for i in everybody(account):
            everything = np.ones(len(account.problem.criteria[i]), bool)
            for j in set(range(len(account.roster.mentors))) - set(account.teams[i]):
                found = moves(account, i, j, everything)
                assert [move.leaves for move in found] == [
                    *account.teams[i],
                    *([None] * (len(account.teams[i]) < MOST)),
                ]
                for move in found:
                    after = tuple(sorted({*account.teams[i], j} - {move.leaves}))
                    teams = (*account.teams[:i], after, *account.teams[i + 1 :])
                    problem = changed(account, i, move)
                    assert broken(problem, teams) == []
                    assert bool(broken(account.problem, teams)) == bool(move.stops)
                    assert move.gain == problem.value(i, after) - problem.value(i, account.teams[i])
                    seen |= set(move.stops)
    assert {"institution", "quota", "kept_seat", "team_size", "seat", "avoid", "stage", "same_site"} <= seen


@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_alternative_is_the_best_of_all_who_are_eligible(seed):
    account, _ = random_account(np.random.default_rng(seed))
    for i in everybody(account):
        view = told(account, i)
        every = [
            move
            for j in account.problem.candidates(i).tolist()
            if j not in account.teams[i]
            for move in moves(account, i, j, view.rows)
            if "quota" not in move.stops
        ]
        for leaves in [*account.teams[i], None]:
            own = [move for move in every if move.leaves == leaves]
            found = best_more(account, i, view.rows) if leaves is None else best_instead(account, i, leaves, view.rows)
            if found is None:
                assert own == []
            else:
                assert found.gain == max(move.gain for move in own)
                assert found in own


def test_equals_are_named_by_the_lower_index_and_a_full_team_has_no_place_for_one_more():
    people = roster([Mentee(id="cleo", team_size=5)], [mentor(f"ben{j}") for j in range(8)])
    account, _ = explained(people, {"cleo": ["ben0"]})
    everything = np.ones(0, bool)
    found = best_more(account, 0, everything)
    assert found
    assert found.joins == 1
    account, outcome = explained(people, {"cleo": [f"ben{j}" for j in range(5)]})
    assert best_more(account, 0, everything) is None
    assert "one more" not in for_coordinator(account, outcome, 0)
    assert len(moves(account, 0, 7, everything)) == MOST


def test_the_first_refusal_is_the_pairs_own():
    for seed in SEEDS:
        account, _ = random_account(np.random.default_rng(seed))
        for i in everybody(account):
            for j in range(len(account.roster.mentors)):
                every = codes(account, i, j)
                assert (every[0] if every else "") == account.refused.code(i, j)


def test_the_value_of_some_criteria_is_that_of_all_without_the_others():
    account, _ = random_account(np.random.default_rng(3))
    for i in everybody(account):
        rows = np.ones(len(account.problem.criteria[i]), bool)
        team = account.teams[i]
        assert counted_value(account.problem, i, team, rows) == account.problem.value(i, team)
        pairs = counted_value(account.problem, i, team, ~rows)
        assert pairs == sum(account.worths.row(i)[list(team)])
        assert counted_value(account.problem, i, (), rows) == 0.0


# What a coordinator reads


CLEO = Mentee(id="cleo", name="Cleo", needs={"contracts": 3}, stage="attending")


def lines(account, outcome, *place):
    return for_coordinator(account, outcome, *place).splitlines()


def test_the_alternative_not_taken_stands_with_its_number_and_why():
    people = roster([CLEO, Mentee(id="cai")], [mentor("bea", offers={"contracts": 1}), mentor("ben", capacity=1)])
    account, outcome = explained(
        people, {"cleo": ["bea"], "cai": ["ben"]}, policy=Policy(weights={"pair": 0}), prices={"ben": 0.7}
    )
    said = lines(account, outcome, 1)
    assert "  Best instead: ben, worth 0.667 more, but full (1 of 1; price of a seat 0.700)." in said
    assert "Best as one more: ben, worth 0.667 more, but full (1 of 1; price of a seat 0.700)." in said


@pytest.mark.parametrize(("level", "text"), [(2, "worth 0.333 less."), (3, "worth the same.")], ids=["less", "as much"])
def test_an_alternative_that_is_worth_no_more_needs_no_other_reason(level, text):
    people = roster([CLEO], [mentor("bea"), mentor("ben", offers={"contracts": level}, capacity=0)])
    account, outcome = explained(people, {"cleo": ["bea"]})
    assert f"  Best instead: ben, {text}" in lines(account, outcome, 0)


def test_where_nobody_else_is_eligible_that_is_said():
    account, outcome = explained(roster([CLEO], [mentor("bea")]), {"cleo": ["bea"]})
    assert "  Best instead: nobody else is eligible." in lines(account, outcome, 0)


def test_a_quota_that_is_used_up_is_no_alternative_as_it_would_tell_of_a_wish():
    wish = {"rural_path": 1}
    people = roster(
        [replace(CLEO, wishes=wish), Mentee(id="cai", wishes=wish)],
        [mentor("bea", offers={}), mentor("ben", quotas={"rural_path": 1})],
    )
    account, outcome = explained(people, {"cleo": ["bea"], "cai": ["ben"]})
    assert "  Best instead: nobody else is eligible." in lines(account, outcome, 1)


def needed(account, outcome, i, j):
    """Return a text as one line."""
    return " ".join(for_coordinator(account, outcome, i, j).split())


def test_a_larger_team_would_help():
    people = roster(
        [replace(CLEO, needs={"contracts": 3, "talk": 3})], [mentor("bea"), mentor("ben", offers={"talk": 3})]
    )
    account, outcome = explained(people, {"cleo": ["bea"]}, policy=Policy(team_size=1, weights={"pair": 0}))
    text = needed(account, outcome, 0, 1)
    assert "No rule refuses this pair." in text
    assert "+0.500 as one more: a team of 2 (now 1)" in text
    assert "In a teammate's place: at best, instead of bea, worth the same." in text
    assert "Best as one more: ben, worth 0.500 more, but the team is complete (1 of 1)." in lines(account, outcome, 0)


def test_a_wider_limit_of_institutions_would_help():
    people = roster(
        [replace(CLEO, needs={"contracts": 3, "talk": 3})],
        [mentor("bea", institution="North"), mentor("ben", offers={"talk": 3}, institution="North")],
    )
    account, outcome = explained(people, {"cleo": ["bea"]}, policy=Policy(weights={"pair": 0}))
    assert "+0.500 as one more: institution_limit = 2 in the policy (now 1)" in needed(account, outcome, 0, 1)
    assert "but the team has 1 from that institution already." in needed(account, outcome, 0, None)


@pytest.mark.parametrize(
    ("seat", "whom"), [("local", "a mentor of the same region"), ("outside", "a mentor from another institution")]
)
def test_a_seat_that_is_not_kept_would_help(seat, whom):
    cleo = replace(CLEO, keep_seat=seat, region="North", institution="A", team_size=1)
    people = roster([cleo], [mentor("ben", region="South", institution="A")])
    account, outcome = explained(people, {}, policy=Policy(weights={"pair": 0}))
    assert f"+1.000 as one more: no seat kept for {whom}" in needed(account, outcome, 0, 0)
    assert f"but one seat is kept for {whom}." in needed(account, outcome, 0, None)


def test_a_free_seat_would_help_and_has_a_price():
    people = roster([CLEO, Mentee(id="cai")], [mentor("ben", capacity=1)])
    for price, more in ((0.25, "0.250."), (1.5, "1.500, more than the 1.000 gained.")):
        account, outcome = explained(
            people, {"cai": ["ben"]}, policy=Policy(weights={"pair": 0}), prices={"ben": price}
        )
        text = needed(account, outcome, 1, 0)
        assert "+1.000 as one more: one more seat with ben (now 1)" in text
        assert f"To free a seat with ben costs others about its price, {more}" in text


def test_a_pin_that_is_withdrawn_and_a_lower_load_would_help():
    pin = GivenTie(kind="pin", mentee="cleo", mentor="bea")
    people = roster([replace(CLEO, team_size=5)], [mentor("bea", offers={}, min_load=1), mentor("ben")], pin)
    people = replace(people, mentees=(replace(people.mentees[0], team_size=1),))
    account, outcome = explained(people, {"cleo": ["bea"]}, policy=Policy(weights={"pair": 0}))
    text = needed(account, outcome, 0, 1)
    assert "+1.000 instead of bea: the pin on bea withdrawn; min_load = 0 for bea (now 1)" in text
    assert "+1.000 as one more: a team of 2 (now 1)" in text
    whole = needed(account, outcome, 0, None)
    assert "bea · pinned" in whole
    assert "worth 1.000 more, but bea is pinned; bea must not have fewer mentees." in whole


@pytest.mark.parametrize(
    ("code", "cleo", "ben", "policy", "change"),
    [
        ("same_site", {"site": "A"}, {"site": "a"}, {}, 'same_site = "allow" in the policy'),
        ("stage", {}, {"stage": "resident"}, {}, "stage.least = -5 in the policy (now 0)"),
        (
            "stage",
            {"stage": "resident"},
            {"stage": "attending"},
            {"stage": {"most": 2}},
            "stage.most = 5 in the policy (now 2)",
        ),
        ("language", {"languages": ("en",)}, {"languages": ("es",)}, {}, 'shared_language = "prefer" in the policy'),
        ("consent", {}, {"consent": False}, {}, "the consent of both"),
        ("paused", {}, {"paused": True}, {}, "an end of the pause"),
        ("guest", {}, {"kind": "adviser"}, {"guests": "forbid"}, 'guests = "allow" in the policy'),
    ],
)
def test_a_refusal_is_said_in_words_and_code_and_what_would_lift_it(code, cleo, ben, policy, change):
    account, outcome = explained(
        roster([replace(CLEO, **cleo)], [mentor("ben", **ben)]), {}, policy=Policy(weights={"pair": 0}, **policy)
    )
    said = lines(account, outcome, 0, 0)
    assert said[said.index("Refused") + 1].endswith(f"({code})")
    assert f"  +1.000  as one more: {change}" in said


def test_every_refusal_is_told_the_pairs_own_first():
    people = roster(
        [replace(CLEO, site="A")],
        [mentor("ben", site="A", paused=True)],
        GivenTie(kind="veto", mentee="cleo", mentor="ben"),
    )
    account, outcome = explained(people, {})
    said = lines(account, outcome, 0, 0)
    at = said.index("Refused")
    assert [line.rpartition("(")[2] for line in said[at + 1 : at + 4]] == ["veto)", "same_site)", "paused)"]
    assert "the veto withdrawn; same_site" in needed(account, outcome, 0, 0)


def test_the_institution_of_pinned_mentors_refuses_and_a_wider_limit_would_lift_it():
    pin = GivenTie(kind="pin", mentee="cleo", mentor="bea")
    people = roster([CLEO], [mentor("bea", institution="A", offers={}), mentor("ben", institution="A")], pin)
    account, outcome = explained(people, {"cleo": ["bea"]}, policy=Policy(weights={"pair": 0}))
    text = needed(account, outcome, 0, 1)
    assert "Their institutions may not be tied (institution)" in text
    assert "+1.000 as one more: institution_limit = 2 in the policy (now 1)" in text


def test_nobody_can_be_their_own_mentor():
    account, outcome = explained(roster([CLEO], [mentor("cleo")]), {})
    assert lines(account, outcome, 0, 0)[-1] == "Nothing could change that: they are the same person."


def test_a_mentor_who_would_add_nothing_is_said_to():
    people = roster([CLEO], [mentor("bea"), mentor("ben", offers={"contracts": 1}), mentor("bo")])
    account, outcome = explained(people, {"cleo": ["bea"]}, policy=Policy(team_size=1, weights={"pair": 0}))
    assert (
        lines(account, outcome, 0, 2)[-1]
        == "No place in this team gains by it: at best, instead of bea, worth the same."
    )


def test_a_gain_that_nothing_stops_is_laid_to_the_gap_of_the_run():
    account, outcome = explained(roster([CLEO], [mentor("ben")]), {}, policy=Policy(weights={"pair": 0}))
    free = "nothing stands in the way: the run ended within its gap"
    assert f"Best as one more: ben, worth 1.000 more, and {free}." in needed(account, outcome, 0, None)
    assert f"+1.000 as one more: {free}" in needed(account, outcome, 0, 0)


def test_at_most_three_ways_are_named_the_best_first_and_none_that_needs_more_for_less():
    people = roster(
        [replace(CLEO, needs={"contracts": 3, "talk": 2, "clinic": 1}, team_size=2)],
        [mentor("bea", offers={"talk": 3}), mentor("ben", offers={"clinic": 3}), mentor("bo", paused=True)],
    )
    account, outcome = explained(people, {"cleo": ["bea", "ben"]}, policy=Policy(weights={"pair": 0}))
    ways = [line.strip() for line in lines(account, outcome, 0, 2) if line.startswith("  +")]
    assert ways == [
        "+0.500  as one more: an end of the pause; a team of 3 (now 2)",
        "+0.333  instead of ben: an end of the pause",
    ]


def test_what_would_be_lost_without_a_tie_is_said_by_need():
    cleo = replace(CLEO, needs={"contracts": 3, "talk": 3}, private=frozenset())
    people = roster([cleo], [mentor("bea", offers={"contracts": 3, "talk": 2}), mentor("ben", offers={"contracts": 1})])
    account, outcome = explained(people, {"cleo": ["bea", "ben"]})
    said = lines(account, outcome, 0, 0)
    assert "  Contracts: ben would cover it in part; now very well" in said
    assert "  Patient communication: nobody in the team would cover it; now well" in said
    assert "  No open need would be covered less well." in lines(account, outcome, 0, 1)


def test_the_cause_of_each_open_need_stands_in_words_and_with_its_code():
    cleo = replace(CLEO, needs={"contracts": 3, "talk": 2, "clinic": 1})
    people = roster(
        [cleo], [mentor("bea", stage="resident"), mentor("ben", offers={"talk": 2}, avoid=frozenset({"cleo"}))]
    )
    account, outcome = explained(people, {})
    said = lines(account, outcome, 0)
    assert said[said.index("Not covered") + 1 :] == [
        "  Contracts: nobody who offers it is at the right stage for this mentee (refused: stage)",
        "  Patient communication: everyone who offers it is ruled out for this mentee (refused)",
        "  Clinic building: nobody in this cohort offers it (no_offer)",
    ]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"paused": True}, "The mentee is paused, so nobody was sought."),
        ({"consent": False}, "The mentee has not agreed to be matched, so nobody was sought."),
        ({"team_size": 0}, "The mentee asked for no mentor."),
        ({}, "No mentor was found."),
    ],
)
def test_why_a_mentee_has_nobody(fields, text):
    account, outcome = explained(roster([replace(CLEO, **fields)], []), {})
    assert lines(account, outcome, 0)[2] == text


def test_a_mentee_who_asked_for_nothing_is_said_to_and_equity_is_named():
    policy = Policy(equity={"rural": 1.25, "no_home_program": 1.25})
    people = roster([Mentee(id="cleo", flags=frozenset({"rural", "no_home_program", "other"}))], [mentor("ben")])
    account, outcome = explained(people, {"cleo": ["ben"]}, policy=policy)
    said = lines(account, outcome, 0)
    assert said[0] == "cleo: 1 of 3 mentors"
    assert said[1] == "What this mentee gains counts 1.5625 times (no home program, rural)."
    assert said[-1] == "The mentee asked for help in nothing in particular."


# What a coordinator does not read


@pytest.mark.parametrize("kind", ["conflict", "evaluators", "avoid", "avoid by mentor", "quota", "quota used up"])
def test_confidential_facts_read_alike(kind):
    wish = {"rural_path": 1}
    cleo, cai, ben = replace(CLEO, wishes=wish), Mentee(id="cai", wishes=wish), mentor("ben", capacity=2)
    ties, teams = [], {}
    if kind == "conflict":
        ties = [GivenTie(kind="conflict", mentee="cleo", mentor="ben", note="grievance")]
    elif kind in ("evaluators", "avoid"):
        fields: Any = {kind: frozenset({"ben"})}
        cleo = replace(cleo, **fields)
    elif kind == "avoid by mentor":
        ben = replace(ben, avoid=frozenset({"cleo"}))
    else:
        ben = replace(ben, quotas={"rural_path": int(kind == "quota used up")})
        teams = {"cai": ["ben"]} if kind == "quota used up" else {}
    account, outcome = explained(roster([cleo, cai], [ben], *ties), teams)
    assert lines(account, outcome, 1, 0) == [
        "Why not ben for Cleo (cleo)",
        "",
        "Refused",
        "  A confidential fact stands between them: a conflict, an evaluation, a list of people to avoid,",
        "        or a limit that the mentor set (confidential)",
        "",
        "What would have to change is not told here: whoever keeps the confidential fact can say.",
    ]


def private_cast(*, talk=True):
    """Return Cleo, whose need for talk is private, with Bea and Ben, of whom one covers it."""
    cleo = replace(CLEO, needs={"contracts": 3, "talk": 2}, private=frozenset({"talk"}), wishes={"rural_path": 1})
    with_talk, without = {"contracts": 3, "talk": 3}, {"contracts": 3}
    return roster(
        [cleo],
        [
            mentor("bea", offers=with_talk if talk else without),
            mentor("ben", offers=without if talk else with_talk),
            mentor("bo"),
        ],
    )


def test_what_a_single_mentor_of_several_covers_in_private_is_told_of_the_team_alone():
    texts = []
    for talk in (True, False):
        account, outcome = explained(private_cast(talk=talk), {"cleo": ["bea", "ben"]}, policy=Policy(team_size=2))
        assert told(account, 0).held
        texts.append([for_coordinator(account, outcome, 0, j) for j in (None, 0, 1, 2)])
    assert texts[0] == texts[1]
    assert figures(texts[0][0])[-3][0] == "Wishes and private needs of the whole team"
    assert "  A private need: covered" in texts[0][0]
    assert "say who meets them" in texts[0][0]


def test_a_held_gain_that_nothing_stops_is_laid_to_what_is_held_back():
    people = private_cast()
    people = replace(people, mentees=(replace(people.mentees[0], needs={"contracts": 3, "clinic": 3, "talk": 2}),))
    people = replace(people, mentors=(*people.mentors[:2], mentor("bo", offers={"clinic": 3})))
    account, outcome = explained(people, {"cleo": ["bea", "ben"]}, policy=Policy(weights={"pair": 0}))
    assert "and what is held back was weighed too." in needed(account, outcome, 0, None)
    assert "+0.375 instead of bea: what is held back was weighed too" in needed(account, outcome, 0, 2)


@pytest.mark.parametrize(
    ("team", "wishes", "held"),
    [
        (["bea"], {"rural_path": 1}, False),
        (["bea", "ben"], {"rural_path": 1}, False),
        (["bea", "ben"], {}, True),
        (["ben", "bo"], {"rural_path": 1}, False),
    ],
    ids=["a team of one", "two may meet it", "one meets it", "only a wish is met"],
)
def test_numbers_are_held_back_where_one_of_several_would_be_pointed_at(team, wishes, held):
    cleo = replace(CLEO, needs={"contracts": 3, "talk": 2}, private=frozenset({"talk"}), wishes=wishes)
    rural = frozenset({"rural_path"})
    people = roster(
        [cleo],
        [mentor("bea", offers={"talk": 3}), mentor("ben", experiences=rural), mentor("bo", offers={"clinic": 1})],
    )
    account, outcome = explained(people, {"cleo": team})
    assert told(account, 0).held is held
    text = for_coordinator(account, outcome, 0)
    assert (f"  {HIDDEN}  " in text) is not held
    assert ("Wishes and private needs of the whole team" in text) is held


def test_a_shared_attribute_is_held_back_like_a_private_need():
    culture: Any = {"attributes": {"culture": frozenset({"Andean"})}}
    people = roster([replace(CLEO, wishes={"same:culture": 3}, **culture)], [mentor("bea", **culture), mentor("ben")])
    account, _ = explained(people, {"cleo": ["bea", "ben"]}, policy=Policy(privacy="background"))
    assert told(account, 0).held


#: In every cell that is confidential, a word that stands nowhere else.
TOKENS = ("QTALK", "QRURAL", "QCULTURE", "QVALUE", "QNOTE")


def marked(people):
    """Return the roster with words of their own for a private need, a wish, an attribute and a note."""
    names = {"talk": "QTALK", "rural_path": "QRURAL", "culture": "QCULTURE"}
    lists = {
        kind: tuple(term.model_copy(update={"name": names.get(term.id, term.name)}) for term in WORDS.terms(kind))
        for kind in ("domains", "experiences", "attributes")
    }
    ties = tuple(replace(tie, note="QNOTE") for tie in people.ties)
    attributes = {"culture": frozenset({"QVALUE"})}
    return replace(
        people,
        vocabulary=words(**lists),
        ties=ties,
        mentees=tuple(
            replace(
                m,
                needs=dict(m.needs) | {"talk": 2},
                private=m.private | {"talk"},
                wishes={"rural_path": 2, "same:culture": 1},
                attributes=attributes,
            )
            for m in people.mentees
        ),
        mentors=tuple(replace(m, attributes=attributes) for m in people.mentors),
    )


def every_text(account, outcome, write, **how):
    return [
        write(account, outcome, i, j, **how)
        for i in everybody(account)
        for j in (None, *range(len(account.roster.mentors)))
    ]


@pytest.mark.parametrize("seed", range(6))
def test_no_confidential_word_reaches_a_coordinator_or_a_redacted_text(seed):
    base, before = random_account(np.random.default_rng(seed))
    teams = {
        mentee.id: [base.roster.mentors[j].id for j in team]
        for mentee, team in zip(base.roster.mentees, base.teams, strict=True)
    }
    people = replace(marked(base.roster), mentors=tuple(replace(m, quotas={}) for m in marked(base.roster).mentors))
    policy = base.policy.model_copy(update={"privacy": "background"})
    account, outcome = explained(people, teams, policy=policy)
    assert before.ties
    open_text = "\n".join(every_text(account, outcome, for_participant))
    assert "QTALK" in open_text
    assert "QVALUE" not in open_text
    assert "QNOTE" not in open_text
    for text in (
        "\n".join(every_text(account, outcome, for_coordinator)),
        "\n".join(every_text(account, outcome, for_participant, redacted=True)),
    ):
        assert [token for token in TOKENS if token in text] == []
    assert people.ties


# What a participant reads


@pytest.mark.parametrize("seed", SEEDS)
def test_a_redacted_text_is_as_long_as_an_open_one_and_in_the_same_order(seed):
    account, outcome = random_account(np.random.default_rng(seed))
    for i in everybody(account):
        for j in (None, *range(len(account.roster.mentors))):
            open_lines = for_participant(account, outcome, i, j).splitlines()
            redacted = for_participant(account, outcome, i, j, redacted=True).splitlines()
            assert len(open_lines) == len(redacted)
            for ours, theirs in zip(open_lines, redacted, strict=True):
                begin = ours.partition(":")[0] == theirs.partition(":")[0]
                assert begin or theirs.startswith(
                    (
                        "    Helps with",
                        "  Helps with",
                        "You take no part",
                        "    What",
                        "    The rest",
                        "  The rest",
                        "  What",
                    )
                )


@pytest.mark.parametrize("seed", SEEDS)
def test_a_redacted_text_is_a_function_of_the_teams_and_of_what_was_said_openly(seed):
    account, outcome = random_account(np.random.default_rng(seed))
    people, teams = account.roster, account.teams
    other = swapped(
        people,
        **{
            m.id: {
                "needs": {k: v for k, v in m.needs.items() if k not in m.private and k != "family"} | {"family": 3},
                "private": frozenset(),
                "wishes": {},
                "attributes": {},
            }
            for m in people.mentees
        },
    )
    other = replace(other, mentors=tuple(replace(m, quotas={}, attributes={}) for m in other.mentors))
    named = {m.id: [people.mentors[j].id for j in team] for m, team in zip(people.mentees, teams, strict=True)}
    bare, bare_outcome = explained(other, named, policy=account.policy)
    ours = every_text(account, outcome, for_participant, redacted=True)
    assert ours == every_text(bare, bare_outcome, for_participant, redacted=True)


def test_a_redacted_text_does_not_say_who_covers_what():
    people = roster([CLEO], [mentor("bea", name="Bea"), mentor("ben", name="Ben", offers={})])
    account, outcome = explained(people, {"cleo": ["bea", "ben"]})
    said = for_participant(account, outcome, 0, redacted=True).splitlines()
    assert "  Contracts: covered very well." in said
    assert said[said.index("  Bea") + 1] == said[said.index("  Ben") + 1]
    assert "  Contracts: covered very well, by Bea." in for_participant(account, outcome, 0).splitlines()


def test_a_participant_reads_words_and_no_numbers():
    for seed in SEEDS:
        account, outcome = random_account(np.random.default_rng(seed))
        names = "|".join(re.escape(mentor.name) for mentor in account.roster.mentors)
        for text in every_text(account, outcome, for_participant):
            assert not re.search(r"\d", re.sub(names, "somebody", text))


def test_of_a_mentor_who_is_not_in_the_team_nothing_is_said_whatever_the_cause():
    people = roster(
        [CLEO, Mentee(id="cai")],
        [
            mentor("bea"),
            mentor("ben", paused=True),
            mentor("bo", avoid=frozenset({"cleo"})),
            mentor("bu", consent=False),
            mentor("by", capacity=1),
            mentor("cleo"),
        ],
        GivenTie(kind="veto", mentee="cleo", mentor="bea"),
    )
    account, outcome = explained(people, {"cai": ["by"]})
    texts = {for_participant(account, outcome, 1, j, redacted=r) for j in range(6) for r in (False, True)}
    assert len(texts) == 1
    assert texts.pop().startswith("The mentor you asked about is not in your team this time.\n")


def test_all_causes_but_that_nobody_offers_a_need_read_alike():
    cleo = replace(CLEO, needs={"contracts": 3, "talk": 3, "clinic": 3, "research": 3})
    people = roster(
        [cleo, Mentee(id="cai")],
        [
            mentor("bea", avoid=frozenset({"cleo"})),
            mentor("ben", offers={"talk": 3}, capacity=1),
            mentor("bo", offers={"clinic": 1}),
        ],
    )
    account, outcome = explained(people, {"cai": ["ben"]}, policy=Policy(fit_floor=0.5))
    more = "nobody yet; your coordinator sees that, and can look for more help."
    assert for_participant(account, outcome, 1).splitlines() == [
        "There is no mentor for you this time. Your coordinator sees that, and can look for one.",
        "",
        "What you asked for",
        f"  Contracts: {more}",
        "  Research: nobody yet; nobody in this cohort offers it.",
        f"  Patient communication: {more}",
        f"  Clinic building: {more}",
        "  In confidence: nothing.",
    ]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"paused": True}, "You are paused, so nobody was sought for you."),
        ({"consent": False}, "You have not agreed to be matched, so nobody was sought for you."),
        ({"team_size": 0}, "You asked for no mentor, so nobody was sought for you."),
    ],
)
def test_a_mentee_who_takes_no_part_reads_why_and_others_only_that(fields, text):
    account, outcome = explained(roster([replace(CLEO, **fields)], []), {})
    assert for_participant(account, outcome, 0).splitlines()[0] == text
    assert for_participant(account, outcome, 0, redacted=True).splitlines()[0] == "You take no part this time."


def test_a_mentee_reads_their_own_private_needs_and_wishes_and_not_whether_an_attribute_is_shared():
    cleo = replace(
        CLEO,
        needs={"contracts": 3, "talk": 2, "family": 1},
        private=frozenset({"talk"}),
        wishes={"rural_path": 1, "first_in_family": 1, "same:culture": 3},
        attributes={"culture": frozenset({"Andean"})},
    )
    texts = []
    for value in ("Andean", "Celtic"):
        bea = mentor("bea", name="Bea", offers={"contracts": 1, "talk": 2}, experiences=frozenset({"rural_path"}))
        bea = replace(bea, attributes={"culture": frozenset({value})}, stage="attending", region="North")
        account, outcome = explained(roster([cleo], [bea]), {"cleo": ["bea"]}, policy=Policy(privacy="background"))
        texts.append(for_participant(account, outcome, 0))
    assert texts[0] == texts[1]
    confident = [
        "Patient communication (covered well, by Bea)",
        "Family and parenting (nobody yet; nobody in this cohort offers it)",
        "a wish for First generation (not met yet)",
        "a wish for Rural practice (met)",
        "a wish for shared culture (weighed where both people agreed to it)",
    ]
    assert texts[0].splitlines() == [
        "Your constellation: Bea.",
        "",
        "What you asked for",
        "  Contracts: covered in part, by Bea.",
        f"  In confidence: {'; '.join(confident)}.",
        "",
        "Your mentors",
        "  Bea",
        "    Helps you with Contracts (in part) and Patient communication (well).",
        "    What speaks for the two of you: they are about as far ahead of you as helps most.",
    ]


def test_what_speaks_for_a_pair_is_what_both_said_openly_and_to_the_mentee_alone_their_own_choice():
    ties = [
        GivenTie(kind="prefer", mentee="cleo", mentor="ben", by="mentee", rank=1),
        GivenTie(kind="prefer", mentee="cleo", mentor="ben", by="mentor", rank=1),
        GivenTie(kind="existing", mentee="cleo", mentor="ben"),
    ]
    terms = {"region": 1, "language": 1, "preferred_by_mentee": 1, "preferred_by_mentor": 1, "outlook": 1}
    both: Any = {"region": "North", "languages": ("en",)}
    people = roster([replace(CLEO, needs={}, **both)], [mentor("ben", **both)], *ties)
    account, outcome = explained(people, {"cleo": ["ben"]}, policy=Policy(pair_terms=terms))
    common = "What speaks for the two of you: the same region"
    assert for_participant(account, outcome, 0, 0).splitlines() == [
        "ben",
        "  Is in your team for a wish of yours, or for how the two of you fit.",
        f"  {common}, the language that you prefer, you asked for them and you are together already.",
    ]
    assert for_participant(account, outcome, 0, 0, redacted=True).splitlines() == [
        "ben",
        "  Helps with something that you asked for, or fits you in another way.",
        f"  {common} and the language that you prefer.",
    ]


def test_a_pair_with_nothing_in_common_has_a_line_all_the_same():
    people = roster([CLEO], [mentor("ben")])
    account, outcome = explained(people, {"cleo": ["ben"]})
    assert for_participant(account, outcome, 0, 0).splitlines()[-1] == "  The rest you will find out when you talk."


# How it is printed


def test_names_stand_on_one_line_and_steer_no_terminal():
    assert plain("Ben\n\x1b[31m  Arndt\u202e") == "Ben [31m Arndt"
    assert called(Mentor(id="ben", name=" Ben ")) == "Ben (ben)"
    assert called(Mentor(id="ben")) == "ben"


def test_an_id_stands_beside_a_name_only_where_two_have_the_same():
    people = (
        Mentor(id="ben1", name="Ben"),
        Mentor(id="ben2", name="Ben"),
        Mentor(id="bea", name="Bea"),
        Mentor(id="bo"),
    )
    assert [short(people, place) for place in range(4)] == ["Ben (ben1)", "Ben (ben2)", "Bea", "bo"]


def test_numbers_stand_below_each_other_and_long_lines_are_wrapped():
    rows = [("Bea", (1500, 250)), ("  a part", (250,)), ("", ()), ("word " * 30, ())]
    assert table(("worth", "lost without"), rows)[:4] == [
        "          worth  lost without",
        "Bea       1.500         0.250",
        "  a part  0.250",
        "",
    ]
    assert table((), rows[:1]) == ["Bea  1.500  0.250"]
    assert all(len(line) <= 96 for line in table(("worth", "lost without"), rows))
    assert wrapped("  " + "word " * 30)[1].startswith("        word")


def test_a_difference_too_small_to_print_is_none():
    account, outcome = explained(roster([CLEO], [mentor("ben")]), {})
    view = told(account, 0)
    tiny = Move(0, None, 0.0004, ("seat",))
    assert difference(view, tiny) + why_not(view, outcome, tiny) == "ben, worth the same."


# The command


def test_the_command_explains_to_a_coordinator_and_to_a_participant(tmp_path):
    folder, out = small(tmp_path / "in"), tmp_path / "out"
    assert command("match", folder, "--out", out).code == 0
    whole = command("explain", folder, out, "--mentee", "cleo")
    assert whole.code == 0
    assert whole.out.startswith("Cleo (cleo): 1 of 2 mentors, 87 % of the needs covered\n")
    one = command("explain", folder, out, "--mentee", "cleo", "--mentor", "ben")
    assert one.out.startswith("Why not Ben (ben) for Cleo (cleo)\n")
    mine = command("explain", folder, out, "--mentee", "cleo", "--for", "participant")
    assert mine.out.startswith("Your constellation: Bea.\n")


def test_the_page_on_explanations_shows_what_the_command_says(tmp_path, monkeypatch):
    page = (ROOT / "docs" / "how-to" / "explain-a-tie.md").read_text(encoding="utf-8")
    transcripts = re.findall(r"^```console\n\$ introducer (explain .*)\n((?:.*\n)*?)```$", page, re.MULTILINE)
    assert len(transcripts) == 4
    monkeypatch.chdir(ROOT)
    out = tmp_path / "out"
    assert command("match", "examples/civil-service", "--out", out).code == 0
    for line, below in transcripts:
        said = command(*[out if word == "out" else word for word in shlex.split(line)])
        assert PRICE.sub("P", said.out) == PRICE.sub("P", below)
