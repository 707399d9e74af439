"""The society, its programs and who runs them, for coordinators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from introducer_web.lib import doors
from introducer_web.lib.errors import DomainError
from introducer_web.programs import access, services
from introducer_web.programs.copying import like
from introducer_web.programs.editing import edit
from introducer_web.programs.forms import CohortForm, EndingsForm, NewProgramForm, PolicyForm, SocietyForm, StaffForm
from introducer_web.programs.models import Cohort, Program, Staff, TrainingSite

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.tenants.models import Society


@require_GET
def society_home(request: HttpRequest, society: Society) -> HttpResponse:
    """Show a coordinator the programs that they run."""
    programs = access.programs_for(request, society).order_by("name")
    cohorts = (
        Cohort.objects.filter(program__in=programs)
        .select_related("program", "society")
        .annotate(
            mentees=Count("participants", filter=Q(participants__role="mentee", participants__state="active")),
            mentors=Count("participants", filter=Q(participants__role="mentor", participants__state="active")),
            waiting=Count("participants", filter=Q(participants__state__in=("applied", "waiting"))),
        )
        .order_by("is_closed", "-pk")
    )
    everywhere = access.runs_everything(request, society)
    context = {
        "programs": programs, "cohorts": cohorts, "everywhere": everywhere,
        "doors": doors.cohorts_of(cohorts=cohorts, now=request.now),
        "sites": TrainingSite.objects.filter(retired=False).count() if everywhere else 0,
        "ways": doors.setup_of(society=society, programs=programs, now=request.now),
    }  # fmt: skip
    return render(request, "programs/society_home.html", context)


def society_edit(request: HttpRequest, society: Society) -> HttpResponse:
    """Change what everybody sees of the society."""
    society = access.society_for(request, society)
    given = {"by": request.user, "now": request.now}
    editing = edit(
        request, society, SocietyForm, lambda row, **said: services.edit_society(society=row, **given, **said)
    )
    if editing.status == 302:
        messages.success(request, _("Saved."))
        return redirect("society_home", society.slug)
    context = {"form": editing.form, "seen": editing.seen, "title": _("The society")}
    return render(request, "programs/form.html", context, status=editing.status)


def program_new(request: HttpRequest, society: Society) -> HttpResponse:
    """Create a program."""
    society = access.society_for(request, society)
    form = NewProgramForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            program = services.create_program(society=society, by=request.user, now=request.now, **form.cleaned_data)
        except DomainError as error:
            form.add_error("name", str(error))
        else:
            return redirect("program_home", society.slug, program.code)
    return render(request, "programs/form.html", {"form": form, "title": _("A new program")})


@require_GET
def program_home(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show a program: its cohorts, how far each is, and what comes next."""
    program = access.program_for(request, society, code)
    here = {"participants__state": "active"}
    uncommitted = Q(participants__role="mentor", participants__committed_at__isnull=True)
    cohorts = program.cohorts.annotate(
        mentees=Count("participants", filter=Q(participants__role="mentee", **here), distinct=True),
        mentors=Count("participants", filter=Q(participants__role="mentor", **here), distinct=True),
        applied=Count("participants", filter=Q(participants__state="applied") & ~uncommitted, distinct=True),
        uncommitted=Count("participants", filter=Q(participants__state="applied") & uncommitted, distinct=True),
        drafts=Count("participants", filter=Q(participants__state="draft"), distinct=True),
        runs_done=Count("runs", filter=Q(runs__state="done"), distinct=True),
    ).order_by("is_closed", "-pk")
    everywhere = access.runs_everything(request, society)
    context = {"program": program, "cohorts": cohorts, "everywhere": everywhere}
    return render(request, "programs/program_home.html", context)


def program_policy(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Change the policy; what others changed meanwhile is shown, not overwritten."""
    program = access.program_for(request, society, code)
    given = {"by": request.user, "now": request.now}
    editing = edit(
        request, program, PolicyForm, lambda row, **said: services.edit_program(program=row, **given, **said)
    )
    if editing.status == 302:
        messages.success(request, _("Saved. The next run obeys."))
        return redirect("program_home", society.slug, code)
    context = {"form": editing.form, "title": _("Policy"), "program": program, "seen": editing.seen, "previews": True}
    return render(request, "programs/form.html", context, status=editing.status)


def program_endings(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Change what people read when their mentoring ends, and whether mentors may make letters."""
    program = access.program_for(request, society, code)
    given = {"by": request.user, "now": request.now}
    editing = edit(
        request, program, EndingsForm, lambda row, **said: services.edit_program(program=row, **given, **said)
    )
    if editing.status == 302:
        messages.success(request, _("Saved."))
        return redirect("program_home", society.slug, code)
    context = {"form": editing.form, "title": _("Endings and letters"), "program": program, "seen": editing.seen}
    return render(request, "programs/form.html", context, status=editing.status)


def cohort_new(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Create one intake; with ``like``, one a year after another, whose people are then asked to take part again."""
    program = access.program_for(request, society, code)
    before = program.cohorts.filter(code=request.GET.get("like", "")).first()
    form = CohortForm(request.POST or None, initial=like(before) if before else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_cohort(program=program, by=request.user, now=request.now, **form.cleaned_data)
        except DomainError as error:
            form.add_error("name", str(error))
        else:
            if before is None:
                return redirect("program_home", society.slug, code)
            return redirect(reverse("people_carry", args=[society.slug, made.code]) + f"?from={before.code}")
    context = {"form": form, "title": _("A new cohort"), "program": program, "like": before}
    return render(request, "programs/form.html", context)


def staff_list(request: HttpRequest, society: Society) -> HttpResponse:
    """Show who runs and who researches; appoint somebody."""
    society = access.society_for(request, society)
    programs = Program.objects.order_by("name")
    form = StaffForm(request.POST or None, programs=programs)
    if request.method == "POST" and form.is_valid():
        services.appoint_by_email(society=society, by=request.user, now=request.now, **form.cleaned_data)
        messages.success(request, _("Appointed, and told by e-mail."))
        return redirect("staff_list", society.slug)
    rows = Staff.objects.filter(until=None).select_related("user", "program").order_by("role", "user__name", "pk")
    return render(request, "programs/staff_list.html", {"form": form, "rows": rows})


@require_POST
def staff_end(request: HttpRequest, society: Society, staff: str) -> HttpResponse:
    """End somebody's role."""
    found = access.staff_for(request, society, staff)
    try:
        services.dismiss(staff=found, by=request.user, now=request.now)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("staff_list", society.slug)
    messages.success(request, _("Ended."))
    return redirect("home" if found.user_id == request.user.pk else "staff_list", *(
        [] if found.user_id == request.user.pk else [society.slug]
    ))  # fmt: skip
