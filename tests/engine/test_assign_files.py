"""``introducer assign``: what it reads, writes and refuses."""

import csv

import numpy as np
import pytest
from typer.testing import CliRunner

from introducer.cli import app
from introducer.errors import RosterError
from introducer.io.matrices import read_matrix

LIMITS = ["--team", "1", "--capacity", "1"]


def run(*words):
    return CliRunner().invoke(app, ["assign", *map(str, words)])


def rows(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.reader(file))


def test_a_table_is_assigned_and_a_blank_cell_is_a_conflict(tmp_path):
    scores, out = tmp_path / "scores.csv", tmp_path / "made" / "ties.csv"
    scores.write_text("\ufeff.9,.5\n.8,\n", encoding="utf-8")
    said = run(scores, *LIMITS, "--out", out)
    assert said.exit_code == 0, said.output
    assert "2 ties, total 1.300000, best possible total 1.300000." in said.output
    assert rows(out) == [["mentee", "mentor", "worth"], ["0", "1", "0.5"], ["1", "0", "0.8"]]


@pytest.mark.parametrize("conflict", [None, np.array([[True, False], [False, False]])])
def test_an_archive_is_assigned(tmp_path, conflict):
    scores, out = tmp_path / "scores.npz", tmp_path / "ties.csv"
    held = {"affinity": np.array([[1, 0.25], [0.5, 0]], np.float32)} | (
        {} if conflict is None else {"conflict": conflict}
    )
    np.savez(scores, **held)
    assert run(scores, *LIMITS, "--out", out, "--objective", "fair").exit_code == 0
    assert rows(out)[1:] == [["0", "1", "0.25"], ["1", "0", "0.5"]]


def test_fair_says_what_is_proved(tmp_path):
    scores = tmp_path / "scores.csv"
    scores.write_text("4,1\n3,0\n", encoding="utf-8")
    said = run(scores, *LIMITS, "--out", tmp_path / "ties.csv", "--objective", "fair")
    assert "The smallest sum of a mentee is 1.000000; proved." in said.output


def test_fair_says_how_far_it_is_proved(tmp_path, monkeypatch):
    scores = tmp_path / "scores.csv"
    scores.write_text("4,1\n3,0\n", encoding="utf-8")
    monkeypatch.setattr("introducer.assign.leximin", lambda _problem, best: (best, 0.75))
    said = run(scores, *LIMITS, "--out", tmp_path / "ties.csv", "--objective", "fair")
    assert "; the levels up to a sum of 0.75 are proved." in said.output


def test_a_cap_writes_the_probabilities_beside(tmp_path):
    scores, out = tmp_path / "scores.csv", tmp_path / "ties.csv"
    scores.write_text("1,0\n0,1\n", encoding="utf-8")
    said = run(scores, *LIMITS, "--out", out, "--cap", ".75", "--seed", "3")
    assert "Expected total 1.500000, relative quality 0.7500" in said.output
    beside = rows(tmp_path / "ties.probabilities.csv")
    assert beside[0] == ["mentee", "mentor", "probability"]
    assert {(row[0], row[1]): float(row[2]) for row in beside[1:]} == {
        ("0", "0"): 0.75, ("0", "1"): 0.25, ("1", "0"): 0.25, ("1", "1"): 0.75,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--objective", "best"], "neither total nor fair"),
        (["--min-load", "2"], "above the capacity"),
        (["--cap", "2"], "at most 1"),
        (["--cap", ".5", "--objective", "fair"], "objective total"),
    ],
)
def test_options_that_cannot_be_meant(tmp_path, words, why):
    scores = tmp_path / "scores.csv"
    scores.write_text("1\n", encoding="utf-8")
    said = run(scores, *LIMITS, "--out", tmp_path / "ties.csv", *words)
    assert said.exit_code == 2
    assert why in " ".join(said.output.replace("│", " ").split())


def test_the_input_is_not_written_over(tmp_path):
    scores = tmp_path / "scores.csv"
    scores.write_text("1\n", encoding="utf-8")
    assert run(scores, *LIMITS, "--out", scores).exit_code == 2
    assert scores.read_text(encoding="utf-8") == "1\n"


def faults_of(path):
    with pytest.raises(RosterError) as refused:
        read_matrix(path)
    return [(fault.row, fault.column, fault.value, fault.reason) for fault in refused.value.faults]


def test_every_bad_cell_is_told_at_once(tmp_path):
    path = tmp_path / "scores.csv"
    path.write_text("1,x,3\n1,2\n4,nan,5\n", encoding="utf-8")
    assert faults_of(path) == [
        (1, "1", "x", "this is no number"),
        (2, "", "", "the row has 2 cells, the first one 3"),
    ]
    path.write_text("1,2\n4,inf\n", encoding="utf-8")
    assert faults_of(path) == [(2, "1", "inf", "this is no finite number")]
    path.write_text("\n".join(["x"] * 60), encoding="utf-8")
    assert len(faults_of(path)) == 51


def test_what_is_no_table_is_refused(tmp_path):
    path = tmp_path / "scores.csv"
    path.write_bytes(b"\xff\xfe1")
    assert faults_of(path)[0][3] == "this is no CSV text in UTF-8"
    archive = tmp_path / "scores.npz"
    archive.write_bytes(b"no archive")
    assert "no archive of plain numbers" in faults_of(archive)[0][3]
    np.savez(archive, other=np.ones(2))
    assert faults_of(archive)[0][3] == "there is no affinity in it, but other"
    np.savez(archive, affinity=np.ones(2))
    assert faults_of(archive)[0][3] == "affinity has 1 dimensions, and needs 2"
    np.savez(archive, affinity=np.ones((2, 2)), conflict=np.ones((1, 2), bool))
    assert faults_of(archive)[0][3] == "conflict has the shape (1, 2), affinity (2, 2)"


def test_an_empty_table_has_nobody(tmp_path):
    path = tmp_path / "scores.csv"
    path.write_text("", encoding="utf-8")
    affinity, conflict = read_matrix(path)
    assert affinity.shape == conflict.shape == (0, 0)
