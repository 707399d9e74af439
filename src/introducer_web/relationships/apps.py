"""The app."""

from django.apps import AppConfig


class Relationships(AppConfig):
    """See the package."""

    name = "introducer_web.relationships"
