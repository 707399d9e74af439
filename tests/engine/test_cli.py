"""What the command line answers: words, exit codes, and what is written and what is not."""

import csv
import io
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest
from commands import FILES, MENTEES, MENTORS, command, contents, small
from folders import table, write_folder
from rich.console import Console
from test_io_faults import MENTEES as BAD_MENTEES
from test_io_faults import MENTORS as BAD_MENTORS
from test_io_faults import PLANTED
from test_io_faults import TIES as BAD_TIES

from introducer import cli, terminal
from introducer.io.folders import write_whole


@pytest.fixture(scope="module")
def society(tmp_path_factory):
    """Return a simulated input folder and its outcome, which nobody changes."""
    place = tmp_path_factory.mktemp("society")
    assert command("simulate", "--mentees", 20, "--mentors", 12, "--out", place / "in").code == 0
    assert command("match", place / "in", "--out", place / "out").code == 0
    return place / "in", place / "out"


@pytest.fixture
def folder(tmp_path):
    return small(tmp_path / "in")


def ties(out):
    with (out / "ties.csv").open(encoding="utf-8", newline="") as file:
        return {(row["mentee"], row["mentor"]) for row in csv.DictReader(file)}


def document(out):
    return json.loads((out / "outcome.json").read_text("utf-8"))


# Exit code 0: done


def test_check_counts_people_and_says_what_was_set_aside(folder):
    said = command("check", folder)
    assert said.code == 0
    assert said.out == "3 mentees and 2 mentors read; no fault found.\n"
    assert said.err == "Set aside: mentees.csv, row 5: test row: name or e-mail fits '^test'\n"


def test_check_tells_its_notices(tmp_path):
    folder = small(tmp_path, mentees=[{"id": "cai", "need:contracts": 1, "Favorite color": "blue"}])
    said = command("check", folder)
    assert said.code == 0
    assert said.err.startswith("Note: mentees.csv")
    assert "Favorite color" in said.err


def test_check_proposes_a_mapping_and_spellings(tmp_path):
    mentees = [{"Member id": "cai", "Negotiating contracts": "very much", "Rurall": "yes"}]
    said = command("check", small(tmp_path, mentees=mentees), "--suggest")
    assert said.code == 0
    assert "[columns.mentees]" in said.out
    assert "Member id" in said.out
    known = command("check", small(tmp_path / "known"), "--suggest")
    assert known.out == "Every header is known already.\n"
    odd = command(
        "check", small(tmp_path / "odd", mentees=[{"id": "cai", "need:contracts": "very very much"}]), "--suggest"
    )
    assert "very very much" in odd.out


def test_check_names_columns_that_are_like_no_field(tmp_path):
    people = [{"id": "cai", "need:contracts": 3, "Favorite color": "blue"}]
    said = command("check", small(tmp_path, mentees=people), "--suggest")
    assert said.code == 0
    assert said.out == "mentees.csv: the column 'Favorite color' is like no field; it is not read.\n"


def test_check_has_nothing_to_propose_where_nothing_can_be_read(folder):
    (folder / "mentees.csv").unlink()
    said = command("check", folder, "--suggest")
    assert said.code == 3
    assert "mentees.csv" in said.err


def test_explain_answers_for_both_readers_and_only_for_people_who_are_there(folder, tmp_path):
    out = tmp_path / "out"
    assert command("match", folder, "--out", out).code == 0
    told = command("explain", folder, out, "--mentee", "cleo", "--mentor", "bea")
    assert (told.code, "Bea" in told.out) == (0, True)
    gentle = command("explain", folder, out, "--mentee", "cleo", "--for", "participant")
    assert (gentle.code, gentle.out.startswith("Your constellation")) == (0, True)
    for words, problem in (
        (("--mentee", "dov"), "there is no mentee 'dov'"),
        (("--mentee", "cleo", "--mentor", "dov"), "there is no mentor 'dov'"),
        (("--mentee", "cleo", "--for", "everybody"), "'everybody' is neither coordinator nor participant"),
    ):
        refused = command("explain", folder, out, *words)
        assert (refused.code, refused.out) == (2, "")
        assert problem in refused.words


