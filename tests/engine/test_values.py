"""Frozen values refuse what cannot be, when they are built, and say what they hold."""

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import VOCABULARY, cast, outcome
from pydantic import ValidationError

from introducer.errors import Fault, Infeasible, IntroducerError, Refused, RosterError
from introducer.outcome import Certificate, Gap
from introducer.policy import PAIR_TERMS, Policy, StageRule
from introducer.roster import GivenTie, Mentee, Mentor, Roster
from introducer.vocabulary import KINDS, Domain, Term, Vocabulary

# Errors


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault("program.toml", reason="It is not there."), "program.toml: It is not there."),
        (Fault("mentees.csv", 3, reason="It has no id."), "mentees.csv, row 3: It has no id."),
        (
            Fault("mentees.csv", 3, "Year", "PGY-9", "This is no stage.", "Known are: PGY-1."),
            "mentees.csv, row 3, column 'Year': This is no stage. ('PGY-9') Known are: PGY-1.",
        ),
    ],
)
def test_a_fault_says_where_it_is_what_stands_there_and_what_to_do(fault, said):
    assert str(fault) == said


def test_faults_are_told_in_order_of_place_whatever_the_order_of_finding():
    last, first = Fault("mentors.csv", 2, reason="B."), Fault("mentees.csv", 10, reason="A.")
    middle = Fault("mentees.csv", 11, reason="A.")
    error = RosterError([last, middle, first])
    assert error.faults == (first, middle, last)
    assert str(error).splitlines() == [str(first), str(middle), str(last)]


def test_an_infeasible_cohort_is_told_with_ids_in_place_of_indices():
    error = Infeasible(["{mentee:1} and {mentor:0} are in the way of {mentor:1}.", "{mentee:0} too."])
    worded = error.worded(["cai", "cleo"], ["bea", "ben"])
    assert worded.causes == ("cleo and bea are in the way of ben.", "cai too.")
    assert str(worded) == "cleo and bea are in the way of ben.\ncai too."
    assert error.causes[1] == "{mentee:0} too."


def test_every_error_is_one_of_ours_and_no_other():
    assert Refused(["One.", "Two."]).findings == ("One.", "Two.")
    assert str(Refused(["One.", "Two."])) == "One.\nTwo."
    assert all(issubclass(kind, IntroducerError) for kind in (RosterError, Infeasible, Refused))
    assert IntroducerError.__mro__[1] is Exception


# Policy


def test_the_defaults_are_those_of_the_format():
    policy = Policy()
    assert (policy.team_size, policy.capacity, policy.min_load, policy.seed) == (3, 2, 0, 1)
    assert (policy.floor, policy.privacy, policy.same_site) == ("total", "experience", "forbid")
    assert (policy.weights.wish, policy.weights.pair) == (0.5, 0.15)
    assert (policy.institution_limit, policy.continuity, policy.equity) == (1, 0.03, {})


@pytest.mark.parametrize(
    "choice",
    [
        {"team_size": 6},
        {"team_size": -1},
        {"capacity": -1},
        {"min_load": -1},
        {"seed": 2**32},
        {"seed": -1},
        {"floor": "leximin?"},
        {"privacy": "everything"},
        {"weights": {"wish": 1.1}},
        {"weights": {"pair": -0.1}},
        {"weights": {"luck": 0.1}},
        {"same_site": "perhaps"},
        {"institution_limit": -1},
        {"continuity": 1.5},
        {"equity": {"rural": 0.4}},
        {"equity": {"rural": 2.1}},
        {"guests": "some"},
        {"shared_language": "yes"},
        {"stage": {"fade": 0}},
        {"stage": {"best": [3, 1]}},
        {"pair_terms": {"stage": -1.0}},
        {"pair_terms": {"starsign": 1.0}},
        {"topic_share": 1.1},
        {"fit_floor": -0.1},
        {"solver": "luck"},
        {"gap_target": 2},
        {"teamsize": 3},
    ],
    ids=str,
)
def test_a_choice_out_of_its_range_or_misspelt_is_refused(choice):
    with pytest.raises(ValidationError):
        Policy(**choice)


def test_an_unknown_pair_term_is_named_with_those_there_are():
    with pytest.raises(ValidationError, match=f"starsign is none of {', '.join(PAIR_TERMS)}"):
        Policy(pair_terms={"starsign": 1.0})


def test_a_policy_is_not_changed_after_it_is_made():
    with pytest.raises(ValidationError, match="frozen"):
        Policy().team_size = 2  # type: ignore[misc]  # what is tried is forbidden


@pytest.mark.parametrize(
    ("flags", "weight"),
    [("", 1.0), ("a", 1.5), ("ab", 2.0), ("c", 0.5), ("cd", 0.5), ("ac", 0.75), ("z", 1.0), ("az", 1.5)],
)
def test_equity_weights_multiply_within_their_range_and_unknown_flags_weigh_nothing(flags, weight):
    policy = Policy(equity={"a": 1.5, "b": 2.0, "c": 0.5, "d": 0.5})
    assert policy.equity_of(frozenset(flags)) == weight


@given(st.dictionaries(st.sampled_from("abcdef"), st.floats(0.5, 2)), st.frozensets(st.sampled_from("abcdefg")))
def test_equity_is_between_half_and_double(equity, flags):
    assert 0.5 <= Policy(equity=equity).equity_of(flags) <= 2.0


# Outcome


@pytest.mark.parametrize(
    ("value", "bound", "gap"), [(3.0, 4.0, 0.25), (4.0, 4.0, 0.0), (0.0, 0.0, 0.0), (0.0, 2.0, 1.0), (1.0, 8.0, 0.875)]
)
def test_a_gap_is_the_part_of_the_bound_that_is_missing(value, bound, gap):
    assert Certificate(value, bound, "all", (), ()).gap == gap


