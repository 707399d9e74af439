"""Home, health."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

from introducer_web.site.access import places_of

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["healthz", "home"]


def home(request: HttpRequest) -> HttpResponse:
    """Show where the person has a place; for somebody unknown, how to sign in."""
    return render(request, "site/home.html", {"all_places": places_of(request.user)})


def healthz(request: HttpRequest) -> JsonResponse:
    """Tell a watcher whether the parts work: 200, or 503."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"database": True})
