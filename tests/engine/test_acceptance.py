"""What takes minutes: simulated cohorts of 1,000 x 600, through the command line."""

import re

import pytest
from commands import FILES, command

GAP = 0.2  # percent
SAME = [name for name in FILES if name != "run.json"]


@pytest.mark.slow
@pytest.mark.parametrize("seats", [1.1, 0.6, 0.4])
@pytest.mark.parametrize("seed", [3, 11])
def test_a_large_clustered_cohort_is_matched_within_its_gap_and_verified(seats, seed, tmp_path):
    cohort = ("simulate", "--mentees", 1000, "--mentors", 600, "--seats", seats, "--seed", seed)
    assert command(*cohort, "--out", tmp_path / "in").code == 0
    assert command("match", tmp_path / "in", "--out", tmp_path / "out").code == 0
    said = command("verify", tmp_path / "in", tmp_path / "out")
    assert said.code == 0
    gap = re.search(r"gap ([0-9.]+) %, scope all", said.words)
    assert gap is not None
    assert float(gap[1]) <= GAP


@pytest.mark.slow
def test_one_thread_and_two_write_the_same_bytes(tmp_path):
    assert command("simulate", "--mentees", 1000, "--mentors", 600, "--seed", 5, "--out", tmp_path / "in").code == 0
    for threads in (1, 2):
        out = tmp_path / str(threads)
        assert command("match", tmp_path / "in", "--out", out, "--threads", threads).code == 0
    for name in SAME:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()
