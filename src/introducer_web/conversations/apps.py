"""The app."""

from django.apps import AppConfig


class Conversations(AppConfig):
    """See the package."""

    name = "introducer_web.conversations"
