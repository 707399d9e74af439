"""Closing a cohort: nothing new begins in it; what two people have goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from introducer_web.audit import services as audit
from introducer_web.lib.errors import DomainError
from introducer_web.programs.models import Cohort

if TYPE_CHECKING:
    from datetime import datetime

    from introducer_web.tenants.models import User

__all__ = ["CohortIsClosed", "close_cohort", "refuse_closed", "reopen_cohort"]


class CohortIsClosed(DomainError):
    """Nothing new begins in a closed cohort."""


def refuse_closed(cohort: Cohort) -> None:
    """Refuse to begin something new in a closed cohort.

    Raises
    ------
    CohortIsClosed
    """
    if cohort.is_closed:
        raise CohortIsClosed(
            _("This cohort is closed: nothing new begins in it. Reopen it first, on its program's page.")
        )


@transaction.atomic
def close_cohort(*, cohort: Cohort, by: User, now: datetime) -> Cohort:
    """Close a cohort: nobody joins, is introduced or reminded; what is lived goes on. Twice is once."""
    return _set(cohort, closed=True, by=by, now=now)


@transaction.atomic
def reopen_cohort(*, cohort: Cohort, by: User, now: datetime) -> Cohort:
    """Open a closed cohort again, as it was. Twice is once."""
    return _set(cohort, closed=False, by=by, now=now)


def _set(cohort: Cohort, *, closed: bool, by: User, now: datetime) -> Cohort:
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("society", "program").get(pk=cohort.pk)
    if cohort.is_closed != closed:
        cohort.is_closed = closed
        cohort.save(update_fields=["is_closed"])
        audit.record(
            society=cohort.society, by=by, act="programs.close_cohort" if closed else "programs.reopen_cohort",
            subject=cohort.code, now=now, words="Closed a cohort." if closed else "Opened a closed cohort again.",
        )  # fmt: skip
    return cohort
