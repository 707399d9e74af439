"""The app."""

from django.apps import AppConfig


class Audit(AppConfig):
    """See the package."""

    name = "introducer_web.audit"
