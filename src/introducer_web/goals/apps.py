"""The app."""

from django.apps import AppConfig


class Goals(AppConfig):
    """See the package."""

    name = "introducer_web.goals"
