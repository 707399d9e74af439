"""What each tie is worth, what is covered, and why the rest is not."""

import numpy as np
import pytest
from accounts import explained, random_account, roster

from introducer.explain.reasons import constellations, team_refused
from introducer.outcome import Gap
from introducer.policy import Policy
from introducer.roster import GivenTie, Mentee, Mentor


def mentor(name, *, level=3, **fields):
    return Mentor(id=name, **({"offers": {"contracts": level}} | fields))


def gaps(people, teams=None, **rest):
    """Return what Cleo's constellation leaves open."""
    account, outcome = explained(people, teams or {}, **rest)
    return outcome.constellations[account.roster.mentee_index["cleo"]].gaps


CLEO = Mentee(id="cleo", needs={"contracts": 3})


# Why nobody covers a need: each cause in a case of its own


def test_a_need_that_nobody_offers_has_no_offer():
    assert gaps(roster([CLEO], [mentor("ben", offers={"talk": 3})])) == (Gap("contracts", "no_offer"),)


def test_what_only_the_mentee_offers_counts_as_no_offer():
    assert gaps(roster([CLEO], [mentor("cleo")])) == (Gap("contracts", "no_offer"),)


def test_a_need_whose_offers_are_all_refused_has_the_most_frequent_code():
    vetoes = [GivenTie(kind="veto", mentee="cleo", mentor=j) for j in ("ben", "bea")]
    people = roster([CLEO], [mentor("bea"), mentor("ben"), mentor("bo", paused=True)], *vetoes)
    assert gaps(people) == (Gap("contracts", "refused", "veto"),)


def test_of_codes_that_are_equally_frequent_the_first_by_name_is_told():
    people = roster(
        [CLEO], [mentor("ben"), mentor("bo", paused=True)], GivenTie(kind="veto", mentee="cleo", mentor="ben")
    )
    assert gaps(people) == (Gap("contracts", "refused", "paused"),)


def test_an_offer_from_a_teammates_institution_is_refused_by_it():
    people = roster(
        [CLEO], [mentor("bea", offers={"talk": 3}, institution="North"), mentor("ben", institution="North")]
    )
    assert gaps(people, {"cleo": ["bea"]}) == (Gap("contracts", "refused", "institution"),)
    assert gaps(people, {"cleo": ["bea"]}, policy=Policy(institution_limit=0)) == (Gap("contracts", "passed_over"),)


def test_an_offer_under_a_quota_that_is_used_up_is_refused_by_it():
    wish = {"rural_path": 1}
    people = roster(
        [Mentee(id="cleo", needs={"contracts": 3}, wishes=wish), Mentee(id="cai", wishes=wish)],
        [mentor("ben", quotas={"rural_path": 1})],
    )
    assert gaps(people, {"cai": ["ben"]}) == (Gap("contracts", "refused", "quota"),)


def test_a_need_whose_mentors_have_no_seat_left_is_full():
    people = roster([CLEO, Mentee(id="cai")], [mentor("ben", capacity=1)])
    assert gaps(people, {"cai": ["ben"]}) == (Gap("contracts", "full"),)


def test_a_need_that_one_more_seat_of_the_team_would_cover_finds_the_team_spent():
    people = roster([CLEO], [mentor("bea", offers={"talk": 3}), mentor("ben")])
    assert gaps(people, {"cleo": ["bea"]}, policy=Policy(team_size=1)) == (Gap("contracts", "team_spent"),)


def test_a_seat_that_is_kept_for_a_local_mentor_is_no_seat_for_another():
    cleo = Mentee(id="cleo", needs={"contracts": 3}, keep_seat="local", region="North", team_size=2)
    people = roster([cleo], [mentor("bea", offers={"talk": 3}), mentor("ben", region="South")])
    assert gaps(people, {"cleo": ["bea"]}) == (Gap("contracts", "team_spent"),)


def test_help_too_little_to_count_is_below_the_floor():
    people = roster([CLEO], [mentor("ben", level=1)])
    assert gaps(people, {"cleo": ["ben"]}, policy=Policy(fit_floor=0.5)) == (Gap("contracts", "below_floor"),)


def test_the_first_cause_that_applies_is_told():
    people = roster(
        [CLEO, Mentee(id="cai")],
        [mentor("bea", paused=True), mentor("ben", capacity=1), mentor("bo", offers={"talk": 1})],
    )
    spent = Policy(team_size=1)
    assert gaps(people, {"cai": ["ben"], "cleo": ["bo"]}, policy=spent) == (Gap("contracts", "full"),)
    assert gaps(people, {"cleo": ["bo"]}, policy=spent) == (Gap("contracts", "team_spent"),)


def test_gaps_stand_in_order_of_weight_and_then_of_key():
    cleo = Mentee(id="cleo", needs={"talk": 1, "clinic": 3, "contracts": 3})
    assert [gap.need for gap in gaps(roster([cleo], []))] == ["clinic", "contracts", "talk"]


