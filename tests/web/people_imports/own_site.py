"""A site of its own, on a file of SQLite unless DATABASE_URL names a server, for tests that end processes.

Run as a program: ``own_site.py settle ROWS | confirm | work | count``. One word of JSON goes to standard output.
"""

import csv
import datetime as dt
import io
import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "web_settings")

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after the setup
from django.utils import timezone  # noqa: E402 - after the setup
from django_scopes import scopes_disabled  # noqa: E402 - after the setup

import cast  # noqa: E402 - after the setup
from introducer_web.people.imports import services  # noqa: E402 - after the setup
from introducer_web.people.models import Need, Participant, SheetImport  # noqa: E402 - after the setup
from introducer_web.tenants.models import User  # noqa: E402 - after the setup


def settle(rows):
    """Build the town and check a sheet of so many people."""
    call_command("migrate", verbosity=0)
    town = cast.settle()
    out = io.StringIO()
    csv.writer(out).writerows(
        [["email", "stage", "need:contracts"], *([f"p{n}@example.org", "pgy3", 2] for n in range(int(rows)))]
    )
    held = services.upload(cohort=town.cohort, what="mentees", name="s", content=out.getvalue().encode(), by=town.ada,
                           now=cast.NOON)  # fmt: skip
    services.choose_mapping(sheet_import=held, mapping=held.mapping, values={}, by=town.ada, now=cast.NOON)
    services.perform_now(held, cast.NOON)
    held.refresh_from_db()
    return held.state


def confirm():
    """Confirm the sheet, when the parent says so; tell whether it was this one."""
    held = SheetImport.objects.get()
    sys.stdin.read(1)
    try:
        services.confirm(sheet_import=held, by=User.objects.get(email="ada@example.org"), now=cast.NOON, seen=held.turn)
    except services.SomebodyWentOn:
        return False
    return True


def work():
    """Do what is due, as a worker after the lease of the one before."""
    sys.stdout.write("working\n")
    sys.stdout.flush()
    return services.perform_due(timezone.now() + dt.timedelta(minutes=float(sys.argv[2])))


def count():
    """Count what is written."""
    held = SheetImport.objects.get()
    new = Participant.objects.filter(imported_as__gt="")
    return [held.state, new.count(), Need.objects.filter(participant__in=new).count(),
            User.objects.filter(email__startswith="p").count()]  # fmt: skip


if __name__ == "__main__":
    with scopes_disabled():
        verb = {"settle": settle, "confirm": confirm, "work": work, "count": count}[sys.argv[1]]
        sys.stdout.write(json.dumps(verb(*sys.argv[2:]) if verb is settle else verb()) + "\n")
