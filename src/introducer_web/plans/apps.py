"""The app."""

from django.apps import AppConfig


class Plans(AppConfig):
    """See the package."""

    name = "introducer_web.plans"
