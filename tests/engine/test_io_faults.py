"""Everything that is wrong with an export is reported at once, each with its place."""

import pytest
from folders import PROGRAM, table, write_folder

from introducer.errors import RosterError
from introducer.io import read

MENTEES: list[dict[str, object]] = [
    {"id": "cleo", "stage": "resident", "need:contracts": 2, "wish:first_gen": 1, "team_size": 3, "timezone": "UTC"},
    {"id": "cai", "stage": "residnet", "need:contracts": 4, "wish:first_gen": "lots", "team_size": 6},  # 3: 1 to 4
    {"id": "", "stage": "resident", "timezone": "America/Chicgo"},  # 4: 5, 6
    {"id": "cleo", "avoid": "ben; bne"},  # 5: 7, 8
    {"id": "CAI", "rural": "perhaps", "private": "billing"},  # 6: 9 to 11
    {"id": "dov", "setting": "Rural practice; urbane", "pole:clinician": 50, "pole:scientist": 40},  # 7: 12, 13
    {"id": "eve", "needs": "Contracts: much", "languages": "x" * 10_001},  # 8: 14, 15
]
MENTORS: list[dict[str, object]] = [
    {"id": "ben", "offer:contrcts": 3, "capacity": 2, "min_load": 3, "experiences": "parent"},  # 16, 17
    {"id": "bea", "capacity": "3-4", "min_load": 0, "experiences": "first gem", "consent": "maybe"},  # 3: 18 to 20
    {"id": "bob", "capacity": "-1"},  # 4: 21
]
TIES = [
    {"kind": "pin", "mentee": "cleo", "mentor": "ben"},
    {"kind": "veto", "mentee": "cleo", "mentor": "ben"},  # 3: 22
    {"kind": "pni", "mentee": "cloe", "mentor": "bea"},  # 4: 23, 24
    {"kind": "prefer", "mentee": "cleo", "mentor": "bea", "rank": "first"},  # 5: 25, 26
]

#: file, row, column, value, reason (its beginning)
PLANTED = [
    ("mentees.csv", 3, "stage", "residnet", "'residnet' is no stage"),
    ("mentees.csv", 3, "need:contracts", "4", "a level is 0, 1, 2 or 3, not 4"),
    ("mentees.csv", 3, "wish:first_gen", "lots", "'lots' is no level"),
    ("mentees.csv", 3, "team_size", "6", "a team has 0 to 5 mentors, not 6"),
    ("mentees.csv", 4, "id", "", "the id is missing"),
    ("mentees.csv", 4, "timezone", "America/Chicgo", "'America/Chicgo' is no IANA time zone"),
    ("mentees.csv", 5, "id", "cleo", "the id stands in row 2 already"),
    ("mentees.csv", 5, "avoid", "ben; bne", "'bne' is nobody's id"),
    ("mentees.csv", 6, "id", "CAI", "the id looks like 'cai' in mentees.csv, row 3"),
    ("mentees.csv", 6, "rural", "perhaps", "'perhaps' is neither yes nor no"),
    ("mentees.csv", 6, "private", "billing", "'billing' is private, and no help is asked for it"),
    ("mentees.csv", 7, "setting", "Rural practice; urbane", "'urbane' is no setting"),
    ("mentees.csv", 7, "pole:clinician", "50", "the poles sum to 90 points, not to 100"),
    ("mentees.csv", 8, "languages", "x" * 199 + "…", "the cell has 10,001 characters"),
    ("mentees.csv", 8, "needs", "Contracts: much", "'much' is no level"),
    ("mentors.csv", 1, "offer:contrcts", "", "this looks like a field"),
    ("mentors.csv", 2, "min_load", "3", "min_load 3 is above the capacity of 2"),
    ("mentors.csv", 3, "capacity", "3-4", "'3-4' is no count"),
    ("mentors.csv", 3, "experiences", "first gem", "'first gem' is no experience"),
    ("mentors.csv", 3, "consent", "maybe", "'maybe' is neither yes nor no"),
    ("mentors.csv", 4, "capacity", "-1", "'-1' is no count"),
    ("program.toml", 0, "policy.team_sise", "", "there is no such key"),
    ("ties.csv", 3, "", "cleo, ben", "rows 2 and 3 pin and forbid the same pair"),
    ("ties.csv", 4, "kind", "pni", "there is no such kind of tie"),
    ("ties.csv", 4, "mentee", "cloe", "there is no such mentee"),
    ("ties.csv", 5, "by", "", "a preference is by mentee or by mentor"),
    ("ties.csv", 5, "rank", "first", "a preference has a rank"),
]


