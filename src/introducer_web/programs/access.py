"""The only way to a program or a cohort on behalf of somebody who runs or researches it.

Not allowed and not there are the same 404.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import Http404

from introducer_web.accounts.access import require_second_factor
from introducer_web.programs.models import Cohort, Domain, Experience, Program, Question, Staff, Topic, TrainingSite

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from introducer_web.tenants.models import Society

__all__ = [
    "cohort_for",
    "cohorts_for",
    "program_for",
    "programs_for",
    "runs_everything",
    "site_for",
    "society_for",
    "staff_for",
    "topic_for",
    "word_for",
    "words_for",
]

COORDINATOR = Staff.Role.COORDINATOR


def _roles(request: HttpRequest, society: Society, role: str) -> QuerySet[Staff]:
    if not request.user.is_authenticated:
        raise Http404
    return Staff.objects.filter(society=society, user=request.user, role=role, until=None)


def society_for(request: HttpRequest, society: Society) -> Society:
    """Return the society for a coordinator of all of it."""
    if not _roles(request, society, COORDINATOR).filter(program=None).exists():
        raise Http404
    require_second_factor(request)
    return society


def programs_for(request: HttpRequest, society: Society, role: str = COORDINATOR) -> QuerySet[Program]:
    """Return the programs in which somebody has a role; 404 when there is none and never can be."""
    roles = set(_roles(request, society, role).values_list("program", flat=True))
    if not roles:
        raise Http404
    require_second_factor(request)
    return Program.objects.filter(Q() if None in roles else Q(pk__in=roles), society=society)


def program_for(request: HttpRequest, society: Society, code: str, role: str = COORDINATOR) -> Program:
    """Return one program for somebody with a role in it."""
    program = programs_for(request, society, role).filter(code=code).first()
    if program is None:
        raise Http404
    return program


def cohorts_for(request: HttpRequest, society: Society, role: str = COORDINATOR) -> QuerySet[Cohort]:
    """Return the cohorts of all programs in which somebody has a role; 404 when there is none and never can be."""
    return Cohort.objects.filter(program__in=programs_for(request, society, role))


def cohort_for(request: HttpRequest, society: Society, code: str, role: str = COORDINATOR) -> Cohort:
    """Return one cohort for somebody with a role in its program."""
    cohort = cohorts_for(request, society, role).filter(code=code).select_related("program", "society").first()
    if cohort is None:
        raise Http404
    return cohort


def runs_everything(request: HttpRequest, society: Society) -> bool:
    """Tell whether somebody coordinates all programs of a society."""
    return _roles(request, society, COORDINATOR).filter(program=None).exists()


def words_for(request: HttpRequest, society: Society, code: str, kind: str) -> tuple[Program, QuerySet[Any]]:
    """Return a program, and its words of one kind."""
    program = program_for(request, society, code)
    models: dict[str, Any] = {"domains": Domain, "experiences": Experience, "questions": Question}
    if kind not in models:
        raise Http404
    return program, models[kind].objects.filter(program=program)


def word_for(request: HttpRequest, society: Society, code: str, kind: str, word: str) -> tuple[Program, Any]:
    """Return a program, and one of its words."""
    program, rows = words_for(request, society, code, kind)
    found = rows.filter(code=word).first()
    if found is None:
        raise Http404
    return program, found


def topic_for(request: HttpRequest, society: Society, code: str, word: str, topic: str) -> tuple[Program, Topic]:
    """Return a program, and a topic of one of its domains."""
    program, domain = word_for(request, society, code, "domains", word)
    found = Topic.objects.filter(domain=domain, code=topic).select_related("domain").first()
    if found is None:
        raise Http404
    return program, found


def site_for(request: HttpRequest, society: Society, code: str) -> TrainingSite:
    """Return a training site for a coordinator of the whole society."""
    found = TrainingSite.objects.filter(society=society_for(request, society), code=code).first()
    if found is None:
        raise Http404
    return found


def staff_for(request: HttpRequest, society: Society, code: str) -> Staff:
    """Return somebody's role for a coordinator of the whole society."""
    staff = Staff.objects.filter(society=society_for(request, society), code=code, until=None)
    found = staff.select_related("user", "society").first()
    if found is None:
        raise Http404
    return found
