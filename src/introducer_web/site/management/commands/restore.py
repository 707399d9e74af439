"""Puts a backup into an empty database, then checks that everything opens and every record of acts holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from introducer_web.site import backups
from introducer_web.tenants.models import Society, User

__all__ = ["Command"]


class Command(BaseCommand):
    """``introducer-web manage restore FILE``."""

    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path, help="what `backup` wrote")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, bring the tables up to this version, check."""
        try:
            backups.restore(options["file"])
        except backups.BackupFails as fault:
            raise CommandError(str(fault)) from fault
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        wrong = list(backups.faults_within())
        if wrong:
            raise CommandError("Restored, but not all of it holds.\n" + "\n".join(f"- {line}" for line in wrong))
        self.stdout.write(
            f"Restored: {Society.objects.count()} societies, {User.objects.count()} people. "
            "Everything sealed opens, every record of acts holds."
        )