def test_match_writes_an_outcome_and_says_how_good_it_is(folder, tmp_path):
    said = command("match", folder, "--out", tmp_path / "deep" / "out")
    assert said.code == 0
    assert "3 of 3 mentees have a constellation, 3 ties in all." in said.out
    assert "% from the best possible, proved over all eligible pairs (" in said.out
    assert f"The report is {tmp_path / 'deep' / 'out' / 'report.html'}" in said.out
    assert "time budget" not in said.out
    assert "Set aside: mentees.csv, row 5" in said.err
    assert sorted(path.name for path in (tmp_path / "deep" / "out").iterdir()) == sorted(FILES)
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out"]


def test_one_of_something_is_counted_in_the_singular(tmp_path):
    folder = small(tmp_path / "in", mentees=MENTEES[:1], mentors=MENTORS[1:])
    said = command("match", folder, "--out", tmp_path / "out")
    assert "1 of 1 mentee have a constellation, 1 tie in all." in said.out
    assert command("verify", folder, tmp_path / "out").out.startswith("Verified: 1 tie, ")


def test_a_run_is_recorded_with_its_phases_versions_and_machine(society):
    run = json.loads((society[1] / "run.json").read_text("utf-8"))
    assert set(run) == {"seconds", "phases", "versions", "threads", "machine", "sha256"}
    assert run["phases"]
    assert 0 < max(run["phases"].values()) <= run["seconds"] + 0.001
    assert run["versions"]["python"] == platform.python_version()
    assert run["threads"] >= 1
    assert command("verify", *society).code == 0


def test_a_seed_may_be_given_and_stands_in_the_outcome(folder, tmp_path):
    assert command("match", folder, "--out", tmp_path / "out", "--seed", 77).code == 0
    assert document(tmp_path / "out")["seed"] == 77
    assert document(tmp_path / "out")["policy"]["seed"] == 77
    assert command("verify", folder, tmp_path / "out").code == 0


def test_a_redacted_outcome_says_that_it_is_one(folder, tmp_path):
    assert command("match", folder, "--out", tmp_path / "out", "--redacted").code == 0
    assert document(tmp_path / "out")["redacted"] is True
    assert "This copy is redacted" in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_a_run_without_time_gives_a_valid_outcome_that_says_so(society, tmp_path):
    said = command("match", society[0], "--out", tmp_path / "out", "--time-budget", 0)
    assert said.code == 0
    assert "The time budget ended the run: another run may give another outcome." in said.out
    assert document(tmp_path / "out")["reproducible"] is False
    assert command("verify", society[0], tmp_path / "out").code == 0


def test_a_run_with_time_to_spare_is_reproducible(society, tmp_path):
    assert command("match", society[0], "--out", tmp_path / "out", "--time-budget", 600).code == 0
    assert contents(tmp_path / "out") == contents(society[1])


def test_simulate_writes_a_society_that_can_be_read(society):
    said = command("check", society[0])
    assert said.code == 0
    assert "20 mentees and 12 mentors read" in said.out


def test_simulate_writes_the_same_again_in_its_own_place(tmp_path):
    words = ("simulate", "--mentees", 3, "--mentors", 2, "--seats", 1.1, "--seed", 5, "--out", tmp_path / "in")
    said = command(*words)
    assert said.code == 0
    assert "3 mentees and 2 mentors written to" in said.out
    assert "calibration.md" in said.out
    before = contents(tmp_path / "in")
    assert command(*words).code == 0
    assert contents(tmp_path / "in") == before


def test_help_is_given_for_every_command():
    assert "constellation of mentors" in command("--help").words
    for name in ("check", "match", "verify", "explain", "simulate"):
        said = command(name, "--help")
        assert said.code == 0
        assert f"introducer {name}" in said.words


# The same bytes


def test_the_same_folder_gives_the_same_bytes_with_one_and_two_threads_and_again(society, tmp_path):
    environment = os.environ | {"NUMBA_NUM_THREADS": "2"}
    for threads in ("1", "2"):
        words = ["-m", "introducer.cli", "match", society[0], "--out", tmp_path / threads, "--threads", threads]
        subprocess.run([sys.executable, *words], check=True, capture_output=True, env=environment)
        assert json.loads((tmp_path / threads / "run.json").read_text("utf-8"))["threads"] == int(threads)
        assert contents(tmp_path / threads) == contents(society[1])


