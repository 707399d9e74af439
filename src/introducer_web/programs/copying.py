"""A program like another one, and a cohort like the one before: words and choices are copied, people never are."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.programs import services
from introducer_web.programs.models import Domain, Experience, Program, Question, Staff, Topic

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.db.models import Model

    from introducer_web.programs.models import Cohort
    from introducer_web.tenants.models import User

__all__ = ["clone_program", "like"]

#: A year of weeks: a cohort like this one begins on the same day of the week.
_A_YEAR = timedelta(weeks=52)


@transaction.atomic
def clone_program(
    *,
    program: Program,
    name: str,
    by: User,
    now: datetime,
    retired: bool = False,
    staff: bool = True,
    cohort: Mapping[str, Any] | None = None,
) -> Program:
    """Create a program with the words, questions, texts and policy of another one; it is its own from then on.

    Of people nothing is copied but who runs it: no participant, no run, no relationship, and it is not open to
    anybody with the address before somebody says so.

    Parameters
    ----------
    retired : bool
        Copy words and questions too that are no longer asked.
    staff : bool
        Who runs or researches the one program runs or researches the other.
    cohort : mapping, optional
        Fields of a first cohort, its name among them.

    Raises
    ------
    NameIsTaken
    """
    if Program.objects.filter(name=name).exists():
        raise services.NameIsTaken(_("There is a program “%(name)s” already.") % {"name": name})
    made = Program.objects.create(**_values(program) | {"name": name, "is_open": False})
    chosen: dict[str, Any] = {} if retired else {"retired": False}
    for domain in Domain.objects.filter(program=program, **chosen).order_by("place", "pk").prefetch_related("topics"):
        new = Domain.objects.create(**_values(domain) | {"program_id": made.pk})
        Topic.objects.bulk_create(
            Topic(**_values(topic) | {"domain_id": new.pk})
            for topic in domain.topics.all()
            if retired or not topic.retired
        )
    for model in (Experience, Question):
        rows = model.objects.filter(program=program, **chosen).order_by("place", "pk")
        model.objects.bulk_create(model(**_values(row) | {"program_id": made.pk}) for row in rows)
    audit.record(
        society=program.society, by=by, act="programs.clone_program", subject=made.code, now=now,
        words="Created a program with the words and the policy of another one.",
    )  # fmt: skip
    if staff:
        for held in Staff.objects.filter(program=program, until=None).select_related("user"):
            services.appoint(society=program.society, user=held.user, role=held.role, program=made, by=by, now=now)
    if cohort is not None:
        services.create_cohort(program=made, by=by, now=now, **cohort)
    return made


def _values(row: Model) -> dict[str, Any]:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in ("id", "code")
    }


def like(cohort: Cohort) -> dict[str, Any]:
    """Return what a form says at first of a cohort like this one, a year later."""

    def later(day: date | None) -> date | None:
        return day + _A_YEAR if day else None

    return {"name": _next(cohort.name), "starts": later(cohort.starts), "joining_ends": later(cohort.joining_ends),
            "ends": later(cohort.ends)}  # fmt: skip


def _next(name: str) -> str:
    """Return a name with its year, or its years, one later; without a year it is left to whoever names it."""
    years = re.compile(r"\b(?:19|20)\d\d\b")
    return years.sub(lambda year: str(int(year[0]) + 1), name) if years.search(name) else ""
