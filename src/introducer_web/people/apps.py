"""The app."""

from django.apps import AppConfig


class People(AppConfig):
    """See the package."""

    name = "introducer_web.people"
