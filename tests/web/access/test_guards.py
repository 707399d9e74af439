"""The database itself refuses a row that points into another society, and a recorded act that is rewritten."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django_scopes import scopes_disabled

import cast
from introducer_web.audit import services as audit
from introducer_web.audit.models import Entry
from introducer_web.people.models import Need, Participant
from introducer_web.programs.models import Cohort, Program
from introducer_web.tenants import guards
from introducer_web.tenants.models import Owned

OWNED = [model for model in apps.get_models() if issubclass(model, Owned)]
POINTERS = [
    (model, field)
    for model in OWNED
    for field in model._meta.concrete_fields
    if field.is_relation and isinstance(field.related_model, type) and issubclass(field.related_model, Owned)
]


def refused(words):
    return pytest.raises(IntegrityError, match=words)


@pytest.mark.usefixtures("town")
def test_every_table_of_a_society_is_guarded():
    there = guards.installed(connection)
    assert there.keys() == guards.guards(connection).keys()
    for model in OWNED:
        table = model._meta.db_table
        assert f"guard_{table}_{'unchanged' if model is Entry else 'stays'}" in there
    for model, field in POINTERS:
        for event in ("new", "set"):
            assert f"guard_{model._meta.db_table}_{field.column}_{event}" in there


def test_what_is_guarded_is_what_has_a_society():
    apart = {model._meta.label for model in apps.get_models() if model.__module__.startswith("introducer_web.")}
    assert apart - {model._meta.label for model in OWNED} == {"tenants.Society", "tenants.User", "mail.Message"}


def test_what_points_nowhere_is_let_in(town):
    need = Need.objects.filter(participant=town.cleo_asks).first()
    assert need.topic is None
    Need.objects.filter(pk=need.pk).update(topic=None, domain=town.program.domains.last())
    Program.objects.filter(pk=town.program.pk).update(society=town.society, name="Renamed")
    assert Participant.objects.filter(pk=town.ben_mentors.pk).update(cohort=town.cohort, site=None) == 1


def test_an_act_is_recorded_for_good(town):
    entry = Entry.objects.filter(society=town.society).first()
    for change in ({"words": "Nothing."}, {"by": ""}, {"at": town.now}):
        with refused("for good"), transaction.atomic():
            Entry.objects.filter(pk=entry.pk).update(**change)
    with refused("for good"), transaction.atomic():
        entry.delete()
    assert audit.broken_at(town.society) is None


@pytest.mark.django_db(transaction=True)
def test_the_record_is_not_emptied():
    with scopes_disabled():
        cast.settle()
    statement = "DELETE FROM audit_entry" if connection.vendor == "sqlite" else "TRUNCATE audit_entry"
    with refused("for good"), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.usefixtures("town")
def test_migrating_again_keeps_the_guards_and_mends_them():
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else " ON people_need"
        cursor.execute(f"DROP TRIGGER guard_people_need_domain_id_set{on}")
    assert guards.installed(connection).keys() != guards.guards(connection).keys()
    call_command("migrate", verbosity=0, interactive=False)
    assert guards.installed(connection).keys() == guards.guards(connection).keys()


@pytest.mark.usefixtures("town")
def test_looking_at_a_plan_changes_nothing(capsys):
    before = guards.installed(connection)
    call_command("migrate", plan=True, verbosity=0)
    assert "Planned operations" in capsys.readouterr().out
    assert guards.installed(connection) == before


@pytest.mark.django_db(transaction=True)
def test_a_table_is_remade_under_guards_and_has_them_afterwards():
    """What a migration does to a column: SQLite makes the table anew, and would trip over the triggers of others."""
    call_command("migrate", "programs", "zero", verbosity=0, interactive=False)
    assert {table for table in guards.installed(connection).values() if table.startswith("programs_")} == set()
    assert "audit_entry" in guards.installed(connection).values()
    call_command("migrate", verbosity=0, interactive=False)
    assert guards.installed(connection).keys() == guards.guards(connection).keys()


def test_a_column_that_changes_under_guards(transactional_db):  # noqa: ARG001 - the database has to be there
    field = Cohort._meta.get_field("name")
    wider = field.clone()
    wider.max_length = 81
    wider.set_attributes_from_name("name")
    guards.lift(connection)
    with connection.schema_editor() as editor:
        editor.alter_field(Cohort, field, wider, strict=True)
    with connection.schema_editor() as editor:
        editor.alter_field(Cohort, wider, field, strict=True)
    guards.install(connection)
    assert guards.installed(connection).keys() == guards.guards(connection).keys()


def test_emptying_the_database_is_the_one_way_for_acts_to_go(transactional_db, town):  # noqa: ARG001 - as above
    assert Entry.objects.exists()
    call_command("flush", verbosity=0, interactive=False)
    assert not Entry.objects.exists()
    assert guards.installed(connection).keys() == guards.guards(connection).keys()
