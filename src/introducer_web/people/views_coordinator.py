"""People of a cohort, for its coordinators: open things alone; what was said in confidence is on no page here."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from introducer_web.lib.disclosure import at_least_a_crowd
from introducer_web.lib.errors import DomainError
from introducer_web.people import access, services
from introducer_web.people.forms import ConflictForm, InviteForm
from introducer_web.people.models import Conflict, Invitation, Need, Offer, Participant, PrivateAnswers, Role
from introducer_web.programs.access import cohort_for

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.tenants.models import Society

_PAGE = 100
State = Participant.State


@require_GET
def people_list(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show the people of a cohort, by role and state, or by a piece of their name."""
    cohort = cohort_for(request, society, code)
    everybody = Participant.objects.filter(cohort=cohort)
    counts = Counter(everybody.values_list("role", "state"))
    chosen = everybody.select_related("user", "site").order_by("user__name", "user__email", "pk")
    given = {name: request.GET.get(name, "") for name in ("role", "state", "q")}
    if given["role"] in Role.values:
        chosen = chosen.filter(role=given["role"])
    if given["state"] in State.values:
        chosen = chosen.filter(state=given["state"])
    if given["q"]:
        chosen = chosen.filter(Q(user__name__icontains=given["q"]) | Q(user__email__icontains=given["q"]))
    page = Paginator(chosen, _PAGE).get_page(request.GET.get("page"))
    query = "&".join(f"{name}={value}" for name, value in given.items() if value and value.isalnum())
    rows = [(label, counts[Role.MENTEE, value], counts[Role.MENTOR, value]) for value, label in State.choices]
    context = {"cohort": cohort, "page": page, "given": given, "query": query, "roles": Role.choices,
               "states": State.choices, "counts": [row for row in rows if row[1] or row[2]]}  # fmt: skip
    return render(request, "people/people_list.html", context)


@require_GET
def people_person(request: HttpRequest, society: Society, code: str, person: str) -> HttpResponse:
    """Show one person: what they said openly, and what a coordinator can decide."""
    cohort, found = access.participant_in(request, society, code, person)
    said = (found.offers if found.is_mentor else found.needs).select_related("domain", "topic")
    conflicts = Conflict.objects.filter(Q(user_a=found.user) | Q(user_b=found.user), lifted_at=None)
    others = Participant.objects.filter(cohort=cohort).exclude(user=found.user).exclude(role=found.role)
    context = {
        "cohort": cohort, "person": found, "said": said.order_by("-level", "domain__place"),
        "answers": found.answers.select_related("question").order_by("question__place"),
        "claims": found.claims.filter(experience__sensitive=False).select_related("experience"),
        "conflicts": [(each, each.user_b if each.user_a_id == found.user_id else each.user_a)
                      for each in conflicts.select_related("user_a", "user_b", "society")],
        "others": others.select_related("user").order_by("user__name", "pk"),
        "sources": ConflictForm.base_fields["source"].choices,
    }  # fmt: skip
    return render(request, "people/people_person.html", context)


@require_POST
def people_decide(request: HttpRequest, society: Society, code: str, person: str) -> HttpResponse:
    """Approve, decline, or put on the waiting list."""
    _cohort, found = access.participant_in(request, society, code, person)
    verbs: dict[str, Any] = {"approve": services.approve, "decline": services.decline, "wait": services.wait}
    verb = verbs.get(request.POST.get("what", ""))
    if verb is None:
        messages.error(request, _("Choose what to decide."))
        return redirect("people_person", society.slug, code, person)
    try:
        decided = verb(participant=found, by=request.user, now=request.now)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{decided.user}: {decided.get_state_display()}")
    return redirect("people_person", society.slug, code, person)


@require_POST
def people_conflict(request: HttpRequest, society: Society, code: str, person: str) -> HttpResponse:
    """Record a conflict between two people, or lift one."""
    cohort, found = access.participant_in(request, society, code, person)
    lifted = Conflict.objects.filter(
        Q(user_a=found.user) | Q(user_b=found.user), code=request.POST.get("lift", ""), lifted_at=None
    ).first()
    form = ConflictForm(request.POST)
    if lifted is not None:
        services.lift_conflict(conflict=lifted, by=request.user, now=request.now)
    elif form.is_valid():
        _same, other = access.participant_in(request, society, code, form.cleaned_data["other"])
        try:
            services.record_conflict(
                society=society, user_a=found.user, user_b=other.user, source=form.cleaned_data["source"],
                words=form.cleaned_data["words"], by=request.user, now=request.now,
            )  # fmt: skip
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Recorded. No run ties the two from now on."))
    else:
        messages.error(request, _("Choose the other person and the reason."))
    return redirect("people_person", society.slug, cohort.code, person)


def people_invite(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Invite people; show the invitations that are open."""
    cohort = cohort_for(request, society, code)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        kind = given["kind"] or "member"
        try:
            for email in given["emails"]:
                services.invite(
                    cohort=cohort, email=email, role=given["role"], by=request.user, now=request.now,
                    kind=kind if given["role"] == Role.MENTOR else "member",
                )  # fmt: skip
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("people_invite", society.slug, code)
        count = len(given["emails"])
        messages.success(request, ngettext("%(n)s invitation is on its way.", "%(n)s invitations are on their way.",
                                           count) % {"n": count})  # fmt: skip
        return redirect("people_invite", society.slug, code)
    waiting = Invitation.objects.filter(cohort=cohort, used_at=None, revoked_at=None).order_by("-invited_at", "email")
    page = Paginator(waiting, _PAGE).get_page(request.GET.get("page"))
    context = {"cohort": cohort, "form": form, "page": page, "now": request.now}
    return render(request, "people/people_invite.html", context)


@require_POST
def invitation_revoke(request: HttpRequest, society: Society, code: str, invitation: str) -> HttpResponse:
    """Take an invitation back."""
    found = access.invitation_in(request, society, code, invitation)
    services.revoke(invitation=found, by=request.user, now=request.now)
    return redirect("people_invite", society.slug, code)


@require_GET
def people_supply(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Show what is asked against what is offered, before any run."""
    cohort = cohort_for(request, society, code)
    active = {"participant__cohort": cohort, "participant__state": State.ACTIVE}
    asked = Counter(Need.objects.filter(**active).values_list("domain__key", "participant").distinct())
    offered = Counter(Offer.objects.filter(**active).values_list("domain__key", "participant").distinct())
    private: dict[str, set[int]] = {}
    for row in PrivateAnswers.objects.filter(**active).select_related("society"):
        for key in row.answers.get("needs", {}):
            private.setdefault(key.partition(".")[0], set()).add(row.participant_id)
    rows = []
    for domain in cohort.program.domains.filter(retired=False).order_by("place", "pk"):
        mentees = sum(key == domain.key for key, _person in asked)
        mentors = sum(key == domain.key for key, _person in offered)
        hidden = at_least_a_crowd(len(private.get(domain.key, ())))
        if domain.sensitive:
            rows.append((domain, at_least_a_crowd(mentees), hidden, at_least_a_crowd(mentors)))
        else:
            rows.append((domain, mentees, hidden, mentors))
    return render(request, "people/people_supply.html", {"cohort": cohort, "rows": rows})
