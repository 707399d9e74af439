"""Frozen values refuse what cannot be, when they are built."""

import pytest
from outcomes import VOCABULARY
from pydantic import ValidationError

from introducer.policy import StageRule
from introducer.roster import Mentee, Mentor, Roster


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


def test_a_word_stands_once_in_its_list():
    with pytest.raises(ValidationError, match="stands there twice"):
        type(VOCABULARY)(domains=(VOCABULARY.domains[0], VOCABULARY.domains[0]))
