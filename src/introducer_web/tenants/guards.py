"""What the database itself refuses, whoever asks: a row that points into another society, and an act rewritten.

The guards are triggers, computed from the models: for each table with a society, every foreign key
to a table with a society must lead to a row of the same one, and a row never changes its society.
Tables of models that say ``append_only`` take new rows and nothing else. Composite foreign keys
would say the first of these too; Django cannot declare them, and SQLite cannot add one to a table.

``manage migrate`` installs them after each change of the tables: SQLite drops the triggers of a
table that it remakes, and does not rename a table that a trigger of another one names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import transaction

from introducer_web.tenants.models import Owned

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["guards", "install", "installed", "lift"]

#: What the names of all our triggers begin with.
_PREFIX = "guard_"
_FOREIGN = "points into another society"
_MOVED = "a row never changes its society"
_WRITTEN = "acts are recorded for good"

_SQLITE = """CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {condition}
BEGIN SELECT RAISE(ABORT, '{words}'); END"""
#: PostgreSQL keeps what a trigger does in a function beside it.
_POSTGRES = (
    """CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation'; END $guard$""",
    "CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {name}()",
)
#: PostgreSQL looks at no other table in a trigger's WHEN: where one must be read, the function asks.
_POSTGRES_READING = (
    """CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN IF {condition} THEN
RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $guard$""",
    "CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
)
_POINTS_AWAY = """NEW.{column} IS NOT NULL AND NOT EXISTS (
SELECT 1 FROM {there} AS target WHERE target.id = NEW.{column} AND target.society_id = NEW.society_id)"""
_POSTGRES_EMPTYING = (
    _POSTGRES[0],
    "CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
)


def guards(connection: Any) -> dict[str, tuple[str, ...]]:
    """Return the guards of all tables that are there, as statements by name of the trigger."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        found: dict[str, tuple[str, ...]] = {}
        for model in apps.get_models():
            if issubclass(model, Owned) and model._meta.db_table in tables:
                described = connection.introspection.get_table_description(cursor, model._meta.db_table)
                columns = {column.name for column in described}
                found |= dict(_of(model, connection, columns, tables))
    return found


def _of(model: Any, connection: Any, columns: set[str], tables: set[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    table, quote = model._meta.db_table, connection.ops.quote_name
    templates = (_SQLITE,) if connection.vendor == "sqlite" else _POSTGRES
    reading = (_SQLITE,) if connection.vendor == "sqlite" else _POSTGRES_READING

    def made(name: str, event: str, condition: str, words: str, given: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        name = f"{_PREFIX}{table}_{name}"
        parts = {"name": name, "event": event, "table": quote(table), "condition": condition, "words": words}
        return name, tuple(template.format(**parts) for template in given)

    if getattr(model, "append_only", False):
        yield made("kept", "DELETE", "1 = 1", _WRITTEN, templates)
        yield made("unchanged", "UPDATE", "1 = 1", _WRITTEN, templates)
        if connection.vendor != "sqlite":
            yield made("whole", "TRUNCATE", "", _WRITTEN, _POSTGRES_EMPTYING)
    elif "society_id" in columns:
        yield made("stays", "UPDATE OF society_id", "OLD.society_id <> NEW.society_id", _MOVED, templates)
    for field in model._meta.concrete_fields:
        target = field.related_model
        if not (field.is_relation and isinstance(target, type) and issubclass(target, Owned)):
            continue
        if field.column not in columns or target._meta.db_table not in tables:
            continue  # a database on its way, by an older migration
        column, there = quote(field.column), quote(target._meta.db_table)
        # A row that is not there yet is refused as well, so that none can follow from another society.
        condition = _POINTS_AWAY.format(column=column, there=there)
        words = f"{table}.{field.column} {_FOREIGN}"
        yield made(f"{field.column}_new", "INSERT", condition, words, reading)
        yield made(f"{field.column}_set", f"UPDATE OF {column}", condition, words, reading)


def installed(connection: Any) -> dict[str, str]:
    """Return the guards that the database has: tables by name of the trigger."""
    if connection.vendor == "sqlite":
        query = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = (
            "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
        )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name: table for name, table in cursor.fetchall() if name.startswith(_PREFIX)}


def lift(connection: Any, *, every: bool = True) -> None:
    """Take the guards away: all of them, or those alone that keep rows from going."""
    quote = connection.ops.quote_name
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for name, table in installed(connection).items():
            if every or name.endswith(("_kept", "_whole")):
                on = "" if connection.vendor == "sqlite" else f" ON {quote(table)}"
                cursor.execute(f"DROP TRIGGER {quote(name)}{on}")
                if connection.vendor != "sqlite":
                    cursor.execute(f"DROP FUNCTION IF EXISTS {quote(name)}()")


def install(connection: Any) -> None:
    """Put every guard in its place, anew where there was one."""
    with transaction.atomic(using=connection.alias):
        lift(connection)
        with connection.cursor() as cursor:
            for statements in guards(connection).values():
                for statement in statements:
                    cursor.execute(statement)