def test_the_order_of_rows_in_a_file_changes_nothing(society, tmp_path):
    folder = shutil.copytree(society[0], tmp_path / "in")
    for name in ("mentees.csv", "mentors.csv", "ties.csv"):
        header, *lines = (folder / name).read_text("utf-8").splitlines(keepends=True)
        (folder / name).write_text("".join([header, *reversed(lines)]), "utf-8", newline="")
    assert command("match", folder, "--out", tmp_path / "out").code == 0
    found, expected = contents(tmp_path / "out"), contents(society[1])
    assert expected.pop("outcome.json") != found.pop("outcome.json")  # it has the hash of the input
    assert found == expected


# Earlier outcomes


def test_an_outcome_stays_when_it_is_the_previous_one(society, tmp_path):
    assert command("match", society[0], "--out", tmp_path / "out", "--previous", society[1]).code == 0
    assert ties(tmp_path / "out") == ties(society[1])
    assert document(tmp_path / "out")["previous"] == sorted(map(list, ties(society[1])))
    assert command("verify", society[0], tmp_path / "out").code == 0


def test_pinning_one_tie_moves_little_of_what_was_reviewed(society, tmp_path):
    folder, earlier = shutil.copytree(society[0], tmp_path / "in"), ties(society[1])
    full = {mentor for mentee, mentor in earlier}
    mentees = sorted({mentee for mentee, _mentor in earlier})
    for mentee, mentor in ((i, j) for i in mentees for j in sorted(full) if (i, j) not in earlier):
        (folder / "ties.csv").write_text(table([{"kind": "pin", "mentee": mentee, "mentor": mentor}]), "utf-8")
        said = command("match", folder, "--out", tmp_path / "out", "--previous", society[1])
        if said.code == 0:
            break
    found = ties(tmp_path / "out")
    assert (mentee, mentor) in found - earlier
    assert len(earlier - found) <= 4
    assert command("verify", folder, tmp_path / "out").code == 0


def test_people_of_the_previous_outcome_may_have_left(folder, tmp_path):
    assert command("match", folder, "--out", tmp_path / "first").code == 0
    fewer = small(tmp_path / "fewer", mentees=MENTEES[1:], mentors=MENTORS[:1])
    assert command("match", fewer, "--out", tmp_path / "out", "--previous", tmp_path / "first").code == 0
    assert ["cai", "ben"] in document(tmp_path / "out")["previous"]
    assert command("verify", fewer, tmp_path / "out").code == 0


def test_an_outcome_may_take_the_place_of_the_previous_one(folder, tmp_path):
    assert command("match", folder, "--out", tmp_path / "out").code == 0
    before = ties(tmp_path / "out")
    (tmp_path / "out" / "minutes.txt").write_text("kept", "utf-8")
    assert command("match", folder, "--out", tmp_path / "out", "--previous", tmp_path / "out").code == 0
    assert ties(tmp_path / "out") == before
    assert (tmp_path / "out" / "minutes.txt").read_text("utf-8") == "kept"
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted([*FILES, "minutes.txt"])


@pytest.mark.parametrize("redacted", [True, False])
def test_a_previous_outcome_that_cannot_be_used_is_bad_input(folder, tmp_path, redacted):
    earlier = tmp_path / "earlier"
    earlier.mkdir()
    if redacted:
        assert command("match", folder, "--out", earlier, "--redacted").code == 0
    said = command("match", folder, "--out", tmp_path / "out", "--previous", earlier)
    assert said.code == 3
    assert f"--previous {earlier}: " in said.err
    assert ("The outcome is redacted" if redacted else "outcome.json cannot be read") in said.err
    assert "1 fault; nothing was written." in said.err
    assert not (tmp_path / "out").exists()


# Exit code 1: unexpected


def test_a_fault_of_the_program_is_one_plain_sentence(folder, tmp_path, monkeypatch):
    def broken():
        raise ValueError("no machine")

    monkeypatch.setattr(platform, "machine", broken)
    said = command("match", folder, "--out", tmp_path / "out")
    assert said.code == 1
    assert "Unexpected: ValueError in test_cli.py, line " in said.err
    assert ": no machine. This is a fault of the program" in said.err
    assert "Traceback" not in said.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("what", ["match", "simulate"])
