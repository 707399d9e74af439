"""Advice that an outcome gives by itself, as plain values; people by id, and nothing of what they keep private.

What may be told to a coordinator is decided by the engine (``introducer.advice``): profiles are made
of what was said openly, small counts are left out, and which answer moved a tie is told nowhere.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Account = Any
    Outcome = Any

__all__ = ["CannotReopen", "advised"]

#: So many ties, and people who leave, are told.
_LISTED = 60


class CannotReopen(Exception):
    """An outcome does not follow from its folder any more: a person was taken out, or another version made it."""


def advised(
    kind: str,
    folder: Mapping[str, str],
    outcome: Mapping[str, str],
    tell: Callable[[str, float, float | None], None],
    stop: Callable[[], bool],
) -> Mapping[str, Any]:
    """Verify an outcome and let it give advice.

    Parameters
    ----------
    kind : {"recruit", "robustness", "stability"}
    folder, outcome : mapping of str to str
        Files as ``introducer match`` reads and writes them.

    Raises
    ------
    CannotReopen
    """
    import introducer

    with tempfile.TemporaryDirectory(prefix="introducer-advice-") as place:
        for name, files in (("cohort", folder), ("outcome", outcome)):
            (Path(place) / name).mkdir()
            for file, text in files.items():
                (Path(place) / name / file).write_text(text, encoding="utf-8", newline="")
        try:
            account, found = introducer.reopen(Path(place) / "cohort", Path(place) / "outcome")
        except introducer.IntroducerError as error:
            raise CannotReopen(type(error).__name__) from error
    watch = introducer.Watch(tell=tell, stop=stop)
    if kind == "recruit":
        return _recruits(introducer.recruit(found, watch=watch), found)
    if kind == "robustness":
        return _robustness(introducer.robustness(found, watch=watch))
    return _stability(introducer.stability(account))


def _recruits(found: Any, outcome: Outcome) -> Mapping[str, Any]:
    words = outcome.roster.vocabulary
    stages = {stage.id: stage.name for stage in words.stages}
    settings = {term.id: term.name for term in words.settings}
    profiles = [
        {
            "stage": stages.get(one.profile.stage, one.profile.stage),
            "setting": settings.get(one.profile.setting, one.profile.setting),
            "region": one.profile.region,
            "offers": [words.name(key) for key in one.profile.domains],
            "speaks": [words.name(key) for key in one.profile.experiences],
            "level": one.profile.level,
            "estimate": one.estimate,
            "most": one.most,
            "helped": one.helped,
            "stages": [[stages.get(name, name), n] for name, n in one.among.get("stage", {}).items()],
            "regions": [[name, n] for name, n in one.among.get("region", {}).items()],
            "check": None
            if one.check is None
            else {
                "increase": one.check.increase, "besides": one.check.besides, "seats": one.check.seats,
                "begun": one.check.begun, "ended": one.check.ended,
            },
        }
        for one in found.found
    ]  # fmt: skip
    return {"seats": found.seats, "tried": found.tried, "finished": found.finished, "profiles": profiles}


def _robustness(found: Any) -> Mapping[str, Any]:
    fragile = found.fragile
    return {
        "continuity": found.continuity,
        "finished": found.finished,
        "ties": len(found.ties),
        "stood": len(found.ties) - len(fragile),
        "kinds": [
            {"kind": kind.kind, "rounds": kind.rounds, "mean": kind.mean, "least": kind.least,
             "impossible": kind.impossible}
            for kind in found.kinds
        ],
        "fragile": [[tie.mentee, tie.mentor, tie.stayed, tie.rounds] for tie in fragile[:_LISTED]],
        "leavers": [[mentor, moved] for mentor, moved in found.leavers[:_LISTED] if moved],
    }  # fmt: skip


def _stability(found: Any) -> Mapping[str, Any]:
    """Return counts alone: who chose whom was said in confidence, and a pair that is named tells of both."""
    return {"mutual": found.mutual, "tied": found.tied, "apart": len(found.blocking)}
