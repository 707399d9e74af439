"""Where staff show or set up their second step, and what only a recent sign-in opens."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET

from introducer_web.accounts.access import require_recent_sign_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

__all__ = ["recently", "second_factor", "sets_up"]


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


@require_GET
@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the second step that somebody has, or explain how to make one."""
    wanted = request.GET.get("next", "")
    onward = wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else reverse("home")
    methods = get_adapter().get_reauthentication_methods(request.user)
    if methods:
        return redirect(f"{methods[0]['url']}?{urlencode({'next': onward})}")
    return render(request, "account/second_factor.html", {"next": onward})
