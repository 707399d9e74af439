"""Saving the policy that a trial showed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from introducer_web.lib.errors import DomainError
from introducer_web.matching.models import MatchRun
from introducer_web.matching.roster import CHOICES
from introducer_web.programs import services as programs
from introducer_web.programs.models import Program

if TYPE_CHECKING:
    from datetime import datetime

    from introducer_web.tenants.models import User

__all__ = ["PolicyWasChanged", "adopt_policy"]


class PolicyWasChanged(DomainError):
    """Somebody changed the policy after it was compared."""


@transaction.atomic
def adopt_policy(*, run: MatchRun, by: User, now: datetime) -> Program:
    """Let the choices that a trial obeyed stand, where nobody changed any since it was asked for."""
    program = Program.objects.select_for_update().select_related("society").get(pk=run.cohort.program_id)
    if run.kind != MatchRun.Kind.TRIAL or run.state != MatchRun.State.DONE:
        raise DomainError(_("Only the policy of a trial that is done can be saved from here."))
    stood = run.summary.get("stood", {})
    if any(getattr(program, name) != stood[name] for name in CHOICES if name in stood):
        raise PolicyWasChanged(
            _("Somebody changed the policy since this trial. Look at what stands now, and try again.")
        )
    return programs.edit_program(program=program, by=by, now=now, **run.policy)
