"""One file that holds the database as it was at one moment, and the way back from it.

The keys are not in it: sealed fields stay sealed. Keep ``secrets.env`` in another place.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection, connections
from django_scopes import scopes_disabled

from introducer_web.audit.services import broken_at
from introducer_web.lib.crypto import Broken, sealed_of
from introducer_web.tenants.models import Society

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BackupFails", "back_up", "faults_within", "restore", "sealed_fields"]

_SQLITE = b"SQLite format 3\0"
_DUMP = b"PGDMP"


class BackupFails(Exception):
    """What stands in the way of a backup or of the way back, in words."""


def back_up(path: Path) -> int:
    """Write the database into one file that its owner alone may read, while the site goes on; returns its bytes.

    Raises
    ------
    BackupFails
        If the file is there already, or the program that writes it fails.
    """
    if path.exists():
        raise BackupFails(f"{path} is there already. Choose another name; nothing was written over.")
    part = path.with_name(path.name + ".part")
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            with closing(sqlite3.connect(part)) as copy:
                connection.connection.backup(copy)
        else:
            _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={part}")
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    return path.stat().st_size


def restore(path: Path) -> None:
    """Put a backup into an empty database, all of it or nothing.

    Raises
    ------
    BackupFails
        If there is no such file, it is a backup of another kind of database, or this database is not empty.
    """
    if not path.is_file():
        raise BackupFails(f"There is no file {path}.")
    with path.open("rb") as file:
        head = file.read(len(_SQLITE))
    is_sqlite = connection.vendor == "sqlite"
    if not head.startswith(_SQLITE if is_sqlite else _DUMP):
        raise BackupFails(f"{path} is no backup of {'SQLite' if is_sqlite else 'PostgreSQL'}: see DATABASE_URL.")
    if connection.introspection.table_names():
        raise BackupFails("The database has tables already. Restore into an empty one, so that nothing is lost.")
    if is_sqlite:
        _restore_sqlite(path)
    else:
        _run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(path),
             into="--dbname")  # fmt: skip


def _restore_sqlite(path: Path) -> None:
    target = Path(connection.settings_dict["NAME"])
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as held:
            ((found,), *_rest) = held.execute("PRAGMA integrity_check").fetchall()
    except sqlite3.DatabaseError as fault:
        found = str(fault)
    if found != "ok":
        raise BackupFails(f"{path} is damaged: {found}. Take an older one.")
    connections.close_all()
    part = target.with_name(target.name + ".part")
    shutil.copyfile(path, part)
    part.chmod(0o600)
    for rest in (f"{target}-wal", f"{target}-shm"):
        Path(rest).unlink(missing_ok=True)
    part.replace(target)


def _run(program: str, *arguments: str, into: str = "") -> None:
    """Run a program of PostgreSQL on this database; the password goes by the environment, never by the command."""
    given = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    env = os.environ | {name: str(given[key]) for name, key in names.items() if given[key]}
    where = shutil.which(program)
    if where is None:
        raise BackupFails(f"{program} is not installed here: it comes with PostgreSQL's own tools.")
    target = [f"{into}={given['NAME']}"] if into else []
    command = [where, *target, *arguments]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - nobody's input
    if done.returncode:
        raise BackupFails(f"{program} failed: {done.stderr.strip()}")


def sealed_fields() -> list[tuple[type[Any], str, str]]:
    """Return every sealed field: model, name of the value, name of the column."""
    return [(model, name, value.field) for model in apps.get_models() for name, value in sealed_of(model).items()]


def faults_within() -> Iterator[str]:
    """Open everything that is sealed and check every record of acts; yields what does not hold, in words."""
    with scopes_disabled():
        for model, name, _column in sealed_fields():
            closed = 0
            for row in model._default_manager.order_by("pk").iterator(chunk_size=200):
                try:
                    getattr(row, name)
                except Broken:
                    closed += 1
            if closed:
                yield f"{model._meta.label} {name}: {closed} rows do not open. Are INTRODUCER_KEYS those of the backup?"
        for society in Society.objects.order_by("slug"):
            number = broken_at(society)
            if number is not None:
                yield f"The record of acts of {society.slug} does not hold from entry {number} on."
