"""Who is asking: their language, and how long staff stay signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation

from introducer_web.accounts.access import RecentSignInNeeded, SecondFactorNeeded

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

__all__ = ["PersonMiddleware"]

#: Seconds after which it is written down again that somebody is here: not with every page.
_SEEN = 60


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
        """Send staff to their second step, and whoever must show again who they are to where they can."""
        if isinstance(exception, SecondFactorNeeded):
            return redirect(f"{reverse('second_factor')}?{urlencode({'next': request.get_full_path()})}")
        if isinstance(exception, RecentSignInNeeded):
            return _show_again(request, exception.back)
        return None


def _show_again(request: HttpRequest, back: str) -> HttpResponse:
    """Ask for the second step of who has one; everybody else is offered a new code by e-mail.

    Nobody is signed out here: a link of another site leads here too, and a page that is looked at changes nothing.
    """
    methods = get_adapter().get_reauthentication_methods(request.user)
    by_code = "again_by_code" if request.user.is_authenticated else "account_login"
    where = methods[0]["url"] if methods else reverse(by_code)
    return redirect(f"{where}?{urlencode({'next': back})}")


def _is_over(request: HttpRequest) -> bool:
    """Tell whether a staff member's session is idle, or old."""
    session, now = request.session, request.now.timestamp()
    if not session.get("staff"):
        return False
    idle: bool = now - session.get("seen", now) > settings.STAFF_IDLE_SECONDS
    old: bool = now - session.get("since", now) > settings.STAFF_SESSION_SECONDS
    if now - session.get("seen", 0) > _SEEN:
        session["seen"] = now
    return idle or old
