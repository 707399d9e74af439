"""What is known of pairs."""

import pytest
from folders import write_folder

from introducer.errors import RosterError
from introducer.io import read
from introducer.roster import GivenTie

PEOPLE = {"mentees": [{"id": "cleo"}, {"id": "Cai@x.org"}], "mentors": [{"id": "ben"}, {"id": "bea"}]}


def ties(folder, rows):
    return read(write_folder(folder, PEOPLE["mentees"], PEOPLE["mentors"], ties=rows))


def faults(folder, rows):
    with pytest.raises(RosterError) as caught:
        ties(folder, rows)
    return [(fault.row, fault.column, fault.reason) for fault in caught.value.faults]


def test_every_kind_is_read(tmp_path):
    found = ties(
        tmp_path,
        "Kind,MENTEE,mentor,by,rank,note,why\nConflict,cleo,ben,,,,\nveto,cleo,ben,,,x,\nexisting,cleo,bea,,,,\n"
        "pin,cleo,bea,,,,\nprefer,cai@X.org,ben,Mentee,two,,\nprefer,cai@x.org,ben,mentor,1,,\n",
    )
    assert found.roster.ties == (
        GivenTie(kind="conflict", mentee="cleo", mentor="ben"),
        GivenTie(kind="veto", mentee="cleo", mentor="ben", note="x"),
        GivenTie(kind="existing", mentee="cleo", mentor="bea"),
        GivenTie(kind="pin", mentee="cleo", mentor="bea"),
        GivenTie(kind="prefer", mentee="cai@x.org", mentor="ben", by="mentee", rank=2),
        GivenTie(kind="prefer", mentee="cai@x.org", mentor="ben", by="mentor", rank=1),
    )
    assert found.notices == ("ties.csv: these columns are no fields and were not read: 'why'.",)
    assert "ties.csv" in found.sources


def test_columns_that_are_missing_are_faults(tmp_path):
    assert faults(tmp_path, "knid,mentee,,kind \npin,cleo,,x\n") == [(1, "mentor", "the column is missing")]


@pytest.mark.parametrize("rank", ["0", "", "1.5", "-1", "99999", "zero"])
def test_a_preference_has_a_rank_from_one_on(tmp_path, rank):
    rows = [{"kind": "prefer", "mentee": "cleo", "mentor": "ben", "by": "mentee", "rank": rank}]
    assert faults(tmp_path, rows) == [(2, "rank", "a preference has a rank")]


def test_a_missing_column_of_ranks_is_told_at_its_row(tmp_path):
    assert faults(tmp_path, [{"kind": "prefer", "mentee": "cleo", "mentor": "ben", "by": "mentee"}]) == [
        (2, "rank", "a preference has a rank")
    ]


def test_ranks_of_other_kinds_are_not_read_and_that_is_told(tmp_path):
    rows = [{"kind": "pin", "mentee": "cleo", "mentor": mentor, "by": "mentee", "rank": 1} for mentor in ("ben", "bea")]
    found = ties(tmp_path, rows)
    assert found.roster.ties == tuple(GivenTie(kind="pin", mentee="cleo", mentor=mentor) for mentor in ("ben", "bea"))
    assert found.notices == ("ties.csv: by and rank are read for the kind prefer only.",)


def test_the_same_row_twice_is_a_fault(tmp_path):
    row = {"kind": "existing", "mentee": "cleo", "mentor": "ben"}
    assert faults(tmp_path, [row, row]) == [(3, "", "the row says the same as row 2")]


@pytest.mark.parametrize("against", ["conflict", "veto"])
def test_a_pair_that_is_pinned_and_forbidden_is_a_fault(tmp_path, against):
    pair = {"mentee": "cleo", "mentor": "ben"}
    assert faults(tmp_path, [{"kind": against, **pair}, {"kind": "pin", **pair}]) == [
        (3, "", f"rows 2 and 3 pin and forbid the same pair (pin, {against})")
    ]
