"""What each tie is worth, what is covered, and why the rest is not."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from accounts import explained, random_account, roster

from introducer.explain.reasons import constellations
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


@pytest.mark.parametrize(
    ("one", "gap"),
    [
        (mentor("ben", institution="north "), Gap("contracts", "refused", "institution")),
        (mentor("bo", quotas={"rural_path": 1}), Gap("contracts", "refused", "quota")),
        (mentor("bo", quotas={"rural_path": 2}), Gap("contracts", "passed_over")),
        (mentor("bo", quotas={"first_in_family": 1}), Gap("contracts", "passed_over")),
        (mentor("bu"), Gap("contracts", "passed_over")),
    ],
)
def test_a_teammates_institution_and_a_quota_refuse_and_nothing_else_does(one, gap):
    wish = {"rural_path": 1}
    people = roster(
        [replace(CLEO, wishes=wish), Mentee(id="cai", wishes=wish)],
        [mentor("bea", offers={"talk": 3}, institution="North"), replace(one, capacity=2)],
    )
    assert gaps(people, {"cleo": ["bea"], "cai": [one.id]}) == (gap,)


def test_of_whoever_is_refused_to_everybody_the_code_of_most_is_told_as_for_others():
    cleo = replace(CLEO, paused=True, site="North")
    there = mentor("bea", site="North"), mentor("ben", site="North"), mentor("bo", site="South")
    assert gaps(roster([cleo], there)) == (Gap("contracts", "refused", "same_site"),)
    assert gaps(roster([replace(cleo, site="South")], there)) == (Gap("contracts", "refused", "paused"),)
    assert gaps(roster([replace(cleo, site="")], there)) == (Gap("contracts", "refused", "paused"),)
    vetoes = [GivenTie(kind="veto", mentee="cleo", mentor=j) for j in ("bea", "ben")]
    assert gaps(roster([cleo], there, *vetoes)) == (Gap("contracts", "refused", "veto"),)
    others = mentor("bea", site="North", offers={"talk": 1}), mentor("bo", consent=False)
    assert gaps(roster([cleo], others)) == (Gap("contracts", "refused", "consent"),)


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


def test_constellations_are_a_sequence_and_equal_by_what_they_hold():
    account, outcome = random_account(np.random.default_rng(1))
    found = outcome.constellations
    every = tuple(found)
    assert len(found) == len(every) == len(account.teams)
    assert [own.mentee for own in every] == list(range(len(every)))
    assert (found[-1], found[1:3], found[:0]) == (every[-1], every[1:3], ())
    with pytest.raises(IndexError):
        found[len(every)]
    assert found == every
    assert found != every[:-1]
    assert found != 1
    assert outcome.teams == tuple(tuple(tie.mentor for tie in own.ties) for own in every) == account.teams
    assert outcome.n_ties == len(outcome.ties)


def by_the_book(account, i, key):
    """Return why a need stays open, every mentor looked at by the definitions."""
    market, team, roster = account.market, account.teams[i], account.roster
    a = market.arrays
    offering = {
        j for j in np.flatnonzero(account.offering(key)).tolist() if roster.mentors[j].id != roster.mentees[i].id
    }
    holders, numbers = market.quotas(i)
    spent = {j for j, g in zip(holders.tolist(), numbers.tolist(), strict=True) if account.used[g] >= a.quota_limits[g]}

    def code(j):
        home = a.institutions[j]
        mates = sum(home >= 0 and a.institutions[other] == home for other in team)
        full = a.institution_limit and mates >= a.institution_limit
        return account.refused.code(i, j) or ("institution" if full else "quota" if j in spent else "")

    allowed = {j for j in offering if not code(j)}
    if not allowed:
        codes = Counter(map(code, offering))
        most = min(codes, key=lambda one: (-codes[one], one), default="")
        return Gap(key, "refused", most) if offering else Gap(key, "no_offer")
    free = {j for j in allowed if account.loads[j] < a.capacities[j]}
    others = sum(not market.kept(i)[j] for j in team)
    here = {j for j in free if len(team) < a.team_sizes[i] and (market.kept(i)[j] or others < a.team_sizes[i] - 1)}
    if not here:
        return Gap(key, "team_spent" if free else "full")
    counts = any(account.fits.of(i, f"need:{key}")[j] > 0 for j in here)
    return Gap(key, "passed_over" if counts else "below_floor")


@pytest.mark.parametrize("seed", range(30))
def test_causes_are_those_of_the_definitions(seed):
    account, outcome = random_account(np.random.default_rng(seed), 8, 9)
    for found in outcome.constellations:
        for gap in found.gaps:
            assert gap == by_the_book(account, found.mentee, gap.need)
