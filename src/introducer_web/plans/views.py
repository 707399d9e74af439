"""What two people plan: times that are proposed and answered, what is agreed on, and one page before they talk."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from introducer_web.conversations.access import together
from introducer_web.conversations.models import Conversation
from introducer_web.goals.models import Goal
from introducer_web.goals.pages import shown
from introducer_web.lib.errors import DomainError
from introducer_web.lib.texts import translated
from introducer_web.plans import access, services
from introducer_web.plans.forms import MinutesForm, ProposalForm
from introducer_web.plans.models import Plan, Proposal
from introducer_web.plans.pages import agenda_of, offered, said_of, two_zones
from introducer_web.plans.saying import moment_said
from introducer_web.plans.times import suggested
from introducer_web.relationships.models import Relationship
from introducer_web.relationships.services.publish import open_names_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.people.models import Participant
    from introducer_web.tenants.models import Society

#: Plans that a page lists.
_SHOWN = 30


def _context(person: Participant, two: Relationship) -> dict[str, Any]:
    other = services.other_of(two, person)
    return {"society": two.society, "person": person, "relationship": two, "other": other,
            "lives": two.state == Relationship.State.ACTIVE}  # fmt: skip


@require_GET
def plan_list(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Show what two people have planned, what is proposed, and what is to be said of what was planned."""
    person, two = together(request, society, code, relationship)
    zones = two_zones(person, services.other_of(two, person))
    plans = list(
        Plan.objects.filter(relationship=two, state=Plan.State.AGREED).select_related("series", "society")
        .order_by("starts_at")[:_SHOWN]
    )  # fmt: skip
    proposal = Proposal.objects.filter(
        relationship=two, state=Proposal.State.OPEN, expires_at__gt=request.now
    ).select_related("society", "moves").first()  # fmt: skip
    context = _context(person, two) | {
        "coming": [said_of(each, zones) for each in plans if each.starts_at > request.now],
        "past": [said_of(each, zones) for each in plans if each.starts_at <= request.now],
        "proposal": proposal, "times": offered(proposal, zones, request.now) if proposal else [],
        "mine": proposal is not None and proposal.by_id == person.pk,
    }  # fmt: skip
    return render(request, "plans/plan_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_new(request: HttpRequest, society: Society, code: str, relationship: str) -> HttpResponse:
    """Suggest times that fit both, and propose some of them, or others."""
    person, two = together(request, society, code, relationship)
    moves = _to_move(two, request.POST.get("moves") or request.GET.get("moves", ""))
    given = request.POST if request.method == "POST" else request.GET
    length = MinutesForm({"minutes": given.get("minutes") or (moves.minutes if moves else 30)})
    minutes = length.cleaned_data["minutes"] if length.is_valid() else Conversation.Minutes.THIRTY
    own, others = (services.hours_of(each, now=request.now, but=moves) for each in (
        person, services.other_of(two, person)))  # fmt: skip
    fits = [(each, moment_said(each, own.zone, others.zone))
            for each in suggested(own, others, minutes=minutes, now=request.now)]  # fmt: skip
    initial: dict[str, Any] = {"minutes": minutes}
    if moves is not None:
        initial |= {"where": moves.where, "place": moves.words.get("place", "")}
    posted = request.POST if request.method == "POST" else None
    form = ProposalForm(posted, suggested=fits, zone=own.zone, initial=initial)
    status = 200
    if posted is not None:
        if form.is_valid() and _propose(request, form, person, two, moves):
            return redirect("plan_list", society.slug, code, relationship)
        status = 422
    open_ = Proposal.objects.filter(relationship=two, state=Proposal.State.OPEN).first()
    context = _context(person, two) | {
        "form": form, "length": MinutesForm(initial={"minutes": minutes}), "minutes": minutes, "moves": moves,
        "moved": said_of(moves, (own.zone, others.zone)) if moves else None, "fits": fits, "zone": own.zone,
        "replaces": open_ is not None, "own_assumed": own.is_assumed, "others_assumed": others.is_assumed,
    }  # fmt: skip
    return render(request, "plans/plan_new.html", context, status=status)


def _to_move(two: Relationship, code: str) -> Plan | None:
    if not code:
        return None
    found = Plan.objects.filter(relationship=two, code=code).select_related("society", "series").first()
    if found is None:
        raise Http404
    return found


def _propose(
    request: HttpRequest, form: ProposalForm, person: Participant, two: Relationship, moves: Plan | None
) -> bool:
    """Propose what a form says; what is refused stands in the form then."""
    said, moments = form.cleaned_data, form.moments()
    try:
        services.propose(
            relationship=two, person=person, times=moments, minutes=said["minutes"], where=said["where"],
            place=said["place"], weeks=said["weeks"], number=form.count(min(moments)) if moments else None,
            moves=moves, now=request.now,
        )  # fmt: skip
    except DomainError as error:
        form.add_error("times", str(error))
        return False
    messages.success(request, _("Proposed. %(name)s gets a mail, and can answer from it with one tap.") % {
        "name": services.other_of(two, person).user})  # fmt: skip
    return True


@require_POST
def proposal_answer(
    request: HttpRequest, society: Society, code: str, relationship: str, proposal: str
) -> HttpResponse:
    """Accept one of the times, say that none fits, or take one's own proposal back."""
    person, _two, found = access.own_proposal(request, society, code, relationship, proposal)
    try:
        said = take_answer(request, found, person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("plan_list", society.slug, code, relationship)


def take_answer(request: HttpRequest, proposal: Proposal, person: Participant) -> str:
    """Take what was posted to a proposal; returns what to say of it. Raises what the services refuse."""
    if "back" in request.POST:
        services.withdraw(proposal=proposal, person=person, now=request.now)
        return _("Taken back.")
    if "none" in request.POST:
        services.decline(proposal=proposal, person=person, now=request.now)
        return _("Thank you for saying so. The other side can propose other times, and so can you.")
    try:
        at = datetime.fromisoformat(request.POST.get("at", ""))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise services.NoSuchTime(_("Choose one of the times that were proposed."))
    services.accept(proposal=proposal, person=person, at=at, now=request.now)
    return _("Agreed. Both of you get it by mail, for your calendars.")


def _to_where_it_went(request: HttpRequest, society: Society, code: str, relationship: str, plan: str) -> HttpResponse:
    """Lead from an older mail to a plan that went along with the two to a later cohort."""
    person, two = together(request, society, code, relationship)
    found = access.later_plan(two, plan)
    if found is None:
        raise Http404
    later = found.relationship
    place = later.mentor if person.is_mentor else later.mentee
    return redirect("plan_show", society.slug, place.code, later.code, plan)


@require_GET
def plan_show(request: HttpRequest, society: Society, code: str, relationship: str, plan: str) -> HttpResponse:
    """Show what helps to prepare, on one page that can be printed, and what can be done with the plan."""
    try:
        person, two, found = access.own_plan(request, society, code, relationship, plan)
    except Http404:
        return _to_where_it_went(request, society, code, relationship, plan)
    other = services.other_of(two, person)
    names = open_names_of(two.needs, person.cohort.program_id)
    last = (
        Conversation.objects.filter(relationship=two, held_on__lt=found.starts_at.date()).order_by("-held_on").first()
    )
    context = _context(person, two) | {
        "plan": found, "said": said_of(found, two_zones(person, other)), "last": last,
        "needs": list(dict.fromkeys(translated(names[key]) for key in two.needs if key in names)),
        "points": [each for each in agenda_of(two) if each.state == each.State.OPEN],
        "goals": shown(Goal.objects.filter(relationship=two, state=Goal.State.ACTIVE)),
        "over": found.starts_at <= request.now, "is_agreed": found.state == Plan.State.AGREED,
    }  # fmt: skip
    return render(request, "plans/plan_show.html", context)


@require_POST
def plan_act(request: HttpRequest, society: Society, code: str, relationship: str, plan: str) -> HttpResponse:
    """Cancel a plan or the rest of its series, or say whether the two talked."""
    person, _two, found = access.own_plan(request, society, code, relationship, plan)
    act = request.POST.get("act", "")
    try:
        if act == "cancel":
            services.cancel(plan=found, now=request.now)
            said = _("Cancelled. Both of you get a mail that takes it out of your calendars.")
        elif act == "end":
            services.end_series(plan=found, now=request.now)
            said = _("Cancelled from here on. Both of you get a mail for your calendars.")
        elif act in ("held", "missed"):
            services.say_held(plan=found, person=person, held=act == "held", by=request.user, now=request.now)
            said = _("Noted: you talked.") if act == "held" else _("Noted. You can plan another one at any time.")
        else:
            raise Http404
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("plan_list", society.slug, code, relationship)
