"""A person's right to a copy and to be forgotten: both walk the registry of personal fields."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_scopes import scopes_disabled

from introducer_web.audit import services as audit
from introducer_web.lib.crypto import sealed_of
from introducer_web.lib.personal import Erase, registry
from introducer_web.mail import services as mail
from introducer_web.mail.models import Message
from introducer_web.matching.models import Advice, MatchRun
from introducer_web.matching.services import BY_PERSON
from introducer_web.people.models import Invitation
from introducer_web.plans import services as plans
from introducer_web.relationships.models import Relationship
from introducer_web.site.copies import FILES
from introducer_web.tenants.models import Society, User

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.db.models import QuerySet

    from introducer_web.lib.personal import Table

__all__ = ["erase_person", "export_person"]

#: Files of a run that have a row for each person, and the columns that name one.
_NAMED = {"mentees.csv": ("id", "mentee"), "mentors.csv": ("id", "mentor"), "ties.csv": ("mentee", "mentor")}


def export_person(user: User, now: datetime) -> bytes:
    """Return all that is kept of a person as a ZIP of JSON: their own words opened, nobody else's in it.

    ``read-me.txt`` says in the person's language what each file holds.
    """
    packed = io.BytesIO()
    tables = registry()
    with scopes_disabled(), override(user.language), zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        told = [_("All that is kept of %(email)s, %(day)s.") % {"email": user.email, "day": f"{now:%Y-%m-%d}"}, ""]
        for label, (name, what) in FILES.items():
            rows = [dict(_exported(row, tables[label], user)) for row in _handed_out(user, label, tables[label])]
            if any(rows):
                archive.writestr(name, json.dumps(rows, ensure_ascii=False, indent=1, default=str) + "\n")
                told.append(f"{name}: {what}")
        archive.writestr("read-me.txt", "\n".join(told) + "\n")
    return packed.getvalue()


def _rows(user: User, label: str, table: Table) -> QuerySet[Any]:
    """Return the rows that are a person's own."""
    model = apps.get_model(label)
    if not table.owner:
        return model._default_manager.none()
    mine = Q()
    for path in table.owner:
        mine |= Q(**{path: user.pk if path == "pk" else user})
    return model._default_manager.filter(mine).order_by("pk")


def _handed_out(user: User, label: str, table: Table) -> Iterator[Any]:
    """Yield the rows that a person's copy holds: their own, but for what they are not to learn of."""
    rows, kept = _rows(user, label, table), table.kept_from_others
    first = set() if kept is None else set(rows.filter(**{table.owner[0]: user}).values_list("pk", flat=True))
    return (row for row in rows if kept is None or row.pk in first or not kept(row))


def _exported(row: Any, table: Table, user: User) -> Iterator[tuple[str, Any]]:
    opened = {value.field: name for name, value in sealed_of(type(row)).items()}
    for name, what in table.declared().items():
        if what is None or not what.exported:
            continue
        if name in opened:
            yield opened[name], getattr(row, opened[name])
        else:
            value = getattr(row, name)
            yield name, str(value) if hasattr(value, "_meta") else value
    if table.own is not None:
        yield from table.own(row, user).items()


@transaction.atomic
def erase_person(user: User, *, now: datetime) -> None:
    """Forget a person in all societies.

    Their rows go; the record of acts keeps a code that nobody can resolve any more; frozen runs
    lose their rows, and say that they can no longer be repeated whole.
    """
    with scopes_disabled():
        user = User.objects.select_for_update().get(pk=user.pk)
        societies = set(
            Society.objects.filter(pk__in=user.participants.values("society")).values_list("pk", flat=True)
        ) | set(user.staff.values_list("society_id", flat=True))
        for run in MatchRun.objects.filter(cohort__participants__user=user).distinct():
            _forget_in_run(run, user)
        Message.objects.filter(to=user.email).delete()
        mail.forget(words=_words_of(user), societies=societies)
        plans.free_the_others(user=user, now=now)
        Invitation.objects.filter(email=user.email).delete()
        for label, table in registry().items():
            if table.erase is Erase.DELETE and label != "tenants.User":
                _rows(user, label, table).delete()
        for society in Society.objects.filter(pk__in=societies):
            audit.record(
                society=society, by=None, act="site.erase", subject=user.code, now=now,
                words="Forgot a person at their own wish.",
            )  # fmt: skip
        user.delete()


def _words_of(user: User) -> list[str]:
    """Return by what a mail to somebody else is of this person: name, address, and codes in the addresses of pages."""
    mine = Q(mentee__user=user) | Q(mentor__user=user)
    lived = Relationship.objects.filter(mine).values_list("code", flat=True)
    # One word alone may be a name and a word: mails of two have their codes in them too.
    name = [user.name] if " " in user.name else []
    return [*name, user.email, user.code, *user.participants.values_list("code", flat=True), *lived]


def _forget_in_run(run: MatchRun, user: User) -> None:
    """Take a person's rows out of a frozen run and its outcome."""
    folder, outcome = run.folder, run.outcome
    for files in (folder, outcome):
        for name in set(files) & set(_NAMED):
            files[name] = _without(files[name], _NAMED[name], user.code)
    # What cannot be cut by rows goes whole: the proof and the report name everybody.
    kept = {name: text for name, text in outcome.items() if name in _NAMED}
    run.folder, run.outcome = folder, kept
    left = {
        name: {code: figure for code, figure in run.summary[name].items() if code != user.code}
        for name in BY_PERSON
        if name in run.summary
    }
    run.summary = run.summary | left | {"forgotten": run.summary.get("forgotten", 0) + 1}
    run.save(update_fields=["sealed_folder", "sealed_outcome", "summary"])
    run.advice.exclude(kind=Advice.Kind.RECRUIT).delete()  # the others name people
    for point in run.points.all():
        point.moved = [
            row | {side: [code for code in row[side] if code != user.code] for side in ("came", "went")}
            for row in point.moved
            if row["mentee"] != user.code
        ]
        point.save(update_fields=["moved"])


def _without(text: str, columns: tuple[str, ...], code: str) -> str:
    """Return a table without the rows of a person, nor their code in any list of another's row."""
    rows = list(csv.DictReader(io.StringIO(text)))
    header = next(csv.reader(io.StringIO(text)), [])
    out = io.StringIO()
    writer = csv.DictWriter(out, header, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        # An outcome is written for spreadsheets: what begins like a formula has an apostrophe before it.
        if any((row.get(column) or "").removeprefix("'") == code for column in columns):
            continue
        if "avoid" in row:
            row["avoid"] = ";".join(each for each in row["avoid"].split(";") if each != code)
        writer.writerow(row)
    return out.getvalue()
