"""The benchmarks say what was measured and nothing else: made-up results in, text out; and one tiny real run."""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import bench
import bids
import civil_service
import common
import few_changes
import growth
import one_to_one
import sides
import targets
from sides import OURS, Row, Side

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def asked(tmp_path):
    return common.Asked(runs=1, exact=5.0, limit=300.0, largest=20, data=tmp_path / "none", bench=tmp_path)


def row(*others, mentees=200, mentors=120, target=0.0001, family="uniform", seconds=(0.4, 0.3, 0.6), bound=100.005):
    ours = Side(OURS, list(seconds), [200.0] * len(seconds), 100.0, bound)
    return Row(mentees, mentors, family, target, [ours, *others])


def line_of(found):
    return next(line for line in targets.judged([found]) if line[2] != "-")


def test_a_target_is_met_by_the_median_in_time_and_gap():
    assert line_of(row()) == [
        "200 x 120 to 0.010%", "uniform", "0.0050%", "0.40 (0.30 to 0.60)", "200", "not tried", "-", "not tried", "-",
        "3 s: met", "0.5 s: met",
    ]  # fmt: skip


def test_what_is_missed_is_said():
    found = row(seconds=(0.1, 3.2, 3.1), bound=101.0)
    assert line_of(found)[-2:] == ["3 s: not met: gap 0.9901%, 3.10 s", "0.5 s: not met: gap 0.9901%, 3.10 s"]


def test_memory_is_a_part_of_a_target():
    found = row(mentees=1_000, mentors=600, target=0.0005)
    found.sides[0].memory = [301.0]
    assert line_of(found)[-2:] == ["2 s, 300 MiB: not met: 301 MiB", "1 s, 300 MiB: not met: 301 MiB"]


def test_a_goal_at_another_gap_is_left_blank():
    assert line_of(row(mentees=1_000, mentors=600, target=0.00005))[-2:] == ["60 s, 300 MiB: met", ""]


def test_peers_stand_beside_ours_on_the_same_and_on_an_easier_problem():
    exact = Side("HiGHS", [8.0], [90.0], 100.0, 100.01, 0, "one run")
    flow = Side("OR-tools min-cost flow", [0.004], [48.0], 75.0, None, 12)
    assert line_of(row(exact, flow))[5:9] == [
        "HiGHS: 8.00 s, one run, value +0.000%", "20", "OR-tools min-cost flow: 0.004 s, value -25.000%", "0.01",
    ]  # fmt: skip


def test_a_peer_without_ties_is_shown_with_its_time():
    tried = [Side("HiGHS"), Side("CP-SAT")]
    for side, seconds in zip(tried, (60.0, 61.0), strict=True):
        side.found_nothing(seconds)
    assert line_of(row(*tried))[5:7] == ["HiGHS: no ties in 60 s; CP-SAT: no ties in 61 s", ">152"]


def test_a_small_cohort_is_judged_by_the_optimum():
    exact = Side("HiGHS", [0.1], [90.0], 100.0, 100.0)
    found = row(exact, mentees=60, mentors=36, target=0.0)
    assert line_of(found)[-2:] == ["optimum within 0.01 %: met, bound 0.0050% above it", "gap 0: not met: 0.0050%"]
    exact.value = 101.0
    assert "not met: 0.9901% below" in line_of(found)[-2]
    exact.status = "stopped at its time"
    assert line_of(found)[-2] == "optimum within 0.01 %: not judged, HiGHS has none"


def test_what_was_not_run_and_what_did_not_end_is_not_met():
    lines = targets.judged([Row(200, 120, "rare", 0.0001, [Side(OURS, status="no ties in 5 s")])])
    by_family = {line[1]: line[-2:] for line in lines if line[0].startswith("200 ")}
    assert by_family["rare"] == ["3 s: not met: no ties in 5 s", "0.5 s: not met: no ties in 5 s"]
    assert by_family["clustered"] == ["3 s: not run", "0.5 s: not run"]
    assert bench.summary(common.table(["a"], lines)).startswith("0 goals met, 2 not met, ")


def test_every_side_is_listed_against_the_best_that_breaks_no_rule():
    lawless = Side("scipy assignment", [0.1], [9.0], 120.0, None, 3)
    best = Side("HiGHS", [8.0], [90.0], 100.1, 100.2, 0, "stopped at its time")
    lines = targets.details([row(best, lawless, Side("CP-SAT", status="no ties in 60 s"))]).splitlines()
    assert [line.split(" | ")[3:] for line in lines[2:]] == [
        ["0.40 (0.30 to 0.60)", "1", "-0.0999%", "0.0050%", "0", "200 |"],
        ["8.00, stopped at its time", "20", "+0.0000%", "0.0998%", "0", "90 |"],
        ["0.10", "0.25", "+19.8801%", "none", "3", "9 |"],
        ["no ties in 60 s", "-", "-", "-", "-", "- |"],
    ]


