"""Makes the database: its tables, the cache, the walls between societies; and a society. Safe to run again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email, validate_slug
from django.utils import timezone

from introducer_web.programs import services as programs
from introducer_web.tenants.models import Society, User

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Command"]

_SOCIETY = ("society", "slug", "coordinator")


class Command(BaseCommand):
    """``introducer-web init``."""

    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        """Take a society and who is to run it."""
        parser.add_argument("--society", help="name of a society to make, as people read it")
        parser.add_argument("--slug", help="the society's part of addresses: letters, digits and hyphens")
        parser.add_argument("--coordinator", metavar="EMAIL", help="who runs it; signs in by a code sent there")
        parser.add_argument(
            "--language", default=settings.LANGUAGE_CODE, choices=[code for code, _ in settings.LANGUAGES]
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing."""
        wrong = _faults(options)
        if wrong:
            raise CommandError("Nothing was made.\n" + "\n".join(f"- {line}" for line in wrong))
        settings.DATA.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        if options["society"]:
            self._found(options)
        if options["verbosity"]:
            self.stdout.write(f"Ready: {settings.DATA}")

    def _found(self, options: dict[str, Any]) -> None:
        if Society.objects.filter(slug=options["slug"]).exists():
            raise CommandError(f"There is a society at /s/{options['slug']}/ already; nothing was changed.")
        user = User.objects.with_email(options["coordinator"]).first()
        user = user or User.objects.create_user(options["coordinator"], language=options["language"])
        programs.create_society(
            slug=options["slug"], name=options["society"], by=user, now=timezone.now(), language=options["language"]
        )
        self.stdout.write(f"{user.email} coordinates {options['society']}: {settings.ORIGIN}/s/{options['slug']}/")


def _faults(options: dict[str, Any]) -> list[str]:
    """Return what is wrong with the options, all of it."""
    given = [name for name in _SOCIETY if options[name]]
    if not given:
        return []
    found = [f"--{name} is missing: a society needs --society, --slug and --coordinator." for name in _SOCIETY
             if name not in given]  # fmt: skip
    checks: list[tuple[str, Callable[[str], None], str]] = [
        ("slug", validate_slug, "may have letters, digits, hyphens and underscores only"),
        ("coordinator", validate_email, "is no e-mail address"),
    ]
    for name, check, words in checks:
        try:
            if options[name]:
                check(options[name])
        except ValidationError:
            found.append(f"--{name} {options[name]} {words}.")
    return found
