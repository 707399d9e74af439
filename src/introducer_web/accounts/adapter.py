"""Where the library that signs people in meets Introducer: its mails, its codes, its second factors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from introducer_web.lib.codes import new_code
from introducer_web.lib.crypto import open_sealed, seal
from introducer_web.mail import services as mail
from introducer_web.tenants.models import User

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.http import HttpRequest

__all__ = ["AccountAdapter", "MfaAdapter"]

_BOUND = "|mfa.authenticator|secret|"


class AccountAdapter(DefaultAccountAdapter):
    """Mails go through the outbox; nobody signs up without an invitation or a program's page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: people come in by invitation or through a program's page."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue a mail; ``account/email/login_code`` becomes the kind ``login_code``."""
        person = User.objects.with_email(email).first()
        if person is not None:
            # The library notes that an address is proved in a row of its own, which it does not make by itself.
            EmailAddress.objects.get_or_create(user=person, email=person.email, defaults={"primary": True})
        mail.queue(
            to=email,
            kind=template_prefix.rpartition("/")[2],
            key=f"account:{new_code()}",
            context={**context, "person": person, "minutes": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60},
            language=person.language if person else translation.get_language() or settings.LANGUAGE_CODE,
            now=timezone.now(),
        )


class MfaAdapter(DefaultMFAAdapter):
    """Secrets of second factors are sealed like everything else that is secret; refusals are in our words."""

    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("This second step cannot be removed."),
        "cannot_generate_recovery_codes": _("Recovery codes stand in for a second step. Set one up first."),
        "unverified_email": _("First prove your address: open “Change the address” and let a code be sent."),
    }

    def build_totp_svg(self, url: str) -> str:
        """Draw the picture for an app's camera on white: the library's has no ground, and is lost on a dark page."""
        head, path, rest = super().build_totp_svg(url).partition("<path")
        return f'{head}<rect width="100%" height="100%" fill="white"/>{path}{rest}'

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002 - as there
        """Suggest a name for a new passkey."""
        n = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("My passkey {number}").format(number=n + 1) if n else gettext("My passkey")

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return seal(text.encode(), _BOUND).hex()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret."""
        return open_sealed(bytes.fromhex(encrypted_text), _BOUND).decode()
