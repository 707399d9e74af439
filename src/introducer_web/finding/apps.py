"""The app."""

from django.apps import AppConfig


class Finding(AppConfig):
    """See the package."""

    name = "introducer_web.finding"
