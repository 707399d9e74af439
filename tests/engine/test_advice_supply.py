"""Supply and need: weights that sum to what was asked openly, and no small cell that a total would tell."""

from dataclasses import replace

import numpy as np
import pytest
from accounts import explained, random_account, roster
from accounts import words as named_words

from introducer import report
from introducer.advice.supply import supply, wish_supply
from introducer.policy import Policy
from introducer.report.facts import gather
from introducer.roster import Mentee, Mentor, Roster
from introducer.vocabulary import Domain, Term


def asking(number, needs, prefix="e", **fields):
    return [Mentee(id=f"{prefix}{i:02}", needs=needs, **fields) for i in range(number)]


def outcome_of(mentees, mentors=(), teams=None, **choices):
    return explained(roster(mentees, mentors), teams or {}, **choices)[1]


def by_name(rows):
    return {row.name: row for row in rows}


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("redacted", [False, True])
def test_needs_sum_to_the_people_who_asked_openly(seed, redacted):
    _account, outcome = random_account(np.random.default_rng(seed), 30, 12)
    is_sensitive = outcome.roster.vocabulary.is_sensitive
    openly = sum(
        any(key not in mentee.private and not is_sensitive(key) for key in mentee.needs)
        for mentee in outcome.roster.mentees
    )
    rows = [row for row in supply(outcome, redacted=redacted) if row.name != "Family and parenting"]
    assert sum(row.need for row in rows) == pytest.approx(openly)
    assert all(row.met is not None and 0 <= row.met <= 1 + 1e-12 for row in rows)
    assert all(row.price is None for row in rows) if redacted else True


def test_need_is_weighed_and_met_by_the_best_fit():
    mentees = [
        Mentee(id="cai", needs={"talk": 3, "clinic": 1}),
        Mentee(id="cleo", needs={"talk": 2}),
    ]
    mentors = [Mentor(id="bea", offers={"talk": 2}), Mentor(id="ben", offers={"talk": 1, "clinic": 3})]
    found = by_name(
        supply(outcome_of(mentees, mentors, {"cai": ["bea", "ben"]}, prices={"bea": 0.5, "ben": 0.25}), redacted=False)
    )
    talk, clinic = found["Patient communication"], found["Clinic building"]
    assert talk.need == 1.75
    assert talk.met == pytest.approx(0.75 * 2 / 3 / 1.75)
    assert (talk.asked, talk.offered, talk.seats, talk.covered, talk.price) == (2, 2, 4, 1, 0.375)
    assert (clinic.need, clinic.met, clinic.price) == (0.25, 1.0, 0.25)


def test_what_is_private_changes_no_weight():
    def rows(needs, private):
        return by_name(supply(outcome_of([Mentee(id="cai", needs=needs, private=private)]), redacted=False))

    openly = {"talk": 2, "clinic": 1}
    hidden = rows(openly | {"contracts": 3}, frozenset({"contracts"}))
    assert hidden == rows(openly, frozenset())
    assert rows(openly | {"family": 3}, frozenset())["Clinic building"].need == pytest.approx(1 / 3)


def test_a_domain_that_nobody_offers_has_no_price():
    (row,) = supply(outcome_of([Mentee(id="cai", needs={"talk": 1})]), redacted=False)
    assert (row.offered, row.seats, row.met, row.price) == (0, 0, 0.0, None)


def test_a_sensitive_domain_weighs_among_all_that_is_open_and_is_not_priced():
    mentors = [Mentor(id=f"o{j:02}", offers={"family": 3}, capacity=3) for j in range(10)]
    teams = {f"e{i:02}": [f"o{i:02}"] for i in range(10)}
    found = outcome_of(asking(20, {"family": 1, "talk": 1}), mentors, teams, prices={"o00": 1.0})
    row = by_name(supply(found, redacted=False))["Family and parenting"]
    assert (row.need, row.met, row.covered, row.offered, row.price) == (10.0, 0.5, 10, 10, None)
    assert "Family and parenting" not in by_name(supply(found, redacted=True))


# Wishes


def wishing(*numbers, honored=(), extra=()):
    """Return an outcome in which so many wish for each of the experiences, and so many of them have it."""
    keys = ("rural_path", "first_in_family", "loss")
    mentees, teams = [], {}
    mentor = Mentor(id="z", offers={"talk": 1}, experiences=frozenset(keys), capacity=99)
    for key, number, met in zip(keys, numbers, (*honored, 0, 0, 0), strict=False):
        for i in range(number):
            mentees.append(Mentee(id=f"{key}{i:02}", needs={"talk": 1}, wishes={key: 2}))
            if i < met:
                teams[f"{key}{i:02}"] = ["z"]
    return outcome_of([*mentees, *extra], [mentor], teams, policy=Policy(capacity=99))


