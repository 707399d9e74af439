"""Each hard rule decides by itself, from either side, and gives way where the policy says so."""

from dataclasses import replace

import numpy as np
import pytest
from accounts import words

from introducer import rules
from introducer.errors import Infeasible
from introducer.outcome import CODES
from introducer.pipeline import match
from introducer.policy import Policy, StageRule
from introducer.roster import GivenTie, Mentee, Mentor, Roster

WORDS = words()
CLEO = Mentee(id="cleo", needs={"contracts": 3}, stage="resident")
BEN = Mentor(id="ben", offers={"contracts": 3}, stage="attending")


def society(mentees=(CLEO,), mentors=(BEN,), *ties):
    return Roster("A society", WORDS, tuple(mentees), tuple(mentors), ties)


def tie(kind, **more):
    return GivenTie(kind=kind, mentee="cleo", mentor="ben", **more)


def made(roster, policy=None):
    """Return the pairs of ids that are tied."""
    outcome = match(roster, policy or Policy())
    return {(roster.mentees[t.mentee].id, roster.mentors[t.mentor].id) for t in outcome.ties}


def cleo(**more):
    return replace(CLEO, **more)


def ben(**more):
    return replace(BEN, **more)


#: What refuses the pair, and by which code; each is the only thing that does.
REFUSED = {
    "a conflict": (society([CLEO], [BEN], tie("conflict")), Policy(), "conflict"),
    "a veto": (society([CLEO], [BEN], tie("veto")), Policy(), "veto"),
    "an evaluator, said by the mentee": (society([cleo(evaluators=frozenset({"ben"}))]), Policy(), "evaluator"),
    "an evaluator, said by the mentor": (society(mentors=[ben(evaluators=frozenset({"cleo"}))]), Policy(), "evaluator"),
    "avoided by the mentee": (society([cleo(avoid=frozenset({"ben"}))]), Policy(), "avoid"),
    "avoided by the mentor": (society(mentors=[ben(avoid=frozenset({"cleo"}))]), Policy(), "avoid"),
    "one training site": (society([cleo(site="North  Hall")], [ben(site="north hall")]), Policy(), "same_site"),
    "a mentor behind": (society([cleo(stage="attending")], [ben(stage="resident")]), Policy(), "stage"),
    "a mentor too far ahead": (society(), Policy(stage=StageRule(most=2)), "stage"),
    "no language in common": (society([cleo(languages=("en",))], [ben(languages=("es",))]), Policy(), "language"),
    "a mentee without consent": (society([cleo(consent=False)]), Policy(), "consent"),
    "a mentor without consent": (society(mentors=[ben(consent=False)]), Policy(), "consent"),
    "a paused mentee": (society([cleo(paused=True)]), Policy(), "paused"),
    "a paused mentor": (society(mentors=[ben(paused=True)]), Policy(), "paused"),
    "a guest": (society(mentors=[ben(kind="adviser")]), Policy(guests="forbid"), "guest"),
    "a quota of nobody": (
        society([cleo(wishes={"rural_path": 2})], [ben(quotas={"rural_path": 0})]),
        Policy(),
        "quota",
    ),
    "oneself": (society([cleo(id="ben")]), Policy(), "self"),
}

