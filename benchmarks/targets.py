"""The engine's targets: what is wanted of each size of cohort, and whether it was met.

Sizes, gaps, seconds and memory are those of the engine's specification: ``must`` and ``stretch``. Each is judged on
every family of cohorts (``families.py``), by the median of the runs. What is missed is printed as missed. Cohorts of
more than ``ENDLESS`` mentees are given as a time budget what they must end in: an hour more would tell little.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common import kept, median, spread, table, told
from sides import ADDITIVE, EXACT, OURS, Row, in_turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from common import Asked

__all__ = ["CASES", "Case", "details", "judged", "losses", "measured", "rows_of"]


@dataclass(frozen=True)
class Case:
    """A cohort, the gap that the policy asks for, and what is wanted.

    Attributes
    ----------
    mentees, mentors : int
    gap : float
        Target of the policy; ``must`` and ``stretch`` ask for it.
    must, stretch : float
        Seconds, at most; nan: it is no goal at this gap.
    memory : float
        MiB of the process, at most.
    """

    mentees: int
    mentors: int
    gap: float
    must: float
    stretch: float
    memory: float

    @property
    def name(self) -> str:
        """What the case is called in a table."""
        return f"{self.mentees:,} x {self.mentors:,}"


#: Cohorts of fewer are solved to the end: the value within SMALLEST of the optimum, and a gap of 0 as the stretch.
SMALL, SMALLEST = 100, 1e-4
CASES = (
    Case(60, 36, 0.0, math.inf, math.inf, math.inf),
    Case(200, 120, 0.0001, 3.0, 0.5, math.inf),
    Case(1_000, 600, 0.0005, 2.0, 1.0, 300.0),
    Case(1_000, 600, 0.00005, 60.0, math.nan, 300.0),
    Case(10_000, 6_000, 0.0005, 25.0, 8.0, 500.0),
    Case(100_000, 60_000, 0.001, 300.0, math.nan, 3_072.0),
    Case(100_000, 60_000, 0.0007, math.nan, 90.0, 3_072.0),
    Case(1_000_000, 600_000, 0.0015, 900.0, math.nan, 8_192.0),
    Case(1_000_000, 600_000, 0.001, math.nan, 600.0, 8_192.0),
)
#: More mentees are matched with a time budget, once for all goals of their size.
ENDLESS = 10_000
#: The export has 500 people on each side: what stands for larger cohorts of it.
EXPORT = (500, 300)


def families(case: Case) -> tuple[str, ...]:
    """Return the families that a case is tried on: of the largest cohorts one."""
    if case.mentees > ENDLESS:
        return ("clustered",)
    drawn = ("uniform", "clustered", "scarce", "rare")
    return drawn if case.mentees > 1_000 else (*drawn, "civil-service")


def part(case: Case) -> str:
    """Return the part of the benchmarks that a case belongs to."""
    return f"targets-{case.mentees}"


def budget(case: Case) -> float | None:
    """Return the seconds after which the best so far is taken; None: it goes on to its gap."""
    return case.must if case.mentees > ENDLESS and math.isfinite(case.must) else None


def measured(name: str, asked: Asked) -> None:
    """Measure the cases of a part that are not too large, and keep what was found after each."""
    rows: list[Row] = []
    for case in CASES:
        if part(case) != name or case.mentees > asked.largest or (budget(case) is None and case.mentees > ENDLESS):
            continue
        for family in families(case):
            sizes = (case.mentees, case.mentors)
            if family == "civil-service":
                if not asked.data.exists():
                    continue
                sizes = min(sizes, EXPORT)
            # On one family is seen that an exact model of 600,000 pairs and more is too large.
            exact = case.mentees < 1_000 or (family == "clustered" and case.mentees == 1_000 and case.gap > 0.0001)
            rows.append(in_turn(Row(*sizes, family, case.gap, []), exact, asked, budget(case)))
            print(f"{case.name}, {family}, {case.gap:.3%}: {_ours(rows[-1])}", flush=True)
            kept(asked.bench, name, {"rows": [row.kept() for row in rows], "runs": asked.runs})


def _ours(row: Row) -> str:
    ours = row.sides[0]
    return f"gap {ours.gap:.4%}, {spread(ours.seconds)} s" if ours.gap is not None else ours.status


def rows_of(asked: Asked) -> list[Row]:
    """Return all rows that are kept for these sources."""
    found = [told(asked.bench, name) for name in dict.fromkeys(map(part, CASES))]
    return [Row.of(plain) for each in found if each for plain in each["rows"]]


def beside(row: Row, names: Iterable[str]) -> list[str]:
    """Return the first of these peers that found ties, or else what became of the first, and its seconds by ours."""
    ours = row.sides[0]
    peers = [side for side in row.sides if side.name in names]
    found = next((side for side in peers if side.seconds), None)
    if found is None:
        told_of = "; ".join(f"{side.name}: {side.status}" for side in peers) or "not tried"
        longest = max((side.spent for side in peers), default=0.0) / median(ours.seconds)
        return [told_of, f">{longest:.3g}" if longest else "-"]
    worth = (found.value or 0.0) / (ours.value or math.nan) - 1
    status = f", {found.status}" if found.status else ""
    what = f"{found.name}: {spread(found.seconds)} s{status}, value {worth:+.3%}"
    return [what, f"{median(found.seconds) / median(ours.seconds):.3g}"]


def judged(rows: Sequence[Row]) -> list[list[str]]:
    """Return a line of the table of targets for every case and family."""
    lines = []
    for case in CASES:
        for family in families(case):
            row = next((own for own in rows if _belongs(own, case, family)), None)
            lines.append(_line(case, family, row))
    return lines


def _belongs(row: Row, case: Case, family: str) -> bool:
    sizes = case.mentees, case.mentors
    wanted = min(sizes, EXPORT) if family == "civil-service" else sizes
    same = (row.mentees, row.mentors, row.family) == (*wanted, family)
    return same and (row.target == case.gap or case.mentees > ENDLESS)


def _line(case: Case, family: str, row: Row | None) -> list[str]:
    name = f"{case.name} to {case.gap:.3%}" if case.gap else f"{case.name} to the end"
    goals = {"must": case.must, "stretch": case.stretch}
    if row is None or not row.sides or not row.sides[0].seconds:
        why = "not run" if row is None else f"not met: {row.sides[0].status}"
        verdicts = ["" if math.isnan(seconds) else f"{_limit(case, seconds)}: {why}" for seconds in goals.values()]
        return [name, family, *["-"] * 7, *verdicts]
    if family == "civil-service":
        family = f"civil-service ({row.mentees} x {row.mentors})"
    ours = row.sides[0]
    cells = [name, family, f"{ours.gap:.4%}", spread(ours.seconds), f"{median(ours.memory):.0f}"]
    verdicts = [_verdict(case, row, which, seconds) for which, seconds in goals.items()]
    return [*cells, *beside(row, EXACT), *beside(row, ADDITIVE), *verdicts]


def _limit(case: Case, seconds: float) -> str:
    if case.mentees < SMALL:
        return "to the end"
    return f"{seconds:g} s" + (f", {case.memory:g} MiB" if case.memory < math.inf else "")


def _verdict(case: Case, row: Row, which: str, seconds: float) -> str:
    """Say whether a goal is met, and what is missed."""
    ours = row.sides[0]
    if math.isnan(seconds):
        return ""
    if case.mentees < SMALL:
        return _smallest(row, which)
    missed = [f"gap {ours.gap:.4%}"] if ours.gap is None or ours.gap > case.gap else []
    spent, memory = median(ours.seconds), median(ours.memory)
    missed += [f"{spent:.2f} s"] if spent > seconds else []
    missed += [f"{memory:.0f} MiB"] if memory > case.memory else []
    limit = _limit(case, seconds)
    return f"{limit}: not met: {', '.join(missed)}" if missed else f"{limit}: met"


def _smallest(row: Row, which: str) -> str:
    """Judge a cohort that is solved to the end, against the optimum that HiGHS proved."""
    ours = row.sides[0]
    if which == "stretch":
        return "gap 0: met" if ours.gap is not None and ours.gap <= 1e-9 else f"gap 0: not met: {ours.gap:.4%}"
    exact = next((side for side in row.sides if side.name == "HiGHS" and not side.status and side.value), None)
    if exact is None:
        return "optimum within 0.01 %: not judged, HiGHS has none"
    lost = 1 - (ours.value or 0.0) / (exact.value or math.nan)
    dual = (ours.bound or math.nan) / (exact.value or math.nan) - 1
    told_of = f"optimum within 0.01 %: {'met' if lost <= SMALLEST else f'not met: {lost:.4%} below'}"
    return f"{told_of}, bound {max(0.0, dual):.4%} above it"


HEADER = (
    "cohort", "family", "gap proved", "seconds", "MiB", "peer on the same model", "times ours",
    "peer on an easier problem", "times ours", "must", "stretch",
)  # fmt: skip
SIDES = (
    "cohort", "family", "side", "seconds", "times ours", "value to the best", "gap it states", "rules broken", "MiB",
)  # fmt: skip


def details(rows: Iterable[Row]) -> str:
    """Return the table of all sides."""
    lines = []
    for row in rows:
        ours = median(row.sides[0].seconds)
        for side in row.sides:
            name = f"{side.name} to {row.target:.3%}" if side.name == OURS else side.name
            cells = [f"{row.mentees:,} x {row.mentors:,}", row.family, name]
            if not side.seconds:
                lines.append([*cells, side.status or "nothing", *["-"] * 5])
                continue
            worth = (side.value or 0.0) / row.best - 1
            gap = "none" if side.gap is None else f"{side.gap:.4%}"
            note = f", {side.status}" if side.status else ""
            lines.append(
                [
                    *cells,
                    spread(side.seconds) + note,
                    f"{median(side.seconds) / ours:.3g}",
                    f"{worth:+.4%}",
                    gap,
                    str(side.broken),
                    f"{median(side.memory):.0f}",
                ]
            )
    return table(SIDES, lines)


def losses(rows: Iterable[Row]) -> str:
    """Say what ignoring coverage costs: the range over the cohorts in which all pairs were given."""
    lost = [
        1 - side.value / row.best
        for row in rows
        for side in row.sides
        if side.name == "OR-tools min-cost flow" and side.value and row.mentees <= 1_000
    ]
    return f"{min(lost):.1%} to {max(lost):.1%}" if lost else "not measured"
