"""What breaks off leaves nothing, and what two do at once happens once."""

import datetime as dt
import logging

import pytest
from django.db import connection
from django.urls import reverse
from sheet_tools import MAPPING, PEOPLE, as_csv, checked

from introducer_web.lib.leases import LEASE
from introducer_web.mail.models import Message
from introducer_web.people.imports import services, work
from introducer_web.people.models import Need, Participant, SheetImport
from introducer_web.tenants.models import User

LATER = LEASE + dt.timedelta(seconds=1)


class Killed(BaseException):
    """As if the process had ended here."""


def breaks_at(statement, error):
    """Return a wrapper of the database that breaks before a statement is executed."""

    def execute(go_on, sql, params, many, context):
        if statement in sql:
            raise error
        return go_on(sql, params, many, context)

    return connection.execute_wrapper(execute)


def confirmed(town, now, **stated):
    held = checked(town, now, as_csv(PEOPLE), mapping=MAPPING)
    return services.confirm(sheet_import=held, by=town.ada, now=now, **stated)


def written():
    return Participant.objects.filter(user__email__in=[row[0] for row in PEOPLE]).count()


@pytest.mark.parametrize(
    "statement",
    ['INSERT INTO "tenants_user"', 'INSERT INTO "people_participant"', 'INSERT INTO "people_need"',
     'INSERT INTO "audit_entry"', 'UPDATE "people_sheetimport"'],
)  # fmt: skip
def test_a_worker_that_dies_in_the_middle_leaves_nothing_and_the_next_one_finishes(town, now, statement):
    held = confirmed(town, now)
    before = User.objects.count(), Need.objects.count()
    with pytest.raises(Killed), breaks_at(statement, Killed()):
        services.perform_due(now)
    assert written() == 0
    assert (User.objects.count(), Need.objects.count()) == before
    held.refresh_from_db()
    assert held.state == "applying"
    assert services.perform_due(now + LATER)
    held.refresh_from_db()
    assert (held.state, written()) == ("done", 3)


def test_a_worker_that_dies_between_writing_and_inviting_writes_once_and_invites_once(town, now):
    held = confirmed(town, now, invite=True)
    with pytest.raises(Killed), breaks_at('INSERT INTO "mail_message"', Killed()):
        services.perform_due(now)
    assert (written(), Message.objects.filter(kind="imported").count()) == (3, 0)
    assert services.perform_due(now + LATER)
    held.refresh_from_db()
    assert (held.state, written(), Message.objects.filter(kind="imported").count()) == ("done", 3, 3)


def test_an_error_is_told_without_what_stood_in_a_cell_and_nothing_is_written(town, now, sign_in, caplog):
    held = confirmed(town, now)
    with breaks_at('INSERT INTO "people_need"', RuntimeError("nia@example.org is in the way")):
        caplog.set_level(logging.ERROR)
        assert services.perform_due(now)
    held.refresh_from_db()
    assert (held.state, written()) == ("failed", 0)
    assert "RuntimeError at" in caplog.text
    assert "nia@" not in caplog.text
    address = reverse("import_show", args=["ir", town.cohort.code, held.code])
    assert "nothing was written" in sign_in(town.ada).get(address).content.decode()
    services.choose_mapping(sheet_import=held, mapping=MAPPING, values={}, by=town.ada, now=now)
    services.perform_now(held, now)
    held.refresh_from_db()
    assert held.state == "checked"


def test_of_two_coordinators_who_confirm_one_wins_and_the_other_is_told(town, now):
    held = checked(town, now, as_csv(PEOPLE), mapping=MAPPING)
    mine, theirs = (SheetImport.objects.get(pk=held.pk) for _ in range(2))
    services.confirm(sheet_import=mine, by=town.ada, now=now)
    with pytest.raises(services.SomebodyWentOn, match="Somebody went on"):
        services.confirm(sheet_import=theirs, by=town.ada, now=now, agreed=True)
    assert SheetImport.objects.get(pk=held.pk).report["stated"]["agreed"] is False


def test_what_changed_since_the_dry_run_is_looked_at_again(town, now):
    rows = [["cleo@example.org", "pgy5"], ["nia@example.org", "pgy1"]]
    held = checked(town, now, as_csv(rows, ["email", "stage"]))
    services.confirm(sheet_import=held, by=town.ada, now=now)
    Participant.objects.filter(pk=town.cleo_asks.pk).update(stage="pgy4")
    assert services.perform_due(now)
    held.refresh_from_db()
    assert held.state == "checked"
    assert held.report["notices"][0].startswith("Something changed since the last check")
    assert held.report["changed"][0][3] == [["stage", "pgy4", "pgy5"]]
    assert not User.objects.filter(email="nia@example.org").exists()
    services.confirm(sheet_import=held, by=town.ada, now=now)
    assert services.perform_due(now + LATER)
    assert Participant.objects.get(pk=town.cleo_asks.pk).stage == "pgy5"


def test_a_worker_that_lost_its_lease_writes_nothing(town, now):
    held = confirmed(town, now)
    with pytest.raises(work.LostLease):
        services.apply(sheet_import=held, now=now, tell=lambda _done: False)
    SheetImport.objects.filter(pk=held.pk).update(turn=held.turn + 1)
    with pytest.raises(work.LostLease):
        services.apply(sheet_import=held, now=now, tell=lambda _done: True)
    assert written() == 0


def test_an_import_dropped_while_it_is_checked_stays_dropped(town, now):
    held = checked(town, now, as_csv(PEOPLE), mapping=MAPPING)
    services.choose_mapping(sheet_import=held, mapping=MAPPING, values={}, by=town.ada, now=now)
    worker = SheetImport.objects.get(pk=held.pk)
    services.drop(sheet_import=held, by=town.ada, now=now)
    with pytest.raises(work.LostLease):
        services.check(sheet_import=worker, now=now, tell=lambda _done: True)
    assert SheetImport.objects.get(pk=held.pk).state == "dropped"


def test_a_worker_whose_import_went_to_another_goes_on_without_a_word(town, now):
    held = confirmed(town, now)

    def stolen(go_on, sql, params, many, context):
        if 'INSERT INTO "people_participant"' in sql:
            SheetImport.objects.filter(pk=held.pk).update(turn=99)
        return go_on(sql, params, many, context)

    with connection.execute_wrapper(stolen):
        assert services.perform_due(now)
    assert written() == 0


def test_work_of_a_person_who_is_gone_is_done_all_the_same(town, now):
    held = confirmed(town, now)
    SheetImport.objects.filter(pk=held.pk).update(by=None)
    assert services.perform_due(now)
    assert written() == 3