@pytest.mark.parametrize(
    ("numbers", "listed"),
    [
        ((9,), []),
        ((10,), ["Rural practice"]),
        ((30, 20), ["Rural practice", "First generation"]),
        ((30, 20, 3), ["Rural practice"]),
        ((12, 0, 3), []),
        ((30, 20, 10), ["Rural practice", "First generation", "Loss of a patient"]),
    ],
)
def test_few_wishes_are_not_listed_nor_left_to_subtraction(numbers, listed):
    assert [row.name for row in wish_supply(wishing(*numbers))] == listed


def test_honored_wishes_are_counted_where_neither_part_is_small():
    def honored(numbers, met):
        return [row.honored for row in wish_supply(wishing(*numbers, honored=met))]

    assert honored((30,), (12,)) == [12]
    assert honored((30,), (9,)) == [None]
    assert honored((30,), (21,)) == [None]
    assert honored((30, 25), (12, 12)) == [12, 12]
    # All honored wishes are told: what is left over must not be small.
    assert honored((30, 25), (12, 3)) == [None, None]
    assert honored((40, 30, 20), (12, 12, 3)) == [12, None, None]


def test_those_who_speak_to_it_are_counted_from_ten_on():
    mentees = asking(12, {"talk": 1}, wishes={"rural_path": 1})

    def row(number):
        speak = [Mentor(id=f"o{j}", experiences=frozenset({"rural_path"}), capacity=2) for j in range(number)]
        (found,) = wish_supply(outcome_of(mentees, speak))
        return found.asked, found.offered, found.seats

    assert row(10) == (12, 10, 20)
    assert row(9) == (12, None, None)
    assert row(0) == (12, 0, 0)


def test_wishes_that_the_policy_does_not_read_and_shared_attributes_are_no_rows():
    own = {"culture": frozenset({"Andean"})}
    mentees = asking(30, {"talk": 1}, wishes={"same:culture": 3, "rural_path": 1}, attributes=own)
    rows = wish_supply(outcome_of(mentees, policy=Policy(privacy="background")))
    assert [row.name for row in rows] == ["Rural practice"]
    assert wish_supply(outcome_of(mentees, policy=Policy(privacy="neutral"))) == []


# The report


def section(html):
    return html.partition('<section id="domains"')[2].partition("</section>")[0]


def test_the_report_says_whom_to_look_for_and_a_redacted_one_does_not():
    mentees = [Mentee(id="cai", needs={"talk": 3, "clinic": 1})]
    mentors = [Mentor(id="bea", offers={"talk": 2}), Mentor(id="ben", offers={"clinic": 3})]
    found = outcome_of(mentees, mentors, {"cai": ["ben"]}, prices={"bea": 0.5})
    html = section(report.page(found))
    assert "Supply and need by domain" in html
    assert "Whom to look for:" in html
    assert "Patient communication (50" in html
    assert "Clinic building (" not in html
    assert "Whom to look for" not in report.page(found, redacted=True)
    assert "Whom to look for" not in report.page(outcome_of(mentees, mentors, {"cai": ["ben"]}))


def test_the_report_lists_wishes_for_experiences_where_enough_wish():
    found = wishing(30, 25, honored=(12, 3))
    html = section(report.page(found))
    assert "Wishes for an experience" in html
    assert "Rural practice" in html
    assert html.count(">–</td>") >= 4
    assert "Rural practice" not in report.page(found, redacted=True)
    assert gather(found, redacted=True).wish_supply == ()
    counted = section(report.page(wishing(30, honored=(12,))))
    assert 'style="width:40%"' in counted


def test_wishes_are_listed_where_no_domain_is():
    mentees = [replace(one, wishes={"rural_path": 1}) for one in asking(12, {})]
    html = section(report.page(outcome_of(mentees)))
    assert "There is no domain to list" in html
    assert "Rural practice" in html


def test_a_sensitive_topic_counts_in_no_domain_that_is_not():
    talk = Domain(id="talk", name="Talk", topics=(Term(id="grief", name="Grief", sensitive=True),))
    people = Roster(
        "Made up", named_words(domains=(talk,)), (Mentee(id="cai", needs={"talk": 1, "talk.grief": 3}),), ()
    )
    _account, outcome = explained(people, {})
    (row,) = supply(outcome, redacted=False)
    assert row.need == 1.0
