"""The app."""

from django.apps import AppConfig


class Feedback(AppConfig):
    """See the package."""

    name = "introducer_web.feedback"
