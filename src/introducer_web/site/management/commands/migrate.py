"""``migrate``, with the guards of the database in their places afterwards, even when it fails half-way."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from introducer_web.tenants import guards

__all__ = ["Command"]


class Command(migrate.Command):
    """``introducer-web manage migrate``. No table is renamed on SQLite while a trigger of another one names it."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Lift the guards, migrate, install them."""
        looking = options["check_unapplied"] or options["plan"]
        if looking:
            super().handle(*args, **options)
            return
        connection = connections[options["database"]]
        guards.lift(connection)
        try:
            super().handle(*args, **options)
        finally:
            guards.install(connection)
