"""Who is asking: their language, and how long staff stay signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation

from introducer_web.accounts.access import SecondFactorNeeded

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

__all__ = ["PersonMiddleware"]


class PersonMiddleware:
    """Stamp the time of the request, speak the person's language, end idle sessions of staff."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = timezone.now()
        if request.user.is_authenticated:
            if not request.user.is_active or _is_over(request):
                logout(request)
            else:
                translation.activate(request.user.language)
                request.LANGUAGE_CODE = request.user.language
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Send staff without a second step to where they show or set one up."""
        if isinstance(exception, SecondFactorNeeded):
            return redirect(f"{reverse('second_factor')}?{urlencode({'next': request.get_full_path()})}")
        return None


def _is_over(request: HttpRequest) -> bool:
    """Tell whether a staff member's session is idle, or old."""
    session, now = request.session, request.now.timestamp()
    if not session.get("staff"):
        return False
    idle: bool = now - session.get("seen", now) > settings.STAFF_IDLE_SECONDS
    old: bool = now - session.get("since", now) > settings.STAFF_SESSION_SECONDS
    session["seen"] = now
    return idle or old
