"""One cohort, ours and the peers in turn: who runs how, and what is kept of it.

Ours is ``introducer match`` in a process of its own; its seconds are those of ``run.json``: from the parsed roster to
the certified and explained outcome, with numba's cache filled. A peer's seconds run from the arrays of the instance to
its ties. The peers of the additive relaxation solve an easier problem; all ties are judged by the true objective.
"""

from __future__ import annotations

import json
import math
import re
import shutil
import sys
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from common import COMMAND, HERE, PEERS, environment, run, sources

if TYPE_CHECKING:
    from pathlib import Path

    from common import Asked

__all__ = ["ADDITIVE", "EXACT", "OURS", "PLAIN", "Row", "Side", "cohort", "in_turn", "matched", "warmed"]

OURS, PLAIN = "introducer", "introducer, greedy baseline"
#: Peers: the file of each, and the environment it runs in; None: ours has the package.
EXACT = {"HiGHS": ("by_highs.py", None), "CP-SAT": ("by_cp_sat.py", "or-tools")}
ADDITIVE = {"OR-tools min-cost flow": ("by_flow.py", "or-tools"), "scipy assignment": ("by_scipy.py", None)}
#: A peer that took more than this part of its time is not run again.
ONCE = 1 / 3
#: A model that is large keeps its solver from looking at the clock: after so many times its seconds it is ended.
PATIENCE = 1.5
#: The least gap target beside which the baseline runs.
BASELINE = 0.0001
#: Pairs of a mentee that the additive relaxation is given where all pairs are too many to store, and from when on.
LISTED, STORED = 50, 1_000


@dataclass
class Side:
    """What a side did on one cohort.

    Attributes
    ----------
    name : str
    seconds, memory : list of float
        Of each run that found ties: seconds, and MiB of its process at the peak.
    value : float or None
        Worth of its ties by the true objective.
    bound : float or None
        What it proved that no outcome is worth more than.
    broken : int
        Rules that its ties break.
    status : str
        How it ended, if it found no ties or stopped at its time.
    spent : float
        Seconds in which it found no ties.
    """

    name: str
    seconds: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    value: float | None = None
    bound: float | None = None
    broken: int = 0
    status: str = ""
    spent: float = 0.0

    def found_nothing(self, seconds: float) -> None:
        """Remember that a run ended without ties."""
        self.spent, self.status = seconds, f"no ties in {seconds:.0f} s"

    @property
    def gap(self) -> float | None:
        """The gap it proved, as a part of its bound."""
        return None if not self.value or self.bound is None else max(0.0, (self.bound - self.value) / self.bound)


@dataclass
class Row:
    """What was found on one cohort at one gap target; the first side is ours."""

    mentees: int
    mentors: int
    family: str
    target: float
    sides: list[Side]

    @property
    def best(self) -> float:
        """The best value that any side found without breaking a rule."""
        return max((side.value for side in self.sides if side.value and not side.broken), default=math.nan)

    def kept(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)

    @classmethod
    def of(cls, plain: dict[str, Any]) -> Row:
        """Return it from plain values."""
        return cls(**{**plain, "sides": [Side(**side) for side in plain["sides"]]})


def cohort(family: str, mentees: int, mentors: int, asked: Asked, **policy: object) -> Path:
    """Return the folder of a cohort with these settings of the policy, drawn if it is not there."""
    drawn = asked.bench / "cohorts" / f"{family}-{mentees}-{mentors}"
    if not (drawn / "program.toml").exists():
        drawn.parent.mkdir(parents=True, exist_ok=True)
        words = [HERE / "families.py", family, mentees, mentors, drawn, "--data", asked.data]
        run([sys.executable, *words], asked.bench)
    settings = [f"{key} = {json.dumps(value)}" for key, value in policy.items()]
    folder = drawn.with_name("-".join([drawn.name, *map(str, policy.values())]))
    if settings and not folder.exists():
        shutil.copytree(drawn, folder)
        program = folder / "program.toml"
        with_settings = "\n".join(["[policy]", *settings])
        text = program.read_text(encoding="utf-8").replace("[policy]", with_settings, 1)
        program.write_text(text, encoding="utf-8")
    return folder


