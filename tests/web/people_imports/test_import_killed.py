"""Real processes that are really killed, and two that really confirm at the same moment."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("own_site.py")
ROWS = 3000


@pytest.fixture
def site(tmp_path):
    """Return a function that starts our program on a site of its own."""
    env = os.environ | {"INTRODUCER_DATA": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    env.pop("DATABASE_URL", None)

    def start(*words):
        return subprocess.Popen([sys.executable, PROGRAM, *words], env=env, text=True, stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE)  # fmt: skip

    return start


def said(child):
    out, _nothing = child.communicate(timeout=120)
    assert child.returncode == 0
    return json.loads(out.splitlines()[-1])


@pytest.mark.slow
def test_a_worker_killed_anywhere_leaves_all_or_nothing(site):
    assert said(site("settle", str(ROWS))) == "checked"
    child = site("confirm")
    assert child.communicate("x")[0].strip() == "true"
    seen = set()
    for attempt in range(1, 40):
        child = site("work", str(2 * attempt))
        child.stdout.readline()
        time.sleep(0.06 * attempt)
        child.kill()
        child.communicate()
        state, people, needs, users = said(site("count"))
        assert (people, needs, users) in ((0, 0, 0), (ROWS, ROWS, ROWS))
        seen.add((state, people))
        if state == "done":
            break
    assert seen == {("applying", 0), ("done", ROWS)} | (seen & {("applying", ROWS)})


@pytest.mark.slow
def test_of_two_who_confirm_at_the_same_moment_one_wins(site):
    assert said(site("settle", "40")) == "checked"
    children = [site("confirm") for _ in range(4)]
    time.sleep(3.0)  # until all have read the import and wait
    for child in children:
        child.stdin.write("x")
        child.stdin.flush()
    assert sorted(said(child) for child in children) == [False, False, False, True]