def test_a_gap_in_coverage_says_its_need_its_cause_and_its_code():
    assert str(Gap("contracts", "full")) == "contracts:full"
    assert str(Gap("contracts", "refused", "veto")) == "contracts:refused(veto)"


def test_ties_of_an_outcome_stand_in_order_of_mentee_and_mentor():
    people = cast()
    made = outcome(people, {"cleo": ["ben", "bea"], "cai": ["ben"]})
    named = [(people.mentees[tie.mentee].id, people.mentors[tie.mentor].id) for tie in made.ties]
    assert named == [("cai", "ben"), ("cleo", "bea"), ("cleo", "ben")]


# Roster


def test_people_stand_in_order_of_id_and_are_found_by_it():
    roster = Roster(
        "A society", VOCABULARY, (Mentee(id="cleo"), Mentee(id="cai")), (Mentor(id="ben"), Mentor(id="bea"))
    )
    assert [person.id for person in roster.mentees] == ["cai", "cleo"]
    assert [person.id for person in roster.mentors] == ["bea", "ben"]
    assert roster.mentee_index == {"cai": 0, "cleo": 1}
    assert roster.mentor_index == {"bea": 0, "ben": 1}


def test_given_ties_of_the_kinds_asked_for_come_by_mentee_and_then_by_mentor():
    rows = [("pin", "cleo", "bea"), ("veto", "cai", "ben"), ("pin", "cai", "ben"), ("prefer", "cai", "bea")]
    ties = tuple(GivenTie(kind=kind, mentee=i, mentor=j) for kind, i, j in rows)  # type: ignore[arg-type]  # kinds there are
    people = (Mentee(id="cleo"), Mentee(id="cai")), (Mentor(id="ben"), Mentor(id="bea"))
    roster = Roster("A society", VOCABULARY, *people, ties)
    assert [(i, j, tie.kind) for i, j, tie in roster.pairs("pin", "veto")] == [
        (0, 1, "veto"),
        (0, 1, "pin"),
        (1, 0, "pin"),
    ]
    assert roster.pairs("existing") == []


def test_a_person_is_not_changed_after_they_are_read():
    with pytest.raises(FrozenInstanceError):
        Mentee(id="cleo").stage = "resident"  # type: ignore[misc]  # what is tried is forbidden


# Vocabulary


def test_the_best_stages_are_in_order():
    with pytest.raises(ValidationError, match="the first number must not be above the second"):
        StageRule(best=(3, 1))
    assert StageRule(best=(1, 1)).best == (1, 1)


def test_an_id_stands_once_in_its_list():
    cleo, ben = Mentee(id="cleo"), Mentor(id="ben")
    assert len(Roster("A society", VOCABULARY, (cleo,), (ben,)).mentees) == 1
    with pytest.raises(ValueError, match="an id stands twice among the mentees"):
        Roster("A society", VOCABULARY, (cleo, cleo), (ben,))
    with pytest.raises(ValueError, match="an id stands twice among the mentors"):
        Roster("A society", VOCABULARY, (cleo,), (ben, ben))


def test_one_person_may_be_both():
    both = Roster("A society", VOCABULARY, (Mentee(id="cai"),), (Mentor(id="cai"),))
    assert (both.mentee_index["cai"], both.mentor_index["cai"]) == (0, 0)


def test_every_key_has_a_name_for_people():
    words = VOCABULARY
    topic = next(key for key in words.needs if "." in key)
    domain = topic.partition(".")[0]
    assert words.name(domain) == words.needs[domain].name
    assert words.name(topic) == f"{words.needs[domain].name}: {words.needs[topic].name.lower()}"
    wish = next(key for key in words.wishes if not key.startswith("same:"))
    assert words.name(wish) == words.wishes[wish].name


@pytest.mark.parametrize("kind", KINDS)
def test_a_word_stands_once_in_its_list(kind):
    word = {"id": "open", "name": "Open"} | ({"rank": 1} if kind == "stages" else {})
    assert len(Vocabulary(**{kind: [word]}).terms(kind)) == 1
    with pytest.raises(ValidationError, match=f"{kind}: open stands there twice"):
        Vocabulary(**{kind: [word, word]})


def test_a_topic_stands_once_in_its_domain():
    grants = Term(id="grants", name="Grants")
    with pytest.raises(ValidationError, match="topics of research: grants stands there twice"):
        Domain(id="research", name="Research", topics=(grants, grants))


@pytest.mark.parametrize("code", ["", "Open", "two words", "_open", "a.b", "same:open", "é"])
def test_a_code_is_of_small_letters_digits_and_underscores(code):
    with pytest.raises(ValidationError):
        Term(id=code, name="Open")
    assert Term(id="4_open", name="Open").id == "4_open"


def test_keys_of_needs_and_wishes_come_in_the_order_of_the_template():
    keys = ["contracts", "research", "research.grants", "talk", "clinic", "family"]
    assert list(VOCABULARY.needs) == keys
    assert list(VOCABULARY.wishes) == ["rural_path", "first_in_family", "same:culture"]
    assert VOCABULARY.ranks == {"resident": 3, "attending": 8}
    assert VOCABULARY.name("same:culture") == "shared culture"


def test_a_need_is_sensitive_by_its_topic_or_by_its_whole_domain():
    loss, grants = Term(id="loss", name="Loss", sensitive=True), Term(id="grants", name="Grants")
    words = Vocabulary(
        domains=(
            Domain(id="talk", name="Talk", topics=(loss, grants)),
            Domain(id="family", name="Family", sensitive=True, topics=(grants,)),
        )
    )
    assert {key for key in words.needs if words.is_sensitive(key)} == {"talk.loss", "family", "family.grants"}
