"""The engine's sentences pass whole through whoever translates them, and are as ever where nobody does."""

import importlib.util
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from accounts import WORDS, explained, random_account, roster
from folders import write_folder
from test_io_faults import MENTEES, MENTORS, TIES

from introducer.errors import Infeasible, RosterError
from introducer.explain import for_coordinator, for_participant
from introducer.explain.told import told
from introducer.io import read
from introducer.outcome import CAUSES, CODES
from introducer.pipeline import match
from introducer.policy import Policy
from introducer.report import sky
from introducer.report.constellation import Direction, Star, draw
from introducer.report.facts import gather
from introducer.report.sections import skies
from introducer.roster import GivenTie, Mentee, Mentor
from introducer.saying import say, spoken
from introducer.words import called_flag, count, listed

ROOT = Path(__file__).parents[2]
SEEDS = range(12)
#: What a translator keeps of a template: its placeholders, and people whose ids are put in later. Or a letter.
KEPT = re.compile(r"\{\{(?:mentee|mentor):\{\w+\}\}\}|\{[^{}]*\}|[^\W\d_]")
#: What is no sentence: ids and names of the random people, codes of rules and causes, a key of the policy.
CODED = {*CODES, *CAUSES, "refused", "least", "most"}
PERSON = re.compile(r"[EeOo] ?\d+")


def mute(text):
    """Translate a text into a language whose words are rows of dots."""
    return KEPT.sub(lambda found: found[0] if found[0][0] == "{" else "·", text)


def left(text):
    """Return the words of a text that did not pass through the translator."""
    return set(re.findall(r"[^\W\d_]\w*", PERSON.sub("", text))) - CODED


def explanations(account, outcome):
    """Yield everything that can be said of everybody."""
    for i in range(len(account.roster.mentees)):
        for j in (None, *range(len(account.roster.mentors))):
            yield for_coordinator(account, outcome, i, j)
            yield for_participant(account, outcome, i, j)
            yield for_participant(account, outcome, i, j, redacted=True)


def test_a_sentence_is_translated_before_names_are_put_in():
    spanish = {"{name} is pinned": "{name} está fijado"}
    with spoken(lambda text: spanish.get(text, text)):
        assert say("{name} is pinned", name="{Ben}") == "{Ben} está fijado"
        assert say("full") == "full"
    assert say("{name} is pinned", name="Ben") == "Ben is pinned"


def test_a_text_without_values_may_hold_braces():
    assert say("a {brace}") == "a {brace}"


def test_whoever_spoke_before_speaks_again_after_an_error():
    def broken():
        with spoken(str.upper):
            raise ZeroDivisionError

    with spoken(str.title):
        with pytest.raises(ZeroDivisionError):
            broken()
        assert say("full") == "Full"
    assert say("full") == "full"


def test_numbers_and_lists_are_translated():
    spanish = {"{number:,} mentors": "{number:,} mentores", "{first} and {last}": "{first} y {last}"}
    with spoken(spanish.__getitem__):
        assert count(1200, "mentor") == "1,200 mentores"
        assert listed(["a", "b", "c"]) == "a, b y c"


def test_flags_that_every_program_knows_are_translated():
    with spoken(mute):
        assert [called_flag(flag) for flag in ("rural", "no_home_program", "own_one")] == ["·····", "·· ···· ·······",
                                                                                           "own one"]  # fmt: skip
    assert called_flag("no_home_program") == "no home program"


@pytest.mark.parametrize("seed", SEEDS)
def test_no_sentence_of_an_explanation_escapes_the_translator(seed):
    account, outcome = random_account(np.random.default_rng(seed))
    with spoken(mute):
        for text in explanations(account, outcome):
            assert not left(text), text


@pytest.mark.parametrize("seed", SEEDS)
def test_a_translator_that_changes_nothing_changes_nothing(seed):
    account, outcome = random_account(np.random.default_rng(seed))
    plainly = list(explanations(account, outcome))
    with spoken(str):
        assert list(explanations(account, outcome)) == plainly


def test_parts_that_a_language_calls_the_same_still_sum():
    for seed in SEEDS:
        account, _outcome = random_account(np.random.default_rng(seed))
        for i, team in enumerate(account.teams):
            view = told(account, i)
            for j in team:
                worth = sum(part.worth for part in view.parts(j))
                with spoken(lambda text: "pair" if text == "pair: {pair}" else text):
                    assert sum(part.worth for part in view.parts(j)) == pytest.approx(worth)


@pytest.mark.parametrize(
    ("fields", "redacted", "note"),
    [
        ({"paused": True}, False, "·· ······, ·· ······ ··· ······"),
        ({"consent": False}, False, "··· ··· ······ ·· ·· ·······, ·· ······ ··· ······"),
        ({"team_size": 0}, False, "····· ··· ·· ······"),
        ({"team_size": 0}, True, "····· ·· ···· ·· ···· ···"),
    ],
)
def test_notes_and_causes_of_gaps_are_translated(fields, redacted, note):
    people = roster([Mentee(id="cleo", needs={"contracts": 3}, **fields)], [])
    _account, outcome = explained(people, {})
    with spoken(mute):
        [cleo] = gather(outcome, redacted=redacted).mentees
    assert cleo.note == note
    assert cleo.needs[0].why == "······ ·· ···· ······ ······ ··"


