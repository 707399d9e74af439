"""Which society a request is about: the one whose address the path begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.urls import Resolver404, resolve
from django_scopes import scope

from introducer_web.tenants.models import Society

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

__all__ = ["SocietyMiddleware"]


class SocietyMiddleware:
    """Open the scope of the society that the address names, for the time of the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.society = None
        try:
            slug = resolve(request.path_info, getattr(request, "urlconf", None)).kwargs.get("society")
        except Resolver404:
            slug = None
        if slug is None:
            return self.get_response(request)
        request.society = Society.objects.filter(slug=slug).first()
        with scope(society=request.society):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: dict[str, object]) -> None:
        """Answer for a society that there is not; views get the society itself."""
        if "society" in kwargs:
            if request.society is None:
                raise Http404
            kwargs["society"] = request.society
