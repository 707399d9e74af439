"""What every page knows: where a person has a place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["places"]


def places(request: HttpRequest) -> dict[str, Any]:
    """Return the society of the page."""
    return {"society": getattr(request, "society", None)}