def test_a_place_that_cannot_be_written_is_named(folder, tmp_path, what):
    (tmp_path / "file").write_text("", "utf-8")
    out = tmp_path / "file" / "out"
    words = ("match", folder) if what == "match" else ("simulate", "--mentees", 2, "--mentors", 2)
    said = command(*words, "--out", out)
    assert said.code == 1
    assert f"{tmp_path / 'file'}" in said.err
    assert "cannot be read or written: " in said.err
    assert "Traceback" not in said.err


def test_an_error_of_the_system_without_a_name_is_told_too(folder, tmp_path, monkeypatch):
    def broken():
        raise OSError("the machine is gone")

    monkeypatch.setattr(platform, "machine", broken)
    said = command("match", folder, "--out", tmp_path / "out")
    assert said.code == 1
    assert said.err.endswith("A file cannot be read or written: the machine is gone.\n")


def test_whoever_stops_a_run_by_the_keyboard_finds_nothing_written(folder, tmp_path, monkeypatch):
    def stopped():
        raise KeyboardInterrupt

    monkeypatch.setattr(platform, "machine", stopped)
    said = command("match", folder, "--out", tmp_path / "out")
    assert said.code != 0
    assert "Traceback" not in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


# Exit code 2: usage


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["match"], "Missing argument"),
        (["match", "{in}"], "Missing option"),
        (["match", "{in}", "--out", "{out}", "--sed", "1"], "No such option"),
        (["match", "{in}/no", "--out", "{out}"], "does not exist"),
        (["match", "{in}/mentees.csv", "--out", "{out}"], "is a file"),
        (["match", "{in}", "--out", "{in}/mentees.csv"], "is a file"),
        (["match", "{in}", "--out", "{out}", "--previous", "{in}/no"], "does not exist"),
        (["match", "{in}", "--out", "{out}", "--seed", "-1"], "--seed"),
        (["match", "{in}", "--out", "{out}", "--seed", str(2**32)], "--seed"),
        (["match", "{in}", "--out", "{out}", "--seed", "one"], "--seed"),
        (["match", "{in}", "--out", "{out}", "--threads", "0"], "--threads"),
        (["match", "{in}", "--out", "{out}", "--threads", "two"], "--threads"),
        (["match", "{in}", "--out", "{out}", "--threads", "100000"], "this machine has"),
        (["match", "{in}", "--out", "{out}", "--time-budget", "-1"], "--time-budget"),
        (["match", "{in}", "--out", "{out}", "--time-budget", "nan"], "--time-budget"),
        (["match", "{in}", "--out", "{out}", "--time-budget", "inf"], "inf is no number to count with"),
        (["check"], "Missing argument"),
        (["check", "{in}/no"], "does not exist"),
        (["verify", "{in}"], "Missing argument"),
        (["verify", "{in}", "{out}"], "does not exist"),
        (["simulate", "--mentees", "3", "--out", "{out}"], "--mentors"),
        (["simulate", "--mentees", "0", "--mentors", "1", "--out", "{out}"], "--mentees"),
        (["simulate", "--mentees", "2", "--mentors", "1", "--seats", "inf", "--out", "{out}"], "inf is no number"),
        (["simulate", "--mentees", "2", "--mentors", "1", "--out", "{in}"], "a program that is not simulated"),
        (["rematsch"], "No such command"),
    ],
)
def test_a_command_that_was_not_understood_ends_with_2_and_writes_nothing(folder, tmp_path, words, reason):
    before = contents(folder)
    said = command(*(word.format(**{"in": folder, "out": tmp_path / "out"}) for word in words))
    assert said.code == 2
    assert reason in said.words
    assert contents(folder) == before
    assert not (tmp_path / "out").exists()


def refused_place(folder, out):
    before = contents(out)
    said = command("match", folder, "--out", out)
    assert said.code == 2
    assert "holds the input of a program" in said.words
    assert contents(out) == before


def test_an_outcome_is_never_written_over_an_input(folder, tmp_path):
    refused_place(folder, folder)
    other = small(tmp_path / "other")
    refused_place(folder, other)
    (tmp_path / "link").symlink_to(folder, target_is_directory=True)
    refused_place(folder, tmp_path / "link")


