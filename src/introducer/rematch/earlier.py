"""What an outcome's folder says of its teams, and of how it was proved."""

from __future__ import annotations

import csv
import json
from math import inf
from typing import TYPE_CHECKING

from introducer.errors import Fault, Refused, RosterError
from introducer.io import documents, read
from introducer.rematch.known import Proof

if TYPE_CHECKING:
    from pathlib import Path

    from introducer.io import Reading

__all__ = ["proof_of"]


def proof_of(previous: Path, since: Path | None = None) -> Proof:
    """Read an earlier outcome, to match again from it.

    Parameters
    ----------
    previous : Path
        Folder of the outcome, or of its ``outcome.json`` alone.
    since : Path, optional
        Folder of the input that it came from: then only who has changed since is looked at again.

    Raises
    ------
    RosterError
        If one of them cannot be read, the outcome came from another input, or it was edited.
    """
    place = f"--previous {previous}"
    try:
        stored = documents.read_outcome(previous)
    except Refused as error:
        raise RosterError([Fault(place, reason=finding) for finding in error.findings]) from error
    wrong = []
    if any(not 0 <= price < inf for prices in stored.prices.values() for price in prices.values()):
        wrong.append(Fault(place, reason="a price in outcome.json is negative or no number"))
    reading: Reading | None = None
    if since is not None:
        reading = read(since)
        if documents.inputs_sha256(reading.sources) != stored.inputs:
            wrong.append(Fault(f"--since {since}", reason=f"the outcome in {previous} came from another input"))
        if documents.unsealed((previous / "outcome.json").read_text(encoding="utf-8")):
            wrong.append(Fault(place, reason="outcome.json was edited: its digest does not fit"))
    if wrong:
        raise RosterError(wrong)
    return Proof(
        stored.teams,
        stored.prices,
        stored.regrets,
        roster=None if reading is None else reading.roster,
        policy=None if reading is None else reading.policy,
        bonus=frozenset(mentee for mentee, _mentor in stored.previous),
        shares={} if reading is None else _shares(previous),
        alone={} if reading is None else _alone(previous),
    )


def _shares(previous: Path) -> dict[str, float]:
    """Return what share of its best team each team is worth, of an outcome that was read already."""
    found: dict[str, float] = json.loads((previous / "outcome.json").read_text(encoding="utf-8"))["fairness"]["shares"]
    return found


def _alone(previous: Path) -> dict[str, float]:
    """Return what each best team is worth; nothing where the file beside the outcome is missing or no such table."""
    try:
        with (previous / "mentees.csv").open(newline="", encoding="utf-8") as file:
            return {row["mentee"]: float(row["alone"]) for row in csv.DictReader(file)}
    except (OSError, KeyError, TypeError, ValueError, csv.Error):
        return {}
