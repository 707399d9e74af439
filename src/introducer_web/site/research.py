"""What somebody who researches programs sees: how large they are, and nothing of a person."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

from introducer_web.lib.disclosure import at_least_a_crowd
from introducer_web.matching.models import MatchRun
from introducer_web.people.models import Participant, Role
from introducer_web.programs.access import programs_for
from introducer_web.programs.models import Cohort, Staff
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.tenants.models import Society

__all__ = ["research_home"]

_LIVED = Relationship.State


@require_GET
def research_home(request: HttpRequest, society: Society) -> HttpResponse:
    """Show the programs that somebody may research, with counts of at least ten people."""
    programs = programs_for(request, society, Staff.Role.RESEARCHER).order_by("name")
    cohorts = list(
        Cohort.objects.filter(program__in=programs).select_related("program").order_by("program__name", "-pk")
    )
    active = Participant.objects.filter(cohort__in=cohorts, state=Participant.State.ACTIVE)
    people = Counter(active.values_list("cohort", "role"))
    lived = Counter(Relationship.objects.filter(cohort__in=cohorts).values_list("cohort", "state"))
    runs = Counter(
        MatchRun.objects.filter(cohort__in=cohorts, state=MatchRun.State.DONE).values_list("cohort", flat=True)
    )
    rows = [
        (
            cohort,
            at_least_a_crowd(people[cohort.pk, Role.MENTEE]),
            at_least_a_crowd(people[cohort.pk, Role.MENTOR]),
            at_least_a_crowd(lived[cohort.pk, _LIVED.INTRODUCED]),
            at_least_a_crowd(lived[cohort.pk, _LIVED.ACTIVE]),
            at_least_a_crowd(lived[cohort.pk, _LIVED.DECLINED] + lived[cohort.pk, _LIVED.ENDED]),
            runs[cohort.pk],
        )
        for cohort in cohorts
    ]
    return render(request, "site/research.html", {"programs": programs, "rows": rows})
