"""What a request must have shown before staff pages answer: a second factor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.authentication import get_authentication_records

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["SecondFactorNeeded", "require_second_factor"]


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
    request.session.setdefault("since", request.now.timestamp())
    request.session["staff"] = True
