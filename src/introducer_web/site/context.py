"""What every page knows: where a person has a place, for the links at the top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from introducer_web.site.access import places_of

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["places"]


def places(request: HttpRequest) -> dict[str, Any]:
    """Return the society of the page, and the person's places in it."""
    society = getattr(request, "society", None)
    found = places_of(request.user, society) if society is not None else []
    return {
        "society": society,
        "places": [
            {"name": place.name, "url": place.url, "here": request.path.startswith(place.url)} for place in found
        ],
    }
