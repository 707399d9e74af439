"""The app."""

from django.apps import AppConfig


class Safety(AppConfig):
    """See the package."""

    name = "introducer_web.safety"
