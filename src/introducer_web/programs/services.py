"""Societies, programs, cohorts, their words, and who runs them."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _
from django_scopes import scope

from introducer_web.audit import services as audit
from introducer_web.lib import engine
from introducer_web.lib.errors import DomainError
from introducer_web.mail import services as mail
from introducer_web.programs.models import Cohort, Domain, Experience, Program, Staff, Topic
from introducer_web.tenants.models import Society, User

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

__all__ = [
    "AddressIsTaken",
    "LastCoordinator",
    "NameIsTaken",
    "appoint",
    "appoint_by_email",
    "changed_fields",
    "create_cohort",
    "create_program",
    "create_society",
    "dismiss",
    "edit_program",
    "edit_society",
    "hand_over",
    "state_of",
]


class AddressIsTaken(DomainError):
    """Another society has this address."""


class NameIsTaken(DomainError):
    """A program or a cohort has this name already."""


class LastCoordinator(DomainError):
    """A society needs somebody who runs it."""


@transaction.atomic
def create_society(
    *, slug: str, name: str, by: User, now: datetime, language: str = "en", timezone: str = "UTC"
) -> Society:
    """Create a society; who creates it coordinates all of it."""
    if Society.objects.filter(slug=slug).exists():
        raise AddressIsTaken(
            _("Another society has the address “%(slug)s” already. Choose another one.") % {"slug": slug}
        )
    society = Society.objects.create(
        slug=slug, name=name, language=language, timezone=timezone, contact=by.email, created_at=now
    )
    with scope(society=society):
        audit.record(society=society, by=by, act="programs.create_society", words="Created the society.", now=now)
        appoint(society=society, user=by, role=Staff.Role.COORDINATOR, by=by, now=now)
    return society


@transaction.atomic
def create_program(*, society: Society, name: str, template: str, by: User, now: datetime, **choices: Any) -> Program:
    """Create a program with the words of a shipped template, which are its own from then on.

    Parameters
    ----------
    choices
        Fields of ``Program`` that differ from their defaults.
    """
    words = engine.template_vocabulary(template)
    with scope(society=society):
        if Program.objects.filter(name=name).exists():
            raise NameIsTaken(_("There is a program “%(name)s” already.") % {"name": name})
        weights = {"pair_terms": engine.template_pair_terms(template)}
        program = Program.objects.create(society=society, name=name, template=template, **weights | choices)
        for place, term in enumerate(words.domains):
            domain = Domain.objects.create(society=society, program=program, place=place, **_term(term))
            Topic.objects.bulk_create(
                Topic(society=society, domain=domain, place=k, **_term(topic)) for k, topic in enumerate(term.topics)
            )
        Experience.objects.bulk_create(
            Experience(society=society, program=program, place=k, **_term(term))
            for k, term in enumerate(words.experiences)
        )
        audit.record(
            society=society, by=by, act="programs.create_program", subject=program.code, now=now,
            words=f"Created a program from the template {template}.",
        )  # fmt: skip
    return program


def _term(term: Any) -> dict[str, Any]:
    return {"key": term.id, "name": term.name, "text": term.text, "sensitive": term.sensitive}


@transaction.atomic
def create_cohort(*, program: Program, name: str, by: User, now: datetime, **choices: Any) -> Cohort:
    """Create one intake of a program."""
    with scope(society=program.society):
        if Cohort.objects.filter(program=program, name=name).exists():
            raise NameIsTaken(_("There is a cohort “%(name)s” already.") % {"name": name})
        cohort = Cohort.objects.create(society=program.society, program=program, name=name, **choices)
        audit.record(
            society=program.society, by=by, act="programs.create_cohort", subject=cohort.code, now=now,
            words="Created a cohort.",
        )  # fmt: skip
    return cohort


@transaction.atomic
def appoint(
    *, society: Society, user: User, role: str, by: User, now: datetime, program: Program | None = None
) -> Staff:
    """Give somebody a role: in one program, or in all of the society's."""
    with scope(society=society):
        staff, new = Staff.objects.get_or_create(
            society=society, user=user, role=role, program=program, until=None, defaults={"since": now}
        )
        if new:
            audit.record(
                society=society, by=by, act="programs.appoint", subject=user.code, now=now,
                words=f"Appointed a {role}" + (" of one program." if program else " of all programs."),
            )  # fmt: skip
    return staff


