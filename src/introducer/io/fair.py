"""How the worth is spread, as a part of ``outcome.json``, and the floors of it as ``verify`` reads them again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from introducer.outcome import FairLottery, Raised, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from introducer.outcome import Outcome, Prices

    #: Teams and prices by id become indices and tuples in the order of a roster.
    Ordered = Callable[[Mapping[str, tuple[str, ...]], Mapping[str, Any]], tuple[tuple[tuple[int, ...], ...], Prices]]

__all__ = ["StoredFloors", "fairness_of", "priced", "read_floors", "read_prices", "teams_of"]


@dataclass(frozen=True, slots=True)
class StoredFloors:
    """Floors by id: levels, steps (level, what is above, prices or None), and teams and prices without floors.

    Of a fair lottery the weights and prices.
    """

    levels: Mapping[str, float]
    steps: tuple[tuple[float, float, Mapping[str, Any] | None], ...]
    teams: Mapping[str, tuple[str, ...]]
    prices: Mapping[str, Any]
    lottery: tuple[Mapping[str, float], Mapping[str, Any]] | None

    def on(self, mentees: Sequence[str], ordered: Ordered) -> Raised:
        """Return the floors in the order of a roster; ``ordered`` refuses who is unknown."""
        teams, prices = ordered(self.teams, self.prices)
        steps = [(level, above, own if own is None else ordered({}, own)[1]) for level, above, own in self.steps]
        lottery = None
        if self.lottery is not None:
            weights, own = self.lottery
            lottery = FairLottery(tuple(weights.get(mentee, 0.0) for mentee in mentees), ordered({}, own)[1])
        return Raised(
            lottery=lottery,
            levels=tuple(self.levels.get(mentee, 0.0) for mentee in mentees),
            steps=tuple(Step(*step) for step in steps),
            plain_teams=teams,
            plain_prices=prices,
        )


def teams_of(outcome: Outcome, teams: Sequence[Sequence[int]]) -> dict[str, list[str]]:
    """Return mentor ids by mentee id."""
    mentors = [mentor.id for mentor in outcome.roster.mentors]
    return {m.id: [mentors[j] for j in team] for m, team in zip(outcome.roster.mentees, teams, strict=True)}


def priced(outcome: Outcome, prices: Prices, quotas: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return prices by id; those of lower loads and quotas as far as they are not 0."""
    mentors = [mentor.id for mentor in outcome.roster.mentors]
    return {
        "capacity": dict(zip(mentors, prices.capacity, strict=True)),
        "min_load": {j: p for j, p in zip(mentors, prices.min_load, strict=True) if p},
        "quota": [[j, wish, price] for (j, wish), price in zip(quotas, prices.quota, strict=True) if price],
    }


def fairness_of(outcome: Outcome, quotas: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return the part ``fairness`` of the document of an outcome."""
    found = outcome.fairness
    ids = [mentee.id for mentee in outcome.roster.mentees]
    document: dict[str, Any] = {
        "minimum": found.minimum,
        "fifth_percentile": found.fifth,
        "gini": found.gini,
        "left_out": [ids[i] for i in found.left_out],
        "shares": {ids[i]: share for i, share in enumerate(found.shares) if share is not None},
        "groups": [
            {"group": group.name, "mentees": group.members, "mean": group.mean, "interval": [group.low, group.high]}
            for group in found.groups
        ],
    }
    if found.raised is None or found.plain is None:
        return document
    raised, plain = found.raised, found.plain
    return document | {
        "ceiling": found.ceiling,
        "levels": {ids[i]: level for i, level in enumerate(raised.levels) if found.shares[i] is not None},
        "steps": [
            {
                "level": step.level,
                "impossible": None if step.prices is None else step.above,
                "prices": None if step.prices is None else priced(outcome, step.prices, quotas),
            }
            for step in raised.steps
        ],
        "stuck": [ids[i] for i in found.stuck],
        "fair_lottery": None
        if raised.lottery is None
        else {
            "at_most": found.lottery,
            "weights": {ids[i]: weight for i, weight in enumerate(raised.lottery.weights) if weight},
            "prices": priced(outcome, raised.lottery.prices, quotas),
        },
        "without_floor": {
            "value": plain.value,
            "bound": plain.bound,
            "minimum": plain.minimum,
            "cost": plain.value - outcome.certificate.value,
            "cost_at_most": plain.bound - outcome.certificate.value,
            "gained": [ids[i] for i in plain.gained],
            "lost": [ids[i] for i in plain.lost],
            "teams": teams_of(outcome, raised.plain_teams),
            "prices": priced(outcome, raised.plain_prices, quotas),
        },
    }


def read_prices(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return prices by id as they stand in a document."""
    return {
        "capacity": {str(k): float(v) for k, v in stored["capacity"].items()},
        "min_load": {str(k): float(v) for k, v in stored["min_load"].items()},
        "quota": {(str(a), str(b)): float(v) for a, b, v in stored["quota"]},
    }


def read_floors(stored: Mapping[str, Any]) -> StoredFloors | None:
    """Return the floors of the part ``fairness``; None where there are none."""
    if "levels" not in stored:
        return None
    plain, lottery = stored["without_floor"], stored["fair_lottery"]
    return StoredFloors(
        levels={str(mentee): float(level) for mentee, level in stored["levels"].items()},
        steps=tuple(
            (float(step["level"]), float("inf"), None)
            if step["prices"] is None
            else (float(step["level"]), float(step["impossible"]), read_prices(step["prices"]))
            for step in stored["steps"]
        ),
        teams={str(mentee): tuple(map(str, team)) for mentee, team in plain["teams"].items()},
        prices=read_prices(plain["prices"]),
        lottery=None
        if lottery is None
        else ({str(k): float(v) for k, v in lottery["weights"].items()}, read_prices(lottery["prices"])),
    )