def test_an_outcome_is_not_written_where_a_file_of_the_input_lies(folder, tmp_path):
    lies = tmp_path / "lies"
    lies.mkdir()
    (folder / "mentees.csv").rename(lies / "people.csv")
    (folder / "mentees.csv").symlink_to(lies / "people.csv")
    refused_place(folder, lies)


# Exit code 3: bad input


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    place = tmp_path_factory.mktemp("planted") / "in"
    return write_folder(place, BAD_MENTEES, BAD_MENTORS, BAD_TIES, extra="[policy]\nteam_sise = 2\n")


@pytest.mark.parametrize("name", ["check", "match", "verify"])
def test_all_planted_faults_are_told_with_file_row_column_and_reason(planted, tmp_path, name):
    more = {"check": [], "match": ["--out", tmp_path / "out"], "verify": [tmp_path]}[name]
    before = contents(planted)
    said = command(name, planted, *more)
    assert said.code == 3
    *lines, last = said.err.splitlines()
    assert len(PLANTED) == len(lines) >= 20
    assert last == f"{len(PLANTED)} faults; nothing was written."
    for file, row, column, _value, reason in PLANTED:
        place = file + (f", row {row}" if row else "") + (f", column {column!r}" if column else "")
        assert [line for line in lines if line.startswith(f"{place}: {reason}")], place
    assert contents(planted) == before
    assert list(tmp_path.iterdir()) == []


def test_bad_input_leaves_an_earlier_outcome_as_it_was(folder, planted, tmp_path):
    assert command("match", folder, "--out", tmp_path / "out").code == 0
    before, run = contents(tmp_path / "out"), (tmp_path / "out" / "run.json").read_bytes()
    assert command("match", planted, "--out", tmp_path / "out").code == 3
    assert contents(tmp_path / "out") == before
    assert (tmp_path / "out" / "run.json").read_bytes() == run


def test_a_folder_without_a_program_is_bad_input(tmp_path):
    said = command("check", tmp_path)
    assert said.code == 3
    assert "program.toml" in said.err
    assert said.err.endswith("1 fault; nothing was written.\n")


# Exit code 4: infeasible


def test_people_and_rules_that_stand_in_the_way_are_named(tmp_path):
    mentees = [{"id": "cleo", "site": "North", "need:contracts": 3}]
    mentors = [{"id": "ben", "site": "North", "offer:contracts": 3}]
    folder = small(
        tmp_path / "in", mentees=mentees, mentors=mentors, ties=[{"kind": "pin", "mentee": "cleo", "mentor": "ben"}]
    )
    said = command("match", folder, "--out", tmp_path / "out")
    assert said.code == 4
    assert "cleo" in said.err
    assert "ben" in said.err
    assert "same_site" in said.err
    assert said.err.endswith("No outcome meets these rules; nothing was written.\n")
    assert not (tmp_path / "out").exists()


def test_a_lower_load_that_nobody_can_meet_is_named_and_an_earlier_outcome_stays(folder, tmp_path):
    assert command("match", folder, "--out", tmp_path / "out").code == 0
    before = contents(tmp_path / "out")
    hard = small(tmp_path / "hard", mentors=[MENTORS[0] | {"capacity": 9, "min_load": 9}, MENTORS[1]])
    said = command("match", hard, "--out", tmp_path / "out")
    assert said.code == 4
    assert "bea should have at least 9 mentees" in said.err
    assert contents(tmp_path / "out") == before


# Exit code 5: refused by verify


def test_an_outcome_of_other_people_is_refused_with_every_name(society, folder):
    said = command("verify", folder, society[1])
    assert said.code == 5
    assert "is no mentee of the input." in said.err
    assert said.err.endswith("The outcome does not follow from its input.\n")


# Terminals


def test_progress_is_shown_on_a_terminal_and_nowhere_else(folder, tmp_path):
    shown = io.StringIO()
    with patch.object(terminal, "err", Console(file=shown, force_terminal=True, width=100)):
        assert command("match", folder, "--out", tmp_path / "out").code == 0
    assert "Preparing" in shown.getvalue()
    assert "Preparing" not in command("match", folder, "--out", tmp_path / "again").err


