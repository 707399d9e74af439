"""Writes the database into one file, while the site goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from introducer_web.site import backups

__all__ = ["Command"]


class Command(BaseCommand):
    """``introducer-web manage backup FILE``."""

    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path, help="a file that is not there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it, and say what is not in it."""
        try:
            size = backups.back_up(options["file"])
        except backups.BackupFails as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(
            f"{options['file']}: {size / 2**20:.1f} MiB. The keys are not in it: keep {settings.DATA / 'secrets.env'} "
            "in another place. Without it nothing private can be read again."
        )
