"""The app."""

from django.apps import AppConfig


class Tenants(AppConfig):
    """Societies and users: what everything else points at."""

    name = "introducer_web.tenants"