def test_losses_are_those_of_the_flow_on_all_pairs():
    flow = Side("OR-tools min-cost flow", [0.1], [9.0], 75.0)
    assert targets.losses([row(flow), row(flow, mentees=10_000)]) == "25.0% to 25.0%"
    assert targets.losses([row()]) == "not measured"


def test_a_row_survives_being_kept():
    found = row(Side("HiGHS", status="no ties in 60 s"))
    assert Row.of(json.loads(json.dumps(found.kept()))) == found


def test_results_of_other_sources_are_not_told(asked, monkeypatch):
    common.kept(asked.bench, "growth", {"lines": [], "runs": 3})
    assert common.told(asked.bench, "growth") == {"lines": [], "runs": 3}
    monkeypatch.setattr(common, "sources", lambda: "others")
    assert common.told(asked.bench, "growth") is None


def test_fewer_than_three_runs_are_called_no_median():
    assert common.counted(3) == "medians of 3 runs in turn"
    assert "no median" in common.counted(2)
    assert "no median" in common.counted(1)
    assert [common.spread(own) for own in ([], [2.0], [0.0123], [1.0, 3.0, 2.0])] == [
        "-", "2.00", "0.012", "2.00 (1.00 to 3.00)",
    ]  # fmt: skip


def test_growth_is_the_slope_on_logarithms(asked):
    assert growth.exponent([10, 100, 1000], [2.0, 20.0, 200.0]) == pytest.approx(1.0)
    assert growth.exponent([10, 100], [1.0, 100.0]) == pytest.approx(2.0)
    assert math.isnan(growth.exponent([10], [1.0]))
    assert growth.section(asked) == ""
    lines = [[1_000, [1.0], [200.0], 0.0005], [10_000, [12.0], [400.0], 0.0006]]
    common.kept(asked.bench, "growth", {"lines": lines, "runs": 1})
    assert "to the power 1.08" in growth.section(asked)
    common.kept(asked.bench, "growth", {"lines": lines[:1], "runs": 1})
    assert "no growth" in growth.section(asked)


