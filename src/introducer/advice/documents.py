"""Advice as plain values, for JSON; people by id, all of them and unrounded."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from introducer.advice.recruit import Recruits
    from introducer.advice.robustness import Robustness
    from introducer.advice.stability import Stability
    from introducer.outcome import Outcome

    Document = Mapping[str, Any]

__all__ = ["of_recruits", "of_robustness", "of_stability"]


def of_recruits(found: Recruits) -> Document:
    """Return whom to look for; see ``introducer.advice.recruit.Recruit`` for the fields."""
    rest = asdict(found)
    return {"seats": found.seats, "tried": found.tried, "finished": found.finished, "profiles": rest["found"]}


def of_robustness(found: Robustness) -> Document:
    """Return which ties stay; see ``introducer.advice.robustness.Robustness`` for the fields."""
    leavers = [{"mentor": mentor, "moved": moved} for mentor, moved in found.leavers]
    return {**asdict(found), "leavers": leavers}


def of_stability(found: Stability, outcome: Outcome) -> Document:
    """Return who would rather have each other; None stands where nobody has to leave."""
    mentees, mentors = outcome.roster.mentees, outcome.roster.mentors
    pairs = [
        {
            "mentee": mentees[pair.mentee].id,
            "mentor": mentors[pair.mentor].id,
            "rank_by_mentee": pair.ranks[0],
            "rank_by_mentor": pair.ranks[1],
            "leaves_team": None if pair.leaves_team is None else mentors[pair.leaves_team].id,
            "leaves_mentor": None if pair.leaves_mentor is None else mentees[pair.leaves_mentor].id,
        }
        for pair in found.blocking
    ]
    return {"mutual": found.mutual, "tied": found.tied, "blocking": pairs}
