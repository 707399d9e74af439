"""A lottery as files: the list, the probabilities and the commitment, and who could have been tied to whom."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from introducer.policy import THOUSAND

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from introducer.outcome import Draw, Outcome, Swap

__all__ = ["HEADER", "lottery_of", "propensities", "teams_before"]

#: Columns of ``propensities.csv``.
HEADER = ("mentee", "mentor", "propensity", "coin", "tied")


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


def teams_before(document: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]] | None:
    """Return the teams before the coins of those in a swap, by id, from ``outcome.json``; None without a lottery.

    Raises
    ------
    KeyError, TypeError, ValueError
        If it is no lottery.
    """
    held = document.get("lottery")
    if held is None:
        return None
    teams = {str(mentee): {str(j) for j in team} for mentee, team in document["teams"].items()}
    for swap in held["swaps"]:
        if swap["came"] is True:
            i, j, k, other = (swap[name] for name in ("mentee", "gives", "gets", "partner"))
            for mentee, gave, got in ((i, j, k), (other, k, j)):
                if mentee is not None:
                    teams[str(mentee)] = teams[str(mentee)] - {str(got)} | {str(gave)}
    return {mentee: tuple(sorted(team)) for mentee, team in teams.items()}
