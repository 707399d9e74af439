"""What an outcome's folder says of how it was proved."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from introducer.errors import Fault, RosterError
from introducer.io import documents, read
from introducer.rematch.known import Proof

if TYPE_CHECKING:
    from pathlib import Path

    from introducer.io.documents import Stored

__all__ = ["proof_of"]


def proof_of(previous: Path, stored: Stored, since: Path | None) -> Proof:
    """Return what proved an earlier outcome.

    Parameters
    ----------
    previous : Path
        Folder of the outcome.
    stored : Stored
        What was read of it.
    since : Path or None
        Folder of the input that it came from.

    Raises
    ------
    RosterError
        If that input cannot be read, the outcome did not come from it, or the outcome was edited.
    """
    wrong = []
    if any(not 0 <= price < inf for prices in stored.prices.values() for price in prices.values()):
        wrong.append(Fault(f"--previous {previous}", reason="a price in outcome.json is negative or no number"))
    if since is None:
        if wrong:
            raise RosterError(wrong)
        return Proof(stored.prices)
    reading = read(since)
    if documents.inputs_sha256(reading.sources) != stored.inputs:
        wrong.append(Fault(f"--since {since}", reason=f"{previous} did not come from this input"))
    if documents.unsealed((previous / "outcome.json").read_text(encoding="utf-8")):
        wrong.append(Fault(f"--previous {previous}", reason="outcome.json was edited: its digest does not fit"))
    if wrong:
        raise RosterError(wrong)
    bonus = frozenset(mentee for mentee, _mentor in stored.previous)
    return Proof(stored.prices, stored.regrets, reading.roster, reading.policy, bonus)
