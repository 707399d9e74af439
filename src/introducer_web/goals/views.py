"""Goals: a mentee's own page of them, that of two people, and one goal with its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from introducer_web.goals import access, pages, services
from introducer_web.goals.forms import CloseForm, GoalForm, ProgressForm
from introducer_web.goals.models import Decision, Goal
from introducer_web.lib.errors import DomainError
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.people.models import Participant
    from introducer_web.tenants.models import Society

#: What is said when a goal closes.
_KIND = {
    Goal.State.REACHED: gettext_lazy("Reached. Take a moment for it before the next one."),
    Goal.State.CHANGED: gettext_lazy("It became another one: that is what goals do. You can begin the new one now."),
    Goal.State.LET_GO: gettext_lazy("Let go. That frees time for what matters more."),
}


@require_GET
def goal_list(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show a mentee all of their goals, with whom each is, and the ways to decisions and first hundred days."""
    person = access.as_mentee(request, society, code)
    goals = pages.shown(Goal.objects.filter(mentee=person))
    context = {
        "person": person, "active": [each for each in goals if each.goal.state == Goal.State.ACTIVE],
        "closed": [each for each in goals if each.goal.state != Goal.State.ACTIVE],
        "today": person.day(request.now), "other": None,
    }  # fmt: skip
    return render(request, "goals/goal_list.html", context)


@require_GET
def goal_together(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Show two people the goals and decisions that they share."""
    person, found = access.together(request, society, code, relationship)
    goals = pages.shown(Goal.objects.filter(relationship=found))
    context = {
        "person": person, "relationship": found, "other": found.mentee if person.is_mentor else found.mentor,
        "active": [each for each in goals if each.goal.state == Goal.State.ACTIVE],
        "closed": [each for each in goals if each.goal.state != Goal.State.ACTIVE],
        "decisions": pages.decided(Decision.objects.filter(relationship=found)),
        "today": person.day(request.now), "lives": found.state == Relationship.State.ACTIVE,
    }  # fmt: skip
    return render(request, "goals/goal_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def goal_new(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Begin a goal."""
    person = access.as_mentee(request, society, code)
    lived = pages.lived_of(person)
    form = GoalForm(request.POST or None, lived=lived, initial={"reader": request.GET.get("with", "")})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = services.begin_goal(
                mentee=person, relationship=next((each for each in lived if each.code == said["reader"]), None),
                kind=said["kind"], words=form.words, weeks=said["weeks"], today=person.day(request.now),
                now=request.now,
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
            return _form_page(request, person, form, _("A new goal"), status=409)
        messages.success(request, _("Begun."))
        return redirect("goal_show", society.slug, code, made.code)
    return _form_page(request, person, form, _("A new goal"), status=422 if form.errors else 200)


def _form_page(
    request: HttpRequest, person: Participant, form: Any, title: str, status: int = 200, **more: Any
) -> HttpResponse:
    return render(request, "goals/form.html", {"person": person, "form": form, "title": title, **more}, status=status)


@require_GET
def goal_show(request: HttpRequest, society: Society, code: str, goal: str) -> HttpResponse:
    """Show a goal and its history."""
    person, found = access.goal_for(request, society, code, goal)
    return _goal_page(request, person, found)


def _goal_page(request: HttpRequest, person: Participant, goal: Goal, status: int = 200, **forms: Any) -> HttpResponse:
    lives = goal.relationship is None or goal.relationship.state == Relationship.State.ACTIVE
    context = {
        "person": person, "shown": pages.whole(goal), "goal": goal, "mine": person.pk == goal.mentee_id,
        "open": lives and goal.state == Goal.State.ACTIVE, "alone": not lives and person.pk == goal.mentee_id,
        "due": goal.review_on is not None and goal.review_on <= person.day(request.now),
        "progress_form": ProgressForm(), "close_form": CloseForm(),
    } | forms  # fmt: skip
    if not context["mine"]:
        del context["progress_form"].fields["confidence"]
    return render(request, "goals/goal_show.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def goal_word(request: HttpRequest, society: Society, code: str, goal: str) -> HttpResponse:
    """Say a goal otherwise; what others noted meanwhile is shown, and nothing that was typed is lost."""
    person, found = access.own_goal(request, society, code, goal)
    standing = pages.whole(found)
    if request.method != "POST":
        given = standing.words | {"by_when": standing.by_when, "kind": found.kind, "weeks": found.review_weeks}
        return _word_page(request, person, standing, _word_form(given | {"seen": found.newest}))
    form = _word_form(None, request.POST)
    if not form.is_valid():
        return _word_page(request, person, standing, form, 422)
    said = form.cleaned_data
    try:
        services.reword_goal(
            goal=found, mentee=person, kind=said["kind"], words=form.words, weeks=said["weeks"],
            seen=said["seen"] or 0, today=person.day(request.now), now=request.now,
        )  # fmt: skip
    except DomainError as error:
        again = _word_form(None, _with_seen(request, found))
        again.is_valid()
        again.add_error(None, str(error))
        return _word_page(request, person, standing, again, 409)
    messages.success(request, _("Kept. What it said before stays in its history."))
    return redirect("goal_show", society.slug, code, goal)


def _with_seen(request: HttpRequest, goal: Goal) -> Any:
    """Return what was posted, as if the page had shown what stands now."""
    posted = request.POST.copy()
    posted["seen"] = str(goal.newest)
    return posted


def _word_form(initial: dict[str, Any] | None, posted: Any = None) -> GoalForm:
    form = GoalForm(posted, initial=initial)
    del form.fields["reader"]
    return form


def _word_page(
    request: HttpRequest, person: Participant, standing: pages.Shown, form: GoalForm, status: int = 200
) -> HttpResponse:
    title = _("Say it otherwise")
    return _form_page(request, person, form, title, status, goal=standing.goal, standing=standing)


@require_POST
def goal_progress(request: HttpRequest, society: Society, code: str, goal: str) -> HttpResponse:
    """Note how it goes."""
    person, found = access.goal_for(request, society, code, goal)
    form = ProgressForm(request.POST)
    if not form.is_valid():
        return _goal_page(request, person, found, 422, progress_form=form)
    try:
        services.note_progress(
            goal=found, person=person, note=form.cleaned_data["note"], confidence=form.cleaned_data["confidence"],
            today=person.day(request.now), now=request.now,
        )  # fmt: skip
    except DomainError as error:
        form.add_error(None, str(error))
        return _goal_page(request, person, found, 409, progress_form=form)
    messages.success(request, _("Noted."))
    return redirect("goal_show", society.slug, code, goal)


@require_POST
def goal_close(request: HttpRequest, society: Society, code: str, goal: str) -> HttpResponse:
    """Close a goal, or take it along from a mentoring that has ended."""
    person, found = access.own_goal(request, society, code, goal)
    form = CloseForm(request.POST)
    try:
        if "along" in request.POST and found.relationship is not None:
            services.take_along(goal=found, mentee=person, today=person.day(request.now))
            messages.success(request, _("It is yours alone now."))
        elif not form.is_valid():
            return _goal_page(request, person, found, 422, close_form=form)
        else:
            state = form.cleaned_data["state"]
            services.close_goal(goal=found, mentee=person, state=state, note=form.cleaned_data["note"], now=request.now)
            messages.success(request, _KIND[state])
            if state == Goal.State.CHANGED:
                return redirect("change_show", society.slug, code)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("goal_show", society.slug, code, goal)
