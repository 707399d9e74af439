"""Why this tie, why not that one, what would have to change."""

from __future__ import annotations

from introducer.explain.reasons import Account, constellations

__all__ = ["Account", "constellations"]
