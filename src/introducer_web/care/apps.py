"""The app."""

from django.apps import AppConfig


class Care(AppConfig):
    """See the package."""

    name = "introducer_web.care"
