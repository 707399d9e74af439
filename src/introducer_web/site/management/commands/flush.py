"""``flush``, which empties the whole database: the one act for which the record of acts may go."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import flush
from django.db import connections

from introducer_web.tenants import guards

__all__ = ["Command"]


class Command(flush.Command):
    """``introducer-web manage flush``. It asks before, as Django's does."""

    def handle(self, **options: Any) -> None:
        """Let rows go, empty the tables, put the guards back."""
        connection = connections[options["database"]]
        guards.lift(connection, every=False)
        try:
            super().handle(**options)
        finally:
            guards.install(connection)
