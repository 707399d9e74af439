"""A lottery as files: the list, the probabilities and the commitment, and who could have been tied to whom."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from introducer.policy import THOUSAND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from introducer.outcome import Draw, Outcome, Swap

__all__ = ["HEADER", "Chances", "lottery_of", "propensities", "read_chances"]

#: By mentee id: every team, by mentor ids in order, and how probable it was; the one before the coins first.
Chances = Mapping[str, tuple[tuple[tuple[str, ...], float], ...]]

#: Columns of ``propensities.csv``.
HEADER = ("mentee", "mentor", "propensity", "coin", "tied")
#: Probabilities sum to 1 but for this.
_ROUNDING = 1e-9


def propensities(outcome: Outcome, draw: Draw) -> Iterable[Sequence[object]]:
    """Yield the rows of ``propensities.csv``: every tie that could come about, in order of mentee and mentor."""
    for mentee, own in zip(outcome.roster.mentees, draw.chances, strict=True):
        team = next(chance.team for chance in own if chance.drawn)
        for j, thousandths in draw.ties(own[0].mentee).items():
            coin = "" if thousandths == THOUSAND or own[0].coin is None else own[0].coin + 1
            yield mentee.id, outcome.roster.mentors[j].id, thousandths / THOUSAND, coin, "yes" if j in team else "no"


def lottery_of(outcome: Outcome, draw: Draw) -> dict[str, Any]:
    """Return the lottery as ``outcome.json`` holds it."""
    mentees = [mentee.id for mentee in outcome.roster.mentees]
    mentors = [mentor.id for mentor in outcome.roster.mentors]
    listed = [_listed(swap, mentees, mentors) for swap in draw.swaps]
    body = json.dumps(listed, sort_keys=True, ensure_ascii=False)
    return {
        "commitment": draw.commitment,
        "list_sha256": hashlib.sha256(body.encode()).hexdigest(),
        "value_before": draw.value_before,
        "expected_loss": draw.expected_loss,
        "swaps": [entry | {"came": swap.came} for entry, swap in zip(listed, draw.swaps, strict=True)],
        "teams": [
            {
                "mentee": mentees[chance.mentee],
                "team": [mentors[j] for j in chance.team],
                "propensity": chance.thousandths / THOUSAND,
                "coin": chance.coin + 1,
                "drawn": chance.drawn,
            }
            for own in draw.chances
            for chance in own
            if chance.coin is not None
        ],
    }


def _listed(swap: Swap, mentees: Sequence[str], mentors: Sequence[str]) -> dict[str, Any]:
    return {
        "mentee": mentees[swap.mentee],
        "gives": mentors[swap.gives],
        "gets": mentors[swap.gets],
        "partner": None if swap.partner is None else mentees[swap.partner],
        "probability": swap.thousandths / THOUSAND,
        "loss": swap.loss,
        "losses": list(swap.losses[: len(swap.sides)]),
    }


def read_chances(document: Mapping[str, Any]) -> Chances | None:
    """Return every team that each mentee could get, from ``outcome.json``; None where no lottery was held.

    Raises
    ------
    KeyError, TypeError, ValueError
        If it is no lottery.
    """
    held = document.get("lottery")
    if held is None:
        return None
    teams = {str(mentee): [(_team(team), 1.0)] for mentee, team in document["teams"].items()}
    listed: dict[str, list[tuple[tuple[str, ...], float]]] = {}
    for entry in held["teams"]:
        listed.setdefault(str(entry["mentee"]), []).append((_team(entry["team"]), float(entry["propensity"])))
    for mentee, own in listed.items():
        if any(not 0 < chance <= 1 for _team, chance in own) or abs(sum(chance for _, chance in own) - 1) > _ROUNDING:
            raise ValueError(f"the propensities of {mentee!r} are no probabilities")
    return {mentee: tuple(own) for mentee, own in (teams | listed).items()}


def _team(mentors: Iterable[Any]) -> tuple[str, ...]:
    return tuple(sorted(map(str, mentors)))
