"""Serves the site with gunicorn."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from introducer_web.site import health

__all__ = ["Command"]

#: Letters that a secret has at least.
_SECRET = 40


class Command(BaseCommand):
    """``introducer-web serve``."""

    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        """Take the address and the number of processes and threads."""
        parser.add_argument("--bind", default="127.0.0.1:8000", help="address:port, or unix:path")
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--threads", type=int, default=4)

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse what is not safe to serve, then serve."""
        wrong = faults()
        if wrong:
            raise CommandError("The site is not served.\n" + "\n".join(f"- {line}" for line in wrong))
        from gunicorn.app.wsgiapp import run  # noqa: PLC0415 - gunicorn reads the command line when it is loaded

        sys.argv = [
            "gunicorn", "introducer_web.config.wsgi:application", "--bind", options["bind"],
            "--workers", str(options["workers"]), "--threads", str(options["threads"]),
            "--access-logfile", "-", "--access-logformat", "%(t)s %(m)s %(s)s %(b)s %(M)sms",
        ]  # fmt: skip
        run()


def faults() -> list[str]:
    """Return what stands against serving, all of it, in words."""
    found = []
    host = settings.ORIGIN.partition("://")[2].partition(":")[0]
    if not settings.SECURE and host not in ("localhost", "127.0.0.1"):
        found.append(f"INTRODUCER_ORIGIN is {settings.ORIGIN}: people sign in, so it has to begin with https://.")
    if len(settings.SECRET_KEY) < _SECRET:
        found.append(f"INTRODUCER_SECRET_KEY has fewer than {_SECRET} letters.")
    if settings.DEMO and host not in ("localhost", "127.0.0.1"):
        found.append("INTRODUCER_DEMO is on: its links sign anybody in.")
    if not health.migrated():
        found.append("The database is older than the program: run introducer-web init.")
    return found
