"""Home, health."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views import i18n
from django.views.decorators.http import require_GET, require_POST, require_safe

from introducer_web.audit.views import show_audit
from introducer_web.programs.access import programs_for, society_for
from introducer_web.programs.models import Staff
from introducer_web.site import demo, health
from introducer_web.site.access import places_of
from introducer_web.site.record import named
from introducer_web.site.research import sizes

if TYPE_CHECKING:
    from django.http import HttpRequest

    from introducer_web.tenants.models import Society

__all__ = ["audit_list", "demo_enter", "healthz", "home", "research_home", "set_language"]


def home(request: HttpRequest) -> HttpResponse:
    """Lead to the one place that a person has, or list all; for somebody unknown, say how to sign in.

    ``?all=1`` lists one place too. So does a draft: its page is the form that was just left for here.
    """
    places = places_of(request.user)
    if len(places) == 1 and not places[0].is_draft and "all" not in request.GET:
        return redirect(places[0].url)
    return render(request, "site/home.html", {"all_places": places})


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Speak another language, from now on for somebody who is signed in."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        request.user.language = language
        request.user.save(update_fields=["language"])
    return i18n.set_language(request)


def demo_enter(request: HttpRequest, token: str) -> HttpResponse:
    """Sign somebody of the made-up society in, second step included. There is no such address outside a demo."""
    user = demo.user_of(token)
    if user is None:
        raise Http404
    # As a code that came by mail would: a second step is only set up where no address waits to be proved.
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
    for method in ({"method": "code"}, {"method": "mfa", "type": "totp", "reauthenticated": True}):
        record_authentication(request, user, **method)
    return redirect("home")


@require_GET
def audit_list(request: HttpRequest, society: Society) -> HttpResponse:
    """Show a coordinator of the whole society what was done in it, and to what."""
    return show_audit(request, society_for(request, society), named)


@require_GET
def research_home(request: HttpRequest, society: Society) -> HttpResponse:
    """Show the programs that somebody may research, with counts of at least ten people."""
    programs = programs_for(request, society, Staff.Role.RESEARCHER)
    return render(request, "site/research.html", {"rows": sizes(programs)})


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Tell a watcher which parts work: 200, or 503 if one does not."""
    found = health.parts(request.now)
    return JsonResponse(found, status=200 if all(found.values()) else 503)
