"""Gives somebody a new address, or lets them set up a new second step, once you know that it is them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from introducer_web.accounts import services
from introducer_web.lib.errors import DomainError
from introducer_web.tenants.models import User

__all__ = ["Command"]


class Command(BaseCommand):
    """``introducer-web manage way_back``."""

    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        """Take who, and what they lost."""
        parser.add_argument("email", help="the address of the account")
        parser.add_argument("--address", metavar="EMAIL", help="the new address, where the old one is lost")
        parser.add_argument("--second-step", action="store_true", help="remove passkeys and apps that are lost")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check everything, then do it."""
        user = User.objects.with_email(options["email"]).first()
        wrong = [] if user else [f"Nobody here has the address {options['email']}."]
        if not options["address"] and not options["second_step"]:
            wrong.append("Say what was lost: --address EMAIL, --second-step, or both.")
        if options["address"]:
            try:
                validate_email(options["address"])
            except ValidationError:
                wrong.append(f"--address {options['address']} is no e-mail address.")
        if wrong or user is None:
            raise CommandError("Nothing was changed.\n" + "\n".join(f"- {line}" for line in wrong))
        now = timezone.now()
        try:
            if options["address"]:
                services.change_address(user=user, email=options["address"], now=now)
                self.stdout.write(f"{options['email']} signs in with {user.email} from now on.")
        except DomainError as error:
            raise CommandError(f"Nothing was changed.\n- {error}") from error
        if options["second_step"]:
            services.forget_second_step(user=user, now=now)
            self.stdout.write(f"{user.email} sets up a new second step.")