def warmed(asked: Asked) -> None:
    """Drop cohorts that other sources drew, and fill numba's cache, so that no counted run compiles."""
    stamp = asked.bench / "cohorts" / "sources.txt"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != sources():
        shutil.rmtree(stamp.parent, ignore_errors=True)
        stamp.parent.mkdir(parents=True)
        stamp.write_text(sources(), encoding="utf-8")
    for family, mentees, mentors in (("clustered", 20, 12), ("clustered", 1_000, 600), ("civil-service", 200, 120)):
        if mentees <= max(asked.largest, 20) and (family != "civil-service" or asked.data.exists()):
            matched(Side(OURS), cohort(family, mentees, mentors, asked, gap_target=0.0), asked)


def in_turn(row: Row, exact: bool, asked: Asked, budget: float | None = None) -> Row:
    """Run ours and the peers in turn, so many times as asked.

    Parameters
    ----------
    exact : bool
        Whether peers are tried on the exact model.
    budget : float, optional
        Seconds after which ours takes the best so far.
    """
    sizes = row.family, row.mentees, row.mentors
    folder = cohort(*sizes, asked, gap_target=row.target)
    peers = {**(EXACT if exact and asked.exact else {}), **ADDITIVE}
    out = asked.bench / "instance"
    if row.mentees > 10 * STORED:
        peers = {}
    else:
        lists = ["--most", LISTED] if row.mentees > STORED else []
        words = [*(["--model"] if exact else []), *lists]
        run([sys.executable, HERE / "instance.py", "write", folder, out, *words], asked.bench)
    if row.mentees > STORED:
        peers.pop("scipy assignment", None)
    # The baseline is slow, and the same whatever the target.
    plain = cohort(*sizes, asked, solver="greedy") if row.mentees <= STORED and row.target >= BASELINE else None
    sides = {name: Side(name) for name in [OURS, *([PLAIN] if plain else []), *peers]}
    for _turn in range(asked.runs):
        matched(sides[OURS], folder, asked, "match", *([] if budget is None else ["--time-budget", budget]))
        if plain:
            matched(sides[PLAIN], plain, asked)
        for name, (script, where) in peers.items():
            _peer(sides[name], script, where, row.target, asked)
        for name in [name for name in peers if sides[name].status and name in EXACT]:
            del peers[name]
    row.sides = list(sides.values())
    return row


def matched(side: Side, folder: Path, asked: Asked, command: str = "match", *words: object) -> None:
    """Run a command of ours that writes an outcome, and add to a side what it did."""
    out = asked.bench / "out" / side.name.replace(" ", "-").replace(",", "")
    shutil.rmtree(out, ignore_errors=True)
    ended = run([*COMMAND, command, folder, "--out", out, *words], asked.bench, asked.limit)
    if ended.code is None:
        side.found_nothing(asked.limit)
        return
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    found = _numbers(out / "outcome.json")
    side.seconds.append(record["seconds"])
    side.memory.append(ended.memory)
    side.value, side.bound = found["value"], found["bound"]


def _numbers(outcome: Path) -> dict[str, float]:
    """Return value and bound of an outcome, a line at a time: a large one is not held in memory."""
    found: dict[str, float] = {}
    with outcome.open(encoding="utf-8") as lines:
        for line in lines:
            if told := re.match(r' "(value|bound)": ([-\d.e]+),?$', line):
                found.setdefault(told[1], float(told[2]))
    return found


def _peer(side: Side, script: str, where: str | None, gap: float, asked: Asked) -> None:
    """Run a peer on the instance, and add to its side what it did."""
    python = environment(where, asked.bench) if where else sys.executable
    instance, ties = asked.bench / "instance", asked.bench / "ties.json"
    exact = side.name in EXACT
    words: list[object] = ["--seconds", asked.exact, "--gap", gap] if exact else []
    limit = PATIENCE * asked.exact + 30.0 if exact else asked.limit
    ties.unlink(missing_ok=True)
    arrays = instance / ("model.npz" if exact else "pairs.npz")
    ended = run([python, PEERS / script, arrays, ties, *words], asked.bench, limit)
    if ended.code is None:
        side.found_nothing(limit)
        return
    found = json.loads(ties.read_text(encoding="utf-8"))
    if found["chosen"] is None:
        side.found_nothing(found["seconds"])
        return
    side.seconds.append(found["seconds"])
    side.memory.append(ended.memory)
    if exact or side.value is None:  # the others find the same again
        run([sys.executable, HERE / "instance.py", "worth", instance, ties], asked.bench)
        judged = json.loads(ties.read_text(encoding="utf-8"))
        side.value, side.bound, side.broken = judged["value"], found["bound"], judged["broken"]
    if exact and found["seconds"] > ONCE * asked.exact:
        side.status = "one run" if found["seconds"] < 0.98 * asked.exact else "stopped at its time"
