"""Why this tie, why not that one, what would have to change: for a coordinator and for a participant."""

from __future__ import annotations

from introducer.explain.coordinator import for_coordinator
from introducer.explain.participant import for_participant
from introducer.explain.reasons import Account, constellations

__all__ = ["Account", "constellations", "for_coordinator", "for_participant"]