@transaction.atomic
def dismiss(*, staff: Staff, by: User, now: datetime) -> Staff:
    """End somebody's role. The last coordinator of a society hands over first."""
    with scope(society=staff.society):
        Society.objects.select_for_update().get(pk=staff.society_id)
        others = Staff.objects.filter(role=Staff.Role.COORDINATOR, program=None, until=None).exclude(pk=staff.pk)
        if staff.role == Staff.Role.COORDINATOR and staff.program_id is None and not others.exists():
            raise LastCoordinator(_("Nobody else coordinates the society. Appoint another coordinator first."))
        staff.until = now
        staff.save(update_fields=["until"])
        audit.record(
            society=staff.society, by=by, act="programs.dismiss", subject=staff.user.code, now=now,
            words=f"Ended the role of a {staff.role}.",
        )  # fmt: skip
    return staff


@transaction.atomic
def appoint_by_email(
    *, society: Society, email: str, role: str, by: User, now: datetime, program: Program | None = None
) -> Staff:
    """Appoint somebody by address, known or not, and tell them."""
    user = User.objects.with_email(email).first() or User.objects.create_user(email, language=society.language)
    staff = appoint(society=society, user=user, role=role, program=program, by=by, now=now)
    mail.queue(
        to=user.email, kind="appointed", key=f"appointed:{staff.code}", language=user.language, now=now,
        context={"society": society, "person": user, "role": staff.get_role_display(), "program": program},
        society=society,
    )  # fmt: skip
    return staff


@transaction.atomic
def hand_over(*, program: Program, email: str, by: User, now: datetime) -> bool:
    """Let somebody else run a program, and end one's own role in it; tells whether there was one to end.

    A program is never without anybody who runs it: the other one is appointed first. Who runs all programs of the
    society goes on doing so.
    """
    if email.strip().casefold() == by.email:
        raise DomainError(_("That is your own address. Hand over to somebody else."))
    appoint_by_email(society=program.society, email=email, role=Staff.Role.COORDINATOR, program=program, by=by, now=now)
    own = Staff.objects.filter(program=program, user=by, role=Staff.Role.COORDINATOR, until=None)
    ended = [dismiss(staff=staff, by=by, now=now) for staff in own.select_related("user", "society")]
    return bool(ended)


@transaction.atomic
def edit_society(*, society: Society, by: User, now: datetime, **fields: Any) -> Society:
    """Change what everybody sees of a society."""
    changed = changed_fields(society, fields)
    if changed:
        audit.record(
            society=society, by=by, act="programs.edit_society", now=now,
            words=f"Edited the society: {', '.join(changed)}.",
        )  # fmt: skip
    return society


@transaction.atomic
def edit_program(*, program: Program, by: User, now: datetime, **fields: Any) -> Program:
    """Change a program's policy. Runs that are done keep the policy that they had."""
    changed = changed_fields(program, fields)
    if changed:
        audit.record(
            society=program.society, by=by, act="programs.edit_program", subject=program.code, now=now,
            words=f"Edited the policy of a program: {', '.join(changed)}.",
        )  # fmt: skip
    return program


def changed_fields(row: Any, fields: Mapping[str, Any]) -> list[str]:
    """Write fields into a row where they differ from what stands; returns the names of those that did.

    A form has written into its own copy of the row already, so what stands is asked of the database.
    """
    standing = type(row).objects.get(pk=row.pk)
    changed = [name for name, value in fields.items() if getattr(standing, name) != value]
    for name, value in fields.items():
        setattr(row, name, value)
    if changed:
        row.save(update_fields=changed)
    return changed


def state_of(row: Any, fields: Iterable[str]) -> str:
    """Return a digest of some fields of a row: whether a page shows what stands now."""
    told = json.dumps([str(getattr(row, name)) for name in fields])
    return hashlib.sha256(told.encode()).hexdigest()[:32]
