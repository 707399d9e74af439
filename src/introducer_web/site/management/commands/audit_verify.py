"""Checks the chained record of every society; ends with 1 where it does not hold."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django_scopes import scopes_disabled

from introducer_web.audit.services import broken_at
from introducer_web.tenants.models import Society

__all__ = ["Command"]


class Command(BaseCommand):
    """``introducer-web manage audit_verify``."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, and say of each society."""
        broken = False
        with scopes_disabled():
            for society in Society.objects.order_by("slug"):
                number = broken_at(society)
                broken = broken or number is not None
                self.stdout.write(f"{society.slug}: {'holds' if number is None else f'broken at entry {number}'}")
        if broken:
            sys.exit(1)
