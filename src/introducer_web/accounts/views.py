"""Signing in, the second step of staff, and what only a recent sign-in opens."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import RequestLoginCodeView
from allauth.mfa.models import Authenticator
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods

from introducer_web.accounts.access import require_recent_sign_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

__all__ = ["SignInView", "again_by_code", "recently", "second_factor", "sets_up"]

#: Where a session keeps the address of who was signed out a moment ago, for the form to have it.
_ADDRESS = "address"


class SignInView(RequestLoginCodeView):
    """The library's page, with the address of who is to show once more that it is them."""

    def get_initial(self) -> dict[str, Any]:
        """Fill in the address, once."""
        return {"email": self.request.session.pop(_ADDRESS, "")}


def recently(
    view: Callable[..., HttpResponse], methods: tuple[str, ...] = ("GET", "POST")
) -> Callable[..., HttpResponse]:
    """Let only those on to a page of the library who have just shown who they are."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _ask(request, methods)
        return view(request, *args, **kwargs)

    return asked


def sets_up(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a second step that somebody has just set up count as taken: they showed it a moment ago.

    Without this an app's code would be asked for twice, and the second time be refused as used.
    """

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        before = _second_steps(request)
        answer = view(request, *args, **kwargs)
        if _second_steps(request) > before:
            record_authentication(request, request.user, "mfa", reauthenticated=True)
        return answer

    return recently(shown)


def _second_steps(request: HttpRequest) -> int:
    """Return how many second steps the person has; recovery codes are none."""
    own = Authenticator.objects.filter(user_id=request.user.pk)
    return own.exclude(type=Authenticator.Type.RECOVERY_CODES).count()


def _ask(request: HttpRequest, methods: tuple[str, ...]) -> None:
    if request.method in methods:
        require_recent_sign_in(request, reverse("mfa_index"))


def _onward(request: HttpRequest) -> str:
    """Return the page of ours that somebody was on the way to, or home."""
    wanted = request.POST.get("next", "") or request.GET.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else reverse("home")


def _to_second_step(request: HttpRequest, onward: str) -> HttpResponse | None:
    """Lead to the second step that somebody has, if they have one."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    return redirect(f"{methods[0]['url']}?{urlencode({'next': onward})}") if methods else None


@require_GET
@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the second step that somebody has, or explain how to make one."""
    onward = _onward(request)
    shown = _to_second_step(request, onward)
    return shown or render(request, "account/second_factor.html", {"next": onward})


@require_http_methods(["GET", "POST"])
@login_required
def again_by_code(request: HttpRequest) -> HttpResponse:
    """Let who has no second step show by a new code that it is them: say so first, sign out when they agree."""
    onward = _onward(request)
    shown = _to_second_step(request, onward)
    if shown is not None or request.method == "GET":
        return shown or render(request, "account/again_by_code.html", {"next": onward})
    address = request.user.email
    logout(request)
    request.session[_ADDRESS] = address
    return redirect(f"{reverse('account_login')}?{urlencode({'next': onward})}")
