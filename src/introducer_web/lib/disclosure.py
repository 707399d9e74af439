"""All thresholds of what may be told about groups, in one table."""

from __future__ import annotations

__all__ = ["CROWD", "at_least_a_crowd"]

#: People that a count of something private must have before it is shown (promises.md, section 4; DOH-style rule).
CROWD = 10


def at_least_a_crowd(count: int) -> int | None:
    """Return a count of people who said something private, or None where it is too small to show."""
    return count if count >= CROWD else None
