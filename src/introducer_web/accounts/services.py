"""The ways back for somebody who lost their address or their second step; whoever runs the site opens them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from introducer_web.audit import services as audit
from introducer_web.lib.codes import new_code
from introducer_web.lib.errors import DomainError
from introducer_web.mail import services as mail
from introducer_web.tenants.models import Society, User

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["AddressIsTaken", "change_address", "forget_second_step"]


class AddressIsTaken(DomainError):
    """Another account has the address."""


@transaction.atomic
def change_address(*, user: User, email: str, now: datetime) -> User:
    """Give an account another address; the person signs in with it, and the old address is told.

    Raises
    ------
    AddressIsTaken
    """
    email = email.strip().casefold()
    if User.objects.with_email(email).exclude(pk=user.pk).exists():
        raise AddressIsTaken(_("Another account has this address."))
    before, user.email = user.email, email
    EmailAddress.objects.filter(user=user).delete()
    _sign_out_everywhere(user)
    _tell(user, before, "address_changed", {"address": email}, now)
    _record(user, "accounts.change_address", "Whoever runs the site changed somebody's address.", now)
    return user


@transaction.atomic
def forget_second_step(*, user: User, now: datetime) -> User:
    """Remove passkeys, apps and recovery codes of somebody who lost them; the person is told."""
    Authenticator.objects.filter(user=user).delete()
    _sign_out_everywhere(user)
    _tell(user, user.email, "second_step_forgotten", {}, now)
    _record(user, "accounts.forget_second_step", "Whoever runs the site removed somebody's second step.", now)
    return user


def _sign_out_everywhere(user: User) -> None:
    """End all sessions: each is bound to the password, which nobody knows, and which is another one now."""
    user.set_unusable_password()
    user.save(update_fields=["email", "password"])


def _tell(user: User, to: str, kind: str, context: dict[str, str], now: datetime) -> None:
    mail.queue(
        to=to, kind=kind, key=f"account:{new_code()}", context={**context, "person": user}, language=user.language,
        now=now,
    )  # fmt: skip


def _record(user: User, act: str, words: str, now: datetime) -> None:
    with scopes_disabled():
        found = {*user.participants.values_list("society", flat=True), *user.staff.values_list("society", flat=True)}
        for society in Society.objects.filter(pk__in=found).order_by("pk"):
            audit.record(society=society, by=None, act=act, words=words, subject=user.code, now=now)
