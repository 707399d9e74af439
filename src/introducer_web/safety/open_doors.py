"""Ways on to where somebody can turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from introducer_web.lib.doors import Door
from introducer_web.safety.access import serving
from introducer_web.safety.services import ENOUGH

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from introducer_web.people.models import Participant
    from introducer_web.programs.models import Program
    from introducer_web.relationships.models import Relationship
    from introducer_web.tenants.models import Society

__all__ = ["between", "setup"]


def between(*, person: Participant, relationship: Relationship, now: datetime) -> Iterator[Door]:
    """Lead one of two people to confidants. No query."""
    path = reverse("report_new", args=[relationship.society.slug])
    yield Door(
        _("Something is not right"), f"{path}?of={relationship.code}", _("Turn to somebody outside of the program.")
    )


def setup(*, society: Society, programs: Sequence[Program], now: datetime) -> Iterator[Door]:
    """Lead coordinators to the confidants, and say which programs have too few. One query."""
    counts = [row.program_id for row in serving().filter(society=society).only("program_id")]
    few = sum(counts.count(None) + counts.count(each.pk) < ENOUGH for each in programs)
    says = (
        ngettext(
            "%(n)s program has fewer than two confidants.", "%(n)s programs have fewer than two confidants.", few
        ) % {"n": few} if few else ""
    )  # fmt: skip
    yield Door(_("To whom people can turn"), reverse("confidant_list", args=[society.slug]), says, waits=bool(few))
    yield Door(_("Where to find human help"), reverse("human_help", args=[society.slug]))
