"""What a request must have shown before a page answers: a second factor, or that the sign-in is recent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["RecentSignInNeeded", "SecondFactorNeeded", "require_recent_sign_in", "require_second_factor"]


class SecondFactorNeeded(Exception):
    """Staff pages ask for a second step; the middleware sends the person there."""


def require_second_factor(request: HttpRequest) -> None:
    """Let pass who signed in with a second factor, a passkey or an app's code.

    Raises
    ------
    SecondFactorNeeded
        Otherwise.
    """
    records = get_authentication_records(request, request.user)
    if not any(record["method"] == "mfa" for record in records):
        raise SecondFactorNeeded
    if not request.session.get("staff"):  # a session that is set is written
        request.session.setdefault("since", request.now.timestamp())
        request.session["staff"] = True


class RecentSignInNeeded(Exception):
    """The page is for who has just shown who they are; the middleware lets the person show it again."""

    def __init__(self, back: str) -> None:
        super().__init__(back)
        self.back = back


def require_recent_sign_in(request: HttpRequest, back: str) -> None:
    """Let pass who signed in, or showed again who they are, within the last minutes.

    Of people with a second step, the second step counts; the library asks nothing of all others.
    A session lives for two weeks, and an unlocked computer is no reason to hand out what
    somebody said in confidence.

    Parameters
    ----------
    back : str
        Where the person goes on afterwards: a page that answers a GET.

    Raises
    ------
    RecentSignInNeeded
        Otherwise, for nobody too.
    """
    records = get_authentication_records(request, request.user)
    has_second_step = bool(get_adapter().get_reauthentication_methods(request.user))
    shown = [record["at"] for record in records if record["method"] == "mfa" or not has_second_step]
    if not shown or request.now.timestamp() - max(shown) > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
        raise RecentSignInNeeded(back)
