"""What takes minutes: simulated cohorts of 1,000 x 600 and more, through the command line."""

import os
import re
import signal

import pytest
from commands import FILES, command, contents
from distributed import LocalCluster

from introducer.cluster.spread import Spread

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


@pytest.mark.slow
def test_a_cluster_writes_the_same_bytes_for_ten_thousand_also_with_a_worker_killed(tmp_path, monkeypatch):
    cohort = ("simulate", "--mentees", 10_000, "--mentors", 6_000, "--seats", 0.4, "--seed", 1)
    assert command(*cohort, "--out", tmp_path / "in").code == 0
    program = tmp_path / "in" / "program.toml"
    # One landing is enough to compare.
    program.write_text(program.read_text(encoding="utf-8").replace("[policy]", "[policy]\ngap_target = 0.01"), "utf-8")
    assert command("match", tmp_path / "in", "--out", tmp_path / "one").code == 0
    workers = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": ":0"}
    with LocalCluster(**workers, silence_logs=60) as cluster:
        match = ("match", tmp_path / "in", "--cluster", cluster.scheduler_address)
        assert command(*match, "--out", tmp_path / "two").code == 0
        pids = [worker.process.pid for worker in cluster.workers.values()]
        swept, sweeps = Spread.sweep, []

        def killing(*words):
            sweeps.append(1)
            if len(sweeps) == 50:
                os.kill(pids[0], signal.SIGKILL)
            swept(*words)

        monkeypatch.setattr(Spread, "sweep", killing)
        assert command(*match, "--out", tmp_path / "three").code == 0
        assert len(sweeps) > 50
        assert pids[0] not in {worker.process.pid for worker in cluster.workers.values()}
    assert contents(tmp_path / "one") == contents(tmp_path / "two") == contents(tmp_path / "three")