def test_progress_tells_the_phase_and_the_gap_once_there_is_one():
    shown = io.StringIO()
    with patch.object(terminal, "err", Console(file=shown, force_terminal=True, width=100)):
        with terminal.bar() as show:
            show("greedy", 0.1, None)
        assert "gap" not in shown.getvalue()
        with terminal.bar() as show:
            show("prices", 0.5, 0.0123)
    assert "Matching: greedy" in shown.getvalue()
    assert "gap so far 1.230 %" in shown.getvalue()


def test_a_terminal_without_an_accent_gets_an_escape(tmp_path, capsys, monkeypatch):
    folder = small(tmp_path, mentees=[{"id": "cai", "need:contracts": "énormément"}])
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "introducer.cli", "check", folder, "--suggest"],
        check=True,
        capture_output=True,
        env=environment,
    )
    assert rb"\xe9norm\xe9ment" in done.stdout
    monkeypatch.setattr(sys, "argv", ["introducer", "check", str(folder), "--suggest"])
    with pytest.raises(SystemExit):
        cli.main()
    assert "énormément" in capsys.readouterr().out


# All files or none


OLD = {"a.csv": "old", "b.csv": "old", "outcome.json": "old"}
NEW = {"a.csv": "new", "outcome.json": "new", "c.csv": "new"}


def state(place):
    return {path.name: path.read_text("utf-8") for path in sorted(place.iterdir()) if path.is_file()}


def test_files_are_written_where_there_was_nothing_and_over_others(tmp_path):
    write_whole(tmp_path / "deep" / "out", OLD)
    assert state(tmp_path / "deep" / "out") == OLD
    write_whole(tmp_path / "deep" / "out", NEW)
    assert state(tmp_path / "deep" / "out") == OLD | NEW
    assert len(list(tmp_path.rglob("*"))) == 6


@pytest.mark.parametrize("fails_at", range(6))
def test_a_write_that_fails_leaves_everything_as_it_was(tmp_path, monkeypatch, fails_at):
    out = tmp_path / "out"
    write_whole(out, OLD)
    rename, calls = Path.rename, iter(range(100))

    def failing(self, target):
        if next(calls) == fails_at:
            raise OSError("the disk is full")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    if fails_at < 5:
        with pytest.raises(OSError, match="the disk is full"):
            write_whole(out, NEW)
        assert state(out) == OLD
    else:
        write_whole(out, NEW)
        assert state(out) == OLD | NEW
    assert [path.name for path in out.iterdir() if path.is_dir()] == []


def test_a_folder_in_the_place_of_a_file_is_left_alone_and_named(tmp_path):
    write_whole(tmp_path / "out", OLD)
    (tmp_path / "out" / "c.csv").mkdir()
    with pytest.raises(IsADirectoryError, match=r"it is a folder.*c\.csv"):
        write_whole(tmp_path / "out", NEW)
    assert state(tmp_path / "out") == OLD
    assert (tmp_path / "out" / "c.csv").is_dir()


KILLED = """
import os, signal, sys
from pathlib import Path
from introducer.io.folders import write_whole
left, rename = int(sys.argv[2]), Path.rename
def killing(self, target):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return rename(self, target)
Path.rename = killing
write_whole(Path(sys.argv[1]), {"a.csv": "new", "outcome.json": "new", "c.csv": "new"})
"""


@pytest.mark.parametrize("there", [False, True])
def test_a_program_that_is_killed_leaves_no_half_outcome(tmp_path, there):
    for moves in range(5 if there else 1):
        out = tmp_path / str(moves)
        if there:
            write_whole(out, OLD)
        done = subprocess.run([sys.executable, "-c", KILLED, out, str(moves)], check=False)
        assert done.returncode == -signal.SIGKILL
        if not there:
            assert not out.exists()
        elif (out / "outcome.json").exists():
            assert state(out) == OLD


def test_a_broken_link_in_the_place_of_the_outcome_is_named(folder, tmp_path):
    (tmp_path / "out").symlink_to(tmp_path / "nowhere")
    said = command("match", folder, "--out", tmp_path / "out")
    assert said.code == 1
    assert "cannot be read or written" in said.err
    assert not (tmp_path / "nowhere").exists()
