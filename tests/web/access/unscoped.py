"""The way of a society without its scope: what would stand if the scopes failed."""

from django_scopes import scopes_disabled

from introducer_web.tenants.middleware import SocietyMiddleware
from introducer_web.tenants.models import Society

__all__ = ["Unscoped"]


class Unscoped(SocietyMiddleware):
    """Find the society of an address and open no scope."""

    def __call__(self, request):
        request.society = Society.objects.filter(slug=request.path_info.split("/")[2]).first() if (
            request.path_info.startswith("/s/")) else None  # fmt: skip
        with scopes_disabled():
            return self.get_response(request)
