"""Whether the parts of the site work, for whoever watches it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Q
from django_scopes import scopes_disabled

from introducer_web.mail.models import Message

__all__ = ["beat", "migrated", "parts"]

_BEAT = "introducer.worker"
#: A worker says that it lives every second or so; after this it is taken for dead.
_ALIVE = timedelta(seconds=90)
#: A mail that is due is sent within seconds; after this, or a second failure, something is wrong.
_LATE = timedelta(minutes=15)
_FAILURES = 2


def beat(now: datetime) -> None:
    """Note that the worker lives."""
    cache.set(_BEAT, now.timestamp(), None)


def parts(now: datetime) -> dict[str, bool]:
    """Return of each part whether it works: database, migrations, worker, mail. Without a database nothing does."""
    try:
        last = cache.get(_BEAT)
        with scopes_disabled():
            late = Q(not_before__lt=now - _LATE) | Q(attempts__gte=_FAILURES)
            stuck = Message.objects.filter(late, state=Message.State.QUEUED).exists()
        return {
            "database": True,
            "migrations": migrated(),
            "worker": last is not None and now.timestamp() - last < _ALIVE.total_seconds(),
            "mail": not stuck,
        }
    except DatabaseError:
        return dict.fromkeys(("database", "migrations", "worker", "mail"), False)


def migrated() -> bool:
    """Tell whether the database is as new as the program."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