@pytest.mark.parametrize(
    ("key", "offered", "counts"),
    [
        ("research", "research", True),
        ("research", "research.grants", True),
        ("research.grants", "research", True),
        ("research.grants", "talk", False),
        ("talk", "research", False),
    ],
)
def test_an_offer_of_a_domain_counts_for_its_topics_and_the_reverse(key, offered, counts):
    account, _ = explained(roster([CLEO], [mentor("ben", offers={offered: 1})]), {})
    assert account.offering(key).tolist() == [counts]


def test_a_teammates_institution_and_a_quota_refuse_and_nothing_else_does():
    wish = {"rural_path": 1}
    people = roster(
        [Mentee(id="cleo", wishes=wish), Mentee(id="cai", wishes=wish)],
        [
            mentor("bea", institution="North"),
            mentor("ben", institution="north "),
            mentor("bo", quotas={"rural_path": 1}),
            mentor("bu"),
        ],
    )
    account, _ = explained(people, {"cleo": ["bea"], "cai": ["bo"]})
    cleo = people.mentee_index["cleo"]
    refused = {code: mask.tolist() for code, mask in team_refused(account, cleo).items()}
    assert refused == {"institution": [True, True, False, False], "quota": [False, False, True, False]}
    assert account.used.tolist() == [1]
    assert account.loads.tolist() == [1, 0, 1, 0]


# What ties are worth


@pytest.mark.parametrize("seed", range(8))
def test_parts_sum_to_worths_and_worths_to_the_value_exactly(seed):
    account, outcome = random_account(np.random.default_rng(seed))
    for found in outcome.constellations:
        team = account.teams[found.mentee]
        assert sum(tie.worth for tie in found.ties) == found.value == account.problem.value(found.mentee, team)
        for tie in found.ties:
            assert sum(reason.worth for reason in tie.reasons) == tie.worth
            assert tie.pair == sum(r.worth for r in tie.reasons if not r.code.startswith(("need:", "wish:")))
            rest = tuple(j for j in team if j != tie.mentor)
            assert tie.marginal == found.value - account.problem.value(found.mentee, rest)
            assert list(tie.reasons) == sorted(tie.reasons, key=lambda r: (-r.worth, r.code))


def test_between_equals_the_lower_index_covers_and_the_other_keeps_its_pair():
    people = roster([CLEO], [mentor("bea"), mentor("ben")])
    _, outcome = explained(people, {"cleo": ["bea", "ben"]}, policy=Policy(pair_terms={"stage": 1}))
    bea, ben = outcome.constellations[0].ties
    assert (bea.needs, ben.needs) == (("contracts",), ())
    assert ben.worth == ben.pair == bea.marginal == ben.marginal == pytest.approx(0.075)
    assert bea.worth == 1.0 + ben.pair


def test_a_tie_that_exists_has_its_bonus_as_a_reason():
    people = roster([CLEO], [mentor("ben")])
    _, outcome = explained(people, {"cleo": ["ben"]}, previous=frozenset({("cleo", "ben")}))
    codes = {reason.code: reason.worth for reason in outcome.ties[0].reasons}
    assert codes["continuity"] == pytest.approx(0.03)
    assert codes["need:contracts"] == 1.0


def test_wishes_and_needs_that_a_mentor_covers_best_stand_with_the_tie():
    cleo = Mentee(id="cleo", needs={"contracts": 2, "talk": 2}, wishes={"rural_path": 3})
    people = roster([cleo], [mentor("bea", experiences=frozenset({"rural_path"})), mentor("ben", offers={"talk": 1})])
    _, outcome = explained(people, {"cleo": ["bea", "ben"]})
    bea, ben = outcome.constellations[0].ties
    assert (bea.needs, bea.wishes) == (("contracts",), ("rural_path",))
    assert (ben.needs, ben.wishes) == (("talk",), ())


def test_what_nobody_of_the_team_brings_is_no_reason_for_a_tie():
    cleo = Mentee(id="cleo", needs={"contracts": 2, "talk": 2}, wishes={"rural_path": 3})
    _, outcome = explained(roster([cleo], [mentor("ben")]), {"cleo": ["ben"]})
    [tie] = outcome.ties
    assert (tie.needs, tie.wishes) == (("contracts",), ())
    assert {reason.code for reason in tie.reasons if reason.worth == 0} == set()
    assert {reason.code for reason in tie.reasons if not reason.code.startswith("pair:")} == {"need:contracts"}


def test_coverage_weighs_fits_by_share_and_is_1_where_nothing_was_asked():
    cleo = Mentee(id="cleo", needs={"contracts": 3, "talk": 1})
    people = roster([cleo, Mentee(id="cai")], [mentor("ben", level=2)])
    _, outcome = explained(people, {"cleo": ["ben"]})
    cai, found = outcome.constellations
    assert cai.coverage == 1.0
    assert cai.ties == ()
    assert found.coverage == pytest.approx(0.75 * 2 / 3)
    assert found.fits == {"contracts": pytest.approx(2 / 3), "talk": 0.0}


def test_there_is_a_constellation_for_every_mentee_in_order():
    account, _ = explained(roster([CLEO, Mentee(id="cai")], [mentor("ben")]), {})
    found = constellations(account, np.array([0.25, 0.5]))
    assert [(c.mentee, c.alone, c.value) for c in found] == [(0, 0.25, 0.0), (1, 0.5, 0.0)]