@pytest.fixture(scope="module")
def faults(tmp_path_factory):
    folder = write_folder(tmp_path_factory.mktemp("planted"), MENTEES, MENTORS, TIES, extra="[policy]\nteam_sise = 2\n")
    before = sorted(path.name for path in folder.iterdir())
    with pytest.raises(RosterError) as caught:
        read(folder)
    assert sorted(path.name for path in folder.iterdir()) == before
    return caught.value.faults


def test_every_planted_fault_is_reported_and_nothing_else(faults):
    found = sorted((fault.file, fault.row, fault.column, fault.value) for fault in faults)
    assert found == sorted((file, row, column, value) for file, row, column, value, _reason in PLANTED)


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted[4])
def test_a_planted_fault_has_its_reason(faults, planted):
    file, row, column, value, reason = planted
    assert any(
        (fault.file, fault.row, fault.column, fault.value) == (file, row, column, value)
        and fault.reason.startswith(reason)
        for fault in faults
    )


@pytest.mark.parametrize(
    ("value", "suggestion"),
    [
        ("residnet", "Did you mean 'resident'?"),
        ("America/Chicgo", "Did you mean 'America/Chicago'?"),
        ("ben; bne", "Did you mean 'ben'?"),
        ("3-4", '[values.count] "3-4" = 3'),
        ("pni", "Did you mean 'pin'?"),
        ("cloe", "Did you mean 'cleo'?"),
        ("first gem", "Did you mean 'first_gen'?"),
    ],
)
def test_a_fault_suggests_the_nearest_that_would_do(faults, value, suggestion):
    assert any(suggestion in fault.suggestion for fault in faults if fault.value == value)


def test_faults_come_in_order_of_place(faults):
    assert list(faults) == sorted(faults)


def test_faults_in_the_bytes_of_all_files_are_told_together(tmp_path):
    folder = write_folder(tmp_path, "id,id\ncleo,cai\n", "id\n\x00\n", "kind,mentee\npin,cleo\n")
    with pytest.raises(RosterError) as caught:
        read(folder)
    assert [(fault.file, fault.row) for fault in caught.value.faults] == [("mentees.csv", 1), ("mentors.csv", 0)]


def test_ids_are_not_called_unknown_while_the_other_file_cannot_be_read(tmp_path):
    folder = write_folder(tmp_path, [{"id": "cleo", "avoid": "ben"}], "", [{"kind": "pin", "mentee": "x"}])
    with pytest.raises(RosterError) as caught:
        read(folder)
    assert [fault.file for fault in caught.value.faults] == ["mentors.csv"]


def test_a_missing_file_and_a_missing_folder_are_faults(tmp_path):
    (write_folder(tmp_path, program=PROGRAM + '\n[files]\nties = "pairs.csv"\n') / "mentors.csv").unlink()
    with pytest.raises(RosterError) as caught:
        read(tmp_path)
    assert [(fault.file, fault.reason) for fault in caught.value.faults] == [
        ("mentors.csv", "there is no such file in the folder"),
        ("pairs.csv", "there is no such file in the folder"),
    ]
    with pytest.raises(RosterError, match="nowhere is no folder"):
        read(tmp_path / "nowhere")


def test_a_folder_in_the_place_of_a_file_is_a_fault(tmp_path):
    folder = write_folder(tmp_path)
    (folder / "mentees.csv").unlink()
    (folder / "mentees.csv").mkdir()
    with pytest.raises(RosterError, match="the file cannot be read"):
        read(folder)


def test_a_cell_with_many_unknown_answers_tells_five_and_counts_the_rest(tmp_path):
    folder = write_folder(tmp_path, [{"id": "cleo", "setting": ";".join("abcdefgh")}])
    with pytest.raises(RosterError) as caught:
        read(folder)
    assert caught.value.faults[0].reason.endswith("; and 3 more")


def test_the_writer_of_tables_writes_what_it_was_given():
    assert table([{"id": "a;b", "x": None}, {"y": 1}], ";", "\r\n") == 'id;x;y\r\n"a;b";;\r\n;;1\r\n'
