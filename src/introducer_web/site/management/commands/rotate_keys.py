"""Seals everything anew with the first key of INTRODUCER_KEYS; can be stopped and run again."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand
from django.db import transaction
from django_scopes import scopes_disabled

from introducer_web.lib.crypto import current_key_id, key_id_of
from introducer_web.site.backups import sealed_fields

__all__ = ["Command"]

_BATCH = 100


class Command(BaseCommand):
    """``introducer-web manage rotate_keys``."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal anew what another key sealed, batch by batch; what is done stays done."""
        first = current_key_id()
        with scopes_disabled():
            for model, name, column in sealed_fields():
                done = rotate(model, name, column, first)
                self.stdout.write(f"{model._meta.label} {name}: {done} sealed anew")
            done = 0
            for row in Authenticator.objects.all():
                secrets = {key: value for key, value in row.data.items() if key in ("secret", "seed")}
                done += bool(secrets)
                self._again(row, secrets)
            self.stdout.write(f"second steps: {done} looked at")

    def _again(self, row: Authenticator, secrets: dict[str, str]) -> None:
        from introducer_web.accounts.adapter import MfaAdapter  # noqa: PLC0415 - the library is set up by now

        adapter = MfaAdapter()
        row.data |= {key: adapter.encrypt(adapter.decrypt(value)) for key, value in secrets.items()}
        row.save(update_fields=["data"])


def rotate(model: type[Any], name: str, column: str, first: str) -> int:
    """Seal one field anew wherever another key sealed it; returns in how many rows."""
    done, after = 0, 0
    while True:
        with transaction.atomic():
            rows = list(model._default_manager.select_for_update().filter(pk__gt=after).order_by("pk")[:_BATCH])
            for row in rows:
                held = getattr(row, column)
                if held and key_id_of(held) != first:
                    setattr(row, name, getattr(row, name))
                    row.save(update_fields=[column])
                    done += 1
        if not rows:
            return done
        after = rows[-1].pk
