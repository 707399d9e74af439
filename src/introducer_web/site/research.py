"""What somebody who researches programs sees: how large they are, and nothing of a person."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from introducer_web.lib.disclosure import at_least_a_crowd
from introducer_web.matching.models import MatchRun
from introducer_web.people.models import Participant, Role
from introducer_web.programs.models import Cohort
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from introducer_web.programs.models import Program

__all__ = ["sizes"]

_LIVED = Relationship.State


def sizes(programs: QuerySet[Program]) -> list[tuple[Any, ...]]:
    """Return each cohort with the number of its mentees, mentors, introductions, relationships, ends and runs.

    None stands for a count that is too small to show.
    """
    cohorts = list(
        Cohort.objects.filter(program__in=programs).select_related("program").order_by("program__name", "-pk")
    )
    active = Participant.objects.filter(cohort__in=cohorts, state=Participant.State.ACTIVE)
    people = Counter(active.values_list("cohort", "role"))
    lived = Counter(Relationship.objects.filter(cohort__in=cohorts).values_list("cohort", "state"))
    runs = Counter(
        MatchRun.objects.filter(cohort__in=cohorts, state=MatchRun.State.DONE, kind=MatchRun.Kind.PROPOSAL).values_list(
            "cohort", flat=True
        )
    )
    return [
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
