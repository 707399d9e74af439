"""What happens to a relationship, for the apps that stand above it: each takes along what it keeps of the two.

Each app says so when the platform starts (``apps.py``), as it opens its doors. All of it is one transaction: what one
app cannot do, none does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["goes_on", "resumes", "went_on", "were_resumed"]

_goes_on: list[Callable[..., None]] = []
_resumes: list[Callable[..., None]] = []


def goes_on(take_along: Callable[..., None]) -> None:
    """Take along what two people have when they go on in a later cohort: ``take_along(old=..., new=..., now=...)``.

    Both are relationships of the same two; mentee and mentor of the new one are their later places.
    """
    _goes_on.append(take_along)


def resumes(bring_back: Callable[..., None]) -> None:
    """Bring back what an ending took, when it is taken back: ``bring_back(relationship=, ended_at=, now=)``."""
    _resumes.append(bring_back)


def went_on(**given: Any) -> None:
    """Let each app take along what it keeps of two who go on."""
    for take_along in _goes_on:
        take_along(**given)


def were_resumed(**given: Any) -> None:
    """Let each app bring back what an ending took."""
    for bring_back in _resumes:
        bring_back(**given)