def rematched(size, **changed):
    cold = {"name": "match anew", "seconds": [9.0], "memory": [300.0], "value": 100.0, "bound": 100.1, "status": ""}
    warm = cold | {"name": "rematch", "seconds": [2.0], "value": 99.95} | changed
    return {"size": size, "changed": size // 100, "changes": size // 50, "match anew": cold, "rematch": warm}


def test_a_rematch_is_judged_at_its_size_by_time_ties_and_value(asked):
    assert few_changes.judged([rematched(1_000)])[-2:] == ["10 s: not run", "3 s: not run"]
    assert few_changes.judged([rematched(100_000)])[-2:] == ["10 s: met", "3 s: met"]
    assert few_changes.judged([rematched(100_000, seconds=[4.0], value=99.0)])[-2:] == [
        "10 s: not met: 1.000% below anew", "3 s: not met: 1.000% below anew, 4.00 s",
    ]  # fmt: skip
    many = rematched(100_000) | {"changes": 4_000}
    assert few_changes.judged([many])[-1] == "3 s: not met: 4.0 ties"
    stuck = rematched(100_000, seconds=[], status="no ties in 5 s")
    assert few_changes.judged([stuck])[-1] == "3 s: not met: no ties in 5 s"
    assert few_changes.section(asked) == ""
    common.kept(asked.bench, "rematch", {"found": [rematched(1_000), stuck], "runs": 1})
    assert "| 1,000 | 10 | 2.00 | -0.0500% | 2.00 | 9.00 | 300 | 300 |" in few_changes.section(asked)
    assert "no ties in 5 s" in few_changes.section(asked)


def civil_sides():
    shares = dict.fromkeys(("matched", "honored", "best", "department", "profession"), 1.0)
    names = [("introducer", "one", 2.0), (civil_service.RIVALS["one"], "one", 4.5)]
    names += [("introducer, teams of 3", "three", 5.0), (civil_service.RIVALS["three"], "three", 15.0)]
    return [
        {"name": name, "policy": policy, "shown": "a command", "seconds": [spent], "memory": [100.0], "ties": 500}
        | {"grades": 2.0, **shares, **({"gap": 0.0001} if name.startswith("introducer") else {})}
        for name, policy, spent in names
    ]


def test_the_export_stands_in_the_table_with_its_ratio(asked):
    one, three = civil_service.judged(civil_sides())
    assert (one[6], one[-2]) == ("2.25", "3 s: met")
    assert (three[8], three[-2]) == ("3", "3 s: not met: 5.00 s")
    assert [line[-2] for line in civil_service.judged([])] == ["3 s: not run", "3 s: not run"]
    assert civil_service.section(asked) == ""
    common.kept(asked.bench, "civil-service", {"sides": civil_sides(), "versions": "x 1", "runs": 1})
    text = civil_service.section(asked)
    assert (
        "| introducer | 2.00 | 1.00 | 500 | 100.0% | 100.0% | 2.00 | 100.0% | 100.0% | 100.0% | 0.0100% | 100 |" in text
    )
    assert "none stated" in text


def test_one_to_one_and_bids_as_text(asked):
    assert one_to_one.section(asked) == ""
    assert bids.section(asked) == ""
    lines = [[OURS, [2.0], [200.0], 50.0, 0, ""], ["munkres", [0.5], [70.0], 50.0, 0, ""]]
    lines.append(["matching", [], [], None, 0, "no ties in 5 s"])
    common.kept(asked.bench, "one-to-one", {"size": 500, "lines": lines, "runs": 1})
    assert "| munkres | the best assignment | 0.50 | 0.25 | +0.0000% | 0 | 70 |" in one_to_one.section(asked)
    assert "| no ties in 5 s | - |" in one_to_one.section(asked)
    runs = {"introducer assign": [[2.0, 180.0, 1406.25]], "OR-tools min-cost flow": [[0.5, 60.0, 1406.25]]}
    common.kept(asked.bench, "bids", {"lines": runs, "runs": 1})
    assert "| OR-tools min-cost flow | 0.50 | 0.25 | 1406.25 | 60 |" in bids.section(asked)


def test_a_section_is_written_between_its_markers():
    page = "before\n<!-- measured: begin -->\nold\n<!-- measured: end -->\nafter\n"
    assert common.written(page, "measured", "new") == page.replace("old", "new")
    with pytest.raises(ValueError, match="there is no"):
        common.written("before\n", "measured", "new")
    assert common.PAGE.read_text(encoding="utf-8").count("<!-- measured: begin -->") == 1


def test_what_is_asked_for():
    asked, parts, write = bench.parsed(["--quick", "--only", "growth", "targets-2", "--write"])
    assert (asked.runs, asked.exact, asked.largest, parts, write) == (1, 10.0, 1_000, ["targets-200", "growth"], True)
    asked, parts, write = bench.parsed([])
    assert (asked.runs, asked.exact, asked.largest, parts, write) == (3, 60.0, 10_000, list(bench.PARTS), False)
    for words in (["--runs", "0"], ["--only", "nothing"]):
        with pytest.raises(SystemExit):
            bench.parsed(words)


def test_a_child_is_measured_ended_at_its_limit_and_heard_when_it_fails(tmp_path):
    ended = common.run([sys.executable, "-c", "x = bytes(64 << 20)"], tmp_path)
    assert ended.code == 0
    assert ended.memory > 64
    assert common.run(["sleep", "60"], tmp_path, 0.2).code is None
    with pytest.raises(RuntimeError, match=r"(?s)ended with 3:.*alas"):
        common.run([sys.executable, "-c", "print('alas'); raise SystemExit(3)"], tmp_path)


def test_the_process_that_measures_stays_small():
    code = "import sys, bench; print([name for name in ('numpy', 'introducer', 'numba') if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], cwd=BENCHMARKS, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_a_tiny_cohort_is_measured_beside_the_peers_that_are_here(asked, monkeypatch):
    monkeypatch.setattr(sides, "EXACT", {"HiGHS": ("by_highs.py", None)})
    monkeypatch.setattr(sides, "ADDITIVE", {"scipy assignment": ("by_scipy.py", None)})
    found: Any = sides.in_turn(Row(20, 12, "rare", 0.0001, []), exact=True, asked=asked)
    ours, plain, exact, additive = found.sides
    assert all(side.seconds and side.memory[0] > 30 for side in found.sides)
    assert exact.value * (1 + 1e-9) >= ours.value >= plain.value
    assert exact.gap <= 0.0001 + 1e-9
    assert exact.value <= ours.bound
    assert ours.gap <= 0.0005
    assert additive.value < exact.value
    assert (ours.broken, exact.broken) == (0, 0)
