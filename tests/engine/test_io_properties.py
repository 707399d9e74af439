"""Whatever the spelling, the order or the bytes."""

import tempfile
from pathlib import Path

import pytest
from folders import PROGRAM, table, write_folder
from hypothesis import given
from hypothesis import strategies as st

from introducer.errors import RosterError
from introducer.io import read, suggest
from introducer.roster import Mentee, Mentor

NAMES = st.text("abcdéß ;,|\"'=+-", max_size=6).map(lambda text: " ".join(text.split()))
LEVELS = {
    0: ["0", "none", "", "not at all"],
    1: ["1", "a little", "1 - low"],
    2: ["2", "some", "two"],
    3: ["3", "A lot", "3.0"],
}
NEEDS = ("contracts", "contracts.salary", "billing", "family")
SETTINGS = {"rural": ["rural", "Rural practice", "RURAL-PRACTICE"], "academic": ["academic", "academic  center"]}
PATHS = {"first_gen": ["first_gen", "First generation"], "parent": ["Parent in training, or soon to be", "parent"]}
BOOLS = {True: ["yes", "Y", "true", "1", "x", "oui"], False: ["no", "N", "false", "0", ""]}
COUNTS = {0: ["0", "none"], 1: ["1", "one", "up to 1"], 2: ["2", "two", "I’m willing to take on two mentees"]}
STAGES = {"": [""], "resident": ["resident", "PGY-2", "pgy 2"], "attending": ["Attending", "attending"]}


@st.composite
def spelled(draw, values, spellings, separator):
    """A cell that lists some values, each in one of its spellings."""
    return separator.join(draw(st.sampled_from(spellings[value])) for value in values)


@st.composite
def cohorts(draw):
    """People as the engine has them and as the rows of a form."""
    ids = draw(st.lists(st.integers(0, 99).map("p{}".format), min_size=2, max_size=6, unique=True))
    cut = draw(st.integers(1, len(ids) - 1))
    people: list[Mentee | Mentor] = []
    rows = []
    for place, identity in enumerate(ids):
        common = {"id": identity, "name": draw(NAMES), "stage": draw(st.sampled_from(sorted(STAGES)))}
        settings = draw(st.lists(st.sampled_from(sorted(SETTINGS)), unique=True))
        paused = draw(st.booleans())
        levels = {key: draw(st.integers(0, 3)) for key in NEEDS}
        asked = {key: level for key, level in sorted(levels.items()) if level}
        row = {
            **common,
            "stage": draw(st.sampled_from(STAGES[common["stage"]])),
            "setting": draw(spelled(settings, SETTINGS, draw(st.sampled_from([";", ", ", "|"])))),
            "paused": draw(st.sampled_from(BOOLS[paused])),
        }
        if place < cut:
            row |= {f"need:{key}": draw(st.sampled_from(LEVELS[level])) for key, level in levels.items()}
            people.append(Mentee(**common, settings=frozenset(settings), paused=paused, needs=asked))
        else:
            paths = draw(st.lists(st.sampled_from(sorted(PATHS)), unique=True))
            capacity = draw(st.sampled_from(sorted(COUNTS)))
            row |= {f"offer:{key}": draw(st.sampled_from(LEVELS[level])) for key, level in levels.items()}
            row["experiences"] = draw(spelled(paths, PATHS, ", "))
            row["capacity"] = draw(st.sampled_from(COUNTS[capacity]))
            people.append(
                Mentor(**common, settings=frozenset(settings), paused=paused, offers=asked,
                       experiences=frozenset(paths), capacity=capacity)
            )  # fmt: skip
        rows.append(row)
    return people, rows[:cut], rows[cut:]


@given(cohort=cohorts(), separator=st.sampled_from(",;\t"), ending=st.sampled_from(["\n", "\r\n", "\r"]),
       encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]), randomness=st.randoms())  # fmt: skip
def test_people_read_back_equal_in_any_spelling_encoding_and_order(cohort, separator, ending, encoding, randomness):
    people, *sides = cohort
    with tempfile.TemporaryDirectory() as name:
        folder = write_folder(Path(name))
        for file, rows in zip(("mentees.csv", "mentors.csv"), sides, strict=True):
            columns = list(rows[0])
            randomness.shuffle(columns)
            randomness.shuffle(rows)
            text = table([{column: row[column] for column in columns} for row in rows], separator, ending)
            (folder / file).write_bytes(text.encode(encoding))
        roster = read(folder).roster
    assert sorted([*roster.mentees, *roster.mentors], key=lambda person: person.id) == sorted(
        people, key=lambda person: person.id
    )


@pytest.mark.parametrize("file", ["program.toml", "mentees.csv", "mentors.csv", "ties.csv"])
@given(content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_arbitrary_bytes_are_a_roster_or_faults_and_nothing_else(file, content):
    with tempfile.TemporaryDirectory() as name:
        folder = write_folder(Path(name), [{"id": "cleo"}], [{"id": "ben"}])
        (folder / file).write_bytes(content)
        try:
            read(folder)
        except RosterError as wrong:
            assert wrong.faults  # noqa: PT017 - either a roster or faults
        suggest(folder)


FIELDS = ["stage", "setting", "team_size", "needs", "private", "avoid", "timezone", "wish:parent", "pole:clinician",
          "rural", "languages", "attr:culture", "consent:culture", "keep_seat"]  # fmt: skip


@given(cells=st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=30)))
def test_arbitrary_cells_are_a_person_or_faults_of_their_row(cells):
    with tempfile.TemporaryDirectory() as name:
        folder = write_folder(
            Path(name),
            [{"id": "cleo", **cells}],
            [{"id": "ben"}],
            program=PROGRAM + '[policy]\nprivacy = "background"\n',
        )
        try:
            (cleo,) = read(folder).roster.mentees
        except RosterError as wrong:
            assert all(fault.file == "mentees.csv" for fault in wrong.faults)  # noqa: PT017 - either a person or faults
        else:
            assert cleo.id == "cleo"
        suggest(folder)
