"""How evenly a run is spread, what its floor cost and who gained by it, in words that a coordinator understands."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from introducer_web.lib import engine
from introducer_web.lib.texts import translated
from introducer_web.programs.forms import PolicyForm
from introducer_web.programs.models import Program
from introducer_web.programs.policies import posted_fields
from introducer_web.programs.services import state_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from introducer_web.matching.models import MatchRun
    from introducer_web.people.models import Participant

__all__ = ["GroupRow", "Refusal", "SpreadCard", "refusal_of", "spread_card"]


@dataclass(frozen=True)
class GroupRow:
    """Mentees with something in common: how many, the mean of their shares, and its 95 % interval."""

    name: str
    members: int
    mean: float
    low: str
    high: str


@dataclass(frozen=True)
class SpreadCard:
    """What is said of a run.

    Attributes
    ----------
    least, fifth : str
        Shares, rounded down; empty where too few mentees have one.
    asked, promise, cost : str
        What the policy was after; with a floor what was reached and proved, and what it cost all together.
    gained, lost : list of Participant
        Whose team is worth more, and less, than without the floor.
    """

    counted: int
    left_out: int
    least: str
    fifth: str
    groups: list[GroupRow]
    asked: str
    promise: str
    cost: str
    gained: list[Participant]
    lost: list[Participant]


@dataclass(frozen=True)
class Refusal:
    """A floor that cannot be had, and what can: forms that a policy page takes up, by what they ask for."""

    asked: str
    reached: str
    impossible: str
    ways: list[tuple[str, list[tuple[str, str]]]]


def _down(share: float) -> str:
    return f"{number_format(math.floor(share * 1000) / 10, 1)}\u202f%"


def _up(share: float) -> str:
    return f"{number_format(math.ceil(share * 1000) / 10, 1)}\u202f%"


def spread_card(run: MatchRun, mentees: Mapping[str, Participant]) -> SpreadCard | None:
    """Return what is said of a finished run; None where an older version kept no shares.

    Parameters
    ----------
    mentees : mapping of str to Participant
        By code of the user: at least those of ``run.summary["by_floor"]`` whom the run still knows.
    """
    held = run.summary.get("spread")
    if held is None:
        return None
    floor, moved = held.get("floor"), run.summary.get("by_floor", {})
    people = sorted((mentees[code] for code in moved if code in mentees), key=lambda each: str(each.user))
    return SpreadCard(
        counted=held["counted"],
        left_out=held["left_out"],
        least="" if held["least"] is None else _down(held["least"]),
        fifth="" if held["fifth"] is None else _down(held["fifth"]),
        groups=_groups(run, held["groups"]),
        asked=str(Program.Floor(run.policy.get("floor", "total")).label),
        promise=_promise(run, floor) if floor else "",
        cost=_cost(floor) if floor else "",
        gained=[each for each in people if moved[each.user.code] > 0],
        lost=[each for each in people if moved[each.user.code] < 0],
    )


def _promise(run: MatchRun, floor: Mapping[str, Any]) -> str:
    if run.policy["floor"] == Program.Floor.SHARE:
        return _("Everybody has a share of at least %(share)s, as the policy asks.") % {
            "share": f"{run.policy['least_share']}\u202f%"
        }
    if floor["level"] is None:
        return _("Whoever has least was raised as far as was found.")
    said = _("Whoever has least was raised to %(level)s, as far as was found.") % {"level": _down(floor["level"])}
    if floor["ceiling"] is not None:
        ceiling = {"ceiling": _up(floor["ceiling"])}
        said += " " + _("No match gives everybody %(ceiling)s: that is proved.") % ceiling
    return said


def _cost(floor: Mapping[str, Any]) -> str:
    """Say what all together lose; in parts of what they would have without the floor."""
    whole = floor["without"]
    if whole <= 0 or floor["cost"] <= 0:
        said = _("It costs nothing: nothing better was found without it.")
    else:
        said = _("It costs %(part)s of what all mentees together would have without it; at most %(most)s, proved.") % {
            "part": _hundredths(floor["cost"] / whole), "most": _hundredths(floor["cost_at_most"] / whole),
        }  # fmt: skip
    if floor["before"] is not None:
        said += " " + _("Without it the least share would be %(share)s.") % {"share": _down(floor["before"])}
    return said


def _hundredths(part: float) -> str:
    return f"{number_format(math.ceil(part * 10_000 - 1e-9) / 100, 2)}\u202f%"


def _groups(run: MatchRun, rows: list[Any]) -> list[GroupRow]:
    stages = {stage.id: stage.name for stage in engine.template_vocabulary(run.cohort.program.template).stages}
    flags = {
        "rural": _("rural"), "not rural": _("not rural"), "no_home_program": _("no home program"),
        "not no_home_program": _("with a home program"),
    }  # fmt: skip
    found = []
    for name, members, mean, low, high in rows:
        kind, _colon, code = name.partition(":")
        called = flags.get(code, code) if kind == "flag" else translated(stages.get(code, code)) or _("no stage given")
        found.append(GroupRow(called, members, mean, _down(max(0.0, low)), _up(high)))
    return found


def refusal_of(run: MatchRun) -> Refusal | None:
    """Return what to say where a run ended because its floor cannot be had; None where it ended for something else."""
    held = run.summary.get("floor")
    if held is None or "reached" not in held:
        return None
    program = run.cohort.program
    seen = state_of(program, PolicyForm.Meta.fields)
    other = [(name, getattr(program, name)) for name in ("about", "approves", "is_open")]
    beside = [("seen", seen), *((name, str(value)) for name, value in other if value)]

    def fields(**instead: Any) -> list[tuple[str, str]]:
        return beside + posted_fields({**run.policy, **instead})

    ways = []
    percent = math.floor(held["reached"] * 100)
    if percent >= 1:
        ways.append((_("Ask for %(share)s instead") % {"share": f"{percent}\u202f%"}, fields(least_share=percent)))
    ways.append((str(_("Raise who has least as far as it goes")), fields(floor="leximin")))
    impossible = "" if held["impossible"] is None else _up(held["impossible"])
    return Refusal(f"{run.policy['least_share']}\u202f%", _down(held["reached"]), impossible, ways)
