"""The app."""

from django.apps import AppConfig


class Programs(AppConfig):
    """See the package."""

    name = "introducer_web.programs"