#: The same people, where the policy or an answer lifts the rule.
LIFTED = {
    "one training site, allowed": (society([cleo(site="North")], [ben(site="North")]), Policy(same_site="allow")),
    "another training site": (society([cleo(site="North")], [ben(site="South")]), Policy()),
    "a site that is not given": (society([cleo(site="")], [ben(site="")]), Policy()),
    "a mentor behind, allowed": (
        society([cleo(stage="attending")], [ben(stage="resident")]),
        Policy(stage=StageRule(least=None)),
    ),
    "a peer, as far ahead as the least": (society(mentors=[ben(stage="resident")]), Policy()),
    "a mentor just as far ahead as the most": (society(), Policy(stage=StageRule(most=5))),
    "a stage that is not given": (society([cleo(stage="")]), Policy(stage=StageRule(least=1, most=1))),
    "a language as a preference": (
        society([cleo(languages=("en",))], [ben(languages=("es",))]),
        Policy(shared_language="prefer"),
    ),
    "languages of one side only": (society([cleo(languages=("en",))]), Policy()),
    "a second language in common": (society([cleo(languages=("en", "es"))], [ben(languages=("es",))]), Policy()),
    "a guest, allowed": (society(mentors=[ben(kind="adviser")]), Policy(guests="allow")),
    "a quota for a wish that is not read": (
        society([cleo(wishes={"rural_path": 2})], [ben(quotas={"rural_path": 0})]),
        Policy(privacy="neutral"),
    ),
    "a quota for another wish": (society([cleo(wishes={"loss": 2})], [ben(quotas={"rural_path": 0})]), Policy()),
    "people to avoid who are not here": (
        society([cleo(avoid=frozenset({"dov"}))], [ben(avoid=frozenset({"dov"}))]),
        Policy(),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_one_fact_refuses_a_pair(name):
    roster, policy, code = REFUSED[name]
    found = rules.refusals(roster, policy)
    assert found.code(0, 0) == code
    assert found.counts() == {code: 1}
    assert not found.allowed.any()
    assert made(roster, policy) == set()


@pytest.mark.parametrize("name", LIFTED)
def test_without_the_rule_or_the_fact_the_pair_is_tied(name):
    roster, policy = LIFTED[name]
    assert rules.refusals(roster, policy).code(0, 0) == ""
    assert made(roster, policy) == {("cleo", "ben")}


def test_every_code_but_that_of_teams_is_decided_here():
    assert {code for _roster, _policy, code in REFUSED.values()} == set(CODES) - {"institution"}
    assert tuple(rules.RULES) == CODES


def test_of_several_codes_the_first_in_their_order_is_told():
    roster = society([cleo(consent=False)], [ben(paused=True)], tie("conflict"), tie("veto"))
    assert rules.refusals(roster, Policy()).code(0, 0) == "conflict"
    assert rules.refusals(society([cleo(consent=False)], [ben(paused=True)]), Policy()).code(0, 0) == "consent"


def test_a_pin_uses_up_its_institution_for_the_team_and_is_not_refused_itself():
    mates = [ben(institution="Hill"), ben(id="bea", institution=" HILL "), ben(id="bo", institution="Dale")]
    roster = society([CLEO], mates, tie("pin"))
    found = rules.refusals(roster, Policy())
    assert [found.code(0, j) for j in range(3)] == ["institution", "", ""]
    assert rules.refusals(roster, Policy(institution_limit=2)).counts() == {}
    assert rules.refusals(roster, Policy(institution_limit=0)).counts() == {}
    assert ("cleo", "bea") not in made(roster)


def test_pinned_mentors_without_an_institution_use_up_none():
    roster = society([CLEO], [BEN, ben(id="bea")], tie("pin"))
    assert rules.refusals(roster, Policy()).counts() == {}


def test_teammates_of_one_institution_are_limited_without_pins():
    mates = [ben(id=f"b{k}", institution="Hill", offers={key: 3}) for k, key in enumerate(("contracts", "talk"))]
    roster = society([cleo(needs={"contracts": 3, "talk": 3})], mates)
    assert len(made(roster)) == 1
    assert len(made(roster, Policy(institution_limit=2))) == 2


def test_pins_that_are_refused_are_all_named():
    cai = replace(CLEO, id="cai", paused=True)
    roster = society([cleo(consent=False), cai], [BEN], tie("pin"), GivenTie(kind="pin", mentee="cai", mentor="ben"))
    with pytest.raises(Infeasible) as raised:
        match(roster, Policy())
    assert list(raised.value.causes) == [
        "The tie of cai to ben is pinned, and the rule 'paused' forbids it.",
        "The tie of cleo to ben is pinned, and the rule 'consent' forbids it.",
    ]


def test_a_pin_is_kept_against_a_better_mentor():
    roster = society([CLEO], [ben(offers={}), ben(id="bea")], tie("pin"))
    assert made(roster, Policy(team_size=1)) == {("cleo", "ben")}


@pytest.mark.parametrize("name", REFUSED)
def test_a_pin_gives_way_to_no_rule_and_the_rule_is_told(name):
    roster, policy, code = REFUSED[name]
    [mentee], [mentor] = roster.mentees, roster.mentors
    pin = GivenTie(kind="pin", mentee=mentee.id, mentor=mentor.id)
    with pytest.raises(Infeasible) as raised:
        match(replace(roster, ties=(*roster.ties, pin)), policy)
    told = f"The tie of {mentee.id} to {mentor.id} is pinned, and the rule '{code}' forbids it."
    assert raised.value.causes == (told,)


@pytest.mark.parametrize("site", ["north", "North  ", " NORTH", "North Hall"])
def test_places_are_compared_without_case_and_spaces(site):
    roster = society([cleo(site="North")], [ben(site=site)])
    assert rules.refusals(roster, Policy()).allowed[0, 0] == (site == "North Hall")


def test_a_wish_for_a_shared_attribute_counts_towards_a_quota_under_the_profile_that_reads_it_alone():
    roster = society([cleo(wishes={"same:culture": 2})], [ben(quotas={"same:culture": 0})])
    codes = [rules.refusals(roster, Policy(privacy=profile)).code(0, 0) for profile in ("experience", "background")]
    assert codes == ["", "quota"]


def test_each_rule_refuses_the_pairs_that_it_names_and_no_other():
    cai, bea = replace(CLEO, id="cai"), replace(BEN, id="bea")
    society_of = {
        "conflict": society([CLEO, cai], [BEN, bea], tie("conflict")),
        "avoid": society([CLEO, cai], [replace(BEN, avoid=frozenset({"cleo"})), bea]),
        "evaluator": society([replace(CLEO, evaluators=frozenset({"ben"})), cai], [BEN, bea]),
        "same_site": society([replace(CLEO, site="a"), replace(cai, site="b")], [ben(site="a"), bea]),
        "stage": society([replace(CLEO, stage="attending"), cai], [ben(stage="resident"), bea]),
        "language": society([cleo(languages=("en",)), cai], [ben(languages=("es",)), bea]),
    }
    for code, roster in society_of.items():
        found = rules.refusals(roster, Policy())
        pairs = {(roster.mentees[i].id, roster.mentors[j].id) for i, j in np.argwhere(~found.allowed).tolist()}
        assert pairs == {("cleo", "ben")}, code
        assert found.counts() == {code: 1}


def test_a_capacity_holds_and_the_greater_need_has_the_seat():
    cai = replace(CLEO, id="cai", needs={"contracts": 1, "talk": 3})
    roster = society([CLEO, cai], [ben(capacity=1)])
    assert made(roster) == {("cleo", "ben")}


def test_a_lower_load_draws_a_mentee_to_a_mentor_who_is_worth_less():
    roster = society([CLEO], [BEN, ben(id="bea", offers={"talk": 1})])
    assert made(roster, Policy(team_size=1)) == {("cleo", "ben")}
    owed = society([CLEO], [BEN, ben(id="bea", offers={"talk": 1}, min_load=1)])
    assert made(owed, Policy(team_size=1)) == {("cleo", "bea")}


@pytest.mark.parametrize("out", [{"paused": True}, {"consent": False}])
def test_who_takes_no_part_owes_no_lower_load(out):
    assert made(society(mentors=[ben(min_load=1, **out)])) == set()
    with pytest.raises(Infeasible):
        match(society(mentors=[ben(min_load=2)]), Policy())


def test_a_quota_lets_so_many_with_the_wish_in_and_no_more():
    mentees = [cleo(id=f"c{k}", wishes={"rural_path": 3}) for k in range(3)] + [cleo(id="d")]
    host = ben(capacity=4, experiences=frozenset({"rural_path"}), quotas={"rural_path": 2})
    assert len(made(society(mentees, [host]))) == 3
    assert ("d", "ben") in made(society(mentees, [host]))
    assert len(made(society(mentees, [replace(host, quotas={})]))) == 4


def test_a_kept_seat_is_for_a_local():
    near = ben(id="near", region="West", offers={})
    far = [ben(id=f"far{k}", region="East", offers={key: 3}) for k, key in enumerate(("contracts", "talk"))]
    asks = cleo(needs={"contracts": 3, "talk": 3}, region="West", keep_seat="local")
    policy = Policy(team_size=2)
    assert {j for _i, j in made(society([replace(asks, keep_seat="")], [near, *far]), policy)} == {"far0", "far1"}
    kept = {j for _i, j in made(society([asks], [near, *far]), policy)}
    assert "near" in kept
    assert len(kept) == 2


def test_a_kept_seat_is_for_someone_from_outside():
    inside = [ben(id=f"in{k}", institution="Hill", offers={key: 3}) for k, key in enumerate(("contracts", "talk"))]
    outside = ben(id="out", institution="Dale", offers={})
    guest = ben(id="guest", institution="Hill", kind="adviser", offers={})
    asks = cleo(needs={"contracts": 3, "talk": 3}, institution="Hill", keep_seat="outside")
    policy = Policy(team_size=2, institution_limit=0)
    assert "out" in {j for _i, j in made(society([asks], [*inside, outside]), policy)}
    assert "guest" in {j for _i, j in made(society([asks], [*inside, guest]), policy)}


@pytest.mark.parametrize(("privacy", "read"), [("neutral", 0), ("experience", 1), ("background", 2)])
def test_a_profile_says_which_wishes_are_read(privacy, read):
    wishing = cleo(wishes={"rural_path": 3, "same:culture": 2})
    assert len(rules.wishes_read(wishing, Policy(privacy=privacy))) == read


def test_a_cohort_of_nobody_refuses_nobody():
    assert rules.refusals(society([], []), Policy()).codes.shape == (0, 0)
    assert rules.refusals(society([cleo(languages=("en",))], []), Policy()).codes.shape == (1, 0)
