"""What somebody sees where there is no page: what it means, and where to go on.

The pages are drawn without the request: they ask no database, which may be what broke, and are the
same for what there is not and for what is not theirs, so that nobody learns from one whether
something is there. Two of them look whether somebody is signed in: who is not may only have to
sign in, as after a link in an old mail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db import DatabaseError
from django.http import HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

__all__ = ["WrongWayMiddleware", "bad_request", "csrf_failure", "not_allowed", "not_found", "server_error",
           "too_many"]  # fmt: skip


def _page(status: int, title: str, text: str, sign_in: str = "") -> HttpResponse:
    shown = {"title": title, "text": text, "sign_in": sign_in}
    return HttpResponse(render_to_string("site/problem.html", shown), status=status)


def _sign_in(request: HttpRequest) -> str:
    """Return where somebody who is not signed in does so and comes back from; nothing for everybody else."""
    user = getattr(request, "user", None)  # there is none where a request fell before anybody asked who it is
    try:
        if user is None or user.is_authenticated:
            return ""
    except DatabaseError:
        return ""
    match = request.resolver_match
    # What a button sent cannot be come back to, and a link that is a key opens nothing more for who signed in.
    if request.method not in ("GET", "HEAD") or (match is not None and "token" in match.kwargs):
        return reverse("account_login")
    # Slashes stay as they are: a line of the log leaves out what follows "/a/" and its like.
    return f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()}, safe='/')}"


def bad_request(_request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400: what came is not what a form or a link of ours sends."""
    text = _("What your browser sent cannot be read, or is too large. Go back, and try it once more.")
    return _page(400, _("This did not arrive as it should"), text)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403."""
    sign_in = _sign_in(request)
    text = _("If you think it should be, ask the coordinator.")
    if sign_in:
        text = _("It may be for somebody who is signed in. Sign in, and you come back to it.")
    return _page(403, _("This page is not for you"), text, sign_in)


def csrf_failure(_request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form that another site may have sent, or that waited since before a sign-in."""
    text = _("The form waited too long, or you signed in or out in another window. Nothing was saved. Go back, load "
             "the page again, and send it once more. Your browser has to take cookies from this site.")  # fmt: skip
    return _page(403, _("Please send this once more"), text)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404, alike for what there is not and for what is not theirs."""
    sign_in = _sign_in(request)
    text = _("There is no such page, or it is not for the address that you are signed in with. If you came from an "
             "e-mail, the link may have broken over two lines: copy it whole.")  # fmt: skip
    if sign_in:
        text = _("There is no such page, or it is for somebody who is signed in. Try to sign in first. If you came "
                 "from an e-mail, the link may have broken over two lines: copy it whole.")  # fmt: skip
    return _page(404, _("Nothing to see here"), text, sign_in)


def too_many(_request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 429 to who tries too often."""
    return _page(429, _("That was too often"), _("Wait some minutes, and try again."))


def server_error(_request: HttpRequest) -> HttpResponse:
    """Answer 500: our fault."""
    text = _("Something broke on our side. What you sent was not saved. Try again in a few minutes; if it breaks "
             "once more, tell the coordinator at what time it was.")  # fmt: skip
    return _page(500, _("This is our fault"), text)


class WrongWayMiddleware:
    """Say in words that an address takes only what a button sends, where a browser would show an empty page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if isinstance(answer, HttpResponseNotAllowed) and not answer.content:
            text = _("This address only takes what a button of another page sends. Go to the page, and press it there.")
            answer.content = _page(405, _("This address is for a button"), text).content
            answer.headers["Content-Type"] = "text/html; charset=utf-8"
        return answer
