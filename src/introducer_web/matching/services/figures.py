"""The figures of a run that a coordinator may see: they stand in its row, and nothing has to be computed to show them.

What rests on something private is left out, or is a figure of many. People stand by the code of
the user, in mappings, so that somebody who is erased can be taken out of each.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from introducer_web.lib.disclosure import at_least_a_crowd
from introducer_web.matching.models import FrontierPoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from introducer_web.lib.engine import Performed, Spread
    from introducer_web.matching.models import Constellation, MatchRun

__all__ = ["BY_PERSON", "points_of", "summary_of"]

#: Names of figures that are mappings by the code of a user.
BY_PERSON = ("loads", "regrets", "prices", "by_floor")
#: So many people are named beside a certificate.
_NAMED = 5


def summary_of(run: MatchRun, performed: Performed, rows: Sequence[Constellation]) -> Mapping[str, Any]:
    """Return the figures of what came out; schema 1."""
    facts = performed.review.facts
    weight = sum(need["level"] for row in rows for need in row.needs)
    covered = sum(need["level"] for row in rows for need in row.needs if need["fit"] > 0)
    return {
        "schema": 1,
        "recruit": _recruit(run, rows),
        "mentees": len(rows),
        "part": sum(not row.note for row in rows),
        "matched": sum(row.size > 0 for row in rows),
        "whole": sum(row.covered == row.asked for row in rows),
        "ties": len(performed.ties),
        "coverage": covered / weight if weight else 1.0,
        "loads": {performed.mentors[m.index]: [m.load, m.capacity] for m in facts.mentors},
        "supply": [
            {
                "name": row.name,
                "asked": row.asked,
                "offered": row.offered,
                "seats": row.seats,
                "covered": row.covered,
                "need": round(row.need, 4),
                "met": None if row.met is None else round(row.met, 4),
            }
            for row in facts.supply
        ],
        **_certificate(performed),
        **_spread(performed.spread),
        **({"forced": len(performed.changes.forced)} if performed.changes else {}),
    }


def points_of(run: MatchRun, performed: Performed) -> list[FrontierPoint]:
    """Return what numbers of changes buy, where few were asked for."""
    if performed.changes is None:
        return []
    return [
        FrontierPoint(
            society=run.society,
            run=run,
            changes=point.changes,
            value=point.value,
            bound=point.bound,
            moved=[asdict(moved) for moved in point.moved],
        )
        for point in performed.changes.points
    ]


def _spread(found: Spread) -> dict[str, Any]:
    """Return how evenly it is spread; shares of so few people that they could tell of one are left out."""
    told = at_least_a_crowd(found.counted) is not None
    spread: dict[str, Any] = {
        "counted": found.counted,
        "left_out": found.left_out,
        "least": found.least if told else None,
        "fifth": found.fifth if told else None,
        "groups": [list(group) for group in found.groups],
    }
    if found.floor is None:
        return {"spread": spread}
    floor = found.floor
    spread["floor"] = {
        "level": floor.level if told else None,
        "ceiling": floor.ceiling if told else None,
        "cost": floor.cost,
        "cost_at_most": floor.cost_at_most,
        "without": floor.without,
        "before": floor.before if told else None,
    }
    return {"spread": spread, "by_floor": dict.fromkeys(floor.gained, 1) | dict.fromkeys(floor.lost, -1)}


def _certificate(performed: Performed) -> dict[str, Any]:
    """Return the proof: what no outcome exceeds, and where the distance to it is."""
    proof, facts = performed.certificate, performed.review.facts
    regrets = [regret for regret in proof.regrets if regret > 0]
    slacks = [slack for slack in proof.slacks if slack > 0]
    return {
        "scope": proof.scope,
        "gap": proof.gap,
        "value": proof.value,
        "bound": proof.bound,
        "bonus": performed.bonus,
        "early": not facts.reproducible,
        "regret": [len(regrets), sum(regrets)],
        "slack": [len(slacks), sum(slacks)],
        "regrets": _largest(zip(performed.mentees, proof.regrets, strict=True)),
        "prices": _largest((performed.mentors[m.index], m.price) for m in facts.mentors if m.load),
    }


def _largest(figures: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Return the few largest figures above 0; equals in the order given."""
    found = sorted(((code, figure) for code, figure in figures if figure > 0), key=lambda each: -each[1])
    return {code: round(figure, 4) for code, figure in found[:_NAMED]}


def _recruit(run: MatchRun, rows: Sequence[Constellation]) -> list[dict[str, Any]]:
    """Return, for each domain that is not sensitive, how many mentees lack it openly and have a place left.

    The domain that most of them lack first. A mentor who offers it could join their teams as they are.
    """
    names = dict(run.cohort.program.domains.filter(sensitive=False, retired=False).values_list("key", "name"))
    missing = Counter(
        names[key]
        for row in rows
        if not row.note and row.size < row.most
        for key in {need["key"].partition(".")[0] for need in row.needs if need["fit"] <= 0}
        if key in names
    )
    return [{"name": name, "mentees": n} for name, n in sorted(missing.items(), key=lambda item: (-item[1], item[0]))]
