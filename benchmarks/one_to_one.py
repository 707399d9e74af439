"""One mentor each and one mentee each, n of both: programs that solve an assignment, beside ours at team size 1.

Peers get the worth of every pair ready made, and so skip what ours does first: read rosters, refuse, weigh; ours
certifies and explains besides. The worth of a refused pair is 0. A team of one has no coverage to
ignore, so that all but ``matching`` solve the same problem; that one looks for a stable matching.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from common import HERE, PEERS, environment, kept, median, run, spread, table, told
from sides import OURS, Side, cohort, matched

if TYPE_CHECKING:
    from common import Asked

__all__ = ["measured", "section"]

NAME, SIZE = "one-to-one", 500
PROGRAMS = {
    "mentor-match": "by_mentor_match.py",
    "matching": "by_matching.py",
    "munkres": "by_munkres.py",
}
SOLVES = {
    OURS: "the policy's best outcome, with a proof",
    "mentor-match": "the best assignment of points: worths in thousandths",
    "matching": "a stable matching, both sides ranking by worth",
    "munkres": "the best assignment",
    "scipy assignment": "the best assignment",
}


def measured(asked: Asked, size: int = SIZE) -> None:
    """Run ours and the peers in turn."""
    folder = cohort("pairs", size, size, asked, gap_target=0.0001)
    instance, ties = asked.bench / "pairs", asked.bench / "ties.json"
    run([sys.executable, HERE / "instance.py", "write", folder, instance], asked.bench)
    run([sys.executable, HERE / "instance.py", "matrix", instance], asked.bench)
    sides = {name: Side(name) for name in SOLVES}
    for _turn in range(asked.runs):
        matched(sides[OURS], folder, asked)
        for name, side in list(sides.items())[1:]:
            python = environment(name, asked.bench) if name in PROGRAMS else sys.executable
            script = PROGRAMS.get(name, "by_scipy.py")
            arrays = instance / ("matrix.json" if name in PROGRAMS else "pairs.npz")
            ended = run([python, PEERS / script, arrays, ties], asked.bench, asked.limit)
            if ended.code is None:
                side.found_nothing(asked.limit)
                continue
            run([sys.executable, HERE / "instance.py", "worth", instance, ties], asked.bench)
            found = json.loads(ties.read_text(encoding="utf-8"))
            side.seconds.append(found["seconds"])
            side.memory.append(ended.memory)
            side.value, side.broken = found["value"], found["broken"]
    lines = [[s.name, s.seconds, s.memory, s.value, s.broken, s.status] for s in sides.values()]
    kept(asked.bench, NAME, {"size": size, "lines": lines, "runs": asked.runs})


def section(asked: Asked) -> str:
    """Return what was found as text; nothing if it was not measured."""
    found = told(asked.bench, NAME)
    if found is None:
        return ""
    lines = []
    base = found["lines"][0]
    for name, seconds, memory, value, broken, status in found["lines"]:
        cells = [name, SOLVES[name]]
        if not seconds:
            lines.append([*cells, status, *["-"] * 4])
            continue
        ratio = median(seconds) / median(base[1])
        worth = f"{value / base[3] - 1:+.4%}"
        lines.append([*cells, spread(seconds), f"{ratio:.3g}", worth, str(broken), f"{median(memory):.0f}"])
    header = ("program", "solves", "seconds", "times ours", "value to ours", "rules broken", "MiB")
    return f"""### One to one: {found["size"]} mentees and {found["size"]} mentors

{table(header, lines)}"""