def test_what_a_picture_says_is_translated():
    with spoken(mute):
        picture = draw([Direction("§", 2, 0.0)], [Star("¶", {})], title="")
        mentees, mentors = skies([], [])
        crowd = sky.draw([sky.Band("", "star", ("",) * 10_000)], title="")
    assert ">······ ···<" in picture
    for drawn in (mentees, mentors):
        assert not left(" ".join(re.findall(r'aria-label="([^"]*)"|>([^<>]+)<', drawn)[0]))
    assert not re.search(r">[^<>]*[a-z]", crowd)


def causes(people, policy=None):
    with spoken(mute), pytest.raises(Infeasible) as refused:
        match(people, policy or Policy(solver="exact"))
    return refused.value.causes


def test_what_makes_a_run_impossible_is_translated_and_names_people():
    cleo, cai = (Mentee(id=name, needs={"contracts": 3}, team_size=1) for name in ("Cleo", "Cai"))
    ben = Mentor(id="Ben", offers={"contracts": 3}, capacity=1)
    ties = tuple(GivenTie(kind="pin", mentee=each.id, mentor="Ben") for each in (cleo, cai))
    [full] = causes(roster([cleo, cai], [ben], *ties))
    assert full == "Ben ··· 2 ······ ···· ··· · ········ ·· 1."
    [ruled_out] = causes(roster([cleo], [replace(ben, paused=True)], ties[0]))
    assert re.fullmatch(r"[· ]*Cleo [·]+ Ben [· ,]*'paused' [· ]*\.", ruled_out)
    busy = [replace(ben, id=name, min_load=1) for name in ("Ben", "Bea")]
    assert all("·" in cause and not left(re.sub("Ben|Bea|Cleo", "", cause)) for cause in causes(roster([cleo], busy)))


#: Faults that only those have who write files themselves: their sentences stay English.
OF_FILES = ("this looks like a field", "a preference ", "there is no such key")


def test_no_fault_of_a_cell_escapes_the_translator(tmp_path):
    ties = [*TIES, {"kind": "pin", "mentee": "cleo", "mentor": "ben"}]
    mentees: list[dict[str, Any]] = [*MENTEES, {"id": "fay", "need:contracts": 1, "needs": "Contracts: 2"}]
    mentees.append({"id": "gus\ngus"})
    folder = write_folder(tmp_path, mentees, [*MENTORS, {"id": "bo", "capacity": "10001"}], ties)
    with spoken(mute), pytest.raises(RosterError) as refused:
        read(folder)
    found = [fault for fault in refused.value.faults if not fault.reason.startswith(OF_FILES)]
    assert len(found) > 25
    for fault in found:
        # Cells, ids and lines of a file stand as they are; kinds and fields are words of the format.
        for text in (fault.reason, fault.suggestion):
            said = re.sub(r"'[^']*'|\[values\..*|\S+\.csv|min_load|contracts", "", text)
            told_as_they_are = {"mentee", "pin", "veto", "conflict", "existing", "prefer", "ben", "bea", "bob", "bo",
                                "must", "much"}  # fmt: skip
            assert not left(said) - told_as_they_are, (text, left(said))


def test_that_more_answers_of_a_cell_cannot_be_read_is_translated(tmp_path):
    folder = write_folder(tmp_path, [{"id": "cleo", "needs": "; ".join(f"§{n}" for n in range(8))}], [{"id": "ben"}])
    with spoken(mute), pytest.raises(RosterError) as refused:
        read(folder)
    assert refused.value.faults[0].reason.endswith("; ··· 3 ····")


def test_how_a_number_was_read_is_translated(tmp_path):
    people = [{"id": "ben", "capacity": "up to 3"}, {"id": "bea", "capacity": "no limit"}]
    people += [{"id": f"bo{n}", "capacity": "no limit"} for n in range(2)]
    folder = write_folder(tmp_path, [{"id": "cleo"}], people)
    plainly = read(folder).notices
    assert "mentors.csv, column 'capacity': 'up to 3' was read as 3 (in 1 cell)." in plainly
    assert "mentors.csv, column 'capacity': 'no limit' was read as 5 ([import] any_count) (in 3 cells)." in plainly
    with spoken(mute):
        notices = read(folder).notices
    assert "mentors.csv, ······ 'capacity': 'up to 3' ··· ···· ·· 3 (·· 1 ····)." in notices


def test_every_sentence_that_is_said_is_one_that_translators_are_given():
    spec = importlib.util.spec_from_file_location("messages", ROOT / "tools" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    messages = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(messages)
    given = {text for _context, text in messages.in_source()}
    names = {WORDS.name(key) for key in (*WORDS.needs, *WORDS.wishes)}
    said: set[str] = set()

    def hear(text: str) -> str:
        said.add(text)
        return text

    for seed in SEEDS:
        account, outcome = random_account(np.random.default_rng(seed))
        with spoken(hear):
            list(explanations(account, outcome))
            gather(outcome, redacted=False)
            skies([], [])
    assert said - names - {""} <= given
