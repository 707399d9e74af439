"""Makes the database: its tables, the cache, the walls between societies. Safe to run again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

__all__ = ["Command"]


class Command(BaseCommand):
    """``introducer-web init``."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing."""
        settings.DATA.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        if options["verbosity"]:
            self.stdout.write(f"Ready: {settings.DATA}")
